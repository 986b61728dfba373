"""Usual unit values and masses of a code, drawn from the declarations of a lake when it is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.lake import Lake
from entrepot.screening.check import UsualRange
from entrepot.screening.price import usual_ranges
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.vintage import latest

MONTHS = 24  # own choice: two years see every season twice and few changes of model
_HS = 6
_FLOW = {"import": "M", "export": "X"}
_GROUP = ("dataset", "freq", "currency")
Usual = Mapping[tuple[str, str], UsualRange]
FindUsual = Callable[[str, str | None], Usual]


def usual_values(lake: Lake, on: date) -> FindUsual | None:
    """Make ready to look up what goods usually cost and weigh.

    Ranges come from one data set, frequency and currency: the one with most declarations of the
    code in the 24 months before the day. Every declaration of a reporter about a partner and
    period counts once, as its newest vintage has it.

    Args:
        lake: The lake; it must stay open.
        on: Day as of which lines are screened.

    Returns:
        Finds the ranges of a code's six digits, for a shipment's direction (exports where open);
        each is read once. ``None`` where the lake holds no flows.
    """
    if not lake.has(FLOWS):
        return None
    kept: dict[tuple[str, str], Usual] = {}

    def usual(commodity: str, direction: str | None) -> Usual:
        key = (commodity[:_HS], _FLOW.get(direction or "", "X"))
        if len(key[0]) < _HS:
            return {}
        if key not in kept:
            kept[key] = _ranges(lake, *key, on)
        return kept[key]

    return usual


def _ranges(lake: Lake, code: str, flow: str, on: date) -> Usual:
    begin = date(on.year - MONTHS // 12, on.month, 1)
    about = lake.table(FLOWS).filter(
        nw.col("commodity").str.starts_with(code),
        nw.col("flow") == flow,
        nw.col("period") >= begin,
        nw.col("period") < date(on.year, on.month, 1),
    )
    rows: pa.Table = latest(about, lake.table(SOURCES)).collect("pyarrow").to_native()
    if not rows.num_rows:
        return {}
    sizes = rows.group_by(list(_GROUP)).aggregate([([], "count_all")]).to_pylist()
    best = max(sizes, key=lambda row: (row["count_all"], *(row[name] for name in _GROUP)))
    for name in _GROUP:
        rows = rows.filter(pc.equal(rows[name], best[name]))
    first, last = min(rows["period"].to_pylist()), max(rows["period"].to_pylist())
    said = f"{best['dataset']}, flow {flow}, {first:%Y-%m} to {last:%Y-%m}"
    return usual_ranges(rows, said)
