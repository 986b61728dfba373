"""Answers of UN Comtrade's interface as JSON: ``/data/v1/get`` and ``/public/v1/preview``.

One object, ``{"elapsedTime": …, "count": 2, "data": [{…}, {…}], "error": ""}``; a record has the
47 fields of the current CSV layout, and is read by the same rules (:mod:`.comtrade_csv`).

What the answers do that a reader must know:

- An answer holds at most 500 records without a key, 100,000 with one, 250,000 with a paid one, and
  says nothing of what it left out. An answer of exactly so many is taken to be cut and refused.
- Descriptions are null unless asked for; an open amount is null.
- Numbers and truth values are JSON's own: ``"reporterCode": 51``, ``"isQtyEstimated": false``.
- A request that failed is answered with an ``error``, or with ``statusCode`` and ``message``: no
  data, and never an empty answer.
- An empty answer is no zero either: nothing is published, or the question was misspelt. It gives
  no rows.

Checked against answers kept by public clients (comtradr's test records of ``/data/v1/get``, a
preview of September 2026), not against the service.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.rows import arrow_schema
from entrepot.sources.comtrade_csv import NUMBERS, batches_of, reading_of
from entrepot.sources.comtrade_layout import CURRENT, CURRENT_READ, layout_of
from entrepot.sources.comtrade_lines import Lines, lines_of
from entrepot.sources.delimited import NUMBER, Head
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "comtrade_json"

# Records that one answer holds at most: https://uncomtrade.org/docs/subscriptions/.
LIMITS = {500: "without a key", 100_000: "with a key", 250_000: "with a paid key"}

_GZIP = b"\x1f\x8b"
_HEAD = 1 << 12
_MARKS = (b'"elapsedTime"', b'"statusCode"')
_LINE = re.compile(r"\bline (\d+)")
_pick = itemgetter(*CURRENT_READ.values())

Record = tuple[object, ...]


def looks_like_answer(path: Path) -> bool:
    """Whether a file begins like an answer of the interface, perhaps one that says no.

    Args:
        path: The file, perhaps compressed with gzip.

    Raises:
        SourceError: If the file begins like gzip and is not.
    """
    head = _bytes_of(path, _HEAD)
    is_object = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    return is_object and any(mark in head for mark in _MARKS)


def read_comtrade_json(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read an answer of UN Comtrade's interface, plain or compressed with gzip.

    Args:
        source: The file.
        on_progress: Told after every half million rows.

    Returns:
        A reading of ``flows`` in US dollars, the same as of the CSV of the same records.

    Raises:
        SourceError: If the answer is an error, is cut short or was cut off at the limit, or if a
            record is not as documented above.
    """
    records = _records(source)
    if not records:
        return reading_of(source, READER, iter([Batch(arrow_schema(FLOWS).empty_table())]))
    columns = zip(*records, strict=True)
    table = pa.table(
        {
            theirs: _numbers(source, theirs, values) if ours in NUMBERS else _texts(values)
            for (ours, theirs), values in zip(CURRENT_READ.items(), columns, strict=True)
        }
    )
    with _counting_records():
        lines = lines_of(source, table, CURRENT_READ)
    return reading_of(source, READER, _rows_of(source, lines, on_progress))


def _records(source: SourceFile) -> list[Record]:
    """The fields to read of every record, after the answer as a whole was checked."""
    shapes: dict[tuple[str, ...], None] = {}

    def shorten(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Record:
        # A quarter of a million records of 47 fields would take a gigabyte.
        fields = dict(pairs)
        if "data" in fields or "cmdCode" not in fields:
            return fields
        shapes[tuple(fields)] = None
        return _pick(fields) if fields.keys() >= set(CURRENT_READ.values()) else ()

    try:
        answer = json.loads(
            _bytes_of(source.path, -1).decode("utf-8-sig"),
            object_pairs_hook=shorten,
            parse_constant=_refuse_constant,
        )
    except ValueError as error:  # of JSON or of UTF-8
        raise SourceError(
            f"{source.name}: not a whole answer in JSON ({error}). The download may have been cut "
            "short: fetch it again."
        ) from error
    records = _data_of(source, answer)
    for shape in shapes:
        layout_of(source.name, Head(shape, ",", has_open_end=False, is_bare=False))
    return records


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _data_of(source: SourceFile, answer: dict[str, Any]) -> list[Record]:
    said = answer.get("error") or answer.get("message")
    if said or "data" not in answer:
        raise SourceError(
            f"{source.name}: UN Comtrade answered {said or sorted(answer)!r}, expected data. Put "
            "the question right, check the key, or ask again later."
        )
    data, count = answer["data"], answer.get("count")
    if not isinstance(data, list) or not all(isinstance(record, tuple) for record in data):
        raise SourceError(
            f"{source.name}: data is no list of records with the fields {list(CURRENT[:3])} …, "
            "expected an answer of /data/v1/get or /public/v1/preview. Tariff lines are not read."
        )
    if count != len(data):
        raise SourceError(
            f"{source.name}: count is {count!r}, expected {len(data)}, the records in data. The "
            "answer is not whole: fetch it again."
        )
    if count in LIMITS:
        raise SourceError(
            f"{source.name}: holds {count:,} records, expected fewer: so many are all that one "
            f"answer {LIMITS[count]} may hold, and what was left out is not said. Ask for less at "
            "once, e.g. one month, one reporter or fewer commodities, or use a key."
        )
    return data


def _texts(values: tuple[object, ...]) -> pa.Array:
    return pa.array(["" if v is None else str(v) for v in values], pa.string()).dictionary_encode()


def _numbers(source: SourceFile, name: str, values: tuple[object, ...]) -> pa.Array:
    for place, value in enumerate(values, start=1):
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            raise SourceError(
                f"{source.name}, record {place}: {name} is {value!r}, expected a number or null. "
                "Fetch the answer again."
            )
    return pa.array(values, NUMBER)


@contextmanager
def _counting_records() -> Iterator[None]:
    """Name records, counted from one, where the rules name lines below a header."""
    try:
        yield
    except SourceError as error:
        said = _LINE.sub(lambda found: f"record {int(found.group(1)) - 1}", str(error))
        raise SourceError(said) from error


def _rows_of(source: SourceFile, lines: Lines, on_progress: OnProgress) -> Iterator[Batch]:
    with _counting_records():
        yield from batches_of(source, lines, on_progress)


def _bytes_of(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        is_gzip = file.read(len(_GZIP)) == _GZIP
    try:
        with gzip.open(path) if is_gzip else path.open("rb") as file:
            return file.read(size)
    except (EOFError, OSError, zlib.error) as error:
        raise SourceError(
            f"{path.name}: not a whole gzip file ({error}). The download may have been cut short: "
            "fetch the file again."
        ) from error
