"""One currency, each month at its own rate: laws that hold whatever the rates are."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from both_engines import examples, rows_on_engine
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.tables import RATES
from entrepot.trade.currency import converted
from entrepot.transaction import arrow_schema

pytestmark = pytest.mark.engines

JANUARY, FEBRUARY = date(2022, 1, 1), date(2022, 2, 1)
amounts = st.floats(0.01, 1e12, allow_nan=False)
per_euro = st.floats(1e-3, 1e4, allow_nan=False)


def rate(currency, value, period=JANUARY, freq="M", base="EUR"):
    """One rate: so many units of the currency for one euro."""
    names = {"source_id": "r", "dataset": "reference-rates", "freq": freq, "period": period}
    return names | {"base": base, "currency": currency, "rate": value, "day_count": None}


def turned(flows, rates, to):
    with rows_on_engine() as on:
        frames = [
            on(table)
            for table in (
                flow_table(*flows),
                pa.Table.from_pylist(list(rates), schema=arrow_schema(RATES)),
            )
        ]
        return (
            converted(*frames, to).collect("pyarrow").to_native().sort_by("commodity").to_pylist()
        )


def dollars(value, **other):
    return flow_row(value=value, currency="USD") | other


@given(value=amounts, usd=per_euro, kzt=per_euro)
@settings(max_examples=examples(20))
def test_there_and_back_again_is_the_same_amount(value, usd, kzt):
    rates = [rate("USD", usd), rate("KZT", kzt)]
    (there,) = turned([dollars(value)], rates, "KZT")
    again = {name: there[name] for name in flow_row()}
    (back,) = turned([again], rates, "USD")
    assert (back["value"], back["currency"]) == (pytest.approx(value), "USD")


@given(values=st.lists(amounts, min_size=1, max_size=4), usd=per_euro)
@settings(max_examples=examples(20))
def test_a_sum_of_one_month_may_be_turned_before_or_after_it_is_added(values, usd):
    rows = [dollars(value, commodity=f"8703{n:04d}") for n, value in enumerate(values)]
    apart = sum(row["value"] for row in turned(rows, [rate("USD", usd)], "EUR"))
    (whole,) = turned([dollars(sum(values))], [rate("USD", usd)], "EUR")
    assert whole["value"] == pytest.approx(apart)


@given(value=amounts, usd=per_euro, kzt=per_euro)
@settings(max_examples=examples(20))
def test_crossing_through_the_euro_is_going_there_first(value, usd, kzt):
    rates = [rate("USD", usd), rate("KZT", kzt)]
    (straight,) = turned([dollars(value)], rates, "KZT")
    (euros,) = turned([dollars(value)], rates, "EUR")
    (crossed,) = turned([{name: euros[name] for name in flow_row()}], rates, "KZT")
    assert straight["value"] == pytest.approx(crossed["value"])


def test_an_amount_in_the_currency_wanted_is_unchanged():
    (row,) = turned([flow_row(value=7.0)], [rate("USD", 1.25)], "EUR")
    assert (row["value"], row["rate"]) == (7.0, 1.0)


def test_a_row_without_a_rate_keeps_its_value_and_currency_and_shows_it():
    rows = turned(
        [dollars(5.0, commodity="a"), dollars(5.0, commodity="b", period=FEBRUARY)],
        [rate("USD", 1.25)],
        "EUR",
    )
    assert [(row["value"], row["currency"], row["rate"]) for row in rows] == [
        (4.0, "EUR", 1.25),
        (5.0, "USD", None),
    ]


def test_a_rate_against_another_base_than_the_euro_is_passed_over():
    (row,) = turned([dollars(5.0)], [rate("USD", 1.25, base="GBP")], "EUR")
    assert row["rate"] is None


def months(currency):
    return [rate(currency, 1.0 + n / 10, date(2022, n, 1)) for n in range(1, 13)]


@pytest.mark.parametrize(
    ("source", "to", "freq"),
    [("USD", "EUR", "A"), ("EUR", "USD", "A"), ("KZT", "EUR", "mean"), ("USD", "KZT", "mean")],
)
def test_a_year_says_whether_its_rate_was_published_or_is_a_mean_of_months(source, to, freq):
    rates = [rate("USD", 1.5, freq="A"), *months("KZT")]
    yearly = flow_row(freq="A", period=JANUARY, currency=source)
    (row,) = turned([yearly], rates, to)
    assert row["rate_freq"] == freq
