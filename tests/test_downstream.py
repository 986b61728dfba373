"""The downstream leg: what was sold on beyond the usual, with a mark-up nobody knows."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.diversion.density import Tail, log_density
from entrepot.diversion.downstream import IMPOSSIBLE, LATE, MARK_UPS, Onward, density, onward
from entrepot.diversion.predictive import Scales
from entrepot.diversion.window import Cells

TAIL = Tail(0.03, 10.0)


def sold(observed, mean=10.0, seen_share=1.0, is_lower_bound=False, is_known=True):
    """Sales of corridors in effective shipments of one unit each."""
    n = len(observed)
    return Onward(
        observed=np.array(observed, dtype=float),
        mean=np.full(n, mean),
        unit=np.ones(n),
        count=np.full(n, 20.0),
        seen_share=np.full(n, seen_share),
        is_known=np.full(n, is_known),
        is_lower_bound=np.full(n, is_lower_bound),
    )


def of_one(sales, *intermediated):
    return density(sales, TAIL, np.array([intermediated], dtype=float))[0]


def sales_cells(row, column, observed, mean):
    n = len(row)
    return Cells(
        row=np.array(row, dtype=np.int64),
        column=np.array(column, dtype=np.int64),
        observed=np.array(observed, dtype=float),
        mean=np.array(mean, dtype=float),
        lump=np.full(n, 2.0),
        level_variance=np.full(n, 0.05),
        drift=np.full(n, 0.05),
    )


def found(cells, row, column, seen_share=None):
    where = (np.array(row, dtype=np.int64), np.array(column, dtype=np.int64))
    seen = np.ones(len(row)) if seen_share is None else np.array(seen_share)
    return onward(cells, Scales(1.0, 1.0), where, (3, 2), seen, np.array([False, True]))


def test_sales_are_found_by_corridor_in_any_order():
    cells = sales_cells([2, 0], [1, 0], [7, 5], [70, 50])
    of = found(cells, [0, 1, 2], [0, 0, 1])
    assert of.is_known.tolist() == [True, False, True]
    assert of.observed.tolist() == [5, 0, 7]
    assert of.mean.tolist() == [50, 1, 70]
    assert of.unit.tolist() == [2, 1, 2]
    assert of.is_lower_bound.tolist() == [False, False, True]


def test_sales_without_expectation_or_published_month_are_not_known():
    cells = sales_cells([0, 1], [0, 0], [5, 5], [0, 50])
    of = found(cells, [0, 1], [0, 0], seen_share=[1.0, 0.0])
    assert not of.is_known.any()
    assert of.seen_share.tolist() == [0, 0]
    assert of_one(replace(of, **first(of)), 0, 5, 500).tolist() == [0, 0, 0]


def first(of):
    """Fields of the first corridor alone."""
    return {name: value[:1] for name, value in vars(of).items()}


def test_where_nobody_declared_a_sale_nothing_is_known():
    of = found(sales_cells([], [], [], []), [0, 1], [0, 1])
    assert not of.is_known.any()
    assert (density(of, TAIL, np.full((2, 3), 5.0)) == 0).all()


def test_no_corridor_has_no_density():
    of = found(sales_cells([0], [0], [5], [50]), [], [], [])
    assert density(of, TAIL, np.zeros((0, 4))).shape == (0, 4)


def test_a_usual_sale_says_that_nothing_went_on():
    logs = of_one(sold([10]), 0, 3, 6, 9)
    assert (np.diff(logs) < 0).all()


def test_a_sale_beyond_the_usual_is_likeliest_where_goods_with_their_mark_up_are_in_it():
    intermediated = np.linspace(0, 200, 201)
    logs = of_one(sold([110]), *intermediated)
    best = intermediated[logs.argmax()]
    assert 100 / max(MARK_UPS) <= best <= 100 / min(MARK_UPS)
    assert logs.max() > logs[0] + 5


def test_a_sale_smaller_than_what_must_be_in_it_is_impossible():
    assert of_one(sold([50]), 100) == pytest.approx(IMPOSSIBLE)
    # Goods worth 15 % of it may come on after the window.
    assert of_one(sold([100 * (1 - LATE)]), 100)[0] > IMPOSSIBLE / 2


def test_a_mark_up_is_one_of_four_each_as_likely():
    # Only without a mark-up can 100 be in a sale of 90.
    usual = of_one(sold([0]), 0)[0]
    assert of_one(sold([90]), 100)[0] == pytest.approx(usual - np.log(len(MARK_UPS)))


def test_goods_sent_in_months_without_a_record_are_not_looked_for_in_the_sale():
    whole, half = sold([60]), sold([60], seen_share=0.5)
    shares = np.linspace(0, 80, 9)
    assert of_one(half, *(2 * shares)) == pytest.approx(of_one(whole, *shares))


def test_a_customs_union_s_low_record_speaks_against_by_two_at_most():
    for observed in (0, 4, 10):
        logs = of_one(sold([observed], is_lower_bound=True), 0, 5, 50, 5_000)
        assert (logs >= logs[0] - np.log(2) - 1e-9).all()
    assert of_one(sold([0]), 50)[0] < of_one(sold([0]), 0)[0] - 20


def test_a_customs_union_s_high_record_speaks_for_goods_that_went_on():
    logs = of_one(sold([110], is_lower_bound=True), 0, 50, 90, 500)
    assert logs[1] > logs[0] + 3
    assert logs[2] > logs[0] + 5
    assert logs[3] >= logs[0] - np.log(2) - 1e-9  # more may have gone on than the record shows


def test_a_sale_may_double_for_reasons_of_its_own():
    sharp = replace(sold([2_200], mean=1_000.0), count=np.array([400.0]))
    usual = log_density(np.array([2_200.0]), np.array(1_000.0), np.array(400.0), Tail(0.003, 3.0))
    risen = density(sharp, Tail(0.003, 3.0), np.zeros((1, 1)))
    assert risen[0, 0] > usual[0] + 20


def test_chances_of_all_sales_add_up_to_one():
    n = 5_000
    logs = density(sold(np.arange(n)), TAIL, np.zeros((n, 1)))
    assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-6)
