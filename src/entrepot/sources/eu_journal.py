"""EU designations transcribed from the Official Journal (CSV): one file per act, as consolidated.

The transcription is not in the public domain; a user who has a licensed copy may read it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading, vintage_of
from entrepot.sources.party_rows_csv import csv_lines
from entrepot.sources.party_rows_values import listing_day, russian_number
from entrepot.sources.reading import OnProgress, Reading, SourceFile

READER = "eu_journal"
PUBLISHER = "OpenSanctions, transcribed from the Official Journal of the European Union"
LICENCE = "CC BY-NC 4.0; the acts themselves: Commission Decision 2011/833/EU"

_META = ("recordId", "programKey", "annex", "measure", "startDate", "reason", "schema", "name")
_PROPS = (
    *("alias", "weakAlias", "previousName", "country", "nationality", "jurisdiction"),
    *("birthDate", "birthPlace", "position", "passportNumber", "gender", "appearance"),
    *("ethnicity", "fatherName", "motherName", "incorporationDate", "legalForm", "sector"),
    *("registrationNumber", "taxNumber", "idNumber", "innCode", "ogrnCode", "kppCode"),
    *("okpoCode", "leiCode", "swiftBic", "ticker", "imoNumber", "mmsi", "flag", "address"),
    *("phone", "email", "website", "notes"),
)
HEADER = ("celex", *_META, *_PROPS)
AMENDMENT = ("amendedCelex", "amendmentCelex", *_META, *_PROPS)
_SCHEMAS = {"Person", "LegalEntity", "Organization", "Company", "Vessel", "Asset"}
_NUMBERS = {"registrationNumber", "taxNumber", "idNumber"}
_AND = re.compile(r", | and ")
_NUMBER = re.compile(r"(\d{10}|\d{12,13}|\d{15})(?!\d)")


def read_eu_journal(source: SourceFile, report: OnProgress) -> Reading:
    """Read the designations of one act.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties`` with the dataset ``eu-journal-`` and the act's CELEX.

    Raises:
        SourceError: If it holds several acts, a column, schema or date nobody knows.
    """
    report(0, 1, source.name)
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        header, first = next(csv.reader(file), []), next(csv.reader(file), [])
    at = 1 if tuple(header) == AMENDMENT else 0
    act = first[at].strip() if len(first) > at else ""
    dataset = f"eu-journal-{act}"
    what = PartyList(dataset, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, vintage_of(source), _parties(source, act).values())


def _parties(source: SourceFile, act: str) -> dict[str, Party]:
    """Several rows may be about one party: another measure or act each."""
    found: dict[str, Party] = {}
    for place, row in csv_lines(source, {*HEADER, *AMENDMENT}):
        celex = row.get("amendmentCelex") or row.get("celex", "")
        if celex != act or row["schema"] not in _SCHEMAS or not row["name"]:
            raise SourceError(
                f"{place}: celex {celex!r}, schema {row['schema']!r}, name {row['name'][:40]!r}; "
                f"expected {act!r}, one of {sorted(_SCHEMAS)} and a name."
            )
        number = row["recordId"] or hashlib.sha256(row["name"].encode()).hexdigest()[:12]
        key = f"{act}/{row['annex']}/{number}/{row['schema']}"
        if key in found and ("name", row["name"]) not in found[key].statements:
            key = f"{key}/{hashlib.sha256(row['name'].encode()).hexdigest()[:12]}"
        party = found.setdefault(key, Party(key, row["schema"]))
        party.listing_date = listing_day(place, "startDate", row["startDate"]) or party.listing_date
        _add_row(place, party, row, act)
    return found


def _add_row(place: str, party: Party, row: dict[str, str], act: str) -> None:
    party.add("name", row["name"])
    framework = row.get("amendedCelex") or act
    party.add_program(f"{framework}, Annex {row['annex']}" if row["annex"] else framework)
    party.add_program(row["programKey"])
    party.add("topics", "sanction")
    for prop in _PROPS:
        for value in _values(place, row[prop]):
            for part in _AND.split(value) if prop == "nationality" else (value,):
                party.add(prop, part, value if part != value else None)
            if prop in _NUMBERS:
                _add_number(party, value, "Russia" in row["address"] + row["jurisdiction"])
    party.add("notes", row["reason"])


def _add_number(party: Party, value: str, is_russian: bool) -> None:
    """Name a Russian number by its register where the list or the address says it is Russian."""
    match = _NUMBER.search(value)
    says = any(word in value.upper() for word in ("INN", "OGRN", "ИНН", "ОГРН", "PSRN"))
    if match and (says or is_russian) and (prop := russian_number(match.group(1))):
        party.add(prop, match.group(1), value if value != match.group(1) else None)


def _values(place: str, cell: str) -> Iterator[str]:
    if not cell:
        return
    try:
        for line in csv.reader(cell.splitlines(), delimiter=";", skipinitialspace=True):
            yield from filter(None, (value.strip() for value in line))
    except csv.Error as error:
        raise SourceError(
            f"{place}: {cell[:60]!r}: {error}, expected values separated by ';'."
        ) from error
