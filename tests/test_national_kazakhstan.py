"""Kazakhstan's workbooks by country: one sheet a year, each workbook with the year before."""

from __future__ import annotations

from datetime import date

import pytest
from national_files import kazakh, picked, rows_of, vintage, write_sheets

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.sources.kazakhstan_by_country import read_kazakhstan_by_country
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.vintage import latest

SUM = "sum over countries (world, region or union)"
READ = read_kazakhstan_by_country
COVER = [["Дата опубликования: 25.07.2024"], ["Дата следующего опубликования: 25.07.2025"]]


@pytest.fixture
def write(tmp_path):
    """Write sheets, by name."""

    def write_all(name="book.xlsx", **sheets):
        return write_sheets(tmp_path / name, sheets)

    return write_all


def test_a_line_is_an_export_fob_and_an_import_cif_in_dollars(write):
    path = write(s=kazakh("за 2022 год", ["Всего", 30.5, 7], ["Россия", 30.5, 7]))
    rows, skipped = rows_of(READ, path)
    columns = ("reporter", "partner", "partner2", "flow", "valuation", "value", "currency", "freq")
    assert picked(rows, *columns) == [
        ("KZ", "RU", "_T", "X", "FOB", 30_500.0, "USD", "A"),
        ("KZ", "RU", "_T", "M", "CIF", 7000.0, "USD", "A"),
    ]
    assert skipped == {SUM: 2}


def test_groups_of_countries_never_enter_flows(write):
    groups = [
        *("Всего\nв том числе", "Страны СНГ", " Страны ЕАЭС", "Страны вне ЕАЭС"),
        *("Остальные страны мира", "Европа", "  Страны ЕС", "Страны вне ЕС", "Азия", "Америка"),
        *("Африка", "Австралия и Океания"),
    ]
    lines = [[name, 4, 4] for name in groups]
    rows, skipped = rows_of(READ, write(s=kazakh("2022 год", *lines, ["Чад", 4, 4])))
    assert {row["partner"] for row in rows} == {"TD"}
    assert skipped == {SUM: 2 * len(groups)}


def test_an_empty_cell_is_no_zero(write):
    lines = [["Всего", None, 3], ["Палау", None, 3]]
    rows, skipped = rows_of(READ, write(s=kazakh("за 2019 год", *lines)))
    assert picked(rows, "partner", "flow") == [("PW", "M")]
    assert skipped == {SUM: 2, "value not available": 1}


@pytest.mark.parametrize("words", ["за январь-декабрь 2019 года", "за  2019 год", "2019 год"])
def test_whole_years_are_read_in_all_their_words(write, words):
    rows, _ = rows_of(READ, write(s=kazakh(words, ["Всего", 1, 1], ["Иран", 1, 1])))
    assert {row["period"] for row in rows} == {date(2019, 1, 1)}


@pytest.mark.parametrize(
    "words", ["за январь-ноябрь 2019 года", "за январь 2024 года", "за I квартал 2019 года"]
)
def test_a_part_of_a_year_never_enters_as_one(write, words):
    path = write(s=kazakh(words, ["Всего", 1, 1], ["Иран", 1, 1]))
    with pytest.raises(SourceError, match=r"row 2: found .*, expected a whole year like"):
        rows_of(READ, path)


def test_the_year_that_runs_is_refused(write):
    with pytest.raises(SourceError, match=r"found 2024, expected a year that was over"):
        rows_of(READ, write(s=kazakh("за 2024 год", ["Всего", 1, 1])))


def test_the_cover_gives_the_vintage_else_the_end_of_the_last_year(write):
    years = {
        "b": kazakh("за 2022 год", ["Всего", 1, 1], ["Иран", 1, 1]),
        "a": kazakh("за 2021 год", ["Всего", 1, 1], ["Иран", 1, 1]),
    }
    assert vintage(READ, write(**{"Обложка": COVER}, **years)) == "2024-07-25"
    assert vintage(READ, write("plain.xlsx", **years)) == "2023-01-01"


def test_the_revision_of_a_year_in_a_later_workbook_wins(write, tmp_path):
    def year(number, value):
        return kazakh(f"за {number} год", ["Всего", value, None], ["Иран", value, None])

    earlier = write("earlier.xlsx", a=year(2022, 7), b=year(2021, 5))
    later = write("later.xlsx", a=year(2023, 9), b=year(2022, 8), **{"Обложка": COVER})
    with open_lake(tmp_path / "lake") as lake:
        ingest(lake, [later, earlier])
        rows = latest(lake.table(FLOWS), lake.table(SOURCES)).collect().rows(named=True)
    found = {row["period"].year: row["value"] for row in rows}
    assert found == {2021: 5000.0, 2022: 8000.0, 2023: 9000.0}


def test_turnover_is_the_sum_of_exports_and_imports(write):
    table = kazakh("за 2022 год", ["Всего", 5, 7], ["Иран", 5, 7])
    table[-1][1] = 12.5
    with pytest.raises(SourceError, match=r"row 8: found 12.5, expected a turnover of 12.0"):
        rows_of(READ, write(s=table))


LABELS = {
    "Корея, народно-Демократическая Республика": "KP",
    "Конго": "CG",
    "Демократическая Республика Конго": "CD",
    "Гуам (Сша)": "GU",
    "Малые Тихоокеан.отдален.ост-ва С.Ш.": "UM",
    "Южн.Джорджия И Южн.Сандвич.Острова": "GS",
}


@pytest.mark.parametrize(("label", "area"), LABELS.items())
def test_labels_in_russian_are_known(write, label, area):
    rows, _ = rows_of(READ, write(s=kazakh("за 2022 год", ["Всего", 1, 1], [label, 1, 1])))
    assert {row["partner"] for row in rows} == {area}


def spoilt(row, column, text):
    table = kazakh("за 2022 год", ["Всего", 1, 1], ["Иран", 1, 1])
    table[row] += [None] * (9 - len(table[row]))
    table[row][column] = text
    return table


BAD = {
    "unit": (
        spoilt(3, 4, "млн. долларов США"),
        "row 4: found 'млн. долларов США', expected one of",
    ),
    "columns": (spoilt(4, 3, "Импорт"), "row 5: found 'Импорт', expected one of ['Экспорт'] in co"),
    "no total": (spoilt(6, 0, "Чад"), "row 7: found 'Чад', expected one of"),
    "label": (spoilt(7, 0, "Нарния"), "row 8: found 'Нарния', expected an area"),
    "a word for a number": (spoilt(7, 3, "х"), "row 8: found 'х', expected a number"),
    "a column more": (spoilt(7, 8, 5), "found ['5'], expected nothing in column 9"),
}


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_what_is_not_documented_stops_the_import(write, table, message):
    with pytest.raises(SourceError) as error:
        rows_of(READ, write(s=table))
    assert message in str(error.value)


def test_a_sheet_nobody_knows_or_a_year_twice_stops_the_import(write):
    year = kazakh("за 2022 год", ["Всего", 1, 1], ["Иран", 1, 1])
    with pytest.raises(SourceError, match=r"Look at \['Лист2'\]"):
        rows_of(READ, write(a=year, **{"Лист2": [["x"]]}))
    with pytest.raises(SourceError, match=r"Look at the year that stands there twice"):
        rows_of(READ, write(a=year, b=year))
