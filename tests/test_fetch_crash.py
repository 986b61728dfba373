"""A fetch that is killed at any point and run again ends in the same lake, byte for byte."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from comext_files import bulk_line, write_bulk
from misbehaving_server import Entity, Fault, Server, Trade, comtrade

from entrepot import api
from entrepot.errors import SourceError
from entrepot.fetch import transfer
from entrepot.fetch.comtrade import PREVIEW
from entrepot.fetch.question import Question
from entrepot.lake import open_lake
from entrepot.tables import SOURCES

NOW = "2024-03-20T09:30:00+00:00"

# The time is part of what is kept, so the child's clock stands still. It kills itself with SIGKILL
# at one step: nothing can be cleaned up.
CHILD = """
    import os, signal, sys
    from pathlib import Path

    from entrepot import api, transaction
    from entrepot.fetch import download, transfer

    step, lake, url, what = sys.argv[1:5]
    transfer.now = lambda: "2024-03-20T09:30:00+00:00"  # NOW

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def after(count, function):
        calls = iter(range(count))
        def wrapped(*given, **named):
            result = function(*given, **named)
            if next(calls, None) == count - 1:
                die()
            return result
        return wrapped

    def report(done, total, what):
        if step == "half of a file" and done > total / 2:
            die()

    if step == "before the first byte":
        transfer.write_record = die
    elif step == "whole, not described":
        transfer.file_digest = die
    elif step == "described, not renamed":
        transfer._rename = die
    elif step == "one file there":
        download.finish = after(1, download.finish)
    elif step == "all files there":
        api.ingest_fetched = die
    elif step == "before the commit":
        transaction.write_manifest = die
    elif step == "one file committed":
        transaction.write_manifest = after(1, transaction.write_manifest)

    sys.path.insert(0, sys.argv[5])
    from test_fetch_crash import fetch_all
    fetch_all(Path(lake), url, what, report)
"""

STEPS = {
    "comext": (
        *("before the first byte", "half of a file", "whole, not described"),
        *("described, not renamed", "one file there", "all files there", "before the commit"),
        "one file committed",
    ),
    "comtrade": ("whole, not described", "one file there", "one file committed"),
}


def fetch_all(lake, url, what, report=lambda *_: None):
    """Fetch two months and read them into a lake."""
    if what == "comext":
        order = api.order_comext(["2024-01", "2024-02"], {"comext": url})
    else:
        question = Question("M", ("2024-01", "2024-02"), ("AM",), (), ("X",), ("8703",))
        # One call a second is what the real service may be asked.
        quota = replace(PREVIEW, calls_per_second=1000.0)
        order = api.order_comtrade(question, quota, {"comtrade": url})
    found = api.fetch(order, lake / "fetched", api.Fetching(), report)
    with open_lake(lake) as opened:
        api.ingest_fetched(opened, found)
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("publisher")
    with Server() as running:
        for month in ("202401", "202402"):
            lines = [
                bulk_line(PERIOD=month, PARTNER=partner, VALUE_EUR=str(value))
                for value, partner in enumerate(("KG", "KZ", "AM"), start=int(month))
            ]
            file = write_bulk(folder / f"full_v2_{month}.7z", lines)
            name = f"/files?file=comext/COMEXT_DATA/PRODUCTS/{file.name}"
            running.files[name] = Entity(file.read_bytes())
        trades = [
            Trade(period, 51, partner, flow, "8703")
            for period in ("202401", "202402")
            for partner in (268, 643)
            for flow in ("M", "X")
        ]
        running.answers["/public/v1/preview"] = comtrade(trades, 500)
        yield running


@pytest.fixture(autouse=True)
def still_clock(monkeypatch):
    monkeypatch.setattr(transfer, "now", lambda: NOW)


def command(step, lake, server, what):
    here = str(Path(__file__).parent)
    return [sys.executable, "-c", textwrap.dedent(CHILD), step, str(lake), server.url, what, here]


def kill(step, lake, server, what):
    words = command(step, lake, server, what)
    killed = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr


def content(folder):
    """Every file of a lake by name and bytes; the locks hold nothing."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("what", STEPS)
def test_an_undisturbed_fetch_knows_the_address_of_every_row(tmp_path, server, what):
    fetch_all(tmp_path, server.url, what)
    found = content(tmp_path)
    assert [name for name in found if name.endswith((".part", ".new"))] == []
    assert len([name for name in found if name.startswith("raw/")]) == 2
    tables = json.loads(found["manifest.json"])["tables"]
    assert len(tables["flows"]) == len(tables["sources"]) == 2
    with open_lake(tmp_path) as lake:
        rows = lake.table(SOURCES).sort("path").collect("pyarrow").to_native().to_pylist()
    assert all(row["url"].startswith(server.url) for row in rows)
    assert {row["retrieved_at"].isoformat() for row in rows} == {NOW}
    assert len({row["publisher"] for row in rows}) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "step"), [(what, step) for what, steps in STEPS.items() for step in steps]
)
def test_a_killed_fetch_run_again_ends_in_the_same_lake(tmp_path, server, what, step):
    kill(step, tmp_path / "lake", server, what)
    fetch_all(tmp_path / "lake", server.url, what)
    fetch_all(tmp_path / "undisturbed", server.url, what)
    assert content(tmp_path / "lake") == content(tmp_path / "undisturbed")


def test_what_was_whole_is_not_downloaded_again(tmp_path, server):
    kill("described, not renamed", tmp_path, server, "comext")
    before = len(server.seen)
    fetch_all(tmp_path, server.url, "comext")
    # The first month was whole and is only asked about, the second was not begun.
    assert [seen.status for seen in server.seen[before:]] == [304, 200]


def test_a_download_killed_from_outside_goes_on_in_the_middle(tmp_path, server):
    body = b"7z\xbc\xaf\x27\x1c" + bytes(3_000_000)
    path = "/files?file=comext/COMEXT_DATA/PRODUCTS/full_v2_202401.7z"
    right, gate = server.files[path], threading.Event()
    server.files[path] = Entity(body)
    # The first megabyte comes; when the rest is asked for, nothing does.
    server.faults.extend([Fault(cut_after=1_000_000), Fault(wait_for=gate)])
    child = subprocess.Popen(command("never", tmp_path, server, "comext"))
    limit = time.monotonic() + 60
    while server.faults and time.monotonic() < limit:
        time.sleep(0.05)
    child.kill()
    child.wait()
    gate.set()
    there = (tmp_path / "fetched" / "full_v2_202401.7z.part").stat().st_size
    assert 0 < there <= 1_000_000
    before = len(server.seen)
    with pytest.raises(SourceError, match="not a whole 7z archive"):  # made up, so not readable
        fetch_all(tmp_path, server.url, "comext")
    server.files[path] = right
    assert server.seen[before].headers["range"] == f"bytes={there}-"
    assert server.seen[before].status == 206
    assert (tmp_path / "fetched" / "full_v2_202401.7z").read_bytes() == body
