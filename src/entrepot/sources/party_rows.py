"""Statements about listed parties: gathered per party, each thing once, handed on in batches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.rows import arrow_schema
from entrepot.sources.party_rows_values import country_code, partial_dates
from entrepot.sources.reading import Batch, Reading, SourceFile
from entrepot.tables import LISTED_PARTIES

COUNTRIES = frozenset({"country", "nationality", "jurisdiction", "flag", "pastFlags"})
DATES = frozenset({"birthDate", "incorporationDate", "buildDate"})

_BATCH = 50_000
_SPACE = re.compile(r"\s+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_IMO = re.compile(r"(?:IMO\s*)?(\d{7})")


@dataclass(slots=True)
class Party:
    """One listed party while its statements are gathered.

    Args:
        id: Its id, unique in the dataset and the same in all versions.
        schema: FollowTheMoney schema.
        listing_date: Day it was listed, where the list says it.
        end_date: Last day it stands there, where the list says it.
        programs: Programmes or acts, in order.
        statements: Property and value, with the original words and the language.
        unread: Words that could not be turned into a country or a date, by property.
    """

    id: str
    schema: str
    listing_date: date | None = None
    end_date: date | None = None
    programs: list[str] = field(default_factory=list)
    statements: dict[tuple[str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)

    def add(
        self, prop: str, value: str | None, original: str | None = None, lang: str | None = None
    ) -> None:
        """Add one value, unless it is empty or there already.

        Countries become alpha-2 codes and dates ISO 8601; words that are neither are kept as they
        stand and counted.

        Args:
            prop: FollowTheMoney property.
            value: The value, as the list has it or cleaned.
            original: The list's words, where ``value`` differs from them.
            lang: ISO 639-3 language.
        """
        words = _SPACE.sub(" ", value or "").strip()
        if not words:
            return
        if prop in COUNTRIES:
            found: tuple[str, ...] = tuple(filter(None, (country_code(words),)))
        elif prop in DATES:
            found = partial_dates(words)
        elif prop == "imoNumber" and (imo := _IMO.fullmatch(words)):
            found = (f"IMO{imo.group(1)}",)
        else:
            found = (words,)
        if not found:
            self.unread[prop] += 1
        for clean in found or (words,):
            differs = original if original is not None else (words if clean != words else None)
            self.statements.setdefault((prop, clean), (differs, lang))

    def add_program(self, program: str | None) -> None:
        """Add a programme or act the party is listed under.

        Args:
            program: Its name; empty is passed over.
        """
        words = _SPACE.sub(" ", program or "").strip()
        if words and words not in self.programs:
            self.programs.append(words)
            self.add("program", words)


def vintage_of(source: SourceFile) -> str:
    """The day in a file's name, else the day it was obtained: for lists that bear no date.

    Args:
        source: The file.

    Returns:
        The day, ISO 8601.
    """
    for found in _DAY.findall(source.path.stem):
        try:
            return date.fromisoformat(found).isoformat()
        except ValueError:
            continue
    return f"{source.retrieved_at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class PartyList:
    """What a list of parties is.

    Args:
        dataset: Name of the collection.
        publisher: Who published it.
        licence: Terms of reuse.
        reader: Name of the reader.
    """

    dataset: str
    publisher: str
    licence: str
    reader: str


def party_reading(
    source: SourceFile, what: PartyList, vintage: str, parties: Iterable[Party]
) -> Reading:
    """A reading of a list of parties.

    Args:
        source: The file.
        what: The list.
        vintage: Day of its version, ISO 8601.
        parties: The parties, read as they are taken.

    Returns:
        A reading of ``listed_parties``.
    """
    batches = _batches(source, what.dataset, parties)
    return Reading(
        table=LISTED_PARTIES,
        dataset=what.dataset,
        vintage=vintage,
        publisher=what.publisher,
        licence=what.licence,
        reader=what.reader,
        batches=batches,
    )


def _batches(source: SourceFile, dataset: str, parties: Iterable[Party]) -> Iterator[Batch]:
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    seen: set[str] = set()
    for party in parties:
        if party.id in seen:
            raise SourceError(
                f"{source.name}: party {party.id!r} stands there twice, expected each once. The "
                "file may be put together from two downloads: fetch it again."
            )
        seen.add(party.id)
        rows += _rows(source, dataset, party)
        skipped.update({f"{prop} kept in words": n for prop, n in party.unread.items()})
        if len(rows) >= _BATCH:
            yield Batch(_table(rows), dict(skipped))
            rows, skipped = [], Counter()
    if not seen:
        raise SourceError(
            f"{source.name}: holds no party, expected a list of parties. The download may have "
            "been cut short: fetch the file again."
        )
    yield Batch(_table(rows), dict(skipped))


def _table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=arrow_schema(LISTED_PARTIES))


def _rows(source: SourceFile, dataset: str, party: Party) -> list[dict[str, object]]:
    if not party.statements:
        raise SourceError(
            f"{source.name}: party {party.id!r} has no name and no other value, expected one. "
            "Fetch the file again."
        )
    return [
        {
            "source_id": source.source_id,
            "dataset": dataset,
            "entity_id": party.id,
            "schema": party.schema,
            "prop": prop,
            "value": value,
            "original_value": original,
            "lang": lang,
            "program_id": "; ".join(party.programs) or None,
            "listing_date": party.listing_date,
            "end_date": party.end_date,
        }
        for (prop, value), (original, lang) in party.statements.items()
    ]
