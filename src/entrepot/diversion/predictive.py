"""What a window's trade could have been: a compound Poisson-gamma with an uncertain rate.

``nu = level variance + tau2 * drift``, ``rate ~ Gamma(1/nu, scale nu M / (c phi))``,
``n ~ Poisson(rate)`` shipments, ``S0 = c phi Gamma(n, 1)``. The scales ``c`` and ``tau2`` maximise
the mean log score of held-out control corridors, so that the width is learned where nothing was
diverted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import betainc, gammaln, xlogy

from entrepot.diversion.cube import Floats
from entrepot.diversion.window import Cells

LUMP_SCALES = np.geomspace(0.05, 50.0, 20)
DRIFT_SCALES = np.geomspace(0.01, 8.0, 14)
TUNING_CELLS = 20_000
COARSE = 3  # every third scale is tried first
NEAR = 2  # then those within two steps of the best
NODES = 24  # with them tails down to a thousandth are exact to a hundredth of themselves


@dataclass(frozen=True)
class Scales:
    """Scales of the predictive distribution, tuned on held-out controls.

    Args:
        lump: ``c``, multiplies the lump.
        drift: ``tau2``, multiplies the drift.
    """

    lump: float
    drift: float


@dataclass(frozen=True)
class Shape:
    """The predictive distribution of each corridor, in effective shipments.

    Args:
        mean: ``m = M / (c phi)``, shape [n].
        count: ``r = 1 / nu``, shape [n].
        unit: ``c phi``, currency per shipment, shape [n].
    """

    mean: Floats
    count: Floats
    unit: Floats

    @property
    def relative_variance(self) -> Floats:
        """``CV^2 = 1/m + 1/r``, what corridors are matched on."""
        return 1 / np.maximum(self.mean, 1e-12) + 1 / self.count


def shape(window: Cells, scales: Scales) -> Shape:
    """The predictive distribution of each corridor.

    Args:
        window: Corridors.
        scales: Tuned scales.

    Returns:
        Mean, count and unit in effective shipments.
    """
    unit = scales.lump * window.lump
    return Shape(mean=window.mean / unit, count=_count(window, scales.drift), unit=unit)


def _count(window: Cells, drift_scale: float) -> Floats:
    nu = window.level_variance + drift_scale * window.drift
    count: Floats = 1 / np.maximum(nu, 1e-9)
    return count


def tune(window: Cells) -> Scales:
    """Choose the scales under which held-out control corridors are most likely.

    A coarse grid first, then the best point's neighbours until none is better: the same answer as
    the whole grid wherever the score has one top, at a quarter of the work.

    Args:
        window: Held-out control corridors.

    Returns:
        The pair on the grid with the largest mean negative-binomial log score.
    """
    seen = window.take(window.mean > 0)
    if len(seen) > TUNING_CELLS:
        seen = seen.take(np.linspace(0, len(seen) - 1, TUNING_CELLS).astype(np.int64))
    by_lump = cache(lambda i: _by_lump(seen, float(LUMP_SCALES[i])))
    by_drift = cache(lambda j: _by_drift(seen, float(DRIFT_SCALES[j])))
    score = cache(lambda pair: _log_score(by_lump(pair[0]), by_drift(pair[1])))
    best = max(_grid((0, 0), len(LUMP_SCALES), COARSE), key=score)
    while (better := max(_grid(best, NEAR, 1), key=score)) != best:
        best = better
    return Scales(float(LUMP_SCALES[best[0]]), float(DRIFT_SCALES[best[1]]))


def _grid(centre: tuple[int, int], reach: int, step: int) -> list[tuple[int, int]]:
    """Places on the grid of scales within reach of one of them, itself first."""
    rows, columns = (
        range(max(at - reach, 0), min(at + reach + 1, len(scales)), step)
        for at, scales in zip(centre, (LUMP_SCALES, DRIFT_SCALES), strict=True)
    )
    return [centre, *((i, j) for i in rows for j in columns)]


@dataclass(frozen=True)
class _Part:
    """What one scale alone decides of the log score: arrays, and the mean of its own terms."""

    arrays: tuple[Floats, ...]
    mean: float


def _by_lump(window: Cells, scale: float) -> _Part:
    unit = scale * window.lump
    x, mean = window.observed / unit, window.mean / unit
    own = x * np.log(mean) - gammaln(x + 1) - np.log(unit) * (x > 0)
    return _Part((x, mean), float(own.mean()))


def _by_drift(window: Cells, scale: float) -> _Part:
    count = _count(window, scale)
    own = count * np.log(count) - gammaln(count)
    return _Part((count,), float(own.mean()))


def _log_score(lump: _Part, drift: _Part) -> float:
    """Mean log density per currency unit: what each scale decides, and what only both do."""
    (x, mean), (count,) = lump.arrays, drift.arrays
    both = gammaln(x + count) - (x + count) * np.log(mean + count)
    return float(both.mean()) + lump.mean + drift.mean


def upper_tail(window: Cells, scales: Scales) -> Floats:
    """Chance of at least the observed trade: ``I_{m/(m+r)}(x, r)``, 1 where nothing was observed.

    Args:
        window: Corridors.
        scales: Tuned scales.

    Returns:
        Tail probabilities, shape [n].
    """
    s = shape(window, scales)
    x = window.observed / s.unit
    tail = betainc(np.maximum(x, 1e-12), s.count, s.mean / (s.mean + s.count))
    out: Floats = np.where(x > 0, tail, 1.0)
    return out


def lower_tail(window: Cells, scales: Scales) -> Floats:
    """Chance of at most the observed trade.

    ``P(S0 <= S) = sum_k P(K = k) P(n <= k)`` with ``x = S / (c phi)`` and ``K ~ Poisson(x)``,
    because a sum of n unit lumps is at most x where a Poisson process has had n lumps by x. The
    sum runs over sixteen values of k, evenly spaced over four standard deviations about x.

    Args:
        window: Corridors.
        scales: Tuned scales.

    Returns:
        Probabilities, shape [n]; where nothing was observed, that of no shipment.
    """
    s = shape(window, scales)
    x = (window.observed / s.unit)[:, None]
    spread = 4 * np.sqrt(x)
    step = np.maximum(np.ceil(2 * spread / (NODES - 1)), 1)
    k = np.maximum(np.floor(x - spread), 0) + step * np.arange(NODES)
    log_weight = xlogy(k, x) - gammaln(k + 1)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    count = s.count[:, None]
    below = betainc(count, k + 1, count / (count + s.mean[:, None]))
    out: Floats = (weight * below).sum(axis=1) / weight.sum(axis=1)
    return out


def draws(window: Cells, scales: Scales, count: int, seed: int) -> Floats:
    """Draw windows of untreated trade, sorted.

    Args:
        window: Corridors.
        scales: Tuned scales.
        count: Draws per corridor.
        seed: Seed of the generator.

    Returns:
        Ascending draws of ``S0`` in the unit of the panel, shape [n, count].
    """
    rng = np.random.default_rng(seed)
    s = shape(window, scales)
    size = (len(window), count)
    rate = rng.gamma(s.count[:, None], (s.mean / s.count)[:, None], size=size)
    shipments = rng.poisson(np.minimum(rate, 1e12)).astype(float)
    lumps = rng.gamma(np.maximum(shipments, 1e-12), 1.0) * (shipments > 0)
    out: Floats = np.sort(lumps * s.unit[:, None], axis=1)
    return out
