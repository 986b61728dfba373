"""A control list keeps its codes, zeros and all, and says where each line stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from entrepot.errors import SourceError
from entrepot.sources.code_list import read_code_list
from entrepot.sources.reading import source_file

NOW = datetime(2024, 3, 20, tzinfo=UTC)


def read(path, list_id="a-list"):
    reading = read_code_list(source_file(path, NOW), list_id=list_id)
    return [row for batch in reading.batches for row in batch.rows.to_pylist()]


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "list.csv"
        path.write_bytes(text.encode())
        return path

    return write


def test_an_extract_of_an_annex(written):
    path = written('"code","product"\r\n"01012100","Horses, pure-bred"\r\n"8542","Chips"\r\n')
    rows = read(path, "eu-export-ban")
    assert [
        (r["list_id"], r["classification"], r["commodity"], r["description"], r["locator"])
        for r in rows
    ] == [
        ("eu-export-ban", "CN", "01012100", "Horses, pure-bred", "list.csv, line 2"),
        ("eu-export-ban", "HS", "8542", "Chips", "list.csv, line 3"),
    ]
    assert {r["valid_from"] for r in rows} == {None}


def test_our_own_form_with_dates_and_places(written):
    path = written(
        "commodity,tier,valid_from,valid_to,locator\n"
        "854231,1,2022-04-08,,Reg. 2022/576 Annex\n"
        "854231,1,2021-01-01,2021-12-31,an earlier list\n"
    )
    first, second = read(path)
    assert (first["tier"], first["valid_from"], first["valid_to"]) == ("1", date(2022, 4, 8), None)
    assert first["locator"] == "Reg. 2022/576 Annex"
    assert second["valid_to"] == date(2021, 12, 31)


def test_the_priority_list_with_its_conversions(written):
    path = written(
        "hs6_2022,tier,description_hs2022,hs6_2017_candidates,hs6_2017_conversion\n"
        '854231,1,"Processors, controllers",854231,854231\n'
    )
    ((row),) = read(path)
    assert (row["commodity"], row["tier"], row["description"]) == (
        "854231",
        "1",
        "Processors, controllers",
    )


def test_a_byte_order_mark_is_no_part_of_the_header(written):
    assert read(written("\ufeffcommodity\n854231\n"))[0]["commodity"] == "854231"


SPOILED = {
    "lost zero": ("code,product\n1012100,Horses\n", "list.csv, line 2: code is '1012100'"),
    "no code": ("commodity\nabc\n", "line 2: code is 'abc', expected 2, 4, 6 or 8 digits."),
    "twice": (
        "commodity\n854231\n854232\n854231\n",
        "list.csv, line 4: code '854231' stands at list.csv, line 2 already",
    ),
    "a date in words": (
        "commodity,valid_from\n854231,April 2022\n",
        "line 2: valid_from is 'April 2022', expected a date like 2022-12-16.",
    ),
    "a column too few": ("code,product\n85423100\n", "line 2: expected 2 columns, as in line 1."),
    "a column too many": ("code,product\n85423100,a,b\n", "line 2: expected 2 columns"),
    "nothing": ("commodity\n", "list.csv: holds a header and no code"),
    "another header": ("codes,products\n1,2\n", "list.csv: header is 'codes,products', expected"),
}


@pytest.mark.parametrize(("text", "message"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_list_is_refused_with_its_line(written, text, message):
    with pytest.raises(SourceError) as error:
        read(written(text))
    assert message in str(error.value)


def test_the_public_lists_are_read_whole(shared):
    folder = shared / "data" / "control-lists"
    banned = read(folder / "eu_export_sanction_cn8_2022-12.csv")
    assert len({row["commodity"] for row in banned}) == len(banned) == 2_223
    assert {row["classification"] for row in banned} == {"CN"}
    assert len(read(folder / "chpl_50_hs6.csv")) == 50
