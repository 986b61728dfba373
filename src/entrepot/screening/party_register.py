"""All listed parties of one day, ready to be asked: by number, by name, by address."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from entrepot.screening.index import NameIndex, kept_index, name_index
from entrepot.screening.listed import Kind, Listed, ListedName, listed_names
from entrepot.screening.name_form import NameForm
from entrepot.screening.party_address import Addresses, addresses_of
from entrepot.screening.party_numbers import Numbers, numbers_of
from entrepot.screening.score import Weights, weights

FORM_VERSION = "1"  # counts up whenever the same name has another form
KINDS: tuple[Kind, ...] = ("person", "body", "ship")
_DIGEST, _NAMES, _INDEX = "digest.txt", "names.json", "index"


@dataclass(frozen=True, slots=True)
class Register:
    """Listed parties, ready to be asked.

    Args:
        parties: The parties, in order; elsewhere they go by their place here.
        names: Their names, by kind of party.
        weights: How rare words are among the names of each kind.
        numbers: Whom a number names.
        addresses: Their addresses.
        digest: SHA-256 of parties and version of the forms: equal ones give equal answers.
    """

    parties: tuple[Listed, ...]
    names: Mapping[Kind, NameIndex]
    weights: Mapping[Kind, Weights]
    numbers: Numbers
    addresses: Addresses
    digest: str


def register(parties: Sequence[Listed], folder: Path | None = None) -> Register:
    """Make listed parties ready to be asked.

    Args:
        parties: The parties, in an order that does not change.
        folder: Where names and their index are kept beside the list; what was kept of other
            parties is made again. In memory where left out.

    Returns:
        The register.

    Example:
        >>> known = register([Listed("1", "own", "Company", ("Alpha Trade LLC",))])
        >>> len(known.parties), known.digest == register(known.parties).digest
        (1, True)
    """
    digest = digest_of(parties)
    names = _kept(folder, digest) if folder else None
    indexes: dict[Kind, NameIndex]
    if names is None:
        names = _by_kind(parties)
        indexes = _made(names, folder, digest)
    else:
        indexes = {kind: kept_index(names[kind], _place(folder, kind)) for kind in KINDS}
    return Register(
        tuple(parties),
        indexes,
        {kind: weights(name.form for name in names[kind]) for kind in KINDS},
        numbers_of(parties),
        addresses_of(parties),
        digest,
    )


def digest_of(parties: Sequence[Listed]) -> str:
    """What decides an answer, in 64 letters.

    Args:
        parties: Listed parties.
    """
    whole = hashlib.sha256(FORM_VERSION.encode())
    for party in parties:
        whole.update(repr(astuple(party)).encode())
    return whole.hexdigest()


def _by_kind(parties: Sequence[Listed]) -> dict[Kind, tuple[ListedName, ...]]:
    names = listed_names(parties)
    return {
        kind: tuple(name for name in names if parties[name.party].kind == kind) for kind in KINDS
    }


def _place(folder: Path | None, kind: Kind) -> Path:
    return (folder or Path()) / f"{_INDEX}-{kind}"


def _made(
    names: Mapping[Kind, tuple[ListedName, ...]], folder: Path | None, digest: str
) -> dict[Kind, NameIndex]:
    if folder is None:
        return {kind: name_index(names[kind]) for kind in KINDS}
    if folder.exists():
        shutil.rmtree(folder)
    for kind in KINDS:
        _place(folder, kind).mkdir(parents=True)
    made = {kind: name_index(names[kind], _place(folder, kind)) for kind in KINDS}
    rows = {kind: [_row(name) for name in names[kind]] for kind in KINDS}
    (folder / _NAMES).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    # Written last: what was interrupted has no digest and is made again.
    (folder / _DIGEST).write_text(digest, "utf-8")
    return made


def _kept(folder: Path | None, digest: str) -> dict[Kind, tuple[ListedName, ...]] | None:
    if folder is None or not (folder / _DIGEST).is_file():
        return None
    if (folder / _DIGEST).read_text("utf-8") != digest:
        return None
    rows = json.loads((folder / _NAMES).read_text("utf-8"))
    return {kind: tuple(map(_name, rows[kind])) for kind in KINDS}


def _row(name: ListedName) -> list[Any]:
    form = name.form
    return [
        *(name.party, name.is_weak, form.text, form.tokens, form.skeletons),
        *(sorted(form.legal), sorted(form.numbers), form.is_latin),
        *(form.spelt, form.letters, form.sound, form.is_person),
    ]


def _name(row: list[Any]) -> ListedName:
    party, is_weak, text, tokens, skeletons, legal, numbers, is_latin, *rest = row
    spelt, letters, sound, is_person = rest
    form = NameForm(
        text,
        tuple(tokens),
        tuple(map(tuple, skeletons)),
        frozenset(legal),
        frozenset(numbers),
        is_latin,
        tuple(spelt),
        letters,
        sound,
        is_person,
    )
    return ListedName(party, form, is_weak)
