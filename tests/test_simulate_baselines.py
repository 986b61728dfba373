"""What the simple methods make of a cell, and how hard the benchmark is for them."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.simulate.baselines import (
    benjamini_hochberg,
    robust_z,
    seasonal_naive,
    window_sum,
    year_on_year,
)
from entrepot.simulate.cell_estimates import Floats
from entrepot.simulate.discount_filter import discount_filter
from entrepot.simulate.isolation_forest import isolation_forest
from entrepot.simulate.matrix_completion import matrix_completion
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.score import Score, score_cells
from entrepot.simulate.synthetic_control import synthetic_control
from entrepot.simulate.world import simulate

ALL = np.array([[True]])
SEASON = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0]) * 1e6


def cell(*years: Floats) -> Floats:
    return np.concatenate(years)[None, None, :]


def test_year_on_year_takes_the_same_months_of_the_year_before() -> None:
    trade = cell(SEASON, SEASON, 2 * SEASON[:3])
    found = year_on_year(trade, np.array([24]))
    assert found.estimate.item() == pytest.approx(6e6)  # 12 - (1 + 2 + 3)
    assert found.score.item() == pytest.approx(np.log(12.02 / 6.02))


def test_year_on_year_of_a_longer_window_scales_the_last_year() -> None:
    trade = cell(SEASON, SEASON, 2 * SEASON, 2 * SEASON[:6])
    expected = 78e6 * 18 / 12
    found = year_on_year(trade, np.array([24]))
    assert found.estimate.item() == pytest.approx(2 * (78e6 + 21e6) - expected)


def test_a_fall_is_no_negative_diversion() -> None:
    assert year_on_year(cell(SEASON, SEASON, 0 * SEASON), np.array([24])).estimate.item() == 0


def test_seasonal_naive_repeats_the_last_year_before_the_window() -> None:
    trade = cell(0 * SEASON, SEASON, SEASON, SEASON[:6])
    found = seasonal_naive(trade, np.array([24]), ALL)
    assert found.estimate.item() == 0
    above = seasonal_naive(cell(SEASON, SEASON, SEASON, 2 * SEASON[:6]), np.array([24]), ALL)
    assert above.estimate.item() == pytest.approx(21e6)
    assert above.is_flagged is not None
    assert above.is_flagged.item()


def test_robust_z_measures_from_the_median_in_median_deviations() -> None:
    trade = cell(np.array([1.0, 2.0, 3.0, 4.0, 5.0]) * 1e6, np.array([9.0, 9.0]) * 1e6)
    found = robust_z(trade, np.array([5]), ALL)
    assert found.estimate.item() == pytest.approx(12e6)  # 18 - 2 x 3; the MAD is 1
    assert found.score.item() == pytest.approx(12e6 / np.hypot(1.4826e6 * 2**0.5, 2e4))


def test_window_sum_begins_in_the_month_of_listing() -> None:
    trade = np.arange(8.0).reshape(2, 1, 4)
    assert window_sum(trade, np.array([3, 1])).tolist() == [[3.0], [18.0]]


def test_benjamini_hochberg_on_the_papers_example() -> None:
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p = np.array([*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert benjamini_hochberg(p, 0.05).sum() == 4


def test_discount_filter_follows_the_level_and_flags_what_lies_far_above_it() -> None:
    rng = np.random.default_rng(1)
    # 120 cells of about 5 shipments of EUR 50,000 a month; two of them four times that since.
    trade = 50_000.0 * rng.poisson(5.0, (12, 10, 48)).astype(float)
    trade[[3, 7], 2, 36:] *= 4
    found = discount_filter(trade, np.full(12, 36), np.ones((12, 10), dtype=bool))
    assert found.is_flagged is not None
    assert found.is_flagged[[3, 7], 2].all()
    assert found.is_flagged.sum() <= 4
    usual = 12 * 5 * 50_000.0
    assert found.estimate[3, 2] == pytest.approx(3 * usual, rel=0.2)
    assert found.low is not None
    assert found.high is not None
    assert np.mean((found.low <= 0) & (found.high >= 0)) > 0.85


def test_discount_filter_forgets_a_level_that_is_long_gone() -> None:
    trade = np.full((1, 1, 48), 1e6)
    trade[0, 0, :12] = 9e6
    found = discount_filter(trade, np.array([40]), ALL)
    assert found.estimate.item() < 0.2 * 8e6


def test_synthetic_control_mixes_destinations_that_are_no_candidates() -> None:
    rng = np.random.default_rng(2)
    donors = rng.uniform(0.5, 1.5, (1, 3, 40)) * 1e6
    candidate = (2 * donors[:, 0] + donors[:, 1])[:, None]
    other = rng.uniform(5.0, 9.0, (1, 1, 40)) * 1e6  # a candidate too, hence no donor
    trade = np.concatenate([candidate, other, donors], axis=1)
    trade[0, 0, 30:] += 2e6
    is_candidate = np.array([True, True, False, False, False])
    is_tested = np.array([[True, False, False, False, False]])
    found = synthetic_control(trade, np.array([30]), is_candidate, is_tested)
    assert found.estimate[0, 0] == pytest.approx(20e6, rel=0.15)  # the ridge pulls weights down
    assert found.is_flagged is not None
    assert found.is_flagged[0, 0]


def test_synthetic_control_of_a_cell_without_a_past_is_nothing() -> None:
    trade = np.ones((1, 2, 30)) * 1e6
    trade[0, 0, :24] = 0
    found = synthetic_control(
        trade, np.array([24]), np.array([True, False]), np.array([[True, False]])
    )
    assert found.estimate[0, 0] == pytest.approx(6e6)


def test_matrix_completion_recovers_a_cell_effect_times_a_month_effect() -> None:
    rng = np.random.default_rng(3)
    logs = rng.normal(9.0, 1.0, (30, 4))[:, :, None] + rng.normal(0.0, 0.3, 36)
    trade = np.exp(logs)
    tested = np.zeros((30, 4), dtype=bool)
    tested[:5, 0] = True
    planted = trade[0, 0, 28:].sum()
    trade[0, 0, 28:] *= 2
    found = matrix_completion(trade * 1_000, np.full(30, 28), tested)
    assert found.estimate[0, 0] == pytest.approx(planted * 1_000, rel=0.02)
    assert found.score[tested].argmax() == 0


def test_isolation_forest_ranks_a_leap_first_and_a_fall_last() -> None:
    pytest.importorskip("sklearn", reason="the isolation forest needs scikit-learn")
    rng = np.random.default_rng(4)
    trade = rng.uniform(0.8, 1.2, (20, 6, 48)) * 1e6
    trade[4, 2, 36:] *= 6
    trade[5, 3, 36:] /= 6
    found = isolation_forest(trade, np.full(20, 36))
    assert np.unravel_index(found.score.argmax(), (20, 6)) == (4, 2)
    assert np.unravel_index(found.score.argmin(), (20, 6)) == (5, 3)
    assert found.estimate[4, 2] == pytest.approx(60e6, rel=0.1)
    assert found.is_flagged is None


def measure(name: str) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = {"year_on_year": [], "robust_z": [], "seasonal_naive": []}
    for seed in (100, 101, 102):
        world = simulate(SCENARIOS[name], seed)
        cells = world.is_sanctioned[:, None] & world.is_candidate
        truth = window_sum(world.diverted, world.listing_month)[cells]
        given = (world.upstream, world.listing_month)
        for method, made in (
            ("year_on_year", year_on_year(*given)),
            ("robust_z", robust_z(*given, cells)),
            ("seasonal_naive", seasonal_naive(*given, cells)),
        ):
            found[method].append(score_cells(truth, made.at(cells)))
    return found


def mean(scores: list[Score], metric: str) -> float:
    return float(np.mean([getattr(score, metric) for score in scores]))


def test_base_is_as_hard_for_simple_methods_as_the_prototypes_world() -> None:
    found = measure("base")
    for method, scores in found.items():
        print(method, "AP", [round(score.average_precision or 0, 3) for score in scores])
    assert 0.52 < mean(found["year_on_year"], "average_precision") < 0.72
    assert 2.0 < mean(found["year_on_year"], "total_ratio") < 3.3
    assert 0.66 < mean(found["robust_z"], "false_discovery_proportion") < 0.86
    assert 0.52 < mean(found["seasonal_naive"], "false_discovery_proportion") < 0.76


def test_strong_diversion_is_easier_to_see() -> None:
    assert 0.70 < mean(measure("strong")["year_on_year"], "average_precision") < 0.88
