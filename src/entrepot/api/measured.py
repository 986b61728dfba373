"""Whether an intermediary's measure changed the flow to it or onward from it."""

from __future__ import annotations

from dataclasses import replace

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.held import sources_of
from entrepot.api.lists import (
    beginning_with,
    dataset_in,
    list_named,
    list_rows,
    monthly_rows,
    prefixes_of,
)
from entrepot.codes.groupings import resolve
from entrepot.diversion.evidence import Progress
from entrepot.diversion.inquiry import Inquiry, Level
from entrepot.diversion.measure import SIMULATED, estimate_measure
from entrepot.diversion.measure_inquiry import MeasureInquiry
from entrepot.diversion.measure_panel import (
    MeasurePanel,
    from_listed,
    from_outflows,
    from_totals,
)
from entrepot.diversion.measure_rows import measure_rows
from entrepot.diversion.measure_windows import windows
from entrepot.diversion.outflow_panel import OutflowInquiry, outflow_panel
from entrepot.diversion.panel import build
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES


def measure(lake: Lake, inquiry: MeasureInquiry, on_progress: Progress | None = None) -> pa.Table:
    """Estimate whether a measure of an intermediary changed a flow.

    Args:
        lake: The lake.
        inquiry: The question.
        on_progress: Told how many dates are done.

    Returns:
        Rows of ``entrepot.diversion.measure_rows.MEASURES``, one a bracket; ``unknown`` is an
        outcome like any other.

    Raises:
        LakeError: If the lake holds several datasets or lists to choose from, or not the one named.
        EstimateError: If it holds no such rows, or too few months before or after the measure.
    """
    asked, panel = _laid_out(lake, inquiry)
    result = estimate_measure(panel, asked, on_progress)
    return measure_rows(result, sources_of(lake, [asked.dataset]))


def _laid_out(lake: Lake, inquiry: MeasureInquiry) -> tuple[MeasureInquiry, MeasurePanel]:
    if inquiry.leg == "downstream":
        return _onward(lake, inquiry)
    members, level = sorted(resolve(inquiry.coalition, inquiry.since)), inquiry.level
    total = nw.col("commodity") == "TOTAL"
    reported = (
        (nw.col("freq") == "M")
        & (nw.col("flow") == "X")
        & nw.col("reporter").is_in(members)
        & (total if level == "TOTAL" else ~total & (nw.col("classification") == "CN"))
    )
    what = f"monthly exports of {inquiry.coalition} at {level}"
    asked = replace(inquiry, dataset=dataset_in(lake, inquiry.dataset, having=reported, what=what))
    if level != "TOTAL":
        return _listed(lake, asked, level)
    if asked.goods != "auto":
        raise EstimateError(
            f"--list is {asked.goods!r} and --level 'TOTAL', which counts all goods. Leave one out."
        )
    return asked, from_totals(lake.table(FLOWS), lake.table(SOURCES), asked)


def _listed(lake: Lake, asked: MeasureInquiry, level: Level) -> tuple[MeasureInquiry, MeasurePanel]:
    """Listed goods, in the panel a run would make of them."""
    question = Inquiry(
        coalition=asked.coalition,
        destination=asked.destination,
        intermediaries=f"{asked.intermediaries},{asked.country}",
        since=asked.since,
        level=level,
        goods=asked.goods,
        dataset=asked.dataset,
        complete=asked.complete,
    )
    question = replace(question, goods=list_named(lake, question))
    asked = replace(asked, goods=question.goods)
    listed = list_rows(lake, question.goods)
    panel = build(lake.table(FLOWS), lake.table(SOURCES), listed, question)
    if asked.dataset == SIMULATED and len(panel.source_ids) > 1:
        raise EstimateError(
            f"the lake holds {len(panel.source_ids)} simulated worlds, expected one: added up they "
            "are no world at all. Simulate each into a lake of its own."
        )
    at, span = windows(panel.cube.periods, asked)
    return asked, from_listed(panel, asked, at - span.before)


def _onward(lake: Lake, inquiry: MeasureInquiry) -> tuple[MeasureInquiry, MeasurePanel]:
    """The country's own exports to the destination, beside those to all its other partners."""
    if inquiry.goods == "auto" or inquiry.level == "TOTAL":
        raise EstimateError(
            f"--leg downstream is asked about {inquiry.goods!r} at level {inquiry.level!r}, "
            "expected goods by code or list. Name them with --list, e.g. --list 8703 --level HS4."
        )
    prefixes = prefixes_of(lake, tuple(inquiry.goods.split(",")), option="--list")
    reported = monthly_rows(inquiry.country, inquiry.flow, inquiry.level, prefixes)
    what = (
        f"monthly {inquiry.level} rows of goods {inquiry.goods} of {inquiry.country} with flow "
        f"{inquiry.flow}"
    )
    asked = replace(inquiry, dataset=dataset_in(lake, inquiry.dataset, having=reported, what=what))
    question = OutflowInquiry(
        reporter=asked.country,
        goods=tuple(asked.goods.split(",")),
        since=asked.since,
        to=asked.destination,
        flow=asked.flow,
        level=asked.level,
        dataset=asked.dataset,
    )
    goods = beginning_with(lake.table(FLOWS), prefixes)
    return asked, from_outflows(outflow_panel(goods, lake.table(SOURCES), question), asked)
