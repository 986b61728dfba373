"""Monthly lines of observed and expected trade, their bands, and how they become rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import gammaincinv

from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.intervals import TAIL
from entrepot.diversion.predictive import Scales
from entrepot.diversion.window import Cells, window_mask
from entrepot.rows import arrow_rows
from entrepot.tables import SERIES

WIDEST = 4.0  # relative variance beyond which a band says nothing more


@dataclass(frozen=True)
class Lines:
    """Monthly lines, one row each, shape [n, T].

    Args:
        observed: Declared trade; NaN where nobody reported.
        expected: Expected trade.
        variance: Its predictive variance; NaN where it is not known.
    """

    observed: Floats
    expected: Floats
    variance: Floats

    def take(self, which: slice) -> Lines:
        """A run of lines.

        Args:
            which: The run.

        Returns:
            Those lines; nothing is copied.
        """
        return Lines(self.observed[which], self.expected[which], self.variance[which])

    def summed(self, at: Ints, count: int) -> Lines:
        """Add up lines.

        Args:
            at: Which sum each line belongs to, shape [n].
            count: Number of sums.

        Returns:
            Their sums, independent but for what the caller adds.
        """
        sums = []
        for monthly in (self.observed, self.expected, self.variance):
            total = np.zeros((count, monthly.shape[1]))
            np.add.at(total, at, monthly)
            sums.append(total)
        return Lines(*sums)


def observed_by_month(cube: Cube, where: tuple[Ints, Ints]) -> Floats:
    """Declared values of some corridors.

    Args:
        cube: Declared trade.
        where: Commodity and partner of each, shape [n].

    Returns:
        Values by corridor and month, shape [n, T]; NaN where nobody reported.
    """
    place = np.full(cube.shape[:2], -1)
    place[where] = np.arange(len(where[0]))
    mine = place[cube.rows, cube.columns]
    inside = mine >= 0
    out = np.zeros((len(where[0]), cube.shape[2]))
    out[mine[inside], cube.months[inside]] = cube.values[inside]
    return np.where(cube.is_reported[where[1]], out, np.nan)


def expected_by_month(cube: Cube, factors: Factors, where: tuple[Ints, Ints]) -> Floats:
    """What the factors expect of some corridors, ``a g d``.

    Args:
        cube: Declared trade.
        factors: The model.
        where: Commodity and partner of each, shape [n].

    Returns:
        Expectations by corridor and month, 0 where the code was not in force, shape [n, T].
    """
    row, column = where
    mu: Floats = factors.a[row, column][:, None] * factors.g[row] * factors.d[column]
    mu = mu * cube.is_alive[row]
    return mu


def spread_by_month(cells: Cells, scales: Scales, expected: Floats) -> Floats:
    """Predictive variance of single months: lumps, and a level that is not quite known.

    ``2 c phi m + min(nu, 4) m^2`` with the scales of the corridor's window.

    Args:
        cells: Corridors, n of them.
        scales: Tuned scales.
        expected: Expectations by month, shape [n, T].

    Returns:
        Variances, shape [n, T].
    """
    nu = cells.level_variance + scales.drift * cells.drift
    lump = 2 * scales.lump * cells.lump
    variance: Floats = lump[:, None] * expected + np.minimum(nu, WIDEST)[:, None] * expected**2
    return variance


def in_window(cube: Cube, start: Ints) -> Bools:
    """Months in which each commodity's window is open and its code in force.

    Args:
        cube: The panel.
        start: First month of each commodity's window, shape [K].

    Returns:
        Flags, shape [K, T].
    """
    inside: Bools = window_mask(cube, start) > 0
    return inside


def band(mean: Floats, variance: Floats, window: Bools) -> tuple[Floats, Floats]:
    """5 % and 95 % points of gamma distributions with these means and variances.

    Args:
        mean: Means, shape [n, T].
        variance: Variances, shape [n, T].
        window: Months that get a band, shape [n, T].

    Returns:
        Both ends, NaN outside the window and where mean or variance is not above 0.
    """
    ends = []
    known = window & (mean > 0) & (variance > 0)
    shape, scale = mean[known] ** 2 / variance[known], variance[known] / mean[known]
    for point in (TAIL, 1 - TAIL):
        end = np.full(mean.shape, np.nan)
        end[known] = gammaincinv(np.maximum(shape, 1e-6), point) * scale
        ends.append(end)
    return ends[0], ends[1]


def line_rows(
    base: dict[str, object],
    cube: Cube,
    names: tuple[NDArray[np.str_], NDArray[np.str_]],
    lines: Lines,
    window: Bools,
) -> pa.Table:
    """Lines as rows of ``series``.

    Args:
        base: Columns that are the same in every row.
        cube: The panel, for its months.
        names: Partner and commodity of each line, shape [n].
        lines: The lines.
        window: Months that get a band, shape [n, T].

    Returns:
        One row per line and month.
    """
    count, months = lines.observed.shape
    low, high = band(lines.expected, lines.variance, window)
    return arrow_rows(
        SERIES,
        count * months,
        base
        | {
            "intermediary": np.repeat(names[0], months),
            "commodity": np.repeat(names[1], months),
            "period": np.tile(cube.periods, count),
            "observed": lines.observed.ravel(),
            "expected": lines.expected.ravel(),
            "expected_low": low.ravel(),
            "expected_high": high.ravel(),
        },
    )
