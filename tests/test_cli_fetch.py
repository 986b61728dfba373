"""`entrepot fetch` says what it would do, does it once, and every row knows its address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from comext_files import bulk_line, write_bulk
from misbehaving_server import Entity, Fault, Server, Trade, comtrade, eurostat

from entrepot.cli import fetch, main
from entrepot.fetch import lists
from entrepot.settings import read_settings

SOURCE = Path(fetch.__file__).resolve().parents[2]


@pytest.fixture
def server(tmp_path):
    with Server() as running:
        file = write_bulk(tmp_path / "full_v2_202401.7z", [bulk_line(), bulk_line(PARTNER="KZ")])
        path = f"/files?file=comext/COMEXT_DATA/PRODUCTS/{file.name}"
        running.files[path] = Entity(file.read_bytes())
        yield running


@pytest.fixture
def run(tmp_path, server, monkeypatch):
    for publisher in ("COMEXT", "EUROSTAT", "COMTRADE", "ECB", "OFAC", "EU", "UN"):
        monkeypatch.setenv(f"ENTREPOT_URL_{publisher}", server.url)

    def entrepot(*words):
        asked = ["--lake", str(tmp_path / "lake"), *(str(word) for word in words)]
        return CliRunner().invoke(main, asked)

    return entrepot


def sources(run):
    return json.loads(run("sources", "--format", "json").stdout)


def test_months_are_fetched_read_and_known_by_their_address(run, server, tmp_path):
    shown = run("fetch", "comext", "--from", "2024-01", "--to", "2024-02")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    size = len(next(iter(server.files.values())).body)
    assert lines[:4] == [
        f"full_v2_202401.7z: fetched, {size:,} bytes",
        "full_v2_202402.7z: not published",
        f"1 fetched, 1 not published; the files are in {tmp_path / 'lake/fetched/comext'}.",
        "full_v2_202401.7z: 2 rows of flows",
    ]
    (source,) = sources(run)
    record = json.loads(
        (tmp_path / "lake/fetched/comext/full_v2_202401.7z.record").read_text("utf-8")
    )
    assert source["url"] == record["url"]
    assert source["url"].startswith(f"{server.url}/files?file=comext%2FCOMEXT_DATA")
    assert source["retrieved_at"] == record["retrieved_at"]
    assert source["licence"] == record["licence"]
    again = run("fetch", "comext", "--from", "2024-01")
    assert "full_v2_202401.7z: unchanged" in again.stdout
    assert "already in the lake" in again.stdout
    assert sources(run) == [source]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("comtrade --reporter AM --flow X --goods 87 --from 2062", "--from is 2062-01"),
        ("comext --from 2024-01 --to 2062-01", "--to is 2062-01"),
    ],
)
def test_periods_to_come_are_not_asked_for(run, server, words, said):
    shown = run("fetch", *words.split())
    assert shown.exit_code == 2
    assert f"{said}, expected a period that has begun" in " ".join(shown.stderr.split())
    assert server.seen == []


def test_a_dry_run_fetches_nothing_and_writes_nothing(run, server, tmp_path):
    shown = run("fetch", "comext", "--from", "2024-01", "--to", "2024-02", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "full_v2_202401.7z: to fetch, " in shown.stdout
    assert f"\n  {server.url}/files?file=comext%2FCOMEXT_DATA" in shown.stdout
    assert "full_v2_202402.7z: not published" in shown.stdout
    assert "2 calls, 1 to make: " in shown.stdout
    assert not (tmp_path / "lake").exists()
    assert {seen.method for seen in server.seen} == {"HEAD"}


def test_without_ingest_the_lake_stays_as_it_is(run, tmp_path):
    folder = tmp_path / "downloads"
    shown = run("fetch", "comext", "--from", "2024-01", "--no-ingest", "--into", folder)
    assert shown.exit_code == 0, shown.output
    assert not (tmp_path / "lake").exists()
    assert (folder / "full_v2_202401.7z").is_file()
    # The records beside the files are no data to read.
    assert run("ingest", folder).exit_code == 0


def test_another_address_may_be_given_by_an_option(run, monkeypatch, server):
    monkeypatch.setenv("ENTREPOT_URL_COMEXT", "http://127.0.0.1:9")
    shown = run("fetch", "comext", "--from", "2024-01", "--base-url", f"{server.url}/")
    assert shown.exit_code == 0, shown.output


def test_comtrade_is_asked_with_the_key_of_the_environment(run, server, monkeypatch):
    trades = [Trade(f"2022{month:02d}", 51, 643, "X", "8703") for month in (1, 2)]
    server.answers["/data/v1/get"] = comtrade(trades, 100_000)
    monkeypatch.setenv("MY_KEY", "secret-key")
    words = "--reporter am,GE --partner RU --flow X --goods 8703 --from 2022-01 --to 2022-12"
    shown = run("fetch", "comtrade", *words.split(), "--key-env", "MY_KEY")
    assert shown.exit_code == 0, shown.output
    assert "2 rows of flows" in shown.stdout
    assert len(server.seen) == 1
    assert server.seen[0].headers["ocp-apim-subscription-key"] == "secret-key"
    (source,) = sources(run)
    assert source["dataset"] == "comtrade"
    assert "/data/v1/get/C/M/HS?period=202201,202202," in source["url"]
    assert "secret" not in shown.output + json.dumps(source)


def test_a_key_that_is_not_there_is_said_before_anything_is_asked(run, server, monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    words = "--reporter AM --goods 8703 --from 2022 --key-env MY_KEY"
    shown = run("fetch", "comtrade", *words.split())
    assert (shown.exit_code, server.seen) == (1, [])
    assert "MY_KEY is not set, expected a key." in shown.stderr


def test_calls_of_the_day_end_with_what_to_do(run, server):
    server.answers["/public/v1/preview"] = comtrade([], 500)
    words = "--reporter AM --partner RU --goods 8703 --from 2022-01 --to 2022-03"
    limits = "--calls-per-day 2 --calls-per-second 1000"
    shown = run("fetch", "comtrade", *words.split(), *limits.split())
    assert shown.exit_code == 1
    assert "2 calls were made today, expected 2 at most." in shown.stderr
    assert len(server.seen) == 2
    shown = run("fetch", "comtrade", *words.split(), *limits.split())
    assert (shown.exit_code, len(server.seen)) == (1, 2)


def test_a_selection_of_eurostat_comes_with_its_date(run, server):
    lines = [("DE", "KZ", "27", "1", f"2022-{month:02d}", 500.0) for month in (1, 2, 3)]
    server.answers["/sdmx/2.1/data"] = eurostat(lines, 500_000)
    words = "--reporter DE --partner KZ,RU --goods TOTAL,27 --from 2022-01 --to 2022-03"
    shown = run("fetch", "eurostat", *words.split())
    assert shown.exit_code == 0, shown.output
    (source,) = sources(run)
    assert (source["reader"], source["vintage"], source["row_count"]) == (
        *("comext_sdmx", "2024-02-15T11:00:00"),
        3,
    )


SDN = (
    '36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '173,"ANGLO-CARIBBEAN CO., LTD.",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a'
)
PARTY_FILES = Path(__file__).parent / "data" / "lists"
LISTS = {
    "ofac-sdn": ("/api/PublicationPreview/exports/SDN.CSV", SDN, "ofac/sdn.csv"),
    "un-sc": (
        "/resources/xml/en/consolidated.xml",
        (PARTY_FILES / "un.xml").read_text("utf-8"),
        "un/consolidated.xml",
    ),
    "eu-fsf": (
        "/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
        (PARTY_FILES / "fsf.xml").read_text("utf-8"),
        "eu/xmlFullSanctionsList_1_1.xml",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_parties_is_kept_as_it_came_and_read(run, server, tmp_path, name):
    address, text, file = LISTS[name]
    server.files[address] = Entity(text.encode("utf-8"), "text/plain")
    shown = run("fetch", "list", name)
    assert shown.exit_code == 0, shown.output
    assert (tmp_path / "lake/fetched" / file).read_bytes() == text.encode("utf-8")
    sources = run("sources", "--format", "json")
    assert f'"{name}"' in sources.stdout


def test_reference_rates_are_fetched_as_the_zip_they_come_in(run, server, tmp_path):
    body = b"PK\x03\x04 the rest of a zip"
    server.files["/stats/eurofxref/eurofxref-hist.zip"] = Entity(body)
    shown = run("fetch", "rates", "--no-ingest")
    assert shown.exit_code == 0, shown.output
    assert (tmp_path / "lake/fetched/ecb/eurofxref-hist.zip").read_bytes() == body


def test_a_page_in_place_of_a_file_is_an_error_with_exit_code_1(run, server, tmp_path):
    page = {"Content-Type": "text/html;charset=UTF-8"}
    server.faults.append(Fault(body=b"<html>", headers=page))
    shown = run("fetch", "comext", "--from", "2024-01")
    assert shown.exit_code == 1
    assert "answered with 'text/html;charset=UTF-8', a page for people" in shown.stderr
    assert not (tmp_path / "lake/fetched/comext/full_v2_202401.7z").exists()


def test_the_lists_offered_are_those_that_can_be_fetched():
    assert fetch.LISTS == lists.NAMES


def test_addresses_are_read_from_the_environment():
    found = read_settings({"ENTREPOT_URL_COMEXT": "http://mirror", "ENTREPOT_URL_ECB": ""})
    assert found.base_urls == {"comext": "http://mirror"}


COMMANDS = ("comext", "comtrade", "eurostat", "list", "rates")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_publisher_has_a_command_that_explains_itself(run, name):
    shown = run("fetch", name, "--help")
    assert shown.exit_code == 0
    assert f"entrepot fetch {name}" in shown.stdout.split("Example:")[1]
    command = fetch.command.get_command(click.Context(fetch.command), name)
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_help_loads_no_network():
    asked = "".join(
        f"\nmain(['fetch', {name!r}, '--help'], standalone_mode=False)" for name in COMMANDS
    )
    report = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from entrepot.cli import main{asked}\nimport sys; print(*sys.modules)",
        ],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in report.stdout.split()}
    assert "click" in loaded
    assert loaded & {"httpx", "tenacity", "duckdb", "pyarrow", "numpy", "filelock"} == set()
