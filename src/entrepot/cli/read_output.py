"""What was read, written article by article: for people, or for programs in four formats."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from entrepot.api.reading import Reading, reading_rows
from entrepot.cli.read_words import article_lines
from entrepot.press.exchange import as_record
from entrepot.rows import arrow_schema
from entrepot.tables import TABLES

ROWS = 5_000  # rows a program's file takes at a time
NO_BATCH = "not stored"


def write_readings(
    found: Iterable[Reading], how: str, table: str, path: Path | None
) -> tuple[Reading, ...]:
    """Write readings as they come, in bounded memory.

    Args:
        found: Readings.
        how: ``table``, ``csv``, ``json``, ``jsonl`` or ``parquet``.
        table: Table that csv and parquet hold.
        path: The file, written whole or not at all; stdout where open.

    Returns:
        Readings that are none.

    Raises:
        FileError: If the file cannot be written; click prints it and exits with 1.
    """
    refused: list[Reading] = []
    with _stream(path) as stream:
        read = _read_only(found, refused)
        if how in ("csv", "parquet"):
            _write_table(read, how, table, stream)
        else:
            for text in _FORMS[how](read):
                stream.write(text.encode("utf-8", "replace"))
    return tuple(refused)


def _read_only(found: Iterable[Reading], refused: list[Reading]) -> Iterator[Reading]:
    for one in found:
        if one.article is None:
            refused.append(one)
        else:
            yield one


@contextmanager
def _stream(path: Path | None) -> Iterator[IO[bytes]]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".entrepot-", dir=path.parent) as beside:
            staged = Path(beside) / path.name
            with staged.open("wb") as stream:
                yield stream
            staged.replace(path)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror) from error


def _told(found: Iterable[Reading]) -> Iterator[str]:
    is_first = True
    for one in found:
        if one.article is not None and one.origin is not None:
            yield ("" if is_first else "\n\n") + "\n".join(article_lines(one.article, one.origin))
            is_first = False
    yield "" if is_first else "\n"


def _records(found: Iterable[Reading]) -> Iterator[dict[str, Any]]:
    for one in found:
        if one.article is not None and one.origin is not None:
            record = as_record(one.article, one.name)
            yield {"source_id": one.origin.source_id, "url": one.origin.url, **record}


def _array(found: Iterable[Reading]) -> Iterator[str]:
    mark = "[\n"
    for record in _records(found):
        yield mark + json.dumps(record, ensure_ascii=False, indent=1)
        mark = ",\n"
    yield "[]\n" if mark == "[\n" else "\n]\n"


def _lines(found: Iterable[Reading]) -> Iterator[str]:
    for record in _records(found):
        yield json.dumps(record, ensure_ascii=False) + "\n"


_FORMS: dict[str, Callable[[Iterable[Reading]], Iterator[str]]] = {
    "table": _told,
    "json": _array,
    "jsonl": _lines,
}


def _write_table(found: Iterable[Reading], how: str, name: str, stream: IO[bytes]) -> None:
    import pyarrow as pa
    from pyarrow import csv, parquet

    schema = arrow_schema(TABLES[name])
    writer = (
        csv.CSVWriter(stream, schema)
        if how == "csv"
        else parquet.ParquetWriter(stream, schema, compression="zstd")
    )
    with writer:
        for rows in _row_batches(found, name):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _row_batches(found: Iterable[Reading], name: str) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    for one in found:
        held += reading_rows(one, NO_BATCH).get(name, [])
        if len(held) >= ROWS:
            yield held
            held = []
    if held:
        yield held
