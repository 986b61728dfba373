"""Which column of a shipment file is which field: by a written list, or as the user says.

A heading the list does not hold is suggested a field and given none: only the file of columns,
which the user writes, can do that.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz, process

from entrepot.codes.shipment_words import folded, heading_field, shipment_words
from entrepot.errors import SourceError
from entrepot.sources.shipments_habits import Decimal, Habits, Order
from entrepot.sources.shipments_text import Cell, Line
from entrepot.sources.shipments_values import decimal_mark

DEEP = 30  # lines among which the header is looked for
NUMBERS = ("goods.value", "goods.net_mass_kg", "goods.quantity")
_LIKE = 78  # likeness, of 100, from which a field is suggested
_CHOICES = {"dates": ("day_first", "month_first"), "decimal": (",", ".")}
_SETTINGS = ("encoding", "delimiter", "sheet", "header_row", *_CHOICES)
_CURRENCY = re.compile(r"^(.*?)[\s,/(\[]+(?:in\s+)?([A-Z]{3}|€)[)\]]?$")


@dataclass(frozen=True, slots=True)
class ColumnsFile:
    """What the user says of a file.

    Args:
        columns: Field of a heading; empty where the column is to be left as it stands.
        settings: Encoding, delimiter, sheet, header_row, dates, decimal.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column and what was understood of it.

    Args:
        text: The heading, with that of the group above it.
        field: The field; open where none.
        how: ``list``, ``file of columns``, or empty.
        suggestion: A field it may be; never taken.
        currency: Currency the heading names.
        example: First value that stands there.
    """

    text: str
    field: str | None
    how: str = ""
    suggestion: str | None = None
    currency: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What was understood of a file.

    Args:
        header_row: Line of the header.
        headings: Its columns.
        habits: How it writes days and numbers.
        notes: What was taken without being said, in sentences.
    """

    header_row: int
    headings: tuple[Heading, ...]
    habits: Habits
    notes: tuple[str, ...]


def all_fields() -> tuple[str, ...]:
    """Every field a column can be."""
    roles = dict.fromkeys(shipment_words("role").values())
    parts = dict.fromkeys(shipment_words("part").values())
    own = dict.fromkeys(shipment_words("field").values())
    return (*own, *(f"{role}.{part}" for role in roles for part in parts))


def read_mapping(text: str, name: str) -> ColumnsFile:
    r"""Read a file of columns.

    Args:
        text: The file, TOML: a table ``columns`` and perhaps a table ``file``.
        name: What it is called, for messages.

    Returns:
        What it says.

    Raises:
        SourceError: If it is no TOML, or names a field or setting there is not.

    Example:
        >>> read_mapping('columns.Kundin = "buyer.name"', "own.toml").columns
        {'Kundin': 'buyer.name'}
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{name}: no TOML ({error}). See docs/how-to/screen.md.") from None
    columns, settings = given.pop("columns", {}), given.pop("file", {})
    if given or not isinstance(columns, dict) or not isinstance(settings, dict):
        raise SourceError(f"{name}: expected tables [columns] and [file], nothing else.")
    known = {"", *all_fields()}
    wrong = [f"{key} = {value!r}" for key, value in columns.items() if value not in known]
    if wrong:
        raise SourceError(f"{name}: no such fields: {wrong}. `--show-columns` writes such a file.")
    unknown = sorted(set(settings) - set(_SETTINGS))
    for key, choices in _CHOICES.items():
        if settings.get(key, choices[0]) not in choices:
            raise SourceError(f"{name}: {key} is {settings[key]!r}, expected one of {choices}.")
    if unknown:
        raise SourceError(f"{name}: unknown settings {unknown}, expected some of {_SETTINGS}.")
    return ColumnsFile(columns, {key: str(value) for key, value in settings.items()})


def layout_of(lines: Sequence[Line], mapping: ColumnsFile, name: str) -> Layout:
    """Find the header among the first lines, and say what its columns are.

    Args:
        lines: The first lines of the file.
        mapping: What the user says.
        name: The file's name, for messages.

    Returns:
        What was understood.

    Raises:
        SourceError: If no line holds a heading that is known.
    """
    place, texts, row = _header(lines, mapping, name)
    below = [line.cells for line in lines[place + 1 :]]
    headings = tuple(
        _heading(text, _example(below, number), mapping) for number, text in enumerate(texts)
    )
    dates = mapping.settings.get("dates", "")
    decimal, seen = _decimal(headings, below, mapping)
    notes = [f"The header is line {row}."] if row > 1 else []
    if decimal and "decimal" not in mapping.settings:
        notes.append(f"The decimal mark is {decimal!r}, as in {seen} of the first values.")
    order: Order = "month_first" if dates == "month_first" else "day_first" if dates else ""
    return Layout(row, headings, Habits(order, decimal), tuple(notes))


def _header(lines: Sequence[Line], mapping: ColumnsFile, name: str) -> tuple[int, list[str], int]:
    """The header: the line, alone or under one with groups, in which most headings are known."""
    wanted = mapping.settings.get("header_row")
    best: tuple[int, int, list[str], int] = (0, 0, [], 0)
    for place, line in enumerate(lines[:DEEP]):
        if wanted is not None and str(line.row) != wanted:
            continue
        alone = [_text(cell) for cell in line.cells]
        forms = [alone]
        if place and sum(map(bool, map(_text, lines[place - 1].cells))) > 1:
            forms.append(_grouped(lines[place - 1].cells, alone))
        for texts in forms:
            count = sum(_known(text, mapping) is not None for text in texts)
            if count > best[0]:
                best = (count, place, texts, line.row)
    if not best[0]:
        raise SourceError(
            f"{name}: no heading we know in its first {DEEP} lines, expected such as 'HS code' or "
            "'Consignee'. Name the columns in a file of columns (docs/how-to/screen.md)."
        )
    return best[1], best[2], best[3]


def _grouped(above: Sequence[Cell], below: Sequence[str]) -> list[str]:
    """Headings under merged cells: a group stands over the first of its columns."""
    made, group = [], ""
    for place, text in enumerate(below):
        here = _text(above[place]) if place < len(above) else ""
        group = here or group
        under = f"{group} {text}".strip() if text else here
        # A heading that is known by itself belongs to no group that would hide it.
        made.append(under if _plain(under) is not None or not text else text)
    return made


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _plain(text: str) -> tuple[str, str | None] | None:
    """The field a heading names, and the currency where it names one too."""
    found = heading_field(text) if len(text) <= 200 else None
    if found is not None:
        return found, None
    with_currency = _CURRENCY.match(text)
    if with_currency and heading_field(with_currency[1]) == "goods.value":
        return "goods.value", "EUR" if with_currency[2] == "€" else with_currency[2]
    return None


def _known(text: str, mapping: ColumnsFile) -> tuple[str, str | None] | None:
    if text in mapping.columns:
        return mapping.columns[text], None
    return _plain(text) if text else None


def _heading(text: str, example: str, mapping: ColumnsFile) -> Heading:
    found = _known(text, mapping)
    if text in mapping.columns:
        return Heading(text, mapping.columns[text] or None, "file of columns", example=example)
    if found is not None:
        return Heading(text, found[0], "list", None, found[1], example)
    return Heading(text, None, suggestion=_suggestion(text), example=example)


def _suggestion(text: str) -> str | None:
    choices = _choices()
    key = folded(text[:200])
    found = process.extractOne(key, choices.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return choices[found[0]] if found else None


@cache
def _choices() -> dict[str, str]:
    """All headings that are known, with their fields."""
    choices = {**shipment_words("field")}
    for role_word, role in shipment_words("role").items():
        choices[role_word] = f"{role}.name"
        for part_word, part in shipment_words("part").items():
            choices[f"{role_word} {part_word}"] = f"{role}.{part}"
    return choices


def _example(below: Sequence[Sequence[Cell]], place: int) -> str:
    values = (_text(cells[place]) for cells in below if place < len(cells))
    return next((value[:40] for value in values if value), "")


def _decimal(
    headings: Sequence[Heading], below: Sequence[Sequence[Cell]], mapping: ColumnsFile
) -> tuple[Decimal, int]:
    """The decimal mark: as the user says, or as all values tell that tell any."""
    said = mapping.settings.get("decimal")
    if said:
        return ("," if said == "," else "."), 0
    places = [place for place, one in enumerate(headings) if one.field in NUMBERS]
    marks = Counter(
        mark
        for cells in below
        for place in places
        if place < len(cells) and isinstance(cells[place], str)
        if (mark := decimal_mark(str(cells[place])))
    )
    return next(iter(marks.items())) if len(marks) == 1 else ("", 0)


def columns_file(layout: Layout) -> str:
    """What was understood, as a file of columns that can be mended and given back.

    Args:
        layout: What was understood.

    Returns:
        TOML; suggestions are comments.
    """
    lines = [f"# {note}" for note in layout.notes]
    lines.append("[columns]")
    for one in layout.headings:
        if not one.text or not one.text.isprintable():
            continue
        key = json.dumps(one.text, ensure_ascii=False)
        shown = f"  # e.g. {one.example}" if one.example.isprintable() and one.example else ""
        if one.field is not None:
            lines.append(f'{key} = "{one.field}"{shown}')
        elif one.suggestion is not None:
            lines.append(f'# {key} = "{one.suggestion}"  # a suggestion, not taken{shown}')
        else:
            lines.append(f'{key} = ""{shown}')
    return "\n".join(lines) + "\n"
