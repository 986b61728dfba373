"""Partners of a reporter: turnover, ranks, shares, and how far a rank reaches.

All formulas take the sums of :func:`entrepot.trade.summary.against` by partner. What is not held is
not nil: a rank among the partners held is the rank among all partners, or better than it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.trade.summary import Stretch, against

NOT_SPECIFIED = "_X"  # also after the name of a grouping: EU_X is a member that is not named
UNIT = ("currency", "valuation")
COUNTS = ("month_count", "declaration_count", "base_declaration_count")


def by_partner(
    flows: nw.LazyFrame[Any], reporters: Collection[str], flow_codes: Collection[str], freq: str
) -> nw.LazyFrame[Any]:
    """Keep what some reporters declared about single partners, each trade once.

    Rows by country of consignment name the same trade again and are left out, and so is what the
    reporters declared about each other.

    Args:
        flows: Rows of ``flows``.
        reporters: Areas that declare; several are taken together as one.
        flow_codes: Flow letters.
        freq: ``M`` or ``A``.

    Returns:
        The rows among them; ``partner`` is an area, ``_X`` or ``EU_X``, never the world.
    """
    return flows.filter(
        nw.col("reporter").is_in(sorted(reporters)),
        nw.col("flow").is_in(sorted(flow_codes)),
        nw.col("freq") == freq,
        nw.col("partner2") == "_T",
        nw.col("partner") != "_T",
        ~nw.col("partner").is_in(sorted(reporters)),
    )


def is_unspecified() -> nw.Expr:
    """Whether a row names no single partner: ``_X``, or ``EU_X`` for some member of the EU."""
    return nw.col("partner").str.ends_with(NOT_SPECIFIED)


def turnover(sums: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Add the exports and the imports that one reporter declared about each partner.

    ``turnover = exports + imports``, called mutual trade: both sides as the one reporter declared
    them, each with its own valuation, so that the sum is of mixed valuation. One's exports are
    never added to the other's. Stops being true where a flow was not published at all: check that
    both were, for a flow without a row counts as nil here.

    Args:
        sums: Sums by ``partner`` and ``flow`` (``X`` and ``M``).

    Returns:
        ``partner``, ``currency``, ``valuation`` (both, where they differ), ``exports``,
        ``imports`` and ``value``, their sum, in that currency; ``base_value`` and ``change`` of the
        sum, as a fraction; counts as in ``sums``, of the flow that has more.
    """
    low, high = nw.col("_low"), nw.col("_high")
    added = (
        sums.with_columns(
            _exports=nw.when(nw.col("flow") == "X").then(nw.col("value")).otherwise(0.0),
            _imports=nw.when(nw.col("flow") == "M").then(nw.col("value")).otherwise(0.0),
        )
        .group_by("partner", "currency")
        .agg(
            nw.col("_exports").sum().alias("exports"),
            nw.col("_imports").sum().alias("imports"),
            nw.col("base_value").sum(),
            nw.col("valuation").min().alias("_low"),
            nw.col("valuation").max().alias("_high"),
            *(nw.col(name).max() for name in COUNTS),
        )
        .with_columns(value=nw.col("exports") + nw.col("imports"))
    )
    base = nw.col("base_value")
    return added.with_columns(
        change=nw.when(base > 0).then(nw.col("value") / base - 1),
        # One valuation for the whole table, or its rows could not be compared.
        valuation=nw.when(low.min().over("currency") == high.max().over("currency"))
        .then(low)
        .otherwise(nw.lit("FOB + CIF")),
    ).drop("_low", "_high")


def ranked(sums: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rank the partners held by what was declared about them, and give each its share.

    ``rank = 1 + partners with a larger value``, so that ties share the best rank; ``share = value /
    sum of value over the rows held``. Trade with a partner that was not specified, or named as a
    member of a group only (``EU_X``), counts in the sum and has no rank. Stops being the share of
    all trade where partners are missing.

    Args:
        sums: Sums by ``partner``, of :func:`turnover` or ``against``.

    Returns:
        The rows with ``rank`` and ``base_rank``, null where nothing was declared in the stretch;
        ``share`` and ``base_share``, fractions; ``gain``, value less base value;
        ``share_change``, which adds up to nil over partners.
    """
    is_named = ~is_unspecified()
    columns = {
        "": (nw.col("value"), is_named & (nw.col("declaration_count") > 0)),
        "base_": (nw.col("base_value"), is_named & (nw.col("base_declaration_count") > 0)),
    }
    ranks, shares = {}, {}
    for prefix, (value, has_rank) in columns.items():
        ranks[f"{prefix}rank"] = (
            nw.when(has_rank).then(value).rank(method="min", descending=True).over(*UNIT)
        )
        total = value.sum().over(*UNIT)
        shares[f"{prefix}share"] = nw.when(total > 0).then(value / total)
    return sums.with_columns(**ranks, **shares).with_columns(
        gain=nw.col("value") - nw.col("base_value"),
        share_change=nw.col("share") - nw.col("base_share"),
    )


def by_period(flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Add up goods: one row a reporter, partner, flow and period, with the part that has a weight.

    Zero kilograms are published for less than half a kilogram and for goods that are measured
    otherwise; they count as no weight.

    Args:
        flows: Rows of ``flows`` of one level, each declaration once.

    Returns:
        ``reporter``, ``partner``, ``flow``, ``period``, ``currency``, ``valuation``; ``value`` and
        ``weighed_value``, of rows with a weight, in that currency; ``net_weight_kg`` in kg.
    """
    has_weight = nw.col("net_weight_kg") > 0
    return (
        flows.with_columns(
            weighed_value=nw.when(has_weight).then(nw.col("value")).otherwise(0.0),
            net_weight_kg=nw.when(has_weight).then(nw.col("net_weight_kg")).otherwise(0.0),
        )
        .group_by("reporter", "partner", "flow", "period", *UNIT)
        .agg(*(nw.col(name).sum() for name in ("value", "weighed_value", "net_weight_kg")))
    )


def with_weights(
    sums: nw.LazyFrame[Any], periods: nw.LazyFrame[Any], now: Stretch, base: Stretch
) -> nw.LazyFrame[Any]:
    """Put kilograms beside the values, and the value of the goods that were weighed.

    Args:
        sums: Sums by ``partner``.
        periods: The rows of :func:`by_period` they are sums of.
        now: The stretch of interest.
        base: The stretch it is compared with.

    Returns:
        The rows with ``net_weight_kg`` and ``base_net_weight_kg`` in kg, ``weighed_value`` and
        ``base_weighed_value`` in their currency; nil where nothing was weighed.
    """
    keys = ("partner", *UNIT)
    for name in ("net_weight_kg", "weighed_value"):
        part = against(periods.with_columns(value=nw.col(name)), now, base, ("partner",)).select(
            *keys, nw.col("value").alias(name), nw.col("base_value").alias(f"base_{name}")
        )
        sums = sums.join(part, on=list(keys), how="left")
    return sums


@dataclass(frozen=True, slots=True)
class RankBounds:
    """Where a partner stands among all partners, as far as is known.

    Args:
        best: Best rank it can have.
        worst: Worst rank it can have; open where the total of all partners is not known.
    """

    best: int
    worst: int | None


def rank_bounds(
    value: float,
    others: Sequence[float],
    unspecified: float,
    missing: float | None,
    unseen_count: int,
) -> RankBounds:
    """Bound a rank among all partners from the partners held.

    A partner that is not held stands before this one only if its trade is larger, and all of them
    share what is missing; trade with an unspecified partner may belong to anybody. ``worst``
    takes the cheapest way to overtake: partners held need the difference, others the whole value.
    Stops being true where the total is of another period, valuation or set of goods.

    Args:
        value: Trade with the partner, above nil.
        others: Trade with each of the other partners held, in the same unit.
        unspecified: Trade declared without a partner.
        missing: Trade with partners that are not held: the total less all that is held; ``None``
            where the total is not known.
        unseen_count: How many partners there can be that are not held.

    Returns:
        The bounds, ranks from 1.

    Example:
        >>> rank_bounds(5.0, [9.0, 2.0], 0.0, 12.0, 200)
        RankBounds(best=2, worst=4)
        >>> rank_bounds(5.0, [9.0, 2.0], 0.0, None, 200)
        RankBounds(best=2, worst=None)
    """
    larger = sum(other > value for other in others)
    best = 1 + sum(other > value + unspecified for other in others)
    if missing is None:
        return RankBounds(best, None)
    # Overtaking means having more, not as much: a partner on a par shares the rank.
    deficits = sorted(value - other for other in others if other <= value)
    most = 0
    for unseen in range(min(unseen_count, _overtaking(missing + unspecified, value)) + 1):
        left = unspecified - max(0.0, unseen * value - missing)
        most = max(most, unseen + _paid(deficits, left))
    return RankBounds(best, 1 + larger + most)


def _overtaking(amount: float, value: float) -> int:
    """How many can each have more than ``value`` out of ``amount``."""
    return max(0, ceil(amount / value) - 1)


def _paid(deficits: Sequence[float], amount: float) -> int:
    count, spent = 0, 0.0
    for deficit in deficits:
        spent += deficit
        if spent >= amount:
            break
        count += 1
    return count
