"""Rows as JSON, CSV, Arrow or Parquet, a piece at a time."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from fastapi import HTTPException, Request

from entrepot.schema import Column
from entrepot.web.api.fields import Format
from entrepot.web.pages.listing import harmless

KINDS: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
}


def format_of(request: Request, asked: Format | None) -> Format:
    """The format of an answer: as the address says, else as the Accept header weighs them.

    Args:
        request: The request.
        asked: What the address says.

    Returns:
        The format; JSON where anything will do.

    Raises:
        HTTPException: If nothing that is there will do.
    """
    if asked is not None:
        return asked
    accept = request.headers.get("accept", "").strip() or "*/*"
    weighed = sorted(_weights(accept), key=lambda one: -one[1])
    for wanted, weight in weighed:
        for name, kind in KINDS.items():
            if weight > 0 and wanted in (kind, "*/*", f"{kind.partition('/')[0]}/*"):
                return name
    raise HTTPException(406, f"Accept is {accept!r}, expected one of {list(KINDS.values())}.")


def _weights(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        kind, *parameters = (one.strip() for one in part.split(";"))
        given = [one[2:] for one in parameters if one.lower().startswith("q=")]
        try:
            weight = float(given[0]) if given else 1.0
        except ValueError:
            weight = 0.0
        yield kind.lower(), weight


def plain_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Rows as JSON can hold them.

    Args:
        batch: The rows.

    Returns:
        One object a row: days and times in ISO 8601, no number where there is none.
    """
    return [
        {name: plain_value(value) for name, value in row.items()}
        for row in batch.to_pylist()  # of a bounded piece
    ]


def plain_value(value: Any) -> Any:
    """A value as JSON can hold it: days and times in ISO 8601, nothing where there is no number.

    Args:
        value: The value.
    """
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def columns_told(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Columns with their units and meanings.

    Args:
        columns: The columns.
    """
    return [
        {
            "name": one.name,
            "kind": one.kind,
            "unit": one.unit,
            "is_nullable": one.nullable,
            "meaning": one.meaning,
        }
        for one in columns
    ]


def as_json(value: object) -> bytes:
    """JSON in UTF-8.

    Args:
        value: What it holds.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def encoded(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, how: Format, *, is_harmless: bool = False
) -> Iterator[bytes]:
    """Rows as CSV, Arrow or Parquet, piece by piece.

    Args:
        batches: The rows.
        schema: Their columns.
        how: The format.
        is_harmless: Whether text that looks like a formula gets an apostrophe; CSV only.

    Yields:
        Bytes, in order.
    """
    sink = _Sink()
    if how == "csv":
        batches = map(_harmless, batches) if is_harmless else batches
        # RFC 4180: lines end in CR LF, and the header has the names alone.
        options = pyarrow.csv.WriteOptions(eol="\r\n", quoting_header="needed")
        writer = pyarrow.csv.CSVWriter(sink, schema, write_options=options)
    elif how == "arrow":
        writer = pa.ipc.new_stream(sink, schema)
    else:
        writer = pyarrow.parquet.ParquetWriter(sink, schema, compression="zstd")
    with writer:
        for batch in batches:
            writer.write_batch(batch)
            yield sink.taken()
    yield sink.taken()


def _harmless(batch: pa.RecordBatch) -> pa.RecordBatch:
    whole = harmless(pa.Table.from_batches([batch])).combine_chunks()
    return whole.to_batches()[0] if whole.num_rows else batch


class _Sink(io.RawIOBase):
    """A file that is read away while it is written."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._count = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._held.append(piece)
        self._count += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._count

    def taken(self) -> bytes:
        taken, self._held = b"".join(self._held), []
        return taken
