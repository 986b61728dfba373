"""A result as a file: CSV, JSON, Parquet, XLSX or a page; lines are written as they come."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter  # type: ignore[import-untyped]
from pyarrow import parquet

from entrepot.dossier.screen_page import PageLines, render_screening
from entrepot.dossier.screen_rows import (
    Heading,
    harmless,
    harmless_row,
    hit_words,
    line_columns,
    line_object,
    line_row,
)
from entrepot.screening.verdict import Screened, in_order

_BATCH = 2_000
_NUMBERS = ("row", "line")
_CELL = 32_000  # characters; a spreadsheet holds 32,767
_CUT = " … (cut; JSON holds all)"
_ROWS = 1_000_000  # of one sheet; a spreadsheet holds 1,048,576 and drops what is below
_WIDTHS = {  # in letters; sentences need room, numbers do not
    **dict.fromkeys(("row", "line"), 7),
    **dict.fromkeys(("verdict", "check", "severity", "deciding", "as_of"), 12),
    **dict.fromkeys(("findings", "hits", "what was found", "hit", "value"), 70),
    **dict.fromkeys(("unread", "parties", "evidence", "not_assessed"), 36),
}
Writer = Callable[[Path, Heading, Iterable[Screened]], None]


def write_csv(path: Path, heading: Heading, lines: Iterable[Screened]) -> None:
    """Write one row a line; what a spreadsheet would take for a formula is escaped.

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, line_columns(heading), lineterminator="\n")
        writer.writeheader()
        for line in lines:
            writer.writerow(harmless_row(line_row(line, heading)))


def write_json(path: Path, heading: Heading, lines: Iterable[Screened]) -> None:
    """Write everything: what was screened with, and every answer of every check.

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    names = Heading.__dataclass_fields__
    held = {name: getattr(heading, name) for name in names}
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"screening": {json.dumps(held, ensure_ascii=False, default=str)},\n')
        file.write('"lines": [')
        for number, line in enumerate(lines):
            file.write(",\n" if number else "\n")
            json.dump(line_object(line), file, ensure_ascii=False, default=str)
        file.write("\n]}\n")


def write_parquet(path: Path, heading: Heading, lines: Iterable[Screened]) -> None:
    """Write one row a line, values as they are.

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    kinds = [
        (name, pa.int64() if name in _NUMBERS else pa.string()) for name in line_columns(heading)
    ]
    schema = pa.schema(kinds)
    rows: list[dict[str, Any]] = []
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for line in lines:
            rows.append(line_row(line, heading))
            if len(rows) == _BATCH:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
        writer.write_table(pa.Table.from_pylist(rows, schema))


def write_xlsx(path: Path, heading: Heading, lines: Iterable[Screened]) -> None:
    """Write a workbook: lines, flags, hits, and what was screened with; no cell is a formula.

    What has more rows than a sheet holds goes on in another one, such as ``Findings 2``.

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": f"Screening of {heading.file} as of {heading.as_of}"})
        found = ("check", "severity", "what was found", "fields", "evidence")
        sheets = {
            "Lines": _Sheet(book, "Lines", line_columns(heading)),
            "Findings": _Sheet(book, "Findings", ("row", "shipment_id", *found)),
            "Hits": _Sheet(book, "Hits", ("row", "shipment_id", "check", "hit")),
        }
        for line in lines:
            _write_line(sheets, line, heading)
        about = _Sheet(book, "About", ("what", "value"))
        for name in Heading.__dataclass_fields__:
            value = getattr(heading, name)
            for one in value if isinstance(value, tuple) else (value,):
                about.add((name, str(one)))


class _Sheet:
    """A worksheet that is written row by row, and goes on in another one when it is full."""

    def __init__(self, book: Any, name: str, columns: Sequence[str]) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._bold = book.add_format({"bold": True})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._count = 0
        self._open()

    def add(self, cells: Iterable[object]) -> None:
        """Write one row.

        Args:
            cells: Its values.
        """
        if self._row > _ROWS:
            self._open()
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._row, place, cell, self._wrap)
            else:
                self._sheet.write_string(self._row, place, _cell(str(cell)), self._wrap)
        self._row += 1

    def _open(self) -> None:
        self._count += 1
        name = self._name if self._count == 1 else f"{self._name} {self._count}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, _WIDTHS.get(column, 18))
            self._sheet.write_string(0, place, column, self._bold)
        self._row = 1


def _cell(text: str) -> str:
    """A text as a cell holds it: no formula, and a mark where it had to be cut."""
    safe = harmless(text)
    return safe if len(safe) <= _CELL else safe[:_CELL] + _CUT


def _write_line(sheets: dict[str, _Sheet], line: Screened, heading: Heading) -> None:
    sheets["Lines"].add(line_row(line, heading).values())
    row, name = line.shipment.row, line.shipment.shipment_id
    for one in line.results:
        if one.answer == "flagged":
            used, cited = ", ".join(one.fields), "; ".join(one.evidence)
            sheets["Findings"].add((row, name, one.check_id, one.severity, one.detail, used, cited))
    for result, hit in in_order(line.results):
        sheets["Hits"].add((row, name, result.check_id, hit_words(hit)))


def write_page(path: Path, heading: Heading, lines: Iterable[Screened]) -> None:
    """Write a page for reading.

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    held = PageLines()
    for line in lines:
        held.take(line)
    buffer = io.StringIO(render_screening(heading, held))
    path.write_text(buffer.getvalue(), encoding="utf-8")


WRITERS: dict[str, Writer] = {
    ".csv": write_csv,
    ".json": write_json,
    ".parquet": write_parquet,
    ".xlsx": write_xlsx,
    ".html": write_page,
}
