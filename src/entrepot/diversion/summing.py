"""The one place where trade leaves the engine: exports summed by commodity, partner and month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain, groupby
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entrepot.diversion.cube import coded
from entrepot.diversion.inquiry import DIGITS, Inquiry
from entrepot.diversion.layout import Sums
from entrepot.diversion.monthly_sums import (
    MonthlySums,
    kept_sums,
    of_months,
    stamps,
    together,
    unchanged_months,
)
from entrepot.diversion.stages import Stages

MOST_ROWS = 4_000_000  # declarations whose sums are fetched at once


def is_cn8() -> nw.Expr:
    """Whether a row is of the Combined Nomenclature at eight digits.

    Returns:
        The condition on rows of ``flows``.
    """
    return (nw.col("classification") == "CN") & (nw.col("commodity").str.len_chars() == 8)


def array(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column as an array.

    Args:
        column: A column without nulls.

    Returns:
        Its values.
    """
    values: NDArray[Any] = column.combine_chunks().to_numpy(zero_copy_only=False)
    return values


def sum_months(
    rows: nw.LazyFrame[Any],
    stock: pa.Table,
    days: pa.Table | None,
    how: tuple[Inquiry, Stages],
) -> Sums:
    """Sum CN8 rows about a named partner; months that did not change keep their sums.

    Args:
        rows: Declared exports.
        stock: What is held of them, by reporter, month, source and kind of row.
        days: Listed commodities; ``None`` takes every commodity as listed.
        how: The question, and where months are kept that its last run has summed.

    Returns:
        Sums by commodity, listing, partner and month, in the currency of the rows.
    """
    inquiry, stages = how
    listed = [] if days is None else sorted(days["commodity"].to_pylist())
    now = stamps(stock, "all" if days is None else " ".join(listed))
    past = stages.last("sums", MonthlySums)
    same = unchanged_months(past, now)
    changed = sorted(set(now) - set(same.astype("datetime64[D]").tolist()))
    kept = [] if past is None or not len(same) else [of_months(past, same)]
    del past
    fresh = (_fetch(part, days, inquiry) for part in _runs(rows, stock, changed))
    sums = together(chain(kept, fresh))
    stages.leave("sums", kept_sums(sums, now))
    return sums


def _runs(
    rows: nw.LazyFrame[Any], stock: pa.Table, months: list[date]
) -> Iterator[nw.LazyFrame[Any]]:
    """Rows of some months, year by year where all their sums would not fit beside the panel."""
    held = stock.filter(pc.is_in(stock["period"], pa.array(months, pa.date32())))
    are_many = (pc.sum(held["row_count"]).as_py() or 0) > MOST_ROWS
    if len(held) == len(stock) and not are_many:
        yield rows
        return
    for _, run in groupby(months, key=lambda month: month.year if are_many else 0):
        yield rows.filter(nw.col("period").is_in(list(run)))


def _fetch(rows: nw.LazyFrame[Any], days: pa.Table | None, inquiry: Inquiry) -> Sums:
    """Sum CN8 rows about a named partner."""
    is_listed = (
        nw.lit(True) if days is None else nw.col("commodity").is_in(days["commodity"].to_pylist())
    )
    sums = (
        rows.filter(is_cn8(), nw.col("obs_status") != "C", ~nw.col("partner").str.starts_with("_"))
        .with_columns(is_listed=is_listed)
        .with_columns(code=nw.col("commodity").str.slice(0, DIGITS[inquiry.level]))
        .group_by("code", "is_listed", "partner", "period")
        .agg(nw.col("value").sum())
        .filter(nw.col("value") > 0)
        .collect("pyarrow")
        .to_native()
    )
    return Sums(
        commodity=coded(sums["code"]),
        is_listed=array(sums["is_listed"]),
        partner=coded(sums["partner"]),
        month=array(sums["period"]).astype("datetime64[M]"),
        value=array(sums["value"]),
    )
