"""The cost curve: what is measured, what is compared, what is said of it."""

from __future__ import annotations

import platform

import numpy as np
import pytest
from click.testing import CliRunner

from entrepot.bench import scale, scale_stages
from entrepot.bench.scale import (
    BESIDE,
    DONE,
    FAILED,
    MEASURED,
    STOPPED,
    cost_curve,
    curve_rows,
    sizes_of,
    speedups,
)
from entrepot.bench.scale_bandwidth import copy_gigabytes
from entrepot.bench.scale_beside import fixest_beside, sql_beside
from entrepot.bench.scale_page import write_page
from entrepot.bench.scale_stages import STAGES, Stage
from entrepot.bench.scale_world import EVENT, scale_cube, scale_material, shape_of, write_months
from entrepot.cli import main
from entrepot.diversion.panel import build
from entrepot.lake import Lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, LEADS, SOURCES

CELLS = 40_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A small panel with its files."""
    folder = tmp_path_factory.mktemp("scale")
    STAGES["prepare"](folder, CELLS, 1)
    return folder


@pytest.mark.parametrize("cells", [1_000_000, 3_000_000, 30_000_000, 100_000_000])
def test_a_panel_has_as_many_live_cells_as_asked_for(cells):
    k, v, t = shape_of(cells)
    assert cells <= k * v * t < cells * 1.02
    assert t == 84
    assert v <= 200


def test_a_panel_is_the_same_for_the_same_seed_and_mostly_empty():
    one, again, other = scale_cube(CELLS, 1), scale_cube(CELLS, 1), scale_cube(CELLS, 2)
    assert np.array_equal(one.values, again.values)
    assert not np.array_equal(one.values, other.values)
    filled = len(one.values) / np.prod(one.shape)
    assert 0.1 < filled < 0.4


def test_its_files_are_comexts_and_give_the_panel_back(place, tmp_path):
    cube = scale_cube(CELLS, 1)
    asked = scale_material(cube, 1)
    assert asked.design.is_candidate.any()
    assert asked.design.is_listed.any()
    assert asked.first == EVENT
    some = write_months(cube.until(14), tmp_path / "files")
    assert some > 0
    with Lake(tmp_path / "lake") as lake:
        files = sorted((tmp_path / "files").iterdir())
        rows = sum(one.row_count for one in ingest(lake, files))
        assert rows == (cube.months < 14).sum()
        question = scale_inquiry()
        panel = build(lake.table(FLOWS), lake.table(SOURCES), None, question)
    assert panel.cube.values.sum() == cube.values[cube.months < 14].sum()


def scale_inquiry():
    from datetime import date

    from entrepot.diversion.inquiry import Inquiry

    since = date(2017, 12, 1)
    return Inquiry(
        coalition="DE", dataset="comext", goods="all", since=since, intermediaries="AM,KG,KZ"
    )


@pytest.mark.parametrize("name", ["fit", "folds", "fusion"])
def test_a_stage_tells_its_time_and_the_least_it_must_move(place, name):
    took = STAGES[name](place, CELLS, 1)
    assert took.seconds > 0
    assert took.count > 0
    assert took.least_bytes > 0


@pytest.mark.slow
def test_a_world_run_tests_every_partner(tmp_path):
    for name in ("prepare", "ingest"):
        STAGES[name](tmp_path, CELLS, 1)
    took = STAGES["world"](tmp_path, CELLS, 1)
    with Lake(tmp_path / "lake") as lake:
        leads = lake.table(LEADS).select("intermediary", "commodity").collect()
    assert took.count == len(leads)
    assert leads["intermediary"].n_unique() > 0.9 * shape_of(CELLS)[1]
    assert 0.2 < leads["commodity"].n_unique() / shape_of(CELLS)[0] < 0.4


def test_sql_and_our_own_iterations_give_equal_values(place):
    took = sql_beside(place, CELLS, 1)
    assert float(took.note.split("within ")[1]) < 1e-9


@pytest.mark.reference
def test_pyfixest_and_our_own_fit_give_equal_values(place):
    pytest.importorskip("pyfixest", reason="needs entrepot[dev].")
    took = fixest_beside(place, CELLS, 1)
    assert float(took.note.split("within ")[1]) < 1e-5
    assert took.count <= np.prod(shape_of(CELLS))


@pytest.mark.parametrize(
    ("clock", "took", "goes"), [((0, 0.5, 1, 1.25, 2, 3), 0.25, 3), ((0, 1.5), 1.5, 1)]
)
def test_short_work_counts_with_the_quickest_of_three_goes(monkeypatch, clock, took, goes):
    times, done = iter(clock), []
    monkeypatch.setattr(scale_stages.time, "perf_counter", lambda: float(next(times)))
    found = scale_stages._quickest(lambda: done.append(1) or len(done))
    assert found == (took, goes)


def test_a_copy_takes_time():
    assert 0.01 < copy_gigabytes(2_000_000) < 10_000


@pytest.fixture(scope="module")
def curve():
    """A curve at one small size, in processes of its own."""
    return cost_curve((CELLS,), 120.0, 1)


@pytest.mark.slow
def test_every_stage_stands_in_the_curve_with_its_distance_to_the_limit(curve):
    rows = {row["stage"]: row for row in curve_rows(curve).to_pylist()}
    assert set(rows) == {*MEASURED, *BESIDE}
    assert {row["outcome"] for row in rows.values()} == {DONE}
    for name in ("ingest", "panel", "fit", "folds", "fusion"):
        assert rows[name]["over_limit"] == pytest.approx(
            rows[name]["seconds"] / rows[name]["limit_seconds"]
        )
    assert speedups(curve)[CELLS] > 1


@pytest.mark.slow
def test_the_page_names_the_machine_and_not_its_name(curve, tmp_path):
    page, chart = write_page(curve, tmp_path / "scale.md")
    text = page.read_text("utf-8")
    assert f"{curve.machine.cores} cores of {curve.machine.processor}" in text
    assert platform.node() not in text or len(platform.node()) < 4
    assert "![Seconds over live cells, both logarithmic. At 40,000 cells: " in text
    assert chart.read_text("utf-8").startswith("<svg")
    assert text.count("| 40,000 |") == len(MEASURED) + len(BESIDE)


def test_what_takes_too_long_is_stopped_and_not_tried_again(monkeypatch):
    asked = []

    def measured(place, cells, stage, how):
        asked.append((cells, stage))
        if stage == "sql":
            return scale.Measured(cells, stage, STOPPED, None, "more than 1 s")
        if stage == "fusion":
            return scale.Measured(cells, stage, FAILED, None, "MemoryError")
        return scale.Measured(
            cells,
            stage,
            DONE,
            Stage(1.0, 2.0, 8e9, 4, "cells; ours 0.5 s, x"),
            "cells; ours 0.5 s, x",
        )

    monkeypatch.setattr(scale, "_measured", measured)
    monkeypatch.setattr(scale, "copy_gigabytes", lambda: 10.0)
    found = cost_curve((2_000_000, 1_000_000), 1.0, 1)
    assert (1_000_000, "sql") in asked
    assert (2_000_000, "sql") not in asked
    rows = {(row["cells"], row["stage"]): row for row in curve_rows(found).to_pylist()}
    assert rows[2_000_000, "sql"]["outcome"] == STOPPED
    assert rows[2_000_000, "fusion"]["seconds"] is None
    # Eight GB at ten GB a second are 0.8 s, and it took one.
    assert rows[1_000_000, "fit"]["over_limit"] == pytest.approx(1.25)
    assert speedups(found)[1_000_000] == pytest.approx(2.0)


def test_a_stage_that_outlives_its_limit_is_stopped(place):
    row = scale._measured(place, CELLS, "folds", (0.05, 1))
    assert (row.outcome, row.took) == (STOPPED, None)


def test_a_stage_that_fails_says_why(tmp_path):
    row = scale._measured(tmp_path, CELLS, "fit", (60.0, 1))
    assert row.outcome == FAILED
    assert "No such file" in row.note


@pytest.mark.parametrize(("text", "sizes"), [("1", (1_000_000,)), ("3,0.5", (500_000, 3_000_000))])
def test_sizes_are_millions(text, sizes):
    assert sizes_of(text) == sizes


@pytest.mark.parametrize("text", ["", "a", "0", "-1", "1,,2", "inf"])
def test_what_is_no_size_is_wrong_use(text):
    done = CliRunner().invoke(main, ["bench", "scale", "--cells", text])
    assert done.exit_code == 2
    assert "expected e.g. 1,3,10" in done.output
