"""``entrepot read``: what a user types, and what comes back."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from entrepot.cli import main
from entrepot.lake import open_lake
from entrepot.tables import ARTICLES, FINDINGS, QUOTES, TABLES

VISIT = """Trade news from Bishkek

BISHKEK, May 11, 2023 (Reuters) - “Trade with Germany grew by 5 percent,” President Japarov said.
"""


@pytest.fixture
def folder(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "visit.txt").write_text(VISIT, "utf-8")
    return articles


@pytest.fixture
def run(tmp_path):
    start = ["--lake", str(tmp_path / "lake")]
    return lambda *words: CliRunner().invoke(main, [*start, "read", *map(str, words)])


def test_articles_go_into_the_lake_and_the_next_step_is_named(run, folder, tmp_path):
    shown = run(folder)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("1 article read: 1 quote, 1 figure, ")
    assert shown.stdout.splitlines()[-1].endswith("check")
    with open_lake(tmp_path / "lake") as lake:
        (row,) = lake.table(QUOTES).collect("pyarrow").to_native().to_pylist()
    assert row["text"] == "Trade with Germany grew by 5 percent,"
    assert row["speaker_name"].endswith("Japarov")
    assert row["said_on"] == "2023-05-11"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_done(run, folder, tmp_path):
    (folder / "empty.txt").write_bytes(b"")
    shown = run(folder)
    assert shown.exit_code == 1
    assert "empty.txt: is empty" in shown.stderr
    assert "1 of the files could not be read" in shown.stderr
    with open_lake(tmp_path / "lake") as lake:
        assert (lake.row_count(ARTICLES), lake.row_count(FINDINGS)) == (1, 1)


def test_a_format_prints_and_writes_no_lake(run, folder, tmp_path):
    assert run(folder, "--format", "json").exit_code == 0
    assert not (tmp_path / "lake").exists()


def test_the_table_says_who_said_what_and_where_the_words_stand(run, folder):
    lines = run(folder, "--format", "table").stdout.splitlines()
    assert lines[0] == "Trade news from Bishkek"
    assert lines[1].startswith("2023-05-11 by its dateline; Bishkek (KG); Reuters; English")
    said = next(line for line in lines if "Trade with Germany grew" in line)
    place, words = said.strip().split("] ")
    start, end = map(int, place.strip("[").split(":"))
    assert VISIT[start:end] == words == "Trade with Germany grew by 5 percent,"
    assert any("5 percent: 5 %" in line for line in lines)
    assert any(line.startswith("Events") for line in lines)


def test_json_is_a_record_an_article(run, folder):
    (record,) = json.loads(run(folder, "--format", "json").stdout)
    assert record["meta"]["date"] == "2023-05-11"
    assert record["statements"][0]["span"]["text"].startswith("Trade with Germany")
    assert len(record["source_id"]) == 16


def test_json_lines_are_as_many_as_articles(run, folder):
    (folder / "second.txt").write_text("BERLIN - Trade fell by 2 percent in 2022.", "utf-8")
    lines = run(folder, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["id"].rsplit("/", 1)[-1] for line in lines] == [
        "second.txt",
        "visit.txt",
    ]


def test_no_article_is_an_empty_array(run, tmp_path):
    empty = tmp_path / "nothing"
    empty.mkdir()
    assert json.loads(run(empty, "--format", "json").stdout) == []


def test_csv_holds_one_table_with_all_its_columns(run, folder):
    text = run(folder, "--format", "csv", "--table", "figures").stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert tuple(row) == TABLES["figures"].column_names
    assert (row["text"], row["value"], row["unit"]) == ("5 percent", "5", "%")


def test_the_end_of_a_files_name_gives_the_format(run, folder, tmp_path):
    path = tmp_path / "quotes.parquet"
    assert run(folder, "-o", path).exit_code == 0
    assert pq.read_table(path).column_names == list(QUOTES.column_names)


def test_a_file_is_written_whole_or_not_at_all(run, folder, tmp_path):
    missing = tmp_path / "no-folder" / "quotes.csv"
    shown = run(folder, "-o", missing)
    assert shown.exit_code == 1
    assert not missing.exists()


def test_the_same_run_twice_writes_the_same_bytes(run, folder):
    assert run(folder, "--format", "json").stdout == run(folder, "--format", "json").stdout


def test_a_path_that_is_not_there_is_wrong_use(run, tmp_path):
    shown = run(tmp_path / "nowhere.txt")
    assert shown.exit_code == 2
    assert "is no file or folder" in " ".join(shown.stderr.split())


def test_no_bar_is_drawn_where_nobody_looks_at_a_terminal(run, folder):
    assert run(folder).stderr == ""


@pytest.mark.parametrize("words", [["--model", "x"], ["--endpoint", "https://example.org/v1"]])
def test_a_model_is_asked_only_with_its_address_and_name(run, folder, words):
    assert run(folder, *words).exit_code == 2
