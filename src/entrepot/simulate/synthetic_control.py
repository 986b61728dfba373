"""Synthetic control, for comparison: each cell as a mix of the product's other destinations."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from entrepot.simulate.baselines import against_normal, window_sum
from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Ints

RIDGE = 0.1  # weight of the penalty, in months a donor of the cell's own size counts


def synthetic_control(
    upstream: Floats, listing_month: Ints, is_candidate: Bools, is_tested: Bools
) -> CellEstimates:
    """Expect of the window what the same mix of other destinations bought then.

    The months before listing of a tested cell are written as a mix, with weights that are not
    negative, of the same product's trade with destinations that are no candidates:
    ``min ||y - X w||^2 + ridge T ||w||^2, w >= 0``, each series over its own mean. The error is
    that of the fit: residual standard deviation times the root of the window's length. Normal
    p-values, Benjamini-Hochberg at 10 %.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, shape [k].
        is_candidate: Candidate intermediaries, which are no donors, shape [v].
        is_tested: Cells tested together, shape [k, v]; the others get 0.

    Returns:
        Estimates, intervals and tests, shape [k, v].

    Source:
        Abadie, Diamond and Hainmueller, J. American Statistical Association 105 (2010); a ridge
        and no adding-up, as in Doudchenko and Imbens, NBER 22791 (2016).
    """
    expected, sd = np.zeros(is_tested.shape), np.zeros(is_tested.shape)
    donors = upstream[:, ~is_candidate]
    # One least-squares problem a cell: there is nothing to vectorise over.
    for row, column in zip(*np.nonzero(is_tested), strict=True):
        start = int(listing_month[row])
        mixed = _mixed(upstream[row, column], donors[row], start)
        expected[row, column] = mixed[start:].sum()
        miss = upstream[row, column, :start] - mixed[:start]
        sd[row, column] = np.sqrt(np.mean(miss**2) * (upstream.shape[2] - start))
    return against_normal(window_sum(upstream, listing_month), expected, sd, is_tested)


def _mixed(series: Floats, donors: Floats, start: int) -> Floats:
    """The mix of donors that follows a series before ``start``, all months, shape [t]."""
    level, levels = series[:start].mean(), donors[:, :start].mean(axis=1)
    if level == 0 or not levels.any():
        return np.full(len(series), level)
    scaled = (donors[levels > 0] / levels[levels > 0, None]).T
    penalty = np.sqrt(RIDGE * start) * np.eye(scaled.shape[1])
    left = np.concatenate([scaled[:start], penalty])
    right = np.concatenate([series[:start] / level, np.zeros(scaled.shape[1])])
    weights, _ = nnls(left, right)
    return np.asarray(level * (scaled @ weights))
