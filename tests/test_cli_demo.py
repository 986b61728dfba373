"""The demonstration: what was planted is found, and nothing real is ever touched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from lake_rows import flow_row, flow_table

from entrepot.cli import main
from entrepot.dossier.planted import Way, planted_against_found
from entrepot.dossier.runs import latest_run
from entrepot.errors import LakeError
from entrepot.lake import open_lake
from entrepot.simulate import scenarios
from entrepot.tables import FLOWS, TRUTH

SOURCE = Path(__file__).resolve().parent.parent / "src"
TINY = {"product_count": 40, "heading_count": 10, "chapter_count": 4, "month_count": 36}


def entrepot(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration on a smaller world than the usual."""
    small, folder = scenarios.small, tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenarios, "small", lambda scenario: replace(small(scenario), **TINY))
        shown = entrepot("demo", "-o", folder)
    assert shown.exit_code == 0, shown.output
    return folder, shown.stdout


@pytest.fixture
def compared(demo):
    with open_lake(demo[0] / "lake") as lake:
        return planted_against_found(lake, latest_run(lake))


def test_found_stands_beside_planted_country_by_country(demo, compared):
    said = demo[1]
    assert said.startswith("SIMULATED DATA")
    assert said.rstrip().endswith("SIMULATED DATA throughout.")
    for row in compared:
        path = {"common": "common", "partner": "own"}[row.bracket]
        (line,) = [
            line
            for line in said.splitlines()
            if re.match(rf"{row.country}\b.*\b{path}\b.*\d", line) and "flagged" not in line
        ]
        for way in (row.diverted, row.intermediated, row.ghost):
            planted = "0" if way.planted == 0 else f"{way.planted / 1e6:,.2f}"
            assert f" {planted} " in line
        marks = [way.is_inside for way in (row.diverted, row.intermediated, row.ghost)]
        assert re.findall(r"\b(?:yes|no)\b", line) == [
            "yes" if mark else "no" for mark in marks if mark is not None
        ]
    assert "Uzbekistan (null)" in said


def test_both_ways_are_planted_and_add_up(demo, compared):
    with open_lake(demo[0] / "lake") as lake:
        truth = lake.table(TRUTH).collect("pyarrow").to_native().to_pylist()
    for row in compared:
        assert row.planted == pytest.approx(row.intermediated.planted + row.ghost.planted)
        assert row.diverted.planted == row.planted
        mine = [t for t in truth if row.intermediary in ("_T", t["intermediary"])]
        assert row.ghost.planted == pytest.approx(sum(t["ghost"] for t in mine))
    assert any(row.intermediated.is_inside for row in compared)
    assert any(row.ghost.is_inside for row in compared)


def test_a_way_without_an_interval_neither_holds_nor_misses():
    assert Way(1.0, None, None).is_inside is None
    assert Way(1.0, 0.5, 1.0).is_inside is True
    assert Way(1.0, 0.0, 0.9).is_inside is False


def test_pages_of_the_most_planted_and_of_the_null_country_are_written(demo, compared):
    folder, said = demo
    pages = sorted(path.name for path in folder.glob("*.html"))
    assert pages == sorted({f"{compared[0].intermediary.lower()}.html", "uz.html"})
    assert all(f"{folder}/{page}" in said for page in pages)
    assert all("SIMULATED DATA" in (folder / page).read_text("utf-8") for page in pages)


def test_planted_is_the_truth_of_the_window(demo, compared):
    with open_lake(demo[0] / "lake") as lake:
        truth = lake.table(TRUTH).collect("pyarrow").to_native().to_pylist()
    for row in compared:
        if row.intermediary != "_T":
            mine = [t for t in truth if t["intermediary"] == row.intermediary]
            planted = sum(t["intermediated"] + t["ghost"] for t in mine)
            assert row.planted == pytest.approx(planted)
    whole = {row.bracket: row for row in compared if row.intermediary == "_T"}
    parts = [row for row in compared if row.intermediary != "_T"]
    for bracket, row in whole.items():
        mine = [part for part in parts if part.bracket == bracket]
        assert row.planted == pytest.approx(sum(part.planted for part in mine))
        assert row.planted_flagged_count == sum(part.planted_flagged_count for part in mine)
        assert row.flagged_count == sum(part.flagged_count for part in mine)


def test_nothing_was_planted_in_the_null_country(compared):
    null = [row for row in compared if row.intermediary == "UZ"]
    assert len(null) == 2
    assert {row.planted for row in null} == {0.0}
    assert {row.planted_flagged_count for row in null} == {0}


def test_most_planted_comes_first_and_the_sum_last(compared):
    amounts = [row.planted for row in compared if row.intermediary != "_T"]
    assert amounts == sorted(amounts, reverse=True)
    assert {row.intermediary for row in compared[-2:]} == {"_T"}


def test_an_interval_holds_what_lies_in_it(compared):
    assert [
        row.is_inside == (row.excess_low <= row.planted <= row.excess_high) for row in compared
    ] == [True] * len(compared)


def test_a_lake_without_truth_cannot_be_compared(tmp_path):
    with open_lake(tmp_path / "lake") as lake, pytest.raises(LakeError):
        planted_against_found(lake, "r1")


def test_a_lake_with_real_data_is_never_replaced(tmp_path):
    with open_lake(tmp_path / "lake") as lake, lake.write() as transaction:
        transaction.put(FLOWS, flow_table(flow_row()), unit="s1")
    kept = sorted(path.name for path in (tmp_path / "lake").rglob("*"))
    shown = entrepot("demo", "-o", tmp_path)
    assert shown.exit_code == 1
    assert "Name another folder" in shown.stderr
    assert sorted(path.name for path in (tmp_path / "lake").rglob("*")) == kept


def test_a_folder_that_is_no_lake_is_never_removed(tmp_path):
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "letter.txt").write_text("mine")
    assert entrepot("demo", "-o", tmp_path).exit_code == 1
    assert (tmp_path / "lake" / "letter.txt").read_text() == "mine"


@pytest.mark.slow
def test_the_demonstration_takes_less_than_a_minute_and_can_be_repeated(tmp_path):
    for _ in range(2):
        begun = time.monotonic()
        report = subprocess.run(
            [sys.executable, "-m", "entrepot", "demo"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert report.returncode == 0, report.stderr
        assert time.monotonic() - begun < 60
    assert (report.stderr, "\x1b" in report.stdout) == ("", False)
    assert (tmp_path / "demo" / "uz.html").is_file()
