"""Two declarations of one trade: how they are paired, summed to years, and compared."""

from datetime import date

import pytest
from lake_rows import flow_row, flow_table

from entrepot.lake import Lake
from entrepot.trade.mirror import Rate, gap, in_currency, mirror, sides, yearly

pytestmark = pytest.mark.engines


@pytest.fixture
def lake(tmp_path):
    with Lake(tmp_path / "lake") as opened:
        yield opened


def sent(value, **other):
    """Lithuania's export of all goods to Kazakhstan in 2022."""
    return declared("LT", "KZ", "X", value) | other


def received(value, **other):
    """Kazakhstan's import of the same goods."""
    return declared("KZ", "LT", "M", value) | {"valuation": "CIF"} | other


def declared(reporter, partner, flow, value):
    year = {"freq": "A", "period": date(2022, 1, 1), "commodity": "TOTAL"}
    return flow_row(reporter=reporter, partner=partner, flow=flow, value=value, **year)


def consigned(value, **other):
    """The import again, by country of consignment."""
    return received(value, partner="_T", partner2="LT", **other)


def collected(frame):
    return frame.collect("pyarrow").to_native().to_pylist()


def pairs(lake, *rows, by="partner"):
    return mirror(lake.frame(flow_table(*rows)), by)


def test_gap_is_the_export_that_never_arrived(lake):
    (row,) = collected(gap(pairs(lake, sent(84.0), received(11.0)), rho=9 / 28))
    assert (row["exporter"], row["importer"]) == ("LT", "KZ")
    assert row["gap"] == pytest.approx(49.8, abs=0.03)  # 84 − 11 / (9 / 28)


def test_a_side_that_nobody_declared_is_open_and_not_nil(lake):
    rows = collected(gap(pairs(lake, sent(84.0), received(5.0, partner="LV")), rho=1.0))
    assert {row["exporter"]: row["declared_import"] for row in rows} == {"LT": None, "LV": 5.0}
    assert {row["exporter"]: row["declared_export"] for row in rows} == {"LT": 84.0, "LV": None}
    assert [row["gap"] for row in rows] == [None, None]


def test_imports_by_origin_and_by_consignment_are_never_added(lake):
    rows = (sent(84.0), received(11.0), consigned(60.0))
    found = {
        by: sorted(
            (row["declared_export"], row["declared_import"], row["recorded_by"])
            for row in collected(pairs(lake, *rows, by=by))
        )
        for by in ("partner", "consignment", "either", "both")
    }
    by_origin, by_consignment = (84.0, 11.0, "partner"), (84.0, 60.0, "consignment")
    assert found == {
        "partner": [by_origin],
        "consignment": [by_consignment],
        "either": [by_consignment],
        "both": [by_origin, by_consignment],
    }


def test_an_import_broken_down_by_origin_and_consignment_is_no_import_by_either(lake):
    rows = pairs(lake, sent(84.0), received(11.0), received(9.0, partner2="DE"))
    assert [row["declared_import"] for row in collected(rows)] == [11.0]


@pytest.mark.parametrize("by", ["consignment", "both", "either"])
def test_an_export_stays_where_the_importer_declares_nothing_by_that_rule(lake, by):
    other = received(7.0, reporter="UZ", partner="_T", partner2="LT")
    rows = {row["importer"]: row for row in collected(pairs(lake, sent(84.0), other, by=by))}
    assert (rows["KZ"]["declared_export"], rows["KZ"]["declared_import"]) == (84.0, None)
    assert (rows["KZ"]["recorded_by"], rows["UZ"]["recorded_by"]) == (None, "consignment")


def test_an_importer_without_consignment_counts_by_partner_where_either_will_do(lake):
    other = received(7.0, reporter="KG")
    rows = collected(pairs(lake, received(11.0), consigned(60.0), other, by="either"))
    rules = {row["importer"]: (row["declared_import"], row["recorded_by"]) for row in rows}
    assert rules == {"KZ": (60.0, "consignment"), "KG": (7.0, "partner")}


def monthly(row, months):
    return [row | {"freq": "M", "period": date(2022, month, 1)} for month in months]


@pytest.mark.parametrize(("months", "values"), [(12, [60.0]), (11, [])])
def test_a_year_is_the_sum_of_twelve_months_or_it_is_none(lake, months, values):
    flows = lake.frame(flow_table(*monthly(sent(5.0), range(1, months + 1))))
    assert [row["value"] for row in collected(yearly(flows))] == values


def test_a_month_without_trade_of_one_exporter_does_not_break_the_year(lake):
    rows = monthly(sent(5.0), range(1, 13)) + monthly(sent(7.0, reporter="LV"), [3])
    found = collected(yearly(lake.frame(flow_table(*rows))))
    assert {row["reporter"]: row["value"] for row in found} == {"LT": 60.0, "LV": 7.0}


def test_twelve_months_replace_the_yearly_row_of_the_same_year(lake):
    rows = [*monthly(received(5.0), range(1, 13)), received(1.0), received(9.0, reporter="KG")]
    found = collected(yearly(lake.frame(flow_table(*rows))))
    assert {row["reporter"]: row["value"] for row in found} == {"KZ": 60.0, "KG": 9.0}
    assert {row["period"] for row in found} == {date(2022, 1, 1)}


def test_a_rate_turns_its_currency_and_year_and_no_other(lake):
    rows = (
        received(105.0, currency="USD"),
        received(105.0, currency="USD", period=date(2021, 1, 1)),
        received(105.0, currency="RUB"),
    )
    rates = (Rate("USD", "EUR", 2022, 1.05),)
    found = collected(in_currency(lake.frame(flow_table(*rows)), rates))
    amounts = sorted((row["value"], row["currency"]) for row in found)
    assert amounts == [(pytest.approx(100.0), "EUR"), (105.0, "RUB"), (105.0, "USD")]


def test_sides_take_the_exporters_declarations_and_those_about_them_from_the_datasets_named(lake):
    rows = (
        sent(1.0, dataset="a"),
        received(2.0, dataset="b"),
        consigned(3.0, dataset="b"),
        sent(4.0, dataset="b"),
        received(5.0, dataset="a"),
        sent(6.0, dataset="a", commodity="8703"),  # every level: the caller chooses one
        sent(7.0, dataset="a", reporter="CN"),
        received(8.0, dataset="b", partner="CN"),
    )
    found = collected(sides(lake.frame(flow_table(*rows)), {"LT"}, "a", "b"))
    assert sorted(row["value"] for row in found) == [1.0, 2.0, 3.0, 6.0]
