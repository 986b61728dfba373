"""One supplier's loss and another's gain, in value and in kilograms."""

from datetime import date

import pytest
from both_engines import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.lake import Lake
from entrepot.trade.partners import by_period, ranked, with_weights
from entrepot.trade.substitution import of_loss, substitution
from entrepot.trade.summary import Stretch, against

pytestmark = pytest.mark.engines

NOW, THEN = (Stretch(date(year, 1, 1), date(year, 12, 1)) for year in (2023, 2021))
money = st.floats(min_value=1.0, max_value=1e9)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("substitution") / "lake") as opened:
        yield opened


def oil(partner, value, kilograms, year):
    """German imports of crude oil."""
    return flow_row(
        partner=partner,
        value=value,
        net_weight_kg=kilograms,
        period=date(year, 3, 1),
        flow="M",
        valuation="CIF",
        commodity="2709",
    )


def answer(lake, *rows, lost=("RU",), taken_by=("KZ",)):
    periods = by_period(lake.frame(flow_table(*rows)))
    sums = with_weights(ranked(against(periods, NOW, THEN, ("partner",))), periods, NOW, THEN)
    found = substitution(sums, lost, taken_by).collect("pyarrow").to_native().to_pylist()
    return found[0]


def test_the_part_taken_over_is_the_gain_over_the_loss(lake):
    found = answer(
        lake,
        *(oil("RU", 100.0, 50.0, 2021), oil("RU", 20.0, 10.0, 2023)),
        *(oil("KZ", 30.0, 15.0, 2021), oil("KZ", 50.0, 25.0, 2023)),
        oil("NO", 70.0, 35.0, 2021),
    )
    assert (found["loss"], found["gain"]) == (80.0, 20.0)
    assert found["taken_over"] == pytest.approx(0.25)
    assert found["taken_over_kg"] == pytest.approx(0.25)


def test_a_price_that_doubled_hides_a_loss_in_value_and_not_in_kilograms(lake):
    found = answer(
        lake,
        *(oil("RU", 100.0, 100.0, 2021), oil("RU", 110.0, 55.0, 2023)),
        *(oil("KZ", 30.0, 30.0, 2021), oil("KZ", 90.0, 45.0, 2023)),
    )
    assert found["loss"] == -10.0  # Russian oil brought more money
    assert found["taken_over"] is None
    assert found["taken_over_kg"] == pytest.approx(15 / 45)


def test_each_partners_gain_is_set_against_the_loss(lake):
    rows = (oil("RU", 90.0, 1.0, 2021), oil("RU", 10.0, 1.0, 2023), oil("KZ", 20.0, 1.0, 2023))
    sums = ranked(against(lake.frame(flow_table(*rows)), NOW, THEN, ("partner",)))
    for lost, found in (({"RU"}, {"RU": None, "KZ": 0.25}), ({"KZ"}, {"RU": None, "KZ": None})):
        table = of_loss(sums, lost).collect("pyarrow").to_native().to_pylist()
        assert {row["partner"]: row["of_loss"] for row in table} == found


def test_kilograms_stay_open_where_goods_were_not_weighed(lake):
    found = answer(
        lake,
        *(oil("RU", 100.0, None, 2021), oil("RU", 20.0, 10.0, 2023)),
        oil("KZ", 50.0, 25.0, 2023),
    )
    assert found["taken_over"] == pytest.approx(50 / 80)
    assert (found["loss_kg"], found["taken_over_kg"]) == (None, None)


def test_a_new_supplier_has_no_weight_before_and_needs_none(lake):
    found = answer(
        lake,
        *(oil("RU", 100.0, 50.0, 2021), oil("RU", 20.0, 10.0, 2023)),
        oil("KZ", 50.0, 25.0, 2023),
    )
    assert (found["loss_kg"], found["gain_kg"]) == (40.0, 25.0)


def test_shares_shift_from_the_one_to_the_other_whatever_the_price(lake):
    found = answer(
        lake,
        *(oil("RU", 60.0, 1.0, 2021), oil("KZ", 40.0, 1.0, 2021)),
        *(oil("RU", 100.0, 1.0, 2023), oil("KZ", 300.0, 1.0, 2023)),
    )
    assert found["share_lost"] == pytest.approx(0.35)  # 0.60 − 0.25
    assert found["share_gained"] == pytest.approx(0.35)


def test_several_can_take_over_what_several_lost(lake):
    found = answer(
        lake,
        *(oil("RU", 60.0, 6.0, 2021), oil("BY", 20.0, 2.0, 2021)),
        *(oil("KZ", 10.0, 1.0, 2023), oil("NO", 30.0, 3.0, 2023)),
        lost=("RU", "BY"),
        taken_by=("KZ", "NO"),
    )
    assert (found["loss"], found["gain"], found["taken_over"]) == (80.0, 40.0, 0.5)


@given(money, money, money, money, st.floats(0.01, 100.0))
@settings(max_examples=examples(10))
def test_the_part_taken_over_does_not_know_the_unit(lake, lost_before, lost_now, before, now, unit):
    def found(factor):
        return answer(
            lake,
            oil("RU", lost_before * factor, 1.0, 2021),
            oil("RU", lost_now * factor, 1.0, 2023),
            oil("KZ", before * factor, 1.0, 2021),
            oil("KZ", now * factor, 1.0, 2023),
        )

    one, other = found(1.0), found(unit)
    if lost_before - lost_now > 1e-6 * lost_before:
        assert one["taken_over"] == pytest.approx((now - before) / (lost_before - lost_now))
        assert other["taken_over"] == pytest.approx(one["taken_over"], rel=1e-6)
    # Of two suppliers, what the one loses in share the other gains.
    assert one["share_lost"] == pytest.approx(one["share_gained"], abs=1e-9)
