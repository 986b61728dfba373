"""Declared trade: sums and out-flows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.aligned import Alignment, aligned_flows
from entrepot.api.held import refuse_mixed, sources_of
from entrepot.api.lists import dataset_in, of_goods, prefixes_of
from entrepot.api.money import Money, comparable
from entrepot.codes.groupings import resolve
from entrepot.diversion.outflow_panel import OutflowInquiry, outflow_panel
from entrepot.diversion.outflows import estimate_outflows
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
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
        money: Currency of the result; amounts stay as declared where it names neither a currency
            nor a rate. A valuation is not taken: one flow has one.
        dataset: Dataset; ``auto`` where the lake holds such rows in just one.
        alignment: How codes of several editions are brought under one; open leaves them.
    """

    reporters: str
    partners: str
    flow: str
    level: Level
    goods: tuple[str, ...]
    now: Stretch
    base: Stretch
    money: Money = field(default_factory=Money)
    dataset: str = "auto"
    alignment: Alignment | None = None


def summarise_flows(lake: Lake, question: Question, by: tuple[str, ...]) -> pa.Table:
    """Add up declared trade over two stretches of months.

    Args:
        lake: The lake.
        question: Which trade.
        by: Columns to sum by: any of ``reporter``, ``partner``, ``commodity``, ``period``.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value``, ``base_value``, ``change``,
        ``month_count`` and the counts of reporters' months, ``rates`` (which currency rates were
        used, in a sentence; empty where none was), ``codes`` (the same of concordances) and
        ``sources``; largest value first.

    Raises:
        LakeError: If several datasets hold such rows, or not the one named.
        EstimateError: If the lake holds no such rows, or a rate is missing.
    """
    due, dataset, absent = _due(lake, question)
    flows, rates, codes = latest(due, lake.table(SOURCES)), "", ""
    if question.alignment is not None:
        prefixes = prefixes_of(lake, question.goods)
        aligned = aligned_flows(lake, flows, question.alignment, prefixes)
        flows, codes = aligned.flows, f"{aligned.said} {aligned.sources}."
    if question.money.currency is not None or question.money.rates:
        money = comparable(lake, flows, question.money)
        flows, rates = money.flows, money.rates
    rows = against(flows, question.now, question.base, by)
    table: pa.Table = rows.collect("pyarrow").to_native()
    if table.num_rows == 0:
        raise EstimateError(f"nothing is left of these goods. {codes} Ask for another --concord.")
    told = f"{sources_of(lake, [dataset])}{absent}"
    counts = _month_counts(due, question)
    if len(set(counts)) > 1:
        # Sums of different numbers of months say nothing about change.
        told += f"; {counts[0]} months are held beside {counts[1]}, so no change is given"
        place = table.column_names.index("change")
        table = table.set_column(place, "change", pa.nulls(table.num_rows, pa.float64()))
    for name, text in (("rates", rates), ("codes", codes), ("sources", told)):
        table = table.append_column(name, pa.repeat(pa.scalar(text), table.num_rows))
    return table.sort_by([("value", "descending")])


def _due(lake: Lake, question: Question) -> tuple[nw.LazyFrame[Any], str, str]:
    """The rows to add up, of one dataset, since two may hold one declaration; who is absent."""
    on = question.now.last
    reporters, partners = resolve(question.reporters, on), resolve(question.partners, on)
    chosen = between(lake.table(FLOWS), reporters, partners, question.flow)
    chosen = published_at(chosen, question.level)
    if question.goods and question.alignment is None:
        chosen = of_goods(lake, chosen, question.goods)
    due = chosen.filter(question.now.inside() | question.base.inside())
    if question.dataset != "auto":
        due = due.filter(nw.col("dataset") == dataset_in(lake, question.dataset))
    found = due.group_by("dataset", "reporter").agg(nw.len()).collect("pyarrow").to_native()
    names = sorted(set(found["dataset"].to_pylist()))
    if not names:
        raise EstimateError(
            f"the lake holds no {question.level} rows of {question.reporters} about "
            f"{question.partners} with flow {question.flow!r} in these months. "
            "Run `entrepot coverage` to see what it holds."
        )
    if len(names) > 1:
        raise LakeError(
            f"the datasets {names} hold such rows, expected one: the same declaration may stand "
            "in several, and must be added once. Name one with --dataset."
        )
    refuse_mixed(due, names[0])
    absent = sorted(reporters - set(found["reporter"].to_pylist()))
    return due, names[0], f"; nothing held of {', '.join(absent)}" if absent else ""


def _month_counts(due: nw.LazyFrame[Any], question: Question) -> tuple[int, int]:
    """Months of either stretch that hold any row."""
    found = due.group_by("period").agg(nw.len()).collect("pyarrow").to_native()
    days = found["period"].to_pylist()
    now, base = (
        sum(stretch.first <= day <= stretch.last for day in days)
        for stretch in (question.now, question.base)
    )
    return now, base


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
