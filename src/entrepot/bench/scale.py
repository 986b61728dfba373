"""The cost curve: every stage at every size, beside others' fits and the machine's own limit."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from entrepot.bench.scale_bandwidth import copy_gigabytes
from entrepot.bench.scale_beside import has_fixest
from entrepot.bench.scale_stages import Stage

MEASURED = ("ingest", "panel", "fit", "folds", "fusion", "world")
BESIDE = ("sql", "pyfixest")
DONE, STOPPED, FAILED = "done", "stopped at the limit", "failed"
_MEMORY_SHARE = 0.8  # of this machine's memory that one stage may hold

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the times were taken on, without its name.

    Args:
        processor: Model of the processor.
        cores: Cores that this process may use.
        memory_gb: Memory, GB.
        system: Kind of operating system.
        versions: Python and the libraries that do the work.
        copy_gb_per_second: Bytes read and written by a copy of a large array, GB/s.
    """

    processor: str
    cores: int
    memory_gb: float
    system: str
    versions: str
    copy_gb_per_second: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One stage at one size.

    Args:
        cells: Live cells asked for.
        stage: Name of the stage.
        outcome: ``done``, ``stopped at the limit`` or ``failed``.
        took: What it took; ``None`` where it was not done.
        note: What the count is of, or why it was not done.
    """

    cells: int
    stage: str
    outcome: str
    took: Stage | None
    note: str


@dataclass(frozen=True, slots=True)
class CostCurve:
    """All that was measured in one run.

    Args:
        machine: The machine.
        rows: Stages by size.
        limit: Seconds a stage may take.
    """

    machine: Machine
    rows: tuple[Measured, ...]
    limit: float


def machine() -> Machine:
    """Describe this machine and time a copy."""
    from importlib.metadata import version

    names = ("numpy", "duckdb", "pyarrow", "scipy", *(("pyfixest",) if has_fixest() else ()))
    said = ", ".join(f"{name} {version(name)}" for name in names)
    return Machine(
        processor=_processor(),
        cores=_cores(),
        memory_gb=round(_memory() / 1e9, 1),
        system=f"{platform.system()} {platform.machine()}",
        versions=f"Python {platform.python_version()}, {said}",
        copy_gb_per_second=round(copy_gigabytes(), 1),
    )


def cost_curve(
    sizes: Sequence[int], limit: float, seed: int, on_progress: Progress | None = None
) -> CostCurve:
    """Measure every stage at every size, smallest first.

    Args:
        sizes: Live cells.
        limit: Seconds a stage may take; what takes longer is stopped, and not tried at larger
            sizes.
        seed: Seed of the panels.
        on_progress: Told how many stages are done.

    Returns:
        What was measured.
    """
    rows: list[Measured] = []
    given_up: set[str] = set()
    count = len(sizes) * (1 + len(MEASURED) + len(BESIDE))
    for cells in sorted(sizes):
        with tempfile.TemporaryDirectory(prefix="entrepot-") as folder:
            for row in _of_size(Path(folder), cells, (limit, seed), given_up):
                if on_progress is not None:
                    on_progress(min(len(rows) + 1, count), count, f"{cells:,}: {row.stage}")
                rows.append(row)
                if row.outcome != DONE:
                    given_up.add(row.stage)
    measured = tuple(row for row in rows if row.stage != "prepare" or row.outcome != DONE)
    return CostCurve(machine(), measured, limit)


def _of_size(
    place: Path, cells: int, how: tuple[float, int], given_up: set[str]
) -> Iterator[Measured]:
    first = _measured(place, cells, "prepare", how)
    yield first
    if first.outcome != DONE:
        return
    for stage in (*MEASURED, *BESIDE):
        if stage == "pyfixest" and not has_fixest():
            continue
        if stage in given_up:
            yield Measured(cells, stage, STOPPED, None, "not tried: a smaller size was not done")
            continue
        yield _measured(place, cells, stage, how)


def _measured(place: Path, cells: int, stage: str, how: tuple[float, int]) -> Measured:
    """Run one stage in a process of its own."""
    limit, seed = how
    words = [sys.executable, "-m", "entrepot.bench.scale_process", stage, str(place)]
    words += [str(cells), str(seed), str(int(_MEMORY_SHARE * _memory()))]
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            # Drawing a panel and its files is no stage, and takes as long as it takes.
            timeout=None if stage == "prepare" else limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Measured(cells, stage, STOPPED, None, f"more than {limit:g} s")
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        why = "out of memory" if "MemoryError" in lines[-1] else lines[-1][:120]
        return Measured(cells, stage, FAILED, None, why)
    took = Stage(**json.loads(done.stdout.strip().splitlines()[-1]))
    return Measured(cells, stage, DONE, took, took.note)


def curve_rows(curve: CostCurve) -> pa.Table:
    """The curve as rows, with each stage's distance to the limit of the machine's memory.

    Args:
        curve: What was measured.

    Returns:
        Seconds, MB, GB; ``over_limit`` is the time over that of a copy of as many bytes, open where
        no least is known.
    """
    rate = curve.machine.copy_gb_per_second * 1e9
    rows = [_row(one, rate) for one in curve.rows]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [
        ("cells", pa.int64()),
        ("stage", pa.string()),
        ("outcome", pa.string()),
        ("seconds", pa.float64()),
        ("peak_mb", pa.float64()),
        ("least_gb", pa.float64()),
        ("limit_seconds", pa.float64()),
        ("over_limit", pa.float64()),
        ("count", pa.int64()),
        ("note", pa.string()),
    ]
)


def _row(one: Measured, rate: float) -> dict[str, object]:
    named = {"cells": one.cells, "stage": one.stage, "outcome": one.outcome, "note": one.note}
    if one.took is None:
        return named
    took = one.took
    least = took.least_bytes / rate if took.least_bytes else None
    return named | {
        "seconds": took.seconds,
        "peak_mb": took.peak_mb,
        "least_gb": took.least_bytes / 1e9 if took.least_bytes else None,
        "limit_seconds": least,
        "over_limit": None if least is None else took.seconds / least,
        "count": took.count,
    }


def speedups(curve: CostCurve) -> dict[int, float]:
    """How many times longer pyfixest takes than our fit to convergence, by size.

    Args:
        curve: What was measured.

    Returns:
        Ratios by live cells.
    """
    found = {}
    for row in curve.rows:
        if row.stage == "pyfixest" and row.took is not None:
            own = float(row.note.partition("ours ")[2].partition(" s")[0])
            found[row.cells] = row.took.seconds / own
    return found


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.is_file():
        for line in path.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "not known"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def sizes_of(millions: str) -> tuple[int, ...]:
    """Sizes as they are typed.

    Args:
        millions: Millions of live cells, separated by commas.

    Returns:
        Live cells, ascending.

    Raises:
        ValueError: If one is no number above zero.

    Example:
        >>> sizes_of("1,0.5")
        (500000, 1000000)
    """
    found = sorted(float(part) for part in millions.split(","))
    if not all(np.isfinite(found)) or found[0] <= 0:
        raise ValueError(millions)
    return tuple(round(size * 1e6) for size in found)
