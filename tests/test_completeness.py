"""Who declared what, and when: months held, months missing, months with few rows."""

from datetime import date

import pytest
from both_engines import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import flow_row, flow_table

from entrepot.lake import Lake
from entrepot.trade.completeness import completeness, periods_held, with_level

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("completeness") / "lake") as opened:
        yield opened


def declared(year, month, commodity="2709", **other):
    return flow_row(period=date(year, month, 1), commodity=commodity, **other)


def collected(frame):
    return frame.collect("pyarrow").to_native().to_pylist()


def series(lake, *rows, by=()):
    flows = with_level(lake.frame(flow_table(*rows)))
    found = collected(completeness(periods_held(flows, by), by))
    return {tuple(row[name] for name in ("reporter", "flow", *by)): row for row in found}


def test_a_month_between_the_first_and_the_last_without_a_row_is_missing(lake):
    found = series(lake, declared(2021, 11), declared(2022, 1), declared(2022, 2))
    (row,) = found.values()
    assert (row["first"], row["last"]) == (date(2021, 11, 1), date(2022, 2, 1))
    assert (row["period_count"], row["missing_count"]) == (3, 1)


def test_yearly_declarations_are_counted_in_years(lake):
    found = series(lake, declared(2019, 1, freq="A"), declared(2022, 1, freq="A"))
    (row,) = found.values()
    assert (row["period_count"], row["missing_count"]) == (2, 2)


def test_a_month_with_under_half_the_usual_rows_is_counted_and_not_judged(lake):
    rows = [declared(2022, month, f"270{code}") for month in (1, 2, 3) for code in range(5)]
    rows += [declared(2022, 4, "2700"), declared(2022, 4, "2701", partner="KZ")]
    (row,) = series(lake, *rows).values()
    assert (row["few_count"], row["usual_count"], row["fewest_count"]) == (1, 5.0, 2)
    assert (row["partner_count"], row["commodity_count"], row["row_count"]) == (2, 5, 17)


def test_half_the_usual_rows_are_not_few(lake):
    rows = [declared(2022, month, f"270{code}") for month in (1, 2, 3) for code in range(4)]
    (row,) = series(lake, *rows, declared(2022, 4, "2700"), declared(2022, 4, "2701")).values()
    assert row["few_count"] == 0


def test_reporters_and_flows_are_series_of_their_own(lake):
    rows = (declared(2022, 1), declared(2022, 3, flow="M"), declared(2022, 2, reporter="LT"))
    assert set(series(lake, *rows)) == {("DE", "X"), ("DE", "M"), ("LT", "X")}


def test_levels_can_be_told_apart(lake):
    codes = ("TOTAL", "27", "2709", "270900", "27090090", "27090")
    found = series(lake, *(declared(2022, 1, code) for code in codes), by=("level",))
    levels = {level: row["row_count"] for (_, _, level), row in found.items()}
    names = ("TOTAL", "HS2", "HS4", "HS6", "CN8", "other")
    assert levels == dict.fromkeys(names, 1)


@given(st.sets(st.integers(0, 40), min_size=1))
@settings(max_examples=examples(25))
def test_held_and_missing_months_fill_the_span(lake, months):
    rows = [declared(2020 + month // 12, month % 12 + 1) for month in months]
    (row,) = series(lake, *rows).values()
    assert row["period_count"] == len(months)
    assert row["period_count"] + row["missing_count"] == max(months) - min(months) + 1
