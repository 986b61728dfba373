"""Sums of declared trade over a stretch of months, beside an earlier stretch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw

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
        The monthly rows among them.
    """
    return flows.filter(
        nw.col("reporter").is_in(sorted(reporters)),
        nw.col("partner").is_in(sorted(partners)),
        nw.col("flow") == flow,
        nw.col("freq") == "M",
    )


def against(
    flows: nw.LazyFrame[Any], now: Stretch, base: Stretch, by: tuple[str, ...]
) -> nw.LazyFrame[Any]:
    """Sum two stretches side by side.

    ``change = value / base_value - 1``: positive where trade grew; null where the base is nil.

    Args:
        flows: Rows of ``flows`` of one level and one currency.
        now: The stretch of interest.
        base: The stretch it is compared with.
        by: Columns to sum by; may be empty.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value`` and ``base_value`` in that
        currency, ``change`` as a fraction, ``month_count`` of months that hold any row, and
        ``declaration_count`` and ``base_declaration_count`` of reporters' months: where they
        differ, a reporter was silent or did not trade.
    """
    keys = (*by, "currency", "valuation")
    value = nw.when(now.inside()).then(nw.col("value")).otherwise(0.0)
    base_value = nw.when(base.inside()).then(nw.col("value")).otherwise(0.0)
    month = nw.when(now.inside()).then(nw.col("period"))
    declared = nw.concat_str(nw.col("reporter"), nw.col("period").cast(nw.String), separator=" ")
    sums = (
        flows.filter(now.inside() | base.inside())
        .with_columns(_value=value, _base=base_value, _month=month)
        .with_columns(
            _now=nw.when(now.inside()).then(declared), _then=nw.when(base.inside()).then(declared)
        )
        .group_by(*keys)
        .agg(
            nw.col("_value").sum().alias("value"),
            nw.col("_base").sum().alias("base_value"),
            *_distinct("_month", "month_count"),
            *_distinct("_now", "declaration_count"),
            *_distinct("_then", "base_declaration_count"),
        )
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


def _distinct(column: str, name: str) -> tuple[nw.Expr, nw.Expr]:
    """Distinct values, and whether a null is counted among them."""
    return (
        nw.col(column).n_unique().alias(name),
        nw.col(column).is_null().any().alias(f"_{name}"),
    )
