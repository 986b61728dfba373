"""How concentrated a reporter's trade is on few partners: Herfindahl and Hirschman's index."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.trade.partners import UNIT, is_unspecified


def concentration(sums: nw.LazyFrame[Any], total: float | None) -> nw.LazyFrame[Any]:
    """Measure concentration among the partners held, and bound it among all.

    ``hhi = sum s_i^2`` over shares of the partners held: 1 where one partner has all, ``1 / n``
    where n have the same. ``hhi_normalised = (hhi - 1/n) / (1 - 1/n)``, from 0 to 1 whatever n.
    Among all partners, with shares of ``total``, the known ones give ``hhi_low = sum s_i^2`` (what
    is missing scattered over many), and ``hhi_high`` puts what is missing into one further partner
    and what has no partner where it weighs most. Stops being true where the total is of another
    period, valuation or set of goods.

    Args:
        sums: Sums by ``partner``: ``value``, ``currency``, ``valuation``.
        total: Trade with all partners in the same unit; ``None`` where it is not known.

    Returns:
        For each unit ``partner_count``, ``hhi``, ``hhi_normalised`` (null with fewer than two
        partners), ``hhi_low`` and ``hhi_high`` (null where the total is not known), fractions.

    Source:
        Hirschman, A. O. (1964), The Paternity of an Index, American Economic Review 54(5).
    """
    is_named = ~is_unspecified() & (nw.col("value") > 0)
    value = nw.when(is_named).then(nw.col("value"))
    held = (
        sums.with_columns(_value=value, _square=value * value)
        .group_by(*UNIT)
        .agg(
            nw.col("_value").count().alias("partner_count"),
            nw.col("_value").sum().alias("_known"),
            nw.col("_value").max().alias("_largest"),
            nw.col("_square").sum().alias("_squares"),
            nw.col("value").sum().alias("_all"),
        )
        .filter(nw.col("partner_count") > 0)
    )
    known, count = nw.col("_known"), nw.col("partner_count")
    hhi = nw.col("_squares") / (known * known)
    even = 1 / count
    index = held.with_columns(
        hhi=hhi, hhi_normalised=nw.when(count > 1).then((hhi - even) / (1 - even))
    )
    low, high = _bounds(total)
    return index.with_columns(hhi_low=low, hhi_high=high).select(
        *UNIT, "partner_count", "hhi", "hhi_normalised", "hhi_low", "hhi_high"
    )


def _bounds(total: float | None) -> tuple[nw.Expr, nw.Expr]:
    if total is None:
        return (nw.lit(None, dtype=nw.Float64),) * 2
    largest, squares = nw.col("_largest"), nw.col("_squares")
    unspecified = nw.col("_all") - nw.col("_known")
    missing = nw.max_horizontal(total - nw.col("_all"), nw.lit(0.0))
    # A sum of squares is largest at an end: all that has no partner to one of the two.
    with_largest = squares + 2 * largest * unspecified + unspecified * unspecified
    high = nw.max_horizontal(
        with_largest + missing * missing,
        squares + (missing + unspecified) * (missing + unspecified),
    )
    return squares / total**2, high / total**2
