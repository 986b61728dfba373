"""The EU's consolidated list of financial sanctions (FSF), CSV 1.1.

One entity stands on many lines, each with another name, address or number. A column that is not
read is not looked at, because the publisher's 118 columns repeat the act for every value.
"""

from __future__ import annotations

from entrepot.errors import SourceError
from entrepot.sources.delimited import head_of
from entrepot.sources.eu_fsf import DATASET, LICENCE, PUBLISHER, SUBJECTS, add_country, number_prop
from entrepot.sources.party_rows import Party, PartyList, party_reading
from entrepot.sources.party_rows_csv import csv_lines, need
from entrepot.sources.party_rows_values import listing_day
from entrepot.sources.reading import OnProgress, Reading, SourceFile

READER = "eu_fsf_csv"
FIRST = "fileGenerationDate"
NEEDED = (
    *(FIRST, "Entity_LogicalId", "Entity_SubjectType_ClassificationCode"),
    *("Entity_DesignationDate", "Entity_Regulation_Programme", "Entity_Regulation_NumberTitle"),
    *("NameAlias_WholeName", "Address_CountryIso2Code", "BirthDate_BirthDate"),
    *("Identification_Number", "Identification_TypeCode", "Citizenship_CountryIso2Code"),
)
_STEMS = ("Entity_", "NameAlias_", "Address_", "BirthDate_", "Identification_", "Citizenship_")
_PLACE = ("Street", "PoBox", "ZipCode", "City", "Place", "Region", "CountryDescription")


def read_fsf_csv(source: SourceFile, report: OnProgress) -> Reading:
    """Read the list.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a column is unknown or missing, or a line is cut short.
    """
    report(0, 1, source.name)
    names = tuple(name.strip('"') for name in ";".join(head_of(source.path).names).split(";"))
    need(source, names, NEEDED)
    unknown = [name for name in names if name != FIRST and not name.startswith(_STEMS)]
    if unknown:
        raise SourceError(
            f"{source.name}: column {unknown[0]!r} is unknown, expected names that begin with "
            f"{_STEMS}. Compare the file with docs/how-to/party-lists.md."
        )
    lines = csv_lines(source, names, delimiter=";")
    found: dict[str, Party] = {}
    days: set[str] = set()
    for place, row in lines:
        days.add(row[FIRST])
        _add_line(place, row, found)
    day = listing_day(source.name, FIRST, min(days, default=""))
    if len(days) != 1 or day is None:
        raise SourceError(
            f"{source.name}: {FIRST} is {sorted(days)[:3]}, expected one day. The file may be put "
            "together from two downloads: fetch it again."
        )
    what = PartyList(DATASET, PUBLISHER, LICENCE, READER)
    return party_reading(source, what, day.isoformat(), found.values())


def _add_line(place: str, row: dict[str, str], found: dict[str, Party]) -> None:
    number, kind = row["Entity_LogicalId"], row["Entity_SubjectType_ClassificationCode"]
    if not number or kind not in SUBJECTS:
        raise SourceError(
            f"{place}: Entity_LogicalId is {number!r}, type {kind!r}, expected a number and "
            f"one of {sorted(SUBJECTS)}."
        )
    party = found.setdefault(number, Party(f"eu-{number}", SUBJECTS[kind]))
    listed = listing_day(place, "Entity_DesignationDate", row["Entity_DesignationDate"])
    party.listing_date = party.listing_date or listed
    party.add_program(row["Entity_Regulation_Programme"])
    party.add_program(row["Entity_Regulation_NumberTitle"])
    has_name = any(prop == "name" for prop, _ in party.statements)
    if not {("name", row["NameAlias_WholeName"])} & set(party.statements):
        party.add("alias" if has_name else "name", row["NameAlias_WholeName"])
    party.add("notes", row.get("Entity_Remark"))
    party.add("position", row.get("NameAlias_Function"))
    for stem, prop, place_prop in (
        ("Address_", "country", "address"),
        ("Citizenship_", "nationality", ""),
        ("BirthDate_", "", "birthPlace"),
    ):
        parts = [row.get(stem + name, "") for name in _PLACE]
        if place_prop:
            told = (part for part in parts if part not in {"", "UNKNOWN"})
            party.add(place_prop, ", ".join(told))
        if prop:
            add_country(party, prop, row.get(f"{stem}CountryIso2Code", ""), parts[-1])
    party.add("birthDate", row["BirthDate_BirthDate"] or row.get("BirthDate_Year"))
    if row["Identification_Number"]:
        kind = row["Identification_TypeCode"]
        party.add(number_prop(place, kind), row["Identification_Number"])
