"""Kyrgyzstan's tables 4.03.00.18 and 4.03.00.20: years across, countries and regions down."""

from __future__ import annotations

from datetime import date

import pytest
from national_files import SAVED, kyrgyz, picked, rows_of, vintage, write_sheets

from entrepot.errors import SourceError
from entrepot.sources.kyrgyzstan_by_country import read_kyrgyzstan_by_country

SUM = "sum over countries (world, region or union)"
NOTE = ["1 Алдын ала маалыматтар.", "1 Предварительные данные", "1 Рreliminary data"]
READ = read_kyrgyzstan_by_country


@pytest.fixture
def write(tmp_path):
    """Write one sheet under a name that tells nothing."""

    def write_one(rows):
        return write_sheets(tmp_path / "table.xlsx", {"import": rows, "Лист1": []})

    return write_one


def test_imports_are_yearly_in_dollars_cif(write):
    ((row, _), skipped) = rows_of(READ, write(kyrgyz(["Germany", 164626.636, 421846.953])))
    assert len(row.pop("source_id")) == 16
    assert row == {
        "dataset": "stat-kg",
        "freq": "A",
        "period": date(2022, 1, 1),
        "reporter": "KG",
        "partner": "DE",
        "partner2": "_T",
        "flow": "M",
        "classification": "HS",
        "commodity": "TOTAL",
        "customs_procedure": "_T",
        "value": pytest.approx(164_626_636.0),  # the table is in thousands
        "currency": "USD",
        "valuation": "CIF",
        "net_weight_kg": None,
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "A",
    }
    assert skipped == {}


def test_the_direction_is_read_from_the_title_not_the_name(write):
    path = write(kyrgyz(["Russia", 1, 2], flow="exports"))
    imports = path.rename(path.with_name("4.03.00.20 импорт.xlsx"))
    rows, _ = rows_of(READ, imports)
    assert picked(rows, "flow", "valuation", "value") == [("X", "FOB", 1000), ("X", "FOB", 2000)]


def test_regions_and_unions_never_enter_flows(write):
    rows, skipped = rows_of(
        READ,
        write(
            kyrgyz(
                ["Total", 5, 9],
                ["The EU", 2, 4],
                ["CIS", 3, 5],
                ["SCO", "-", "-"],
                ["EAEU", 3, 5],
                [None, None, None],
                ["Europe", 2, 4],
                ["Austria", 2, 4],
                ["Russia", 3, 5],
            )
        ),
    )
    assert picked(rows, "partner", "value") == [
        *(("AT", 2000), ("AT", 4000)),
        *(("RU", 3000), ("RU", 5000)),
    ]
    assert skipped == {SUM: 12}


def test_a_dash_and_an_empty_cell_are_no_zero(write):
    rows, skipped = rows_of(READ, write(kyrgyz(["Haiti", "-", None], ["Iraq", 0, 7])))
    assert picked(rows, "partner") == [("IQ",)]
    assert skipped == {"value not available": 2, "zero value": 1}


def test_a_total_its_countries_miss_is_named_with_their_share(write):
    lines = [["Total", 100, 200.2], ["Switzerland", 60, 200], ["UN", "-", 0.1]]
    rows, skipped = rows_of(READ, write(kyrgyz(*lines)))
    assert picked(rows, "partner", "value") == [("CH", 60_000), ("CH", 200_000), ("_X", 100)]
    assert skipped == {
        "total of 2022, of which the countries hold 60.0%": 1,
        SUM: 1,
        "value not available": 1,
    }


def test_lines_that_slipped_are_left_out(write):
    """One country shows what the region holds, though another holds something too."""
    lines = [["Africa", 5, 7], ["Egypt", 2, 7], ["Kenya", 3, 4], ["Undefined country", 1, 7]]
    rows, skipped = rows_of(READ, write(kyrgyz(*lines)))
    assert picked(rows, "partner", "period") == [
        ("EG", date(2022, 1, 1)),
        ("KE", date(2022, 1, 1)),
        ("_X", date(2022, 1, 1)),
        ("_X", date(2023, 1, 1)),
    ]
    reason = "Africa in 2023: one line repeats the sum of the region"
    assert skipped == {reason: 2, SUM: 2}


def test_a_region_of_one_country_has_not_slipped(write):
    rows, _ = rows_of(READ, write(kyrgyz(["Africa", 5, 7], ["Egypt", 5, 7], ["Kenya", "-", 0])))
    assert picked(rows, "partner", "value") == [("EG", 5000), ("EG", 7000)]


def test_a_preliminary_year_is_a_year(write):
    table = kyrgyz(["Chad", 1, 2], years=(2022, "2023 1"))
    rows, _ = rows_of(READ, write([*table, [], NOTE]))
    assert picked(rows, "period") == [(date(2022, 1, 1),), (date(2023, 1, 1),)]


def test_the_vintage_is_the_day_the_workbook_was_saved(write):
    assert vintage(READ, write(kyrgyz(["Chad", 1, 2]))) == f"{SAVED:%Y-%m-%d}"


LABELS = {
    "Butane": "BT",  # Бутан is Bhutan
    "CAR": "CF",
    "Zaire": "CD",
    "China (Sar Hong Kong)": "HK",
    "Coconut islands": "CC",
    "Netherlands antilles": "_X",
}


@pytest.mark.parametrize(("label", "area"), LABELS.items())
def test_labels_of_the_english_column_are_known(write, label, area):
    rows, _ = rows_of(READ, write(kyrgyz([label, 1, 2])))
    assert {row["partner"] for row in rows} == {area}


def spoilt(row, column, text):
    table = kyrgyz(["Chad", 1, 2], ["Togo", 3, 4])
    table[row][column] = text
    return table


BAD = {
    "title": (spoilt(0, 2, "4.03.00.20: Geographic distribution of exports of goods"), "row 1: "),
    "unit": (spoilt(1, 2, "(million US dollars)"), "row 2: found '(million US dollars)', expected"),
    "years": (
        spoilt(2, 4, 2024),
        "row 3: found '2024', expected the year after [2022] in column 5",
    ),
    "half a year": (
        spoilt(2, 4, "2023 January-June"),
        "row 3: found '2023 January-June', expected",
    ),
    "open mark": (spoilt(3, 3, "..."), "row 4: found '...', expected a number, zero or more, in"),
    "negative": (spoilt(3, 3, -4), "row 4: found '-4', expected a number, zero or more"),
    "label": (spoilt(3, 2, "Narnia"), "row 4: found 'Narnia', expected an area"),
    "label twice": (spoilt(4, 2, "Chad"), "row 5: found 'Chad', expected each label once"),
    "no label": (spoilt(3, 2, None), "row 4: found 'values without a label', expected a country"),
    "this year": (
        kyrgyz(["Chad", 1, 2], years=(2023, 2024)),
        "row 3: found 2024, expected a year that was over on 2024-11-05",
    ),
    "footnote without a text": (
        kyrgyz(["Chad", 1, 2], years=(2022, "2023 1")),
        "row 3: found ['1'], expected a footnote below the table for each of these marks",
    ),
    "another footnote": (
        [
            *kyrgyz(["Chad", 1, 2], years=(2022, "2023 1")),
            ["1 x", "1 Без золота", "1 Without gold"],
        ],
        "row 5: found '1 Без золота', expected a footnote 'Предварительные данные'",
    ),
}


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_what_is_not_documented_stops_the_import(write, table, message):
    with pytest.raises(SourceError) as error:
        rows_of(READ, write(table))
    assert f"table.xlsx, sheet 'import', {message}" in str(error.value)


def test_a_second_sheet_with_cells_stops_the_import(tmp_path):
    sheets = {"import": kyrgyz(["Chad", 1, 2]), "Лист1": [["x"]]}
    path = write_sheets(tmp_path / "table.xlsx", sheets)
    with pytest.raises(SourceError, match=r"sheets with cells are \['import', 'Лист1'\], expected"):
        rows_of(READ, path)
