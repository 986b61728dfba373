"""Matrix completion, for comparison: windows filled in from a few paths all cells share."""

from __future__ import annotations

import numpy as np

from entrepot.simulate.baselines import log_ratio, window_sum
from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Ints

UNIT = 1_000.0  # EUR; logs are of thousand EUR plus one
PENALTIES = (0.3, 0.1, 0.03)  # of the largest singular value
HELD_OUT = 0.1  # share of other cells whose windows choose the penalty
ROUNDS = 40
TOLERANCE = 1e-4


def matrix_completion(
    upstream: Floats, listing_month: Ints, is_tested: Bools, seed: int = 0
) -> CellEstimates:
    """Fill in the windows of tested cells from a matrix of low rank.

    ``log(1 + U / 1000)`` of cells by months is a cell effect, a month effect and a matrix whose
    singular values are shrunk by a penalty (MC-NNM, solved by soft-impute). The penalty is the one,
    out of three, that best predicts the held-out windows of a tenth of the other cells.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, shape [k].
        is_tested: Cells whose windows are filled in, shape [k, v].
        seed: Seed of the held-out cells.

    Returns:
        Estimates and scores, shape [k, v]; no intervals, no tests.

    Source:
        Athey, Bayati, Doudchenko, Imbens and Khosravi, J. American Statistical Association 116
        (2021); Mazumder, Hastie and Tibshirani, J. Machine Learning Research 11 (2010).
    """
    k, v, t = upstream.shape
    logs = np.log1p(upstream / UNIT).reshape(k * v, t)
    is_after = np.repeat(np.arange(t) >= listing_month[:, None], v, axis=0)
    hidden = is_tested.reshape(-1, 1) & is_after
    drawn = np.random.default_rng(seed).random(k * v) < HELD_OUT
    trial = (drawn & ~is_tested.ravel())[:, None] & is_after
    errors = []
    for penalty in PENALTIES:
        filled = _filled(logs, hidden | trial, penalty)
        errors.append(float(np.mean((filled[trial] - logs[trial]) ** 2)))
    best = _filled(logs, hidden, PENALTIES[int(np.argmin(errors))])
    untreated = np.maximum(np.expm1(best), 0.0).reshape(k, v, t) * UNIT
    expected = window_sum(untreated, listing_month)
    observed = window_sum(upstream, listing_month)
    return CellEstimates(np.maximum(observed - expected, 0.0), log_ratio(observed, expected))


def _filled(logs: Floats, hidden: Bools, penalty: float) -> Floats:
    """The fitted matrix, all cells and months; hidden entries are not looked at."""
    seen = (~hidden).astype(np.float64)
    cell = (logs * seen).sum(axis=1, keepdims=True) / np.maximum(seen.sum(axis=1), 1.0)[:, None]
    month = np.zeros((1, logs.shape[1]))
    low_rank = np.zeros_like(logs)
    threshold: float | None = None
    fitted: Floats = cell + month + low_rank
    for _ in range(ROUNDS):
        whole = np.where(hidden, fitted, logs)
        cell = (whole - month - low_rank).mean(axis=1, keepdims=True)
        month = (whole - cell - low_rank).mean(axis=0, keepdims=True)
        rest = whole - cell - month
        # Months are few: singular values come from their cross products.
        squares, vectors = np.linalg.eigh(rest.T @ rest)
        values = np.sqrt(np.maximum(squares, 0.0))
        threshold = penalty * float(values[-1]) if threshold is None else threshold
        kept = np.maximum(1.0 - threshold / np.maximum(values, 1e-12), 0.0)
        low_rank = rest @ (vectors * kept) @ vectors.T
        moved = cell + month + low_rank
        change = float(np.abs((moved - fitted)[hidden]).max(initial=0.0))
        fitted = moved
        if change < TOLERANCE:
            break
    return fitted
