"""A run that is killed goes on where it stood; a new month is added to what is known."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest
from stage_lake import differences, lake_of, month_files, question, results, send, send_list, world

from entrepot.api import runs, stages
from entrepot.api.kept import read_kept, write_kept
from entrepot.api.stages import LAST, LEFT_DAYS, STAGES, KeptStages
from entrepot.diversion import evidence, summing
from entrepot.diversion.counterfactual import Factors, fit, margins, mask, settled
from entrepot.diversion.cube import from_dense
from entrepot.diversion.past_fit import carried, past_fit
from entrepot.diversion.window import Cells
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import DIAGNOSTICS, FINDINGS, LEADS, LISTED_COMMODITIES, RUNS, SERIES, TOTALS

RESULTS = (LEADS, TOTALS, SERIES, DIAGNOSTICS, FINDINGS)
CLOSE = 1e-6  # of the largest number of a column: the fits end within 1e-8 of their margins
WORLD = world()
ASKED = question(WORLD)
# Runs a detection that kills itself once a stage is kept, or in the midst of writing it.
CHILD = """
    import os, signal, sys
    from entrepot.api import kept, stages
    step, when, lake = sys.argv[1:4]
    sys.path.insert(0, sys.argv[4])
    from stage_lake import question, world
    from entrepot import api
    from entrepot.lake import Lake

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    write = stages.write_kept
    def written(path, value):
        if path.name == f"{step}.npz" and when == "within":
            os.replace = lambda *names: die()
        write(path, value)
        if path.name == f"{step}.npz":
            die()
    stages.write_kept = written
    with Lake(lake) as held:
        api.detect(held, question(world()))
"""


class Broken(Exception):
    """Stands for whatever ends a run."""


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A lake with all months, and the run it gives."""
    folder = lake_of(tmp_path_factory.mktemp("whole") / "lake", WORLD)
    with Lake(folder) as lake:
        run_id = runs.detect(lake, ASKED)
        return {table.name: results(lake, run_id, table) for table in RESULTS}


def made_stages(monkeypatch, stop_after=None):
    """Note the stages that are made, and break off after one of them."""
    made = []
    write = stages.write_kept

    def noted(path, value):
        write(path, value)
        if path.parent.name != LAST:
            made.append(path.stem)
        if path.stem == stop_after:
            raise Broken

    monkeypatch.setattr(stages, "write_kept", noted)
    return made


def test_a_run_that_broke_off_makes_only_what_is_missing(tmp_path, monkeypatch, sent):
    folder = lake_of(tmp_path / "lake", WORLD)
    with Lake(folder) as lake:
        first = made_stages(monkeypatch, stop_after="fold-2")
        with pytest.raises(Broken):
            runs.detect(lake, ASKED)
        assert first == ["panel", "records", "fit", "fold-0", "fold-1", "fold-2"]
        monkeypatch.undo()
        then = made_stages(monkeypatch)
        run_id = runs.detect(lake, ASKED)
        assert not set(then) & set(first)
        assert then[0] == "fold-3"
        assert then[-4:] == ["placebo-fold-5", "placebos", "legs", "checks"]
        # The engine adds up in no fixed order, so that the panels may differ in the last digit.
        assert max(differences(sent[t.name], results(lake, run_id, t)) for t in RESULTS) < 1e-9
        assert not (folder / STAGES).exists() or not list((folder / STAGES).iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("when", ["within", "after"])
@pytest.mark.parametrize(
    "step", ["panel", "records", "fit", "fold-3", "conclusions", "placebo-fold-1", "legs", "checks"]
)
def test_a_run_that_was_killed_ends_with_the_same_numbers(tmp_path, sent, step, when):
    folder = lake_of(tmp_path / "lake", WORLD)
    here = str(Path(__file__).parent)
    words = [sys.executable, "-c", textwrap.dedent(CHILD), step, when, str(folder), here]
    killed = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Lake(folder) as lake:
        assert not lake.has(RUNS)
        run_id = runs.detect(lake, ASKED)
        assert max(differences(sent[t.name], results(lake, run_id, t)) for t in RESULTS) < 1e-9


def test_stages_of_another_question_or_other_files_are_not_taken(tmp_path, monkeypatch):
    folder = lake_of(tmp_path / "lake", WORLD, missing=1)
    with Lake(folder) as lake:
        made_stages(monkeypatch, stop_after="fit")
        with pytest.raises(Broken):
            runs.detect(lake, ASKED)
        monkeypatch.undo()
        other = made_stages(monkeypatch, stop_after="panel")
        with pytest.raises(Broken):
            runs.detect(lake, replace(ASKED, fdr=0.2))
        send(lake, month_files(WORLD)[-1:])
        with pytest.raises(Broken):
            runs.detect(lake, ASKED)
        assert other == ["panel", "panel"]


def test_a_new_month_is_summed_alone_and_the_fit_begins_where_the_last_ended(
    tmp_path, monkeypatch, sent
):
    folder = lake_of(tmp_path / "lake", WORLD, missing=1)
    fetched, fits = watch(monkeypatch)
    with Lake(folder) as lake:
        runs.detect(lake, ASKED)
        assert fetched == [len(WORLD.periods) - 1]
        cold = list(fits)
        send(lake, month_files(WORLD)[-1:])
        fetched.clear()
        fits.clear()
        run_id = runs.detect(lake, ASKED)
        assert fetched == [1]
        assert fits[0] < cold[0]
        assert max(differences(sent[t.name], results(lake, run_id, t)) for t in RESULTS) < CLOSE


def watch(monkeypatch):
    """Note how many months the engine sums, and how many rounds each fit takes."""
    fetched, fits = [], []
    fetch, solve = summing._fetch, evidence.fit

    def fetch_noted(*asked):
        found = fetch(*asked)
        fetched.append(len(np.unique(found.month)))
        return found

    def fit_noted(*asked):
        found = solve(*asked)
        fits.append(found[1])
        return found

    monkeypatch.setattr(summing, "_fetch", fetch_noted)
    monkeypatch.setattr(evidence, "fit", fit_noted)
    return fetched, fits


@pytest.mark.slow
def test_a_month_that_was_revised_is_summed_again(tmp_path, monkeypatch):
    folder = lake_of(tmp_path / "lake", WORLD)
    with Lake(folder) as lake:
        runs.detect(lake, ASKED)
    source_id, rows = month_files(WORLD)[-3]
    at = rows.column_names.index("value")
    revised = rows.set_column(at, "value", pc.multiply(rows["value"], 1.5))
    revised = revised.set_column(
        rows.column_names.index("source_id"),
        "source_id",
        pc.replace_substring(rows["source_id"], "0000", "000r", max_replacements=1),
    )
    name = revised["source_id"][0].as_py()
    with Lake(folder) as lake, Lake(tmp_path / "cold") as cold:
        send(lake, [(name, revised)], vintage="2024-02-01")
        send(cold, month_files(WORLD))
        send(cold, [(name, revised)], vintage="2024-02-01")
        send_list(cold, WORLD)
        fetched, _ = watch(monkeypatch)
        warm_run = runs.detect(lake, ASKED)
        assert fetched == [1]
        cold_run = runs.detect(cold, ASKED)
        assert source_id != name
        for table in RESULTS:
            gap = differences(results(cold, cold_run, table), results(lake, warm_run, table))
            assert gap < CLOSE, table.name


@pytest.mark.slow
def test_another_list_changes_every_month(tmp_path, monkeypatch):
    folder = lake_of(tmp_path / "lake", WORLD)
    fetched, _ = watch(monkeypatch)
    with Lake(folder) as lake:
        runs.detect(lake, ASKED)
        rows = lake.table(LISTED_COMMODITIES).collect("pyarrow").to_native()
        with lake.write() as transaction:
            transaction.put(LISTED_COMMODITIES, rows.slice(1), unit="list")
        runs.detect(lake, replace(ASKED, seed=2))
        assert fetched == [len(WORLD.periods)] * 2


@pytest.mark.slow
def test_fresh_takes_nothing_from_runs_before(tmp_path, monkeypatch):
    folder = lake_of(tmp_path / "lake", WORLD)
    fetched, fits = watch(monkeypatch)
    with Lake(folder) as lake:
        runs.detect(lake, ASKED)
        cold = list(fits)
        fits.clear()
        runs.detect(lake, replace(ASKED, seed=2), is_fresh=True)
        assert fetched == [len(WORLD.periods)] * 2
        assert fits == cold


def test_a_run_that_cannot_be_made_leaves_its_sums_to_no_other(tmp_path, monkeypatch):
    folder = lake_of(tmp_path / "lake", WORLD)
    with Lake(folder) as lake, pytest.raises(EstimateError):
        runs.detect(lake, replace(ASKED, intermediaries="AD"))
    assert not (folder / LAST).exists()


def test_stages_nobody_came_back_for_are_removed_after_a_week(tmp_path):
    folder = lake_of(tmp_path / "lake", WORLD)
    with Lake(folder) as lake:
        old, young = folder / STAGES / "old", folder / STAGES / "young"
        for path in (old, young):
            path.mkdir(parents=True)
        then = time.time() - (LEFT_DAYS + 1) * 86_400
        os.utime(old, (then, then))
        KeptStages(lake, ASKED).sweep()
        assert not old.exists()
        assert young.exists()


def test_a_record_comes_back_bit_for_bit_and_a_torn_file_is_not_read(tmp_path):
    numbers = np.array([0.1, np.nan, -0.0, 1e-320])
    whole = np.arange(4, dtype=np.int64)
    held = {"common": Cells(whole, whole, *([numbers] * 5))}
    path = tmp_path / "cells.npz"
    write_kept(path, held)
    back = read_kept(path, dict[str, Cells])["common"]
    assert back.mean.tobytes() == numbers.tobytes()
    assert back.row.dtype == whole.dtype
    path.write_bytes(path.read_bytes()[:-40])
    assert stages._read(path, dict[str, Cells]) is None


def test_no_code_is_read_from_a_kept_file(tmp_path):
    path = tmp_path / "cells.npz"
    np.savez(path, tree=np.array(json.dumps(0)), a0=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        read_kept(path, np.ndarray)


def panel_of(seed, shape=(6, 4, 12)):
    rng = np.random.default_rng(seed)
    values = rng.gamma(0.5, 100.0, size=shape) * (rng.random(shape) < 0.8)
    codes = np.array([f"84{n:04d}" for n in range(shape[0])])
    names = np.array([f"A{chr(65 + n)}" for n in range(shape[1])])
    return from_dense(
        values, codes, names, np.arange("2021-01", "2022-01", dtype="datetime64[M]")[: shape[2]]
    )


def test_factors_do_not_depend_on_where_the_fit_began():
    cube = panel_of(1)
    seen = mask(cube, np.zeros(cube.shape[:2], dtype=bool), np.full(6, 9))
    sums = margins(cube, seen)
    rng = np.random.default_rng(2)
    first = Factors(*(rng.uniform(0.1, 9, size) for size in ((6, 4), (6, 12), (4, 12))))
    one, _ = fit(sums, seen, tolerance=1e-13)
    other, _ = fit(sums, seen, first, tolerance=1e-13)
    for name in ("a", "g", "d"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-8)


def test_settled_factors_have_mean_one_and_the_same_products():
    cube = panel_of(3)
    seen = mask(cube, np.zeros(cube.shape[:2], dtype=bool), np.full(6, 9))
    rng = np.random.default_rng(4)
    raw = Factors(*(rng.uniform(0.1, 9, size) for size in ((6, 4), (6, 12), (4, 12))))
    weight = np.array([1.0, 2.0, 3.0, 4.0])
    found = settled(raw, seen, weight)
    everything = slice(0, 6)
    np.testing.assert_allclose(found.mean(everything), raw.mean(everything), rtol=1e-12)
    np.testing.assert_allclose(weight @ found.d / weight.sum(), 1.0, rtol=1e-10)
    np.testing.assert_allclose(found.d.mean(axis=1), 1.0, rtol=1e-10)
    alive = cube.is_alive
    np.testing.assert_allclose((found.g * alive).sum(axis=1) / alive.sum(axis=1), 1.0, rtol=1e-12)


def test_a_past_fit_is_laid_out_by_name_and_new_names_begin_at_one():
    before, now = panel_of(5, (4, 3, 8)), panel_of(6, (6, 4, 12))
    listed = np.array([True, False, True, False])
    rng = np.random.default_rng(7)
    fitted = Factors(*(rng.uniform(0.1, 9, size) for size in ((4, 3), (4, 8), (3, 8))))
    fitted.a[0, 0] = 0.0
    found = carried(
        past_fit(before, listed, fitted), now, np.array([True, False, True, True, False, False])
    )
    # 840003 is listed now and was not: it is another commodity.
    np.testing.assert_array_equal(found.a[1:3, :3], fitted.a[1:3])
    assert found.a[0, 0] == 1.0
    assert (found.a[3:] == 1.0).all()
    assert (found.a[:, 3] == 1.0).all()
    np.testing.assert_array_equal(found.g[:3, :8], fitted.g[:3])
    np.testing.assert_array_equal(found.g[0, 8:], np.repeat(fitted.g[0, 7], 4))
    np.testing.assert_array_equal(found.d[:3, 8:], np.repeat(fitted.d[:, 7:], 4, axis=1))
