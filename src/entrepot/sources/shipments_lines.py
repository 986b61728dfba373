"""Lines of a file of shipments, whichever kind it is: the header among them, not yet told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from entrepot.errors import SourceError
from entrepot.sources.shipments_json import record_lines
from entrepot.sources.shipments_text import Cell, Line, encoding_of, text_lines
from entrepot.sources.shipments_workbook import sheet_lines, workbook_note

TEXT = (".csv", ".tsv", ".txt")
SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
RECORDS = (".jsonl", ".ndjson")
KINDS = (*TEXT, *SHEETS, ".parquet", *RECORDS)
_BATCH = 2_000


def file_lines(path: Path, settings: Mapping[str, str]) -> Iterator[Line]:
    """Read the lines of a file one by one.

    Args:
        path: The file; the end of its name tells its kind.
        settings: ``encoding``, ``delimiter`` and ``sheet``, where the user names them.

    Returns:
        The lines; of Parquet and JSON lines the first one holds the names.

    Raises:
        SourceError: If there is no such file, it is empty, or it is of no kind that is read.
    """
    if not path.is_file():
        raise SourceError(f"{path}: no such file, expected a file of shipments.")
    if not path.stat().st_size:
        raise SourceError(f"{path.name}: the file is empty (0 bytes). Save or send it again.")
    kind = path.suffix.lower()
    if kind in TEXT:
        encoding = settings.get("encoding") or encoding_of(path)
        return text_lines(path, encoding, settings.get("delimiter"))
    if kind in SHEETS:
        return sheet_lines(path, settings.get("sheet"))
    if kind == ".parquet":
        return _parquet_lines(path)
    if kind in RECORDS:
        return record_lines(path, settings.get("encoding") or encoding_of(path))
    raise SourceError(
        f"{path.name}: a file of kind {kind!r}, expected one of {', '.join(KINDS)}. Save it as one "
        "of these."
    )


def reading_note(path: Path, settings: Mapping[str, str]) -> str:
    """What is taken without being said: the encoding of a text, what a workbook leaves out.

    Args:
        path: The file.
        settings: What the user names.

    Returns:
        One sentence; empty where nothing is taken.
    """
    kind = path.suffix.lower()
    if kind in (*TEXT, *RECORDS) and "encoding" not in settings:
        return f"The encoding is taken to be {encoding_of(path)}."
    return workbook_note(path, settings.get("sheet")) if kind in SHEETS else ""


def _parquet_lines(path: Path) -> Iterator[Line]:
    try:
        with parquet.ParquetFile(path) as file:
            yield Line(
                0, list(_unfolded(pa.Table.from_batches([], file.schema_arrow)).schema.names)
            )
            row = 0
            for batch in file.iter_batches(batch_size=_BATCH):
                table = _unfolded(pa.Table.from_batches([batch]))
                columns = [_values(column) for column in table.columns]
                for cells in zip(*columns, strict=True):
                    row += 1
                    yield Line(row, list(cells))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path.name}: not a whole Parquet file ({error}).") from error


def _unfolded(table: pa.Table) -> pa.Table:
    """A table in which each field of a structure is a column of its own."""
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _values(column: pa.ChunkedArray) -> list[Cell]:
    """Values of a column; text whose bytes are no UTF-8 comes with marks in their place."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = column.cast(pa.large_binary())
    values: list[Cell] = column.to_pylist()
    return [one.decode(errors="replace") if isinstance(one, bytes) else one for one in values]
