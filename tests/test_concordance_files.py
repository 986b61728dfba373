"""Concordances as they are published: strict, and nothing invented."""

from __future__ import annotations

import csv
import io
from collections import Counter

import fastexcel
import pyarrow as pa
import pytest
import xlsxwriter

from entrepot.codes.concordance import corrections
from entrepot.codes.high_priority import high_priority
from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import CONCORDANCES
from entrepot.trade.families import links, names

UN = "code.after,code.before,Relationship,adjustment\n"


def rows_of(lake_folder, table, *files):
    with open_lake(lake_folder) as lake:
        results = ingest(lake, files)
        return results, lake.table(table).collect("pyarrow").to_native().to_pylist()


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_uns_table_gets_its_leading_zeros_back_and_leaves_the_sitc_out(tmp_path):
    path = written(
        tmp_path, "un.csv", f"{UN}10121,10119,n:1,2022 to 2017\n11,12,1:1,1988 to 1976\n"
    )
    results, rows = rows_of(tmp_path / "lake", CONCORDANCES, path)
    assert [(r["classification"], r["commodity"], r["earlier_commodity"]) for r in rows] == [
        ("H6", "010121", "010119")
    ]
    assert results[0].skipped == (("another classification (SITC)", 1),)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("1012,10119,n:1,2022 to 2017", "five or six digits"),
        ("10121,10119,m:1,2022 to 2017", "Relationship is 'm:1'"),
        ("10121,10119,n:1,2022 to 2013", "steps between editions"),
    ],
)
def test_a_line_that_says_something_else_stops_the_import(tmp_path, line, what):
    path = written(tmp_path, "un.csv", f"{UN}{line}\n")
    with open_lake(tmp_path / "lake") as lake, pytest.raises(SourceError, match=what):
        ingest(lake, [path])


def workbook(path, main, pairs):
    book = xlsxwriter.Workbook(path)
    for name, header, rows in (
        ("HS2022-HS2017 Conversions", ("From HS2022", "To HS2017"), main),
        ("Correlation Tables", ("HS2022", " HS2017", "Relationship"), pairs),
    ):
        sheet = book.add_worksheet(name)
        for at, row in enumerate((header, *rows)):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def test_the_workbook_tells_which_code_gets_all_of_the_trade(tmp_path):
    path = workbook(
        tmp_path / "un.xlsx",
        [("854141", "854140")],
        [("854141", "854140", "n:1"), ("854141", "854150", "n:n")],
    )
    _, rows = rows_of(tmp_path / "lake", CONCORDANCES, path)
    assert {r["earlier_commodity"]: r["is_main"] for r in rows} == {"854140": True, "854150": False}


def test_a_conversion_that_is_no_pair_stops_the_import(tmp_path):
    path = workbook(tmp_path / "un.xlsx", [("854141", "1" * 6)], [("854141", "854140", "n:1")])
    with open_lake(tmp_path / "lake") as lake, pytest.raises(SourceError, match="expected a pair"):
        ingest(lake, [path])


def test_updates_of_the_combined_nomenclature_are_read_in_our_own_columns(tmp_path):
    header = "classification,commodity,earlier_classification,earlier_commodity,relationship\n"
    path = written(tmp_path, "cn.csv", f"{header}CN2023,85171300,CN2022,85171300,1:1\n")
    _, rows = rows_of(tmp_path / "lake", CONCORDANCES, path)
    assert (rows[0]["classification"], rows[0]["is_main"]) == ("CN2023", None)


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    """The UN's table and workbook in a lake, and beside them their own lines."""
    folder = shared / "data" / "hs-codes"
    files = [folder / "HS_consolidated_comtrade_concordances.csv", folder / "HS2022_to_HS2017.xlsx"]
    results, rows = rows_of(tmp_path_factory.mktemp("hs") / "lake", CONCORDANCES, *files)
    return files, results, rows


@pytest.mark.shared
def test_every_pair_of_the_uns_table_is_there(real):
    files, results, rows = real
    text = files[0].read_text(encoding="utf-8")
    lines = [row for row in csv.DictReader(io.StringIO(text)) if int(row["adjustment"][-4:]) > 1988]
    raw = {(r["code.after"].zfill(6), r["code.before"].zfill(6), r["adjustment"]) for r in lines}
    assert results[0].row_count == len(raw)
    years = {"H6": 2022, "H5": 2017, "H4": 2012, "H3": 2007, "H2": 2002, "H1": 1996, "H0": 1992}
    found = {
        (
            r["commodity"],
            r["earlier_commodity"],
            f"{years[r['classification']]} to {years[r['earlier_classification']]}",
        )
        for r in rows
        if r["source_id"] == results[0].source_id
    }
    assert found == raw


@pytest.mark.shared
def test_every_code_of_the_workbook_is_sent_to_one_earlier_code(real):
    files, results, rows = real
    sheet = fastexcel.read_excel(files[1]).load_sheet(0, header_row=None, dtypes="string")
    raw = [tuple(row.values()) for row in sheet.to_arrow().to_pylist()[1:]]
    own = [row for row in rows if row["source_id"] == results[1].source_id]
    main = {(row["commodity"], row["earlier_commodity"]) for row in own if row["is_main"]}
    assert main == set(raw)
    assert max(Counter(code for code, _ in main).values()) == 1


@pytest.mark.shared
def test_the_uns_workbook_sends_two_semiconductors_to_telephones_and_we_do_not(real):
    _, _, rows = real
    main = {r["commodity"]: r["earlier_commodity"] for r in rows if r["is_main"]}
    assert {c.commodity: main[c.commodity] for c in corrections()} == {
        "854151": "851712",
        "854159": "851712",
    }


@pytest.mark.shared
def test_the_six_codes_that_began_in_2022_go_to_the_predecessors_of_our_list(real):
    _, _, rows = real
    found = names(links(pa.Table.from_pylist(rows), ["H5", "H6"], corrections()), "main", "H5")
    named = {(r["edition"], r["commodity"]): r["name"] for r in found.table.to_pylist()}
    new = [row for row in high_priority() if row.is_new]
    assert len(new) == 6
    assert found.corrected_count == 2
    for row in high_priority():
        assert named["H6", row.commodity] == row.hs2017_predecessor


@pytest.mark.shared
def test_families_followed_without_end_make_one_of_thousands(real):
    _, _, rows = real
    found = links(pa.Table.from_pylist(rows), ["H5", "H6"], corrections())

    def largest(limit):
        table = names(found, "family", "H5", limit).table
        return max(Counter(row["name"] for row in table.to_pylist()).values())

    assert largest(100_000) > 2000
    assert largest(30) <= 30
