"""Curves of the benchmark: precision along recall, and how far probabilities can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Ints
from entrepot.simulate.score import MATERIAL

RECALLS = np.linspace(0.05, 1.0, 20).round(2)
# Fine at both ends, where decisions are made.
EDGES = np.array([0.0, 0.05, 0.20, 0.40, 0.60, 0.80, 0.95, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Cells by their probability of diversion, one entry per bin of :data:`EDGES`.

    Args:
        count: Cells, shape [7].
        predicted: Sum of their probabilities, shape [7].
        actual: Cells among them in which something was planted, shape [7].
    """

    count: Ints
    predicted: Floats
    actual: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What one method's cells look like along a threshold.

    Args:
        precision: Precision where recall first reaches each of :data:`RECALLS`, shape [20];
            ``None`` in a world without diversion.
        calibration: Bins of probability; ``None`` for a method without probabilities.
    """

    precision: Floats | None
    calibration: Calibration | None


def curves(truth: Floats, cells: CellEstimates) -> Curves:
    """Trace one method's curves on one world.

    Args:
        truth: Planted trade in each cell's window, EUR, shape [n].
        cells: What the method says of the same cells, shape [n].

    Returns:
        The curves.
    """
    diverted, null = truth >= MATERIAL, truth == 0
    clear = diverted | null
    chance = cells.probability
    return Curves(
        precision=precision_at(cells.score[clear], diverted[clear]) if diverted.any() else None,
        calibration=None if chance is None else calibration(chance, truth > 0),
    )


def precision_at(score: Floats, is_positive: Bools) -> Floats:
    """Precision where recall first reaches each of :data:`RECALLS`; ties stand together.

    Args:
        score: Scores, shape [n].
        is_positive: Which are positives, at least one, shape [n].

    Returns:
        Precision, shape [20].

    Example:
        >>> precision_at(np.array([4., 3., 2., 1.]), np.array([1, 0, 1, 0], bool))[[0, 19]].round(2)
        array([1.  , 0.67])
    """
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(is_positive[order])
    last_of_tie = np.append(np.diff(score[order]) != 0, True)
    hits, seen = hits[last_of_tie], np.flatnonzero(last_of_tie) + 1
    at = np.searchsorted(hits, np.ceil(RECALLS * hits[-1] - 1e-9))
    return np.asarray(hits[at] / seen[at])


def calibration(probability: Floats, is_planted: Bools) -> Calibration:
    """Set predicted against actual shares, by bins of :data:`EDGES`.

    A bin holds its lower edge; the last one also its upper.

    Args:
        probability: Probability of diversion, between 0 and 1, shape [n].
        is_planted: Whether anything was planted, shape [n].

    Returns:
        Counts and sums by bin.

    Example:
        >>> calibration(np.array([0.0, 0.1, 0.1, 1.0]), np.array([0, 1, 0, 1], bool)).actual
        array([0, 1, 0, 0, 0, 0, 1])
    """
    place = np.minimum(np.searchsorted(EDGES, probability, side="right") - 1, len(EDGES) - 2)
    size = len(EDGES) - 1
    return Calibration(
        count=np.bincount(place, minlength=size),
        predicted=np.bincount(place, weights=probability, minlength=size).astype(np.float64),
        actual=np.bincount(place[is_planted], minlength=size),
    )
