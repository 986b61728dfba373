"""`entrepot ingest` says what became of each file; `entrepot flows` gives published figures."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from comext_files import cars, write_workbook

from entrepot.cli import main
from entrepot.sources.known import KINDS
from entrepot.sources.recognise import KNOWN

MONTHS = "--from 2022-03 --to 2022-11"
LISTED = "--level CN8 --goods eu_export_sanction_cn8_2022-12"


def entrepot(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_line_for_each_file_and_a_total(tmp_path):
    workbook = write_workbook(tmp_path / "cars.xlsx", [cars(100, 200, ":")])
    control = tmp_path / "annex.csv"
    control.write_text("code,product\n8703,Cars\n")
    shown = entrepot("--lake", tmp_path / "lake", "ingest", workbook, control)
    assert shown.exit_code == 0, shown.output
    first, second, count, total, following = shown.stdout.splitlines()
    assert first.startswith("cars.xlsx: comext (comext_workbook), 2 rows of flows; not rows: ")
    assert second.startswith("annex.csv: ")
    assert "1 rows of listed_commodities; source " in second
    assert count == "2 ingested."
    assert total.endswith("lake now holds 2 files and 2 rows of flows.")
    assert following == f"Next: entrepot --lake {tmp_path / 'lake'} detect"
    again = entrepot("--lake", tmp_path / "lake", "ingest", workbook)
    assert again.stdout.startswith("cars.xlsx: already there as ")
    assert "holds 2 files and 2 rows" in again.stdout


def test_a_download_of_last_year_keeps_its_day(tmp_path):
    workbook = write_workbook(tmp_path / "cars.xlsx", [cars(100, 200, 300)])
    lake, day = tmp_path / "lake", "2023-04-02"
    assert entrepot("--lake", lake, "ingest", "--retrieved-at", day, workbook).exit_code == 0
    (row,) = json.loads(entrepot("--lake", lake, "sources", "--format", "json").stdout)
    assert row["retrieved_at"] == "2023-04-02T00:00:00+00:00"


def test_no_file_was_downloaded_tomorrow(tmp_path):
    workbook = write_workbook(tmp_path / "cars.xlsx", [cars(100, 200, 300)])
    shown = entrepot("ingest", "--retrieved-at", "2999-01-01", workbook)
    assert shown.exit_code == 2
    assert "--retrieved-at is 2999-01-01 00:00, expected none to come." in shown.stderr


def test_a_file_that_cannot_be_read_ends_it_and_keeps_what_came_before(tmp_path):
    good = write_workbook(tmp_path / "a.xlsx", [cars(100, 200, 300)])
    bad = tmp_path / "b.xlsx"
    bad.write_bytes(good.read_bytes()[:500])
    shown = entrepot("--lake", tmp_path / "lake", "ingest", good, bad)
    assert shown.exit_code == 1
    assert shown.stdout.startswith("a.xlsx: comext")
    assert shown.stderr.startswith("Error: b.xlsx")
    (source,) = json.loads(
        entrepot("--lake", tmp_path / "lake", "sources", "--format", "json").stdout
    )
    assert source["path"] == "a.xlsx"


def test_an_empty_folder_is_an_error(tmp_path):
    (tmp_path / "empty").mkdir()
    shown = entrepot("--lake", tmp_path / "lake", "ingest", tmp_path / "empty")
    assert shown.exit_code == 1
    assert "empty" in shown.stderr


def test_a_damaged_file_in_a_folder_hides_nothing_of_those_before_it(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    good = write_workbook(folder / "a.xlsx", [cars(100, 200, 300)])
    (folder / "b.xlsx").write_bytes(good.read_bytes()[:500])
    shown = entrepot("--lake", tmp_path / "lake", "ingest", folder)
    assert shown.exit_code == 1
    assert shown.stdout.startswith("a.xlsx: comext (comext_workbook), 3 rows of flows")
    assert shown.stderr.startswith("Error: b.xlsx")


def test_a_folder_of_refused_files_says_why_each_was_refused(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "a.csv").write_text("name,age\nAnn,3\n")
    (folder / "b.txt").write_text("read me\n")
    shown = entrepot("--lake", tmp_path / "lake", "ingest", folder)
    assert shown.exit_code == 1
    assert "a.csv: refused: not a file any reader knows; it begins 'name,age'" in shown.stdout
    assert "b.txt: no data" in shown.stdout
    assert "holds no file a reader knows" in shown.stderr


def test_help_names_every_kind_of_file_that_a_reader_knows():
    page = " ".join(entrepot("ingest", "--help").stdout.split())
    assert [name for name, _ in KINDS if name not in page] == []
    assert all(name in KNOWN for name, _ in KINDS)


WORKDAYS = [day for day in range(31, 0, -1) if date(2022, 1, day).weekday() < 5]
JANUARY = "".join(f"2022-01-{day:02d},1.1,130,\n" for day in WORKDAYS)
RATE = f"Date,USD,JPY,\n2022-02-01,1.1,130,\n{JANUARY}2021-12-31,1.1,130,\n"
OWN = "classification,commodity,earlier_classification,earlier_commodity,relationship\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("annex.csv", "code,product\n8703,Cars\n", "ingest PATH, with the trade"),
        ("own.csv", f"{OWN}H6,854151,H5,854150,n:1\n", "flows … --concord family"),
        ("eurofxref-hist.csv", RATE, "flows … --in CURRENCY"),
    ],
)
def test_what_comes_next_fits_what_was_read(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    shown = entrepot("--lake", tmp_path / "lake", "ingest", path)
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout.splitlines()[-1]


def test_flows_without_a_list_cannot_be_looked_through_for_diversion_yet(tmp_path):
    workbook = write_workbook(tmp_path / "cars.xlsx", [cars(100, 200, 300)])
    first = entrepot("--lake", tmp_path / "lake", "ingest", workbook)
    assert first.stdout.splitlines()[-1].endswith(" coverage")
    again = entrepot("--lake", tmp_path / "lake", "ingest", workbook)
    assert again.stdout.splitlines()[-1].endswith(" sources")


def figures(lake, words):
    shown = entrepot(
        "--lake", lake, "flows", "--reporter", "EU", *words.split(), "--format", "json"
    )
    assert shown.exit_code == 0, shown.output
    (row,) = json.loads(shown.stdout)
    return round(row["value"] / 1e9, 3), round(row["base_value"] / 1e9, 3), row["change"]


def test_published_totals_of_2022(shared, tmp_path):
    lake = tmp_path / "lake"
    entrepot("--lake", lake, "ingest", shared / "data" / "comext-sanctioned" / "totals.xlsx")
    value, _, change = figures(lake, f"--partner RU {MONTHS}")
    assert (round(value, 2), round(change, 3)) == (36.32, -0.475)
    value, _, change = figures(lake, f"--partner NEIGHBOURS {MONTHS}")
    assert (round(value, 2), round(change, 3)) == (20.30, 0.486)


@pytest.mark.slow
def test_published_figures_of_sanctioned_goods(shared, tmp_path):
    data, lake = shared / "data", tmp_path / "lake"
    annex = data / "control-lists" / "eu_export_sanction_cn8_2022-12.csv"
    assert entrepot("--lake", lake, "ingest", data / "comext-sanctioned", annex).exit_code == 0
    assert round(figures(lake, f"--partner RU {LISTED} {MONTHS}")[2], 3) == -0.716
    assert round(figures(lake, f"--partner NEIGHBOURS {LISTED} {MONTHS}")[2], 3) == 0.946
    november = "--from 2022-11 --to 2022-11"
    value, base, _ = figures(lake, f"--partner NEIGHBOURS {LISTED} {november}")
    assert (base, value) == (0.491, 1.468)
