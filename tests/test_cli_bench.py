"""`entrepot bench` prints what the benchmark measured, metric by metric."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from entrepot import bench
from entrepot.bench import Trial
from entrepot.cli import main
from entrepot.simulate.score import Score

SCORE = Score(
    cell_count=992,
    diverted_count=162,
    flagged_count=73,
    average_precision=0.67,
    value_captured=0.862,
    false_discovery_proportion=0.123,
    power=0.395,
    power_by_value=0.719,
    null_share_below=0.07,
    wmape=0.94,
    total_ratio=None,
    coverage_diverted=0.914,
    coverage_null=0.886,
    coverage_flagged=0.74,
    interval_score=5.225,
)


@pytest.fixture
def asked(monkeypatch):
    """What the benchmark was asked; it answers with one trial."""
    calls = []

    def answer(*words):
        calls.append(words[:-1])
        return [Trial("base", 100, "entrepot common", 27.6, SCORE)]

    monkeypatch.setattr(bench, "run_bench", answer)
    monkeypatch.setattr(bench, "run_real_bench", answer)
    return calls


def test_scenarios_and_seeds_are_handed_on(asked, tmp_path):
    runner = CliRunner()
    assert runner.invoke(main, ["bench"]).exit_code == 0
    words = "bench --scenario null --scenario drift --seed 0 --seed 1"
    assert runner.invoke(main, words.split()).exit_code == 0
    lake = ["--lake", str(tmp_path)]
    assert runner.invoke(main, [*lake, *["bench", "--real", "strong"]]).exit_code == 0
    assert asked[:2] == [(("base",), (100,)), (("null", "drift"), (0, 1))]
    assert asked[2][1:] == (("strong",), (100,))


def test_each_metric_stands_in_its_column(asked):
    shown = CliRunner().invoke(main, ["bench"]).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("base")]
    assert " ".join(line.split()[4:]) == (
        "0.914 0.886 0.123 0.395 0.719 0.070 0.670 0.940 – 5.225 27.6"
    )


def test_programs_get_all_metrics(asked):
    (row,) = json.loads(CliRunner().invoke(main, ["bench", "--format", "json"]).stdout)
    assert row == {
        "world": "base",
        "seed": 100,
        "method": "entrepot common",
        "seconds": 27.6,
        **{name: getattr(SCORE, name) for name in Score.__dataclass_fields__},
    }
