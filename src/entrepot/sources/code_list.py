"""Control lists as CSV: which commodity codes stand on a list.

Three headers are known:

- ``code,product``: codes and words, as extracted from the annexes of an act;
- ``commodity`` and any of ``description, tier, valid_from, valid_to, locator``: our own form;
- ``hs6_2022,tier,description_hs2022,…``: the Common High Priority List with its conversions to
  HS2017, which are not read: ``codes/`` holds checked predecessors.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.rows import arrow_schema
from entrepot.sources.reading import Batch, Reading, SourceFile, lost_zero
from entrepot.tables import LISTED_COMMODITIES

READER = "code_list"
DATASET = "control_list"
NOT_STATED = "not stated in the file"

_OWN = ("commodity", "description", "tier", "valid_from", "valid_to", "locator")
_EXTRACT = {"code": "commodity", "product": "description"}
_PRIORITY = {"hs6_2022": "commodity", "tier": "tier", "description_hs2022": "description"}
_PRIORITY_UNREAD = {"hs6_2017_candidates", "hs6_2017_conversion"}
_CODE = re.compile(r"(\d\d){1,4}")
_CN_LENGTH = 8


def columns_of(header: str) -> dict[str, str] | None:
    """Recognise the header of a control list.

    Args:
        header: First line of the file.

    Returns:
        Names of the file's columns and of ours, or ``None`` where it is no control list.

    Example:
        >>> columns_of("commodity,tier")
        {'commodity': 'commodity', 'tier': 'tier'}
        >>> columns_of("REPORTER,PARTNER") is None
        True
    """
    try:
        names = next(csv.reader([header.lstrip("\ufeff").strip()]), [])
    except csv.Error:  # bytes of something else, such as gzip
        return None
    if set(names) == set(_EXTRACT):
        return _EXTRACT
    if set(_PRIORITY) <= set(names) <= set(_PRIORITY) | _PRIORITY_UNREAD:
        return _PRIORITY
    if "commodity" in names and set(names) <= set(_OWN) and len(set(names)) == len(names):
        return {name: name for name in names}
    return None


def first_line(path: Path) -> str:
    """Read the first line of a file, as far as it is text.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        return file.readline(4096).decode("utf-8", errors="replace")


def read_code_list(source: SourceFile, *, list_id: str) -> Reading:
    """Read a control list.

    Args:
        source: The file.
        list_id: Name of the list, e.g. ``eu-export-ban``.

    Returns:
        A reading of ``listed_commodities``.

    Raises:
        SourceError: If a code is not one of 2, 4, 6 or 8 digits, stands there twice, or a date is
            not ISO 8601.
    """
    columns = columns_of(first_line(source.path))
    if columns is None:
        raise SourceError(
            f"{source.name}: header is {first_line(source.path).strip()[:80]!r}, expected "
            "'code,product', 'commodity,…' or 'hs6_2022,tier,description_hs2022,…'."
        )
    return Reading(
        table=LISTED_COMMODITIES,
        dataset=DATASET,
        vintage=f"{source.retrieved_at:%Y-%m-%d}",
        publisher=NOT_STATED,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, columns, list_id),
    )


def _batches(source: SourceFile, columns: Mapping[str, str], list_id: str) -> Iterator[Batch]:
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            rows = [_row(source, reader, entry, columns, list_id) for entry in reader]
        except (csv.Error, UnicodeDecodeError) as error:
            raise SourceError(
                f"{source.name}, line {reader.line_num}: {error}, expected CSV in UTF-8."
            ) from error
    if not rows:
        raise SourceError(f"{source.name}: holds a header and no code, expected a control list.")
    _refuse_twice(source, rows)
    yield Batch(pa.Table.from_pylist(rows, schema=arrow_schema(LISTED_COMMODITIES)))


def _row(
    source: SourceFile,
    reader: csv.DictReader[str],
    entry: Mapping[str | None, str | None],
    columns: Mapping[str, str],
    list_id: str,
) -> dict[str, object]:
    place = f"{source.name}, line {reader.line_num}"
    if None in entry or None in entry.values():
        raise SourceError(
            f"{place}: expected {len(reader.fieldnames or [])} columns, as in line 1."
        )
    found = {ours: (entry[theirs] or "").strip() for theirs, ours in columns.items()}
    code = found["commodity"]
    if lost_zero(code):
        raise SourceError(
            f"{place}: code is {code!r}, expected 2, 4, 6 or 8 digits. A leading zero was lost, "
            "probably in a spreadsheet: use the publisher's file."
        )
    if not _CODE.fullmatch(code):
        raise SourceError(f"{place}: code is {code!r}, expected 2, 4, 6 or 8 digits.")
    return {
        "source_id": source.source_id,
        "list_id": list_id,
        "classification": "CN" if len(code) == _CN_LENGTH else "HS",
        "commodity": code,
        "tier": found.get("tier") or None,
        "description": found.get("description") or None,
        "valid_from": _date(place, "valid_from", found.get("valid_from")),
        "valid_to": _date(place, "valid_to", found.get("valid_to")),
        "locator": found.get("locator") or place,
    }


def _date(place: str, name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(
            f"{place}: {name} is {text!r}, expected a date like 2022-12-16."
        ) from None


def _refuse_twice(source: SourceFile, rows: list[dict[str, object]]) -> None:
    seen: dict[tuple[object, object], object] = {}
    for row in rows:
        first = seen.setdefault((row["commodity"], row["valid_from"]), row["locator"])
        if first != row["locator"]:
            raise SourceError(
                f"{row['locator']}: code {row['commodity']!r} stands at {first} already, expected "
                "each code once per first day on the list."
            )
