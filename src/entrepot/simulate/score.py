"""How well an estimator found what was planted: the metrics of the benchmark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.errors import EstimateError
from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Parts

MATERIAL = 25_000.0  # EUR; less than this in a window is not worth finding
ROUNDING = (
    0.5  # EUR; statistics are in whole euros, and sums in other orders differ in the last bit
)
INTERVAL_LEVEL = 0.90
NULL_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Score:
    """One estimator on one world. ``None`` where the estimator or the world gives nothing to score.

    *Diverted* cells hold at least EUR 25,000 of planted trade in the window, *null* cells none.

    Args:
        cell_count: Cells.
        diverted_count: Diverted cells.
        flagged_count: Flagged cells.
        average_precision: Of diverted against null cells, ranked by score.
        value_captured: Share of planted value in the first ``diverted_count`` cells by score.
        false_discovery_proportion: Share of null cells among flagged cells; 0 if none is flagged.
        power: Share of diverted cells that are flagged.
        power_by_value: Share of planted value in flagged cells.
        null_share_below: Share of null cells with p < .05.
        wmape: Sum of absolute errors over planted value, all cells.
        total_ratio: Sum of estimates over planted value, all cells.
        coverage_diverted: Share of diverted cells whose 90 % interval holds the truth.
        coverage_null: The same of null cells.
        coverage_flagged: The same of flagged cells.
        interval_score: Mean interval score at 90 % over mean planted value, all cells.
        unmatched_count: Planted cells the estimator said nothing about.
        intermediated_error: Sum of absolute errors of what arrived and went on over its truth.
        ghost_error: The same of what never arrived.
        coverage_countries: Share of countries whose total's 90 % interval holds the truth.
        country_error: Sum of absolute errors of countries' totals over planted value.
    """

    cell_count: int
    diverted_count: int
    flagged_count: int | None
    average_precision: float | None
    value_captured: float | None
    false_discovery_proportion: float | None
    power: float | None
    power_by_value: float | None
    null_share_below: float | None
    wmape: float | None
    total_ratio: float | None
    coverage_diverted: float | None
    coverage_null: float | None
    coverage_flagged: float | None
    interval_score: float | None
    unmatched_count: int = 0
    intermediated_error: float | None = None
    ghost_error: float | None = None
    coverage_countries: float | None = None
    country_error: float | None = None


def average_precision(score: Floats, is_positive: Bools) -> float:
    """Area under the precision-recall curve, as a step function.

    ``AP = sum_n (R_n - R_(n-1)) P_n`` over distinct scores, high to low; ties stand together.

    Args:
        score: Scores, shape [n].
        is_positive: Which of them are positives, shape [n].

    Returns:
        Between 0 and 1.

    Raises:
        EstimateError: If there is no positive.

    Source:
        Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), section 8.4.

    Example:
        >>> round(average_precision(np.array([4., 3., 2., 1.]), np.array([1, 0, 1, 0], bool)), 4)
        0.8333
    """
    if not is_positive.any():
        raise EstimateError(
            f"average precision of {len(score)} cells: found 0 positives, expected at least one. "
            "Score a world in which something is planted."
        )
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(is_positive[order])
    last_of_tie = np.append(np.diff(score[order]) != 0, True)
    hits, seen = hits[last_of_tie], np.flatnonzero(last_of_tie) + 1
    gained = np.diff(hits, prepend=0)
    return float(np.sum(gained * hits / seen) / hits[-1])


def interval_score(low: Floats, high: Floats, truth: Floats) -> Floats:
    """Interval score: the width, plus 2/alpha times what the interval misses the truth by.

    Args:
        low: Lower ends of 90 % intervals.
        high: Upper ends.
        truth: True values.

    Returns:
        Scores in the unit of the inputs, lower is better.

    Source:
        Gneiting and Raftery, J. American Statistical Association 102 (2007), equation 43.

    Example:
        >>> interval_score(np.array([1.0]), np.array([3.0]), np.array([4.0])).round(6).tolist()
        [22.0]
    """
    missed = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return np.asarray(high - low + 2 / (1 - INTERVAL_LEVEL) * missed)


def score_cells(truth: Floats, cells: CellEstimates, parts: Parts | None = None) -> Score:
    """Score an estimator on the cells of one world.

    Args:
        truth: Planted trade in each cell's window, EUR, shape [n].
        cells: What the estimator says of the same cells, shape [n].
        parts: Countries of the cells and the two ways their trade went; what needs them is not
            scored where left out.

    Returns:
        The metrics.
    """
    diverted, null, planted = truth >= MATERIAL, truth == 0, float(truth.sum())
    flagged, inside = cells.is_flagged, _inside(truth, cells)
    is_significant = None if cells.p_value is None else cells.p_value < NULL_LEVEL
    first = np.argsort(-cells.score, kind="stable")[: int(diverted.sum())]
    ways = Parts(np.zeros(len(truth), dtype=np.int64)) if parts is None else parts
    off, covered = _of_countries(truth, cells, parts)
    return Score(
        cell_count=len(truth),
        diverted_count=int(diverted.sum()),
        flagged_count=None if flagged is None else int(flagged.sum()),
        average_precision=_precision(cells.score, diverted, null),
        value_captured=_ratio(float(truth[first].sum()), planted),
        false_discovery_proportion=None if flagged is None else _false_share(flagged, null),
        power=_share(flagged, diverted),
        power_by_value=None if flagged is None else _ratio(float(truth[flagged].sum()), planted),
        null_share_below=_share(is_significant, null),
        wmape=_ratio(float(np.abs(cells.estimate - truth).sum()), planted),
        total_ratio=_ratio(float(cells.estimate.sum()), planted),
        coverage_diverted=_share(inside, diverted),
        coverage_null=_share(inside, null),
        coverage_flagged=None if flagged is None else _share(inside, flagged),
        interval_score=_mean_interval_score(truth, cells),
        intermediated_error=_part_error(cells.intermediated, ways.intermediated),
        ghost_error=_part_error(cells.ghost, ways.ghost),
        coverage_countries=covered,
        country_error=off,
    )


def _precision(score: Floats, diverted: Bools, null: Bools) -> float | None:
    clear = diverted | null
    return average_precision(score[clear], diverted[clear]) if diverted.any() else None


def _false_share(flagged: Bools, null: Bools) -> float:
    return float((null & flagged).sum() / max(int(flagged.sum()), 1))


def _inside(truth: Floats, cells: CellEstimates) -> Bools | None:
    if cells.low is None or cells.high is None:
        return None
    below, above = cells.low - ROUNDING, cells.high + ROUNDING
    return np.asarray((below <= truth) & (truth <= above))


def _mean_interval_score(truth: Floats, cells: CellEstimates) -> float | None:
    low = cells.low if cells.claimed_low is None else cells.claimed_low
    high = cells.high if cells.claimed_high is None else cells.claimed_high
    if low is None or high is None:
        return None
    return _ratio(float(interval_score(low, high, truth).sum()), float(truth.sum()))


def _part_error(estimate: Floats | None, truth: Floats | None) -> float | None:
    if estimate is None or truth is None:
        return None
    return _ratio(float(np.abs(estimate - truth).sum()), float(truth.sum()))


def _of_countries(
    truth: Floats, cells: CellEstimates, parts: Parts | None
) -> tuple[float | None, float | None]:
    """Error of countries' totals, and share of them whose interval holds the truth."""
    if parts is None:
        return None, None
    at = np.unique(parts.country, return_inverse=True)[1]
    planted, found = np.bincount(at, truth), cells.totals
    told = np.bincount(at, cells.estimate) if found is None else found.estimate
    off = _ratio(float(np.abs(told - planted).sum()), float(planted.sum()))
    if found is None:
        return off, None
    inside = (found.low - ROUNDING <= planted) & (planted <= found.high + ROUNDING)
    return off, float(inside.mean())


def _share(holds: Bools | None, among: Bools) -> float | None:
    return None if holds is None or not among.any() else float(holds[among].mean())


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
