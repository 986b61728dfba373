"""`entrepot bench` prints what the benchmark measured, metric by metric."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from entrepot import bench
from entrepot.bench import Trial
from entrepot.cli import main
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.score import Score

SCORE = Score(
    cell_count=992,
    diverted_count=162,
    flagged_count=73,
    average_precision=0.67,
    value_captured=0.86,
    false_discovery_proportion=0.12,
    power=0.40,
    power_by_value=0.72,
    null_share_below=0.07,
    wmape=0.94,
    total_ratio=None,
    coverage_diverted=0.91,
    coverage_null=0.89,
    coverage_flagged=0.74,
    interval_score=5.2,
)
TRIAL = Trial("base", 100, "entrepot common", 27.6, SCORE)


@pytest.fixture
def asked(monkeypatch):
    """What the benchmark was asked; it answers with one trial a world."""
    calls = []

    def answer(worlds, seeds, report, **how):
        calls.append((worlds, seeds, how))
        return [replace(TRIAL, world=world, seed=seed) for world in worlds for seed in seeds]

    def answer_real(lake, *words, **how):
        return answer(*words, **how)

    monkeypatch.setattr(bench, "run_bench", answer)
    monkeypatch.setattr(bench, "run_real_bench", answer_real)
    return calls


def invoke(words, *more):
    return CliRunner().invoke(main, [*words.split(), *more])


def test_scenarios_seeds_methods_and_jobs_are_handed_on(asked, tmp_path):
    assert invoke("bench --jobs 3").exit_code == 0
    assert invoke("bench --scenario null --scenario drift --seed 0 --seed 1").exit_code == 0
    assert invoke(f"--lake {tmp_path} bench --real strong --methods all").exit_code == 0
    assert asked[0] == (("base",), (100,), {"methods": ("ours", "simple"), "jobs": 3})
    assert asked[1][:2] == (("null", "drift"), (0, 1))
    assert asked[2][:2] == (("strong",), (100,))
    assert asked[2][2]["methods"] == ("all",)


def test_all_scenarios_are_the_twelve_in_which_something_is_planted(asked):
    assert invoke("bench --scenario all").exit_code == 0
    assert set(asked[0][0]) == set(SCENARIOS) - {"null"}
    assert len(asked[0][0]) == 12


def test_each_metric_stands_in_its_column_and_none_without_a_value(asked):
    shown = invoke("bench").stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("base")]
    numbers = "0.67 0.86 0.12 0.40 0.72 0.07 0.94 0.91 0.89 0.74 5.2 27.6"
    assert " ".join(line.split()[4:]) == numbers
    assert "ghost" not in shown


def test_several_worlds_are_averaged_by_kind_and_over_all(asked):
    shown = invoke("bench --scenario base --scenario drift --seed 1 --seed 2").stdout
    heads = [" ".join(line.split()[:3]) for line in shown.splitlines()[-3:]]
    assert heads == ["base 2 worlds", "drift 2 worlds", "all 4 worlds"]


def test_programs_get_one_row_for_each_metric_that_applies(asked):
    rows = json.loads(invoke("bench --format json").stdout)
    told = {row["metric"]: row["value"] for row in rows}
    assert told["seconds"] == 27.6
    assert told["cell_count"] == 992
    assert "total_ratio" not in told
    assert {(row["world"], row["seed"], row["method"]) for row in rows} == {
        ("base", 100, "entrepot common")
    }


def test_a_page_is_written_beside_the_table(asked, tmp_path):
    page = tmp_path / "bench.html"
    assert invoke("bench --page", str(page)).exit_code == 0
    text = page.read_text("utf-8")
    assert "SIMULATED DATA" in text
    assert "entrepot common" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("bench --scenario base --real strong", "exclude each other"),
        ("bench --world . --seed 1", "go with --submission"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_use(asked, words, message):
    result = invoke(words)
    assert result.exit_code == 2
    assert message in result.output


def test_a_method_nobody_knows_is_refused_with_those_there_are():
    result = invoke("bench --methods oracle")
    assert result.exit_code == 1
    assert "method is 'oracle', expected one of ['all', 'ours', 'simple']" in result.output
