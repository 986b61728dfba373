"""UK lists as CSV: the sanctions list of FCDO, and OFSI's consolidated list (ConList.csv).

Both have one line above the header and several lines a party, one a name or address.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.sources.party_rows import Party, PartyList, party_reading
from entrepot.sources.party_rows_csv import csv_lines, need
from entrepot.sources.party_rows_values import listing_day, partial_dates
from entrepot.sources.reading import OnProgress, Reading, SourceFile
from entrepot.sources.uk_sanctions_columns import FCDO, OFSI, Layout

LICENCE = "Open Government Licence v3.0"
_TYPES = {"Individual": "Person", "Entity": "Organization", "Ship": "Vessel"}
_NAMES = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_NUMBERED = re.compile(r"\(\d+\)\s*")
_REPORTED = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")


def layout_of(path: Path) -> Layout | None:
    """Tell which of the two lists a file is.

    Args:
        path: The file.

    Returns:
        Its layout, or ``None`` where it is neither.
    """
    with path.open("rb") as file:
        above, header = (file.readline(1 << 13).decode("utf-8-sig", "replace") for _ in range(2))
    try:
        names = {name.strip() for name in next(csv.reader([header]), [])}
    except csv.Error:
        return None
    for layout in (FCDO, OFSI):
        if above.startswith(layout.above) and {"Name 6", layout.number} <= names:
            return layout
    return None


def read_uk(source: SourceFile, report: OnProgress) -> Reading:
    """Read one of the two lists.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a column or type is unknown, or a line is cut short.
    """
    report(0, 1, source.name)
    layout = layout_of(source.path)
    if layout is None:
        raise SourceError(
            f"{source.name}: is neither list of the UK, expected a line with the day and a header "
            "with 'Name 6'. Fetch the file again."
        )
    found: dict[str, Party] = {}
    for place, row in csv_lines(source, layout.columns, above=1):
        need(source, row, layout.columns)
        _add_line(place, row, layout, found)
    what = PartyList(layout.dataset, layout.publisher, LICENCE, layout.reader)
    return party_reading(source, what, _day_above(source).isoformat(), found.values())


def _day_above(source: SourceFile) -> date:
    with source.path.open(encoding="utf-8-sig") as file:
        above = file.readline()
    told = above.replace("Report Date:", "").replace("Last Updated", "").strip(' ,"\r\n')
    match = _REPORTED.fullmatch(told)
    day = listing_day(f"{source.name}, line 1", "day", " ".join(match.groups()) if match else told)
    if day is None:
        raise SourceError(f"{source.name}, line 1: no day, expected one. Fetch the file again.")
    return day


def _add_line(place: str, row: dict[str, str], layout: Layout, found: dict[str, Party]) -> None:
    number, kind = row[layout.number], row[layout.kind]
    if not number or kind not in _TYPES:
        raise SourceError(
            f"{place}: {layout.number} is {number!r}, {layout.kind} {kind!r}, expected a number "
            f"and one of {sorted(_TYPES)}."
        )
    party = found.setdefault(number, Party(f"uk-{number}", _TYPES[kind]))
    listed = listing_day(place, layout.listed, row[layout.listed])
    party.listing_date = party.listing_date or listed
    party.add_program(row[layout.regime])
    name = " ".join(filter(None, (row[column] for column in _NAMES)))
    party.add(_name_prop(place, row, layout), name)
    party.add("alias", row[layout.script])
    party.add("address", ", ".join(filter(None, (row[column] for column in layout.address))))
    for column, prop in layout.plain:
        for value in filter(None, _NUMBERED.split(row[column])):
            told = partial_dates(value) if prop == "birthDate" else (value,)
            for text in told or (value,):
                party.add(prop, text, value if text != value else None)
    party.add("topics", "sanction")


def _name_prop(place: str, row: dict[str, str], layout: Layout) -> str:
    kind, quality = row[layout.name_kind].casefold(), row[layout.quality].casefold()
    if kind in {"primary name", "primary name variation"}:
        return "name" if kind == "primary name" else "alias"
    if kind in {"alias", "aka", "fka", "name variation", "also known as", "formerly known as"}:
        if kind in {"fka", "formerly known as"}:
            return "previousName"
        return "weakAlias" if "low" in quality else "alias"
    raise SourceError(
        f"{place}: {layout.name_kind} is {row[layout.name_kind]!r}, expected Primary name, Primary "
        "name variation, Alias, AKA or FKA. Compare the file with docs/how-to/party-lists.md."
    )
