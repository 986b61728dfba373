"""From rows of ``flows`` to a panel of arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.codes.groupings import resolve
from entrepot.diversion.calendar import starts
from entrepot.diversion.cube import Bools, Cube, Floats, coded
from entrepot.diversion.declarations import each_once
from entrepot.diversion.folds import Design
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.layout import Layout, lay_out
from entrepot.diversion.paths import general_trade
from entrepot.diversion.published import Published, published
from entrepot.diversion.stages import AT_ONCE, Stages
from entrepot.diversion.summing import array, is_cn8, sum_months
from entrepot.errors import EstimateError
from entrepot.trade.listed import listing


@dataclass(frozen=True)
class Panel:
    """All that an estimate is made from.

    Args:
        cube: Coalition exports by commodity, partner and month; the destination is not in it.
        design: What is listed, who may be an intermediary, when each window starts.
        direct: Coalition exports to the destination, shape [K, T].
        general: Coalition exports of goods that are not listed, shape [V, T]; ``None`` where the
            lake holds neither totals nor such goods.
        first: Index of the first month that may hold diversion.
        is_partial: Whether part of the code is not listed, shape [K].
        is_dated: Whether a list tells when the code was listed, shape [K].
        unspecified_share: Share of trade declared about a confidential or unspecified partner.
        silent: Reporter and month of each gap worth naming, e.g. ``NL 2022-11``.
        source_ids: Sources the panel was drawn from.
        currency: Currency of all values, with their valuation.
    """

    cube: Cube
    design: Design
    direct: Floats
    general: Floats | None
    first: int
    is_partial: Bools
    is_dated: Bools
    unspecified_share: float
    silent: tuple[str, ...]
    source_ids: tuple[str, ...]
    currency: str


def build(
    flows: nw.LazyFrame[Any],
    sources: nw.LazyFrame[Any],
    listed: nw.LazyFrame[Any] | None,
    inquiry: Inquiry,
    stages: Stages = AT_ONCE,
) -> Panel:
    """Aggregate declared exports into the panel an inquiry asks for.

    Only CN8 rows enter (levels overlap and are never added); listed and other goods of one HS6
    stay apart. A month counts when its reporters hold ``inquiry.complete`` of all trade.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``.
        listed: Rows of ``listed_commodities`` of the lists that count; ``None`` takes every
            commodity as listed.
        inquiry: The question.
        stages: Where months are kept that the last run of this question has summed.

    Returns:
        The panel, in the currency of the rows.

    Raises:
        EstimateError: If the lake has no such trade, or mixes currencies.
    """
    if listed is not None:
        gone = nw.col("valid_to") < inquiry.since
        listed = listed.filter(nw.col("valid_to").is_null() | ~gone)
    rows = _declared(flows, sources, inquiry)
    days = _listing_days(rows, listed)
    stock = _stock(rows)
    sums = sum_months(rows, stock, days, (inquiry, stages))
    if len(sums.value) == 0:
        raise EstimateError(
            f"the lake holds no monthly CN8 exports of {inquiry.coalition} in dataset "
            f"{inquiry.dataset!r}. Run `entrepot ingest` first, or name another --dataset."
        )
    calendar = _published(stock, inquiry)
    layout = lay_out(sums, calendar, inquiry.destination)
    totals = _totals(rows, layout.cube) if pc.any(stock["is_total"]).as_py() else None
    return _assemble(layout, (stock, totals), calendar.silent, days, inquiry)


def _declared(
    flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], inquiry: Inquiry
) -> nw.LazyFrame[Any]:
    """Monthly exports of the coalition, each declaration once."""
    rows = flows.filter(
        nw.col("dataset") == inquiry.dataset,
        nw.col("freq") == "M",
        nw.col("flow") == "X",
        nw.col("reporter").is_in(sorted(resolve(inquiry.coalition, inquiry.since))),
    )
    if inquiry.history is not None:
        rows = rows.filter(nw.col("period") >= inquiry.history)
    if inquiry.until is not None:
        rows = rows.filter(nw.col("period") <= inquiry.until)
    return each_once(rows, sources)


def _stock(rows: nw.LazyFrame[Any]) -> pa.Table:
    """Value by reporter, month, source, currency, valuation and kind of row, in one scan."""
    kinds = rows.with_columns(
        is_total=nw.col("commodity") == "TOTAL",
        is_detailed=is_cn8(),
        is_hidden=nw.col("partner").str.starts_with("_"),
    )
    by = ("reporter", "period", "source_id", "currency", "valuation")
    table: pa.Table = (
        kinds.group_by(*by, "is_total", "is_detailed", "is_hidden")
        .agg(nw.col("value").sum(), nw.len().alias("row_count"))
        .collect("pyarrow")
        .to_native()
    )
    return table


def _listing_days(rows: nw.LazyFrame[Any], listed: nw.LazyFrame[Any] | None) -> pa.Table | None:
    if listed is None:
        return None
    # Codes and lists are short: they are joined in memory, so that flows are read only once.
    # Grouping is several times faster here than `unique`, which numbers the rows first.
    codes = rows.filter(is_cn8()).group_by("commodity").agg(nw.len()).collect("pyarrow")
    table: pa.Table = (
        listing(codes.lazy(), listed.collect("pyarrow").lazy()).collect("pyarrow").to_native()
    )
    return table


def _published(stock: pa.Table, inquiry: Inquiry) -> Published:
    reporter = coded(stock["reporter"])
    month = array(stock["period"]).astype("datetime64[M]")
    return published(reporter, month, array(stock["value"]), inquiry)


def _assemble(
    layout: Layout,
    declared: tuple[pa.Table, Floats | None],
    silent: tuple[str, ...],
    days: pa.Table | None,
    inquiry: Inquiry,
) -> Panel:
    stock, totals = declared
    cube, is_listed = layout.cube, layout.is_listed
    first = int((np.datetime64(inquiry.since, "M") - cube.periods[0]).astype(np.int64))
    start, is_dated = starts(cube.commodities, is_listed, days, cube.periods, first)
    # What is listed after the data end is a control until then.
    is_listed = is_listed & (start < len(cube.periods))
    candidates = resolve(inquiry.intermediaries, inquiry.since) - {inquiry.destination}
    codes, count = np.unique(cube.commodities, return_counts=True)
    return Panel(
        cube=cube,
        design=Design(
            is_listed=is_listed,
            is_candidate=np.isin(cube.partners, sorted(candidates)),
            start=np.minimum(start, len(cube.periods)),
        ),
        direct=layout.direct,
        general=general_trade(totals, cube, is_listed),
        first=first,
        is_partial=np.isin(cube.commodities, codes[count > 1]),
        is_dated=is_dated,
        unspecified_share=_unspecified(stock),
        silent=silent,
        source_ids=tuple(sorted(stock["source_id"].unique().to_pylist())),
        currency=_currency(stock),
    )


def _totals(rows: nw.LazyFrame[Any], cube: Cube) -> Floats | None:
    """Exports of all goods by partner and month, where every partner has them."""
    sums = (
        rows.filter(nw.col("commodity") == "TOTAL", nw.col("partner").is_in(cube.partners.tolist()))
        .group_by("partner", "period")
        .agg(nw.col("value").sum())
        .collect("pyarrow")
        .to_native()
    )
    table = np.zeros(cube.shape[1:])
    names, which = coded(sums["partner"])
    month = (array(sums["period"]).astype("datetime64[M]") - cube.periods[0]).astype(np.int64)
    inside = (month >= 0) & (month < len(cube.periods))
    at = np.searchsorted(cube.partners, names)[which[inside]]
    table[at, month[inside]] = array(sums["value"])[inside]
    return table if len(month) and (table > 0).all() else None


def _unspecified(stock: pa.Table) -> float:
    """Share of CN8 trade that was declared about no named partner."""
    detailed = stock.filter(stock["is_detailed"])
    hidden = detailed.filter(detailed["is_hidden"])["value"]
    return float(pc.sum(hidden).as_py() or 0.0) / float(pc.sum(detailed["value"]).as_py() or 1.0)


def _currency(stock: pa.Table) -> str:
    money = stock.group_by(["currency", "valuation"]).aggregate([]).to_pylist()
    units = sorted(f"{row['currency']} {row['valuation']}" for row in money)
    if len(units) != 1:
        raise EstimateError(f"the lake mixes {units} in one panel, expected one. Choose a dataset.")
    return units[0]
