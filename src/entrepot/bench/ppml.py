"""Plain PPML as it is commonly run, for comparison: no shrinkage, quasi-Poisson p-values."""

from __future__ import annotations

import numpy as np

from entrepot.bench.arena import Arena
from entrepot.diversion.counterfactual import Factors, Mask, fit, margins, mask, ratio
from entrepot.diversion.window import expected_sum
from entrepot.simulate.baselines import against_normal, past_mean, window_sum
from entrepot.simulate.cell_estimates import CellEstimates


def ppml(arena: Arena) -> CellEstimates:
    """Fit ``E[U] = a[k,v] g[k,t] d[v,t]`` to untreated cells and extrapolate to the windows.

    The fit is ours, which a test keeps equal to ``pyfixest.fepois`` and which takes a hundredth of
    the time. Quasi-Poisson errors: the variance of a month is ``phi[k] mu`` with ``phi`` the mean
    square of the product's Pearson residuals, that of the cell's level ``phi[k] / sum U`` over the
    months fitted to. Normal p-values, Benjamini-Hochberg at 10 %.

    Args:
        arena: The panel.

    Returns:
        Estimates, intervals and tests, shape [K, V].
    """
    seen = mask(arena.material.cube, arena.material.design.treated, arena.start)
    factors, _ = fit(margins(arena.material.cube, seen), seen)
    return _quasi_poisson(arena, seen, factors)


def _quasi_poisson(arena: Arena, seen: Mask, factors: Factors) -> CellEstimates:
    cube, start = arena.material.cube, arena.start
    top, count = np.zeros(len(start)), np.zeros(len(start))
    fitted = np.zeros(arena.tested.shape)
    for block, values in cube.each():
        mu, weight = factors.mean(block), seen.dense(block)
        used = weight * (mu > 0)
        top[block] = (used * ratio((values - mu) ** 2, mu)).sum(axis=(1, 2))
        count[block] = used.sum(axis=(1, 2))
        fitted[block] = (values * weight).sum(axis=2)
    lump = ratio(top, count)[:, None]
    expected = expected_sum(cube, factors, start)
    level = ratio(np.broadcast_to(lump, fitted.shape), fitted)
    sd = np.sqrt(lump * expected + expected**2 * level)
    return against_normal(window_sum(arena.values, start), expected, sd, arena.tested)


def ppml_own_past(arena: Arena) -> CellEstimates:
    """Fit each cell to its own months before listing alone: ``E[U] = a[k,v]``.

    Quasi-Poisson errors with ``phi`` of the cell: ``sd^2 = phi n a (1 + n / n_pre)``.

    Args:
        arena: The panel.

    Returns:
        Estimates, intervals and tests, shape [K, V].
    """
    start, values = arena.start, arena.values
    level = past_mean(values, start)
    spread = past_mean(values**2, start) - level**2
    length = (values.shape[2] - start)[:, None]
    sd = np.sqrt(np.maximum(spread, 0.0) * length * (1 + length / start[:, None]))
    return against_normal(window_sum(values, start), level * length, sd, arena.tested)
