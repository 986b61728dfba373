"""How much arrived and went on, how much vanished: draws, intervals and error rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.intervals import DRAWS, TAIL
from entrepot.diversion.latent import EDGES, MIXES, SHARES

WAY_COUNT = 2 + len(MIXES)
GONE_ON = np.repeat([1.0, 0.0, *MIXES], len(SHARES))  # share of each way's excess that goes on


@dataclass(frozen=True)
class Split:
    """Draws of what was diverted, in the unit of the panel.

    Args:
        intermediated: Arrived and went on, of corridors or sums of them, shape [..., DRAWS].
        ghost: Never arrived, in the same shape.
    """

    intermediated: Floats
    ghost: Floats

    @property
    def diverted(self) -> Floats:
        """Both."""
        out: Floats = self.intermediated + self.ghost
        return out


def draw(chances: Floats, observed: Floats, rng: np.random.Generator) -> Split:
    """Draw latent flows: never negative, never more together than was declared.

    A share is spread evenly in the log over its grid cell.

    Args:
        chances: Of nothing and of each way and share, as :func:`~entrepot.diversion.latent.joint`
            lays them out, shape [n, 1 + 5 x].
        observed: Declared exports in the window, shape [n].
        rng: Source of chance.

    Returns:
        Draws.
    """
    index = _pick(chances, rng)
    cell = np.maximum(index - 1, 0) % len(SHARES)
    share = EDGES[cell] * (EDGES[cell + 1] / EDGES[cell]) ** rng.random(index.shape)
    excess = np.where(index > 0, share, 0.0) * observed[:, None]
    gone_on = GONE_ON[np.maximum(index - 1, 0)]
    return Split(excess * gone_on, excess * (1 - gone_on))


def _pick(chances: Floats, rng: np.random.Generator) -> Ints:
    """Draw columns with these chances for every row at once."""
    reach = np.cumsum(chances, axis=1)
    reach = reach / reach[:, -1:] + np.arange(len(chances))[:, None]
    wanted = rng.random((len(chances), DRAWS)) + np.arange(len(chances))[:, None]
    flat = np.searchsorted(reach.ravel(), wanted.ravel(), side="right").reshape(wanted.shape)
    index = flat - np.arange(len(chances))[:, None] * chances.shape[1]
    out: Ints = np.clip(index, 0, chances.shape[1] - 1)
    return out


def interval(draws: Floats) -> Floats:
    """Median and ends of a 90 % interval that holds for corridors that divert.

    The ends are those of the draws in which something is diverted, so that the interval says how
    much it is if it is at all; where nothing cannot be excluded at 95 % the lower end is 0. A
    plain interval of all draws would end near 0 wherever diversion is less likely than not, and
    cover two thirds of diverting corridors.

    Args:
        draws: Draws of an amount, 0 where nothing, shape [n, DRAWS].

    Returns:
        Median, low and high, shape [n, 3].
    """
    ordered = np.sort(draws, axis=1)
    count = ordered.shape[1]
    zeros = (ordered <= 0).sum(axis=1)
    some = count - zeros
    rows = np.arange(len(ordered))

    def point(level: float) -> Floats:
        place = zeros + level * np.maximum(some - 1, 0)
        low = np.minimum(place.astype(np.int64), count - 1)
        high = np.minimum(low + 1, count - 1)
        found: Floats = ordered[rows, low] + (place - low) * (
            ordered[rows, high] - ordered[rows, low]
        )
        return np.where(some > 0, found, 0.0)

    low = np.where(zeros > TAIL * count, 0.0, point(TAIL))
    return np.column_stack((np.median(ordered, axis=1), low, point(1 - TAIL)))


def at_least(chances: Floats, observed: Floats, amount: float) -> Floats:
    """Chance that so much was diverted, or more.

    Args:
        chances: Of nothing and of each way and share, as :func:`draw` takes them.
        observed: Declared exports in the window, shape [n].
        amount: In the unit of ``observed``.

    Returns:
        Chances, shape [n].
    """
    is_enough = np.tile(observed[:, None] * SHARES >= amount, WAY_COUNT)
    out: Floats = (chances[:, 1:] * is_enough).sum(axis=1)
    return out


def bayesian_fdr(probability: Floats, fdr: float) -> Bools:
    """Flag the largest set of corridors whose mean chance of nothing is at most the rate.

    Args:
        probability: Chance that something was diverted, shape [n].
        fdr: False discovery rate.

    Returns:
        Flags, shape [n].

    Source:
        Newton, Noueiry, Sarkar and Ahlquist (2004), Biostatistics 5.

    Example:
        >>> bayesian_fdr(np.array([0.99, 0.2, 0.9]), 0.1).tolist()
        [True, False, True]
    """
    order = np.argsort(-probability, kind="stable")
    mean = np.cumsum(1 - probability[order]) / np.arange(1, len(order) + 1)
    within = np.flatnonzero(mean <= fdr)
    flags = np.zeros(len(order), dtype=bool)
    if len(within):
        flags[order[: within[-1] + 1]] = True
    return flags


def least(
    observed: Floats, untreated: Floats, arrived: Floats, sold_on: Floats, mark_up: float
) -> Split:
    """The simple reference: draw by draw, the smaller of what two legs say.

    ``e = (S - S0)+``, ``G = clip(S - A / rho, 0, e)``, ``I = min(A / rho - S0, eD / kappa)+`` and
    no more than ``e - G``. It over-splits, and has no error rate.

    Args:
        observed: Declared exports, shape [n].
        untreated: Draws of what would have been, shape [n, DRAWS].
        arrived: ``A / rho``, NaN where there is no record, shape [n].
        sold_on: Excess of sales to the destination, NaN where there is no record, shape [n].
        mark_up: ``kappa``.

    Returns:
        Draws.
    """
    excess = np.maximum(observed[:, None] - untreated, 0.0)
    here = np.where(np.isnan(arrived), observed, arrived)[:, None]
    ghost = np.clip(observed[:, None] - here, 0.0, excess)
    onward = np.where(np.isnan(sold_on), np.inf, sold_on / mark_up)[:, None]
    gone_on = np.clip(np.minimum(here - untreated, onward), 0.0, excess - ghost)
    return Split(gone_on, ghost)
