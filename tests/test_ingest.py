"""A file enters the lake once, whole, and kept byte for byte; a bad one harms nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import narwhals.stable.v2 as nw
import pytest
from comext_files import GERMANY, Product, bulk_line, cars, write_bulk, write_workbook

from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES

NOW = datetime(2024, 3, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    with open_lake(tmp_path / "lake") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    """Two workbooks and a bulk month, with the publisher's note beside them."""
    path = tmp_path / "publisher"
    (path / "2024").mkdir(parents=True)
    write_workbook(path / "a.xlsx", [cars(1, 2, 3)])
    write_workbook(path / "b.xlsx", [Product({(GERMANY, "Armenia"): (4, 0, ":")})])
    write_bulk(path / "2024" / "full_v2_202401.7z", [bulk_line()])
    (path / "SOURCE.txt").write_text("Where this comes from.")
    (path / ".DS_Store").write_bytes(b"\x00")
    return path


def content(lake):
    """Everything in flows that does not depend on when it was read."""
    if not lake.has(FLOWS):
        return []
    return sorted(map(str, lake.table(FLOWS).collect().rows()))


def test_a_folder_is_read_in_order_and_its_note_is_set_aside(lake, folder):
    results = ingest(lake, [folder], retrieved_at=NOW)
    assert [(r.path.name, r.outcome, r.row_count) for r in results] == [
        ("full_v2_202401.7z", "ingested", 1),
        ("SOURCE.txt", "ignored", 0),
        ("a.xlsx", "ingested", 3),
        ("b.xlsx", "ingested", 1),
    ]
    assert results[1].detail == "no data: .txt beside data files"
    assert dict(results[3].skipped) == {
        "not available (':'): no trade reported, or month not published": 1,
        "zero": 1,
    }
    assert lake.row_count(FLOWS) == 5


def test_every_row_knows_its_file_and_the_file_is_kept(lake, folder):
    ingest(lake, [folder / "a.xlsx"], retrieved_at=NOW)
    bytes_in = (folder / "a.xlsx").read_bytes()
    sha256 = hashlib.sha256(bytes_in).hexdigest()
    (source,) = lake.table(SOURCES).collect().to_arrow().to_pylist()
    assert source == {
        "source_id": sha256[:16],
        "dataset": "comext",
        "vintage": "2023-01-13T11:00:00",
        "publisher": "Eurostat",
        "url": None,
        "licence": "Commission Decision 2011/833/EU: reuse with attribution, CC BY 4.0",
        "retrieved_at": NOW,
        "path": "a.xlsx",
        "sha256": sha256,
        "size_bytes": len(bytes_in),
        "reader": "comext_workbook",
        "row_count": 3,
    }
    assert set(lake.table(FLOWS).collect()["source_id"].to_list()) == {sha256[:16]}
    assert (lake.path / "raw" / f"{sha256[:16]}-a.xlsx").read_bytes() == bytes_in


def test_the_same_file_again_changes_nothing(lake, folder):
    first = ingest(lake, [folder], retrieved_at=NOW)
    manifest = (lake.path / "manifest.json").read_bytes()
    again = ingest(lake, [folder])
    assert [r.outcome for r in again] == ["already there", "ignored", *["already there"] * 2]
    assert again[0].detail == f"already in the lake as {first[0].source_id}"
    assert (lake.path / "manifest.json").read_bytes() == manifest


def test_a_copy_under_another_name_is_the_same_source(lake, folder):
    shutil.copy(folder / "a.xlsx", folder / "a (1).xlsx")
    results = ingest(lake, [folder / "a.xlsx", folder / "a (1).xlsx"])
    assert [r.outcome for r in results] == ["ingested", "already there"]
    assert lake.row_count(FLOWS) == 3


def test_progress_is_told(lake, folder):
    told = []
    ingest(lake, [folder / "a.xlsx"], lambda done, total, what: told.append((done, total, what)))
    assert told == [(1, 1, "a.xlsx: Sheet 1")]


def test_a_file_is_recognised_by_its_content(lake, folder):
    (folder / "a.xlsx").rename(folder / "a.txt")
    (result,) = ingest(lake, [folder / "a.txt"])
    assert result.reader == "comext_workbook"


def test_a_damaged_file_among_good_ones_keeps_the_good_ones(lake, folder):
    ingest(lake, [folder / "a.xlsx"])
    before = content(lake)
    whole = (folder / "b.xlsx").read_bytes()
    (folder / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"b.xlsx: not a whole workbook"):
        ingest(lake, [folder / "b.xlsx"])
    assert content(lake) == before
    assert not list((lake.path / "raw").glob("*-b.xlsx"))

    with pytest.raises(SourceError, match=r"b.xlsx: not a whole workbook"):
        ingest(lake, [folder])
    assert lake.row_count(FLOWS) == 4  # the month before it went in
    (folder / "b.xlsx").write_bytes(whole)
    assert [r.outcome for r in ingest(lake, [folder])] == [
        *("already there", "ignored", "already there", "ingested")
    ]
    assert lake.repair() == ()


def spoil_header(folder):
    edit = {8: "PERIOD"}
    write_workbook(
        folder / "c.xlsx",
        [cars(1, 2, 3)],
        edit=lambda cells: [
            cells["Sheet 1"][row].__setitem__(0, text) for row, text in edit.items()
        ],
    )


BAD = {
    "renamed header": (spoil_header, "found 'PERIOD', expected 'TIME'"),
    "unknown label": (
        lambda folder: write_workbook(
            folder / "c.xlsx", [Product({(GERMANY, "Narnia"): (1, 2, 3)})]
        ),
        "found 'Narnia', expected an area",
    ),
    "lost leading zero": (
        lambda folder: write_bulk(
            folder / "full_v2_202312.dat", [bulk_line(PERIOD="202312", PRODUCT_NC="1012100")]
        ),
        "A leading zero was lost",
    ),
    "month in the future": (
        lambda folder: write_workbook(
            folder / "c.xlsx", [cars(1, 2, 3)], months=("2022-12", "2023-01", "2023-02")
        ),
        "This is a month in the future",
    ),
    "second sheet bad": (
        lambda folder: write_workbook(
            folder / "c.xlsx",
            [cars(1, 2, 3), Product({(GERMANY, "Armenia"): (1, 2, "?")}, "X [27]")],
        ),
        "found '?', expected a number",
    ),
}


@pytest.mark.parametrize(("spoil", "message"), BAD.values(), ids=BAD)
def test_a_refused_file_leaves_the_lake_as_it_was(lake, folder, spoil, message):
    ingest(lake, [folder])
    before, manifest = content(lake), (lake.path / "manifest.json").read_bytes()
    spoil(folder)
    with pytest.raises(SourceError) as error:
        ingest(lake, [folder])
    assert message in str(error.value)
    assert content(lake) == before
    assert (lake.path / "manifest.json").read_bytes() == manifest
    assert lake.repair() == ()


def test_an_unknown_file_is_refused_with_what_is_known(lake, tmp_path):
    unknown = tmp_path / "letter.txt"
    unknown.write_text("Dear Sir or Madam")
    with pytest.raises(SourceError) as error:
        ingest(lake, [unknown])
    assert str(error.value).startswith("letter.txt: not a file any reader knows. Known: a Eurostat")


def test_a_folder_goes_on_past_an_unknown_table_and_names_it(lake, folder):
    (folder / "b.csv").write_text("who,whom,how_much\nDE,KG,1\n")
    results = ingest(lake, [folder])
    details = {result.path.name: (result.outcome, result.detail) for result in results}
    reason = "refused: not a file any reader knows; it begins 'who,whom,how_much'"
    assert details["b.csv"] == ("refused", reason)
    assert details["b.xlsx"][0] == "ingested"  # comes after it
    with pytest.raises(SourceError, match=r"b.csv: not a file any reader knows"):
        ingest(lake, [folder / "b.csv"])


def test_an_empty_folder_is_refused(lake, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"empty: the folder is empty, expected a Eurostat"):
        ingest(lake, [tmp_path / "empty"])
    assert not lake.path.exists()


def test_a_folder_of_notes_is_refused(lake, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.md").write_text("# Notes")
    with pytest.raises(SourceError, match=r"notes: holds no file a reader knows"):
        ingest(lake, [tmp_path / "notes"])


def test_a_missing_path_is_refused(lake, tmp_path):
    with pytest.raises(SourceError, match=r"nowhere: no such file"):
        ingest(lake, [tmp_path / "nowhere"])


def test_a_control_list_goes_to_its_own_table(lake, tmp_path):
    path = tmp_path / "eu-export-ban.csv"
    path.write_text('"code","product"\n"01012100","Pure-bred breeding horses"\n')
    (result,) = ingest(lake, [path])
    assert (result.reader, result.row_count) == ("code_list", 1)
    (row,) = lake.table(LISTED_COMMODITIES).collect().rows(named=True)
    assert (row["list_id"], row["commodity"]) == ("eu-export-ban", "01012100")


def test_a_derived_table_is_refused_with_its_reason(lake, folder):
    (folder / "shares.csv").write_text("year,RX,X,RX_pct\n2022,1,2,50%\n")
    results = ingest(lake, [folder])
    (refused,) = [result for result in results if result.outcome == "refused"]
    reason = "holds yearly sums of exports and re-exports without reporter, partner and commodity"
    assert (refused.path.name, refused.detail) == ("shares.csv", f"refused: {reason}")
    with pytest.raises(SourceError, match=f"shares.csv: {reason}; expected what a reporter"):
        ingest(lake, [folder / "shares.csv"])


TABLES = {
    "eurostat_totals": "reporter,iso,y,m,VALUE_IN_EUR\nCyprus,AM,2023,2,66550\n",
    "national_imports": (
        "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"
        "Kazakhstan,Albania,TOTAL,IMPORT,NORMAL,Y2019,397957.62\n"
    ),
    "armenia_by_country": (
        '\ufeff"country","year","month","export","import_origin","import_consignment","date"\n'
        '"Iran",2023,2,0,0.25,0,"2023-02-01"\n'
    ),
    "comtrade_csv": (
        "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"
        "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,"
        "Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),"
        "Flag\nH4,2016,2016,2016,2,0,2,Export,36,Australia,AUS,51,Armenia,ARM,01,Live animals,1,"
        "No Quantity,,,91128,0\n"
    ),
}


@pytest.mark.parametrize(("reader", "text"), TABLES.items(), ids=TABLES)
def test_a_table_of_trade_is_recognised_by_its_header(lake, tmp_path, reader, text):
    path = tmp_path / "no-telling-name"
    path.write_text(text, "utf-8")
    (result,) = ingest(lake, [path], retrieved_at=NOW)
    assert (result.reader, result.row_count) == (reader, 1)
    assert lake.row_count(FLOWS) == 1


KILLED = """
    import os, signal, sys
    from entrepot.lake import open_lake
    from entrepot.sources.ingest import ingest

    def die(done, total, what):
        if what.startswith("b.xlsx"):
            os.kill(os.getpid(), signal.SIGKILL)

    with open_lake(sys.argv[1]) as lake:
        ingest(lake, [sys.argv[2]], die)
"""


def test_a_killed_ingest_goes_on_where_it_stopped(lake, folder):
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(lake.path), str(folder)]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert lake.row_count(FLOWS) == 4  # two whole files

    results = ingest(lake, [folder], retrieved_at=NOW)
    assert [r.outcome for r in results] == [
        *("already there", "ignored", "already there", "ingested")
    ]
    with open_lake(lake.path.parent / "undisturbed") as undisturbed:
        ingest(undisturbed, [folder], retrieved_at=NOW)
        assert content(lake) == content(undisturbed)
    assert lake.repair() == ()


@pytest.mark.slow
def test_the_sanctioned_goods_of_january_2023_come_in_whole(lake, shared):
    """Counts and sums that were published, and those of the notes beside the files."""
    results = ingest(lake, [shared / "data" / "comext-sanctioned"])
    outcomes = [result.outcome for result in results]
    assert (outcomes.count("ingested"), outcomes.count("ignored")) == (23, 1)

    flows = lake.table(FLOWS)
    cn8 = flows.filter(nw.col("classification") == "CN", nw.col("flow") == "X")
    count = cn8.select(nw.len().alias("rows"), nw.col("commodity").n_unique()).collect()
    assert count.rows() == [(997_026, 2_219)]

    november = cn8.filter(nw.col("partner") != "RU")
    by_month = november.group_by("period").agg(nw.col("value").sum()).collect().rows()
    values = dict(by_month)
    assert values[date(2021, 11, 1)] == pytest.approx(0.491e9, abs=0.001e9)
    assert values[date(2022, 11, 1)] == pytest.approx(1.468e9, abs=0.001e9)
    assert max(values) == date(2022, 11, 1)  # December 2022 was not published yet

    total = flows.filter(nw.col("commodity") == "TOTAL", nw.col("flow") == "X")
    war = total.filter(
        nw.col("period").is_between(nw.lit(date(2022, 3, 1)), nw.lit(date(2022, 11, 1))),
        nw.col("partner") == "RU",
    )
    assert war.select(nw.col("value").sum()).collect().item() == pytest.approx(36.32e9, abs=5e6)


def test_the_lake_path_may_be_relative(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_lake("here") as lake:
        ingest(lake, [os.path.relpath(folder / "a.xlsx")])
        assert lake.row_count(FLOWS) == 3
    assert (Path("here") / "manifest.json").is_file()
