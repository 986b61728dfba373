"""Concentration of trade on few partners, among those held and among all."""

import pyarrow as pa
import pytest
from both_engines import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.lake import Lake
from entrepot.trade.concentration import concentration

pytestmark = pytest.mark.engines

money = st.floats(min_value=1.0, max_value=1e9)
NAMES = ("NO", "KZ", "RU", "US", "IQ", "AZ")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("concentration") / "lake") as opened:
        yield opened


def index(lake, values, total=None):
    rows = [
        {"partner": name, "currency": "EUR", "valuation": "CIF", "value": float(value)}
        for name, value in values.items()
    ]
    frame = concentration(lake.frame(pa.Table.from_pylist(rows)), total)
    return frame.collect("pyarrow").to_native().to_pylist()[0]


def test_index_is_one_over_n_where_n_partners_have_the_same(lake):
    found = index(lake, dict.fromkeys(NAMES[:4], 5.0))
    assert found["hhi"] == pytest.approx(0.25)
    assert found["hhi_normalised"] == pytest.approx(0.0)
    assert (found["hhi_low"], found["hhi_high"]) == (None, None)


def test_trade_with_a_group_is_no_partner_of_its_own(lake):
    found = index(lake, {"NO": 5.0, "KZ": 5.0, "EU_X": 90.0, "_X": 1.0})
    assert (found["partner_count"], found["hhi"]) == (2, pytest.approx(0.5))


def test_one_partner_alone_has_an_index_of_one_and_nothing_to_normalise(lake):
    found = index(lake, {"NO": 5.0})
    assert (found["hhi"], found["hhi_normalised"], found["partner_count"]) == (1.0, None, 1)


def test_what_is_missing_is_scattered_or_in_one_further_partner(lake):
    found = index(lake, {"NO": 30.0, "KZ": 20.0}, total=100.0)
    assert found["hhi"] == pytest.approx(0.52)  # 0.6² + 0.4² among the two held
    assert found["hhi_low"] == pytest.approx(0.13)  # 0.3² + 0.2²
    assert found["hhi_high"] == pytest.approx(0.38)  # and 0.5²


def test_trade_without_a_partner_may_be_the_largest_partners(lake):
    found = index(lake, {"NO": 60.0, "KZ": 20.0, "_X": 20.0}, total=100.0)
    assert found["hhi_low"] == pytest.approx(0.40)
    assert found["hhi_high"] == pytest.approx(0.68)  # 0.8² + 0.2²
    assert found["hhi"] == pytest.approx(0.625)  # 0.75² + 0.25²


def test_partners_without_trade_do_not_count(lake):
    assert index(lake, {"NO": 5.0, "KZ": 5.0, "RU": 0.0})["partner_count"] == 2


@given(
    st.lists(money, min_size=1, max_size=6),
    st.lists(money, max_size=4),
    st.floats(0.0, 1e9),
    st.integers(0, 5),
)
@settings(max_examples=examples(15))
def test_the_index_of_all_partners_lies_within_its_bounds(lake, held, missing, hidden, owner):
    values = dict(zip(NAMES, held, strict=False))
    total = sum(held) + sum(missing) + hidden
    found = index(lake, values | {"_X": hidden}, total)
    truth = [*held, *missing]
    truth[owner % len(truth)] += hidden  # whoever it was that had no name
    actual = sum(value**2 for value in truth) / total**2
    assert found["hhi_low"] <= actual * (1 + 1e-9)
    assert found["hhi_high"] >= actual * (1 - 1e-9)


@given(st.lists(money, min_size=2, max_size=6))
@settings(max_examples=examples(15))
def test_the_index_lies_between_even_shares_and_one(lake, values):
    found = index(lake, dict(zip(NAMES, values, strict=False)), sum(values))
    assert 1 / len(values) - 1e-9 <= found["hhi"] <= 1 + 1e-9
    assert -1e-9 <= found["hhi_normalised"] <= 1 + 1e-9
    assert found["hhi_low"] == pytest.approx(found["hhi"])
    assert found["hhi_high"] == pytest.approx(found["hhi"])
