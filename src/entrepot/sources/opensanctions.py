"""OpenSanctions: ``entities.ftm.json`` (an entity a line) and ``targets.simple.csv``.

Their own first and last days are days of collection, not of listing, and are not read as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading, vintage_of
from entrepot.sources.party_rows_csv import csv_lines
from entrepot.sources.reading import OnProgress, Reading, SourceFile

DATASET = "opensanctions"
JSON_READER, CSV_READER = "opensanctions_json", "opensanctions_csv"
PUBLISHER = "OpenSanctions"
LICENCE = "CC BY-NC 4.0, or as agreed with OpenSanctions"
HEADER = (
    *("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers"),
    *("sanctions", "phones", "emails"),
)
_NEWER = ("program_ids", "dataset", "first_seen", "last_seen", "last_change")
_PARTIES = {
    *("Thing", "LegalEntity", "Person", "Company", "Organization", "PublicBody", "Asset"),
    *("Vessel", "Airplane", "Vehicle", "CryptoWallet", "Security", "RealEstate"),
}
# Edges and details of parties; they are no parties and are counted, not read.
_OTHERS = {
    *("Sanction", "Ownership", "Directorship", "Family", "Associate", "Occupancy", "Position"),
    *("Address", "Identification", "Passport", "Membership", "Employment", "Representation"),
    *("UnknownLink", "Succession", "Debt", "BankAccount", "Document", "Article", "Mention"),
    *("Documentation", "Event", "License", "Project", "ProjectParticipant", "Payment"),
    *("Contract", "ContractAward", "Call", "Message", "EconomicActivity", "TaxRoll", "Trip"),
    *("Analyzable", "Interest", "Interval", "Note", "Relationship", "Value", "Similar"),
    *("Email", "Folder", "HyperText", "Image", "PlainText", "Pages", "Package", "Table"),
    *("Video", "Audio", "Workbook", "UserAccount", "CallForTenders", "CourtCase"),
    *("CourtCaseParty", "Assessment", "Risk"),
}
_HEAD = 1 << 16
_SIMPLE = (
    ("aliases", "alias"),
    ("birth_date", "birthDate"),
    ("countries", "country"),
    ("addresses", "address"),
    ("identifiers", "idNumber"),
    ("phones", "phone"),
    ("emails", "email"),
)


def looks_like_ftm(path: Path) -> bool:
    """Whether a file holds one FollowTheMoney entity a line.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        line = file.readline(_HEAD).lstrip()
    return line.startswith(b"{") and all(
        word in line for word in (b'"schema"', b'"properties"', b'"id"')
    )


def read_ftm(source: SourceFile, report: OnProgress) -> Reading:
    """Read entities, one a line, in bounded memory.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a line is no entity, or of a schema nobody knows.
    """
    report(0, 1, source.name)
    what = PartyList(DATASET, PUBLISHER, LICENCE, JSON_READER)
    return party_reading(source, what, vintage_of(source), _entities(source))


def _entities(source: SourceFile) -> Iterator[Party]:
    unread = 0
    with source.path.open(encoding="utf-8") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            party = _entity(f"{source.name}, line {line}", text)
            if party is None:
                unread += 1
                continue
            if unread:
                party.unread["entities that are no parties, not"] += unread
                unread = 0
            yield party


def _entity(place: str, text: str) -> Party | None:
    try:
        entity = json.loads(text)
        schema, number, properties = entity["schema"], entity["id"], entity["properties"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{place}: {error!r}, expected an entity with id, schema and properties. The download "
            "may have been cut short: fetch the file again."
        ) from error
    if schema in _OTHERS:
        return None
    if schema not in _PARTIES or not isinstance(properties, Mapping):
        raise SourceError(
            f"{place}: schema is {schema!r}, expected one of {sorted(_PARTIES | _OTHERS)}. "
            "FollowTheMoney may have added it: compare with docs/how-to/party-lists.md."
        )
    party = Party(str(number), schema)
    for prop, values in properties.items():
        for value in values:
            if isinstance(value, str):
                party.add(prop, value)
    for dataset in entity.get("datasets", ()):
        party.add_program(dataset)
    return party


def read_simple(source: SourceFile, report: OnProgress) -> Reading:
    """Read ``targets.simple.csv``: its identifiers are of kinds it does not tell.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a column or schema is unknown, or a line is cut short.
    """
    report(0, 1, source.name)
    what = PartyList(DATASET, PUBLISHER, LICENCE, CSV_READER)
    return party_reading(source, what, vintage_of(source), _targets(source))


def _targets(source: SourceFile) -> Iterator[Party]:
    for place, row in csv_lines(source, {*HEADER, *_NEWER}):
        if row["schema"] not in _PARTIES:
            raise SourceError(
                f"{place}: schema is {row['schema']!r}, expected one of {sorted(_PARTIES)}."
            )
        party = Party(row["id"], row["schema"])
        party.add("name", row["name"])
        for column, prop in _SIMPLE:
            for value in row[column].split(";"):
                party.add(prop, value)
        party.add_program(row.get("program_ids") or row["sanctions"])
        yield party
