"""Rows of ``series``: observed and expected trade, month by month, with bands in the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import gammaincinv

from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.intervals import TAIL
from entrepot.diversion.result_rows import corridor
from entrepot.diversion.window import window_mask
from entrepot.rows import arrow_rows
from entrepot.tables import SERIES


@dataclass(frozen=True)
class _Lines:
    """Monthly lines, one row each, shape [n, T]."""

    observed: Floats
    expected: Floats
    variance: Floats


def series_rows(estimate: Estimate, run_id: str) -> pa.Table:
    """Monthly series of every tested corridor, of every country, and of the direct trade.

    Args:
        estimate: The estimate.
        run_id: The run.

    Returns:
        Rows of ``series``. Bands stand in the window only; those of single months are read off a
        gamma distribution with the predictive mean and variance.
    """
    parts = []
    for name, found in estimate.conclusions.items():
        cells = _cell_lines(estimate, name, found)
        cube = estimate.panel.cube
        partners, commodities = cube.partners[found.cells.column], cube.commodities[found.cells.row]
        window = _window(cube, estimate.panel.design.start)[found.cells.row]
        base = corridor(estimate, run_id, name) | {"leg": "upstream"}
        parts.append(_rows(base, cube, (partners, commodities), cells, window))
        parts.append(_country_rows(estimate, run_id, name, found, cells))
    parts.append(_direct_rows(estimate, run_id))
    return pa.concat_tables(parts)


def _cell_lines(estimate: Estimate, bracket: Bracket, found: Conclusion) -> _Lines:
    cube, cells = estimate.panel.cube, found.cells
    observed = _observed(cube, found)
    expected = _expected(
        cube, estimate.evidence[bracket].factors, found, estimate.panel.design.start
    )
    nu = cells.level_variance + found.scales.drift * cells.drift
    lump = 2 * found.scales.lump * cells.lump
    variance = lump[:, None] * expected + np.minimum(nu, 4.0)[:, None] * expected**2
    return _Lines(observed, expected, variance)


def _observed(cube: Cube, found: Conclusion) -> Floats:
    """Declared values by corridor and month, shape [n, T]; NaN where nobody reported."""
    place = np.full(cube.shape[:2], -1)
    place[found.cells.row, found.cells.column] = np.arange(len(found.cells))
    mine = place[cube.rows, cube.columns]
    inside = mine >= 0
    out = np.zeros((len(found.cells), cube.shape[2]))
    out[mine[inside], cube.months[inside]] = cube.values[inside]
    return np.where(cube.is_reported[found.cells.column], out, np.nan)


def _expected(cube: Cube, factors: Factors, found: Conclusion, start: Ints) -> Floats:
    """``a g d`` by month, in the window scaled so that it adds up to the corridor's expectation."""
    cells = found.cells
    level = factors.a[cells.row, cells.column]
    mu = level[:, None] * factors.g[cells.row] * factors.d[cells.column]
    mu = mu * cube.is_alive[cells.row]
    scaled: Floats = np.where(_window(cube, start)[cells.row], mu * found.growth, mu)
    return scaled


def _window(cube: Cube, start: Ints) -> Bools:
    inside: Bools = window_mask(cube, start) > 0
    return inside


def _band(mean: Floats, variance: Floats, window: Bools) -> tuple[Floats, Floats]:
    """5 % and 95 % points of gamma distributions with these means and variances, NaN elsewhere."""
    ends = []
    known = window & (mean > 0) & (variance > 0)
    shape, scale = mean[known] ** 2 / variance[known], variance[known] / mean[known]
    for point in (TAIL, 1 - TAIL):
        end = np.full(mean.shape, np.nan)
        end[known] = gammaincinv(np.maximum(shape, 1e-6), point) * scale
        ends.append(end)
    return ends[0], ends[1]


def _country_rows(
    estimate: Estimate, run_id: str, bracket: Bracket, found: Conclusion, cells: _Lines
) -> pa.Table:
    """All listed goods of each country, with the shock its goods share."""
    columns = np.unique(found.cells.column)
    at = np.searchsorted(columns, found.cells.column)
    sums = []
    for monthly in (cells.observed, cells.expected, cells.variance):
        total = np.zeros((len(columns), monthly.shape[1]))
        np.add.at(total, at, monthly)
        sums.append(total)
    observed, expected, variance = sums
    shock = np.hypot(found.shock.spread, found.shock.drift_error)
    variance += (shock * expected) ** 2
    names = estimate.panel.cube.partners[columns]
    window = np.zeros(observed.shape, dtype=bool)
    window[:, estimate.panel.first :] = True
    goods = np.full(len(columns), "_T")
    lines = _Lines(observed, expected, variance)
    base = corridor(estimate, run_id, bracket) | {"leg": "upstream"}
    return _rows(base, estimate.panel.cube, (names, goods), lines, window)


def _direct_rows(estimate: Estimate, run_id: str) -> pa.Table:
    panel = estimate.panel
    listed = np.flatnonzero(panel.design.is_listed & (panel.direct.sum(axis=1) > 0))
    seen = panel.cube.is_reported.all(axis=0)
    observed = np.where(seen, panel.direct[listed], np.nan)
    expected = estimate.direct.expected[listed]
    goods = np.append(panel.cube.commodities[listed], "_T")
    lines = _Lines(
        np.vstack((observed, observed.sum(axis=0))),
        np.vstack((expected, expected.sum(axis=0))),
        np.zeros((len(goods), observed.shape[1])),
    )
    names = np.full(len(goods), estimate.inquiry.destination)
    window = np.zeros(lines.observed.shape, dtype=bool)
    base = corridor(estimate, run_id, "common") | {"leg": "direct"}
    return _rows(base, panel.cube, (names, goods), lines, window)


def _rows(
    base: dict[str, object],
    cube: Cube,
    names: tuple[NDArray[np.str_], NDArray[np.str_]],
    lines: _Lines,
    window: Bools,
) -> pa.Table:
    count, months = lines.observed.shape
    low, high = _band(lines.expected, lines.variance, window)
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
