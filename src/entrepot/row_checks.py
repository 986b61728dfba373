"""What a row must be before it enters the lake: columns, kinds, nulls, choices, key.

Everything is counted by the engine in one pass; a row is only fetched to be shown in a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from entrepot.errors import LakeError
from entrepot.schema import Column, Kind, Table
from entrepot.tables import FLOWS

ENGINE_TYPES: Mapping[Kind, tuple[str, ...]] = {
    "text": ("VARCHAR",),
    "date": ("DATE",),
    "time": ("TIMESTAMP WITH TIME ZONE",),
    "float": ("DOUBLE", "FLOAT"),
    "int": ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT"),
    "bool": ("BOOLEAN",),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be wrong with a row.

    Args:
        column: Column to show.
        expected: What it should have been, in words.
        is_broken: Expression that is true where the rule is broken.
    """

    column: str
    expected: str
    is_broken: nw.Expr


def rules(table: Table) -> tuple[Rule, ...]:
    """List everything the lake checks about the rows of one table, apart from the key.

    Args:
        table: The table.
    """
    found = [rule for column in table.columns for rule in _column_rules(column)]
    if table.name == FLOWS.name:
        found += _flow_rules()
    return tuple(found)


def check_columns(relation: duckdb.DuckDBPyRelation, table: Table) -> None:
    """Refuse rows whose columns are not those of the table, in order and in kind.

    A nullable column that is null throughout may have any type: an engine cannot know better.

    Args:
        relation: The rows.
        table: The table they are meant for.

    Raises:
        LakeError: If a name, the order or a type differs.
    """
    check_names(list(relation.columns), table)
    for column, found in zip(table.columns, map(str, relation.types), strict=True):
        expected = ENGINE_TYPES[column.kind]
        if found in expected or (column.nullable and _is_null(relation, column.name)):
            continue
        raise LakeError(
            f"{table.name}.{column.name} has type {found}, expected {expected[0]} "
            f"({column.kind}). Cast it before writing."
        )


def check_names(found: list[str], table: Table) -> None:
    """Refuse column names that are not those of the table, in order.

    Args:
        found: The names.
        table: The table they are meant for.

    Raises:
        LakeError: If one is missing, unknown or out of place.
    """
    expected = list(table.column_names)
    if found == expected:
        return
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    what = (
        f"columns {missing} are missing and {unknown} are unknown"
        if missing or unknown
        else f"columns come in the order {found}"
    )
    raise LakeError(f"{table.name}: {what}, expected {expected} in this order.")


def check_rows(relation: duckdb.DuckDBPyRelation, table: Table) -> None:
    """Refuse rows that break a rule of the table or share a key.

    Args:
        relation: The rows, with the columns of the table.
        table: The table they are meant for.

    Raises:
        LakeError: Naming table, column, the first offending value and what was expected.
    """
    rows: nw.LazyFrame[Any] = nw.from_native(relation)
    checked = rules(table)
    counts = rows.select(
        *(rule.is_broken.cast(nw.Int64).sum().alias(f"rule_{i}") for i, rule in enumerate(checked))
    )
    (broken,) = counts.collect().rows()
    for rule, count in zip(checked, broken, strict=True):
        if count:
            _refuse(rows, table, rule, int(count))
    _check_key(relation, table)


def _column_rules(column: Column) -> list[Rule]:
    value = nw.col(column.name)
    found = []
    if not column.nullable:
        found.append(Rule(column.name, "a value", value.is_null()))
    if column.kind == "float":
        found.append(Rule(column.name, "a finite number", ~value.is_finite()))
    if column.choices:
        expected = f"one of {sorted(column.choices)}"
        found.append(Rule(column.name, expected, ~value.is_in(column.choices)))
    return found


def _flow_rules() -> list[Rule]:
    period, freq = nw.col("period"), nw.col("freq")
    return [
        Rule("value", "zero or more", nw.col("value") < 0),
        Rule("commodity", "a code", nw.col("commodity") == ""),
        Rule("period", "the first day of a month", period.dt.day() != 1),
        Rule("period", "1 January where freq is 'A'", (freq == "A") & (period.dt.month() != 1)),
    ]


def _is_null(relation: duckdb.DuckDBPyRelation, column: str) -> bool:
    rows: nw.LazyFrame[Any] = nw.from_native(relation)
    counted = rows.select(nw.col(column).count().alias("present")).collect()
    return int(counted.item()) == 0


def _refuse(rows: nw.LazyFrame[Any], table: Table, rule: Rule, count: int) -> None:
    # Sorted, not filtered: the statistics of a Parquet file leave NaN out, so a filter misses it.
    names = dict.fromkeys((rule.column, *table.key))
    ranked = rows.select(*names, is_broken=rule.is_broken)
    worst = ranked.sort("is_broken", descending=True, nulls_last=True).head(1)
    (row,) = worst.drop("is_broken").collect().rows(named=True)
    found = row.pop(rule.column)
    raise LakeError(
        f"{table.name}.{rule.column} is {_shown(found)}, expected {rule.expected} "
        f"({count} rows, the first with {_shown_row(row)})."
    )


def _check_key(relation: duckdb.DuckDBPyRelation, table: Table) -> None:
    """Refuse two rows with one key.

    As many distinct hashes as rows prove that the keys differ, at a fraction of the memory that
    comparing the keys takes; only where hashes repeat are the keys themselves compared.
    """
    digest = duckdb.FunctionExpression("hash", *map(duckdb.ColumnExpression, table.key))
    count = duckdb.FunctionExpression("count", duckdb.StarExpression())
    hashes = relation.select(digest.alias("digest"))
    row_count = relation.aggregate([count]).fetchall()
    if row_count == hashes.distinct().aggregate([count]).fetchall():
        return
    rows: nw.LazyFrame[Any] = nw.from_native(relation)
    repeated = rows.group_by(*table.key).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
    found = repeated.head(1).collect().rows(named=True)
    if found:
        times = found[0].pop("n")
        raise LakeError(
            f"{table.name}: {times} rows share the key {_shown_row(found[0])}, expected one row "
            f"per {list(table.key)}."
        )


def _shown(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


def _shown_row(row: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={_shown(value)}" for name, value in row.items())
