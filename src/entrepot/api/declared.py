"""Declared trade: sums, two sides laid side by side, out-flows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.lists import dataset_in, of_goods
from entrepot.codes.groupings import resolve
from entrepot.diversion.ghost_pairs import MirrorQuestion
from entrepot.diversion.ghost_rows import ghost_rows
from entrepot.diversion.outflow_panel import OutflowInquiry, outflow_panel
from entrepot.diversion.outflows import estimate_outflows
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.mirror import in_currency, mirror, sides, yearly
from entrepot.trade.summary import Level, Stretch, against, between, published_at
from entrepot.trade.vintage import latest


@dataclass(frozen=True, slots=True)
class Question:
    """Which declared trade to add up.

    Args:
        reporters: Groupings or areas that declare, separated by commas.
        partners: Groupings or areas declared about.
        flow: Flow letter.
        level: Level of the nomenclature as published; levels are never added.
        goods: Prefixes of commodities, or a list id of the lake; all where empty.
        now: The stretch of interest.
        base: The stretch it is compared with.
    """

    reporters: str
    partners: str
    flow: str
    level: Level
    goods: tuple[str, ...]
    now: Stretch
    base: Stretch


def summarise_flows(lake: Lake, question: Question, by: tuple[str, ...]) -> pa.Table:
    """Add up declared trade over two stretches of months.

    Args:
        lake: The lake.
        question: Which trade.
        by: Columns to sum by: any of ``reporter``, ``partner``, ``commodity``, ``period``.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value``, ``base_value``, ``change``,
        ``month_count`` and the counts of reporters' months, largest value first.

    Raises:
        EstimateError: If the lake holds no such rows.
    """
    on = question.now.last
    reporters, partners = resolve(question.reporters, on), resolve(question.partners, on)
    chosen = between(lake.table(FLOWS), reporters, partners, question.flow)
    chosen = published_at(chosen, question.level)
    if question.goods:
        chosen = of_goods(lake, chosen, question.goods)
    rows = against(latest(chosen, lake.table(SOURCES)), question.now, question.base, by)
    table: pa.Table = rows.collect("pyarrow").to_native()
    if table.num_rows == 0:
        raise EstimateError(
            f"the lake holds no {question.level} rows of {question.reporters} about "
            f"{question.partners} with flow {question.flow!r} in these months. "
            "Run `entrepot sources` to see what it holds."
        )
    return table.sort_by([("value", "descending")])


def outflows(lake: Lake, inquiry: OutflowInquiry) -> pa.Table:
    """Test which partners receive more of one reporter's goods than others' path allows.

    Args:
        lake: The lake.
        inquiry: The question.

    Returns:
        Rows of ``entrepot.diversion.outflow_rows.OUTFLOWS``, the largest excess first.

    Raises:
        LakeError: If the lake holds several datasets to choose from, or not the list named.
        EstimateError: If it holds no such rows, or too few months.
    """
    reported = (
        (nw.col("freq") == "M")
        & (nw.col("flow") == inquiry.flow)
        & (nw.col("reporter") == inquiry.reporter)
        & (nw.col("commodity") != "TOTAL")
    )
    asked = replace(inquiry, dataset=dataset_in(lake, inquiry.dataset, having=reported))
    goods = of_goods(lake, lake.table(FLOWS), asked.goods)
    return estimate_outflows(outflow_panel(goods, lake.table(SOURCES), asked), asked)


def ghost_shares(lake: Lake, asked: MirrorQuestion) -> pa.Table:
    """Lay exports beside the importers' own imports and work out what never arrived.

    Args:
        lake: The lake.
        asked: Which trade, years and datasets; groupings as they stood when the event began.

    Returns:
        One row per year and importer, as :func:`entrepot.diversion.ghost_rows.ghost_rows` has it.
    """
    on = date(asked.event, 1, 1)
    exporters, importers = resolve(asked.exporters, on), resolve(asked.importers, on)
    part = resolve(asked.part, on) if asked.part else frozenset[str]()
    chosen = sides(lake.table(FLOWS), exporters, asked.exports_from, asked.imports_from)
    years = in_currency(yearly(latest(chosen, lake.table(SOURCES))), asked.rates)
    pairs = mirror(years, asked.recorded_by).collect("pyarrow").to_native()
    return ghost_rows(pairs, asked, importers, part)
