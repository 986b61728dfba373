"""Amounts made comparable: one currency, and one valuation where it is asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.api.held import sources_of
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import RATES, SOURCES
from entrepot.trade.currency import converted
from entrepot.trade.mirror import Rate, in_currency
from entrepot.trade.valuation import Valuation, at


@dataclass(frozen=True, slots=True)
class Money:
    """In what amounts are wanted, and what may be assumed for it.

    Args:
        currency: Currency to turn into; open leaves it to the amounts where they agree.
        rates: Rates to use and no others; empty leaves it to the reference rates of the lake.
        valuation: Valuation to turn into; open leaves amounts as they were declared.
        margin: Freight and insurance as a fraction of the FOB value; open without a valuation.
    """

    currency: str | None = None
    rates: tuple[Rate, ...] = ()
    valuation: Valuation | None = None
    margin: float | None = None

    def __post_init__(self) -> None:
        """Refuse a valuation without its margin, and a margin without its valuation."""
        if (self.valuation is None) != (self.margin is None):
            raise EstimateError(
                f"valuation is {self.valuation!r} and margin {self.margin!r}, expected both or "
                "neither: nothing is assumed about freight. Give --valuation and --margin together."
            )


@dataclass(frozen=True)
class Comparable:
    """Flows in one currency, with what was done to them.

    Args:
        flows: Rows of ``flows``.
        currency: Their currency.
        rates: Which rates were used, in a sentence; empty where none was needed.
        valuations: Valuation by flow letter, e.g. ``{"X": "FOB", "M": "CIF"}``; several are
            separated by blanks.
        margin: The margin between them; open where amounts are as declared.
    """

    flows: nw.LazyFrame[Any]
    currency: str
    rates: str
    valuations: dict[str, str]
    margin: float | None


def comparable(lake: Lake, flows: nw.LazyFrame[Any], money: Money) -> Comparable:
    """Bring flows into one currency, and into one valuation where that is asked for.

    The currency is the one asked for, else the one that the rates given turn into, else that of
    the exports, else the only one there is.

    Args:
        lake: The lake, for its reference rates.
        flows: Rows of ``flows``, each declaration from one source.
        money: What is wanted.

    Returns:
        The flows and what was done.

    Raises:
        EstimateError: If a rate is missing: none is ever assumed.
    """
    units = _units(flows)
    to = _target(units, money)
    turned, said = flows, ""
    if to is not None and set(units["currency"].to_pylist()) - {to}:
        turned, said = _turned(lake, flows, units, Money(to, money.rates))
        units = _units(turned)
    elif money.rates:
        said = f"No rate given was needed: all amounts are in {to}."
    _refuse_others(lake, units, Money(to, money.rates))
    if money.valuation is not None and money.margin is not None:
        turned = at(turned, money.valuation, money.margin)
        units = _units(turned)
    valuations = {
        flow: " ".join(
            sorted({row["valuation"] for row in units.to_pylist() if row["flow"] == flow})
        )
        for flow in sorted(set(units["flow"].to_pylist()))
    }
    return Comparable(turned, to or "", said, valuations, money.margin)


def _refuse_others(lake: Lake, units: pa.Table, money: Money) -> None:
    """Stop where amounts are left in a currency that is not the one wanted."""
    to = money.currency
    open_years: dict[str, set[int]] = defaultdict(set)
    for row in units.to_pylist():
        if row["currency"] != to:
            open_years[row["currency"]].add(row["year"])
    if not open_years:
        return
    held = sorted(set(units["currency"].to_pylist()))
    missing = "; ".join(f"{name} in {sorted(years)}" for name, years in sorted(open_years.items()))
    name, years = min(open_years.items())
    raise EstimateError(
        f"amounts are in {held}, expected one currency{f', {to}' if to else ''}: no rate for "
        f"{missing}, and none is assumed.{_unknown(lake, held, money)} Ingest reference rates, or "
        f"give one for each of these years, e.g. --rate {name}/{to or 'EUR'}:{min(years)}=RATE."
    )


def _unknown(lake: Lake, held: list[str], money: Money) -> str:
    """Say of a currency that no amount and no rate names that it is not known here."""
    known = {*held, *(name for rate in money.rates for name in (rate.foreign, rate.currency))}
    if lake.has(RATES):
        found = lake.table(RATES).group_by("base", "currency").agg(nw.len())
        table = found.collect("pyarrow").to_native()
        known |= {*table["base"].to_pylist(), *table["currency"].to_pylist()}
    if money.currency is None or money.currency in known:
        return ""
    return f" {money.currency} is in no amount and no rate here, which are in {sorted(known)}."


def _units(flows: nw.LazyFrame[Any]) -> pa.Table:
    year = nw.col("period").dt.year().alias("year")
    rows = flows.select("flow", "currency", "valuation", year)
    found: pa.Table = (
        rows.group_by("flow", "currency", "valuation", "year")
        .agg(nw.len())
        .collect("pyarrow")
        .to_native()
    )
    return found


def _target(units: pa.Table, money: Money) -> str | None:
    if money.currency is not None:
        return money.currency
    if money.rates:
        return money.rates[0].currency
    exports = units.filter(pc.equal(units["flow"], "X"))
    for rows in (exports, units):
        names = set(rows["currency"].to_pylist())
        if len(names) == 1:
            return str(names.pop())
    return None


def _turned(
    lake: Lake, flows: nw.LazyFrame[Any], units: pa.Table, money: Money
) -> tuple[nw.LazyFrame[Any], str]:
    to, rates = money.currency or "", money.rates
    if rates:
        # A rate holds both ways: dollars for one euro turn euros into dollars too.
        due = [
            Rate(rate.currency, rate.foreign, rate.year, 1 / rate.value)
            if rate.foreign == to
            else rate
            for rate in rates
        ]
        held = set(zip(units["currency"].to_pylist(), units["year"].to_pylist(), strict=True))
        used: list[str] = []
        unused: list[str] = []
        for given, rate in zip(rates, due, strict=True):
            is_used = rate.currency == to and (rate.foreign, rate.year) in held
            words = f"{given.foreign}/{given.currency} {given.value:g} in {given.year}"
            (used if is_used else unused).append(words)
        said = f"Turned into {to} at the rates given: {', '.join(used) or 'none fits'}."
        left = f" Not used: {', '.join(unused)}." if unused else ""
        return in_currency(flows, due), f"{said}{left}"
    if not lake.has(RATES):
        return flows, ""
    reference = newest_rates(lake)
    names = reference.group_by("dataset").agg(nw.len()).collect("pyarrow").to_native()
    told = sources_of(lake, names["dataset"].to_pylist())
    said = (
        f"Turned into {to} at the reference rates of the lake, each month at its own and a yearly "
        f"row at the mean of its year: {told}."
    )
    return converted(flows, reference, to), said


def newest_rates(lake: Lake) -> nw.LazyFrame[Any]:
    """The reference rates of the lake, each as the newest vintage has it.

    Args:
        lake: The lake.

    Returns:
        Rows of ``rates``, one for each frequency, period, base and currency.
    """
    vintage = lake.table(SOURCES).select(
        "source_id",
        _order=nw.concat_str(nw.col("vintage"), nw.col("source_id"), separator=" "),
    )
    dated = lake.table(RATES).join(vintage, on="source_id", how="left")
    newest = nw.col("_order").max().over("freq", "period", "base", "currency")
    kept = dated.with_columns(_newest=newest).filter(nw.col("_order") == nw.col("_newest"))
    return kept.drop("_order", "_newest")
