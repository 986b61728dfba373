"""Lines of a file of shipments, whichever kind it is: the header among them, not yet told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import fastexcel
import pyarrow as pa
from pyarrow import parquet

from entrepot.errors import SourceError
from entrepot.sources.shipments_text import Cell, Line, encoding_of, text_lines

TEXT = (".csv", ".tsv", ".txt")
SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
RECORDS = (".jsonl", ".ndjson")
KINDS = (*TEXT, *SHEETS, ".parquet", *RECORDS)
_BATCH = 2_000
_LINES = "lines"


def file_lines(path: Path, settings: Mapping[str, str]) -> Iterator[Line]:
    """Read the lines of a file one by one.

    Args:
        path: The file; the end of its name tells its kind.
        settings: ``encoding``, ``delimiter`` and ``sheet``, where the user names them.

    Returns:
        The lines; of Parquet and JSON lines the first one holds the names.

    Raises:
        SourceError: If there is no such file, or it is of no kind that is read.
    """
    if not path.is_file():
        raise SourceError(f"{path}: no such file, expected a file of shipments.")
    kind = path.suffix.lower()
    if kind in TEXT:
        encoding = settings.get("encoding") or encoding_of(path)
        return text_lines(path, encoding, settings.get("delimiter"))
    if kind in SHEETS:
        return _sheet_lines(path, settings.get("sheet"))
    if kind == ".parquet":
        return _parquet_lines(path)
    if kind in RECORDS:
        return _record_lines(path, settings.get("encoding") or encoding_of(path))
    raise SourceError(
        f"{path.name}: a file of kind {kind!r}, expected one of {', '.join(KINDS)}. Save it as one "
        "of these."
    )


def reading_note(path: Path, settings: Mapping[str, str]) -> str:
    """What is taken of a file without being said: the encoding of a text, the sheet of a workbook.

    Args:
        path: The file.
        settings: What the user names.

    Returns:
        One sentence; empty where nothing is taken.
    """
    kind = path.suffix.lower()
    if kind in (*TEXT, *RECORDS) and "encoding" not in settings:
        return f"The encoding is taken to be {encoding_of(path)}."
    if kind in SHEETS and "sheet" not in settings:
        return "The first sheet of the workbook is read."
    return ""


def _sheet_lines(path: Path, sheet: str | None) -> Iterator[Line]:
    try:
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


def _parquet_lines(path: Path) -> Iterator[Line]:
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            while any(pa.types.is_struct(field.type) for field in schema):
                schema = pa.Table.from_batches([], schema).flatten().schema
            yield Line(0, list(schema.names))
            row = 0
            for batch in file.iter_batches(batch_size=_BATCH):
                table = pa.Table.from_batches([batch])
                while any(pa.types.is_struct(field.type) for field in table.schema):
                    table = table.flatten()
                columns = [column.to_pylist() for column in table.columns]
                for cells in zip(*columns, strict=True):
                    row += 1
                    yield Line(row, list(cells))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path.name}: not a whole Parquet file ({error}).") from error


def _record_lines(path: Path, encoding: str) -> Iterator[Line]:
    names: dict[str, None] = {}
    for _, record in _records(path, encoding):
        names.update(dict.fromkeys(record))
    yield Line(0, list(names))
    for row, record in _records(path, encoding):
        yield Line(row, [record.get(name) for name in names])


def _records(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Records of JSON lines; one with ``lines`` is as many as it has goods lines."""
    with path.open(encoding=encoding, errors="replace") as file:
        for row, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                record = json.loads(text)
            except (ValueError, RecursionError):
                yield row, {_BROKEN: text}
                continue
            if not isinstance(record, dict):
                yield row, {_BROKEN: text}
                continue
            for one in _goods_lines(record):
                yield row, _flat(one)


_BROKEN = "\x00"  # name of the column for lines that are no JSON objects


def is_broken(name: str) -> bool:
    """Whether a column holds lines that could not be parsed at all.

    Args:
        name: Its name.
    """
    return name == _BROKEN


def _goods_lines(record: dict[str, Cell]) -> list[dict[str, Cell]]:
    lines = record.get(_LINES)
    if not isinstance(lines, list) or not lines or not all(isinstance(x, dict) for x in lines):
        return [record]
    shared = {name: value for name, value in record.items() if name != _LINES}
    return [{"line": number, **shared, **one} for number, one in enumerate(lines, start=1)]


def _flat(record: Mapping[str, Cell], before: str = "") -> dict[str, Cell]:
    made: dict[str, Cell] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            made.update(_flat(value, f"{before}{name}."))
        else:
            made[f"{before}{name}"] = value
    return made
