"""What a partner records of a good: its own share, and what it books of neighbouring codes.

Goods are booked under a sibling of their heading now and then, so a small code beside a large one
may hold more of its sibling's trade than of its own. A fixed share of what was sent would then take
a rise of the large code for arrivals of the small one, and miss what never arrived. The record of
each pair is regressed, month by month before the window, on what was sent under its own code and
under the five largest others of its heading; shares are not negative.

Source: Fisman and Wei (2004) on misclassification among similar goods; ridge regression as a normal
prior, Hoerl and Kennard (1970).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Bools, Cube, Floats, Ints

MATES = 5  # other codes of the heading that may be booked under a code
OWN_SPREAD = 0.5  # of a pair's own share about its country's, as a share of it
MATE_SPREAD = 0.06  # of what is booked under one sibling, as a share of the country's share
MONTHLY_NOISE = 0.25  # relative standard deviation of a month's record
SMALLEST_NOISE = 0.02  # the same, as a share of the pair's mean month
LATE_SHARES = (0.0, 0.2, 0.4, 0.6)  # of goods that arrive in the month after they were declared
FEW_HEADINGS = 5  # the largest, by which the late part is chosen
ROUNDS = 2  # of weights by what is expected
SIGNS = 3  # passes that set negative shares to nothing
NEVER = 1e18  # precision of a share that is held at nothing


@dataclass(frozen=True)
class Booked:
    """What partners record, by pair, over months both sides published. Shapes [K, V].

    Args:
        sent: Declared exports that should have arrived in the window.
        recorded: Recorded imports in the window.
        sent_before: The same exports before the window.
        recorded_before: Imports before the window.
        share: Share of the pair's own exports that is recorded under its code.
        base: Imports in the window booked here of other codes of the heading.
        variance: Relative variance of what the shares expect in the window.
        country: Share of all exports to the partner that it recorded before, shape [V].
    """

    sent: Floats
    recorded: Floats
    sent_before: Floats
    recorded_before: Floats
    share: Floats
    base: Floats
    variance: Floats
    country: Floats


def is_whole(cube: Cube) -> Bools:
    """Commodities that stand once: of one listed in part, a record does not tell the two apart.

    Args:
        cube: The panel.

    Returns:
        Flags, shape [K].
    """
    _, place, count = np.unique(cube.commodities, return_inverse=True, return_counts=True)
    out: Bools = count[place] == 1
    return out


def booked(sent: Cube, recorded: Cube, start: Ints) -> Booked:
    """Learn how partners book what is sent to them.

    ``A[t] = rho U~[t] + sum_j m_j U~_j[t]`` with ``U~`` a part of each month's exports arriving a
    month late, that part chosen for all pairs by the smallest misfit. Weighted least squares with
    normal priors around the country's share and around nothing. Stops being true where a partner
    changed its rules within the months learned from.

    Args:
        sent: Coalition exports.
        recorded: Imports of the partners, on the same axes.
        start: First month of each commodity's window, shape [K].

    Returns:
        Shares, bases, and sums.
    """
    both = sent.is_reported & recorded.is_reported
    runs = _headings(sent)
    largest = sorted(runs, key=lambda rows: -_trade(sent, rows))[:FEW_HEADINGS]
    late = min(
        LATE_SHARES, key=lambda share: _learn(sent, recorded, start, (both, share), largest)[1]
    )
    return _learn(sent, recorded, start, (both, late), runs)[0]


def _learn(
    sent: Cube, recorded: Cube, start: Ints, how: tuple[Bools, float], runs: list[slice]
) -> tuple[Booked, float]:
    """Shares and sums of some headings, and the misfit of the months before."""
    both, late = how
    sums = np.zeros((7, *sent.shape[:2]))
    country, misfit = _country(sent, recorded, start, both), 0.0
    for rows in runs:
        exports, imports = sent.dense(rows), recorded.dense(rows)
        arrived = _arriving(exports, late)
        after = np.arange(sent.shape[2])[None, :] >= start[rows][:, None]
        inside, before = (both[None] & part[:, None, :] for part in (after, ~after))
        features = _features(arrived, before)
        share, spread, miss = _regress(features, imports, before, country)
        misfit += miss
        window = np.einsum("kvtp,kvt->kvp", features, inside, optimize=True)
        mean = np.einsum("kvp,kvp->kv", window, share)
        noise = np.einsum("kvp,kvpq,kvq->kv", window, spread, window, optimize=True)
        parts = (
            *(window[..., 0], (imports * inside).sum(axis=2)),
            *((arrived * before).sum(axis=2), (imports * before).sum(axis=2)),
            *(share[..., 0], mean - share[..., 0] * window[..., 0], ratio(noise, mean**2)),
        )
        for table, part in zip(sums, parts, strict=True):
            table[rows] = part
    one, two, three, four, five, six, seven = sums
    return Booked(one, two, three, four, five, six, seven, country), misfit


def _trade(cube: Cube, rows: slice) -> float:
    return float(cube.values[(cube.rows >= rows.start) & (cube.rows < rows.stop)].sum())


def _headings(sent: Cube) -> list[slice]:
    """Runs of commodities of one heading."""
    starts = np.flatnonzero(np.diff(sent.headings, prepend=-1))
    ends = np.append(starts[1:], len(sent.headings))
    return [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def _arriving(exports: Floats, late: float) -> Floats:
    """Exports by month of arrival; the first month stands for the one before it as well."""
    out = (1 - late) * exports
    out[:, :, 1:] += late * exports[:, :, :-1]
    out[:, :, 0] += late * exports[:, :, 0]
    return out


def _country(sent: Cube, recorded: Cube, start: Ints, both: Bools) -> Floats:
    totals = []
    for leg in (sent, recorded):
        # Of codes listed in part there is no record: their exports would only thin the share.
        early = (leg.months < start[leg.rows]) & both[leg.columns, leg.months]
        early &= is_whole(sent)[leg.rows]
        totals.append(
            np.bincount(leg.columns[early], leg.values[early], sent.shape[1]).astype(np.float64)
        )
    return ratio(totals[1], totals[0])


def _features(arrived: Floats, before: Bools) -> Floats:
    """Own exports and those of the largest mates in each partner, shape [k, V, T, 1 + MATES]."""
    count, partners = arrived.shape[:2]
    out = np.zeros((*arrived.shape, 1 + MATES))
    out[..., 0] = arrived
    for own in range(count):
        others = np.flatnonzero(np.arange(count) != own)
        size = np.einsum("jvt,vt->jv", arrived[others], before[own], optimize=True)
        largest = np.argsort(-size, axis=0)[:MATES]
        for place, mate in enumerate(largest, start=1):
            out[own, :, :, place] = arrived[others[mate], np.arange(partners)]
    return out


def _regress(
    features: Floats, imports: Floats, before: Bools, country: Floats
) -> tuple[Floats, Floats, float]:
    """Shares of own and mates' exports, their covariance, and the misfit in the months before."""
    scale = np.maximum(country, 1e-6)[None, :, None]
    prior = np.zeros((*features.shape[:2], features.shape[3]))
    prior[..., 0] = country
    spread = np.full(prior.shape, MATE_SPREAD) * scale
    spread[..., 0] = OWN_SPREAD * scale[..., 0]
    traded = features.any(axis=2)
    precision = np.where(traded, spread**-2.0, NEVER)
    share, covariance = prior, np.zeros((*prior.shape, prior.shape[-1]))
    for _ in range(ROUNDS):
        mean = np.einsum("kvtp,kvp->kvt", features, share, optimize=True)
        usual = ratio((mean * before).sum(axis=2), before.sum(axis=2).astype(float))
        floor = SMALLEST_NOISE * usual[:, :, None]
        weight = before / ((MONTHLY_NOISE * mean) ** 2 + floor**2 + 1.0)
        share, covariance = _solve(features, weight, imports, (prior, precision))
    miss = np.einsum("kvtp,kvp->kvt", features, share, optimize=True) - imports
    return share, covariance, float((weight * miss**2).sum())


def _solve(
    features: Floats, weight: Floats, imports: Floats, belief: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Weighted ridge regression of every pair at once, negative shares held at nothing."""
    prior, precision = belief
    moments = np.einsum("kvtp,kvt,kvtq->kvpq", features, weight, features, optimize=True)
    sums = np.einsum("kvtp,kvt->kvp", features, weight * imports, optimize=True)
    free = np.ones(prior.shape, dtype=bool)
    diagonal = np.arange(prior.shape[-1])
    for _ in range(SIGNS):
        held = np.where(free, precision, NEVER)
        matrix = moments.copy()
        matrix[..., diagonal, diagonal] += held
        covariance = np.linalg.inv(matrix)
        wanted = sums + held * np.where(free, prior, 0.0)
        share = np.einsum("kvpq,kvq->kvp", covariance, wanted)
        negative = (share < 0) & free
        if not negative.any():
            break
        free &= ~negative
    return np.maximum(share, 0.0), covariance
