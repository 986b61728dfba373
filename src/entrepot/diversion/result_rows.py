"""Rows of ``leads``, ``totals``, ``diagnostics`` and ``findings`` from an estimate."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.fusion import Fusion
from entrepot.diversion.hierarchy import descend
from entrepot.diversion.placebo import BINS
from entrepot.diversion.reservations import of_cells
from entrepot.rows import arrow_rows
from entrepot.tables import DIAGNOSTICS, LEADS

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
        "kind": "tested",
        "intermediary": cube.partners[cells.column],
        "commodity": cube.commodities[cells.row],
        "window_start": cube.periods[estimate.panel.design.start[cells.row]],
        "window_end": cube.periods[np.full(len(cells), cube.shape[2] - 1)],
        "observed": cells.observed,
        "expected": cells.mean,
        "expected_low": cells.observed - found.excess[:, 1],
        "expected_high": cells.observed - found.excess[:, 0],
        "excess": excess,
        "excess_low": found.excess[:, 0],
        "excess_high": found.excess[:, 1],
        "lost_direct": lost,
        "discounted": found.discounted[:, 0],
        "discounted_low": found.discounted[:, 1],
        "discounted_high": found.discounted[:, 2],
        "excess_fcr_low": found.selected[:, 0],
        "excess_fcr_high": found.selected[:, 1],
        "score": found.scored.score,
        "p_value": found.scored.p_value,
        "q_value": found.q_value,
        "q_tree": descend(found.scored.p_value, [cells.column]).q_value,
        "local_fdr": found.local_fdr,
        "is_flagged": estimate.is_flagged(bracket),
        **{
            "unit_value_change" + end: estimate.prices[cells.row, cells.column, place]
            for place, end in enumerate(("", "_low", "_high"))
        },
        "caveats": of_cells(estimate, bracket),
    }
    columns |= _diverted(estimate, bracket, excess, lost) | _onsets(estimate, bracket)
    return arrow_rows(LEADS, len(cells), columns)


def _diverted(
    estimate: Estimate, bracket: Bracket, excess: Floats, lost: Floats
) -> dict[str, object]:
    """What went on, and by which way, as far as the corridor's legs tell."""
    found, fused = estimate.conclusions[bracket], estimate.fused.get(bracket)
    # One leg bounds what went on: nothing at least, all of the excess at most.
    low, high = np.zeros(len(excess)), np.maximum(found.excess[:, 1], 0.0)
    if fused is None:
        return {
            "legs": "U",
            "diverted_low": low,
            "diverted_high": high,
            "substitution_ratio": _share(excess, lost),
        }
    fusion, whole = fused.fusion, fused.fusion.drawn.diverted
    is_told, is_full = fusion.legs != "U", fusion.legs == "UAD"
    gone_on, ghost = _bounded(fusion, high)
    seen_low = np.where(np.char.find(fusion.legs, "A") > 0, ghost[:, 1], gone_on[:, 1])
    diverted = np.where(is_full, whole[:, 0], np.nan)
    most = np.where(is_full, whole[:, 2], np.maximum(whole[:, 2], high))
    # Each way's ends are those of its own draws: no part may exceed the whole.
    gone_on[:, 2], ghost[:, 2] = np.minimum(gone_on[:, 2], most), np.minimum(ghost[:, 2], most)
    return {
        "legs": fusion.legs,
        "probability": np.where(is_told, fusion.posterior.probability, np.nan),
        "probability_material": np.where(is_told, fusion.drawn.material, np.nan),
        "diverted": diverted,
        "diverted_low": np.where(is_full, whole[:, 1], np.where(is_told, seen_low, low)),
        "diverted_high": most,
        **{
            name + end: draws[:, place]
            for name, draws in (("intermediated", gone_on), ("ghost", ghost))
            for place, end in enumerate(("", "_low", "_high"))
        },
        "substitution_ratio": _share(np.where(is_full, diverted, excess), lost),
    }


def _bounded(fusion: Fusion, most: Floats) -> tuple[Floats, Floats]:
    """Intervals of both ways, wide where one second leg cannot tell the other way from growth."""
    gone_on, ghost = fusion.intermediated, fusion.ghost
    sides = ((ghost, gone_on, "A"), (gone_on, ghost, "D"))
    for unseen, seen, letter in sides:
        blind = (fusion.legs != "U") & (np.char.find(fusion.legs, letter) < 0)
        unseen[blind, 0], unseen[blind, 1] = np.nan, 0.0
        unseen[blind, 2] = np.maximum(unseen[blind, 2], most[blind] - seen[blind, 1])
    return gone_on, ghost


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
