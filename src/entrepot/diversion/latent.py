"""The latent flows of a corridor: nothing, growth of its own, arrived and gone on, vanished, both.

``S = L + E``: declared exports are what would have been traded and an excess ``E = x S``. Under
*growth* the excess arrives and stays; under *intermediated* it arrives and goes on; under *ghost*
it never arrives; under *mixed* a quarter, a half or three quarters go on, the rest never arrives.
The likelihood of each multiplies what the three legs say; a leg that is missing is a factor of 1.

Source: the mixture follows the identity of legs in Chupilkin, Javorcik and Plekhanov (2025).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import logsumexp

from entrepot.diversion.cube import Floats, Ints

# Shares of declared exports the excess may be: fine near nothing and near everything, where what is
# left, the legitimate trade, is small.
SHARES = np.append(
    np.unique(np.concatenate([np.geomspace(0.005, 0.6, 36), 1 - np.geomspace(0.4, 0.0005, 44)])), 1
)
EDGES = np.concatenate(
    [[SHARES[0] ** 1.5 / SHARES[1] ** 0.5], np.sqrt(SHARES[1:-1] * SHARES[:-2]), [1.0, 1.0]]
)
# Log width of each share; the last is a point, exports that are diverted to the last cent.
WIDTHS = np.append(np.diff(np.log(EDGES[:-1])), 1.0)
MIXES = (0.25, 0.5, 0.75)  # share of a mixed excess that goes on
WAYS = (2, 3, 4, 4, 4)  # hypothesis of each way: gone on, vanished, three mixes of both
GROWTH_FLOOR = 0.05  # weight of growth; without it the mixture explains all growth as diversion
ROUNDS = 100
BLOCK = 2_000  # corridors whose likelihoods of single shares are held at once
SETTLED = 1e-4  # largest move of a weight at which the rounds stop
FIRST_WEIGHTS = np.array([0.8, 0.08, 0.05, 0.04, 0.03])
# Bins of the excess over lost direct trade, whose shares are learned; at first flat in the log
# between a thousandth and a half.
BINS = np.log(np.array([1e-5, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 10.0]))
PRIOR_CELLS = 20.0  # corridors that the first shares of the bins are worth
OWN_GROWTH = (0.1, 2.0)  # growth of its own as a multiple of expected trade, flat in the log


@dataclass(frozen=True)
class Legs:
    """What the legs say of some corridors, log densities up to a constant of the corridor.

    Args:
        observed: Declared exports in the window, shape [n].
        expected: Expected exports, shape [n].
        lost: Lost direct exports of the commodity, shape [n].
        nothing: Upstream density if nothing was added, shape [n].
        upstream: The same if the share ``SHARES`` was added, shape [n, x].
        arrival: Density of the record if ``1 - share`` arrived, by share gone missing; column 0 is
            all arrived, then ``SHARES``, shape [n, 1 + x].
        downstream: Density of sales if the share went on; column 0 is none, then ``SHARES``.
    """

    observed: Floats
    expected: Floats
    lost: Floats
    nothing: Floats
    upstream: Floats
    arrival: Floats
    downstream: Floats

    def part(self, which: slice) -> Legs:
        """Some of the corridors.

        Args:
            which: A run of corridors.

        Returns:
            Their legs; nothing is copied.
        """
        return Legs(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class Posterior:
    """Posterior over hypotheses; :func:`joint` lays out that over ways and shares.

    Args:
        weight: Weights over all corridors of nothing, growth, intermediated, ghost and mixed,
            shape [5].
        bins: Shares of the bins of excess over lost direct trade, shape [b].
        chance: Chance of each hypothesis in each corridor, shape [n, 5].
    """

    weight: Floats
    bins: Floats
    chance: Floats

    @property
    def probability(self) -> Floats:
        """Chance that something was diverted, shape [n]."""
        out: Floats = self.chance[:, min(WAYS) :].sum(axis=1)
        return out


def _between(table: Floats, share: float) -> Floats:
    """Read a table whose columns are 0 and ``SHARES`` at ``share * SHARES``."""
    nodes = np.append(0.0, SHARES)
    wanted = share * SHARES
    right = np.clip(np.searchsorted(nodes, wanted), 1, len(nodes) - 1)
    far = (wanted - nodes[right - 1]) / (nodes[right] - nodes[right - 1])
    out: Floats = table[:, right - 1] * (1 - far) + table[:, right] * far
    return out


def _soft(distance: Floats, sd: float) -> Floats:
    """Log of a half-normal penalty beyond a limit."""
    out: Floats = -0.5 * (np.maximum(distance, 0.0) / sd) ** 2
    return out


def first_bins() -> Floats:
    """Shares of the bins before any corridor is seen, shape [b].

    Flat in the log between a thousandth and a half of lost direct trade, soft beyond.
    """
    grid = np.linspace(BINS[0], BINS[-1], 4_001)[:-1]
    flat = np.exp(_soft(np.log(1e-3) - grid, 1.0) + _soft(grid - np.log(0.5), 0.5))
    shares = np.bincount(np.digitize(grid, BINS) - 1, flat, len(BINS) - 1)
    out: Floats = shares / shares.sum()
    return out


def _growth_prior(legs: Legs) -> Floats:
    low, high = OWN_GROWTH
    excess = np.log(np.maximum(legs.observed[:, None] * SHARES, 1e-9))
    usual = np.log(np.maximum(legs.expected, 1.0))[:, None]
    nats = np.log(high / low) + np.sqrt(np.pi / 2) * 0.8
    inside = _soft(excess - usual - np.log(high), 0.3) + _soft(np.log(low) + usual - excess, 0.5)
    out: Floats = np.log(WIDTHS / nats) + inside
    return out


def _bin_of(legs: Legs) -> Ints:
    lost = np.log(np.maximum(legs.lost, 1.0))[:, None]
    relative = np.log(np.maximum(legs.observed[:, None] * SHARES, 1e-9)) - lost
    out: Ints = np.clip(np.digitize(relative, BINS) - 1, 0, len(BINS) - 2)
    return out


def _ways(legs: Legs) -> Floats:
    """Log likelihood of the five ways of diversion before the prior of the excess, [n, 5, x]."""
    up, arrived, none = legs.upstream, legs.arrival[:, :1], legs.downstream[:, :1]
    ways = [up + arrived + legs.downstream[:, 1:], up + legs.arrival[:, 1:] + none]
    for share in MIXES:
        missing, gone_on = _between(legs.arrival, 1 - share), _between(legs.downstream, share)
        ways.append(up + missing + gone_on - np.log(len(MIXES)))
    return np.stack(ways, axis=1)


def fuse(legs: Legs) -> Posterior:
    """Weigh the hypotheses over all corridors and in each.

    Expectation-maximisation over corridors with declared exports: weights of the hypotheses with
    a pseudo-count of 1 each and a floor on growth, and the distribution of the excess over lost
    direct trade in bins with a prior worth 20 corridors. The priors of the excess add up to one,
    so weights are shares of corridors, but for those whose exports are small beside what was lost:
    there the larger part of the prior lies out of reach.

    Args:
        legs: What the legs say.

    Returns:
        The posterior. On the upstream leg alone growth and diversion differ by their priors only:
        then its chances are no evidence of diversion.
    """
    seen = _likelihoods(legs)
    has_trade = legs.observed > 0
    weight, bins = FIRST_WEIGHTS, first_bins()
    for _ in range(ROUNDS):
        last = weight
        chance, gone = _responsible(seen, weight, bins)
        weight = _floored((chance[has_trade].sum(axis=0) + 1) / (has_trade.sum() + 5))
        bins = gone[has_trade].sum(axis=0) + PRIOR_CELLS * first_bins()
        bins = bins / bins.sum()
        if np.abs(weight - last).max() < SETTLED:
            break
    chance, _ = _responsible(seen, weight, bins)
    # What was not exported cannot have been diverted.
    nothing = np.eye(1, len(weight))[0]
    return Posterior(weight, bins, np.where(has_trade[:, None], chance, nothing))


def joint(legs: Legs, posterior: Posterior) -> Floats:
    """Chances of nothing diverted, and of each way and share.

    Args:
        legs: What the legs say of some of the corridors that were fused.
        posterior: The posterior; its chances of corridors are not used.

    Returns:
        ``none or growth``, then intermediated, ghost and the three mixes, each over ``SHARES``,
        shape [n, 1 + 5 x].
    """
    part, weight = _shares(legs), posterior.weight
    density, by_way = posterior.bins / np.diff(BINS), weight[list(WAYS)][None, :, None]
    likely = part.ways * density[part.bin_of][:, None, :] * by_way
    total = part.none * weight[0] + part.growth * weight[1] + likely.sum(axis=(1, 2))
    likely *= ((legs.observed > 0) / total)[:, None, None]
    diverted = likely.reshape(len(likely), len(WAYS) * len(SHARES))
    return np.column_stack((np.maximum(1.0 - diverted.sum(axis=1), 0.0), diverted))


@dataclass(frozen=True)
class _Likelihoods:
    """Likelihoods over the largest of each corridor: of nothing, growth, and each way and bin.

    Rounds need no more than these; the likelihoods of single shares are ten times as many, and are
    worked out again where chances of shares are laid out.
    """

    none: Floats
    growth: Floats
    by_bin: Floats


@dataclass(frozen=True)
class _Shares:
    """Likelihoods of each way and share, shape [n, 5, x], and the bin of each share, [n, x]."""

    ways: Floats
    bin_of: Ints
    none: Floats
    growth: Floats


def blocks(count: int) -> Iterator[slice]:
    """Runs of corridors whose likelihoods of single shares are held at once.

    Args:
        count: Number of corridors.

    Returns:
        The runs, one after the other.
    """
    for lo in range(0, count, BLOCK):
        yield slice(lo, min(lo + BLOCK, count))


def _likelihoods(legs: Legs) -> _Likelihoods:
    count = len(legs.observed)
    found = _Likelihoods(
        np.empty(count), np.empty(count), np.empty((count, len(WAYS), len(BINS) - 1))
    )
    for block in blocks(count):
        part = _shares(legs.part(block))
        found.none[block], found.growth[block] = part.none, part.growth
        for place in range(len(BINS) - 1):
            mine = part.ways * (part.bin_of == place)[:, None, :]
            found.by_bin[block, :, place] = mine.sum(axis=2)
    return found


def _shares(legs: Legs) -> _Shares:
    logs = _ways(legs) + np.log(WIDTHS)
    calm = legs.arrival[:, 0] + legs.downstream[:, 0]
    none = legs.nothing + calm
    growth = logsumexp(legs.upstream + _growth_prior(legs), axis=1) + calm
    top = np.maximum(np.maximum(none, growth), logs.max(axis=(1, 2)))
    ways = np.exp(logs - top[:, None, None])
    return _Shares(ways, _bin_of(legs), np.exp(none - top), np.exp(growth - top))


def _responsible(seen: _Likelihoods, weight: Floats, bins: Floats) -> tuple[Floats, Floats]:
    """Chance of each hypothesis, shape [n, 5], and of each bin of excess, shape [n, b]."""
    density = bins / np.diff(BINS)
    by_way = (seen.by_bin * density) * weight[list(WAYS)][None, :, None]
    each = by_way.sum(axis=2)
    parts = (
        *(seen.none * weight[0], seen.growth * weight[1]),
        *(each[:, 0], each[:, 1], each[:, 2:].sum(axis=1)),
    )
    chance = np.column_stack(parts)
    total = chance.sum(axis=1, keepdims=True)
    return chance / total, by_way.sum(axis=1) / total


def _floored(weight: Floats) -> Floats:
    """Keep growth at its floor at least; the others share the rest."""
    if weight[1] >= GROWTH_FLOOR:
        return weight
    others = np.arange(len(weight)) != 1
    kept = weight * (1 - GROWTH_FLOOR) / weight[others].sum()
    out: Floats = np.where(others, kept, GROWTH_FLOOR)
    return out
