"""Charts of declared trade: what they draw, what they leave open, and the files they become."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from entrepot.dossier.chart_file import write_chart
from entrepot.dossier.chart_words import ChartWords
from entrepot.dossier.coverage_chart import chart_of_coverage
from entrepot.dossier.trade_charts import chart_of_flows, chart_of_mirror
from entrepot.dossier.trade_specs import COLOURS
from entrepot.errors import EstimateError

WORDS = ChartWords(
    title="Imports of DE, chapter 27",
    now="August–November 2022",
    base="August–November 2021",
    source="Source: Eurostat (comext), vintage 2023-01-13",
)
OKABE_ITO = {
    *("#000000", "#E69F00", "#56B4E9", "#009E73"),
    *("#F0E442", "#0072B2", "#D55E00", "#CC79A7"),
}


def sums(*rows):
    """Rows as `entrepot flows` and `partners` have them."""
    unit = {"currency": "EUR", "valuation": "CIF"}
    return pa.Table.from_pylist([unit | row for row in rows])


def partner(code, value, base, months=4):
    return {"partner": code, "value": value, "base_value": base, "month_count": months}


def in_month(month, value, **other):
    """A month of interest; nothing is held of the year before."""
    base = {"base_value": 0.0, "base_period": month.replace(year=month.year - 1)}
    counts = {"month_count": 1, "base_declaration_count": 0}
    return {"period": month, "value": value, **base, **counts, **other}


def text_of(chart, tmp_path):
    """Every word drawn."""
    path = tmp_path / "chart.svg"
    write_chart(chart, path)
    found = re.findall(r"<text[^>]*>(.*?)</text>", path.read_text("utf-8"), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", " ".join(found))).split())


def test_bars_name_partners_unit_period_and_source(tmp_path):
    rows = sums(partner("RU", 5.15e9, 5.10e9), partner("KZ", 2.01e9, 1.06e9))
    drawn = text_of(chart_of_flows(rows, WORDS), tmp_path)
    for words in (
        *("Russia (RU)", "Kazakhstan (KZ)", "5.15", "1.06", "EUR bn CIF"),
        *("Imports of DE, chapter 27", "August–November 2022", "vintage 2023-01-13"),
    ):
        assert words in drawn


def test_what_was_not_declared_is_said_and_not_drawn_as_nil(tmp_path):
    rows = sums(partner("RU", 5e9, 5e9), partner("GE", 0.0, 4e6, months=0))
    chart = chart_of_flows(rows, WORDS)
    drawn = text_of(chart, tmp_path)
    assert "not declared" in drawn
    assert "<0.01" in drawn  # EUR 4 m on a scale of billions is little, and not nothing
    assert chart.figure.table.rows[1][1] == "open"


def test_bars_stop_at_twenty_and_say_so(tmp_path):
    codes = ("AL", "AM", "AZ", "BA", "BY", "CH", "CN", "GE", "IN", "IQ", "IR", "JP", "KG", "KZ")
    more = ("MD", "ME", "MK", "NO", "RS", "RU", "TJ", "TM")
    rows = sums(*(partner(code, 1e6, 1e6) for code in codes + more))
    assert "The largest 20 of 22 rows" in text_of(chart_of_flows(rows, WORDS), tmp_path)


def test_amounts_in_two_units_are_not_drawn_on_one_axis():
    rows = sums(partner("RU", 1.0, 1.0), partner("KZ", 1.0, 1.0) | {"currency": "USD"})
    with pytest.raises(EstimateError, match="expected one currency and one valuation"):
        chart_of_flows(rows, WORDS)


def test_a_month_without_a_row_breaks_the_line():
    rows = sums(in_month(date(2022, 1, 1), 3e6), in_month(date(2022, 3, 1), 5e6))
    values = chart_of_flows(rows, WORDS).spec["data"]["values"]
    assert [(value["period"], value["value"]) for value in values] == [
        ("2022-01-01", 3.0),
        ("2022-02-01", None),
        ("2022-03-01", 5.0),
    ]


def test_lines_take_the_months_of_both_stretches():
    february = {"base_period": date(2022, 1, 1), "base_value": 2e6, "base_declaration_count": 1}
    rows = sums(in_month(date(2022, 2, 1), 3e6, **february))
    table = chart_of_flows(rows, WORDS).figure.table
    assert table.rows == (("2022-01", "2.00"), ("2022-02", "3.00"))


def test_a_member_that_is_not_named_has_a_label():
    chart = chart_of_flows(sums(partner("EU_X", 2e6, 1e6), partner("_X", 1e6, 1e6)), WORDS)
    names = [row[0] for row in chart.figure.table.rows]
    assert names == ["EU, member not named (EU_X)", "Not specified (_X)"]


def test_lines_stop_at_six_and_keep_the_largest(tmp_path):
    codes = ("AM", "BY", "GE", "KG", "KZ", "RU", "UZ")
    rows = sums(*(in_month(date(2022, 1, 1), 1e6 * n, partner=c) for n, c in enumerate(codes)))
    drawn = text_of(chart_of_flows(rows, WORDS), tmp_path)
    assert "Uzbekistan (UZ)" in drawn
    assert "Armenia (AM)" not in drawn
    assert "The largest 6 of 7 lines" in drawn


def pair(importer, year, export, received):
    return {
        "importer": importer,
        "period": date(year, 1, 1),
        "currency": "EUR",
        "declared_export": export,
        "export_valuation": "FOB",
        "declared_import": received,
        "import_valuation": "CIF",
        "mirror_ratio": None if received is None else received / export,
    }


def test_a_mirror_shows_both_declarations_and_their_ratio(tmp_path):
    rows = [pair("KZ", 2021, 8e9, 7e9), pair("KZ", 2022, 10e9, 7e9), pair("AM", 2022, 1e9, None)]
    chart = chart_of_mirror(pa.Table.from_pylist(rows), WORDS)
    drawn = text_of(chart, tmp_path)
    for words in ("Kazakhstan (KZ)", "Declared export (FOB)", "Declared import (CIF)", "EUR bn"):
        assert words in drawn
    assert "import / export" in drawn
    assert chart.figure.table.rows[-1][-2:] == ("open", "open")
    assert chart.figure.table.rows[1][-1] == "0.70"


def held(month, count, **other):
    row = {"dataset": "comext", "reporter": "DE", "flow": "X", "freq": "M", "usual_count": 4.0}
    return row | {"period": month, "row_count": count} | other


def test_coverage_crosses_the_months_that_are_not_held(tmp_path):
    rows = [held(date(2022, 1, 1), 4), held(date(2022, 3, 1), 2)]
    chart = chart_of_coverage(pa.Table.from_pylist(rows), WORDS)
    assert [value["share"] for value in chart.spec["data"]["values"]] == [1.0, None, 0.5]
    drawn = text_of(chart, tmp_path)
    assert "DE X" in drawn
    assert drawn.count("×") == 2  # the cell, and what it means
    assert "1 of 3 cells are empty" in chart.figure.description


def test_a_yearly_declaration_covers_its_months_beside_monthly_ones():
    rows = [held(date(2022, 1, 1), 4), held(date(2022, 1, 1), 4, freq="A", reporter="KZ")]
    values = chart_of_coverage(pa.Table.from_pylist(rows), WORDS).spec["data"]["values"]
    yearly = [value["share"] for value in values if value["line"] == "KZ X yearly"]
    assert yearly == [1.0] * 12


@pytest.fixture
def chart():
    return chart_of_flows(sums(partner("KZ", 2e9, 1e9)), WORDS)


def test_a_drawing_is_a_file_of_its_own_with_a_text_alternative(chart, tmp_path):
    write_chart(chart, tmp_path / "chart.svg")
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    title, description = (
        root.find(f"{{http://www.w3.org/2000/svg}}{n}") for n in ("title", "desc")
    )
    assert title.text.startswith("Imports of DE, chapter 27.")
    assert "Bar chart" in description.text
    assert ".." not in description.text
    assert root.get("role") == "img"


def test_a_page_holds_the_drawing_and_its_numbers_and_fetches_nothing(chart, tmp_path):
    write_chart(chart, tmp_path / "chart.html")
    page = (tmp_path / "chart.html").read_text("utf-8")
    assert "<svg" in page
    assert re.search(r"<th scope=\"row\">Kazakhstan \(KZ\)</th><td>2.00</td><td>1.00</td>", page)
    assert "Bar chart" in page
    assert not re.search(r"https?:|<script|url\(['\"]?http", page)


def test_a_picture_is_a_png(chart, tmp_path):
    write_chart(chart, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert list(tmp_path.iterdir()) == [tmp_path / "chart.png"]


def test_a_chart_goes_into_files_of_known_kinds_in_folders_that_are_there(chart, tmp_path):
    with pytest.raises(EstimateError, match=r"'chart.pdf', expected a name that ends in"):
        write_chart(chart, tmp_path / "chart.pdf")
    with pytest.raises(EstimateError, match="cannot be written"):
        write_chart(chart, tmp_path / "nowhere" / "chart.svg")


def test_a_spec_asks_for_nothing_from_outside(chart):
    assert not re.search(r"https?:|['\"]url['\"]", str(chart.spec))


def test_first_colours_are_those_of_okabe_and_ito():
    assert set(COLOURS[:4]) <= OKABE_ITO
    assert len(set(COLOURS)) == len(COLOURS)
