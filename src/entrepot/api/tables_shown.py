"""Rows of any table as a program asks for them: filtered, ordered by the key, after a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.leads_shown import Rows
from entrepot.dossier.runs import latest_run
from entrepot.lake import Lake
from entrepot.rows import arrow_schema
from entrepot.schema import Column, Table
from entrepot.tables import DIAGNOSTICS, FLOWS, LEADS, SERIES, SOURCES, TABLES, TOTALS
from entrepot.trade.vintage import contested, latest

Value = str | int | bool | date
OF_RUNS = (SERIES.name, LEADS.name, TOTALS.name, DIAGNOSTICS.name)
# Of these the newest is meant where nothing else is said: a sum over two vintages counts twice.
VINTAGED = (FLOWS.name, *OF_RUNS)
BATCH = 10_000  # rows held at once: some two megabytes
SECONDS = 20.0  # that the engine may work on a batch
_ALSO = ("source_id", "run_id", "dataset")  # what rows are told apart by, in no table's key


@dataclass(frozen=True, slots=True)
class TableAsked:
    """Which rows of a table are asked for.

    Args:
        table: The table.
        equal: Columns and the values of which they must have one.
        since: Columns and the first day they may hold.
        until: Columns and the last day they may hold.
        prefixes: Columns and the beginnings of which they must have one.
        order: Columns of the key, all of them, each with whether it falls.
        after: The key behind which the rows begin, in that order; empty for the first.
        is_latest: Whether only the newest vintage is meant, where there are several.
    """

    table: Table
    equal: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    since: tuple[tuple[str, date], ...] = ()
    until: tuple[tuple[str, date], ...] = ()
    prefixes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    after: tuple[Value, ...] = ()
    is_latest: bool = False


def filters_of(table: Table) -> tuple[Column, ...]:
    """Columns a table can be asked by: its key, closed lists, days, source, run and dataset.

    Args:
        table: The table.

    Returns:
        The columns, in the order of the table.

    Example:
        >>> from entrepot.tables import TRUTH
        >>> [column.name for column in filters_of(TRUTH)]
        ['source_id', 'intermediary', 'commodity', 'period']
    """
    return tuple(
        column
        for column in table.columns
        if column.name in (*table.key, *_ALSO) or column.choices or column.kind == "date"
    )


def has_prefix(column: Column) -> bool:
    """Whether a column can be asked by how it begins: it holds codes of goods.

    Args:
        column: The column.
    """
    return column.kind == "text" and column.name.endswith("commodity")


def order_of(table: Table, asked: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """An order of all columns of the key, so that no two rows stand level.

    Args:
        table: The table.
        asked: Columns of the key to begin with; a minus sign before one lets it fall.

    Returns:
        Each column with whether it falls.

    Example:
        >>> from entrepot.tables import LISTED_COMMODITIES as LISTED
        >>> order_of(LISTED, ("-commodity",))[:2]
        (('commodity', True), ('source_id', False))
    """
    first = {name.removeprefix("-"): name.startswith("-") for name in asked}
    return (*first.items(), *((name, False) for name in table.key if name not in first))


def is_contested(lake: Lake) -> bool:
    """Whether several vintages of one declaration are in the lake; where none, none is chosen.

    Args:
        lake: The lake.
    """
    if not lake.has(FLOWS):
        return False
    counted = contested(lake.table(FLOWS), lake.table(SOURCES)).collect("pyarrow")
    return bool(counted["count"].to_list()[0])


def rows_of_table(lake: Lake, asked: TableAsked) -> Rows:
    """Rows of a table, in order.

    Args:
        lake: The lake, which holds some.
        asked: Which.

    Returns:
        A lazy frame with the columns of the table.

    Raises:
        LakeError: If the lake is torn.
    """
    rows = lake.table(asked.table)
    name = asked.table.name
    if asked.is_latest and name == FLOWS.name:
        rows = latest(rows, lake.table(SOURCES))
    if asked.is_latest and name in OF_RUNS and "run_id" not in dict(asked.equal):
        rows = rows.filter(nw.col("run_id") == latest_run(lake))
    wanted = [nw.col(name).is_in(list(values)) for name, values in asked.equal]
    wanted += [nw.col(name) >= first for name, first in asked.since]
    wanted += [nw.col(name) <= last for name, last in asked.until]
    wanted += [
        nw.any_horizontal(
            *(nw.col(name).str.starts_with(one) for one in beginnings), ignore_nulls=True
        )
        for name, beginnings in asked.prefixes
    ]
    if asked.after:
        wanted.append(_behind(asked))
    if wanted:
        rows = rows.filter(*wanted)
    names = [name for name, _ in asked.order]
    return rows.sort(*names, descending=[falls for _, falls in asked.order])


def _behind(asked: TableAsked) -> nw.Expr:
    """Rows behind a key: later in the first column, or level in it and behind in the rest."""
    behind: nw.Expr | None = None
    for (name, falls), value in reversed(list(zip(asked.order, asked.after, strict=True))):
        column = nw.col(name)
        later = column < value if falls else column > value
        behind = later if behind is None else later | ((column == value) & behind)
    if behind is None:
        raise AssertionError("a key has a column")
    return behind


def batches_of_table(
    lake: Lake, asked: TableAsked, columns: tuple[str, ...], limit: int
) -> Iterator[pa.RecordBatch]:
    """Rows of a table in pieces.

    Args:
        lake: The lake.
        asked: Which rows.
        columns: Which columns, in order.
        limit: Rows in all; 0 for every row.

    Yields:
        At least one piece, which may be empty.

    Raises:
        LakeError: If the lake is torn, or the engine takes too long.
    """
    told = False
    if lake.has(asked.table):
        rows = rows_of_table(lake, asked)
        chosen = (rows.head(limit) if limit else rows).select(*columns)
        for batch in lake.batches(chosen, BATCH, SECONDS):
            told = True
            yield batch
    if not told:
        fields = arrow_schema(asked.table)
        yield pa.RecordBatch.from_pylist([], pa.schema([fields.field(name) for name in columns]))


def sources_held(lake: Lake) -> list[dict[str, Any]]:
    """Files of the lake.

    Args:
        lake: The lake.

    Returns:
        Rows of ``sources``, by dataset and name; none where nothing was ingested.
    """
    if not lake.has(SOURCES):
        return []
    found = lake.table(SOURCES).sort("dataset", "path", "source_id").collect("pyarrow")
    rows: list[dict[str, Any]] = found.to_native().to_pylist()
    return rows


def rows_from(lake: Lake, source_id: str) -> dict[str, int]:
    """Count what came from one file.

    Args:
        lake: The lake.
        source_id: The file.

    Returns:
        Rows by name of the table; tables without any are left out.

    Raises:
        LakeError: If the lake is torn.
    """
    counts = {}
    for table in TABLES.values():
        if "source_id" in table.column_names and table != SOURCES and lake.has(table):
            rows = lake.table(table).filter(nw.col("source_id") == source_id)
            counts[table.name] = int(rows.select(nw.len()).collect("pyarrow").item())
    return {name: count for name, count in counts.items() if count}
