"""A table of a page: sorted by links, in pages, to be taken away as a file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

ROWS = 50  # of one page of a table: what a reader can still go through
Sorted = Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column.

    Args:
        label: What it holds.
        unit: Its unit, where it has one.
        is_number: Whether its cells are numbers.
        href: Address that sorts by it; empty where it cannot be sorted.
        order: How the table is sorted by it now.
        group: Words over it and its neighbours; empty for none.
    """

    label: str
    unit: str = ""
    is_number: bool = False
    href: str = ""
    order: Sorted = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Args:
        text: What it says.
        is_number: Whether that is a number.
        href: Where it leads; empty for nowhere.
        small: A second line.
        is_flag: Whether it marks a flagged row.
    """

    text: str
    is_number: bool = False
    href: str = ""
    small: str = ""
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a page.

    Args:
        caption: What it holds, with unit and window.
        headings: Its columns.
        rows: Its cells.
        count: Rows in all pages.
        first: Number of the first row shown, from 1; 0 where none is.
        last: Number of the last row shown.
        before: Address of the page before; empty where this is the first.
        after: Address of the next page; empty where this is the last.
        downloads: Names and addresses of files with the same rows.
        empty: What is said where there is no row.
    """

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    first: int
    last: int
    before: str
    after: str
    downloads: tuple[tuple[str, str], ...]
    empty: str

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Words over neighbouring columns and how many they span; empty where there are none."""
        if not any(heading.group for heading in self.headings):
            return ()
        made: list[tuple[str, int]] = []
        for heading in self.headings:
            if made and made[-1][0] == heading.group:
                made[-1] = (heading.group, made[-1][1] + 1)
            else:
                made.append((heading.group, 1))
        return tuple(made)


def query_of(asked: Mapping[str, object], **changed: object) -> str:
    """The query of an address: what was asked, with something changed.

    Args:
        asked: Names and values; open and empty ones are left out.
        **changed: What is other than asked.

    Returns:
        The query with its question mark; empty where nothing is asked.

    Example:
        >>> query_of({"sort": "rank", "flagged": True, "legs": ""}, sort="onset", page=None)
        '?sort=onset&flagged=1'
    """
    values = {**asked, **changed}
    plain = {
        name: 1 if value is True else value
        for name, value in values.items()
        if value not in (None, "", False)
    }
    return f"?{urlencode(plain)}" if plain else ""


def pages_of(count: int, page: int) -> tuple[int, int, bool]:
    """Which rows a page of a table shows.

    Args:
        count: Rows in all.
        page: The page, from 1; one too far is the last.

    Returns:
        Place of the first row, from 0, the page that is shown, and whether one follows.

    Example:
        >>> pages_of(120, 3), pages_of(120, 9), pages_of(0, 1)
        ((100, 3, False), (100, 3, False), (0, 1, False))
    """
    last = max(1, -(-count // ROWS))
    shown = min(max(page, 1), last)
    return (shown - 1) * ROWS, shown, shown < last


def as_csv(rows: pa.Table) -> bytes:
    """Rows as CSV that no spreadsheet takes for a formula.

    Args:
        rows: The rows.

    Returns:
        UTF-8 with a header; text that begins like a formula has an apostrophe before it.
    """
    sink = io.BytesIO()
    pyarrow.csv.write_csv(harmless(rows), sink)
    return sink.getvalue()


def as_parquet(rows: pa.Table) -> bytes:
    """Rows as Parquet.

    Args:
        rows: The rows.

    Returns:
        The file.
    """
    sink = io.BytesIO()
    pyarrow.parquet.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def harmless(rows: pa.Table) -> pa.Table:
    """Rows in which no text is taken for a formula by a spreadsheet.

    Args:
        rows: The rows.

    Returns:
        The same; text that begins like a formula has an apostrophe before it.
    """
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            column = rows.column(place)
            risky = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
            quoted = pc.binary_join_element_wise("'", column, "")
            rows = rows.set_column(place, field.name, pc.if_else(risky, quoted, column))
    return rows


def plain_listing(
    caption: str, headings: Sequence[Heading], rows: Sequence[Sequence[Cell]], empty: str
) -> Listing:
    """A table that stands on one page as it is.

    Args:
        caption: What it holds.
        headings: Its columns.
        rows: Its cells.
        empty: What is said where there is no row.

    Returns:
        The table.
    """
    return Listing(
        caption=caption,
        headings=tuple(headings),
        rows=tuple(tuple(row) for row in rows),
        count=len(rows),
        first=min(1, len(rows)),
        last=len(rows),
        before="",
        after="",
        downloads=(),
        empty=empty,
    )
