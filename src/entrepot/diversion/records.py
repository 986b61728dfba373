"""What else the lake tells about a panel: the partners' own records, members' shares, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from entrepot.codes.groupings import resolve
from entrepot.diversion.calendar import month_of
from entrepot.diversion.cube import Cube
from entrepot.diversion.declarations import each_once
from entrepot.diversion.inquiry import DIGITS, Inquiry
from entrepot.diversion.legs import SecondLegs, no_legs, on_axes, second_legs
from entrepot.diversion.member_sums import (
    CN8,
    MemberTrade,
    declared_arrivals,
    declared_exports,
    member_sums,
    member_trade,
    published_months,
)
from entrepot.diversion.panel import Panel
from entrepot.trade.summary import Stretch


@dataclass(frozen=True)
class Weights:
    """Exports that have a net weight beside them, on the axes of the panel.

    Args:
        value: Their value, in the unit of the panel.
        kilograms: Their net weight, kg.
    """

    value: Cube
    kilograms: Cube


@dataclass(frozen=True)
class Records:
    """What the lake tells beside the panel.

    Args:
        legs: The partners' own records.
        members: Listed trade by member of the coalition and partner; ``None`` where the level is
            another than HS6.
        weights: Exports of listed goods with weights; ``None`` where none has one.
    """

    legs: SecondLegs
    members: MemberTrade | None
    weights: Weights | None


def nothing(cube: Cube) -> Records:
    """No records beside the panel.

    Args:
        cube: The panel.

    Returns:
        No legs, members or weights.
    """
    return Records(no_legs(cube), None, None)


def records(
    flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], panel: Panel, inquiry: Inquiry
) -> Records:
    """Fetch what the lake tells beside a panel.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``.
        panel: The panel.
        inquiry: The question.

    Returns:
        The records.

    Raises:
        EstimateError: If a leg was asked for and is not there, or is in another currency.
    """
    legs = second_legs(flows, sources, panel.cube, panel.currency.split()[0], inquiry)
    return Records(
        legs=legs,
        members=_members(flows, sources, (panel, legs), inquiry),
        weights=_weights(flows, sources, panel, inquiry),
    )


def _members(
    flows: nw.LazyFrame[Any],
    sources: nw.LazyFrame[Any],
    known: tuple[Panel, SecondLegs],
    inquiry: Inquiry,
) -> MemberTrade | None:
    """Listed trade by member and partner, in months that both sides published."""
    panel, legs = known
    if inquiry.level != "HS6":
        return None
    cube = panel.cube
    members = sorted(resolve(inquiry.coalition, inquiry.since))
    codes = sorted(set(cube.commodities[panel.design.is_listed].tolist()))
    before = Stretch(month_of(cube.periods, 0), month_of(cube.periods, panel.first - 1))
    window = Stretch(month_of(cube.periods, panel.first), month_of(cube.periods, -1))
    own = _once(flows, sources, inquiry.dataset)
    others = _once(flows, sources, inquiry.mirror_dataset or inquiry.dataset)
    if legs.arrival_basis == "consignment":
        others = others.filter(nw.col("partner2").is_in(members)).with_columns(
            partner=nw.col("partner2"), partner2=nw.lit("_T")
        )
    elif legs.arrival_basis == "origin":
        # A month published by consignment only is no month of these imports.
        others = others.filter(nw.col("partner2") == "_T")
    exports = _by_month(declared_exports(own, members, codes))
    arrivals = _by_month(declared_arrivals(others, members, codes))
    published = exports.group_by("intermediary", "period").agg(nw.len())
    has_mirror = legs.arrival is not None and legs.arrival_basis in ("origin", "consignment")
    if has_mirror:
        published = published_months(others)
    left = member_sums(exports, published, before, window).collect("pyarrow").to_native()
    back = left.slice(0, 0)
    if has_mirror:
        back = member_sums(arrivals, published, before, window).collect("pyarrow").to_native()
    return member_trade(left, back, np.array(members), cube.partners)


def _by_month(declared: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Sums by member, partner and month: a hundred times fewer rows for what follows."""
    return declared.group_by("member", "intermediary", "period").agg(nw.col("value").sum())


def _once(flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], dataset: str) -> nw.LazyFrame[Any]:
    """Monthly rows of a collection, each declaration once."""
    rows = flows.filter(nw.col("dataset") == dataset, nw.col("freq") == "M")
    return each_once(rows, sources)


def _weights(
    flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], panel: Panel, inquiry: Inquiry
) -> Weights | None:
    """Weights of goods that may be flagged; nobody asks for the others."""
    cube = panel.cube
    code = nw.col("commodity").str.slice(0, DIGITS[inquiry.level])
    weighed = flows.filter(
        nw.col("dataset") == inquiry.dataset,
        nw.col("freq") == "M",
        nw.col("flow") == "X",
        nw.col("reporter").is_in(sorted(resolve(inquiry.coalition, inquiry.since))),
        nw.col("commodity").str.len_chars() == CN8,
        nw.col("obs_status") != "C",
        nw.col("net_weight_kg") > 0,
        code.is_in(sorted(set(cube.commodities[panel.design.is_listed].tolist()))),
    )
    if weighed.select(nw.len()).collect("pyarrow").item() == 0:
        return None
    sums = (
        each_once(weighed, sources)
        .with_columns(code=code, area=nw.col("partner"))
        .group_by("code", "area", "period")
        .agg(nw.col("value").sum(), nw.col("net_weight_kg").sum())
        .collect("pyarrow")
        .to_native()
    )
    value = on_axes(sums, cube, cube.is_reported)
    kilograms = sums.drop_columns(["value"]).rename_columns({"net_weight_kg": "value"})
    return Weights(value, on_axes(kilograms, cube, cube.is_reported))
