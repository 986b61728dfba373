"""Russia's trade with main partners by month, and its mixture of alphabets."""

from __future__ import annotations

from datetime import date

import pytest
from national_files import SAVED, picked, rows_of, vintage, write_sheets

from entrepot.codes.national import one_alphabet
from entrepot.errors import CodeError, SourceError
from entrepot.sources.russia_by_country import read_russia_by_country

READ = read_russia_by_country
MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август"),
    *("сентябрь", "октябрь", "ноябрь", "декабрь"),
)


def sheet(title, names, *years):
    """A sheet; in each year the partners hold 1, 2, 3 … million in January, and so on."""
    rows = [["К содержанию"], [title], ["(по данным ФТС России)"], ["(млн доллалов США)"]]
    rows.append([None, *names])
    for year in years:
        rows.append([year])
        rows += [[f"  {month}", *range(1, len(names) + 1)] for month in MONTHS]
    return rows


def sheets():
    """Latin letters stand among the Cyrillic ones of the names, as in the office's file."""
    names = ("Китaй", "Республикa \nКорея")
    return {
        "Содержание": [["Содержание"]],
        "Экспорт": sheet("Экспорт Российской Федерации в основные страны", names, 2020, 2021),
        "Импорт": sheet("Импорт Российской Федерации из основных стран", names, 2020, 2021),
    }


def test_partners_stand_across_and_months_down_in_million_dollars(tmp_path):
    book = sheets()
    book["Импорт"][7][1] = "…"  # February 2020, China
    rows, skipped = rows_of(READ, write_sheets(tmp_path / "96stran.xlsx", book))
    assert len(rows) == 2 * 2 * 24 - 1
    assert skipped == {"value not available": 1}
    of_march = [r for r in rows if r["period"] == date(2021, 3, 1)]
    columns = ("reporter", "partner", "flow", "valuation", "value", "currency", "freq")
    assert sorted(picked(of_march, *columns)) == [
        ("RU", "CN", "M", "CIF", 1e6, "USD", "M"),
        ("RU", "CN", "X", "FOB", 1e6, "USD", "M"),
        ("RU", "KR", "M", "CIF", 2e6, "USD", "M"),
        ("RU", "KR", "X", "FOB", 2e6, "USD", "M"),
    ]
    imports_from_china = [r["period"] for r in rows if (r["flow"], r["partner"]) == ("M", "CN")]
    assert date(2020, 2, 1) not in imports_from_china


def test_the_vintage_is_the_day_the_workbook_was_saved(tmp_path):
    assert vintage(READ, write_sheets(tmp_path / "x.xlsx", sheets())) == f"{SAVED:%Y-%m-%d}"


BAD = {
    "month out of order": (6, 0, "март", "row 7: found 'март', expected 'январь'"),
    "year left out": (18, 0, 2022, "row 19: found '2022', expected '2021'"),
    "value beside a year": (
        18,
        1,
        5,
        "row 19: found 'values beside a year', expected values beside mon",
    ),
    "unit": (3, 0, "(тыс. долларов США)", "row 4: found '(тыс. долларов США)', expected one of"),
    "title": (1, 0, "Импорт Российской Федерации из основных стран", "row 2: found 'Импорт Рос"),
    "label": (4, 1, "Нарния", "row 5: found 'Нарния', expected an area"),
    "letter": (4, 1, "Китaй", None),
    "mixed": (4, 1, "Китfй", "row 5: found ['Китfй', 'Республикa Корея'], expected names of count"),
}


@pytest.mark.parametrize(("row", "column", "text", "message"), BAD.values(), ids=BAD)
def test_what_is_not_documented_stops_the_import(tmp_path, row, column, text, message):
    book = sheets()
    cells = book["Экспорт"][row]
    cells += [None] * (column + 1 - len(cells))
    cells[column] = text
    path = write_sheets(tmp_path / "96stran.xlsx", book)
    if message is None:
        assert rows_of(READ, path)[0]
        return
    with pytest.raises(SourceError) as error:
        rows_of(READ, path)
    assert f"96stran.xlsx, sheet 'Экспорт', {message}" in str(error.value)


def test_a_word_is_written_in_one_alphabet():
    assert one_alphabet("Китaй") == "Китай"  # the a was Latin
    assert one_alphabet("Республикa Корея") == "Республика Корея"
    assert one_alphabet("CAR и ЦАР") == "CAR и ЦАР"  # a word of Latin letters is left alone
    assert one_alphabet("Côte d'Ivoire") == "Côte d'Ivoire"


@pytest.mark.parametrize("label", ["Китfй", "Гермaнiя"])
def test_a_latin_letter_no_cyrillic_one_looks_like_is_refused(label):
    with pytest.raises(CodeError, match="one alphabet per word"):
        one_alphabet(label)
