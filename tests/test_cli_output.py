"""Rows look alike wherever they are printed, and no number ever loses a digit."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from pathlib import Path

import click
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from entrepot.cli import output
from entrepot.cli.output import Column, Grid, destination, encode, has_colour, render, write_file

ROWS = pa.table(
    {
        "commodity": ["010121", "870324"],
        "value": [1.5, None],
        "onset": pa.array([date(2022, 3, 1), None], pa.date32()),
        "detail": ['says "no", twice', "naïve – so"],
    }
)
COLUMNS = (
    Column("lead", is_whole=True),
    Column("observed\nEUR m", is_number=True),
    Column("expected\nEUR m", is_number=True, is_expendable=True),
    Column("words"),
)
GRID = Grid(
    COLUMNS,
    [
        ("EU-KG-RU-870324", "138.12", "34.10", "some words of a sentence"),
        ("EU-AM-RU-854231", "1,063.45", "2.00", "few"),
    ],
    ("A note about units.",),
)


@pytest.fixture
def terminal(monkeypatch):
    """Pretend that stdout is a terminal of a given width."""

    def set_width(columns):
        monkeypatch.setattr(output.sys, "stdout", type("Tty", (io.StringIO,), {"isatty": bool})())
        monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(
            output.shutil, "get_terminal_size", lambda: os.terminal_size((columns, 24))
        )

    return set_width


def test_numbers_end_in_the_same_column():
    lines = render(GRID).splitlines()
    ends = [
        line.index(number) + len(number)
        for line, number in zip(lines[3:5], ("138.12", "1,063.45"), strict=True)
    ]
    assert ends[0] == ends[1]


def test_a_pipe_gets_whole_rows():
    assert max(map(len, render(GRID).splitlines())) > 60
    assert "some words of a sentence" in render(GRID)


@pytest.mark.parametrize("width", [45, 60, 80])
def test_a_table_fits_the_terminal(terminal, width):
    terminal(width)
    assert max(map(len, render(GRID).splitlines())) <= width


def test_a_narrow_terminal_drops_what_is_expendable(terminal):
    terminal(50)
    assert "expected" not in render(GRID)
    terminal(120)
    assert "expected" in render(GRID)


@pytest.mark.parametrize("width", [20, 30, 45])
def test_no_width_cuts_a_number_or_a_lead(terminal, width):
    terminal(width)
    drawn = render(GRID)
    assert all(text in drawn for text in ("EU-KG-RU-870324", "138.12", "1,063.45"))


def test_brackets_in_a_cell_are_only_brackets():
    assert "[red]" in render(Grid((Column("detail"),), [("[red]",)]))


def test_json_is_a_list_of_objects_with_iso_dates():
    first, second = json.loads(encode(ROWS, "json"))
    assert first == {
        "commodity": "010121",
        "value": 1.5,
        "onset": "2022-03-01",
        "detail": 'says "no", twice',
    }
    assert (second["value"], second["onset"]) == (None, None)


def test_csv_keeps_zeros_quotes_and_dates():
    back = csv.read_csv(
        io.BytesIO(encode(ROWS, "csv")),
        convert_options=csv.ConvertOptions(column_types={"commodity": pa.string()}),
    )
    assert back["commodity"].to_pylist() == ["010121", "870324"]
    assert back["detail"].to_pylist() == ROWS["detail"].to_pylist()
    assert back["onset"].to_pylist() == [date(2022, 3, 1), None]


def test_parquet_is_the_rows():
    assert parquet.read_table(io.BytesIO(encode(ROWS, "parquet"))).equals(ROWS)


def test_the_name_of_the_file_says_the_format():
    assert destination(None, Path("leads.CSV")).format == "csv"
    assert destination(None, Path("leads.txt")).format == "table"
    assert destination("json", Path("leads.csv")).format == "json"
    assert destination(None, None).format == "table"


def test_binary_rows_do_not_go_to_a_terminal(terminal):
    terminal(80)
    with pytest.raises(click.UsageError, match="parquet is binary"):
        destination("parquet", None)


def test_a_file_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(click.FileError) as caught:
        write_file(tmp_path / "absent" / "leads.csv", b"x")
    assert caught.value.exit_code == 1


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "leads.csv"
    write_file(path, b"old")
    write_file(path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["leads.csv"]
    assert path.read_bytes() == b"new"


def test_no_color_is_honoured(terminal, monkeypatch):
    terminal(80)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert has_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colour()
