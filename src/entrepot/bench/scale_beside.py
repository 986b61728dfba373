"""The same fit by others: pyfixest, and the relational form in plain SQL on DuckDB."""

from __future__ import annotations

import importlib.util
import time
import warnings
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.api.kept import read_kept
from entrepot.bench.memory import peak
from entrepot.bench.scale_stages import CUBE, ITERATIONS, Stage
from entrepot.bench.scale_world import scale_material
from entrepot.diversion.counterfactual import Factors, Mask, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Floats

Index = NDArray[np.signedinteger[Any]]

_MARGIN = "create table s_{own} as select {by}, sum(u) as s from cells group by {by}"
_START = "create table {own} as select {by}, 1.0 as x from s_{own}"
# One step of an iteration: a factor from the margin of trade and the product of the other two.
_STEP = """
    create or replace table {own} as
    select s.{by}, case when m.m > 0 then s.s / m.m else 0 end as x
    from s_{own} as s join (
        select c.{by}, sum(one.x * other.x) as m
        from cells as c join {one} as one using ({by_one}) join {other} as other using ({by_other})
        group by c.{by}) as m using ({by})
"""
CLOSE = 1e-12  # tolerance of both fits that are compared
_KEYS = {"g": "kt", "d": "vt", "a": "kv"}
_SHARE_OF_LARGEST = 1e-6  # smaller fitted values are nothing on both sides


def fixest_beside(place: Path, cells: int, seed: int) -> Stage:
    """Fit the visible cells with ``pyfixest.fepois`` and compare its fitted values with ours.

    Args:
        place: Folder with the panel.
        cells: Live cells.
        seed: Seed.

    Returns:
        Its time; the note holds our own time to convergence and the largest relative difference.

    Raises:
        ImportError: If pyfixest is not installed.
    """
    import pandas
    import pyfixest

    cube, seen = _asked(place, seed)
    begun = time.perf_counter()
    ours, _ = fit(margins(cube, seen), seen, tolerance=CLOSE)
    own_seconds = time.perf_counter() - begun
    values, is_visible = cube.dense(_all(cube)), seen.dense(_all(cube)) > 0
    k, v, t = np.nonzero(is_visible)
    frame = pandas.DataFrame(
        {"y": values[is_visible], **_groups(cube, k, v, t), "row": np.arange(len(k))}
    )
    del values
    begun = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # At the default tolerance its small values are a few percent off, in the same time.
        model = pyfixest.fepois(
            "y ~ 1 | kv + kt + vt", data=frame, iwls_tol=CLOSE, fixef_tol=CLOSE, iwls_maxiter=200
        )
    seconds = time.perf_counter() - begun
    kept = model._data["row"].to_numpy()
    theirs = np.asarray(model._Y_hat_response).ravel()
    gap = _gap(ours.mean(_all(cube))[is_visible][kept], theirs)
    note = f"cells; ours {own_seconds:.4g} s, values within {gap:.1e}"
    return Stage(seconds, peak(), 0.0, len(k), note)


def sql_beside(place: Path, cells: int, seed: int) -> Stage:
    """Go through twenty iterations in SQL, every step a table.

    Args:
        place: Folder with the panel.
        cells: Live cells.
        seed: Seed.

    Returns:
        Its time; the note holds the largest relative difference to our own twenty iterations.
    """
    cube, seen = _asked(place, seed)
    ours, _ = fit(margins(cube, seen), seen, tolerance=-1.0, most=ITERATIONS)
    engine = duckdb.connect(config={"temp_directory": str(place / "spill")})
    with engine:
        _fill(engine, cube, seen)
        begun = time.perf_counter()
        for name, key in _KEYS.items():
            for text in (_MARGIN, _START):
                engine.execute(text.format(own=name, by=key))
        for _ in range(ITERATIONS):
            _iterate(engine)
        seconds = time.perf_counter() - begun
        theirs = _factors(engine, cube)
    gap = _gap(ours.mean(_all(cube)).ravel(), theirs.mean(_all(cube)).ravel())
    count = int(cube.shape[0] * cube.shape[1] * cube.shape[2])
    return Stage(
        seconds, peak(), 0.0, count, f"cells, {ITERATIONS} iterations, values within {gap:.1e}"
    )


def _iterate(engine: duckdb.DuckDBPyConnection) -> None:
    for own, by in _KEYS.items():
        one, other = (name for name in _KEYS if name != own)
        names = {"own": own, "by": by, "one": one, "other": other}
        engine.execute(_STEP.format(**names, by_one=_KEYS[one], by_other=_KEYS[other]))


def _fill(engine: duckdb.DuckDBPyConnection, cube: Cube, seen: Mask) -> None:
    """Visible cells block by block: the three groups of each and its trade."""
    engine.execute("create table cells (kv bigint, kt bigint, vt bigint, u double)")
    for block, values in cube.each():
        is_visible = seen.dense(block) > 0
        k, v, t = np.nonzero(is_visible)
        rows = pa.table({**_groups(cube, k + block.start, v, t), "u": values[is_visible]})
        engine.from_arrow(rows).insert_into("cells")


def _factors(engine: duckdb.DuckDBPyConnection, cube: Cube) -> Factors:
    k, v, t = cube.shape
    sizes = {"g": (k, t), "d": (v, t), "a": (k, v)}
    found = {}
    for name, key in _KEYS.items():
        held = engine.table(name).fetchnumpy()
        flat = np.zeros(sizes[name]).ravel()
        flat[np.asarray(held[key])] = np.asarray(held["x"])
        found[name] = flat.reshape(sizes[name])
    return Factors(a=found["a"], g=found["g"], d=found["d"])


def _groups(cube: Cube, k: Index, v: Index, t: Index) -> dict[str, Index]:
    _, partners, months = cube.shape
    return {"kv": k * partners + v, "kt": k * months + t, "vt": v * months + t}


def _asked(place: Path, seed: int) -> tuple[Cube, Mask]:
    material = scale_material(read_kept(place / CUBE, Cube), seed)
    return material.cube, mask(material.cube, material.design.treated, material.design.start)


def _all(cube: Cube) -> slice:
    return slice(0, cube.shape[0])


def _gap(ours: Floats, theirs: Floats) -> float:
    is_some: Bools = theirs > _SHARE_OF_LARGEST * theirs.max(initial=0.0)
    return float((np.abs(ours - theirs)[is_some] / theirs[is_some]).max(initial=0.0))


def has_fixest() -> bool:
    """Whether pyfixest is installed."""
    return importlib.util.find_spec("pyfixest") is not None
