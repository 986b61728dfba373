"""What one side of a claimed trade declared, read from the lake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.checked_choice import Choice, best_choice
from entrepot.api.checked_holdings import Shelf
from entrepot.api.checked_side import SideAsked
from entrepot.api.checked_standing import standing_of
from entrepot.api.held import refuse_mixed, sources_of
from entrepot.api.money import Money, comparable
from entrepot.codes.datasets import treated_words
from entrepot.diversion.declarations import each_once
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.press.check_numbers import Declared, Reach
from entrepot.press.check_records import CheckOptions
from entrepot.press.claim_sentences import WORLD
from entrepot.tables import SOURCES
from entrepot.trade.partners import by_period
from entrepot.trade.summary import Stretch

Rows = nw.LazyFrame[Any]
_CURRENCY_LETTERS = 3
_NAMED = 4  # codes that evidence lists before it counts them
_WEIGHTS = {"t", "kg"}
_WEIGHED = 0.99  # part of a value that must have a weight before weights are compared


def declared_by(
    lake: Lake, shelf: Shelf, asked: SideAsked, options: CheckOptions
) -> list[Declared]:
    """Read what one side declared.

    Args:
        lake: The lake.
        shelf: What is held.
        asked: The side.
        options: Rates.

    Returns:
        The declarations in value, or in weight where the claim is of weight; for a claimed rise
        or fall of named goods that were weighed, in value and then in weight.

    Raises:
        EstimateError: If nothing that answers is held; the message is part of a sentence.
    """
    chosen = best_choice(shelf, asked)
    rows = shelf.rows(asked.reporters, asked.flows, chosen.holding.freq).filter(
        nw.col("dataset") == chosen.holding.dataset,
        nw.col("commodity").is_in(sorted(chosen.codes.codes)),
    )
    inside = (stretch.inside() for stretch in chosen.stretches)
    rows = rows.filter(nw.any_horizontal(*inside, ignore_nulls=True))
    refuse_mixed(rows, chosen.holding.dataset)
    once = each_once(rows, lake.table(SOURCES))
    flows, rates, valuation = _comparable(lake, once, asked, options)
    found = by_period(flows).collect("pyarrow").to_native().to_pylist()
    told = _declared(asked, chosen, found, valuation)
    told = replace(
        told,
        source=sources_of(lake, [chosen.holding.dataset]),
        rates=rates,
        converted=treated_words(chosen.holding.dataset),
    )
    if asked.claim.relation in {"rank", "share"}:
        return [replace(told, standing=standing_of(found, asked, chosen.now, chosen.holding))]
    return _in_units(asked, told, found)


def _comparable(
    lake: Lake, rows: Rows, asked: SideAsked, options: CheckOptions
) -> tuple[Rows, str, str]:
    unit = asked.claim.unit or ""
    is_amount = asked.claim.relation in {"level", "increase", "decrease"}
    is_money = is_amount and unit.isupper() and len(unit) == _CURRENCY_LETTERS
    money = Money(unit, options.rates) if is_money else Money()
    try:
        turned = comparable(lake, rows, money)
    except EstimateError:
        if not is_money:
            raise
        turned = comparable(lake, rows, Money())  # the sentence says that no rate was there
    valuations = " + ".join(dict.fromkeys(turned.valuations[f] for f in sorted(turned.valuations)))
    return turned.flows, turned.rates, valuations


def _declared(
    asked: SideAsked, chosen: Choice, found: list[dict[str, Any]], valuation: str
) -> Declared:
    currencies = sorted({row["currency"] for row in found})
    goods = chosen.codes.words
    every = sorted(chosen.codes.codes)
    codes = ",".join(every) if len(every) <= _NAMED else f"{every[0]}+{len(every) - 1}"
    return Declared(
        reporter=asked.reporter,
        partner=asked.partner,
        flow=asked.flows[0] if len(asked.flows) == 1 else "both",
        valuation=valuation,
        unit=currencies[0] if currencies else "EUR",
        freq=chosen.holding.freq,
        now=chosen.now,
        base=chosen.base,
        amounts=_summed(found, asked, "value"),
        held=chosen.held,
        short=chosen.short,
        reach=_reach(chosen.codes.reach, asked.meant.note),
        goods=goods,
        notes=chosen.notes,
        evidence=(_evidence(asked, chosen, codes), *filter(None, (asked.meant.evidence,))),
        caveats=_caveats(asked, chosen),
    )


def _reach(held: Reach, note: str) -> Reach:
    """What the codes held are of the goods meant, given how the lexicon's codes differ."""
    of_note: Reach = "named"
    if note.startswith("narrower"):
        of_note = "narrower"
    elif note.startswith("wider"):
        of_note = "wider"
    return held if of_note in {"named", held} else of_note if held == "named" else "other"


def _summed(
    found: list[dict[str, Any]], asked: SideAsked, column: str
) -> dict[tuple[str, date], float]:
    partners = asked.partners
    sums: dict[tuple[str, date], float] = defaultdict(float)
    for row in found:
        if not partners or row["partner"] in partners:
            sums[row["flow"], row["period"]] += row[column]
    return dict(sums)


def _in_units(asked: SideAsked, told: Declared, found: list[dict[str, Any]]) -> list[Declared]:
    weights = replace(
        told,
        unit="kg",
        valuation="",
        rates="",
        amounts=_summed(found, asked, "net_weight_kg"),
        caveats=tuple(code for code in told.caveats if code != "value_not_quantity"),
    )
    weighed = _summed(found, asked, "weighed_value")
    stretches = [told.now, *([told.base] if told.base else [])]
    is_weighed = all(_part(told, weighed, stretch) >= _WEIGHED for stretch in stretches)
    if asked.claim.unit in _WEIGHTS:
        if not is_weighed:
            raise EstimateError("the goods were not weighed in full")
        return [weights]
    if asked.claim.relation in {"increase", "decrease"} and asked.meant.prefixes and is_weighed:
        return [told, weights]
    return [told]


def _part(told: Declared, weighed: Mapping[tuple[str, date], float], stretch: Stretch) -> float:
    total = told.sum_of(stretch)
    return replace(told, amounts=weighed).sum_of(stretch) / total if total else 0.0


def _evidence(asked: SideAsked, chosen: Choice, codes: str) -> str:
    whom = "all" if asked.partner == WORLD else asked.partner
    when = ",".join(f"{one.first:%Y-%m}..{one.last:%Y-%m}" for one in chosen.stretches)
    return (
        f"flows dataset={chosen.holding.dataset} freq={chosen.holding.freq} "
        f"reporter={asked.reporter} partner={whom} flow={','.join(asked.flows)} "
        f"commodity={codes} period={when}"
    )


def _caveats(asked: SideAsked, chosen: Choice) -> tuple[str, ...]:
    codes = chosen.codes
    fuels = bool(codes.codes) and all(code.startswith("27") for code in codes.codes)
    named = {
        "incomplete_reporting": bool(chosen.missing or chosen.short),
        "partner_not_specified": "M" in asked.flows
        and any("_X" in chosen.holding.partners[flow] for flow in asked.flows),
        "partners_held_only": not chosen.holding.is_whole
        and asked.claim.relation in {"rank", "share"},
        "mixed_valuation": len(asked.flows) > 1,
        "value_not_quantity": asked.is_compared and asked.claim.unit not in _WEIGHTS,
        "fuels_not_crude": "27" in codes.codes and codes.reach == "wider",
        "oil_by_origin": fuels and "M" in asked.flows,
        "partial_code": codes.reach == "wider" and not fuels,
        "simulated": chosen.holding.dataset == "simulated",
    }
    return tuple(code for code, is_due in named.items() if is_due)
