"""How well an estimator found what was planted: the metrics of the benchmark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.errors import EstimateError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MATERIAL = 25_000.0  # EUR; less than this in a window is not worth finding
ROUNDING = (
    0.5  # EUR; statistics are in whole euros, and sums in other orders differ in the last bit
)
INTERVAL_LEVEL = 0.90
NULL_LEVEL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class CellEstimates:
    """What an estimator says of each cell, a listed product in a candidate. One shape for all.

    Args:
        estimate: Diverted trade in the window, EUR, not negative.
        score: The more suspect, the higher.
        low: Lower end of the 90 % interval of diverted trade, EUR; ``None`` without intervals.
        high: Upper end.
        p_value: One-sided p-value of no diversion; ``None`` without tests.
        is_flagged: What the method flags at its FDR; ``None`` without tests.
    """

    estimate: Floats
    score: Floats
    low: Floats | None = None
    high: Floats | None = None
    p_value: Floats | None = None
    is_flagged: Bools | None = None

    def at(self, cells: Bools) -> CellEstimates:
        """The estimates of some cells, flat.

        Args:
            cells: Cells to keep, of the estimates' shape.

        Returns:
            Estimates of shape [number kept].
        """
        return CellEstimates(
            estimate=self.estimate[cells],
            score=self.score[cells],
            low=None if self.low is None else self.low[cells],
            high=None if self.high is None else self.high[cells],
            p_value=None if self.p_value is None else self.p_value[cells],
            is_flagged=None if self.is_flagged is None else self.is_flagged[cells],
        )


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


def score_cells(truth: Floats, cells: CellEstimates) -> Score:
    """Score an estimator on the cells of one world.

    Args:
        truth: Planted trade in each cell's window, EUR, shape [n].
        cells: What the estimator says of the same cells, shape [n].

    Returns:
        The metrics.
    """
    diverted, null, planted = truth >= MATERIAL, truth == 0, float(truth.sum())
    flagged, inside = cells.is_flagged, _inside(truth, cells)
    is_significant = None if cells.p_value is None else cells.p_value < NULL_LEVEL
    first = np.argsort(-cells.score, kind="stable")[: int(diverted.sum())]
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
    if cells.low is None or cells.high is None:
        return None
    total = float(interval_score(cells.low, cells.high, truth).sum())
    return _ratio(total, float(truth.sum()))


def _share(holds: Bools | None, among: Bools) -> float | None:
    return None if holds is None or not among.any() else float(holds[among].mean())


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
