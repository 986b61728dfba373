"""Lean thin paths and thin pairs on their neighbours in the nomenclature.

With few partners a commodity's path ``g[k,t]`` rests on a handful of shipments, and a pair that
never traded has ``a[k,v] = 0`` and would make its first shipment an infinite surprise. Both are
shrunk in closed form, with weights counted in effective shipments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.counterfactual import Factors, Mask, ratio
from entrepot.diversion.cube import Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion

PATH_PRIOR = 4.0  # effective shipments the heading's path is worth (rg)
PAIR_PRIOR = 0.5  # effective shipments the independence parent is worth (ra)
MONTHLY_DECAY = 0.95  # weight of a month against the one after it; 0.93 to 1 all measured alike
PASSES = 3


@dataclass(frozen=True)
class Shrunk:
    """Shrunk factors and the evidence behind them, in effective shipments.

    Args:
        factors: ``a``, ``g``, ``d``.
        path_count: Shipments behind ``g``, prior included, shape [K, T].
        pair_count: Shipments behind ``a``, prior included, shape [K, V].
    """

    factors: Factors
    path_count: Floats
    pair_count: Floats


@dataclass(frozen=True)
class _Sums:
    """Weighted trade and exposure, once over partners and once over months before the event."""

    path_trade: Floats
    path_exposure: Floats
    pair_trade: Floats
    pair_exposure: Floats


def shrink(cube: Cube, seen: Mask, fitted: Factors, scatter: Dispersion, start: Ints) -> Shrunk:
    """Shrink ``g`` toward the heading's path and ``a`` toward independence.

    ``g = (rg + sum w U) / (rg / parent + sum w a d)`` and ``a = (ra + N) / (ra / p + E)`` with
    ``w = W / (phi + psi mu)`` and months before the event decaying by 0.95 each. ``p`` is the
    commodity's rate times how much the partner buys of its chapter and heading.

    Args:
        cube: The panel.
        seen: The fit mask.
        fitted: PPML factors.
        scatter: Lumps and variances.
        start: First month of each commodity's window, shape [K].

    Returns:
        Shrunk factors with their effective shipments.
    """
    now = fitted
    for _ in range(PASSES):
        sums = _sums(cube, seen, fitted, now, scatter, start)
        path, path_count = _paths(cube, now, sums)
        now = replace(now, g=path)
        sums = _sums(cube, seen, fitted, now, scatter, start)
        pair, pair_count = _pairs(cube, sums)
        now = replace(now, a=pair)
    return Shrunk(now, path_count, pair_count)


def _sums(
    cube: Cube, seen: Mask, fitted: Factors, now: Factors, scatter: Dispersion, start: Ints
) -> _Sums:
    k, v, t = cube.shape
    path_trade, path_exposure = np.zeros((k, t)), np.zeros((k, t))
    pair_trade, pair_exposure = np.zeros((k, v)), np.zeros((k, v))
    for block, values in cube.each():
        weight, mu = seen.dense(block), fitted.mean(block)
        # One weight a pair: weighing month by month would discount the lumps and lose their mean.
        usual = ratio((weight * mu).sum(axis=2), weight.sum(axis=2))
        scale = scatter.lump[block, None] + scatter.excess_variance * usual
        w = weight / scale[:, :, None]
        path_trade[block] = (w * values).sum(axis=1)
        path_exposure[block] = np.einsum("kvt,kv,vt->kt", w, now.a[block], now.d, optimize=True)
        age = np.maximum(start[block, None] - 1 - np.arange(t)[None, :], 0)
        faded = w * (MONTHLY_DECAY**age)[:, None, :]
        pair_trade[block] = (faded * values).sum(axis=2)
        pair_exposure[block] = np.einsum("kvt,kt,vt->kv", faded, now.g[block], now.d, optimize=True)
    return _Sums(path_trade, path_exposure, pair_trade, pair_exposure)


def _paths(cube: Cube, now: Factors, sums: _Sums) -> tuple[Floats, Floats]:
    level = ratio(sums.path_trade.sum(axis=1), sums.path_exposure.sum(axis=1))
    trade = _by_group(sums.path_trade, cube.headings)
    exposure = _by_group(level[:, None] * sums.path_exposure, cube.headings)
    parent = level[:, None] * ratio(trade, exposure)[cube.headings]
    # A heading without trade in a month says nothing: the commodity's own level stands in.
    parent = np.where(parent > 0, parent, level[:, None])
    prior = ratio(np.full_like(parent, PATH_PRIOR), parent)
    path = ratio(PATH_PRIOR + sums.path_trade, prior + sums.path_exposure)
    path = np.where(parent > 0, path, 0.0)
    return path, PATH_PRIOR + sums.path_trade


def _pairs(cube: Cube, sums: _Sums) -> tuple[Floats, Floats]:
    trade, exposure = sums.pair_trade, sums.pair_exposure
    rate = ratio(trade.sum(axis=1), exposure.sum(axis=1))[:, None]
    usual = exposure * rate
    by_chapter = (1 + _by_group(trade, cube.chapters)) / (1 + _by_group(usual, cube.chapters))
    in_chapter = by_chapter[cube.chapters]
    by_heading = _by_group(trade, cube.headings)[cube.headings]
    usual_heading = _by_group(usual, cube.headings)[cube.headings]
    parent = rate * (2 * in_chapter + by_heading) / (2 + usual_heading)
    pair = ratio(PAIR_PRIOR + trade, ratio(np.full_like(parent, PAIR_PRIOR), parent) + exposure)
    pair = np.where(parent > 0, pair, 0.0)
    return pair, PAIR_PRIOR + trade


def _by_group(matrix: Floats, group: Ints) -> Floats:
    """Sum rows by group; groups are contiguous."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    summed: Floats = np.add.reduceat(matrix, starts, axis=0)
    return summed
