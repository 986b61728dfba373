"""Ranks among controls are valid p-values, and errors over many corridors are held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.diversion.conformal import (
    benjamini_hochberg,
    count_at_least,
    fcr_level,
    local_fdr,
    local_p,
    nearest,
    pooled_p,
)


def test_p_is_the_rank_among_controls():
    control = np.array([1.0, 2.0, 3.0, 4.0])
    assert pooled_p(np.array([0.0, 2.5, 4.0, 9.0]), control).tolist() == [1.0, 0.6, 0.4, 0.2]


def test_p_values_are_uniform_where_nothing_was_diverted():
    rng = np.random.default_rng(0)
    tested, control = rng.standard_t(3, 4_000), rng.standard_t(3, 8_000)
    share = (pooled_p(tested, control) < 0.05).mean()
    assert abs(share - 0.05) < 3 * np.sqrt(0.05 * 0.95 * (1 / 4_000 + 1 / 8_000))


def test_local_p_values_are_uniform_though_the_spread_changes_with_position():
    rng = np.random.default_rng(1)
    where, there = rng.uniform(-2, 2, 3_000), rng.uniform(-2, 2, 60_000)
    tested, control = rng.normal(0, np.exp(where)), rng.normal(0, np.exp(there))
    p = local_p(tested, where, control, there)
    wide = where > 1
    assert (p[wide] < 0.05).mean() == pytest.approx(0.05, abs=0.02)
    assert (pooled_p(tested, control)[wide] < 0.05).mean() > 0.1


def test_neighbourhood_holds_the_corridor_and_stays_inside():
    first, width = nearest(np.array([-9.0, 5.5, 99.0]), np.arange(10.0), 4)
    assert first.tolist() == [0, 4, 6]
    assert width.tolist() == [4, 4, 4]


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 40), st.integers(-4, 4)), max_size=20),
)
def test_values_of_a_run_are_counted_as_by_hand(values, asked):
    runs = [(min(a, b, len(values)), min(max(a, b), len(values)), least) for a, b, least in asked]
    first, end, least = np.array(runs, dtype=np.int64).reshape(-1, 3).T
    found = count_at_least(np.array(values, float), first, end, least.astype(float))
    assert found.tolist() == [sum(v >= x for v in values[a:b]) for a, b, x in runs]


def test_local_p_is_the_rank_among_the_nearest_controls():
    rng = np.random.default_rng(5)
    where, there = rng.normal(size=50), rng.normal(size=5_000)
    tested, control = rng.normal(size=50), rng.normal(size=5_000)
    order = np.argsort(there)
    first, width = nearest(where, there[order])
    runs = [control[order][a : a + n] for a, n in zip(first, width, strict=True)]
    ranks = [(1 + (run >= x).sum()) / (len(run) + 1) for run, x in zip(runs, tested, strict=True)]
    assert local_p(tested, where, control, there).tolist() == ranks


def test_benjamini_hochberg_on_the_paper_s_own_example():
    # Benjamini and Hochberg (1995), section 3.2: four of fifteen are rejected at 0.05.
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p = np.array([*small, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert int((benjamini_hochberg(p) <= 0.05).sum()) == 4


@given(st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=60), st.floats(0.01, 0.5))
def test_q_values_reject_what_the_step_up_rule_rejects(values, level):
    p = np.array(values)
    ordered = np.sort(p)
    below = np.flatnonzero(ordered <= level * np.arange(1, len(p) + 1) / len(p) * (1 - 1e-12))
    rejected = int(below[-1]) + 1 if len(below) else 0
    q = benjamini_hochberg(p)
    if not np.isclose(q, level, rtol=1e-9).any():
        assert int((q <= level).sum()) == rejected
    assert (benjamini_hochberg(p) >= p - 1e-15).all()


def test_local_fdr_is_one_under_the_null_and_small_for_a_clear_signal():
    rng = np.random.default_rng(2)
    null = rng.uniform(size=2_000)
    assert local_fdr(null).mean() > 0.9
    mixed = np.concatenate([null, rng.uniform(0, 1e-4, 300)])
    chance = local_fdr(mixed)
    assert chance[2_000:].mean() < 0.1
    assert chance[:2_000].mean() > 0.8


def test_local_fdr_rises_with_the_p_value():
    rng = np.random.default_rng(3)
    p = np.sort(np.concatenate([rng.uniform(size=500), rng.beta(0.2, 5, 200)]))
    assert (np.diff(local_fdr(p)) >= -1e-12).all()


def test_local_fdr_reads_the_isotonic_density_of_scipy():
    isotonic = pytest.importorskip("scipy.optimize").isotonic_regression
    p = np.unique(np.random.default_rng(4).beta(0.4, 1.5, 400))
    width = np.diff(p, prepend=0.0)
    density = isotonic(1 / len(p) / width, weights=width, increasing=False).x
    share = min(1.0, 2 * (1 + (p > 0.5).sum()) / len(p))
    assert local_fdr(p) == pytest.approx(np.clip(share / density, 0, 1))


def test_selected_intervals_widen_with_the_number_of_tests():
    flagged = np.zeros(1_000, dtype=bool)
    flagged[:10] = True
    assert fcr_level(flagged, 0.1) == pytest.approx(0.999)
