"""How long the past of a pair is worth reading: a wandering level is read off its last months."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.diversion.counterfactual import Mask, fit, margins, mask
from entrepot.diversion.cube import from_dense
from entrepot.diversion.dispersion import dispersion
from entrepot.diversion.memory import COMMON, DECAYS, MONTHLY_DECAY, decay_of, exposure, steps

K, V, T, START = 24, 16, 48, 36


def decay(monthly, step):
    return DECAYS[int(decay_of(np.array([[monthly]]), np.array([step]))[0, 0])]


def panel(step, seed=0, shipments=40.0):
    """Pairs whose level takes random steps of this size a month, seen through whole shipments."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0, step, (K, V, T)), axis=2) if step else np.zeros((K, V, T))
    level = shipments * np.exp(rng.normal(0, 0.3, (K, V, 1)) + walk)
    codes = np.array([f"85{index // 4:02d}{index % 4:02d}" for index in range(K)])
    partners = np.array([f"P{index:02d}" for index in range(V)])
    periods = np.arange(T).astype("datetime64[M]")
    return from_dense(1_000.0 * rng.poisson(level), codes, partners, periods)


def steps_of(cube):
    start = np.full(cube.shape[0], START)
    seen = mask(cube, np.ones(cube.shape[:2], dtype=bool), start)
    fitted, _ = fit(margins(cube, seen), seen)
    return dispersion(cube, seen, fitted, start).step


def test_a_level_that_walks_is_read_off_its_last_months_and_a_still_one_off_all():
    assert decay(50.0, 0.05) < MONTHLY_DECAY < decay(50.0, 1e-5)


def test_where_shipments_are_few_the_past_must_be_long():
    assert decay(0.1, 0.01) > decay(10.0, 0.01) > decay(1_000.0, 0.01)


def test_decay_is_that_of_the_steady_state_by_hand():
    # r = 6, q = 1/6: n = (6 + sqrt(36 + 4 * 36)) / 2 = 9.708; 1 / (1 + n / 6) = 0.382.
    rate, walk = 6.0, 1 / 6
    count = (rate + np.sqrt(180)) / 2
    assert count == pytest.approx(count / (1 + walk * count) + rate)
    assert decay(rate, walk) == min(DECAYS)
    # r = 1, q = 0.0027: n is about 19.7, and a month is worth 0.95 of the next.
    assert decay(1.0, 0.05**2 / 0.95) == MONTHLY_DECAY


def test_without_known_steps_all_pairs_have_the_common_decay():
    found = decay_of(np.array([[0.0, 1.0, 1e6]]), np.array([0.0]))
    assert (found == COMMON).all()
    assert DECAYS[COMMON] == MONTHLY_DECAY


@given(st.floats(0, 1e9), st.floats(0, 1e6), st.floats(1e-6, 10))
def test_more_shipments_never_lengthen_the_past(monthly, more, step):
    assert decay(monthly + more, step) <= decay(monthly, step)


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 10), st.floats(0, 10))
def test_larger_steps_never_lengthen_the_past(monthly, step, more):
    assert decay(monthly, step + more) <= decay(monthly, step)


def test_no_steps_are_seen_in_a_still_level():
    assert (steps_of(panel(step=0.0)) == 0).all()


def test_steps_are_seen_in_a_level_that_walks():
    found = steps_of(panel(step=0.15))
    assert (found > 0).all()
    assert np.median(found) == pytest.approx(0.15**2, rel=0.9)


@pytest.mark.parametrize("seed", [1, 2])
def test_larger_steps_are_measured_larger(seed):
    small, large = (np.median(steps_of(panel(step, seed))) for step in (0.1, 0.3))
    assert large > 2 * small > 0


def test_trade_too_thin_to_foretell_anything_shows_no_steps():
    cube = panel(step=0.1, shipments=0.005)
    assert (steps_of(cube) == 0).all()


def test_no_trade_at_all_shows_no_steps():
    cube = panel(step=0.0, shipments=0.0)
    start = np.full(K, START)
    seen = mask(cube, np.ones(cube.shape[:2], dtype=bool), start)
    fitted, _ = fit(margins(cube, seen), seen)
    found = steps(cube, seen, fitted, (np.ones(K), 0.1, np.full(K, 0.01)), start)
    assert (found == 0).all()


def test_exposure_is_the_decaying_sum_of_path_and_partner_over_what_may_be_seen():
    path, partner = np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 10.0]])
    seen = Mask(np.ones((1, 3)), np.array([[1.0, 1, 1], [1, 0, 1]]), np.zeros((1, 2)), path * 0)
    age, which = np.array([[2, 1, 0]]), np.array([[COMMON, DECAYS.index(0.8)]])
    found = exposure(path, partner, seen, (age, which))
    assert found[0, 0] == pytest.approx(MONTHLY_DECAY**2 + 2 * MONTHLY_DECAY + 4)
    assert found[0, 1] == pytest.approx(40.0)
