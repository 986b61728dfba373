"""Anybody's results on a simulated world: read the file, find the world's cells, score."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
from pyarrow import csv, parquet

from entrepot.bench.trial import Trial
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.simulate.levels import CANDIDATES
from entrepot.simulate.rows import DATASET, LIST_ID
from entrepot.simulate.scenarios import SCENARIOS, Scenario, small
from entrepot.simulate.score_tables import CELL, NUMBERS, Submission, score_tables
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES, TRUTH

_NAME = re.compile(r"simulated-(?P<small>small-)?(?P<scenario>[a-z_]+)-(?P<seed>\d+)")
_ENDINGS = (".csv", ".parquet")


def score_submission(
    file: Path, world: Lake, rank_by: str | None = None
) -> list[tuple[Trial, Submission]]:
    """Score a file of leads against the simulated world in a lake.

    Args:
        file: CSV or Parquet with the columns :func:`entrepot.simulate.score_tables.score_tables`
            reads; others are passed over, but rows are scored apart by ``bracket`` where there is
            such a column.
        world: A lake that holds one simulated world.
        rank_by: Column to rank by.

    Returns:
        The trial, its method named after the file, and how the file fits the world; one for each
        bracket.

    Raises:
        EstimateError: If the file cannot be read or scored.
        LakeError: If the lake does not hold exactly one simulated world.
    """
    name, seed, scenario = _world_in(world)
    cells, truth = _cells(world, scenario), _rows(world.table(TRUTH))
    scored = []
    for label, leads in _by_bracket(_told(read_submission(file))):
        found = score_tables(leads, cells, truth, rank_by)
        method = f"{file.stem} {label}".strip()
        scored.append((Trial(name, seed, method, None, found.score, curves=found.curves), found))
    return scored


def _told(leads: pa.Table) -> pa.Table:
    """Leads in candidates, with what ours leave open for want of a leg said in numbers.

    A corridor whose chance is open is ranked last, and where the amount diverted is open the
    discounted excess is the estimate.
    """
    frame = nw.from_native(leads)
    names = set(frame.columns)
    if "kind" in names:
        frame = frame.filter(nw.col("kind") != "control")
    if {"diverted", "discounted"} <= names and frame["diverted"].null_count() < len(frame):
        filled = nw.coalesce(nw.col("diverted"), nw.col("discounted"))
        frame = frame.with_columns(diverted=filled)
    for name in ("probability", "probability_material"):
        if name in names and frame[name].null_count() < len(frame):
            frame = frame.with_columns(nw.col(name).fill_null(0.0))
    return frame.to_native()


def _by_bracket(leads: pa.Table) -> list[tuple[str, pa.Table]]:
    if "bracket" not in leads.column_names:
        return [("", leads)]
    frame = nw.from_native(leads)
    labels = sorted(frame["bracket"].unique().to_list())
    return [(label, frame.filter(nw.col("bracket") == label).to_native()) for label in labels]


def read_submission(file: Path) -> pa.Table:
    """Read a file of leads; codes stay text, so that leading zeros survive.

    Args:
        file: CSV in UTF-8 with a header, or Parquet.

    Returns:
        Its rows.

    Raises:
        EstimateError: If it is neither, or cannot be read.
    """
    if file.suffix.lower() not in _ENDINGS:
        raise EstimateError(f"{file.name} ends in {file.suffix!r}, expected one of {_ENDINGS}.")
    kinds = dict.fromkeys(CELL, pa.string()) | dict.fromkeys(NUMBERS, pa.float64())
    try:
        if file.suffix.lower() == ".parquet":
            return parquet.read_table(file)
        return csv.read_csv(file, convert_options=csv.ConvertOptions(column_types=kinds))
    except (pa.ArrowInvalid, OSError) as error:
        raise EstimateError(f"{file.name} cannot be read as {file.suffix[1:]}: {error}") from error


def _world_in(lake: Lake) -> tuple[str, int, Scenario]:
    """Name, seed and scenario of the world in a lake, as its source tells them."""
    sources = (
        lake.table(SOURCES).filter(nw.col("dataset") == DATASET) if lake.has(SOURCES) else None
    )
    names = [] if sources is None else _rows(sources)["path"].to_pylist()
    if len(names) != 1:
        raise LakeError(
            f"{lake.path.name} holds {len(names)} simulated worlds, expected one. Make one with "
            "`entrepot simulate -o world/`, each in a lake of its own."
        )
    parts = _NAME.fullmatch(names[0])
    if parts is None or parts["scenario"] not in SCENARIOS:
        raise LakeError(
            f"{lake.path.name}: the world is named {names[0]!r}, expected simulated-SCENARIO-SEED "
            f"with a scenario of {sorted(SCENARIOS)}. Simulate it anew with this version."
        )
    scenario = SCENARIOS[parts["scenario"]]
    chosen = small(scenario) if parts["small"] else scenario
    return chosen.name, int(parts["seed"]), chosen


def _cells(lake: Lake, scenario: Scenario) -> pa.Table:
    """Every listed commodity in every candidate, with its window."""
    mine = lake.table(FLOWS).filter(nw.col("dataset") == DATASET)
    end = _rows(mine.select(nw.col("period").max()))["period"][0]
    listed = _rows(lake.table(LISTED_COMMODITIES).filter(nw.col("list_id") == LIST_ID))
    candidates = list(CANDIDATES[: scenario.candidate_count])
    size = listed.num_rows
    codes, starts = listed["commodity"].to_pylist(), listed["valid_from"].to_pylist()
    return pa.table(
        {
            "intermediary": pa.array([code for code in candidates for _ in range(size)]),
            "commodity": pa.array(codes * len(candidates)),
            "window_start": pa.array(starts * len(candidates), pa.date32()),
            "window_end": pa.array([end.as_py()] * size * len(candidates), pa.date32()),
        }
    )


def _rows(frame: nw.LazyFrame[Any]) -> pa.Table:
    rows: pa.Table = frame.collect("pyarrow").to_native()
    return rows
