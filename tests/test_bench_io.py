"""`entrepot bench io`: files made up in real layouts, and how they are measured."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from click.testing import CliRunner

from entrepot.bench import io as bench_io
from entrepot.bench.io import FileTrial, run_io, trial_rows
from entrepot.bench.io_files import (
    pack_7z,
    write_comext_month,
    write_comtrade,
    write_comtrade_bulk,
)
from entrepot.cli import main
from entrepot.codes.high_priority import high_priority
from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS

WRITERS = {
    "full_v2_202301.dat": (write_comext_month, "comext_bulk"),
    "comtrade.csv": (write_comtrade, "comtrade_csv"),
    "comtrade-bulk.txt": (write_comtrade_bulk, "comtrade_csv"),
}


@pytest.fixture
def lake(tmp_path):
    with open_lake(tmp_path / "lake") as opened:
        yield opened


@pytest.mark.parametrize("name", WRITERS)
def test_a_made_up_file_has_as_many_lines_as_asked_and_every_one_is_read(lake, tmp_path, name):
    write, reader = WRITERS[name]
    write(tmp_path / name, 2000)
    assert len((tmp_path / name).read_bytes().splitlines()) == 2001
    (result,) = ingest(lake, [tmp_path / name])
    left_out = sum(count for why, count in result.skipped if not why.endswith("left open"))
    assert (result.reader, result.row_count + left_out) == (reader, 2000)
    assert result.row_count > 1900


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_size_gives_the_same_bytes(tmp_path, name):
    write, _ = WRITERS[name]
    digests = set()
    for place in range(2):
        path = tmp_path / f"{place}-{name}"
        write(path, 500)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_months_of_comext_hold_different_lines(tmp_path):
    texts = set()
    for month in (1, 2):
        path = tmp_path / f"full_v2_20230{month}.dat"
        write_comext_month(path, 200, month)
        texts.add(path.read_text().replace(f"20230{month}", ""))
    assert len(texts) == 2


def test_codes_of_the_control_list_are_among_the_goods(lake, tmp_path):
    path = tmp_path / "comtrade.csv"
    write_comtrade(path, 60_000)
    ingest(lake, [path])
    found = set(lake.table(FLOWS).select("commodity").collect()["commodity"].to_list())
    assert {code.commodity for code in high_priority()} & found


def test_a_packed_file_may_be_called_anything(lake, tmp_path):
    """gzip keeps the name of the text; a carriage return in it is no new line of a table."""
    text, packed = tmp_path / "comtrade-bulk.txt", tmp_path / "comtrade-bulk.txt.gz"
    write_comtrade_bulk(text, 200)
    with packed.open("wb") as file, gzip.GzipFile("a\rb", "wb", fileobj=file) as archive:
        archive.write(text.read_bytes())
    (result,) = ingest(lake, [packed])
    assert result.reader == "comtrade_csv"


@pytest.mark.slow
def test_a_file_is_measured_beside_plain_readers(tmp_path):
    path = tmp_path / "comtrade.csv"
    write_comtrade(path, 400)
    (trial,) = run_io(1, [path], repeats=1)
    assert (trial.file, trial.reader, trial.line_count) == ("comtrade.csv", "comtrade_csv", 400)
    assert trial.size_mb == pytest.approx(path.stat().st_size / 1e6)
    assert trial.ratio(trial.duckdb_seconds) == trial.read_seconds / trial.duckdb_seconds
    assert trial.ingest_seconds > 0


def test_plain_readers_cannot_open_an_archive(tmp_path):
    text = tmp_path / "full_v2_202301.dat"
    write_comext_month(text, 200)
    pack_7z(text, text.with_suffix(".7z"))
    line_count, seconds = bench_io._read_in_turn(text.with_suffix(".7z"), 1)
    assert (line_count, set(seconds)) == (None, {"entrepot"})


def test_a_file_nobody_knows_is_not_measured(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"notes.csv: not a file any reader knows"):
        run_io(1, [path], repeats=1)


TRIAL = FileTrial(
    file="comtrade.csv",
    size_mb=280.0,
    reader="comtrade_csv",
    line_count=1_000_000,
    row_count=950_000,
    read_seconds=0.8,
    duckdb_seconds=1.6,
    pyarrow_seconds=1.0,
    polars_seconds=None,
    ingest_seconds=5.0,
    peak_mb=500.0,
)


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def answer(row_count, files, report, **how):
        calls.append((row_count, [path.name for path in files], how))
        return [TRIAL]

    monkeypatch.setattr(bench_io, "run_io", answer)
    return calls


def entrepot(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_speed_and_ratios_stand_in_one_line(asked):
    shown = entrepot("bench", "io", "--lines", 1000, "--repeats", 2)
    assert asked == [(1000, [], {"repeats": 2})]
    assert "comtrade.csv 280 1,000,000 0.80 1,250,000 0.50 0.80 – 5.0 500" in " ".join(
        shown.stdout.split()
    )
    assert "Polars is not installed" in shown.stdout


def test_programs_get_seconds_and_ratios(asked):
    (row,) = json.loads(entrepot("bench", "io", "--format", "json").stdout)
    assert (row["lines_per_second"], row["ratio_duckdb"], row["ratio_polars"]) == (
        1_250_000,
        0.5,
        None,
    )
    assert trial_rows([TRIAL]).num_rows == 1


def test_own_files_are_measured_in_place_of_made_up_ones(asked, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("")
    assert entrepot("bench", "io", path).exit_code == 0
    assert asked[0][1] == ["mine.csv"]


def test_options_of_the_score_do_not_go_with_io(asked):
    shown = entrepot("bench", "--seed", 3, "io")
    assert shown.exit_code == 2
    assert "--seed goes with `entrepot bench` alone" in shown.stderr
    assert asked == []
