"""A simulated world that a publisher sends month by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import Lake
from entrepot.simulate.rows import flows, listed
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import World, simulate
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES

DATASET = "monthly"
SINGLE = 4  # last months that come in a file each


def world() -> World:
    """A small world in which much is diverted."""
    return simulate(replace(small(SCENARIOS["strong"]), product_count=60, heading_count=12), 3)


def question(world: World) -> Inquiry:
    """What is asked of it."""
    candidates = ",".join(world.destinations[world.is_candidate].tolist())
    return Inquiry(intermediaries=candidates, goods="simulated", dataset=DATASET)


def month_files(world: World) -> list[tuple[str, pa.Table]]:
    """Its declarations: the first months in one file, the last ones in a file each."""
    rows = flows(world)
    rows = rows.set_column(
        rows.column_names.index("dataset"), "dataset", pa.array([DATASET] * len(rows), pa.string())
    )
    periods = sorted(set(rows["period"].to_pylist()))
    parts = [periods[:-SINGLE], *([one] for one in periods[-SINGLE:])]
    files = []
    for part in parts:
        name = f"{part[-1]:%Y%m}".rjust(16, "0")
        inside = pc.is_in(rows["period"], pa.array(part, pa.date32()))
        files.append((name, named(rows.filter(inside), name)))
    return files


def named(rows: pa.Table, source_id: str) -> pa.Table:
    """The same rows as part of a file."""
    column = pa.array([source_id] * len(rows), pa.string())
    return rows.set_column(rows.column_names.index("source_id"), "source_id", column)


def send(lake: Lake, files: list[tuple[str, pa.Table]], vintage: str = "2024-01-01") -> None:
    """Put some of its files into a lake."""
    with lake.write() as transaction:
        for source_id, rows in files:
            transaction.put(FLOWS, rows, unit=source_id)
            transaction.put(SOURCES, [source_row(source_id, len(rows), vintage)], unit=source_id)


def send_list(lake: Lake, world: World) -> None:
    """Put its control list into a lake."""
    rows = listed(world)
    with lake.write() as transaction:
        transaction.put(LISTED_COMMODITIES, rows, unit="list")
        row = source_row(rows["source_id"][0].as_py(), len(rows), "2024-01-01")
        transaction.put(SOURCES, [row | {"dataset": "lists"}], unit="list")


def source_row(source_id: str, count: int, vintage: str) -> dict[str, object]:
    """Where a file came from."""
    return {
        "source_id": source_id,
        "dataset": DATASET,
        "vintage": vintage,
        "publisher": "test",
        "url": None,
        "licence": "test",
        "retrieved_at": datetime(2024, 1, 1, tzinfo=UTC),
        "path": source_id,
        "sha256": "0" * 64,
        "size_bytes": 1,
        "reader": "test",
        "row_count": count,
    }


def lake_of(folder: Path, world: World, missing: int = 0) -> Path:
    """A lake with a world but for its last months, and its list."""
    files = month_files(world)
    with Lake(folder) as lake:
        send(lake, files[: len(files) - missing])
        send_list(lake, world)
    return folder


def results(lake: Lake, run_id: str, table: object) -> dict[str, list[object]]:
    """All rows of a run in one table, in order, without the run and the clock."""
    rows = lake.table(table).collect("pyarrow").to_native()  # type: ignore[arg-type]
    mine = rows.filter(pc.equal(rows["run_id"], run_id))
    names = [name for name in mine.column_names if name not in {"run_id", "created_at"}]
    keys = [name for name in names if not pa.types.is_floating(mine.schema.field(name).type)]
    return mine.select(names).sort_by([(key, "ascending") for key in keys]).to_pydict()


def differences(one: dict[str, list[object]], other: dict[str, list[object]]) -> float:
    """Largest difference of numbers relative to the column's largest; texts must be equal."""
    worst = 0.0
    for name, values in one.items():
        if isinstance(next((v for v in values if v is not None), None), float):
            a = np.array([np.nan if v is None else v for v in values], dtype=float)
            b = np.array([np.nan if v is None else v for v in other[name]], dtype=float)
            assert (np.isnan(a) == np.isnan(b)).all(), name
            gap = np.nanmax(np.abs(a - b), initial=0.0)
            worst = max(worst, float(gap) / max(float(np.nanmax(np.abs(a), initial=0.0)), 1e-9))
        elif name not in {"detail", "evidence"}:
            assert values == other[name], name
    return worst
