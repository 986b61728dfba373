"""Gamma-Poisson discount filter, for comparison: a cell's own level, followed through time."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, gammaln
from scipy.stats import nbinom

from entrepot.simulate.baselines import YEAR, flagged, window_sum
from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Ints

DISCOUNTS = (0.80, 0.85, 0.90, 0.94, 0.97, 0.99)
SMALLEST_LUMP = 100.0  # EUR; less for one shipment is rounding
PRIOR = 0.5  # shipments a cell is credited with before its first month
SMALLEST_P = 1e-300
TAIL = 0.05


def discount_filter(upstream: Floats, listing_month: Ints, is_tested: Bools) -> CellEstimates:
    """Expect the window to go on at the level a discount filter has reached before it.

    Months are counted in shipments, ``y = U / phi`` with ``phi`` EUR per effective shipment of the
    product. The rate is gamma: ``a <- w a + y, b <- w b + 1``, so that a forecast is negative
    binomial; in n months of silence ``a`` and ``b`` fade by ``w^((n+1)/2)`` in the middle. The
    discount ``w`` is the one, out of six, under which all cells' months before listing are
    likeliest. Score is ``-log p``; Benjamini-Hochberg at 10 %.

    Args:
        upstream: Exports to destinations, EUR, shape [k, v, t].
        listing_month: Index of the first month of each product's window, over 12, shape [k].
        is_tested: Cells tested together, shape [k, v].

    Returns:
        Estimates, intervals and tests, shape [k, v].

    Source:
        Harvey and Fernandes, J. Business & Economic Statistics 7 (1989), section 3.
    """
    lump = _lump(upstream, listing_month)[:, None]
    counts = upstream / lump[:, :, None]
    runs = [_followed(counts, listing_month, discount) for discount in DISCOUNTS]
    best = int(np.argmax([likelihood for _, _, likelihood in runs]))
    shape, exposure, _ = runs[best]
    length = (upstream.shape[2] - listing_month)[:, None].astype(np.float64)
    mean = shape / exposure * length
    size = np.maximum(shape * DISCOUNTS[best] ** ((length + 1) / 2), 1e-6)
    observed = window_sum(upstream, listing_month)
    shipments = observed / lump
    tail = betainc(np.maximum(shipments, 1e-12), size, mean / (mean + size))
    p_value = np.where(shipments > 0, tail, 1.0)
    # A count of whole shipments holds trade up to the next one.
    ends = [nbinom.ppf(level, size, size / (size + mean)) * lump for level in (TAIL, 1 - TAIL)]
    return CellEstimates(
        estimate=np.maximum(observed - mean * lump, 0.0),
        score=-np.log(np.maximum(p_value, SMALLEST_P)),
        low=observed - ends[1],
        high=observed - ends[0],
        p_value=p_value,
        is_flagged=flagged(p_value, is_tested),
    )


def _lump(upstream: Floats, listing_month: Ints) -> Floats:
    """EUR per effective shipment, ``sum (U_t - U_(t-1))^2 / 2 / sum U`` before listing, [k]."""
    is_past = np.arange(1, upstream.shape[2]) < listing_month[:, None]
    square = np.einsum("kvt,kt->k", np.diff(upstream, axis=2) ** 2, is_past) / 2
    trade = np.einsum("kvt,kt->k", upstream[:, :, 1:], is_past)
    pooled = square.sum() / max(trade.sum(), 1.0)
    known = trade > 0
    raw = np.where(known, square / np.where(known, trade, 1.0), pooled)
    return np.asarray(np.maximum(raw, SMALLEST_LUMP))


def _followed(counts: Floats, listing_month: Ints, discount: float) -> tuple[Floats, Floats, float]:
    """Shape and exposure at listing, and the log likelihood of the months after the first year."""
    shape, exposure = counts[:, :, :YEAR].sum(axis=2) + PRIOR, np.full((len(counts), 1), 12.0)
    likelihood = 0.0
    for month in range(YEAR, int(listing_month.max())):
        y, is_past = counts[:, :, month], (month < listing_month)[:, None]
        size, scale = discount * shape, discount * exposure
        density = gammaln(size + y) - gammaln(size) - gammaln(y + 1)
        density += size * np.log(scale / (scale + 1)) - y * np.log(scale + 1)
        likelihood += float((density * is_past).sum())
        shape = np.where(is_past, size + y, shape)
        exposure = np.where(is_past, scale + 1, exposure)
    return shape, exposure, likelihood
