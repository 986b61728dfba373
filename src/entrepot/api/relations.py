"""Relations of a reporter: partners by rank and share, concentration, who took over from whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.api.goods_held import can_tell
from entrepot.api.held import nothing_held, refuse_mixed, sources_of
from entrepot.api.lists import dataset_in, of_goods
from entrepot.api.money import Money, comparable
from entrepot.api.months_held import is_like_with_like, months_held
from entrepot.api.partner_records import MUTUAL, Basis, PartnerQuestion, Partners
from entrepot.codes.areas import areas
from entrepot.codes.groupings import resolve, unnamed_members
from entrepot.diversion.declarations import each_once
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.concentration import concentration
from entrepot.trade.mirror import Rate
from entrepot.trade.partners import (
    NOT_SPECIFIED,
    by_partner,
    by_period,
    rank_bounds,
    ranked,
    turnover,
    with_weights,
)
from entrepot.trade.substitution import of_loss, substitution
from entrepot.trade.summary import against, published_at
from entrepot.trade.vintage import WHOLE_MONTHS

Rows = nw.LazyFrame[Any]


def partners(lake: Lake, question: PartnerQuestion) -> Partners:
    """Rank a reporter's partners, and say what the ranks are worth.

    Args:
        lake: The lake.
        question: Which trade.

    Returns:
        The partners held, with bounds on their ranks among all.

    Raises:
        LakeError: If the lake holds several datasets to choose from, or not the one named.
        EstimateError: If it holds no such rows, or they cannot be compared.
    """
    declared, dataset = _declared(lake, question)
    months = months_held(can_tell(lake, declared, question.goods, declared), question)
    goods = of_goods(lake, declared, question.goods) if question.goods else declared
    chosen = goods.filter(question.now.inside() | question.base.inside())
    chosen = each_once(chosen, lake.table(SOURCES))
    money = comparable(lake, chosen, _facing(question.money))
    found = by_period(money.flows).collect("pyarrow").to_native()
    _check_flows(found, question)
    rows = _ranked(lake, found, question, is_like_with_like(months))
    total, basis = _total(lake, chosen, rows, question)
    rows = _with_bounds(rows, total)
    frame = lake.frame(rows)
    index = concentration(frame, total).collect("pyarrow").to_native().to_pylist()
    answer = Partners(
        rows=rows,
        months=months,
        total=total,
        basis=basis,
        concentration=index[0] if index else {},
        substitution=_substitution(frame, question, is_like_with_like(months)),
        caveats="",
        rates=money.rates,
        source=sources_of(lake, [dataset]),
    )
    return replace(answer, caveats=" ".join(_caveats(answer, question)))


def _declared(lake: Lake, question: PartnerQuestion) -> tuple[Rows, str]:
    reporters = resolve(question.reporters, question.now.last)
    is_asked = (
        nw.col("reporter").is_in(sorted(reporters))
        & nw.col("flow").is_in(question.flow_codes)
        & (question.now.inside() | question.base.inside())
    )
    due = published_at(lake.table(FLOWS).filter(is_asked), question.level)
    due = of_goods(lake, due, question.goods)
    held = due.group_by("dataset", "freq").agg(nw.len()).collect("pyarrow").to_native()
    names = {row["dataset"] for row in held.to_pylist() if row["freq"] == question.freq}
    if question.dataset == "auto" and not names:
        raise nothing_held(due, _rows_words(question), question.freq)
    dataset = dataset_in(
        lake, question.dataset, having=nw.col("dataset").is_in(names), what=_rows_words(question)
    )
    rows = lake.table(FLOWS).filter(nw.col("dataset") == dataset)
    rows = by_partner(rows, reporters, question.flow_codes, question.freq)
    level = published_at(rows, question.level)
    refuse_mixed(level.filter(question.now.inside() | question.base.inside()), dataset)
    return level, dataset


def _rows_words(question: PartnerQuestion) -> str:
    of = f" of goods {', '.join(question.goods)}" if question.goods else ""
    return (
        f"{question.level} rows{of} of {question.reporters} with flow "
        f"{' or '.join(question.flow_codes)} in these months"
    )


def _facing(money: Money) -> Money:
    """Rates turned round where they are quoted the other way: USD/EUR also turns EUR into USD."""
    turned = tuple(
        Rate(rate.currency, rate.foreign, rate.year, 1 / rate.value)
        if rate.foreign == money.currency
        else rate
        for rate in money.rates
    )
    return replace(money, rates=turned)


def _check_flows(found: pa.Table, question: PartnerQuestion) -> None:
    is_now = pc.and_(
        pc.greater_equal(found["period"], question.now.first),
        pc.less_equal(found["period"], question.now.last),
    )
    held = set(found.filter(is_now)["flow"].to_pylist())
    absent = [flow for flow in question.flow_codes if flow not in held]
    if absent:
        of = f" of goods {', '.join(question.goods)}" if question.goods else ""
        raise EstimateError(
            f"the lake holds no {question.level} rows{of} of {question.reporters} with flow "
            f"{' or '.join(absent)} by single partners in these months, expected some. Run "
            f"`entrepot coverage --reporter {question.reporters}` to see what it holds."
        )


def _ranked(lake: Lake, found: pa.Table, question: PartnerQuestion, is_alike: bool) -> pa.Table:
    periods = lake.frame(found)
    now, base = question.now, question.base
    if question.flow == MUTUAL:
        sums = ranked(turnover(against(periods, now, base, ("partner", "flow"))))
    else:
        sums = with_weights(ranked(against(periods, now, base, ("partner",))), periods, now, base)
    if question.lost:
        lost = resolve(question.lost, now.last)
        sums = of_loss(sums, lost | unnamed_members(lost, now.last))
    order = ("rank", "value", "partner")
    falling = [False, True, False]
    rows = sums.sort(*order, descending=falling, nulls_last=True).collect("pyarrow").to_native()
    valuations = sorted(set(rows["valuation"].to_pylist()))
    if len(valuations) > 1:
        raise EstimateError(
            f"partners are valued {valuations}, expected one valuation: they cannot be ranked "
            "together. Ask for one reporter, or for one dataset with --dataset."
        )
    # Sums of different numbers of months say nothing about change.
    differences = {"change", "gain", "share_change", "of_loss"} & set(rows.column_names)
    for name in () if is_alike else sorted(differences):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.nulls(rows.num_rows, pa.float64()))
    return rows


def _total(
    lake: Lake, chosen: Rows, rows: pa.Table, question: PartnerQuestion
) -> tuple[float | None, Basis]:
    held = pc.sum(rows["value"]).as_py()
    if question.total is not None:
        # A cent of rounding is no contradiction.
        if question.total < held * (1 - 1e-9):
            raise EstimateError(
                f"--total is {question.total:,.0f}, expected at least {held:,.0f} "
                f"{rows['currency'][0].as_py()}, the sum over the partners held. Give the total "
                "of the same months, flow, goods and currency."
            )
        return max(question.total, held), "given"
    whole = lake.table(SOURCES).filter(nw.col("reader").is_in(WHOLE_MONTHS)).select("source_id")
    others = chosen.filter(question.now.inside()).join(whole, on="source_id", how="anti")
    if others.select(nw.len()).collect("pyarrow").item() == 0:
        return held, "whole files"
    return None, ""


def _with_bounds(rows: pa.Table, total: float | None) -> pa.Table:
    named = {row["partner"]: row["value"] for row in rows.to_pylist() if row["rank"] is not None}
    values = dict(zip(*(rows[name].to_pylist() for name in ("partner", "value")), strict=True))
    unspecified = sum(v for p, v in values.items() if p.endswith(NOT_SPECIFIED))
    missing = None if total is None else max(0.0, total - sum(values.values()))
    unseen = len(areas()) - len(named)
    bounds = {
        partner: rank_bounds(
            value, [v for p, v in named.items() if p != partner], unspecified, missing, unseen
        )
        for partner, value in named.items()
        if value > 0
    }
    for name in ("best", "worst"):
        column = [getattr(bounds.get(partner), name, None) for partner in values]
        rows = rows.append_column(f"rank_{name}", pa.array(column, pa.int64()))
    shares = [None if not total else value / total for value in values.values()]
    return rows.append_column("total_share", pa.array(shares, pa.float64()))


def _substitution(frame: Rows, question: PartnerQuestion, is_alike: bool) -> dict[str, Any]:
    if not question.lost:
        return {}
    on = question.now.last
    lost, taken_by = (
        areas | unnamed_members(areas, on)
        for areas in (resolve(question.lost, on), resolve(question.taken_by, on))
    )
    if lost & taken_by:
        raise EstimateError(
            f"{sorted(lost & taken_by)} stand on both sides of --substitute {question.lost} --by "
            f"{question.taken_by}, expected partners on one side only. Take them out of one."
        )
    found = substitution(frame, lost, taken_by).collect("pyarrow").to_native()
    if found.num_rows == 0:
        raise EstimateError(
            f"the lake holds nothing about {question.lost} or {question.taken_by} in these months, "
            "expected declarations about both. Run `entrepot coverage`."
        )
    return dict(found.to_pylist()[0]) if is_alike else dict.fromkeys(found.column_names)


def _caveats(answer: Partners, question: PartnerQuestion) -> list[str]:
    rows = answer.rows
    fuels = {good[:2] for good in question.goods} == {"27"}
    is_whole = fuels and any(len(good) < 4 for good in question.goods)
    has_weights = "net_weight_kg" in rows.column_names and pc.max(rows["net_weight_kg"]).as_py() > 0
    named = {
        "partners_held_only": answer.basis != "whole files",
        "incomplete_reporting": any(
            held.missing or held.silent or held.absent for held in answer.months
        ),
        "confidential_partner": any(
            partner.endswith(NOT_SPECIFIED) for partner in rows["partner"].to_pylist()
        ),
        "mixed_valuation": question.flow == MUTUAL,
        "value_not_quantity": not has_weights,
        "fuels_not_crude": is_whole,
        "oil_by_origin": fuels and question.flow == "M",
    }
    return [code for code, is_due in named.items() if is_due]
