"""The flow a measure may have changed, as arrays: listed goods, all goods, or one way onward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.codes.groupings import resolve
from entrepot.diversion.cube import CHAPTER_DIGITS, HEADING_DIGITS, Bools, Floats, coded
from entrepot.diversion.declarations import each_once
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.measure_inquiry import MeasureInquiry
from entrepot.diversion.outflow_panel import OutflowPanel
from entrepot.diversion.panel import Panel
from entrepot.diversion.published import published
from entrepot.errors import EstimateError

OTHER_GOODS = "other"  # all goods less those listed, in one heading


@dataclass(frozen=True)
class MeasurePanel:
    """Months of one flow to all partners, the one asked about among them.

    Args:
        values: Declared trade by heading (or all goods), partner and month, shape [G, V, T].
        is_asked: Headings of the goods asked about; the others tell a partner's own path, [G].
        names: Code of each heading, shape [G].
        partners: Areas, shape [V].
        periods: Months, consecutive, shape [T].
        is_complete: Months that count, shape [T].
        asked: Index of the partner asked about.
        is_intermediary: Partners that may pass goods on, shape [V].
        is_left_out: Partners not compared with, shape [V].
        event: Index of the first month of the sanctions.
        goods_count: Commodities behind the goods asked about; 0 for all goods.
        listed_by: Last day on which a commodity had to be listed to count; open where all count.
        unit: Currency and valuation.
    """

    values: Floats
    is_asked: Bools
    names: NDArray[np.str_]
    partners: NDArray[np.str_]
    periods: NDArray[np.datetime64]
    is_complete: Bools
    asked: int
    is_intermediary: Bools
    is_left_out: Bools
    event: int
    goods_count: int
    listed_by: date | None
    unit: str

    @property
    def has_own_path(self) -> bool:
        """Whether goods that were not asked about tell each partner's own path."""
        return bool((~self.is_asked).any())


def month_index(periods: NDArray[np.datetime64], day: date) -> int:
    """Index of the month of a day; may lie outside the periods.

    Args:
        periods: Months, consecutive.
        day: The day.

    Example:
        >>> month_index(np.array(["2022-01", "2022-02"], "datetime64[M]"), date(2022, 3, 9))
        2
    """
    return int((np.datetime64(day, "M") - periods[0]).astype(np.int64))


def from_listed(panel: Panel, inquiry: MeasureInquiry, first: int) -> MeasurePanel:
    """Sum the panel of a run: goods asked about to headings, all others to chapters.

    Goods count that were listed by the first month the path is learned from: the diversion of
    goods listed later begins inside the windows, and would look like an effect.

    Args:
        panel: The panel of :func:`entrepot.diversion.panel.build`.
        inquiry: The question.
        first: Index of the first month that the path is learned from.

    Returns:
        The flow, in the currency of the panel.

    Raises:
        EstimateError: If no good was listed by then, or the country is no partner in the data.
    """
    cube = panel.cube
    counts = panel.design.is_listed & (panel.design.start <= first)
    if not counts.any():
        raise EstimateError(
            f"no commodity was listed by {cube.periods[first]}, the first month before the "
            "measure, expected some. Choose another --list, or fewer months with --before."
        )
    # Goods listed later are neither asked about nor witnesses of the country's own path.
    kept = (counts | ~panel.design.is_listed)[cube.rows]
    headings, chapters = (
        cube.commodities.astype(f"U{n}") for n in (HEADING_DIGITS, CHAPTER_DIGITS)
    )
    keys, place = np.unique(np.where(counts, headings, chapters), return_inverse=True)
    values = np.zeros((len(keys), *cube.shape[1:]))
    where = (place[cube.rows[kept]], cube.columns[kept], cube.months[kept])
    np.add.at(values, where, cube.values[kept])
    is_asked = np.char.str_len(keys) == HEADING_DIGITS
    if is_asked.all() and panel.general is not None:
        values = np.concatenate([values, panel.general[None]])
        keys, is_asked = np.append(keys, OTHER_GOODS), np.append(is_asked, False)
    return MeasurePanel(
        values=values,
        is_asked=is_asked,
        names=keys,
        partners=cube.partners,
        periods=cube.periods,
        is_complete=cube.is_reported[0],
        asked=_asked(cube.partners, inquiry.country, inquiry),
        is_intermediary=panel.design.is_candidate,
        is_left_out=_left_out(cube.partners, inquiry),
        event=panel.first,
        goods_count=int(counts.sum()),
        listed_by=cube.periods[first].astype("datetime64[D]").astype(object),
        unit=panel.currency,
    )


def from_totals(
    flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], inquiry: MeasureInquiry
) -> MeasurePanel:
    """Aggregate the coalition's exports of all goods by partner and month.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``.
        inquiry: The question.

    Returns:
        The flow, in the currency of the rows.

    Raises:
        EstimateError: If the lake holds no such rows, mixes currencies, has no complete month
            since the sanctions, or does not know the country.
    """
    rows = each_once(
        flows.filter(
            nw.col("dataset") == inquiry.dataset,
            nw.col("freq") == "M",
            nw.col("flow") == "X",
            nw.col("commodity") == "TOTAL",
            nw.col("reporter").is_in(sorted(resolve(inquiry.coalition, inquiry.since))),
            nw.col("partner") != inquiry.destination,
            ~nw.col("partner").str.starts_with("_"),
        ),
        sources,
    )
    by = ("reporter", "partner", "period", "currency", "valuation")
    sums = rows.group_by(*by).agg(nw.col("value").sum()).collect("pyarrow").to_native()
    if sums.num_rows == 0:
        raise EstimateError(
            f"the lake holds no monthly exports of all goods of {inquiry.coalition} in dataset "
            f"{inquiry.dataset!r}. Ingest totals, or name another --dataset."
        )
    return _of_totals(sums, inquiry)


def _of_totals(sums: pa.Table, inquiry: MeasureInquiry) -> MeasurePanel:
    month = sums["period"].to_numpy().astype("datetime64[M]")
    value = sums["value"].to_numpy()
    question = Inquiry(coalition=inquiry.coalition, since=inquiry.since, complete=inquiry.complete)
    calendar = published(coded(sums["reporter"]), month, value, question)
    partners, column = coded(sums["partner"])
    index = (month - calendar.periods[0]).astype(np.int64)
    inside = index < len(calendar.periods)
    values = np.zeros((1, len(partners), len(calendar.periods)))
    np.add.at(values[0], (column[inside], index[inside]), value[inside])
    return MeasurePanel(
        values=values,
        is_asked=np.array([True]),
        names=np.array(["TOTAL"]),
        partners=partners,
        periods=calendar.periods,
        is_complete=calendar.is_complete,
        asked=_asked(partners, inquiry.country, inquiry),
        is_intermediary=np.isin(partners, sorted(_intermediaries(inquiry))),
        is_left_out=_left_out(partners, inquiry),
        event=month_index(calendar.periods, inquiry.since),
        goods_count=0,
        listed_by=None,
        unit=_unit(sums),
    )


def from_outflows(panel: OutflowPanel, inquiry: MeasureInquiry) -> MeasurePanel:
    """Take one reporter's out-flows: the destination beside all other partners.

    Args:
        panel: The panel of :func:`entrepot.diversion.outflow_panel.outflow_panel`.
        inquiry: The question.

    Returns:
        The flow; every commodity is a heading of its own.
    """
    partners = panel.cube.partners
    at = _asked(partners, inquiry.destination, inquiry)
    return MeasurePanel(
        values=panel.values,
        is_asked=np.ones(len(panel.values), dtype=bool),
        names=panel.cube.commodities,
        partners=partners,
        periods=panel.cube.periods,
        is_complete=panel.is_published,
        asked=at,
        is_intermediary=np.arange(len(partners)) == at,
        is_left_out=_left_out(partners, inquiry),
        event=panel.first,
        goods_count=len(panel.values),
        listed_by=None,
        unit=panel.unit,
    )


def _asked(partners: NDArray[np.str_], name: str, inquiry: MeasureInquiry) -> int:
    found = np.flatnonzero(partners == name)
    if len(found) == 0:
        raise EstimateError(
            f"{name!r} is no partner in dataset {inquiry.dataset!r}, expected one of "
            f"{partners.tolist()}. Choose another --country or --dataset."
        )
    return int(found[0])


def _left_out(partners: NDArray[np.str_], inquiry: MeasureInquiry) -> Bools:
    names = resolve(inquiry.without, inquiry.since) if inquiry.without else frozenset[str]()
    return np.isin(partners, sorted(names - {inquiry.country}))


def _intermediaries(inquiry: MeasureInquiry) -> set[str]:
    return {*resolve(inquiry.intermediaries, inquiry.since), inquiry.country}


def _unit(sums: pa.Table) -> str:
    money = sums.group_by(["currency", "valuation"]).aggregate([]).to_pylist()
    units = sorted(f"{row['currency']} {row['valuation']}" for row in money)
    if len(units) != 1:
        raise EstimateError(f"the rows mix {units}, expected one. Choose a --dataset.")
    return units[0]
