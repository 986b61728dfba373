"""Files of shipments as rows of ``shipments``: every line comes back, unreadable values told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from entrepot.sources.shipments_columns import ColumnsFile, Layout, layout_of
from entrepot.sources.shipments_fields import Value, amount, field_value, joined, shown
from entrepot.sources.shipments_habits import Habits, Unreadable
from entrepot.sources.shipments_lines import file_lines, reading_note
from entrepot.sources.shipments_text import Cell, Line

_SAMPLE = 200  # lines that are looked at before any is read
_CUT, _LONG = 200, 20_000  # characters of a value shown, and from which it is no value


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
            if line.trouble is None and not any(shown(cell).strip() for cell in line.cells):
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
    if line.trouble is not None:
        text, said = line.trouble
        record.unread.append(("line", _cut(text), said))
        return record
    _count(record, line, len(layout.headings))
    for heading, cell in zip(layout.headings, line.cells, strict=False):
        text = shown(cell).strip()
        if not text:
            continue
        if heading.field is None:
            _keep(record, heading.text or "(no heading)", text)
        else:
            _take(record, heading.field, cell, layout.habits)
            if heading.currency is not None:
                record.values.setdefault("goods.currency", heading.currency)
    return record


def _count(record: Record, line: Line, width: int) -> None:
    """Tell of a line with more or fewer values than the header has columns."""
    behind = [shown(cell) for cell in line.cells[width:] if shown(cell).strip()]
    if behind:
        said = f"stands behind the last of {width} columns; values may have shifted"
        record.unread.append(("line", _cut("; ".join(behind)), said))
    elif len(line.cells) < width:
        said = f"{len(line.cells)} values, expected {width}; the line may have been cut"
        record.unread.append(("line", _cut("; ".join(map(shown, line.cells))), said))


def _keep(record: Record, heading: str, text: str) -> None:
    """Keep a value of a column that is no field; columns of one name are numbered."""
    name, number = heading, 1
    while name in record.extra:
        number += 1
        name = f"{heading} ({number})"
    record.extra[name] = text[:_LONG]


def _cut(text: str) -> str:
    return text if len(text) <= _CUT else f"{text[: _CUT - 1]}…"


def _take(record: Record, name: str, cell: Cell, habits: Habits) -> None:
    """Read one value into a record; what cannot be read is told with its reason."""
    text = shown(cell).strip()
    try:
        if len(text) > _LONG:
            raise Unreadable(f"{len(text):,} characters; a quotation mark may never be closed")
        if name == "goods.value":
            value, currency = amount(cell if not isinstance(cell, str) else text, habits)
            if currency is not None:
                record.values.setdefault("goods.currency", currency)
        else:
            value = field_value(name, cell if not isinstance(cell, str) else text, habits)
        held = record.values.get(name)
        if held is not None and held != value:
            value = joined(name, held, value)
    except Unreadable as error:
        record.unread.append((name, _cut(text), str(error)))
    else:
        record.values[name] = value


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
