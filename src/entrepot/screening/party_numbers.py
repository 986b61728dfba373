"""Numbers that name one party: tax and register numbers, LEI, IMO, BIC; equal or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from entrepot.screening.listed import Listed

# Papers mix tax and register numbers up; both are looked for under one heading.
NUMBER = "registration_number or tax_id"
_HEADINGS = {
    **dict.fromkeys(
        ("innCode", "ogrnCode", "registrationNumber", "taxNumber", "idNumber", "okpoCode"), NUMBER
    ),
    "leiCode": "lei",
    "imoNumber": "imo",
    "swiftBic": "bic",
}
_NO_SIGN = re.compile("[^0-9A-Z]")
_IMO = re.compile("^IMO")
_BIC_BANK = 8  # letters of a BIC that name the bank; the rest names a branch
_FEWEST = {NUMBER: 6, "lei": 20, "imo": 7, "bic": 8}
DECIDING = 0.95  # a number that only one party can have
_SHORT_NUMBER = 0.8  # one that a party of another register may have too
_LONG_NUMBER = 9  # digits from which numbers of different registers hardly meet

Numbers = Mapping[tuple[str, str], tuple[int, ...]]


def number_key(heading: str, value: str) -> tuple[str, str] | None:
    """A number as it is looked for.

    Args:
        heading: ``lei``, ``imo``, ``bic`` or :data:`NUMBER`.
        value: The number as on the papers.

    Returns:
        Heading and number without signs; ``None`` where it is too short to name anybody.

    Example:
        >>> number_key("imo", "IMO 9187629"), number_key(NUMBER, "12-34")
        (('imo', '9187629'), None)
    """
    bare = _IMO.sub("", _NO_SIGN.sub("", value.upper()))
    if heading == "bic":
        bare = bare[:_BIC_BANK]
    return (heading, bare) if len(bare) >= _FEWEST[heading] and len(set(bare)) > 1 else None


def numbers_of(parties: Iterable[Listed]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Whom each number on the lists names.

    Args:
        parties: Listed parties, in the order in which they are numbered.

    Returns:
        Numbers of the parties, by heading and number.
    """
    made: dict[tuple[str, str], dict[int, None]] = {}
    for at, party in enumerate(parties):
        for key in keys_of(party):
            made.setdefault(key, {})[at] = None
    return {key: tuple(found) for key, found in made.items()}


def keys_of(party: Listed) -> set[tuple[str, str]]:
    """All numbers of one listed party, as they are looked for.

    Args:
        party: The party.
    """
    return {
        key
        for prop, values in party.identifiers.items()
        if prop in _HEADINGS
        for value in values
        if (key := number_key(_HEADINGS[prop], value)) is not None
    }


def number_score(key: tuple[str, str], country: str | None, party: Listed) -> float:
    """How much an equal number says.

    Args:
        key: The number.
        country: Country of the party asked about, where known.
        party: The listed party that has it.

    Returns:
        .95 where only one party can have it; .8 for a short number of a register, where the
        countries are not known to be one.
    """
    heading, value = key
    if heading != NUMBER or len(value) > _LONG_NUMBER:
        return DECIDING
    return DECIDING if country and country in party.countries else _SHORT_NUMBER
