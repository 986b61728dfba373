"""Partners of one reporter: ranks, shares, mutual trade, and how far a rank reaches."""

from datetime import date
from itertools import product

import pytest
from both_engines import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.lake import Lake
from entrepot.trade.partners import (
    by_partner,
    by_period,
    rank_bounds,
    ranked,
    turnover,
    with_weights,
)
from entrepot.trade.summary import Stretch, against

pytestmark = pytest.mark.engines

NOW, THEN = (Stretch(date(year, 1, 1), date(year, 12, 1)) for year in (2022, 2021))
MANY = 240
money = st.floats(min_value=1.0, max_value=1e12)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("partners") / "lake") as opened:
        yield opened


def oil(partner, value, year=2022, **other):
    """German imports of mineral fuels."""
    row = {"flow": "M", "valuation": "CIF", "commodity": "27"} | other
    return flow_row(partner=partner, value=value, period=date(year, 3, 1), **row)


def collected(frame):
    return frame.collect("pyarrow").to_native().to_pylist()


def ranks(lake, *rows, by=("partner",)):
    sums = against(lake.frame(flow_table(*rows)), NOW, THEN, by)
    return {row["partner"]: row for row in collected(ranked(sums))}


def test_partners_on_a_par_share_the_better_rank(lake):
    found = ranks(lake, oil("NO", 9.0), oil("KZ", 5.0), oil("US", 5.0), oil("IQ", 1.0))
    assert {name: row["rank"] for name, row in found.items()} == {
        "NO": 1,
        "KZ": 2,
        "US": 2,
        "IQ": 4,
    }
    assert found["KZ"]["share"] == pytest.approx(0.25)


def test_a_partner_without_a_declaration_has_no_rank_in_that_stretch(lake):
    found = ranks(lake, oil("NO", 9.0), oil("NO", 3.0, 2021), oil("GE", 7.0, 2021))
    assert [found["GE"][name] for name in ("rank", "base_rank")] == [None, 1]
    assert [found["NO"][name] for name in ("rank", "base_rank")] == [1, 2]
    assert (found["GE"]["gain"], found["GE"]["base_share"]) == (-7.0, pytest.approx(0.7))


def test_trade_without_a_partner_counts_in_the_sum_and_has_no_rank(lake):
    found = ranks(lake, oil("NO", 6.0), oil("_X", 12.0), oil("KZ", 2.0))
    assert [found[name]["rank"] for name in ("NO", "KZ", "_X")] == [1, 2, None]
    assert found["NO"]["share"] == pytest.approx(0.3)


def test_a_member_of_a_group_that_is_not_named_has_no_rank(lake):
    found = ranks(lake, oil("NO", 6.0), oil("EU_X", 12.0), oil("KZ", 2.0))
    assert [found[name]["rank"] for name in ("NO", "KZ", "EU_X")] == [1, 2, None]
    assert found["NO"]["share"] == pytest.approx(0.3)


def test_a_month_stands_beside_the_month_of_the_base_that_lies_as_far_from_its_first(lake):
    now, base = (
        Stretch(date(year, month, 1), date(year, month + 1, 1))
        for year, month in ((2022, 3), (2020, 11))
    )
    rows = (
        flow_row(period=date(2022, 3, 1), value=6.0),
        flow_row(period=date(2020, 11, 1), value=2.0),
        flow_row(period=date(2020, 12, 1), value=5.0),
    )
    sums = against(lake.frame(flow_table(*rows)), now, base, ("period",))
    found = {row["period"]: row for row in collected(sums)}
    march, april = found[date(2022, 3, 1)], found[date(2022, 4, 1)]
    assert (march["value"], march["base_value"], march["change"]) == (6.0, 2.0, 2.0)
    assert march["base_period"] == date(2020, 11, 1)
    assert (april["month_count"], april["base_value"]) == (0, 5.0)
    assert april["base_period"] == date(2020, 12, 1)


def test_a_month_of_both_stretches_is_counted_in_each(lake):
    now = Stretch(date(2022, 2, 1), date(2022, 3, 1))
    base = Stretch(date(2022, 1, 1), date(2022, 2, 1))
    rows = (flow_row(period=date(2022, month, 1), value=float(month)) for month in (1, 2, 3))
    sums = against(lake.frame(flow_table(*rows)), now, base, ("period",))
    found = {row["period"].month: (row["value"], row["base_value"]) for row in collected(sums)}
    assert found == {2: (2.0, 1.0), 3: (3.0, 2.0)}


def test_amounts_in_two_currencies_are_ranked_apart(lake):
    found = ranks(lake, oil("NO", 9.0), oil("KZ", 5.0, currency="USD"))
    assert [row["rank"] for row in found.values()] == [1, 1]
    assert [row["share"] for row in found.values()] == [1.0, 1.0]


def test_mutual_trade_is_one_reporters_exports_and_imports(lake):
    rows = (
        oil("KZ", 6.0),
        oil("KZ", 2.0, flow="X", valuation="FOB"),
        oil("RU", 5.0),
        oil("KZ", 1.0, 2021),
    )
    sums = against(lake.frame(flow_table(*rows)), NOW, THEN, ("partner", "flow"))
    found = {row["partner"]: row for row in collected(ranked(turnover(sums)))}
    kazakh = found["KZ"]
    assert [kazakh[name] for name in ("exports", "imports", "value")] == [2.0, 6.0, 8.0]
    assert (kazakh["base_value"], kazakh["change"], kazakh["rank"]) == (1.0, 7.0, 1)
    assert {row["valuation"] for row in found.values()} == {"FOB + CIF"}


def test_the_other_side_and_the_same_trade_by_consignment_are_not_added(lake):
    rows = (
        oil("KZ", 6.0),
        oil("DE", 5.9, reporter="KZ", flow="X"),  # the same oil as Kazakhstan declared it
        oil("_T", 4.0, partner2="KZ"),  # and by the country it was sent from
        oil("FR", 3.0),
        oil("DE", 2.0, reporter="FR"),
        oil("KZ", 1.0, freq="A"),
    )
    kept = by_partner(lake.frame(flow_table(*rows)), {"DE", "FR"}, {"M"}, "M")
    assert [row["value"] for row in collected(kept)] == [6.0]


def test_weights_are_summed_over_rows_that_have_one(lake):
    rows = (
        oil("KZ", 6.0, net_weight_kg=3.0),
        oil("KZ", 4.0, net_weight_kg=0.0, commodity="28"),
        oil("KZ", 2.0, 2021),
        oil("RU", 1.0),
    )
    periods = by_period(lake.frame(flow_table(*rows)))
    sums = with_weights(against(periods, NOW, THEN, ("partner",)), periods, NOW, THEN)
    found = {row["partner"]: row for row in collected(sums)}
    names = ("value", "net_weight_kg", "weighed_value", "base_net_weight_kg", "base_weighed_value")
    assert [found["KZ"][name] for name in names] == [10.0, 3.0, 6.0, 0.0, 0.0]
    assert [found["RU"][name] for name in names] == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_a_rank_among_partners_held_has_no_lower_end_without_the_total():
    bounds = rank_bounds(5.6, [17.3, 0.4], 0.0, None, MANY)
    assert (bounds.best, bounds.worst) == (2, None)


def test_what_is_missing_holds_only_so_many_larger_partners():
    # 100 is missing: five partners of more than 17 fit into it, six do not.
    assert rank_bounds(17.0, [30.0], 0.0, 100.0, MANY).worst == 7
    assert rank_bounds(20.0, [30.0], 0.0, 100.0, MANY).worst == 6  # five of exactly 20 are on a par
    assert rank_bounds(17.0, [30.0, 1.0], 0.0, 0.0, MANY).worst == 2


def test_no_more_partners_can_be_ahead_than_there_are():
    assert rank_bounds(1.0, [30.0], 0.0, 1e6, 5).worst == 7


def test_trade_without_a_partner_may_be_anybodys():
    bounds = rank_bounds(5.0, [7.0, 4.0, 1.0], 3.0, 0.0, MANY)
    assert bounds.best == 1  # 5 + 3 is more than 7
    assert bounds.worst == 3  # 4 + 1.1 overtakes; 1 + 4.1 would need more than is left


@given(
    st.integers(1, 6),
    st.lists(st.integers(0, 6), max_size=3),
    st.integers(0, 5),
    st.integers(0, 7),
)
@settings(max_examples=examples(60))
def test_bounds_hold_every_way_to_place_what_is_open(value, others, unspecified, missing):
    bounds = rank_bounds(float(value), [float(o) for o in others], unspecified, missing, 3)
    seen = set()
    # Every way to hand out the open trade in steps of one: to the partner, to the others held,
    # and to as many partners not held as could matter.
    unseen = 3
    for given_out in product(range(unspecified + 1), repeat=len(others) + 1):
        left = unspecified - sum(given_out)
        if left < 0:
            continue
        own = value + given_out[0]
        held = [o + g for o, g in zip(others, given_out[1:], strict=True)]
        for new in product(range(missing + left + 1), repeat=unseen):
            if sum(new) <= missing + left:
                seen.add(1 + sum(other > own for other in [*held, *new]))
    assert bounds.best <= min(seen)
    assert bounds.worst >= max(seen)


@given(st.dictionaries(st.sampled_from(["NO", "KZ", "RU", "US"]), money, min_size=1), money)
@settings(max_examples=examples(25))
def test_shares_add_up_to_one_and_do_not_know_the_unit(lake, values, factor):
    first = ranks(lake, *(oil(name, value) for name, value in values.items()))
    other = ranks(lake, *(oil(name, value * factor) for name, value in values.items()))
    assert sum(row["share"] for row in first.values()) == pytest.approx(1.0)
    for name, row in first.items():
        assert row["share"] == pytest.approx(other[name]["share"])
        assert row["rank"] == 1 + sum(value > values[name] for value in values.values())
