"""The table of leads as a reader asks for it: filtered and sorted in the engine, brackets beside.

One row is one corridor and commodity. Columns of a bracket carry its name (``excess_low_common``),
so that what stands on the screen and what a file holds are the same columns of the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.lake import Lake
from entrepot.tables import BRACKETS, LEADS

Rows = nw.LazyFrame[Any]
Legs = Literal["", "U", "UA", "UD", "UAD"]
Order = Literal["down", "up"]

KEYS = ("coalition", "intermediary", "destination", "commodity", "kind")
SHARED = ("window_start", "window_end", "unit", "observed")
OWN = (
    *("legs", "expected_low", "expected_high", "excess", "excess_low", "excess_high"),
    *("diverted_low", "diverted_high", "intermediated_low", "intermediated_high"),
    *("ghost_low", "ghost_high", "probability", "q_value", "is_flagged", "onset", "caveats"),
)
RANK = "rank"  # flagged in both brackets, then in one, then by the larger excess
# What a reader may sort by, and the columns of a bracket behind it.
SORTS = {
    "commodity": ("commodity",),
    "intermediary": ("intermediary",),
    "observed": ("observed",),
    **{
        f"{name}_{bracket}": (f"{column}_{bracket}",)
        for bracket in BRACKETS
        for name, column in (
            ("excess", "excess_low"),
            ("diverted", "diverted_low"),
            ("probability", "probability"),
            ("q_value", "q_value"),
            ("onset", "onset"),
        )
    },
}


@dataclass(frozen=True, slots=True)
class LeadsAsked:
    """Which leads a reader asks for.

    Args:
        run_id: The run.
        intermediary: Third country; all where empty.
        commodity: How the commodity code begins, e.g. a chapter; all where empty.
        legs: Legs that tell, in either bracket; any where empty.
        is_flagged: Whether only those flagged in either bracket are wanted.
        probability: Least probability that something was diverted, in either bracket.
        excess: Least excess in either bracket, in the unit of the run.
        sort: A key of :data:`SORTS`, or :data:`RANK`.
        order: ``down`` begins with the largest.
    """

    run_id: str
    intermediary: str = ""
    commodity: str = ""
    legs: Legs = ""
    is_flagged: bool = False
    probability: float | None = None
    excess: float | None = None
    sort: str = RANK
    order: Order = "down"


def leads_asked(lake: Lake, asked: LeadsAsked) -> pa.Table:
    """Leads of one run, brackets side by side.

    Args:
        lake: The lake.
        asked: Which, and in which order.

    Returns:
        One row per corridor and commodity: :data:`KEYS`, :data:`SHARED`, and :data:`OWN` once for
        each bracket; open where a bracket holds nothing of it.

    Raises:
        LakeError: If the lake is torn.
    """
    rows = lake.table(LEADS).filter(nw.col("run_id") == asked.run_id)
    if asked.intermediary:
        rows = rows.filter(nw.col("intermediary") == asked.intermediary)
    if asked.commodity:
        rows = rows.filter(nw.col("commodity").str.starts_with(asked.commodity))
    wide = _filtered(_beside(rows), asked)
    table: pa.Table = _sorted(wide, asked).collect("pyarrow").to_native()
    names = (*KEYS, *SHARED, *(f"{name}_{bracket}" for bracket in BRACKETS for name in OWN))
    return table.select(names)


def countries_tested(lake: Lake, run_id: str) -> tuple[str, ...]:
    """Third countries of which a run holds leads.

    Args:
        lake: The lake.
        run_id: The run.

    Returns:
        Their codes, sorted.
    """
    if not lake.has(LEADS):
        return ()
    held = lake.table(LEADS).filter(nw.col("run_id") == run_id).select("intermediary").unique()
    return tuple(sorted(held.collect()["intermediary"].to_list()))


def _beside(rows: Rows) -> Rows:
    """Both brackets of one corridor in one row."""
    # Window, unit and declared value do not depend on the bracket.
    wide = rows.group_by(*KEYS).agg(*(nw.col(name).max() for name in SHARED))
    for bracket in BRACKETS:
        own = rows.filter(nw.col("bracket") == bracket).select(
            *KEYS, *(nw.col(name).alias(f"{name}_{bracket}") for name in OWN)
        )
        wide = wide.join(own, on=list(KEYS), how="left")
    return wide


def _either(name: str) -> nw.Expr:
    return nw.max_horizontal(*(nw.col(f"{name}_{bracket}") for bracket in BRACKETS))


def _flags() -> nw.Expr:
    first, second = (
        nw.col(f"is_flagged_{bracket}").cast(nw.Int64).fill_null(0) for bracket in BRACKETS
    )
    return first + second


def _filtered(wide: Rows, asked: LeadsAsked) -> Rows:
    if asked.legs:
        wide = wide.filter(
            (nw.col("legs_common") == asked.legs) | (nw.col("legs_partner") == asked.legs)
        )
    if asked.is_flagged:
        wide = wide.filter(_flags() > 0)
    if asked.probability is not None:
        wide = wide.filter(_either("probability") >= asked.probability)
    if asked.excess is not None:
        wide = wide.filter(_either("excess") >= asked.excess)
    return wide


def _sorted(wide: Rows, asked: LeadsAsked) -> Rows:
    falls = asked.order == "down"
    if asked.sort == RANK:
        ranked = wide.with_columns(_flags=_flags(), _largest=_either("excess"))
        down = [falls, falls, *(False for _ in KEYS)]
        return ranked.sort("_flags", "_largest", *KEYS, descending=down, nulls_last=True)
    by = (*SORTS[asked.sort], *KEYS)
    return wide.sort(*by, descending=[falls, *(False for _ in KEYS)], nulls_last=True)
