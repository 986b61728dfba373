"""The benchmark's metrics, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from entrepot.errors import EstimateError
from entrepot.simulate.cell_estimates import CellEstimates, CountryTotals, Floats, Parts
from entrepot.simulate.curves import RECALLS, calibration, precision_at
from entrepot.simulate.score import average_precision, interval_score, score_cells
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


def test_errors_of_the_two_ways_and_of_countries_are_over_what_was_planted() -> None:
    truth = np.array([100.0, 50.0, 0.0]) * K
    parts = Parts(
        country=np.array([4, 4, 7]),
        intermediated=np.array([100.0, 20.0, 0.0]) * K,
        ghost=np.array([0.0, 30.0, 0.0]) * K,
    )
    cells = CellEstimates(
        estimate=np.array([90.0, 60.0, 15.0]) * K,
        score=np.arange(3.0),
        intermediated=np.array([60.0, 40.0, 0.0]) * K,
        ghost=np.array([30.0, 20.0, 15.0]) * K,
        totals=CountryTotals(
            estimate=np.array([160.0, 5.0]) * K,
            low=np.array([140.0, 1.0]) * K,
            high=np.array([170.0, 9.0]) * K,
        ),
    )
    score = score_cells(truth, cells, parts)
    assert score.intermediated_error == pytest.approx((40 + 20) / 120)
    assert score.ghost_error == pytest.approx((30 + 10 + 15) / 30)
    assert score.country_error == pytest.approx((10 + 5) / 150)
    assert score.coverage_countries == pytest.approx(1 / 2)  # the second claims 1 to 9, truth is 0
    plain = score_cells(truth, replace(cells, totals=None), parts)
    assert plain.country_error == pytest.approx((0 + 15) / 150)  # errors within a country cancel
    assert plain.coverage_countries is None


def test_the_interval_score_is_of_what_is_claimed_where_that_is_told_apart() -> None:
    truth = np.array([100.0]) * K
    cells = CellEstimates(truth, truth, low=truth - K, high=truth + K)
    claimed = replace(cells, claimed_low=truth - 2 * K, claimed_high=truth + 2 * K)
    assert score_cells(truth, cells).interval_score == pytest.approx(2 / 100)
    assert score_cells(truth, claimed).interval_score == pytest.approx(4 / 100)


def test_precision_is_read_where_recall_first_reaches_each_level() -> None:
    score = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    hit = np.array([True, False, True, False, True])
    found = dict(zip(RECALLS.tolist(), precision_at(score, hit).tolist(), strict=True))
    assert found[0.3] == 1
    assert found[0.65] == pytest.approx(2 / 3)
    assert found[1.0] == pytest.approx(3 / 5)


def test_calibration_counts_each_cell_in_the_bin_that_holds_its_probability() -> None:
    chance = np.array([0.0, 0.05, 0.19, 0.5, 0.95, 1.0])
    found = calibration(chance, np.array([False, False, True, True, True, True]))
    assert found.count.tolist() == [1, 2, 0, 1, 0, 0, 2]
    assert found.actual.tolist() == [0, 1, 0, 1, 0, 0, 2]
    np.testing.assert_allclose(found.predicted, [0, 0.24, 0, 0.5, 0, 0, 1.95])


MARCH, MAY = date(2022, 3, 1), date(2022, 5, 1)
CELLS = pa.table(
    {
        "intermediary": ["KZ", "KZ", "KG", "KG"],
        "commodity": ["847130", "854231", "847130", "854231"],
        "window_start": [MARCH, date(2022, 4, 1), MARCH, date(2022, 4, 1)],
        "window_end": [MAY] * 4,
    }
)
TRUTH = pa.table(
    {
        "intermediary": ["KZ", "KZ", "KZ", "KG", "BR"],
        "commodity": ["847130", "847130", "854231", "854231", "847130"],
        "period": [date(2022, m, 1) for m in (3, 4, 3, 4, 3)],
        "intermediated": [40.0 * K, 20.0 * K, 500.0 * K, 0.0, 7.0 * K],
        "ghost": [0.0, 40.0 * K, 0.0, 30.0 * K, 0.0],
        "unit": ["EUR FOB"] * 5,
    }
)
LEADS = {
    "intermediary": ["KZ", "KZ", "KG", "BR"],
    "commodity": ["847130", "854231", "847130", "847130"],
    "diverted": [90.0 * K, 0.0, 3.0 * K, 9.0 * K],
    "diverted_low": [50.0 * K, -9.0 * K, 1.0 * K, 0.0],
    "diverted_high": [110.0 * K, 2.0 * K, 8.0 * K, 9.0 * K],
    "intermediated": [70.0 * K, 0.0, None, 0.0],
    "ghost": [20.0 * K, 0.0, None, 9.0 * K],
    "score": [5.0, -1.0, 1.0, 9.0],
    "p_value": [0.001, 0.8, 0.3, 0.001],
    "is_flagged": [True, False, False, True],
    "unit": ["EUR FOB"] * 4,
}


def test_every_cell_of_the_world_is_scored_whether_the_file_holds_it_or_not() -> None:
    found = score_tables(pa.table(LEADS), CELLS, TRUTH)
    score = found.score
    assert (found.row_count, found.unknown_count, found.missing_count) == (4, 1, 1)  # BR; KG 854231
    assert (score.cell_count, score.diverted_count) == (4, 2)
    assert score.power == pytest.approx(1 / 2)
    # KZ 854231 diverted in March, before its window: nothing is planted there.
    assert score.total_ratio == pytest.approx((90 + 0 + 3 + 0) / (100 + 30))
    assert score.wmape == pytest.approx((10 + 0 + 3 + 30) / 130)
    assert score.coverage_diverted == pytest.approx(1 / 2)  # what is missing claims nothing
    assert score.coverage_null == pytest.approx(1 / 2)
    # Ranked 1st and, being missing, 4th.
    assert score.average_precision == pytest.approx((1 + 2 / 4) / 2)
    assert score.intermediated_error == pytest.approx(10 / 60)
    assert score.ghost_error == pytest.approx((20 + 30) / 70)


def test_the_estimate_is_what_was_diverted_else_the_positive_excess() -> None:
    leads = {name: LEADS[name] for name in ("intermediary", "commodity", "score")}
    leads |= {"excess": [-90.0 * K, 10.0 * K, 0.0, 0.0], "diverted": [None] * 4}
    found = score_tables(pa.table(leads), CELLS, TRUTH)
    assert found.estimated_by == "excess"
    assert found.score.total_ratio == pytest.approx(10 / 130)
    assert found.score.power is None
    assert found.score.coverage_null is None


def test_cells_are_ranked_by_the_column_asked_for() -> None:
    leads = pa.table(LEADS | {"probability": [0.1, 0.2, 0.9, 0.0]})
    assert score_tables(leads, CELLS, TRUTH).ranked_by == "score"
    by_chance = score_tables(leads, CELLS, TRUTH, "probability")
    # The two diverted cells stand third and, missing, fourth.
    assert by_chance.score.average_precision == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert by_chance.curves.calibration is not None
    by_p = score_tables(pa.table(LEADS), CELLS, TRUTH, "p_value")
    assert by_p.score.average_precision == pytest.approx((1 + 2 / 4) / 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": ["USD FOB"] * 4}, "expected one unit"),
        ({"commodity": ["8471", "8542", "8703", "8704"]}, "none of the file's 4 corridors"),
        ({"commodity": [847130, 854231, 847130, 847131]}, "expected text"),
        ({"commodity": ["847130"] * 4}, "4 rows for 3 cells"),
        ({"diverted": [1.0, None, 2.0, 3.0]}, "'diverted' is empty in 1 of 4 rows"),
        ({"is_flagged": ["yes", "no", "no", "no way"]}, "expected bool"),
        ({"window_start": [MAY] * 4}, "3 windows of the file differ"),
    ],
)
def test_leads_that_do_not_fit_the_world_are_refused(
    change: dict[str, list[object]], message: str
) -> None:
    with pytest.raises(EstimateError, match=message):
        score_tables(pa.table(LEADS | change), CELLS, TRUTH)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (("score", "p_value"), "a column to rank by: 'probability_material' or 'score' or 'prob"),
        (("diverted",), "an estimate: 'diverted' or 'discounted' or 'excess'"),
        (("commodity",), "expected the corridor's: 'commodity'"),
    ],
)
def test_leads_without_usable_columns_are_refused(gone: tuple[str, ...], message: str) -> None:
    leads = pa.table({name: column for name, column in LEADS.items() if name not in gone})
    with pytest.raises(EstimateError, match=message):
        score_tables(leads, CELLS, TRUTH)
