"""Workbooks of shipments: looked over before they are opened, then read row by row.

A workbook is a packed folder. What it unpacks to, and how far its cells reach, is counted first:
the parser keeps a place for every cell between the first and the last one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fastexcel
import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.sources.shipments_text import Line

_BATCH = 2_000
_BLOCK = 1 << 22
_OVERLAP = 200  # bytes of a block read again, so that nothing is cut
_MOST_BYTES = 2 << 30  # unpacked; a million lines of thirty columns have less
_MOST_RATIO = 200  # unpacked to packed; sheets of trade have 5 to 30
_SMALL = 64 << 20  # unpacked, below which no ratio is asked for
_MOST_CELLS = 50_000_000  # places between first and last cell, of some 32 bytes each
_COLUMN = re.compile(rb"""<c [^>]*?\br=["']([A-Z]{1,3})\d""")
_ROW = re.compile(rb"""<row [^>]*?\br=["'](\d{1,9})["']""")
_ERROR = re.compile(rb"""<c [^>]*?\bt=["']e["']""")
_DOWN = re.compile(rb"""<mergeCell [^>]*?ref=["'][A-Z]+(\d+):[A-Z]+(\d+)["']""")


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen in a workbook before it is opened.

    Args:
        errors: Cells that hold the error of a formula.
        merged: Cells merged over more than one row.
    """

    errors: int = 0
    merged: int = 0


def sheet_lines(path: Path, sheet: str | None) -> Iterator[Line]:
    """Read the rows of a sheet one by one.

    Args:
        path: The workbook.
        sheet: The sheet; the first one where left out.

    Yields:
        Its rows.

    Raises:
        SourceError: If it is no whole workbook, has no such sheet, or unpacks to too much.
    """
    try:
        _looked_over(path)
        book = fastexcel.read_excel(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise SourceError(f"{path.name}: no sheet {sheet!r}, expected one of {names}.")
        loaded = book.load_sheet(
            names[0] if sheet is None else sheet, header_row=None, dtypes="string", skip_rows=0
        ).to_arrow()
    except fastexcel.FastExcelError as error:
        raise SourceError(
            f"{path.name}: not a whole workbook ({str(error).splitlines()[0]}). Save it again."
        ) from error
    batches = loaded.to_batches() if isinstance(loaded, pa.Table) else [loaded]
    row = 0
    for batch in batches:
        for start in range(0, batch.num_rows, _BATCH):
            part = batch.slice(start, _BATCH)
            columns = [column.to_pylist() for column in part.columns]
            for cells in zip(*columns, strict=True):
                row += 1
                yield Line(row, list(cells))


def workbook_note(path: Path, sheet: str | None) -> str:
    """What of a workbook is not read, or is read as empty.

    Args:
        path: The workbook.
        sheet: The sheet the user names.

    Returns:
        Sentences; empty where nothing is to be said.
    """
    said: list[str] = []
    if sheet is None:
        said.append("The first sheet of the workbook is read.")
    look = _looked_over(path)
    if look.errors:
        said.append(f"{look.errors:,} cells hold the error of a formula and are read as empty.")
    if look.merged:
        said.append(
            f"{look.merged:,} cells are merged over several rows: their value is read in the "
            "first of these rows only."
        )
    return " ".join(said)


def _looked_over(path: Path) -> _Look:
    """Look over the parts of a packed workbook; other kinds are left to their parser."""
    return _look_once(path, path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=4)
def _look_once(path: Path, changed: int, size: int) -> _Look:
    if not zipfile.is_zipfile(path):
        return _Look()
    errors = merged = 0
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            _small_enough(path, size, sum(one.file_size for one in parts))
            for part in parts:
                if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part.filename):
                    look = _sheet_look(path, packed, part)
                    errors, merged = errors + look.errors, merged + look.merged
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise SourceError(f"{path.name}: not a whole workbook ({error}). Save it again.") from error
    return _Look(errors, merged)


def _small_enough(path: Path, packed: int, size: int) -> None:
    if size > _MOST_BYTES or (size > _SMALL and size > _MOST_RATIO * packed):
        raise SourceError(
            f"{path.name}: {packed:,} bytes unpack to {size:,}, expected at most {_MOST_RATIO} "
            f"times as many and {_MOST_BYTES:,}. Save the sheet as CSV."
        )


def _sheet_look(path: Path, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Look:
    columns: set[bytes] = set()
    rows = errors = merged = 0
    with packed.open(part) as file:
        rest = b""
        while block := file.read(_BLOCK):
            text = rest + block
            cut = text.rfind(b"<", max(0, len(text) - _OVERLAP))
            text, rest = (text[:cut], text[cut:]) if cut > 0 else (text, b"")
            columns.update(_COLUMN.findall(text))
            rows = max(rows, *map(int, _ROW.findall(text)), 0)
            errors += len(_ERROR.findall(text))
            merged += sum(first != last for first, last in _DOWN.findall(text))
    width = max(map(_place, columns), default=0)
    if rows * width > _MOST_CELLS:
        raise SourceError(
            f"{path.name}: a sheet reaches to row {rows:,} and column {width:,}, expected at most "
            f"{_MOST_CELLS:,} cells. Delete what stands far from the table, or save it as CSV."
        )
    return _Look(errors, merged)


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place
