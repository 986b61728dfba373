"""Rows of ``leads``, ``totals``, ``diagnostics`` and ``findings`` from an estimate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.calendar import month_of
from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.placebo import BINS
from entrepot.diversion.reservations import of_cells, of_partners, of_run, of_totals
from entrepot.rows import arrow_rows
from entrepot.tables import DIAGNOSTICS, LEADS, TOTALS

ONSET_P = 0.05  # an onset is told where the corridor's p-value is at most this


def classification(level: str) -> str:
    """The classification a level of commodities belongs to.

    Args:
        level: ``HS4``, ``HS6`` or ``CN8``.

    Returns:
        ``HS`` or ``CN``.
    """
    return "CN" if level == "CN8" else "HS"


def corridor(estimate: Estimate, run_id: str, bracket: Bracket) -> dict[str, object]:
    """Columns that are the same in every result row of one bracket.

    Args:
        estimate: The estimate.
        run_id: The run.
        bracket: The bracket.

    Returns:
        Values by column name.
    """
    inquiry = estimate.inquiry
    return {
        "run_id": run_id,
        "bracket": bracket,
        "coalition": inquiry.coalition,
        "destination": inquiry.destination,
        "classification": classification(inquiry.level),
        "unit": estimate.panel.currency,
    }


def lead_rows(estimate: Estimate, run_id: str) -> pa.Table:
    """One row per tested corridor and bracket.

    Args:
        estimate: The estimate.
        run_id: The run.

    Returns:
        Rows of ``leads``.
    """
    return pa.concat_tables([_leads(estimate, run_id, name) for name in estimate.conclusions])


def _leads(estimate: Estimate, run_id: str, bracket: Bracket) -> pa.Table:
    found = estimate.conclusions[bracket]
    cells, cube = found.cells, estimate.panel.cube
    lost = estimate.direct.lost[cells.row]
    excess = cells.observed - cells.mean
    columns = corridor(estimate, run_id, bracket) | {
        "intermediary": cube.partners[cells.column],
        "commodity": cube.commodities[cells.row],
        "window_start": cube.periods[estimate.panel.design.start[cells.row]],
        "window_end": cube.periods[np.full(len(cells), cube.shape[2] - 1)],
        "legs": "U",
        "observed": cells.observed,
        "expected": cells.mean,
        "expected_low": cells.observed - found.excess[:, 1],
        "expected_high": cells.observed - found.excess[:, 0],
        "excess": excess,
        "excess_low": found.excess[:, 0],
        "excess_high": found.excess[:, 1],
        # One leg bounds what went on: nothing at least, all of the excess at most.
        "diverted_low": np.zeros(len(cells)),
        "diverted_high": np.maximum(found.excess[:, 1], 0.0),
        "lost_direct": lost,
        "discounted": found.discounted[:, 0],
        "discounted_low": found.discounted[:, 1],
        "discounted_high": found.discounted[:, 2],
        "excess_fcr_low": found.selected[:, 0],
        "excess_fcr_high": found.selected[:, 1],
        "score": found.scored.score,
        "p_value": found.scored.p_value,
        "q_value": found.q_value,
        "local_fdr": found.local_fdr,
        "is_flagged": found.is_flagged,
        "substitution_ratio": _share(excess, lost),
        "caveats": of_cells(estimate, found),
    }
    return arrow_rows(LEADS, len(cells), columns | _onsets(estimate, bracket))


def _share(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, NaN where there is no whole."""
    out: Floats = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return out


def _onsets(estimate: Estimate, bracket: Bracket) -> dict[str, NDArray[np.datetime64]]:
    when, found = estimate.onsets[bracket], estimate.conclusions[bracket]
    told = found.scored.p_value <= ONSET_P
    periods = estimate.panel.cube.periods.astype("datetime64[D]")

    def day(index: Ints) -> NDArray[np.datetime64]:
        nothing = np.datetime64("NaT", "D")
        return np.where(told & (index >= 0), periods[np.maximum(index, 0)], nothing)

    return {
        "onset": day(when.month),
        "onset_low": day(when.earliest),
        "onset_high": day(when.latest),
    }


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
        "legs": "U",
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
                "caveats": " ".join([*shared, *extra]),
                **_sum(found, np.ix_(who, what), float(lost[what].sum())),
                "flagged_count": _flagged(estimate, found, who, what),
            }


def _flagged(estimate: Estimate, found: Conclusion, who: Ints, what: Ints) -> int:
    chapter = estimate.panel.cube.chapters[found.cells.row]
    mine = np.isin(found.cells.column, who) & np.isin(chapter, what)
    return int((mine & found.is_flagged).sum())


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
        "diverted_low": 0.0,
        "diverted_high": max(total.high, 0.0),
        "lost_direct": lost,
        "substitution_ratio": ratios[0],
        "substitution_ratio_low": ratios[1],
        "substitution_ratio_high": ratios[2],
    }


def diagnostic_rows(estimate: Estimate, run_id: str) -> pa.Table:
    """What the run's checks of itself counted.

    Args:
        estimate: The estimate.
        run_id: The run.

    Returns:
        Rows of ``diagnostics``.
    """
    rows: list[tuple[str, str, str, str, float, str]] = []
    for bracket, found in estimate.conclusions.items():
        for placebo in estimate.placebos[bracket]:
            for label, count in placebo.tests.items():
                rows.append((bracket, placebo.name, "tests", label, count, "tests"))
                refused = placebo.rejections[label]
                rows.append((bracket, placebo.name, "rejections", label, refused, "tests"))
            rows.append((bracket, placebo.name, "share_below_05", "_T", placebo.small_share, "1"))
            for index, count in enumerate(placebo.histogram()):
                label = f"{index / BINS:.2f}-{(index + 1) / BINS:.2f}"
                rows.append((bracket, placebo.name, "p_histogram", label, count, "tests"))
        for measure, value in (
            ("partner_growth", found.shock.drift),
            ("partner_growth_error", found.shock.drift_error),
            ("partner_spread", found.shock.spread),
            ("control_partners", float(found.shock.partner_count)),
            ("lump_scale", found.scales.lump),
            ("drift_scale", found.scales.drift),
        ):
            rows.append((bracket, "calibration", measure, "_T", value, "1"))
    names = ("bracket", "diagnostic", "measure", "label", "value", "unit")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return arrow_rows(DIAGNOSTICS, len(rows), {"run_id": run_id, **columns})
