"""The US Consolidated Screening List (JSON): lists of Commerce, State and Treasury in one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading, vintage_of
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.reading import OnProgress, Reading, SourceFile

DATASET = "us-csl"
READER = "csl"
PUBLISHER = "US Department of Commerce, International Trade Administration"
LICENCE = "Work of the US government, public domain in the US"

_TYPES = {"Individual": "Person", "Entity": "LegalEntity", "Vessel": "Vessel"}
_TYPES |= {"Aircraft": "Airplane", "": "LegalEntity"}
_PLAIN = (
    *(("alt_names", "alias"), ("remarks", "notes"), ("country", "country"), ("title", "position")),
    *(("nationalities", "nationality"), ("citizenships", "nationality")),
    *(("dates_of_birth", "birthDate"), ("places_of_birth", "birthPlace")),
    *(("vessel_flag", "flag"), ("call_sign", "callSign"), ("vessel_type", "type")),
    *(("gross_tonnage", "tonnage"), ("gross_registered_tonnage", "grossRegisteredTonnage")),
    *(("vessel_owner", "notes"), ("license_requirement", "notes"), ("license_policy", "notes")),
    *(("standard_order", "notes"), ("federal_register_notice", "notes")),
    ("source_information_url", "sourceUrl"),
)
_READ = {"id", "name", "type", "addresses", "ids", "programs", "source", "start_date", "end_date"}
_KNOWN = _READ | {column for column, _ in _PLAIN}
_KNOWN |= {"source_list_url", "entity_number", "score"}
_IDS = {"IMO": "imoNumber", "Passport": "passportNumber", "Tax ID No.": "taxNumber"}
_IDS |= {
    "Registration Number": "registrationNumber",
    "Vessel Registration Identification": "imoNumber",
}
_ADDRESS = ("address", "city", "state", "postal_code", "country")
_HEAD = 1 << 13


def looks_like_csl(path: Path) -> bool:
    """Whether a file is that list.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    is_list = head.lstrip().startswith(b"{") and b'"results"' in head
    return is_list and (b'"source_list_url"' in head or b'"search_performed_at"' in head)


def read_csl(source: SourceFile, report: OnProgress) -> Reading:
    """Read the list. It is one JSON document and is held in memory while it is read.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If it is cut short, or holds a field or type nobody knows.
    """
    report(0, 1, source.name)
    try:
        found = json.loads(source.path.read_text("utf-8-sig"))
        results = found["results"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{source.name}: {error!r}, expected JSON with 'results'. The download may have been "
            "cut short: fetch the file again."
        ) from error
    made = str(found.get("search_performed_at", ""))[: len("2026-02-27")]
    what = PartyList(DATASET, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, made or vintage_of(source), _parties(source, results))


def _parties(source: SourceFile, results: list[Mapping[str, object]]) -> Iterator[Party]:
    for number, result in enumerate(results, start=1):
        place = f"{source.name}, result {number}"
        unknown = sorted(set(result) - _KNOWN)
        kind = str(result.get("type") or "")
        if unknown or kind not in _TYPES or not result.get("id") or not result.get("name"):
            raise SourceError(
                f"{place}: unknown fields {unknown}, type {kind!r}, id {result.get('id')!r}; "
                f"expected an id, a name, one of {sorted(_TYPES)} and fields of {sorted(_KNOWN)}."
            )
        yield _party(place, result, _TYPES[kind])


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(entry) for entry in value if entry]
    return [str(value)] if value else []


def _party(place: str, result: Mapping[str, object], schema: str) -> Party:
    party = Party(str(result["id"]), schema)
    starts, ends = (str(result.get(name) or "") for name in ("start_date", "end_date"))
    party.listing_date = listing_day(place, "start_date", starts)
    party.end_date = listing_day(place, "end_date", ends)
    party.add("name", str(result["name"]))
    for column, prop in _PLAIN:
        for text in _texts(result.get(column)):
            party.add(prop, text)
    for text in (*_texts(result.get("source")), *_texts(result.get("programs"))):
        party.add_program(text)
    addresses, numbers = result.get("addresses") or [], result.get("ids") or []
    for entry in addresses if isinstance(addresses, list) else []:
        parts = (str(entry.get(name) or "") for name in _ADDRESS)
        party.add("address", ", ".join(filter(None, parts)))
        party.add("country", str(entry.get("country") or ""))
    for entry in numbers if isinstance(numbers, list) else []:
        number = str(entry.get("number") or "")
        party.add(_IDS.get(str(entry.get("type")), "idNumber"), number, f"{entry}")
    return party
