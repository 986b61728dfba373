"""How much declared trade scatters about its mean: lumps of shipments, and drift over a window.

Trade comes in shipments, so the variance of a monthly cell is ``phi mu`` (``phi`` = currency per
effective shipment), plus ``psi mu^2`` for what the shipments do not explain. Over a window of
months a cell also drifts; ``psi_window`` measures that on quarters before the event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.counterfactual import Factors, Mask, ratio
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.memory import steps

HEADING_WEIGHT = 100.0  # months of a commodity that weigh as much as its heading
SMALLEST_LUMP = 100.0  # currency units; below it a "shipment" is rounding in the publisher's file
QUARTER = 3  # months in a block of the drift estimate
DRIFT_PRIOR = 12.0  # blocks that a parent group is worth
CHAPTER_PRIOR = 24.0
DRIFT_FLOOR = 0.003
DRIFT_CLIP = 6.0  # residuals are clipped at this many times the block's mean
ROUNDS = 4


@dataclass(frozen=True)
class Dispersion:
    """Scatter of the cells of each commodity.

    Args:
        lump: ``phi``, currency per effective shipment, shape [K].
        excess_variance: ``psi``, relative variance beyond shipments in a month, one number.
        drift: ``psi_window``, relative variance of a window's level, shape [K].
        step: Variance of the monthly step of a level that wanders, shape [K].
    """

    lump: Floats
    excess_variance: float
    drift: Floats
    step: Floats


def dispersion(cube: Cube, seen: Mask, factors: Factors, pre_end: Ints) -> Dispersion:
    """Estimate the scatter of each commodity by weighted moments.

    ``(U - mu)^2 / mu = phi + psi mu`` over visible cells before the event, and the same in squares
    over quarters. Each commodity leans on its heading, then on its chapter. Stops being true
    where a commodity has a handful of shipments: the parents decide there.

    Args:
        cube: The panel.
        seen: The fit mask.
        factors: The fitted model.
        pre_end: First month of each commodity's window, shape [K].

    Returns:
        Lumps in the unit of the panel, and relative variances.
    """
    lump, extra = _monthly(cube, _before(seen), factors)
    drift = _drift(cube, seen, factors, pre_end, lump)
    step = steps(cube, seen, factors, (lump, extra, drift), pre_end)
    return Dispersion(lump, extra, drift, step)


def _before(seen: Mask) -> Mask:
    """Only months before each commodity's window: held-out windows must stay unseen."""
    return replace(seen, held=np.ones_like(seen.held))


def _monthly(cube: Cube, seen: Mask, factors: Factors) -> tuple[Floats, float]:
    lump = _first_lump(cube, seen, factors)
    extra = 0.1
    for _ in range(ROUNDS):
        sums = np.zeros((5, cube.shape[0]))
        for block, values in cube.each():
            mu = factors.mean(block)
            weight = seen.dense(block) * (mu > 0)
            square = np.divide((values - mu) ** 2, mu, out=np.zeros_like(mu), where=mu > 0)
            weight = weight / (lump[block, None, None] + extra * mu) ** 2
            for row, term in zip(
                sums,
                (weight, weight * square, weight * mu, weight * mu**2, weight * mu * square),
                strict=True,
            ):
                row[block] = term.sum(axis=(1, 2))
        total, by_square, by_mu, by_mu2, by_mu_square = sums
        raw = ratio(by_square - extra * by_mu, total)
        lump = _lean_on_heading(raw, total > 0, cube, seen)
        extra = float((by_mu_square - lump * by_mu).sum() / max(by_mu2.sum(), 1e-300))
        extra = float(np.clip(extra, 0.0, 10.0))
    return lump, extra


def _first_lump(cube: Cube, seen: Mask, factors: Factors) -> Floats:
    top, bottom = np.zeros(cube.shape[0]), np.zeros(cube.shape[0])
    for block, values in cube.each():
        mu, weight = factors.mean(block), seen.dense(block)
        top[block] = (weight * (values - mu) ** 2).sum(axis=(1, 2))
        bottom[block] = (weight * mu).sum(axis=(1, 2))
    return _lean_on_heading(ratio(top, bottom), bottom > 0, cube, seen)


def _lean_on_heading(raw: Floats, is_known: Bools, cube: Cube, seen: Mask) -> Floats:
    """Shrink lumps in logs to their heading with weight n / (n + 100), n in live months."""
    count = np.where(is_known, seen.alive.sum(axis=1) * cube.shape[1] / 10.0, 0.0)
    logs = np.log(np.maximum(raw, SMALLEST_LUMP))
    overall = np.average(logs, weights=count) if count.sum() > 0 else np.log(SMALLEST_LUMP)
    size = np.bincount(cube.headings, weights=count)
    heading = np.bincount(cube.headings, weights=count * logs)
    parent = ((heading + 10.0 * overall) / (size + 10.0))[cube.headings]
    own = count / (count + HEADING_WEIGHT)
    shrunk: Floats = np.exp(own * logs + (1 - own) * parent)
    return shrunk


def _drift(cube: Cube, seen: Mask, factors: Factors, pre_end: Ints, lump: Floats) -> Floats:
    """Relative variance of quarters before the event, beyond what shipments explain."""
    top, bottom, count = (np.zeros(cube.shape[0]) for _ in range(3))
    months = cube.shape[2]
    quarter = np.arange(months) // QUARTER
    full = np.bincount(quarter) == QUARTER
    starts = np.arange(0, months, QUARTER)
    for block, values in cube.each():
        before = np.arange(months)[None, :] < pre_end[block, None]
        weight = seen.dense(block) * before[:, None, :]
        observed = np.add.reduceat(values * weight, starts, axis=2)
        mean = np.add.reduceat(factors.mean(block) * weight, starts, axis=2)
        whole = np.add.reduceat(weight, starts, axis=2) == QUARTER
        use = whole & full[None, None, :] & (mean > 0)
        phi = lump[block, None, None]
        gap = np.minimum(np.abs(observed - mean), DRIFT_CLIP * mean)
        w = use / np.where(use, (phi * mean + 0.3 * mean**2) ** 2, 1.0)
        top[block] = (w * (gap**2 - phi * mean) * mean**2).sum(axis=(1, 2))
        bottom[block] = (w * mean**4).sum(axis=(1, 2))
        # A block with little expected trade says little: count blocks by their information.
        count[block] = (use * mean / (mean + phi)).sum(axis=(1, 2))
    return _lean_on_groups(top, bottom, count, cube)


def _lean_on_groups(top: Floats, bottom: Floats, count: Floats, cube: Cube) -> Floats:
    """Shrink in moments: commodity to heading to chapter to all."""
    overall = max(float(top.sum() / max(bottom.sum(), 1e-300)), DRIFT_FLOOR)
    chapter = _pooled(top, bottom, count, cube.chapters, np.full(len(top), overall), CHAPTER_PRIOR)
    heading = _pooled(top, bottom, count, cube.headings, chapter, DRIFT_PRIOR)
    own = np.where(count > 0, ratio(top, bottom), 0.0)
    drift = (count * own + DRIFT_PRIOR * heading) / (count + DRIFT_PRIOR)
    floored: Floats = np.maximum(drift, DRIFT_FLOOR)
    return floored


def _pooled(
    top: Floats, bottom: Floats, count: Floats, group: Ints, parent: Floats, prior: float
) -> Floats:
    size = _grouped(group, count)[group]
    own = ratio(_grouped(group, top), _grouped(group, bottom))[group]
    pooled: Floats = (size * own + prior * parent) / (size + prior)
    return pooled


def _grouped(group: Ints, value: Floats) -> Floats:
    sums: Floats = np.bincount(group, weights=value).astype(np.float64)
    return sums
