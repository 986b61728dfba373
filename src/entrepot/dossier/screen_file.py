"""A result as a file: CSV, JSON, Parquet, XLSX or a page; lines are written as they come."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
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

    Args:
        path: The file.
        heading: What holds for all lines.
        lines: The answers.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": f"Screening of {heading.file} as of {heading.as_of}"})
        sheets = {name: _Sheet(book, name) for name in ("Lines", "Findings", "Hits", "About")}
        sheets["Lines"].add(line_columns(heading), is_heading=True)
        said = ("row", "shipment_id", "check", "severity", "what was found", "fields", "evidence")
        sheets["Findings"].add(said, is_heading=True)
        sheets["Hits"].add(("row", "shipment_id", "check", "hit"), is_heading=True)
        for line in lines:
            _write_line(sheets, line, heading)
        for name in Heading.__dataclass_fields__:
            value = getattr(heading, name)
            for one in value if isinstance(value, tuple) else (value,):
                sheets["About"].add((name, str(one)))


class _Sheet:
    """A worksheet that is written row by row."""

    def __init__(self, book: Any, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._bold = book.add_format({"bold": True})
        self._row = 0
        self._sheet.set_column(0, 40, 18)

    def add(self, cells: Iterable[object], *, is_heading: bool = False) -> None:
        """Write one row.

        Args:
            cells: Its values.
            is_heading: Whether it stays in sight and is bold.
        """
        if is_heading:
            self._sheet.freeze_panes(1, 0)
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._row, place, cell)
            else:
                text = harmless(str(cell))[:_CELL]
                self._sheet.write_string(self._row, place, text, self._bold if is_heading else None)
        self._row += 1


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
