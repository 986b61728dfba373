"""OFAC's list of specially designated nationals as three files without header.

``sdn.csv`` holds the parties, ``alt.csv`` their other names, ``add.csv`` their addresses; each is
ingested by itself and joined by number. ``-0-`` stands for nothing, and a byte 0x1A ends the file.
None of the three bears a date: the version is the day in the file's name, else the day it was
obtained.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby

from entrepot.errors import SourceError
from entrepot.sources.ofac_sdn_remarks import add_remarks
from entrepot.sources.party_rows import Party, PartyList, party_reading, vintage_of
from entrepot.sources.reading import OnProgress, Reading, SourceFile

DATASET = "ofac-sdn"
READER = "ofac_sdn"
PARTS = ("ofac_sdn_alt", "ofac_sdn_add")
PUBLISHER = "US Treasury, Office of Foreign Assets Control"
LICENCE = "Work of the US government, public domain in the US"

_WIDTHS = {12: READER, 5: PARTS[0], 6: PARTS[1]}
_NOTHING = "-0-"
_END = "\x1a"
_TYPES = {"": "LegalEntity", "individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_ALIASES = {"aka": "alias", "fka": "previousName", "nka": "alias"}


def looks_like_sdn(names: tuple[str, ...]) -> bool:
    """Whether the first line is one of OFAC's three files.

    Args:
        names: The values of the first line.

    Example:
        >>> looks_like_sdn(("36", "12", "aka", "AERO-CARIBBEAN", "-0- "))
        True
    """
    if len(names) not in _WIDTHS or not names[0].isdigit():
        return False
    return any(value.strip() == _NOTHING for value in names) or names[2] in _ALIASES


def read_sdn(source: SourceFile, report: OnProgress) -> Reading:
    """Read ``sdn.csv``, ``alt.csv`` or ``add.csv``, told by their width.

    Args:
        source: The file.
        report: Told when it begins.

    Returns:
        A reading of ``listed_parties``.

    Raises:
        SourceError: If a line has another width, or a code nobody knows.
    """
    with source.path.open(encoding="latin-1", newline="") as file:
        first = next(csv.reader(file), [])
    width = len(first)
    if width not in _WIDTHS:
        raise SourceError(
            f"{source.name}, line 1: {width} values, expected 12 (sdn.csv), 5 (alt.csv) or 6 "
            "(add.csv). Fetch the file again."
        )
    report(0, 1, source.name)
    lines = _lines(source, width)
    parties = {12: _parties, 5: _aliases, 6: _addresses}[width](source, lines)
    what = PartyList(DATASET, PUBLISHER, LICENCE, _WIDTHS[width])
    return party_reading(source, what, vintage_of(source), parties)


def _lines(source: SourceFile, width: int) -> Iterator[tuple[int, list[str]]]:
    is_whole = False
    with source.path.open(encoding="latin-1", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for values in reader:
                if [value.strip() for value in values] == [_END]:
                    is_whole = True
                    continue
                _refuse_width(source, reader.line_num, values, width)
                stripped = [value.strip() for value in values]
                yield reader.line_num, ["" if v == _NOTHING else v for v in stripped]
        except csv.Error as error:
            raise SourceError(
                f"{source.name}, line {reader.line_num}: {error}, expected CSV. The download may "
                "have been cut short: fetch the file again."
            ) from error
    if not is_whole:
        raise SourceError(
            f"{source.name}: does not end in the byte 0x1A that ends OFAC's files. The download "
            "was cut short, or the file was saved by another program: fetch it again."
        )


def _refuse_width(source: SourceFile, line: int, values: list[str], width: int) -> None:
    if len(values) != width or not values[0].strip().isdigit():
        raise SourceError(
            f"{source.name}, line {line}: {len(values)} values, the first "
            f"{(values[0] if values else '')!r}, expected {width} beginning with a number. The "
            "download may have been cut short: fetch the file again."
        )


def person_name(name: str) -> str:
    """Turn a name of a person with the family name first into reading order.

    Args:
        name: As OFAC writes it.

    Example:
        >>> person_name("AKSYONOV, Sergey Valeryevich")
        'Sergey Valeryevich AKSYONOV'
    """
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and ", " not in first else name


def _add_name(party: Party, prop: str, name: str, is_person: bool) -> None:
    turned = person_name(name) if is_person else name
    party.add(prop, turned, name if turned != name else None)


def _parties(source: SourceFile, lines: Iterable[tuple[int, list[str]]]) -> Iterator[Party]:
    for line, values in lines:
        if values[2] not in _TYPES:
            raise SourceError(
                f"{source.name}, line {line}: SDN_Type is {values[2]!r}, expected one of "
                f"{sorted(_TYPES)}. Compare the file with docs/how-to/party-lists.md."
            )
        party = Party(f"ofac-{values[0]}", _TYPES[values[2]])
        _add_name(party, "name", values[1], party.schema == "Person")
        for program in values[3].split("] ["):
            party.add_program(program.strip("[] "))
        party.add("position", values[4])
        party.add("callSign", values[5])
        party.add("type", values[6])
        party.add("tonnage", values[7])
        party.add("grossRegisteredTonnage", values[8])
        party.add("flag", values[9])
        party.add("notes", f"Owner: {values[10]}" if values[10] else "")
        party.add("topics", "sanction")
        add_remarks(party, values[11])
        yield party


def _grouped(
    lines: Iterable[tuple[int, list[str]]],
) -> Iterator[tuple[Party, list[tuple[int, list[str]]]]]:
    """Lines of one party stand together; what it is, only ``sdn.csv`` says."""
    for number, found in groupby(lines, key=lambda entry: entry[1][0]):
        yield Party(f"ofac-{number}", "Thing"), list(found)


def _aliases(source: SourceFile, lines: Iterable[tuple[int, list[str]]]) -> Iterator[Party]:
    for party, found in _grouped(lines):
        for line, values in found:
            if values[2] not in _ALIASES:
                raise SourceError(
                    f"{source.name}, line {line}: kind of name is {values[2]!r}, expected one of "
                    f"{sorted(_ALIASES)}. Compare the file with docs/how-to/party-lists.md."
                )
            party.add(_ALIASES[values[2]], values[3])
        yield party


def _addresses(source: SourceFile, lines: Iterable[tuple[int, list[str]]]) -> Iterator[Party]:
    for party, found in _grouped(lines):
        for _, values in found:
            party.add("address", ", ".join(filter(None, values[2:5])))
            party.add("country", values[4])
        if party.statements:
            yield party
