"""Price and volume: value per kilogram and per piece, and their change against other partners."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.diversion.unit_values import two_way, unit_value_change, weighed
from entrepot.lake import Lake
from entrepot.trade.unit_value import unit_value

pytestmark = pytest.mark.engines

MONTHS, EVENT = 18, 12
LATE = np.arange(MONTHS) >= EVENT


@pytest.fixture
def summed(tmp_path):
    def of(*rows):
        with Lake(tmp_path) as lake:
            table = unit_value(lake.frame(flow_table(*rows)), ("partner",)).collect("pyarrow")
            (row,) = table.to_native().to_pylist()
            return row

    return of


def car(value, kg=None, pieces=None, unit="u", **other):
    quantity = {"quantity": pieces, "quantity_unit": None if pieces is None else unit}
    return flow_row(value=value, net_weight_kg=kg, **quantity, **other)


def test_unit_value_is_the_value_of_what_was_weighed_over_its_weight(summed):
    row = summed(car(20_000.0, kg=2_000.0, pieces=2.0), car(7_000.0, kg=None, pieces=1.0))
    assert row["value"] == 27_000.0
    assert row["weighed_value"] == 20_000.0
    assert row["value_per_kg"] == 10.0  # not 13.5: the second car was never weighed
    assert row["value_per_unit"] == 9_000.0
    assert row["quantity_unit"] == "u"


def test_goods_that_nobody_weighed_have_no_unit_value(summed):
    row = summed(car(20_000.0), car(5_000.0, kg=0.0, pieces=0.0))
    assert row["net_weight_kg"] == 0.0
    assert (row["value_per_kg"], row["value_per_unit"], row["quantity"]) == (None, None, None)


def test_pieces_and_litres_are_not_added(summed):
    row = summed(car(100.0, pieces=5.0), car(100.0, pieces=5.0, unit="l"))
    assert (row["quantity"], row["quantity_unit"], row["value_per_unit"]) == (None, None, None)


def world(price_after=1.0, volume_after=1.0, partners=8):
    """One commodity, partner 0 treated; all others double in volume, and prices rise by half."""
    level = 100.0 * np.arange(1, partners + 1)[None, :, None]
    season = 1 + 0.2 * np.sin(np.arange(MONTHS))
    kilos = level * season * np.where(LATE, 2.0, 1.0)
    price = 10.0 * np.where(LATE, 1.5, 1.0) * np.ones_like(kilos)
    kilos[:, 0, EVENT:] *= volume_after
    price[:, 0, EVENT:] *= price_after
    tested = np.arange(partners) == 0
    return kilos * price, kilos, tested


def change(value, kilos, tested, usable=None):
    usable = np.ones(value.shape, dtype=bool) if usable is None else usable
    return unit_value_change(value, kilos, usable, tested, EVENT)


def test_what_all_partners_pay_is_no_change_of_price():
    found = change(*world())
    assert found.before[0, 0] == pytest.approx(10.0)
    assert found.after[0, 0] == pytest.approx(15.0)
    assert found.price == pytest.approx(0.0, abs=1e-6)
    assert found.volume == pytest.approx(0.0, abs=1e-6)


def test_dearer_goods_are_told_from_more_goods():
    value, kilos, tested = world(price_after=2.0, volume_after=3.0)
    found = change(value, kilos, tested)
    assert found.price[0, 0] == pytest.approx(np.log(2.0))
    assert found.volume[0, 0] == pytest.approx(np.log(3.0))
    assert found.price[0, 1:] == pytest.approx(0.0, abs=1e-6)


def test_a_month_without_kilograms_changes_neither_price_nor_volume():
    value, kilos, tested = world(price_after=2.0, volume_after=3.0)
    kilos = kilos.copy()
    kilos[0, 0, [5, 14]] = 0.0
    usable = weighed(value, np.where(kilos > 0, value, 0.0), np.ones(MONTHS, dtype=bool))
    assert (~usable).sum() == 2
    found = change(np.where(kilos > 0, value, 0.0), kilos, tested, usable)
    assert found.price[0, 0] == pytest.approx(np.log(2.0))
    assert found.volume[0, 0] == pytest.approx(np.log(3.0))
    masked_nowhere = change(np.where(kilos > 0, value, 0.0), kilos, tested)
    assert masked_nowhere.volume[0, 0] != pytest.approx(np.log(3.0), abs=0.05)


def test_interval_is_as_wide_as_the_prices_of_control_partners_scatter():
    value, kilos, tested = world(price_after=2.0, partners=12)
    scatter = np.exp(0.1 * np.array([1, -1] * 6))
    value = np.where(LATE, value * scatter[None, :, None], value)
    found = change(value, kilos, tested)
    half = found.price_high[0, 0] - found.price[0, 0]
    assert half == pytest.approx(1.645 * 1.4826 * 0.1, rel=0.25)
    assert found.price_low[0, 0] > 0
    odd = value.copy()
    odd[0, 1, EVENT:] *= 10.0  # one small control of eleven: log 10 is 23 times the scatter
    again = change(odd, kilos, tested)
    assert again.price_high[0, 0] - again.price[0, 0] < 3 * half


def test_four_control_partners_make_no_interval():
    found = change(*world(price_after=2.0, partners=5))
    assert found.control_count == 4
    assert np.isnan(found.price_low).all()
    assert found.price[0, 0] == pytest.approx(np.log(2.0))


def test_a_partner_that_bought_nothing_before_has_no_change_of_price():
    value, kilos, tested = world()
    value[0, 0, :EVENT] = kilos[0, 0, :EVENT] = 0.0
    found = change(value, kilos, tested)
    assert np.isnan([found.price[0, 0], found.volume[0, 0], found.before[0, 0]]).all()
    assert found.after[0, 0] == pytest.approx(15.0)


def test_two_way_fit_has_the_margins_of_the_data():
    rng = np.random.default_rng(3)
    trade = rng.gamma(0.5, 100.0, size=(3, 7, 20)) * (rng.random((3, 7, 20)) < 0.7)
    seen = (rng.random(trade.shape) < 0.8).astype(float)
    mean = two_way(trade, seen).mean(slice(0, 3)) * seen
    for axis in (1, 2):
        assert mean.sum(axis=axis) == pytest.approx((trade * seen).sum(axis=axis), rel=1e-6)


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_units_of_money_and_weight_do_not_matter(money, weight):
    value, kilos, tested = world(price_after=2.0, volume_after=3.0)
    found = change(money * value, weight * kilos, tested)
    assert found.price[0, 0] == pytest.approx(np.log(2.0), abs=1e-5)
    assert found.volume[0, 0] == pytest.approx(np.log(3.0), abs=1e-5)


def test_period_of_a_row_does_not_hide_in_the_sum(summed):
    row = summed(
        car(10.0, kg=1.0, period=date(2022, 1, 1)), car(30.0, kg=1.0, period=date(2022, 2, 1))
    )
    assert row["value_per_kg"] == 20.0
