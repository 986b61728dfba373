"""``entrepot screen``: what a user types, what comes back, and with which exit code."""

from __future__ import annotations

import csv
import json

import fastexcel
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from entrepot.cli import main

TEXT = (
    "shipment id,HS code,description,consignee,destination,no re-export\n"
    "S1,85423190,integrated circuits,=cmd|' /C calc'!A0,KG,@x\n"
    "=S2,bad,valve,+Beta,Mars,\n"
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "shipments.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path):
    lake = ["--lake", str(tmp_path / "lake"), "screen"]
    return lambda *words: CliRunner().invoke(main, [*lake, *map(str, words)])


@pytest.mark.parametrize("kind", ["html", "xlsx", "csv", "json", "parquet"])
def test_every_line_comes_back_in_every_format(run, file, tmp_path, kind):
    out = tmp_path / f"result.{kind}"
    shown = run(file, "--as-of", "2024-06-03", "-o", out)
    assert shown.exit_code == 0, shown.output
    if kind == "json":
        found = [line["row"] for line in json.loads(out.read_text("utf-8"))["lines"]]
    elif kind == "csv":
        found = [int(row["row"]) for row in csv.DictReader(out.open(encoding="utf-8-sig"))]
    elif kind == "parquet":
        found = parquet.read_table(out)["row"].to_pylist()
    elif kind == "xlsx":
        sheet = fastexcel.read_excel(out).load_sheet("Lines").to_arrow()
        found = [int(row) for row in sheet.column("row").to_pylist()]
    else:
        text = out.read_text("utf-8")
        found = [row for row in (2, 3) if f'<th scope="row">{row}</th>' in text]
    assert found == [2, 3]


def test_no_cell_of_a_result_is_a_formula(run, file, tmp_path):
    run(file, "--as-of", "2024-06-03", "-o", tmp_path / "r.csv")
    run(file, "--as-of", "2024-06-03", "-o", tmp_path / "r.xlsx")
    rows = list(csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8-sig")))
    assert rows[1]["shipment_id"] == "'=S2"
    assert [c for row in rows for c in row.values() if c[:1] in ("=", "+", "-", "@")] == []
    book = fastexcel.read_excel(tmp_path / "r.xlsx")
    assert book.load_sheet("Lines").to_arrow().column("shipment_id").to_pylist() == ["S1", "'=S2"]


def test_an_unreadable_line_is_a_finding_with_its_reason(run, file, tmp_path):
    run(file, "--as-of", "2024-06-03", "-o", tmp_path / "r.json")
    line = json.loads((tmp_path / "r.json").read_text("utf-8"))["lines"][1]
    assert (line["verdict"], line["deciding"]) == ("review", ["F1"])
    assert {one["field"] for one in line["unread"]} == {"goods.commodity", "route.destination"}


def test_every_answer_names_lists_policy_engine_and_checks(run, file, tmp_path):
    run(file, "--as-of", "2024-06-03", "-o", tmp_path / "r.json")
    said = json.loads((tmp_path / "r.json").read_text("utf-8"))["screening"]
    assert "chpl 2024-02-23" in said["lists"]
    assert said["policy"].startswith("default 1 (")
    assert "F1 version 1" in said["checks"]
    assert len(said["sha256"]) == 64
    early = run(file, "--as-of", "2022-06-03")
    assert "no list was there" in early.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--as-of", "2024-06-03"), 0),
        (("--as-of", "2024-06-03", "--fail-on", "review"), 3),
        (("--as-of", "2024-06-03", "--fail-on", "block"), 0),
        ((), 2),
        (("--as-of", "yesterday"), 2),
        (("--as-of", "2024-06-03", "-o", "result.docx"), 2),
        (("--as-of", "2024-06-03", "--policy", "absent.toml"), 1),
    ],
)
def test_the_exit_code_says_what_a_pipeline_must_know(run, file, words, code):
    shown = run(file, *words)
    assert shown.exit_code == code, shown.output


def test_a_file_that_is_not_there_is_an_error_of_the_input(run, tmp_path):
    assert run(tmp_path / "absent.csv", "--as-of", "2024-06-03").exit_code == 1


def test_a_policy_may_make_a_check_block(run, file, tmp_path):
    (tmp_path / "policy.toml").write_text('version = "strict"\nblock = ["F1"]\n', "utf-8")
    words = ("--as-of", "2024-06-03", "--policy", tmp_path / "policy.toml", "--fail-on", "block")
    shown = run(file, *words)
    assert shown.exit_code == 3
    assert "strict (" in shown.output


def test_a_policy_that_names_no_check_of_ours_is_refused(run, file, tmp_path):
    (tmp_path / "policy.toml").write_text('checks = ["Z9"]\n', "utf-8")
    shown = run(file, "--as-of", "2024-06-03", "--policy", tmp_path / "policy.toml")
    assert shown.exit_code == 1
    assert "Z9" in shown.output


def test_what_was_understood_of_the_columns_can_be_given_back(run, file, tmp_path):
    shown = run(file, "--show-columns")
    assert '"HS code" = "goods.commodity"' in shown.output
    (tmp_path / "columns.toml").write_text(shown.output, "utf-8")
    again = run(file, "--show-columns", "--columns", tmp_path / "columns.toml")
    assert again.output == shown.output
