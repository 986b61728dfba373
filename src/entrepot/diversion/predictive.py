"""What a window's trade could have been: a compound Poisson-gamma with an uncertain rate.

``nu = level variance + tau2 * drift``, ``rate ~ Gamma(1/nu, scale nu M / (c phi))``,
``n ~ Poisson(rate)`` shipments, ``S0 = c phi Gamma(n, 1)``. The scales ``c`` and ``tau2`` maximise
the mean log score of held-out control corridors, so that the width is learned where nothing was
diverted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammaln

from entrepot.diversion.cube import Floats
from entrepot.diversion.window import Cells

LUMP_SCALES = np.geomspace(0.05, 50.0, 20)
DRIFT_SCALES = np.geomspace(0.01, 8.0, 14)
TUNING_CELLS = 20_000


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
    nu = window.level_variance + scales.drift * window.drift
    return Shape(mean=window.mean / unit, count=1 / np.maximum(nu, 1e-9), unit=unit)


def tune(window: Cells) -> Scales:
    """Choose the scales under which held-out control corridors are most likely.

    Args:
        window: Held-out control corridors.

    Returns:
        The pair on the grid with the largest mean negative-binomial log score.
    """
    seen = window
    if len(window) > TUNING_CELLS:
        seen = window.take(np.linspace(0, len(window) - 1, TUNING_CELLS).astype(np.int64))
    pairs = [Scales(float(c), float(t)) for c in LUMP_SCALES for t in DRIFT_SCALES]
    return max(pairs, key=lambda pair: log_score(seen, pair))


def log_score(window: Cells, scales: Scales) -> float:
    """Mean log density of what was observed, per currency unit.

    Args:
        window: Corridors.
        scales: Scales to judge.

    Returns:
        The negative-binomial log score, larger is better.
    """
    usable = window.take(window.mean > 0)
    s = shape(usable, scales)
    x = usable.observed / s.unit
    density = (
        gammaln(x + s.count)
        - gammaln(s.count)
        - gammaln(x + 1)
        + s.count * np.log(s.count / (s.count + s.mean))
        + x * np.log(s.mean / (s.count + s.mean))
        - np.log(s.unit) * (x > 0)
    )
    return float(density.mean())


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
