"""The density of a window's trade: shipments, and a wide part for what nobody explains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from entrepot.diversion.density import (
    TAIL_SHARES,
    TAIL_WIDTHS,
    Tail,
    log_binomial,
    log_density,
    tune_tail,
)

TAIL = Tail(0.03, 10.0)
means, counts = st.floats(0.01, 1e4), st.floats(0.05, 1e3)


def windows(rng, n, mean, count, share, width):
    """Whole shipments of ``n`` windows, a share of them from the wide part."""
    of_each = np.where(rng.random(n) < share, count / width, count)
    return rng.poisson(rng.gamma(of_each, mean / of_each)).astype(float)


def test_three_shipments_where_two_are_expected_by_hand():
    # r = 1 is the geometric law: 1/3 (2/3)^x.
    found = np.exp(log_binomial(np.array([0.0, 3.0]), np.array(2.0), np.array(1.0)))
    assert found == pytest.approx([1 / 3, 8 / 81])


@given(st.integers(0, 500), means, counts)
def test_whole_shipments_have_the_textbook_law(shipments, mean, count):
    found = log_binomial(np.array(float(shipments)), np.array(mean), np.array(count))
    exact = nbinom.logpmf(shipments, count, count / (count + mean))
    assert float(found) == pytest.approx(exact, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("mean", "count"), [(0.1, 5.0), (5.0, 0.5), (50.0, 50.0), (500.0, 5.0)])
def test_chances_of_all_numbers_of_shipments_add_up_to_one(mean, count):
    x = np.arange(200_000.0)
    chances = np.exp(log_density(x, np.array(mean), np.array(count), TAIL))
    assert chances.sum() == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("tail", [Tail(0.003, 3.0), TAIL, Tail(0.2, 10.0)])
def test_density_of_many_shipments_integrates_to_one(tail):
    x = np.linspace(0, 20_000, 400_001)
    density = np.exp(log_density(x, np.array(100.0), np.array(50.0), tail))
    assert np.trapezoid(density, x) == pytest.approx(1.0, abs=2e-3)


def test_relative_variance_is_that_of_shipments_and_of_the_rate():
    x, mean, count = np.arange(20_000.0), 30.0, 8.0
    chances = np.exp(log_binomial(x, np.array(mean), np.array(count)))
    assert (chances * x).sum() == pytest.approx(mean)
    variance = (chances * (x - mean) ** 2).sum()
    assert variance / mean**2 == pytest.approx(1 / mean + 1 / count)


def test_a_stray_window_is_a_smaller_surprise_with_a_wide_part():
    x, mean, count = np.array([100.0, 900.0]), np.array(100.0), np.array(50.0)
    plain, widened = log_binomial(x, mean, count), log_density(x, mean, count, TAIL)
    assert plain[0] - widened[0] < 0.04  # costs the usual window its share of 3 % at most
    assert widened[1] - plain[1] > 50


def test_controls_tell_how_often_trade_falls_outside():
    rng, n = np.random.default_rng(0), 4_000
    mean, count = np.full(n, 200.0), np.full(n, 100.0)
    calm = tune_tail(windows(rng, n, 200.0, 100.0, 0.0, 1.0), mean, count)
    stray = tune_tail(windows(rng, n, 200.0, 100.0, 0.1, 30.0), mean, count)
    assert calm.share == min(TAIL_SHARES)
    assert stray == Tail(0.1, 30.0)


def test_the_wide_part_chosen_is_the_likeliest_on_the_grid():
    rng, n = np.random.default_rng(1), 500
    mean, count = rng.lognormal(3, 1, n), np.full(n, 20.0)
    shipments = rng.poisson(mean * rng.lognormal(0, 0.6, n)).astype(float)
    likely = {
        (share, width): log_density(shipments, mean, count, Tail(share, width)).sum()
        for share in TAIL_SHARES
        for width in TAIL_WIDTHS
    }
    best = tune_tail(shipments, mean, count)
    assert (best.share, best.width) == max(likely, key=likely.__getitem__)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1e-3, 1e9))
def test_no_window_is_so_odd_that_its_density_is_no_number(shipments, mean, count):
    found = log_density(np.array(shipments), np.array(mean), np.array(count), Tail(0.003, 100.0))
    assert np.isfinite(found)
