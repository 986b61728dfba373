"""Declared trade: sums and out-flows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.aligned import Alignment, aligned_flows
from entrepot.api.held import nothing_held, refuse_mixed, sources_of
from entrepot.api.lists import beginning_with, dataset_in, monthly_rows, of_goods, prefixes_of
from entrepot.api.money import Money, comparable
from entrepot.codes.groupings import resolve, unnamed_members
from entrepot.diversion.outflow_panel import OutflowInquiry, outflow_panel
from entrepot.diversion.outflows import estimate_outflows
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.mirror_sums import Freq
from entrepot.trade.summary import Level, Stretch, against, between, published_at
from entrepot.trade.vintage import latest

IMPORTS = ("M", "RM", "FM")  # the partner is mostly the country of origin


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
        freq: ``M`` for monthly declarations, ``A`` for yearly ones.
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
    freq: Freq = "M"

    @property
    def words(self) -> str:
        """What is asked for, in words."""
        of = f" of goods {', '.join(self.goods)}" if self.goods else ""
        return (
            f"{self.level} rows{of} of {self.reporters} about {self.partners} with flow "
            f"{self.flow!r} in these months"
        )


def summarise_flows(lake: Lake, question: Question, by: tuple[str, ...]) -> pa.Table:
    """Add up declared trade over two stretches of months.

    Of a grouping asked for in full, what names the grouping and no member (``EU_X``) is counted.

    Args:
        lake: The lake.
        question: Which trade.
        by: Columns to sum by: any of ``reporter``, ``partner``, ``commodity``, ``period``.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value``, ``base_value``, ``change``,
        ``month_count`` and the counts of reporters' months, ``rates`` (which currency rates were
        used, in a sentence; empty where none was), ``codes`` (the same of concordances),
        ``unnamed`` (what names a grouping and no member, in a sentence), ``caveats`` and
        ``sources``; by period ``base_period`` too and in order of time, else largest value first.

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
    days = _days_held(due)
    counts = [
        sum(stretch.first <= day <= stretch.last for day in days)
        for stretch in (question.now, question.base)
    ]
    if "period" in by:
        table = _where_both(table, days)
    elif len(set(counts)) > 1:
        # Sums of different numbers of months say nothing about change.
        kind = "months" if question.freq == "M" else "years"
        told += f"; {counts[0]} {kind} are held beside {counts[1]}, so no change is given"
        table = _replaced(table, "change", pa.nulls(table.num_rows, pa.float64()))
    words = {
        "rates": rates,
        "codes": codes,
        "unnamed": _unnamed(flows, question),
        "caveats": "booked_by_partner" if question.flow in IMPORTS else "",
        "sources": told,
    }
    for name, text in words.items():
        table = table.append_column(name, pa.repeat(pa.scalar(text), table.num_rows))
    order = [("period", "ascending")] if "period" in by else []
    return table.sort_by([*order, ("value", "descending")])


def _where_both(table: pa.Table, days: set[date]) -> pa.Table:
    """Leave the change open where the period, or that of the base, was not declared at all."""
    periods, bases = (table[name].to_pylist() for name in ("period", "base_period"))
    changes = [
        change if {period, base} <= days else None
        for change, period, base in zip(table["change"].to_pylist(), periods, bases, strict=True)
    ]
    return _replaced(table, "change", pa.array(changes, pa.float64()))


def _replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _unnamed(flows: nw.LazyFrame[Any], question: Question) -> str:
    """Say what of the stretch of interest names a grouping and no member."""
    on = question.now.last
    names = unnamed_members(resolve(question.partners, on), on)
    if not names:
        return ""
    found = (
        flows.filter(question.now.inside(), nw.col("partner").is_in(sorted(names)))
        .group_by("partner", "currency")
        .agg(nw.col("value").sum())
        .collect("pyarrow")
        .to_native()
        .sort_by("partner")
    )
    parts = [
        f"{row['currency']} {row['value'] / 1e6:,.2f} m with {row['partner']}"
        for row in found.to_pylist()
    ]
    return f"Counted in, of a group whose member is not named: {', '.join(parts)}." * bool(parts)


def _due(lake: Lake, question: Question) -> tuple[nw.LazyFrame[Any], str, str]:
    """The rows to add up, of one dataset, since two may hold one declaration; who is absent."""
    on = question.now.last
    reporters, partners = resolve(question.reporters, on), resolve(question.partners, on)
    named = partners | unnamed_members(partners, on)
    chosen = between(lake.table(FLOWS), reporters, named, question.flow)
    chosen = published_at(chosen, question.level)
    if question.goods and question.alignment is None:
        chosen = of_goods(lake, chosen, question.goods)
    every = chosen.filter(question.now.inside() | question.base.inside())
    if question.dataset != "auto":
        every = every.filter(nw.col("dataset") == dataset_in(lake, question.dataset))
    due = every.filter(nw.col("freq") == question.freq)
    found = due.group_by("dataset", "reporter").agg(nw.len()).collect("pyarrow").to_native()
    names = sorted(set(found["dataset"].to_pylist()))
    if not names:
        raise nothing_held(every, question.words, question.freq)
    if len(names) > 1:
        raise LakeError(
            f"the datasets {names} hold such rows, expected one: the same declaration may stand "
            "in several, and must be added once. Name one with --dataset."
        )
    refuse_mixed(due, names[0])
    absent = sorted(reporters - set(found["reporter"].to_pylist()))
    return due, names[0], f"; nothing held of {', '.join(absent)}" if absent else ""


def _days_held(due: nw.LazyFrame[Any]) -> set[date]:
    """Periods of either stretch that hold any row."""
    found = due.group_by("period").agg(nw.len()).collect("pyarrow").to_native()
    return set(found["period"].to_pylist())


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
    prefixes = prefixes_of(lake, inquiry.goods)
    reported = monthly_rows(inquiry.reporter, inquiry.flow, inquiry.level, prefixes)
    what = (
        f"monthly {inquiry.level} rows of goods {', '.join(inquiry.goods)} of {inquiry.reporter} "
        f"with flow {inquiry.flow}"
    )
    asked = replace(inquiry, dataset=dataset_in(lake, inquiry.dataset, having=reported, what=what))
    goods = beginning_with(lake.table(FLOWS), prefixes)
    return estimate_outflows(outflow_panel(goods, lake.table(SOURCES), asked), asked)
