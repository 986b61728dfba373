"""``entrepot coverage``: what a user types, and what comes back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from lake_rows import flow_row
from test_cli_partners import ID, write_lake

from entrepot.cli import main


def rows():
    """Germany declares four goods a month, one in March, none in April; Kazakhstan two years."""
    for month, goods in {1: 4, 2: 4, 3: 1, 5: 4}.items():
        for code in range(goods):
            row = {"period": date(2022, month, 1), "commodity": f"270{code}"}
            yield flow_row(source_id=ID, **row)
    for year in (2019, 2022):
        row = {"freq": "A", "period": date(year, 1, 1), "reporter": "KZ", "partner": "DE"}
        yield flow_row(source_id=ID, **row, flow="M", valuation="CIF", commodity="TOTAL")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return write_lake(tmp_path_factory.mktemp("coverage") / "lake", rows())


@pytest.fixture
def run(lake):
    return lambda words: CliRunner().invoke(main, ["--lake", str(lake), "coverage", *words.split()])


def test_the_table_names_what_is_missing_and_where_rows_are_few(run):
    shown = run("")
    assert shown.exit_code == 0, shown.output
    (german,) = [line for line in shown.stdout.splitlines() if " DE " in line]
    assert "2022-01  2022-05     4        1" in german
    assert "2022-04; 2022-03: 1 row" in german
    assert german.split()[-2:] == ["2023-01-13", "1"]
    (kazakh,) = [line for line in shown.stdout.splitlines() if " KZ " in line]
    assert "2020, 2021" in kazakh


def test_every_format_holds_counts_and_the_periods_missing(run):
    german, kazakh = json.loads(run("--format json").stdout)
    assert (german["period_count"], german["missing_count"], german["few_count"]) == (4, 1, 1)
    assert (german["missing"], german["few"]) == ("2022-04", "2022-03:1")
    assert (german["row_count"], german["usual_count"]) == (13, 4.0)
    assert (kazakh["missing"], kazakh["few"]) == ("2020 2021", "")


def test_the_matrix_shows_rows_held_of_each_month(run):
    lines = run("--by month --reporter DE").stdout.splitlines()
    (line,) = [line for line in lines if " DE " in line]
    assert line.split()[4:] == ["2022", "4", "4", "1", "·", "4", *"·" * 7]
    long = json.loads(run("--by month --reporter DE --format json").stdout)
    assert [(row["period"], row["row_count"]) for row in long][2:] == [
        ("2022-03-01", 1),
        ("2022-05-01", 4),
    ]


def test_levels_reporters_flows_and_datasets_narrow_the_list(run):
    assert [r["level"] for r in json.loads(run("--by level --format json").stdout)] == [
        "HS4",
        "TOTAL",
    ]
    for words, reporter in (
        *(("--reporter DE", "DE"), ("--flow M", "KZ"), ("--level HS4", "DE")),
        ("--dataset comext --reporter EU", "DE"),
    ):
        (row,) = json.loads(run(f"{words} --format json").stdout)
        assert row["reporter"] == reporter


def test_a_chart_is_drawn_beside_the_table(run, tmp_path):
    assert run(f"--chart {tmp_path}/chart.svg").exit_code == 0
    drawn = (tmp_path / "chart.svg").read_text("utf-8")
    assert "Declarations held of all reporters" in drawn
    assert "KZ M yearly" in drawn


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--reporter FR", "holds no flows of what was asked (FR, flow any, level any)"),
        ("--dataset oops", "--dataset is 'oops', expected one of ['comext']"),
        ("--reporter germany", "neither a grouping nor an area"),
    ],
)
def test_what_the_lake_does_not_hold_is_said(run, words, said):
    shown = run(words)
    assert shown.exit_code == 1
    assert said in " ".join(shown.stderr.split())
