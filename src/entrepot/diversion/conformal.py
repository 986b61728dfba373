"""p-values by rank among held-out controls, and error rates over many corridors.

A corridor's score is compared with the scores of control corridors that were predicted the same
way. If controls and untreated corridors are exchangeable the p-values are valid whatever the true
distribution, and positively dependent, so that Benjamini-Hochberg holds its rate.

Source: Bates, Candes, Lei, Romano and Sesia (2023), Testing for outliers with conformal p-values;
Benjamini and Hochberg (1995); Storey (2002); Grenander (1956); Benjamini and Yekutieli (2005).
"""

from __future__ import annotations

import numpy as np

from entrepot.diversion.cube import Bools, Floats, Ints

NEAREST = 3_000
STOREY_LAMBDA = 0.5


def pooled_p(score: Floats, control: Floats) -> Floats:
    """``p = (1 + #{control >= score}) / (n + 1)``.

    Args:
        score: Scores of the tested corridors, larger is stranger, shape [n].
        control: Scores of held-out controls, shape [m].

    Returns:
        p-values, shape [n].

    Example:
        >>> pooled_p(np.array([2.5]), np.array([1.0, 2.0, 3.0])).tolist()
        [0.5]
    """
    ordered = np.sort(control)
    above = len(ordered) - np.searchsorted(ordered, score, side="left")
    p: Floats = (1 + above) / (len(ordered) + 1)
    return p


def nearest(position: Floats, control_position: Floats, size: int = NEAREST) -> tuple[Ints, Ints]:
    """Find the run of controls, in order of position, that lie around each corridor.

    Args:
        position: Where each tested corridor lies, shape [n].
        control_position: Where each control lies, ascending, shape [m].
        size: How many controls make a neighbourhood.

    Returns:
        First index of each corridor's run, shape [n], and the run's length (one number repeated).
    """
    width = min(size, len(control_position))
    centre = np.searchsorted(control_position, position)
    first = np.clip(centre - width // 2, 0, len(control_position) - width)
    return first.astype(np.int64), np.full(len(position), width)


def local_p(score: Floats, position: Floats, control: Floats, control_position: Floats) -> Floats:
    """p-values among the controls whose predictions are as wide as the corridor's own.

    Args:
        score: Scores, larger is stranger, shape [n].
        position: Log relative variance of each prediction, shape [n].
        control: Scores of controls, shape [m].
        control_position: Their log relative variances, shape [m].

    Returns:
        p-values, shape [n].
    """
    order = np.argsort(control_position, kind="stable")
    first, width = nearest(position, control_position[order])
    above = count_at_least(control[order], first, first + width, score)
    p: Floats = (1 + above) / (width + 1)
    return p


def count_at_least(values: Floats, first: Ints, end: Ints, least: Floats) -> Ints:
    """Count, in many runs of one list at once, the values that reach each run's own bound.

    The list is split by the leading bit of its ranks, each half by the next bit, and so on (a
    wavelet matrix): a run stays a run in either half, so a count takes as many steps as a rank
    has bits, however long the run.

    Args:
        values: The list, shape [m].
        first: First index of each run, shape [n].
        end: Index after its last, shape [n].
        least: Bound of each run, shape [n].

    Returns:
        ``#{i in [first, end): values[i] >= least}``, shape [n].

    Source:
        Navarro (2014), Wavelet trees for all, Journal of Discrete Algorithms 25.

    Example:
        >>> runs = np.array([0, 1]), np.array([3, 4])
        >>> count_at_least(np.array([5.0, 1.0, 4.0, 2.0]), *runs, np.array([4.0, 2.0])).tolist()
        [2, 2]
    """
    distinct, rank = np.unique(values, return_inverse=True)
    bound = np.searchsorted(distinct, least, side="left")
    ends, count = np.stack((first, end)), np.zeros(len(least), dtype=np.int64)
    low_before = np.zeros(len(values) + 1, dtype=np.int64)
    for bit in reversed(range(len(distinct).bit_length())):
        is_low = rank & (1 << bit) == 0
        np.cumsum(is_low, out=low_before[1:])
        low = low_before[ends]
        high = ends - low
        # Where the bound's bit is 0, every value whose bit is 1 lies above it.
        wants_low = bound & (1 << bit) == 0
        count += wants_low * (high[1] - high[0])
        ends = np.where(wants_low, low, low_before[-1] + high)
        rank = np.concatenate((rank[is_low], rank[~is_low]))
    found: Ints = count + ends[1] - ends[0]
    return found


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values: where ``q <= level`` is rejected, at most that share are errors.

    Args:
        p: p-values, shape [n].

    Returns:
        q-values, shape [n].

    Example:
        >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
        [0.04, 0.0533, 0.0533, 0.5]
    """
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum(adjusted, 1.0)
    return q


def local_fdr(p: Floats) -> Floats:
    """Chance that a corridor with this p-value holds nothing: ``pi0 / f(p)``.

    ``pi0`` is Storey's share of nulls, ``f`` the Grenander estimate of a decreasing density.

    Args:
        p: p-values, shape [n].

    Returns:
        Local false discovery rates in [0, 1], shape [n].
    """
    if len(p) == 0:
        return p
    share = (1 + (p > STOREY_LAMBDA).sum()) / (len(p) * (1 - STOREY_LAMBDA))
    null_share = min(1.0, float(share))
    points, counts = np.unique(p, return_counts=True)
    density = _decreasing(counts / len(p), np.diff(points, prepend=0.0))
    at = np.searchsorted(points, p)
    out: Floats = np.clip(null_share / np.maximum(density[at], 1e-12), 0.0, 1.0)
    return out


def _decreasing(mass: Floats, width: Floats) -> Floats:
    """Density of each step, after neighbours that do not fall were pooled until all fall."""
    size = np.ones(len(mass), dtype=np.int64)
    while True:
        falls = np.flatnonzero(np.diff(mass / width, prepend=np.inf) < 0)
        if len(falls) == len(mass):
            return np.repeat(mass / width, size)
        mass, width, size = (np.add.reduceat(part, falls) for part in (mass, width, size))


def fcr_level(is_flagged: Bools, fdr: float) -> float:
    """Level of the intervals of selected corridors: ``1 - fdr * R / m``.

    Args:
        is_flagged: Which of the m corridors were selected, shape [m].
        fdr: The false discovery rate they were selected at.

    Returns:
        The confidence level that keeps the false coverage rate at ``fdr``.
    """
    return 1.0 - fdr * max(int(is_flagged.sum()), 1) / max(len(is_flagged), 1)
