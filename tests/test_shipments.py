"""Files of shipments: what people send, and what is understood of it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from entrepot.codes.shipment_words import heading_field
from entrepot.errors import SourceError
from entrepot.screening.shipment_rows import shipment_of
from entrepot.sources.shipments import open_shipments, shipment_row
from entrepot.sources.shipments_columns import ColumnsFile, columns_file, read_mapping
from entrepot.sources.shipments_days import read_day
from entrepot.sources.shipments_habits import Habits, Unreadable
from entrepot.sources.shipments_values import read_number

HEADER = "shipment id,HS code,consignee,consignee country,value (EUR)\n"


def shipments(path, mapping=None):
    file = open_shipments(path, mapping)
    return [shipment_of(shipment_row("0" * 16, record)) for record in file.records()]


def written(tmp_path, text, encoding="utf-8", name="s.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("HS Code", "goods.commodity"),
        ("Warennummer", "goods.commodity"),
        ("Код ТН ВЭД", "goods.commodity"),
        ("CONSIGNEE_NAME", "consignee.name"),
        ("Name des Empfängers", "consignee.name"),
        ("адрес получателя", "consignee.address"),
        ("ИНН покупателя", "buyer.tax_id"),
        ("end_user.lei", "end_user.lei"),
        ("freight_forwarder.country", "freight_forwarder.country"),
        ("Bestimmungsland", "route.destination"),
        ("country", None),
        ("notes", None),
    ],
)
def test_headings_in_three_languages_name_fields_and_others_none(heading, field):
    assert heading_field(heading) == field


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le"])
def test_a_russian_file_reads_alike_in_every_encoding(tmp_path, encoding):
    text = "Получатель;Страна получателя;Код ТН ВЭД\nООО «Альфа»;Киргизия;8542 31 900 0\n"
    (line,) = shipments(written(tmp_path, text, encoding))
    assert line.parties[0].name == "ООО «Альфа»"
    assert (line.parties[0].country, line.goods.commodity) == ("KG", "8542319000")


def test_a_german_file_of_windows_is_not_taken_for_russian(tmp_path):
    text = "Empfänger;Bestimmungsland;Währung\nMüller GmbH;Österreich;eur\n"
    path = written(tmp_path, text, "cp1252")
    (line,) = shipments(path)
    assert line.parties[0].name == "Müller GmbH"
    assert (line.route.destination, line.goods.currency) == ("AT", "EUR")
    assert "cp1252" in open_shipments(path).layout.notes[0]


def test_one_bad_byte_in_utf8_is_a_finding_and_spoils_nothing_else(tmp_path):
    good = "consignee,description\n" + "Müller,Öl für Öfen\n" * 30
    lines = shipments(written(tmp_path, good.encode() + b"Bad\xff,valve\n"))
    assert lines[0].parties[0].name == "Müller"
    assert [one.field for one in lines[-1].unread] == ["consignee.name"]
    assert lines[-1].goods.description == "valve"


def test_titles_above_and_merged_groups_over_the_header_are_understood(tmp_path):
    text = "May 2024,,,\n,,,\nConsignee,,Exporter,\nName,Country,Name,Country\nAlpha,KG,Beta,DE\n"
    (line,) = shipments(written(tmp_path, text))
    assert line.row == 5
    assert {(one.role, one.name, one.country) for one in line.parties} == {
        ("consignee", "Alpha", "KG"),
        ("exporter", "Beta", "DE"),
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-03", date(2024, 5, 3)),
        ("2024-05-03T10:00:00", date(2024, 5, 3)),
        ("03.05.2024", date(2024, 5, 3)),
        ("3. Mai 2024", date(2024, 5, 3)),
        ("3 мая 2024 г.", date(2024, 5, 3)),
        ("May 3, 2024", date(2024, 5, 3)),
        ("05/13/2024", date(2024, 5, 13)),
        ("13/05/2024", date(2024, 5, 13)),
        ("05/05/2024", date(2024, 5, 5)),
        ("45415", date(2024, 5, 3)),
    ],
)
def test_days_are_read_in_five_formats(text, day):
    assert read_day(text, Habits()) == day


@pytest.mark.parametrize("text", ["03/05/2024", "3.5.24", "31.02.2024", "12", "soon", "3 foo 2024"])
def test_a_day_that_may_be_two_or_is_none_is_not_read(text):
    with pytest.raises(Unreadable):
        read_day(text, Habits())


def test_the_user_settles_which_comes_first_day_or_month():
    assert read_day("03/05/2024", Habits(dates="day_first")) == date(2024, 5, 3)
    assert read_day("03/05/2024", Habits(dates="month_first")) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", 1234.0),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1\u00a0234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("1.234.567", 1234567.0),
        ("0,125", 0.125),
    ],
)
def test_numbers_with_commas_and_marks_are_read(text, number):
    assert read_number(text, Habits()) == number


@pytest.mark.parametrize("text", ["1,234", "1.234", "-5", "1,23,4.5", "abc", "nan", "1,2.3,4"])
def test_a_number_that_may_be_two_or_is_none_is_not_read(text):
    with pytest.raises(Unreadable):
        read_number(text, Habits())


def test_the_other_numbers_of_a_file_settle_its_decimal_mark(tmp_path):
    text = "consignee;value\nA;1.234\nB;12,50\n"
    first, _ = shipments(written(tmp_path, text))
    assert first.goods.value == 1234.0


def test_every_line_comes_back_and_empty_ones_are_counted(tmp_path):
    text = HEADER + "S1,854231,A,KG,1\n,,,,\nS1,7 digits,B,Mars,x\n\nS2,8542\nS3,8542,C,KG,5,6\n"
    file = open_shipments(written(tmp_path, text))
    lines = [shipment_of(shipment_row("0" * 16, record)) for record in file.records()]
    assert [(one.row, one.shipment_id, one.line) for one in lines] == [
        *((2, "S1", 1), (4, "S1", 2), (6, "S2", 1), (7, "S3", 1)),
    ]
    assert file.empty_count == 2
    assert {one.field for one in lines[1].unread} == {
        *("goods.commodity", "consignee.country", "goods.value"),
    }
    assert [one.field for one in lines[2].unread] == ["line"]
    assert "behind" in lines[3].unread[0].reason


def test_a_lost_leading_zero_is_told_and_never_added(tmp_path):
    (line,) = shipments(written(tmp_path, HEADER + "S1,1012100,A,KG,1\n"))
    assert line.goods.commodity is None
    assert "leading zero" in line.unread[0].reason


def test_a_line_that_is_there_twice_is_a_finding(tmp_path):
    text = "shipment id,line no,consignee\nS1,1,A\nS1,2,A\nS1,1,A\n"
    lines = shipments(written(tmp_path, text))
    assert [len(one.unread) for one in lines] == [0, 0, 1]
    assert "row 2" in lines[2].unread[0].reason


def test_a_cell_of_ten_megabytes_is_a_finding(tmp_path):
    text = HEADER + f'S1,854231,"{"x" * 10_000_000}",KG,1\nS2,854231,B,KG,1\n'
    first, second = shipments(written(tmp_path, text))
    assert first.unread[0].field == "consignee.name"
    assert len(first.unread[0].value) <= 200
    assert second.parties[0].name == "B"


def test_two_columns_of_a_field_must_agree_or_one_is_told(tmp_path):
    text = "HS code,CN code,consignee\n854231,85423190,A\n854231,870323,B\n"
    first, second = shipments(written(tmp_path, text))
    assert first.goods.commodity == "85423190"
    assert "another column" in second.unread[0].reason


def test_the_file_of_columns_overrides_and_can_be_given_back(tmp_path):
    path = written(tmp_path, "Kundin,consignee,Consignees adress\nA,B,C\n")
    said = read_mapping('[columns]\nKundin = "buyer.name"\nconsignee = ""', "own.toml")
    (line,) = shipments(path, said)
    assert [(one.role, one.name) for one in line.parties] == [("buyer", "A")]
    assert line.extra == {"consignee": "B", "Consignees adress": "C"}
    shown = columns_file(open_shipments(path, said).layout)
    assert '# "Consignees adress" = "consignee.address"  # a suggestion' in shown
    assert read_mapping(shown, "shown.toml").columns["Kundin"] == "buyer.name"


@pytest.mark.parametrize("text", ["[columns]\na = 'nothing'", "[file]\nx = 1", "[", "y = 1"])
def test_a_file_of_columns_with_unknown_words_is_refused(text):
    with pytest.raises(SourceError):
        read_mapping(text, "own.toml")


def test_a_file_without_a_known_heading_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no heading we know"):
        open_shipments(written(tmp_path, "a,b\n1,2\n"))


def test_owners_lists_and_answers_are_read(tmp_path):
    text = (
        "consignee;consignee owners;transit countries;no russia clause;documents\n"
        'A;"Ivan 60 %| Petr";KZ, Узбекистан;ja;N954: 77\nB;;keine;perhaps;\n'
    )
    first, second = shipments(written(tmp_path, text))
    assert [(one.name, one.share) for one in first.parties[0].owners] == [
        *(("Ivan", 0.6), ("Petr", None)),
    ]
    assert first.route.transit_countries == ("KZ", "UZ")
    assert first.terms.no_russia_clause is True
    assert first.terms.documents == (("N954", "77"),)
    assert second.route.transit_countries == ()
    assert second.terms.no_russia_clause is None


def test_a_workbook_a_parquet_file_and_json_lines_say_the_same(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "s.xlsx")
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for place, text in enumerate(("consignee", "HS code", "declared on", "value")):
        sheet.write(2, place, text)
    sheet.write_row(3, 0, ["Alpha", "01012100"])
    sheet.write_datetime(3, 2, date(2024, 5, 3), day)
    sheet.write_number(3, 3, 1234.5)
    book.close()
    row = {"HS code": "01012100", "declared on": date(2024, 5, 3), "value": 1234.5}
    table = pa.Table.from_pylist([{"consignee": {"name": "Alpha"}, **row}])
    parquet.write_table(table, tmp_path / "s.parquet")
    text = (
        '{"consignee": {"name": "Alpha"}, "lines": [{"HS code": "01012100", "value": 1234.5, '
        '"declared on": "2024-05-03"}]}\n[1]\n'
    )
    path = written(tmp_path, text, name="s.jsonl")
    found = [shipments(tmp_path / name)[0] for name in ("s.xlsx", "s.parquet", "s.jsonl")]
    assert {
        (one.parties[0].name, one.goods.commodity, one.declared_on, one.goods.value)
        for one in found
    } == {("Alpha", "01012100", date(2024, 5, 3), 1234.5)}
    assert shipments(path)[1].unread[0].reason.startswith("no JSON object")


def test_an_empty_mapping_takes_nothing():
    assert ColumnsFile().columns == {}
