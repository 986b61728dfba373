"""Sums of declared trade over a stretch of months, beside an earlier stretch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw

from entrepot.trade.mirror import MONTHS

Level = Literal["TOTAL", "HS2", "HS4", "HS6", "CN8"]
DIGITS: dict[str, int] = {"HS2": 2, "HS4": 4, "HS6": 6, "CN8": 8}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months from first to last, both included.

    Args:
        first: First day of the first month.
        last: First day of the last month.
    """

    first: date
    last: date

    def inside(self) -> nw.Expr:
        """Whether a row's period lies in the stretch."""
        return nw.col("period").is_between(self.first, self.last)

    def months_after(self, other: Stretch) -> int:
        """Months from the first of another stretch to the first of this one.

        Args:
            other: The other stretch.

        Example:
            >>> now = Stretch(date(2022, 3, 1), date(2022, 11, 1))
            >>> now.months_after(Stretch(date(2020, 3, 1), date(2020, 11, 1)))
            24
        """
        years = self.first.year - other.first.year
        return MONTHS * years + self.first.month - other.first.month


def published_at(flows: nw.LazyFrame[Any], level: Level) -> nw.LazyFrame[Any]:
    """Keep the rows of one level of the nomenclature; levels overlap and are never added.

    Args:
        flows: Rows of ``flows``.
        level: ``TOTAL`` or the level as published.

    Returns:
        Rows of that level.
    """
    if level == "TOTAL":
        return flows.filter(nw.col("commodity") == "TOTAL")
    return flows.filter(
        nw.col("commodity").str.len_chars() == DIGITS[level], nw.col("commodity") != "TOTAL"
    )


def between(
    flows: nw.LazyFrame[Any], reporters: Collection[str], partners: Collection[str], flow: str
) -> nw.LazyFrame[Any]:
    """Keep what some reporters declared about some partners.

    Args:
        flows: Rows of ``flows``.
        reporters: Areas that declare.
        partners: Areas declared about.
        flow: Flow letter.

    Returns:
        The rows among them, monthly and yearly: they hold the same trade and are never added.
    """
    return flows.filter(
        nw.col("reporter").is_in(sorted(reporters)),
        nw.col("partner").is_in(sorted(partners)),
        nw.col("flow") == flow,
    )


def against(
    flows: nw.LazyFrame[Any], now: Stretch, base: Stretch, by: tuple[str, ...]
) -> nw.LazyFrame[Any]:
    """Sum two stretches side by side.

    ``change = value / base_value - 1``: positive where trade grew; null where the base is nil. By
    period, a month stands beside the month of the base that lies as far from its first month.

    Args:
        flows: Rows of ``flows`` of one level and one currency.
        now: The stretch of interest.
        base: The stretch it is compared with.
        by: Columns to sum by; may be empty.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value`` and ``base_value`` in that
        currency, ``change`` as a fraction, ``month_count`` of months that hold any row, and
        ``declaration_count`` and ``base_declaration_count`` of reporters' months: where they
        differ, a reporter was silent or did not trade. By period also ``base_period``, the first
        day of the period that ``base_value`` is of.
    """
    keys = (*by, *(("base_period",) if "period" in by else ()), "currency", "valuation")
    if "period" in by:
        rows = _moved(flows, now, base)
    else:
        chosen = flows.filter(now.inside() | base.inside())
        rows = _in_stretches(chosen, now.inside(), base.inside())
    sums = rows.group_by(*keys).agg(
        nw.col("_value").sum().alias("value"),
        nw.col("_base").sum().alias("base_value"),
        *_distinct("_month", "month_count"),
        *_distinct("_now", "declaration_count"),
        *_distinct("_then", "base_declaration_count"),
    )
    change = nw.when(nw.col("base_value") > 0).then(nw.col("value") / nw.col("base_value") - 1)
    counts = ("month_count", "declaration_count", "base_declaration_count")
    return sums.with_columns(
        *(
            (nw.col(name) - nw.when(nw.col(f"_{name}")).then(1).otherwise(0)).alias(name)
            for name in counts
        ),
        change=change,
    ).drop(*(f"_{name}" for name in counts))


def _in_stretches(flows: nw.LazyFrame[Any], is_now: nw.Expr, is_then: nw.Expr) -> nw.LazyFrame[Any]:
    declared = nw.concat_str(nw.col("reporter"), nw.col("period").cast(nw.String), separator=" ")
    return flows.with_columns(
        _value=nw.when(is_now).then(nw.col("value")).otherwise(0.0),
        _base=nw.when(is_then).then(nw.col("value")).otherwise(0.0),
        _month=nw.when(is_now).then(nw.col("period")),
        _now=nw.when(is_now).then(declared),
        _then=nw.when(is_then).then(declared),
    )


def _moved(flows: nw.LazyFrame[Any], now: Stretch, base: Stretch) -> nw.LazyFrame[Any]:
    """Rows of both stretches, those of the base under the period they are compared with."""
    months, period = now.months_after(base), nw.col("period")
    yes, no = nw.lit(True), nw.lit(False)
    parts = (
        _in_stretches(flows.filter(now.inside()), yes, no).with_columns(
            base_period=period.dt.offset_by(f"{-months}mo").cast(nw.Date)
        ),
        _in_stretches(flows.filter(base.inside()), no, yes)
        .with_columns(base_period=period)
        .with_columns(period=period.dt.offset_by(f"{months}mo").cast(nw.Date)),
    )
    return nw.concat(list(parts))


def _distinct(column: str, name: str) -> tuple[nw.Expr, nw.Expr]:
    """Distinct values, and whether a null is counted among them."""
    return (
        nw.col(column).n_unique().alias(name),
        nw.col(column).is_null().any().alias(f"_{name}"),
    )
