"""Uzbekistan's indicators, and Armenia's months between sums over years."""

from __future__ import annotations

from datetime import date

import pytest
from national_files import picked, rows_of, vintage

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.armenia_with_years import read_armenia_with_years
from entrepot.sources.ingest import ingest
from entrepot.sources.uzbekistan_by_country import read_uzbekistan_by_country

UZBEKISTAN = "\ufeffCode,Klassifikator,Klassifikator_ru,Klassifikator_en,2022,2023"
ARMENIA = "country,export,import_consigment,import_origin,timeperiod,year"
IMPORTS, EXPORTS = "sdmx_data_1176.csv", "sdmx_data_1105.csv"


@pytest.fixture
def write(tmp_path):
    """Write a table of some lines."""

    def write_lines(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join((*lines, "")), "utf-8")
        return path

    return write_lines


@pytest.mark.parametrize(
    ("name", "flow", "valuation"), [(IMPORTS, "M", "CIF"), (EXPORTS, "X", "FOB")]
)
def test_the_indicator_in_the_name_is_the_direction(write, name, flow, valuation):
    path = write(name, UZBEKISTAN, "008,Albaniya,Албания,Albania,45.77,0.0")
    ((row,), skipped) = rows_of(read_uzbekistan_by_country, path)
    assert (row["reporter"], row["partner"], row["freq"]) == ("UZ", "AL", "A")
    assert (row["flow"], row["valuation"], row["currency"]) == (flow, valuation, "USD")
    assert (row["period"], row["value"]) == (date(2022, 1, 1), pytest.approx(45_770.0))
    assert row["dataset"] == "stat-uz-goods-and-services"  # its trade is of both
    assert skipped == {"zero value": 1}


def test_what_is_not_broken_down_is_not_specified(write):
    lines = ("0,B,Д,Other countries,1,2", "530,N,Н,Netherlands Antilles,0,4")
    rows, skipped = rows_of(read_uzbekistan_by_country, write(EXPORTS, UZBEKISTAN, *lines))
    assert picked(rows, "partner", "value") == [("_X", 1000.0), ("_X", 6000.0)]
    assert skipped == {"zero value": 1, "summed with another line of the same key": 1}


def test_a_name_that_is_not_the_publishers_hides_the_direction(write, tmp_path):
    line = "008,Albaniya,Албания,Albania,45.77,0.0"
    path = write("imports.csv", UZBEKISTAN, line)
    reason = (
        "holds a table of Uzbekistan that does not say whether it holds imports or exports: keep "
        "the publisher's name, sdmx_data_1176.csv (imports) or sdmx_data_1105.csv (exports)"
    )
    with open_lake(tmp_path / "lake") as lake:
        with pytest.raises(SourceError) as error:
            ingest(lake, [path])
        assert reason in str(error.value)
        write(IMPORTS, UZBEKISTAN, line)
        outcomes = {r.path.name: r.detail for r in ingest(lake, [path.parent])}
    assert outcomes == {"imports.csv": f"refused: {reason}", IMPORTS: "1 rows of flows"}


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        (
            UZBEKISTAN,
            "012,A,А,Albania,1,2",
            "line 2: Code is '012', which is 'DZ', and the label is one of 'AL'; expected one area",
        ),
        (UZBEKISTAN, "999,A,А,Albania,1,2", "line 2: Code is '999', which is 'unknown'"),
        (UZBEKISTAN, "008,A,А,Narnia,1,2", "line 2: Klassifikator_en is 'Narnia': area label"),
        (UZBEKISTAN, "008,A,А,Albania,-1,2", "line 2: 2022 is -1.0, expected a number"),
        (UZBEKISTAN.replace("2022", "2021"), "008,A,А,Albania,1,2", "column '2023', expected year"),
        (f"{UZBEKISTAN},2024", "008,A,А,Albania,1,2,3", "column '2024', expected years in order"),
        (f"{UZBEKISTAN},Note", "008,A,А,Albania,1,2,3", "column 'Note', expected years in order"),
    ],
)
def test_a_broken_line_of_uzbekistan_is_named(write, header, line, message):
    with pytest.raises(SourceError) as error:
        rows_of(read_uzbekistan_by_country, write(IMPORTS, header, line))
    assert message in str(error.value)


def test_armenias_sums_over_a_year_never_enter_flows(write):
    lines = ("Iran,1.5,-,2,1,2020", "", "Iran,2,0.5,1,2,2020", "", "Iran,3.5,0.5,3,Year,2020")
    rows, skipped = rows_of(read_armenia_with_years, write("a.csv", ARMENIA, "", *lines))
    assert picked(rows, "flow", "valuation", "partner", "partner2", "period", "value") == [
        ("X", "FOB", "IR", "_T", date(2020, 1, 1), 1500.0),
        ("X", "FOB", "IR", "_T", date(2020, 2, 1), 2000.0),
        ("M", "CIF", "IR", "_T", date(2020, 1, 1), 2000.0),
        ("M", "CIF", "IR", "_T", date(2020, 2, 1), 1000.0),
        ("M", "CIF", "_T", "IR", date(2020, 2, 1), 500.0),
    ]
    assert skipped == {"sum over a year": 3, "value not available": 1}


def test_a_country_without_a_name_is_not_specified(write):
    lines = (",7,-,-,1,2022", ",7,-,-,Year,2022")
    rows, _ = rows_of(read_armenia_with_years, write("a.csv", ARMENIA, *lines))
    assert picked(rows, "partner", "value") == [("_X", 7000.0)]


def test_a_year_larger_than_its_months_tells_that_one_is_missing(write):
    lines = ("Iran,5,-,-,1,2020", "Iran,9,-,-,Year,2020")
    rows, skipped = rows_of(read_armenia_with_years, write("a.csv", ARMENIA, *lines))
    assert picked(rows, "period", "value") == [(date(2020, 1, 1), 5000.0)]
    assert skipped["sum over a year that is larger than its months: a month is missing"] == 1


def test_armenias_table_is_older_than_any_retrieved_after_its_last_month(write):
    path = write("a.csv", ARMENIA, "Iran,5,-,-,12,2022", "Iran,5,-,-,Year,2022")
    assert vintage(read_armenia_with_years, path) == "2023-01-01"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Iran,4,-,-,Year,2020", "export of 'Iran' in 2020 is 4.0 for the year, expected the sum"),
        ("Iran,4,-,-,1,2020", "country 'Iran', year, timeperiod '2020-01-01' stands in line 2"),
        ("Iran,4,-,-,13,2020", "line 3: timeperiod is '13': expected a month from 1 to 12"),
        ("Iran,4,-,-,1,20", "line 3: year is '20': expected a year"),
        ("Iran,4,-,-,1,2025", "is about 2025-01-01, expected none after 2024-11-05"),
        ("Iran,-4,-,-,2,2020", "line 3: export is '-4': expected a number, zero or more, or '-'"),
        ("Narnia,4,-,-,2,2020", "line 3: country is 'Narnia': area label is 'Narnia', expected"),
    ],
)
def test_a_broken_line_of_armenia_is_named(write, line, message):
    with pytest.raises(SourceError) as error:
        rows_of(read_armenia_with_years, write("a.csv", ARMENIA, "Iran,5,-,-,1,2020", line))
    assert message in str(error.value)
