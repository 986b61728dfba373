"""One stage of a run at one size, in a process of its own: time, peak, and what it must move.

The least that memory has to carry stands beside each: ingest reads its text once, the panel reads
four columns of its rows, fit and folds lay the panel out once for each sum over it and go over the
factors six times an iteration, fusion reads three densities of each corridor and share. Divided by
the speed of a copy that is the time no program on this machine could beat.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from entrepot.api.kept import read_kept, write_kept
from entrepot.api.runs import detect
from entrepot.bench.memory import peak
from entrepot.bench.scale_legs import world_of
from entrepot.bench.scale_world import (
    scale_cube,
    scale_material,
    shape_of,
    write_list,
    write_months,
)
from entrepot.diversion.counterfactual import Factors, fit, margins, mask
from entrepot.diversion.cube import Cube
from entrepot.diversion.dispersion import dispersion
from entrepot.diversion.folds import MANY_FOLDS, fold_of, refit
from entrepot.diversion.fusion import conclude_legs
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.latent import SHARES
from entrepot.diversion.panel import build
from entrepot.lake import Lake
from entrepot.sources.ingest import ingest
from entrepot.tables import FLOWS, LEADS, SERIES, SOURCES

ITERATIONS = 20
GOES = 3
FLOAT = 8  # bytes
FUSED_EVERY = 252  # one corridor for so many cells: every partner, 84 months, a third of the goods
CUBE, FILES, LAKE, FITTED = "cube.npz", "files", "lake", "fitted.npz"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage took.

    Args:
        seconds: Time.
        peak_mb: Resident memory of its process at its peak, MB; ``None`` where it is not known.
        least_bytes: Bytes that memory has to carry at least.
        count: What it worked on: rows, iterations, folds or corridors.
        note: What the count is of.
    """

    seconds: float
    peak_mb: float | None
    least_bytes: float
    count: int
    note: str


def prepare(place: Path, cells: int, seed: int) -> Stage:
    """Draw the panel and write its files; nothing of it is measured.

    Args:
        place: Folder.
        cells: Live cells.
        seed: Seed.

    Returns:
        Rows that are not zero.
    """
    begun = time.perf_counter()
    cube = scale_cube(cells, seed)
    write_kept(place / CUBE, cube)
    size = write_months(cube, place / FILES)
    return _stage(begun, float(size), len(cube.values), "rows that are not zero")


def ingest_stage(place: Path, cells: int, seed: int) -> Stage:
    """Read Comext's monthly files into a lake, every line checked.

    Args:
        place: Folder with the files.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time for all files.
    """
    files = sorted((place / FILES).iterdir())
    size = sum(path.stat().st_size for path in files)
    begun = time.perf_counter()
    with Lake(place / LAKE) as lake:
        rows = sum(one.row_count for one in ingest(lake, files))
    return _stage(begun, float(size), rows, "rows")


def panel_stage(place: Path, cells: int, seed: int) -> Stage:
    """Sum the lake's rows into the panel.

    Args:
        place: Folder with the lake.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time from lake to arrays.
    """
    asked = Inquiry(coalition="DE", dataset="comext", goods="all", since=date(2022, 3, 1))
    with Lake(place / LAKE) as lake:
        rows = lake.row_count(FLOWS)
        begun = time.perf_counter()
        panel = build(lake.table(FLOWS), lake.table(SOURCES), None, asked)
        done = _stage(begun, 4.0 * FLOAT * rows, len(panel.cube.values), "cells not zero")
    return done


def fit_stage(place: Path, cells: int, seed: int) -> Stage:
    """Sum the margins and go through exactly twenty iterations of the PPML fit.

    Where that takes less than a second, it is the quickest of three goes.

    Args:
        place: Folder with the panel.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time of both.
    """
    material = scale_material(_cube(place), seed)
    design = material.design

    def work() -> tuple[Factors, int]:
        cube = replace(material.cube)  # without what an earlier go has laid aside
        seen = mask(cube, design.treated, design.start)
        # The tolerance can never be met, and the cap of iterations is the one of this stage.
        return fit(margins(cube, seen), seen, tolerance=-1.0, most=ITERATIONS)

    seconds, (fitted, count) = _quickest(work)
    least = _dense(material.cube) + count * _factors(material.cube)
    write_kept(place / FITTED, fitted)
    return Stage(seconds, peak(), least, count, "iterations")


def folds_stage(place: Path, cells: int, seed: int) -> Stage:
    """Refit without each of six folds of controls, from the full fit, shrinkage included.

    Args:
        place: Folder with the panel.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time of all folds; the full fit before them is not in it.
    """
    material = scale_material(_cube(place), seed)
    cube, design = material.cube, material.design
    seen = mask(cube, design.treated, design.start)
    fitted, _ = fit(margins(cube, seen), seen)
    scatter = dispersion(cube, seen, fitted, design.start)
    folds = fold_of(~design.treated, seed)
    begun = time.perf_counter()
    for fold in range(MANY_FOLDS):
        refit(cube, (folds == fold) | design.treated, design.start, scatter, fitted)
    return _stage(begun, MANY_FOLDS * 2 * _dense(cube), MANY_FOLDS, "folds")


def fusion_stage(place: Path, cells: int, seed: int) -> Stage:
    """Read three legs of one corridor for every 252 cells, fuse them, and draw their split.

    Args:
        place: Folder; not used.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time from corridors and their legs to conclusions.
    """
    world = world_of(max(cells // FUSED_EVERY, 1), shape_of(cells)[:2], seed)
    begun = time.perf_counter()
    how = (world.chapters, 0.1, seed)
    found = conclude_legs(world.cells, world.scales, world.lost, world.mirror, how)
    least = 3.0 * FLOAT * len(found.legs) * len(SHARES)
    return _stage(begun, least, len(found.legs), "corridors")


def world_stage(place: Path, cells: int, seed: int) -> Stage:
    """A whole run from the lake to its rows, every partner a candidate.

    Args:
        place: Folder with the lake.
        cells: Live cells.
        seed: Seed.

    Returns:
        Time from the question to the commit.
    """
    with Lake(place / LAKE) as lake:
        asked = write_list(lake, cells, seed)
        begun = time.perf_counter()
        detect(lake, asked)
        months = lake.row_count(SERIES)
        return _stage(begun, 0.0, lake.row_count(LEADS), f"leads, {months:,} rows of series")


def _cube(place: Path) -> Cube:
    found: Cube = read_kept(place / CUBE, Cube)
    return found


def _quickest(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds and result of some work; of the quickest of three goes where it is that short."""
    times: list[float] = []
    while not times or (times[0] < 1.0 and len(times) < GOES):
        begun = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - begun)
    return min(times), found


def _dense(cube: Cube) -> float:
    k, v, t = cube.shape
    return float(FLOAT) * k * v * t


def _factors(cube: Cube) -> float:
    k, v, t = cube.shape
    return 6.0 * FLOAT * (k * v + k * t + v * t)


def _stage(begun: float, least: float, count: int, note: str) -> Stage:
    return Stage(time.perf_counter() - begun, peak(), least, count, note)


STAGES: dict[str, Callable[[Path, int, int], Stage]] = {
    "prepare": prepare,
    "ingest": ingest_stage,
    "panel": panel_stage,
    "fit": fit_stage,
    "folds": folds_stage,
    "fusion": fusion_stage,
    "world": world_stage,
}
