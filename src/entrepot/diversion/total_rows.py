"""Rows of ``totals``: by country and chapter, by country, by chapter, and of everything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from entrepot.diversion.calendar import month_of
from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Ints
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.reservations import of_partners, of_run, of_totals
from entrepot.diversion.result_rows import corridor
from entrepot.diversion.split_totals import SplitTotal
from entrepot.rows import arrow_rows
from entrepot.tables import TOTALS

SPLIT = ("intermediated", "ghost", "ghost_share")  # told where a second leg exists


def total_rows(estimate: Estimate, run_id: str) -> pa.Table:
    """Totals by country and chapter, by country, by chapter, and of everything.

    Args:
        estimate: The estimate.
        run_id: The run.

    Returns:
        Rows of ``totals``; ``_T`` stands for all countries or all chapters.
    """
    rows = [
        row
        for name, found in estimate.conclusions.items()
        for row in _totals(estimate, run_id, name, found)
    ]
    return arrow_rows(TOTALS, len(rows), {k: [row[k] for row in rows] for k in rows[0]})


def _totals(
    estimate: Estimate, run_id: str, bracket: Bracket, found: Conclusion
) -> Iterator[dict[str, object]]:
    panel, tally = estimate.panel, found.tally
    partners = np.flatnonzero(tally.count.sum(axis=1) > 0)
    chapters = np.flatnonzero(tally.count.sum(axis=0) > 0)
    codes = panel.cube.commodities.astype("U2")
    names = dict(zip(panel.cube.chapters.tolist(), codes.tolist(), strict=True))
    caveats, shared = of_partners(estimate), [*of_run(estimate), *of_totals(estimate, found)]
    lost = np.bincount(panel.cube.chapters, weights=estimate.direct.lost)
    base = corridor(estimate, run_id, bracket) | {
        "window_start": month_of(panel.cube.periods, int(panel.first)),
        "window_end": month_of(panel.cube.periods, -1),
    }
    for who in [partners, *np.split(partners, len(partners))]:
        area = "_T" if who is partners else str(panel.cube.partners[who[0]])
        extra = [] if area == "_T" else caveats[area]
        for what in [chapters, *np.split(chapters, len(chapters))]:
            group = "_T" if what is chapters else names[int(what[0])]
            if tally.count[np.ix_(who, what)].sum() == 0:
                continue
            yield base | {
                "intermediary": area,
                "group": group,
                "caveats": " ".join([*shared, *extra, *_of_legs(estimate, bracket, who)]),
                **_sum(found, np.ix_(who, what), float(lost[what].sum())),
                **_split(estimate, bracket, np.ix_(who, what), float(lost[what].sum())),
                "flagged_count": _flagged(estimate, found, who, what),
            }


def _flagged(estimate: Estimate, found: Conclusion, who: Ints, what: Ints) -> int:
    chapter = estimate.panel.cube.chapters[found.cells.row]
    mine = np.isin(found.cells.column, who) & np.isin(chapter, what)
    bracket = next(name for name, other in estimate.conclusions.items() if other is found)
    return int((mine & estimate.is_flagged(bracket)).sum())


def _of_legs(estimate: Estimate, bracket: Bracket, who: Ints) -> list[str]:
    """Caveats of how the partners' own records were read."""
    if bracket not in estimate.fused:
        return []
    legs = estimate.legs
    marks = (
        ("origin_recording", legs.arrival is not None and legs.is_by_origin[who].any()),
        ("sales_lower_bound", legs.downstream is not None and legs.is_lower_bound[who].any()),
    )
    return [code for code, holds in marks if holds]


def split_of(estimate: Estimate, bracket: Bracket, at: tuple[Ints, ...]) -> SplitTotal:
    """What some partners and chapters diverted, by way.

    Args:
        estimate: The estimate, with fused legs in the bracket.
        bracket: The bracket.
        at: Index of partners and chapters, as ``np.ix_`` makes it.

    Returns:
        The total, each partner bounded by its own excess.
    """
    excess = estimate.conclusions[bracket].tally
    chapters = np.asarray(at[1]).ravel()
    most = [excess.total(np.ix_([one], chapters)).high for one in np.asarray(at[0]).ravel()]
    return estimate.fused[bracket].tally.total(at, np.maximum(most, 0.0))


def _split(
    estimate: Estimate, bracket: Bracket, at: tuple[Ints, ...], lost: float
) -> dict[str, object]:
    """What went on by way, where a second leg tells."""
    if bracket not in estimate.fused:
        return {"legs": "U"}
    total = split_of(estimate, bracket, at)
    if total.intermediated is None:
        return {"legs": "U"}
    named = {
        "diverted": total.diverted,
        "intermediated": total.intermediated,
        "ghost": total.ghost,
        "ghost_share": total.ghost_share,
        "substitution_ratio": total.diverted / lost if lost > 0 else None,
    }
    ends = ("", "_low", "_high")
    return {"legs": total.legs} | {
        name + end: None if values is None else float(values[place])
        for name, values in named.items()
        for place, end in enumerate(ends)
    }


def _sum(found: Conclusion, at: tuple[Ints, ...], lost: float) -> dict[str, object]:
    total = found.tally.total(at)
    excess = total.observed - total.expected
    ratios = [value / lost if lost > 0 else None for value in (excess, total.low, total.high)]
    return {
        "cell_count": total.count,
        "observed": total.observed,
        "expected": total.expected,
        "expected_low": total.observed - total.high,
        "expected_high": total.observed - total.low,
        "excess": excess,
        "excess_low": total.low,
        "excess_high": total.high,
        "diverted": None,
        "diverted_low": 0.0,
        "diverted_high": max(total.high, 0.0),
        **{name + end: None for name in SPLIT for end in ("", "_low", "_high")},
        "lost_direct": lost,
        "substitution_ratio": ratios[0],
        "substitution_ratio_low": ratios[1],
        "substitution_ratio_high": ratios[2],
    }
