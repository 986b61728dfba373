"""Who declared what, and when: months held, months missing, months with few rows.

Counts, not verdicts: a month with few rows may be one that was published in part, or a month with
little trade.
"""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.trade.summary import DIGITS

SERIES = ("dataset", "reporter", "flow", "freq")
# Rows under this part of the series' own median are counted as few.
FEW = 0.5
MONTHS_OF_YEAR = 12


def with_level(flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Name the level of the nomenclature that each row was published at.

    Args:
        flows: Rows of ``flows``.

    Returns:
        The rows with ``level``: ``TOTAL``, ``HS2`` … ``CN8``, or ``other``.
    """
    length = nw.col("commodity").str.len_chars()
    level = nw.lit("other")
    for name, digits in DIGITS.items():
        level = nw.when(length == digits).then(nw.lit(name)).otherwise(level)
    total = nw.col("commodity") == "TOTAL"
    return flows.with_columns(level=nw.when(total).then(nw.lit("TOTAL")).otherwise(level))


def periods_held(flows: nw.LazyFrame[Any], by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Count what is held of each period of each series.

    Args:
        flows: Rows of ``flows``, each declaration once.
        by: Further columns that set series apart, such as ``level``.

    Returns:
        One row a series (dataset, reporter, flow, frequency and ``by``) and ``period``:
        ``row_count``, ``partner_count``, ``commodity_count``, and ``usual_count``, the median of
        ``row_count`` over the series' periods.
    """
    series = (*SERIES, *by)
    held = flows.group_by(*series, "period").agg(
        nw.len().alias("row_count"),
        nw.col("partner").n_unique().alias("partner_count"),
        nw.col("commodity").n_unique().alias("commodity_count"),
    )
    usual = held.group_by(*series).agg(nw.col("row_count").median().alias("usual_count"))
    return held.join(usual, on=list(series), how="inner")


def completeness(held: nw.LazyFrame[Any], by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Sum up how complete each series is between its first and its last period.

    ``missing_count = periods from first to last - periods held``. What lies before the first or
    after the last is not counted: nobody says that the reporter should have published it.

    Args:
        held: Rows of :func:`periods_held`.
        by: Further columns that set series apart.

    Returns:
        One row a series: ``first`` and ``last`` (first days), ``period_count`` held,
        ``missing_count``, ``few_count`` of periods with under half the usual rows, ``row_count``
        in all, ``usual_count``, ``fewest_count`` of rows in a period, and the largest
        ``partner_count`` and ``commodity_count`` of a period.
    """
    is_few = nw.col("row_count") < FEW * nw.col("usual_count")
    sums = (
        held.with_columns(_few=is_few.cast(nw.Int64))
        .group_by(*SERIES, *by)
        .agg(
            nw.col("period").min().alias("first"),
            nw.col("period").max().alias("last"),
            nw.col("period").count().alias("period_count"),
            nw.col("_few").sum().cast(nw.Int64).alias("few_count"),
            nw.col("row_count").min().alias("fewest_count"),
            nw.col("row_count").sum().cast(nw.Int64),
            nw.col("usual_count").max(),
            nw.col("partner_count").max(),
            nw.col("commodity_count").max(),
        )
    )
    first, last = nw.col("first"), nw.col("last")
    years = last.dt.year() - first.dt.year()
    months = years * MONTHS_OF_YEAR + last.dt.month() - first.dt.month()
    span = nw.when(nw.col("freq") == "A").then(years).otherwise(months) + 1
    return sums.with_columns(missing_count=span - nw.col("period_count"))
