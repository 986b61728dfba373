"""What a window could have been: the scales that fit best, and where an observation falls."""

import numpy as np
import pytest
from scipy.special import gammaln

from entrepot.diversion.predictive import (
    DRIFT_SCALES,
    LUMP_SCALES,
    Scales,
    draws,
    lower_tail,
    shape,
    tune,
)
from entrepot.diversion.window import Cells


def cells(observed, mean, lump=1_000.0, level_variance=0.05, drift=0.05):
    n = len(mean)
    return Cells(
        row=np.arange(n),
        column=np.zeros(n, dtype=np.int64),
        observed=np.array(observed, dtype=float),
        mean=np.array(mean, dtype=float),
        lump=np.full(n, lump),
        level_variance=np.full(n, level_variance),
        drift=np.full(n, drift),
    )


def controls(truth, seed=0, n=1_000):
    mean = np.random.default_rng(seed).lognormal(11, 2, n)
    window = cells(np.zeros(n), mean)
    return cells(draws(window, truth, 1, seed)[:, 0], mean)


def log_score(window, scales):
    """Negative-binomial log density of effective shipments, whole or not, per currency unit."""
    s = shape(window, scales)
    x, r, m = window.observed / s.unit, s.count, s.mean
    ways = gammaln(x + r) - gammaln(r) - gammaln(x + 1)
    density = ways + r * np.log(r / (r + m)) + x * np.log(m / (r + m))
    return float((density - np.log(s.unit) * (x > 0)).mean())


@pytest.mark.parametrize(
    "truth", [Scales(0.05, 8.0), Scales(0.5, 4.0), Scales(1.0, 1.0), Scales(8.0, 0.2)]
)
def test_no_other_pair_on_the_grid_makes_the_controls_likelier(truth):
    window = controls(truth)
    grid = [Scales(float(c), float(t)) for c in LUMP_SCALES for t in DRIFT_SCALES]
    assert tune(window) == max(grid, key=lambda pair: log_score(window, pair))


def test_place_of_an_observation_is_its_share_of_draws_below():
    observed = [0.0, 900.0, 3_000.0, 40_000.0, 90_000.0, 2e6]
    window = cells(observed, [500.0, 1_000.0, 2_000.0, 50_000.0, 50_000.0, 1e6])
    scales = Scales(1.3, 1.7)
    drawn = draws(window, scales, 40_000, seed=3)
    share = (drawn <= window.observed[:, None]).mean(axis=1)
    assert lower_tail(window, scales) == pytest.approx(share, abs=0.01)


def test_where_nothing_was_observed_the_place_is_the_chance_of_no_shipment():
    window, scales = cells([0.0], [2_000.0]), Scales(1.0, 1.0)
    count = 1 / 0.1  # level variance and drift
    assert lower_tail(window, scales)[0] == pytest.approx((count / (count + 2.0)) ** count)


def test_place_rises_with_what_was_observed():
    window = cells(np.linspace(0, 3e5, 200), np.full(200, 1e5))
    assert (np.diff(lower_tail(window, Scales(1.0, 1.0))) >= -1e-4).all()
