"""Files of shipments as rows of ``shipments``: every line comes back, unreadable values told."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

from entrepot.codes.shipment_words import folded, shipment_words
from entrepot.sources.shipments_columns import NUMBERS, ColumnsFile, Layout, layout_of
from entrepot.sources.shipments_lines import file_lines, is_broken, reading_note
from entrepot.sources.shipments_text import Cell, Line
from entrepot.sources.shipments_values import (
    Habits,
    Unreadable,
    read_amount,
    read_commodity,
    read_country,
    read_day,
    read_number,
    read_share,
)

Value = str | int | float | bool | list[object]
_SAMPLE = 200  # lines that are looked at before any is read
_CUT, _LONG = 200, 20_000  # characters of a value shown, and from which it is no value
_LISTS = ("aliases", "transit_countries", "transhipment_ports", "containers", "documents", "owners")
_DAY_FIELDS = (
    *("declared_on", "changed_on", "contract_date", "risk_assessed_on", "incorporated_on"),
    "end_use_certificate_on",
)
_COUNTRIES = ("country", "export_country", "destination", "final_destination", "origin", "flag")
_COUNTRY_FIELDS = (*_COUNTRIES, "end_use_country", "payer_country")
_ANSWERS = ("no_russia_clause", "no_belarus_clause", "has_remedies", "is_public")
_ANSWER_FIELDS = (*_ANSWERS, "transfers_know_how")
_SHARE = re.compile(r"^(.*?)[\s(:,]*(\d{1,3}(?:[.,]\d+)?)\s*%\)?$")
_SPLIT = re.compile(r"\s*[;|\n]\s*")
_SPLIT_COUNTRIES = re.compile(r"\s*[;|\n,/>]\s*")


@dataclass(slots=True)
class Record:
    """One line of a file in our field names.

    Args:
        row: Line of the file, or number of the record.
        values: Its values by field.
        unread: What could not be read: field, value, reason.
        extra: Columns that are no field of ours, as they stood.
    """

    row: int
    values: dict[str, Value] = field(default_factory=dict)
    unread: list[tuple[str, str, str]] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ShipmentFile:
    """A file of shipments, its columns understood and its lines not yet read.

    Args:
        layout: What was understood.
        lines: Lines below the header, read as they are taken.
        empty_count: Lines without any value, counted while reading.
    """

    layout: Layout
    lines: Iterator[Line]
    empty_count: int = 0

    def records(self) -> Iterator[Record]:
        """Read the lines one by one; it can be done once.

        Yields:
            A record for each line that holds anything.
        """
        seen: dict[tuple[str, int], int] = {}
        counts: Counter[str] = Counter()
        for line in self.lines:
            if not any(_shown(cell).strip() for cell in line.cells):
                self.empty_count += 1
                continue
            record = _record(line, self.layout)
            _number(record, seen, counts)
            yield record


def open_shipments(path: Path, mapping: ColumnsFile | None = None) -> ShipmentFile:
    """Open a file of shipments and understand its columns.

    Args:
        path: CSV, XLSX, Parquet or JSON lines.
        mapping: What the user says of its columns.

    Returns:
        The file.

    Raises:
        SourceError: If it cannot be opened, or no column is understood.
    """
    said = mapping or ColumnsFile()
    lines = file_lines(path, said.settings)
    first = list(islice(lines, _SAMPLE))
    layout = layout_of(first, said, path.name)
    note = reading_note(path, said.settings)
    layout = replace(layout, notes=(note, *layout.notes) if note else layout.notes)
    below = (line for line in chain(first, lines) if line.row > layout.header_row)
    return ShipmentFile(layout, below)


def shipment_row(source_id: str, record: Record) -> dict[str, object]:
    """A record as a row of the table ``shipments``.

    Args:
        source_id: The file.
        record: The record.

    Returns:
        The row; ``record`` and ``unread`` are JSON.
    """
    held = {**record.values, "extra": record.extra} if record.extra else record.values
    names = ("field", "value", "reason")
    unread = [dict(zip(names, one, strict=True)) for one in record.unread]
    return {
        "source_id": source_id,
        "row": record.row,
        "shipment_id": record.values["shipment_id"],
        "line": record.values["line"],
        "record": json.dumps(held, ensure_ascii=False),
        "unread": json.dumps(unread, ensure_ascii=False) if unread else None,
    }


def _record(line: Line, layout: Layout) -> Record:
    record = Record(line.row)
    headings = layout.headings
    behind = [_shown(cell) for cell in line.cells[len(headings) :] if _shown(cell).strip()]
    if behind:
        said = f"stands behind the last of {len(headings)} columns; values may have shifted"
        record.unread.append(("line", _cut("; ".join(behind)), said))
    elif len(line.cells) < len(headings):
        said = f"{len(line.cells)} values, expected {len(headings)}; the line may have been cut"
        record.unread.append(("line", _cut("; ".join(map(_shown, line.cells))), said))
    for heading, cell in zip(headings, line.cells, strict=False):
        text = _shown(cell).strip()
        if not text:
            continue
        if is_broken(heading.text):
            record.unread.append(("line", _cut(text), "no JSON object, expected one a line"))
        elif heading.field is None:
            record.extra[heading.text or "(no heading)"] = text[:_LONG]
        else:
            _take(record, heading.field, cell, layout.habits)
            if heading.currency is not None:
                record.values.setdefault("goods.currency", heading.currency)
    return record


def _shown(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list):
        return "; ".join(map(_shown, cell))
    return "" if cell is None else str(cell)


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else f"{text[: _CUT - 1]}…"


def _take(record: Record, name: str, cell: Cell, habits: Habits) -> None:
    """Read one value into a record; what cannot be read is told with its reason."""
    text = _shown(cell).strip()
    try:
        if len(text) > _LONG:
            raise Unreadable(f"{len(text):,} characters; a quotation mark may never be closed")
        if "\ufffd" in text:
            raise Unreadable("holds bytes that do not fit the encoding of the file")
        value = _value(record, name, cell if not isinstance(cell, str) else text, habits)
        held = record.values.get(name)
        if held is not None and held != value:
            value = _joined(name, held, value)
    except Unreadable as error:
        record.unread.append((name, _cut(text), str(error)))
    else:
        record.values[name] = value


def _joined(name: str, held: Value, value: Value) -> Value:
    """One value from two columns of the same field."""
    if isinstance(held, list) and isinstance(value, list):
        return [*held, *value]
    if name == "goods.commodity":
        short, long = sorted((str(held), str(value)), key=len)
        if long.startswith(short):
            return long
    raise Unreadable(f"another column says {_cut(str(held))!r}")


def _value(record: Record, name: str, cell: Cell, habits: Habits) -> Value:
    part = name.rpartition(".")[2]
    if name == "line":
        return _line(cell, habits)
    if name == "goods.value":
        amount, currency = read_amount(cell, habits)
        if currency is not None:
            record.values.setdefault("goods.currency", currency)
        return amount
    if name in NUMBERS:
        return read_number(cell, habits)
    if part in _DAY_FIELDS:
        return read_day(cell, habits).isoformat()
    if part in _LISTS:
        return _list(part, cell)
    return _word(name, part, cell)


def _word(name: str, part: str, cell: Cell) -> Value:
    text = _shown(cell).strip()
    if part in _COUNTRY_FIELDS:
        return read_country(text)
    if part in _ANSWER_FIELDS:
        return _answer(cell)
    if name == "goods.commodity":
        return read_commodity(cell)
    if part in ("currency", "payment_currency"):
        if not re.fullmatch(r"[A-Za-z]{3}", text):
            raise Unreadable("no currency, expected three letters such as EUR")
        return text.upper()
    if name == "direction":
        if folded(text) not in shipment_words("direction"):
            raise Unreadable("expected export, import or transit")
        return shipment_words("direction")[folded(text)]
    return text


def _line(cell: Cell, habits: Habits) -> int:
    number = read_number(cell, habits)
    if number != int(number) or not number:
        raise Unreadable("expected a whole number from 1")
    return int(number)


def _answer(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = folded(str(cell))
    words = shipment_words("answer")
    if text in ("1", "0"):
        return text == "1"
    if text not in words:
        raise Unreadable("expected yes or no")
    return words[text] == "yes"


def _list(part: str, cell: Cell) -> list[object]:
    text = _shown(cell).strip()
    if text == "-" or folded(text) in shipment_words("nothing"):
        return []
    mark = _SPLIT_COUNTRIES if part == "transit_countries" else _SPLIT
    pieces = [piece for piece in mark.split(text) if piece]
    if part == "transit_countries":
        return _countries(text, pieces)
    if part == "owners":
        return [_owner(piece) for piece in pieces]
    if part == "documents":
        return [[one.strip() for one in (*piece.split(":", 1), "")[:2]] for piece in pieces]
    return list(pieces)


def _countries(text: str, pieces: list[str]) -> list[object]:
    try:
        return [read_country(text)]  # a name may hold a comma itself
    except Unreadable:
        return [read_country(piece) for piece in pieces]


def _owner(piece: str) -> list[object]:
    found = _SHARE.fullmatch(piece)
    if found is None:
        return [piece, None]
    return [found[1].strip(), read_share(found[2])]


def _number(record: Record, seen: dict[tuple[str, int], int], counts: Counter[str]) -> None:
    """Give a line its shipment and number, and tell of one that is there twice."""
    name = str(record.values.setdefault("shipment_id", f"row {record.row}"))
    counts[name] += 1
    line = record.values.setdefault("line", counts[name])
    key = (name, int(str(line)))
    if key in seen:
        said = f"shipment {name!r} has a line {line} already, in row {seen[key]}"
        record.unread.append(("line", str(line), said))
    seen.setdefault(key, record.row)
