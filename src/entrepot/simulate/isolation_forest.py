"""Isolation forest, for comparison: cells that are easily told apart from all others."""

from __future__ import annotations

import numpy as np

from entrepot.errors import EstimateError
from entrepot.simulate.baselines import MATERIALITY, YEAR, log_ratio, past_mean, window_sum
from entrepot.simulate.cell_estimates import CellEstimates, Floats, Ints

TREES = 200


def isolation_forest(upstream: Floats, listing_month: Ints, seed: int = 0) -> CellEstimates:
    """Rank cells by how few random cuts isolate what happened to them.

    Features of a cell: log ratio of the window to its past, and to the same months of its last
    year; change of its share of the product's trade and of its share of months with trade; the
    window in units of its monthly standard deviation; its size. The forest is grown on all cells.
    Only a rise is suspect: cells that fell rank below all that rose. Estimate is the excess over
    the mean of the cell's own past.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, at least 12, shape [k].
        seed: Seed of the forest.

    Returns:
        Estimates and scores, shape [k, v]; no intervals, no tests.

    Raises:
        EstimateError: If scikit-learn is not installed.

    Source:
        Liu, Ting and Zhou, Isolation forest, ICDM (2008).
    """
    try:
        from sklearn.ensemble import IsolationForest
    except ImportError as error:
        raise EstimateError(
            "the isolation forest needs scikit-learn, which is not installed. Install "
            "`entrepot[bench]`, or leave the method out."
        ) from error
    length = (upstream.shape[2] - listing_month)[:, None]
    observed = window_sum(upstream, listing_month)
    expected = past_mean(upstream, listing_month) * length
    features = _features(upstream, listing_month, observed, expected)
    forest = IsolationForest(n_estimators=TREES, random_state=seed)
    oddness = -forest.fit(features).score_samples(features).reshape(observed.shape)
    rise = np.where(observed > expected, 1.0, -1.0)
    return CellEstimates(np.maximum(observed - expected, 0.0), rise * oddness)


def _features(upstream: Floats, listing_month: Ints, observed: Floats, expected: Floats) -> Floats:
    length = (upstream.shape[2] - listing_month)[:, None]
    year = listing_month[:, None] - YEAR + np.arange(YEAR)
    last = np.take_along_axis(upstream, year[:, None, :], axis=2).mean(axis=2) * length
    is_traded = (upstream > 0).astype(np.float64)
    busy = window_sum(is_traded, listing_month) / length - past_mean(is_traded, listing_month)
    square = past_mean(upstream**2, listing_month) - (expected / length) ** 2
    sd = np.hypot(np.sqrt(np.maximum(square, 0.0) * length), MATERIALITY)
    columns = (
        log_ratio(observed, expected),
        log_ratio(observed, last),
        _share(observed) - _share(expected),
        busy,
        np.arcsinh((observed - expected) / sd),
        np.log(observed + expected + MATERIALITY),
    )
    return np.stack([column.ravel() for column in columns], axis=1)


def _share(trade: Floats) -> Floats:
    total = trade.sum(axis=1, keepdims=True)
    return np.asarray(trade / np.where(total > 0, total, 1.0))
