"""How long the past of a pair is worth reading.

A level that takes random steps of variance ``q`` a month, seen through ``r`` effective shipments a
month, is in its steady state known as if by ``n = n / (1 + q n) + r`` shipments, and a month is
worth ``1 / (1 + q n)`` of the next. A level that wanders is best read off its last months; where
shipments are few the past must be long, whatever the steps.

Source: West and Harrison, Bayesian Forecasting and Dynamic Models (1997), chapter 6: discounting.
"""

from __future__ import annotations

import numpy as np

from entrepot.diversion.counterfactual import Factors, Mask, pair_total, ratio
from entrepot.diversion.cube import Cube, Floats, Ints

MONTHLY_DECAY = 0.95  # weight of a month against the one after it; 0.93 to 1 all measured alike
DECAYS = (0.99, 0.97, MONTHLY_DECAY, 0.92, 0.87, 0.8, 0.7, 0.55)
COMMON = DECAYS.index(MONTHLY_DECAY)
# Share of the drift that is taken for steps: none is the common decay for all.
STEP_SHARES = (0.0, 0.1, 0.3, 1.0)
HELD_BACK = 6  # last months before the window, which the choice is to foretell
FEWEST_MONTHS = 24  # before the window; fewer cannot tell a walk from a season
ENOUGH = 5.0  # effective shipments from which a pair's own past can foretell anything
LARGEST_ERROR = 1.0  # log points; one lost order must not decide


def decay_of(monthly: Floats, step: Floats) -> Ints:
    """Decay of each pair.

    Args:
        monthly: Effective shipments a month, shape [K, V].
        step: Variance of the monthly step, squared log points, shape [K]; 0 for no steps known.

    Returns:
        Index in ``DECAYS``, shape [K, V]; the common one where no steps are known.
    """
    rate, walk = np.maximum(monthly, 1e-9), np.maximum(step, 1e-9)[:, None]
    count = (rate + np.sqrt(rate**2 + 4 * rate / walk)) / 2
    logs = np.log1p(walk * count)[:, :, None]
    nearest = np.abs(logs + np.log(DECAYS)).argmin(axis=2)
    out: Ints = np.where(step[:, None] > 0, nearest, COMMON)
    return out


def steps(
    cube: Cube, seen: Mask, factors: Factors, scatter: tuple[Floats, float, Floats], start: Ints
) -> Floats:
    """Find how much of the drift is a walk: the share that best foretells the last half year.

    A walk of variance ``q`` a month has variance ``q T / 6`` about its mean of T months, which is
    what drift measures, and lumps of trade are in that measure as well.

    Args:
        cube: The panel.
        seen: The fit mask.
        factors: The fitted model.
        scatter: Lump of each commodity, excess variance, drift of each commodity.
        start: First month of each commodity's window, shape [K].

    Returns:
        Variance of the monthly step of each commodity, shape [K]; none where the history is
        shorter than two years.
    """
    lump, extra, drift = scatter
    full = 6 * drift / np.maximum(start, 1)
    last = start - HELD_BACK
    months = np.arange(cube.shape[2])
    path = factors.g * seen.alive
    partner = factors.d * seen.reported
    past = (months[None, :] < last[:, None]).astype(float)
    told = (months[None, :] < start[:, None]).astype(float) - past
    age = np.maximum(last[:, None] - 1 - months[None, :], 0)
    expected = (path * told) @ partner.T
    trade, observed = _sums(cube, seen, (past, told, age))
    usual = ratio(factors.a * ((path * past) @ partner.T), past @ seen.reported.T)
    scale = lump[:, None] + extra * usual
    errors = []
    for index, decay in enumerate(DECAYS):
        level = ratio(trade[index], (path * past * decay**age) @ partner.T)
        with np.errstate(divide="ignore", invalid="ignore"):
            miss = np.log(observed / (level * expected))
        errors.append(np.minimum(np.abs(miss), LARGEST_ERROR) ** 2)
    known = (trade[COMMON] / scale > ENOUGH) & np.isfinite(errors[COMMON]) & (observed > 0)
    if not known.any() or np.median(start) < FEWEST_MONTHS:
        return np.zeros_like(full)
    table = np.stack(errors, axis=2)

    def error(share: float) -> float:
        chosen = decay_of(usual / scale, share * full)
        mine = np.take_along_axis(table, chosen[:, :, None], axis=2)[:, :, 0]
        return float(mine[known].mean())

    return min(STEP_SHARES, key=error) * full


def _sums(
    cube: Cube, seen: Mask, months: tuple[Floats, Floats, Ints]
) -> tuple[list[Floats], Floats]:
    """Decaying sums of the past under each decay, and the sum of the months to foretell."""
    past, told, age = months
    size = cube.shape[:2]
    trade, observed = [np.zeros(size) for _ in DECAYS], np.zeros(size)
    for block, values in cube.each():
        visible = values * (seen.alive[block, None, :] * seen.reported[None, :, :])
        observed[block] = np.einsum("kvt,kt->kv", visible, told[block], optimize=True)
        for table, decay in zip(trade, DECAYS, strict=True):
            weight = past[block] * decay ** age[block]
            table[block] = np.einsum("kvt,kt->kv", visible, weight, optimize=True)
    return trade, observed


def exposure(path: Floats, partner: Floats, seen: Mask, faded: tuple[Ints, Ints]) -> Floats:
    """Decaying sums over months of what the factors expect of each pair at a level of one.

    Args:
        path: Path of each commodity, shape [K, T].
        partner: Path of each partner, shape [V, T].
        seen: The fit mask.
        faded: Age of each month, shape [K, T], and decay of each pair, an index, shape [K, V].

    Returns:
        Sums, shape [K, V].
    """
    age, decay = faded
    total = np.zeros(decay.shape)
    for index in np.unique(decay):
        of_all = pair_total(path * DECAYS[index] ** age, partner, seen)
        total = np.where(decay == index, of_all, total)
    return total
