"""Caveats, and what all CSV files of the room have in common."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from importlib.resources import files

import pytest

from entrepot.codes.caveats import caveat, caveats, sentences
from entrepot.codes.rows import CODES, read_rows
from entrepot.errors import CodeError

ROOM = files("entrepot").joinpath(CODES)
CSV_NAMES = sorted(entry.name for entry in ROOM.iterdir() if entry.name.endswith(".csv"))


def test_every_caveat_has_one_code_and_one_sentence():
    codes = [row.code for row in caveats()]
    assert len(codes) == len(set(codes)) == len({row.sentence for row in caveats()})
    for row in caveats():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row.code)
        assert row.sentence[0].isupper()
        assert re.fullmatch(r"[^.!?]+\.", row.sentence), row.sentence
    assert {row.applies_to for row in caveats()} == {"corridor", "country", "run"}


def test_no_caveat_accuses():
    words = re.compile(
        r"\b(prove[sn]?|guilt\w*|smuggl\w*|evad\w*|circumvent\w*|illegal\w*)\b", re.I
    )
    assert [row.code for row in caveats() if words.search(row.sentence)] == []


def test_sentences_come_in_the_order_of_the_file_and_once():
    first, second = caveat("upstream_only"), caveat("simulated")
    assert sentences("simulated upstream_only simulated") == (first.sentence, second.sentence)
    assert sentences("") == ()


def test_an_unknown_caveat_is_an_error():
    with pytest.raises(CodeError, match="caveat is 'oops', expected one of"):
        sentences("simulated oops")


@pytest.mark.parametrize("name", CSV_NAMES)
class TestFile:
    def test_is_described_in_sources(self, name):
        assert f"\n## {name}\n" in ROOM.joinpath("SOURCES.md").read_text("utf-8")

    def test_every_row_names_its_source(self, name):
        rows = self.rows(name)
        header = ROOM.joinpath(name).read_text("utf-8").split("\n", 1)[0].strip().split(",")
        columns = {"source", "locator"} & set(header)
        assert columns
        assert [row for row in rows if not all(row[column].strip() for column in columns)] == []

    def test_values_are_trimmed_and_rows_differ(self, name):
        rows = self.rows(name)
        assert [v for row in rows for v in row.values() if v != v.strip() or "\n" in v] == []
        assert len({tuple(row.values()) for row in rows}) == len(rows)

    def test_marks_what_was_checked_with_yes_or_no(self, name):
        for row in self.rows(name):
            assert {row.get("checked", "no"), row.get("act_checked", "no")} <= {"yes", "no"}

    def rows(self, name):
        return list(csv.DictReader(ROOM.joinpath(name).read_text("utf-8").splitlines()))


def test_sources_describe_no_file_that_is_gone():
    text = ROOM.joinpath("SOURCES.md").read_text("utf-8")
    assert sorted(re.findall(r"^## (\S+)$", text, re.MULTILINE)) == CSV_NAMES


def test_a_header_that_changed_is_an_error():
    with pytest.raises(CodeError, match=r"codes/caveats\.csv, line 1: header is"):
        read_rows("caveats.csv", ("code", "words"))


def test_the_room_is_light_to_import():
    modules = "areas, groupings, high_priority, packages, caveats"
    program = (
        f"import sys; from entrepot.codes import {modules}; "
        "print(sorted({'duckdb', 'numpy', 'pyarrow', 'narwhals'} & set(sys.modules)))"
    )
    report = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert report.stdout.strip() == "[]"
