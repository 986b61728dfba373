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
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.score import Floats, Score, score_cells
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
