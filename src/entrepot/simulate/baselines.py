"""Simple methods in use, for comparison: year on year, robust z, seasonal naive.

All three look at one cell's own past only. Each returns estimates of every cell [k, v].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from entrepot.simulate.cell_estimates import CellEstimates

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

YEAR = 12
FDR = 0.10
# EUR. Keeps the ratio of two trifles, and the z of a cell whose past is all zeros, off the top.
MATERIALITY = 20_000.0
NORMAL_95 = 1.6449
MAD_TO_SD = 1.4826


def benjamini_hochberg(p_value: Floats, level: float) -> Bools:
    """Which hypotheses the Benjamini-Hochberg procedure rejects.

    Args:
        p_value: P-values, shape [n].
        level: False discovery rate.

    Returns:
        Rejections, shape [n].

    Source:
        Benjamini and Hochberg, J. Royal Statistical Society B 57 (1995).

    Example:
        >>> benjamini_hochberg(np.array([0.01, 0.9, 0.06]), 0.1).tolist()
        [True, False, True]
    """
    order = np.argsort(p_value, kind="stable")
    passes = p_value[order] <= level * np.arange(1, len(p_value) + 1) / len(p_value)
    count = np.flatnonzero(passes)[-1] + 1 if passes.any() else 0
    result = np.zeros(len(p_value), dtype=np.bool_)
    result[order[:count]] = True
    return result


def window_sum(trade: Floats, listing_month: Ints) -> Floats:
    """Sum trade over each product's window, from its month of listing to the end.

    Args:
        trade: Trade, EUR, shape [k, v, t].
        listing_month: Index of the first month of the window, shape [k].

    Returns:
        Sums, EUR, shape [k, v].
    """
    return np.asarray(np.einsum("kvt,kt->kv", trade, _window(trade, listing_month)))


def year_on_year(upstream: Floats, listing_month: Ints) -> CellEstimates:
    """Compare the window with the year before it.

    Expected is the same calendar months of the last year before listing where the window is at
    most a year long, and that year's monthly mean times the window's length where it is longer:
    the year after next has no untouched year right before it. Score is the ratio
    ``log((S + s0) / (E + s0))`` with ``s0`` EUR 20,000; estimate is ``max(S - E, 0)``.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, at least 12, shape [k].

    Returns:
        Estimates and scores, shape [k, v]; no intervals, no tests.
    """
    months = upstream.shape[2]
    length = months - listing_month
    month = np.arange(months)
    before = listing_month[:, None] - YEAR
    is_base = (month >= before) & (month < before + np.minimum(length, YEAR)[:, None])
    scale = np.maximum(length / YEAR, 1.0)
    expected = np.einsum("kvt,kt->kv", upstream, is_base.astype(np.float64)) * scale[:, None]
    observed = window_sum(upstream, listing_month)
    return CellEstimates(np.maximum(observed - expected, 0.0), log_ratio(observed, expected))


def robust_z(upstream: Floats, listing_month: Ints, is_tested: Bools) -> CellEstimates:
    """Compare the window with median and MAD of the cell's own months before it.

    ``z = (S - n median) / sqrt(n (1.4826 MAD)^2 + s0^2)`` with ``s0`` EUR 20,000, a normal
    p-value, Benjamini-Hochberg at 10 %.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, shape [k].
        is_tested: Cells tested together, shape [k, v].

    Returns:
        Estimates, intervals and tests, shape [k, v].
    """
    past = np.where(_window(upstream, listing_month)[:, None, :] > 0, np.nan, upstream)
    middle = np.nanmedian(past, axis=2)
    spread = MAD_TO_SD * np.nanmedian(np.abs(past - middle[:, :, None]), axis=2)
    length = (upstream.shape[2] - listing_month)[:, None]
    observed = window_sum(upstream, listing_month)
    return against_normal(observed, middle * length, spread * np.sqrt(length), is_tested)


def seasonal_naive(upstream: Floats, listing_month: Ints, is_tested: Bools) -> CellEstimates:
    """Expect every month of the window to equal its calendar month in the last year before.

    The error is that of the same forecast, made for the whole year before listing from the year
    before that: its monthly mean square, times the length of the window, plus ``s0^2``.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, at least 24, shape [k].
        is_tested: Cells tested together, shape [k, v].

    Returns:
        Estimates, intervals and tests, shape [k, v].
    """
    month = np.arange(upstream.shape[2])
    last = listing_month[:, None]
    source = np.where(month >= last, last - YEAR + (month - last) % YEAR, month)
    forecast = np.take_along_axis(upstream, source[:, None, :], axis=2)
    expected = window_sum(forecast, listing_month)
    tail = listing_month[:, None] - YEAR + np.arange(YEAR)
    year = np.take_along_axis(upstream, tail[:, None, :], axis=2)
    year_before = np.take_along_axis(upstream, tail[:, None, :] - YEAR, axis=2)
    spread = np.sqrt(np.mean((year - year_before) ** 2, axis=2))
    length = (upstream.shape[2] - listing_month)[:, None]
    observed = window_sum(upstream, listing_month)
    return against_normal(observed, expected, spread * np.sqrt(length), is_tested)


def past_mean(trade: Floats, listing_month: Ints) -> Floats:
    """Mean of each cell's months before listing.

    Args:
        trade: Amounts by cell and month, shape [k, v, t].
        listing_month: Index of the first month of each product's window, at least 1, shape [k].

    Returns:
        Means, in the unit of ``trade``, shape [k, v].
    """
    past = 1.0 - _window(trade, listing_month)
    return np.asarray(np.einsum("kvt,kt->kv", trade, past) / listing_month[:, None])


def _window(trade: Floats, listing_month: Ints) -> Floats:
    return (np.arange(trade.shape[2]) >= listing_month[:, None]).astype(np.float64)


def against_normal(
    observed: Floats, expected: Floats, sd: Floats, is_tested: Bools
) -> CellEstimates:
    """Test windows against a normal distribution around their expectation.

    ``z = (S - E) / sqrt(sd^2 + s0^2)`` with ``s0`` EUR 20,000, Benjamini-Hochberg at 10 %.

    Args:
        observed: Trade in the window, EUR, shape [k, v].
        expected: Expected trade, EUR, shape [k, v].
        sd: Its standard deviation, EUR, shape [k, v].
        is_tested: Cells tested together, shape [k, v].

    Returns:
        Estimates, intervals and tests, shape [k, v].
    """
    excess, sd = observed - expected, np.hypot(sd, MATERIALITY)
    z = excess / sd
    p_value = ndtr(-z)
    return CellEstimates(
        estimate=np.maximum(excess, 0.0),
        score=z,
        low=excess - NORMAL_95 * sd,
        high=excess + NORMAL_95 * sd,
        p_value=p_value,
        is_flagged=flagged(p_value, is_tested),
    )


def flagged(p_value: Floats, is_tested: Bools) -> Bools:
    """Flag cells by Benjamini-Hochberg at 10 % among those tested.

    Args:
        p_value: P-values, shape [k, v].
        is_tested: Cells tested together, shape [k, v].

    Returns:
        Flags, shape [k, v].
    """
    flags = np.zeros(p_value.shape, dtype=np.bool_)
    flags[is_tested] = benjamini_hochberg(p_value[is_tested], FDR)
    return flags


def log_ratio(observed: Floats, expected: Floats) -> Floats:
    """How often the window holds what was expected, in logs: ``log((S + s0) / (E + s0))``.

    Args:
        observed: Trade in the window, EUR.
        expected: Expected trade, EUR.

    Returns:
        Log ratios, with ``s0`` EUR 20,000 so that the ratio of two trifles is near zero.
    """
    return np.asarray(np.log((observed + MATERIALITY) / (expected + MATERIALITY)))
