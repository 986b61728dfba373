"""The benchmark's metrics, worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from entrepot.errors import EstimateError
from entrepot.simulate.score import (
    CellEstimates,
    Floats,
    average_precision,
    interval_score,
    score_cells,
)
from entrepot.simulate.score_tables import score_tables

K = 1000.0


def test_average_precision_of_a_hand_worked_ranking() -> None:
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    hit = np.array([True, False, True, True, False])
    # Precision at each hit: 1/1, 2/3, 3/4; a third of the recall each.
    assert average_precision(score, hit) == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_average_precision_of_ties_is_the_share_of_hits() -> None:
    assert average_precision(np.zeros(8), np.arange(8) < 2) == pytest.approx(0.25)
    assert average_precision(np.zeros(8), np.arange(8) >= 6) == pytest.approx(0.25)


def test_average_precision_needs_a_hit() -> None:
    with pytest.raises(EstimateError, match="found 0 positives"):
        average_precision(np.zeros(3), np.zeros(3, dtype=np.bool_))


def test_interval_score_is_width_and_twenty_times_the_miss() -> None:
    low, high = np.array([0.0, 0.0, 5.0]), np.array([10.0, 10.0, 6.0])
    # Inside: 10. Above by 1: 10 + 2/0.1. Below by 2: 1 + 2 x 2/0.1.
    truth = np.array([5.0, 11.0, 3.0])
    np.testing.assert_allclose(interval_score(low, high, truth), [10, 30, 41])


def six_cells() -> tuple[Floats, CellEstimates]:
    """Two diverted cells, one trifle of 10 k that is neither, three nulls."""
    truth = np.array([100.0, 50.0, 10.0, 0.0, 0.0, 0.0]) * K
    cells = CellEstimates(
        estimate=np.array([80.0, 0.0, 10.0, 30.0, 0.0, 0.0]) * K,
        score=np.array([6.0, 2.0, 4.0, 5.0, 3.0, 1.0]),
        low=np.array([70.0, -5.0, 5.0, 10.0, -5.0, -5.0]) * K,
        high=np.array([110.0, 20.0, 15.0, 50.0, 5.0, 5.0]) * K,
        p_value=np.array([0.001, 0.4, 0.02, 0.01, 0.3, 0.9]),
        is_flagged=np.array([True, False, True, True, False, False]),
    )
    return truth, cells


def test_metrics_of_six_hand_worked_cells() -> None:
    truth, cells = six_cells()
    score = score_cells(truth, cells)
    assert (score.cell_count, score.diverted_count, score.flagged_count) == (6, 2, 3)
    assert score.average_precision == pytest.approx((1 + 2 / 4) / 2)  # the trifle stands aside
    assert score.value_captured == pytest.approx(100 / 160)
    assert score.false_discovery_proportion == pytest.approx(1 / 3)
    assert score.power == pytest.approx(1 / 2)
    assert score.power_by_value == pytest.approx(110 / 160)
    assert score.null_share_below == pytest.approx(1 / 3)
    assert score.wmape == pytest.approx((20 + 50 + 30) / 160)
    assert score.total_ratio == pytest.approx(120 / 160)
    assert score.coverage_diverted == pytest.approx(1 / 2)
    assert score.coverage_null == pytest.approx(2 / 3)
    assert score.coverage_flagged == pytest.approx(2 / 3)
    widths, misses = 40 + 25 + 10 + 40 + 10 + 10, 30 + 10
    assert score.interval_score == pytest.approx((widths + 20 * misses) / 160)


def test_a_method_without_tests_has_no_power_and_a_null_world_no_precision() -> None:
    score = score_cells(np.zeros(3), CellEstimates(np.ones(3), np.arange(3.0)))
    assert score.power is None
    assert score.average_precision is None
    assert score.wmape is None


LEADS = {
    "intermediary": ["KZ", "KZ", "KG"],
    "commodity": ["847130", "854231", "854231"],
    "window_start": [date(2022, 3, 1)] * 3,
    "window_end": [date(2022, 4, 1)] * 3,
    "excess": [90.0 * K, -5.0 * K, 3.0 * K],
    "excess_low": [50.0 * K, -9.0 * K, -1.0 * K],
    "excess_high": [110.0 * K, 2.0 * K, 8.0 * K],
    "score": [5.0, -1.0, 1.0],
    "p_value": [0.001, 0.8, 0.3],
    "is_flagged": [True, False, False],
    "unit": ["EUR FOB"] * 3,
}
TRUTH = {
    "intermediary": ["KZ", "KZ", "KZ", "KG", "BR"],
    "commodity": ["847130", "847130", "847130", "870323", "847130"],
    "period": [date(2022, m, 1) for m in (3, 4, 5, 3, 3)],
    "intermediated": [40.0 * K, 20.0 * K, 500.0 * K, 1.0 * K, 7.0 * K],
    "ghost": [0.0, 40.0 * K, 0.0, 0.0, 0.0],
    "unit": ["EUR FOB"] * 5,
}


def test_truth_is_summed_over_each_leads_own_window() -> None:
    score = score_tables(pa.table(LEADS), pa.table(TRUTH))
    assert score.diverted_count == 1
    assert score.average_precision == 1.0
    assert score.power == 1.0
    assert score.total_ratio == pytest.approx((90 + 0 + 3) / 100)  # May lies outside the window
    assert score.coverage_null == 1.0
    assert score.unmatched_count == 1  # KG 870323; Brazil has no leads at all


def test_leads_of_two_brackets_are_not_scored_together() -> None:
    leads = pa.table(LEADS)
    with pytest.raises(EstimateError, match="Filter one run_id and one bracket"):
        score_tables(pa.concat_tables([leads, leads]), pa.table(TRUTH))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": ["USD FOB"] * 3}, "expected one unit"),
        ({"commodity": ["8471", "8542", "8703"]}, "expected one level"),
        ({"excess": [1.0, None, 2.0]}, "1 rows have no excess"),
    ],
)
def test_leads_that_do_not_fit_the_truth_are_refused(
    change: dict[str, list[object]], message: str
) -> None:
    with pytest.raises(EstimateError, match=message):
        score_tables(pa.table(LEADS | change), pa.table(TRUTH))
