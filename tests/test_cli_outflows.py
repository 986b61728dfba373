"""`entrepot outflows` as a user sees it."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner
from test_outflows import lake_of, rows, trade

from entrepot.cli import main
from entrepot.diversion.outflow_rows import OUTFLOWS

CARS = ("--reporter", "GE", "--goods", "8703", "--since", "2022-03", "--to", "KZ,RU")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Georgia's cars, made up: Kazakhstan receives ten times as many."""
    return lake_of(tmp_path_factory.mktemp("outflows") / "lake", rows(*trade({"KZ": 10.0})))


@pytest.fixture
def run(lake):
    return lambda *words: CliRunner().invoke(main, ["--lake", str(lake), "outflows", *words])


def test_table_shows_the_rise_its_error_and_the_price_of_a_car(run):
    shown = run(*CARS)
    assert shown.exit_code == 0, shown.output
    (kazakhstan,) = (line for line in shown.stdout.splitlines() if line.startswith("KZ"))
    assert "0.037" in kazakhstan  # 1/27: in front of all 26 control partners
    assert "2022-03" in kazakhstan
    assert "10,000, 10,000" in kazakhstan
    assert "USD per piece" in shown.stdout
    assert "USD/u" not in shown.stdout
    assert shown.stdout.index("\nKZ") < shown.stdout.index("\nRU")


def test_notes_say_what_the_numbers_rest_on_and_what_they_do_not_say(run):
    said = run(*CARS).stdout
    assert "26 control partners, so that no p-value can lie below 1/27" in said
    assert "Source unknown" in said
    assert "no proof" in said
    assert "short_history" in said


def test_csv_holds_every_column(run):
    shown = run(*CARS, "--format", "csv")
    found = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert tuple(found[0]) == OUTFLOWS.column_names
    assert [row["partner"] for row in found] == ["KZ", "RU"]


def test_areas_may_be_typed_in_small_letters(run):
    assert run(*CARS[2:], "--reporter", "ge", "--format", "csv").exit_code == 0


def test_a_level_the_lake_does_not_hold_is_an_error_that_says_what_to_do(run):
    shown = run(*CARS, "--level", "HS6")
    assert shown.exit_code == 1
    assert "no monthly HS6 rows of GE" in shown.output
    assert "another --level" in shown.output


def test_a_window_that_ends_before_it_begins_is_wrong_use(run):
    shown = run(*CARS, "--until", "2022-01")
    assert shown.exit_code == 2
    assert "--until is 2022-01" in shown.output


def test_auto_takes_no_dataset_without_the_goods_at_the_level(tmp_path):
    cars = rows(*trade({"KZ": 10.0}))
    others = [row | {"dataset": "other", "commodity": "8517"} for row in cars]
    lake_of(tmp_path / "lake", [*cars, *others])
    words = ["--lake", str(tmp_path / "lake"), "outflows", *CARS, "--level", "HS6"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 1
    said = "--dataset is 'auto', expected a dataset with monthly HS6 rows of goods 8703 of GE"
    assert said in " ".join(shown.stderr.split())
