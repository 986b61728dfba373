"""Rows of results in the order a reader wants them, ranked in the engine."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

Rows = nw.LazyFrame[Any]


def ranked(
    rows: Rows, keys: tuple[str, ...], flags: nw.Expr, limit: int | None
) -> tuple[pa.Table, int]:
    """Keep the rows of one thing together: the most flagged first, then the largest excess.

    Args:
        rows: Rows of ``leads`` or ``totals`` of one run.
        keys: Columns that name a thing whatever the bracket.
        flags: How much a row is flagged; summed over its brackets.
        limit: Things to keep; all where open.

    Returns:
        Their rows, brackets side by side, and how many things there are in all.
    """
    order = (
        rows.with_columns(_flags=flags)
        .group_by(*keys)
        .agg(_flags=nw.col("_flags").sum(), _largest=nw.col("excess").max())
    )
    count: int = order.select(nw.len()).collect("pyarrow").item()
    by = ("_flags", "_largest", *keys)
    falling = [True, True, *(False for _ in keys)]
    first = (
        order if limit is None else order.sort(*by, descending=falling, nulls_last=True).head(limit)
    )
    kept = (
        rows.join(first, on=list(keys), how="inner")
        .sort(*by, "bracket", descending=[*falling, False], nulls_last=True)
        .drop("_flags", "_largest")
    )
    return kept.collect("pyarrow").to_native(), count


def has_split(rows: Rows) -> bool:
    """Whether a second leg tells about anything of a run.

    Args:
        rows: All rows of ``leads`` or ``totals`` of the run, whichever of them are shown.
    """
    told: int = rows.filter(nw.col("legs") != "U").select(nw.len()).collect("pyarrow").item()
    return told > 0
