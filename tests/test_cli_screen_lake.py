"""``entrepot screen`` over a lake: lists as of a day, and decisions that are honoured."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from entrepot.cli import main

OWN = "party_id,schema,name,country,listing_date\n7,Company,Tulamash Trading LLC,ru,2024-01-10\n"
LINES = (
    "shipment id,HS code,description,consignee,destination\n"
    "S1,84138100,pumps,Tulamash Trading LLC,KG\n"
)


@pytest.fixture
def run(tmp_path):
    (tmp_path / "own-blocked_2024-02-01.csv").write_text(OWN, encoding="utf-8")
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")

    def typed(*words):
        return CliRunner().invoke(main, ["--lake", str(tmp_path / "lake"), *map(str, words)])

    shown = typed("ingest", tmp_path / "own-blocked_2024-02-01.csv")
    assert shown.exit_code == 0, shown.output
    return typed


def answer(run, tmp_path, *words):
    out = tmp_path / "r.json"
    shown = run("screen", tmp_path / "lines.csv", "--as-of", "2024-06-03", "-o", out, *words)
    assert shown.exit_code == 0, shown.output
    (line,) = json.loads(out.read_text("utf-8"))["lines"]
    return line


def decide(run, *more):
    words = ("--party", "Tulamash Trading LLC", "--dataset", "own-blocked", "--by", "A. Ost")
    why = ("--entity", "7", "--reason", "other tax number")
    shown = run("decide", "false-match", *words, *why, *more)
    assert shown.exit_code == 0, shown.output


def test_a_hit_set_aside_stays_in_the_output_with_who_decided_and_why(run, tmp_path):
    before = answer(run, tmp_path)
    assert "P9" in before["deciding"]
    decide(run)
    after = answer(run, tmp_path)
    assert "P9" not in after["deciding"]
    text = json.dumps(after, ensure_ascii=False)
    assert "Tulamash Trading LLC" in text
    assert "decided by A. Ost" in text
    assert "other tax number" in text


def test_decisions_of_another_database_are_not_those_of_the_lake(run, tmp_path):
    decide(run)
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert "P9" in answer(run, tmp_path, "--decisions", other)["deciding"]


def test_a_run_that_is_not_there_is_refused(run, tmp_path):
    shown = run("screen", tmp_path / "lines.csv", "--as-of", "2024-06-03", "--run", "nowhere")
    assert shown.exit_code == 1
    assert "nowhere" in shown.output
