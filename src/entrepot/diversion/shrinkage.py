"""Lean thin paths and thin pairs on their neighbours in the nomenclature.

With few partners a commodity's path ``g[k,t]`` rests on a handful of shipments, and a pair that
never traded has ``a[k,v] = 0`` and would make its first shipment an infinite surprise. Both are
shrunk in closed form, with weights counted in effective shipments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.counterfactual import Factors, Mask, pair_total, path_total, ratio
from entrepot.diversion.cube import Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion
from entrepot.diversion.memory import COMMON, DECAYS, decay_of, exposure

PATH_PRIOR = 4.0  # effective shipments the heading's path is worth (rg)
PAIR_PRIOR = 0.5  # effective shipments the independence parent is worth (ra)
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
class _Trade:
    """Visible trade in effective shipments, which no pass changes.

    Args:
        scale: ``phi + psi mu``, one a pair: weighing month by month would discount the lumps and
            lose their mean, shape [K, V].
        age: Months from the last before the window, 0 in it, shape [K, T].
        decay: Index in ``DECAYS`` of each pair, shape [K, V].
        by_path: Sums over partners, shape [K, T].
        by_pair: Decaying sums over months, shape [K, V].
    """

    scale: Floats
    age: Ints
    decay: Ints
    by_path: Floats
    by_pair: Floats


def shrink(cube: Cube, seen: Mask, fitted: Factors, scatter: Dispersion, start: Ints) -> Shrunk:
    """Shrink ``g`` toward the heading's path and ``a`` toward independence.

    ``g = (rg + sum w U) / (rg / parent + sum w a d)`` and ``a = (ra + N) / (ra / p + E)`` with
    ``w = W / (phi + psi mu)`` and months before the event decaying (:mod:`.memory`). ``p`` is the
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
    trade = _trade(cube, seen, fitted, scatter, start)
    now = fitted
    for _ in range(PASSES):
        # How much of each month and each pair the mask lets through changes with the factors.
        by_path = path_total(now.a / trade.scale, now.d, seen)
        path, path_count = _paths(cube, trade.by_path, by_path)
        by_pair = exposure(path, now.d, seen, (trade.age, trade.decay)) / trade.scale
        pair, pair_count = _pairs(cube, trade.by_pair, by_pair)
        now = replace(now, g=path, a=pair)
    return Shrunk(now, path_count, pair_count)


def _trade(cube: Cube, seen: Mask, fitted: Factors, scatter: Dispersion, start: Ints) -> _Trade:
    k, v, t = cube.shape
    months = pair_total(np.ones((k, t)), np.ones((v, t)), seen)
    usual = ratio(fitted.a * pair_total(fitted.g, fitted.d, seen), months)
    scale = scatter.lump[:, None] + scatter.excess_variance * usual
    age = np.maximum(start[:, None] - 1 - np.arange(t)[None, :], 0)
    # Pairs the fit may look at in the window as well have no last month, and the common decay.
    decay = np.where(seen.held > 0, decay_of(usual / scale, scatter.step), COMMON)
    by_path, by_pair = np.zeros((k, t)), np.zeros((k, v))
    for block, values in cube.each():
        visible = values * seen.dense(block)
        by_path[block] = (1 / scale[block, None, :] @ visible)[:, 0, :]
        faded = visible @ np.stack([d ** age[block] for d in DECAYS], axis=2)
        mine = np.take_along_axis(faded, decay[block, :, None], axis=2)[:, :, 0]
        by_pair[block] = mine / scale[block]
    return _Trade(scale, age, decay, by_path, by_pair)


def _paths(cube: Cube, by_trade: Floats, by_exposure: Floats) -> tuple[Floats, Floats]:
    level = ratio(by_trade.sum(axis=1), by_exposure.sum(axis=1))
    trade = _by_group(by_trade, cube.headings)
    exposure = _by_group(level[:, None] * by_exposure, cube.headings)
    parent = level[:, None] * ratio(trade, exposure)[cube.headings]
    # A heading without trade in a month says nothing: the commodity's own level stands in.
    parent = np.where(parent > 0, parent, level[:, None])
    prior = ratio(np.full_like(parent, PATH_PRIOR), parent)
    path = ratio(PATH_PRIOR + by_trade, prior + by_exposure)
    path = np.where(parent > 0, path, 0.0)
    return path, PATH_PRIOR + by_trade


def _pairs(cube: Cube, trade: Floats, exposure: Floats) -> tuple[Floats, Floats]:
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
