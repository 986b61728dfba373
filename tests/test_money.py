"""One currency: reference rates of the lake month by month, or the rates given, and no others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lake_rows import flow_row, flow_table

from entrepot.api.money import Money, comparable
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.tables import RATES, SOURCES
from entrepot.trade.mirror import Rate


def rate(period, value, currency="USD", freq="M", source="r1"):
    return {
        "source_id": source,
        "dataset": "reference-rates",
        "freq": freq,
        "period": period,
        "base": "EUR",
        "currency": currency,
        "rate": value,
        "day_count": None,
    }


@pytest.fixture
def lake(tmp_path):
    """A lake that holds the rates given to it, of two vintages."""

    def fill(*rates):
        opened = Lake(tmp_path / "lake")
        words = dict.fromkeys(("licence", "path", "reader", "sha256"), "test")
        ids = sorted({row["source_id"] for row in rates})
        sources = {
            **words,
            "source_id": ids,
            "dataset": "reference-rates",
            "publisher": "ECB",
            "vintage": [f"202{4 + place}-01-01" for place in range(len(ids))],
            "retrieved_at": datetime(2025, 1, 1, tzinfo=UTC),
            "size_bytes": 1,
            "row_count": len(rates),
        }
        columns = {name: [row[name] for row in rates] for name in RATES.column_names}
        with opened.write() as transaction:
            transaction.put(RATES, arrow_rows(RATES, len(rates), columns), unit="r")
            transaction.put(SOURCES, arrow_rows(SOURCES, len(ids), sources), unit="r")
        return opened

    return fill


def turned(lake, rows, **money):
    result = comparable(lake, lake.frame(flow_table(*rows)), Money(**money))
    return result, result.flows.collect("pyarrow").to_native().sort_by("period").to_pylist()


def dollars(value, month, **other):
    return flow_row(value=value, currency="USD", period=date(2022, month, 1)) | other


def test_each_month_is_turned_at_its_own_rate_and_the_source_is_named(lake):
    opened = lake(rate(date(2022, 1, 1), 1.25), rate(date(2022, 2, 1), 1.0))
    with opened:
        result, rows = turned(opened, [dollars(100.0, 1), dollars(100.0, 2)], currency="EUR")
    assert [(row["value"], row["currency"]) for row in rows] == [(80.0, "EUR"), (100.0, "EUR")]
    assert result.rates.startswith("Turned into EUR at the reference rates of the lake")
    assert "ECB (reference-rates, vintage 2024-01-01)" in result.rates


def test_two_currencies_cross_through_the_euro(lake):
    opened = lake(rate(date(2022, 1, 1), 1.25), rate(date(2022, 1, 1), 500.0, "KZT"))
    with opened:
        _, (row,) = turned(opened, [dollars(100.0, 1)], currency="KZT")
    assert (row["value"], row["rate"]) == (pytest.approx(40_000.0), pytest.approx(1 / 400))


def test_a_year_takes_the_published_average_else_the_mean_of_twelve_months(lake):
    months = [rate(date(year, m, 1), 1.0 + m / 10) for year in (2021, 2022) for m in range(1, 13)]
    opened = lake(*months, rate(date(2022, 1, 1), 2.0, freq="A"))
    yearly = [dollars(330.0, 1, freq="A", period=date(year, 1, 1)) for year in (2021, 2022)]
    with opened:
        _, rows = turned(opened, yearly, currency="EUR")
    assert [row["value"] for row in rows] == [pytest.approx(200.0), 165.0]  # 330 / 1.65, 330 / 2
    assert [row["rate_freq"] for row in rows] == ["mean", "A"]


def test_a_year_of_eleven_months_has_no_mean_and_stops(lake):
    opened = lake(*(rate(date(2022, m, 1), 1.1) for m in range(1, 12)))
    with opened, pytest.raises(EstimateError, match=r"no rate for USD in \[2022\]"):
        turned(opened, [dollars(5.0, 1, freq="A")], currency="EUR")


def test_a_month_without_a_rate_stops_and_no_other_month_is_taken(lake):
    opened = lake(rate(date(2022, 1, 1), 1.25))
    with opened, pytest.raises(EstimateError, match="none is assumed"):
        turned(opened, [dollars(5.0, 2)], currency="EUR")


def test_a_rate_that_is_given_takes_the_place_of_those_of_the_lake(lake):
    opened = lake(rate(date(2022, 1, 1), 1.25))
    with opened:
        given = (Rate("USD", "EUR", 2022, 2.0),)
        result, (row,) = turned(opened, [dollars(100.0, 1)], rates=given)
    assert row["value"] == 50.0
    assert result.rates == "Turned into EUR at the rates given: USD/EUR 2 in 2022."


def test_the_newest_vintage_of_a_rate_counts(lake):
    day = date(2022, 1, 1)
    opened = lake(rate(day, 2.0, source="r1"), rate(day, 1.25, source="r2"))
    with opened:
        _, rows = turned(opened, [dollars(100.0, 1)], currency="EUR")
    assert [row["value"] for row in rows] == [80.0]


def test_there_and_back_again_is_the_same_amount(lake):
    opened = lake(rate(date(2022, 1, 1), 1.0533))
    with opened:
        result, _ = turned(opened, [dollars(123.45, 1)], currency="EUR")
        back = comparable(opened, result.flows.drop("rate", "rate_freq"), Money("USD"))
        (row,) = back.flows.collect("pyarrow").to_native().to_pylist()
    assert row["value"] == pytest.approx(123.45)


@pytest.mark.parametrize(
    ("valuation", "values"), [("FOB", [100.0, 100.0]), ("CIF", [106.0, 106.0])]
)
def test_freight_is_taken_out_or_put_in_and_only_where_it_must(lake, valuation, values):
    opened = lake(rate(date(2022, 1, 1), 1.0))
    rows = [flow_row(value=100.0), flow_row(value=106.0, valuation="CIF", flow="M")]
    with opened:
        result, found = turned(opened, rows, valuation=valuation, margin=0.06)
    assert [row["value"] for row in found] == pytest.approx(values)
    assert (result.valuations, result.margin) == ({"M": valuation, "X": valuation}, 0.06)


def test_a_valuation_without_a_margin_is_refused():
    with pytest.raises(EstimateError, match="nothing is assumed about freight"):
        Money(valuation="FOB")
    with pytest.raises(EstimateError, match="nothing is assumed about freight"):
        Money(margin=0.06)
