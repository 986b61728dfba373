"""Months of the second legs add up to what the run concluded, and their bands hold."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.diversion.leg_series import _spread, _timing
from entrepot.diversion.series_lines import Lines, band


def test_months_add_up_to_what_the_window_expects():
    # 10 and 30 declared at a share of 0.5, and 10 of other goods over two months: 10 + 20 = 30.
    usual = np.array([[5.0, 15.0, 7.0]])
    counts = np.array([[True, True, False]])
    line = _spread(usual, np.array([10.0]), counts, np.array([30.0]))
    assert line.tolist() == [[10.0, 20.0, 0.0]]
    doubled = _spread(usual, np.array([10.0]), counts, np.array([60.0]))
    assert doubled.tolist() == [[20.0, 40.0, 0.0]]


def test_goods_declared_before_the_window_arrive_in_it_evenly():
    nothing = np.zeros((1, 4))
    counts = np.array([[False, True, True, True]])
    line = _spread(nothing, np.zeros(1), counts, np.array([9.0]))
    assert line.tolist() == [[0.0, 3.0, 3.0, 3.0]]


def test_before_the_window_nothing_is_forced():
    usual, counts = np.array([[5.0, 15.0]]), np.array([[True, True]])
    assert _spread(usual, np.array([4.0]), counts, None).tolist() == [[7.0, 17.0]]


def test_bands_of_months_widen_until_nine_in_ten_months_before_lie_inside():
    rng = np.random.default_rng(1)
    expected = np.full((200, 40), 100.0)
    observed = expected + rng.normal(0.0, 20.0, expected.shape)
    before = np.ones(expected.shape, dtype=bool)
    lines = Lines(observed, expected, np.full(expected.shape, 25.0))
    factor = _timing(lines, before)
    assert factor == pytest.approx(16.0, rel=0.05)  # 20 against a standard deviation of 5
    low, high = band(expected, lines.variance * factor, before)
    assert ((observed >= low) & (observed <= high)).mean() == pytest.approx(0.9, abs=0.01)


def test_a_band_is_never_narrowed_and_silence_is_not_counted():
    expected = np.full((1, 3), 100.0)
    lines = Lines(np.array([[100.0, np.nan, 101.0]]), expected, np.full((1, 3), 400.0))
    assert _timing(lines, np.ones((1, 3), dtype=bool)) == 1.0
    assert _timing(lines, np.zeros((1, 3), dtype=bool)) == 1.0


def test_a_month_whose_spread_is_not_known_has_no_band():
    low, high = band(np.array([[1.0]]), np.array([[np.nan]]), np.array([[True]]))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
