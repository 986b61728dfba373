"""Anybody's file of leads is scored on a simulated world."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import csv, parquet

from entrepot.api import write_world
from entrepot.bench.arena import arena_of_world
from entrepot.bench.methods import trials
from entrepot.bench.own import own_methods
from entrepot.bench.submission import read_submission, score_submission
from entrepot.cli import main
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate


@pytest.fixture(scope="module")
def world():
    return simulate(small(SCENARIOS["base"]), 3)


@pytest.fixture(scope="module")
def lake(world, tmp_path_factory):
    with Lake(tmp_path_factory.mktemp("world") / "lake") as opened:
        write_world(opened, world)
        yield opened


@pytest.fixture(scope="module")
def rows(world):
    """What our own estimator would hand in."""
    arena = arena_of_world(world)
    (cells,) = [cells for name, cells, _ in own_methods(arena) if name == "entrepot partner"]
    row, column = np.nonzero(arena.tested)
    return pa.table(
        {
            "intermediary": arena.material.cube.partners[column].tolist(),
            "commodity": arena.material.cube.commodities[row].tolist(),
            "diverted": cells.estimate,
            "diverted_low": cells.low,
            "diverted_high": cells.high,
            "score": cells.score,
            "p_value": cells.p_value,
            "is_flagged": cells.is_flagged,
        }
    )


def test_a_file_scores_as_its_method_does(lake, world, rows, tmp_path):
    (inside,) = trials("small-base", 3, arena_of_world(world), ("entrepot partner",))
    csv.write_csv(rows, tmp_path / "mine.csv")
    parquet.write_table(rows, tmp_path / "mine.parquet")
    for name in ("mine.csv", "mine.parquet"):
        ((trial, found),) = score_submission(tmp_path / name, lake)
        assert (trial.world, trial.seed, trial.method) == ("small-base", 3, "mine")
        assert (found.unknown_count, found.missing_count) == (0, 0)
        for metric in ("average_precision", "power", "wmape", "coverage_diverted"):
            expected = getattr(inside.score, metric)
            assert getattr(trial.score, metric) == pytest.approx(expected), metric


def test_brackets_of_one_file_are_scored_apart(lake, rows, tmp_path):
    both = [
        rows.append_column("bracket", pa.array([bracket] * rows.num_rows))
        for bracket in ("partner", "common")
    ]
    parquet.write_table(pa.concat_tables(both), tmp_path / "mine.parquet")
    scored = score_submission(tmp_path / "mine.parquet", lake)
    assert [trial.method for trial, _ in scored] == ["mine common", "mine partner"]


def test_a_file_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"PK")
    (tmp_path / "mine.parquet").write_bytes(b"no parquet")
    with pytest.raises(EstimateError, match=r"mine.xlsx ends in '.xlsx', expected one of"):
        read_submission(tmp_path / "mine.xlsx")
    with pytest.raises(EstimateError, match=r"mine.parquet cannot be read as parquet"):
        read_submission(tmp_path / "mine.parquet")


def test_codes_of_a_csv_keep_their_leading_zeros(tmp_path):
    (tmp_path / "mine.csv").write_text("intermediary,commodity,score,excess\nNA,010121,1,2\n")
    (row,) = read_submission(tmp_path / "mine.csv").to_pylist()
    assert (row["intermediary"], row["commodity"]) == ("NA", "010121")


def test_a_lake_without_a_world_is_refused(rows, tmp_path):
    parquet.write_table(rows, tmp_path / "mine.parquet")
    with Lake(tmp_path / "empty") as empty, pytest.raises(LakeError, match="holds 0 simulated"):
        score_submission(tmp_path / "mine.parquet", empty)


def test_the_command_says_how_the_file_fits_and_prints_its_scores(lake, rows, tmp_path):
    csv.write_csv(rows.slice(5), tmp_path / "mine.csv")
    words = ["bench", "--submission", str(tmp_path / "mine.csv"), "--world", str(lake.path)]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0, shown.output
    assert "ranked by score, estimate from diverted" in shown.output
    assert "5 cells are missing" in shown.output
    assert "small-base" in shown.output
