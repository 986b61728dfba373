"""Score a file of leads, anybody's, against the cells and the truth of a world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from entrepot.errors import EstimateError
from entrepot.simulate.cell_estimates import Bools, CellEstimates, Floats, Ints, Parts
from entrepot.simulate.curves import Curves, curves
from entrepot.simulate.score import Score, score_cells

CELL = ("intermediary", "commodity")
RANKS = ("probability_material", "score", "probability", "p_value")
ESTIMATES = ("diverted", "discounted", "excess")
FLAG = "is_flagged"
NUMBERS = (
    *RANKS,
    *(f"{name}{end}" for name in ESTIMATES for end in ("", "_low", "_high")),
    *("intermediated", "ghost"),
)
UNTOLD = 1.0  # p-value of a cell the file does not hold


@dataclass(frozen=True, slots=True)
class Submission:
    """What a file of leads is worth.

    Args:
        score: The metrics, over all cells of the world.
        curves: Precision along recall, and calibration.
        ranked_by: Column the cells were ranked by.
        estimated_by: Column taken as the estimate.
        row_count: Rows of the file.
        unknown_count: Rows whose corridor is no cell of the world; they are not scored.
        missing_count: Cells of the world the file does not hold; they count as nothing found.
    """

    score: Score
    curves: Curves
    ranked_by: str
    estimated_by: str
    row_count: int
    unknown_count: int
    missing_count: int


def score_tables(
    leads: pa.Table, cells: pa.Table, truth: pa.Table, rank_by: str | None = None
) -> Submission:
    """Score leads against what a world diverted.

    A cell is a listed commodity in a candidate, summed over its window. One the leads do not hold
    counts as estimate 0, interval 0 to 0, the lowest score and a p-value of 1; a lead that is no
    cell is counted and left out. The estimate is ``diverted`` where the leads have it, else
    ``discounted``, else the positive part of ``excess``; its interval is that of ``diverted``, or
    of the excess as it stands. Where a row leaves its split open, none of it is told.

    Args:
        leads: ``intermediary`` and ``commodity``, a column to rank by (``score``, ``probability``
            or ``p_value``) and an estimate (``diverted``, ``discounted`` or ``excess``, in the unit
            of the truth); optional ``is_flagged``, ``*_low`` and ``*_high``, ``intermediated``,
            ``ghost``, ``window_start`` and ``window_end``.
        cells: ``intermediary``, ``commodity``, ``window_start`` and ``window_end`` of every cell.
        truth: Rows of ``truth`` of the world.
        rank_by: Column to rank by; the first of the three that the leads have where left out.

    Returns:
        The metrics, and how the leads fit the cells.

    Raises:
        EstimateError: If columns are missing or hold gaps, a cell has more than one lead, no lead
            is a cell of the world, or windows or units differ from the world's.
    """
    rank, estimate = _usable(leads, rank_by)
    leads = _plain(leads)
    _check(leads, cells, truth)
    frame, known = nw.from_native(leads), nw.from_native(cells)
    unknown = len(frame.select(*CELL).join(known, on=list(CELL), how="anti"))
    if unknown == len(frame):
        raise EstimateError(
            f"none of the file's {len(frame)} corridors is a cell of the world, expected "
            f"intermediaries such as {_first(known, 'intermediary')} and commodities such as "
            f"{_first(known, 'commodity')}, as text with six digits."
        )
    missing = len(known.join(frame.select(*CELL), on=list(CELL), how="anti"))
    rows = _joined(frame.select(*CELL, *_present(leads)), known, nw.from_native(truth))
    told, parts = _estimates(rows, rank, estimate), _parts(rows)
    planted = _column(rows, "planted")
    return Submission(
        score=score_cells(planted, told, parts),
        curves=curves(planted, told),
        ranked_by=rank,
        estimated_by=estimate,
        row_count=len(frame),
        unknown_count=unknown,
        missing_count=missing,
    )


Frame = nw.DataFrame[pa.Table]


def _present(leads: pa.Table) -> list[str]:
    there = set(leads.column_names)
    return [n for n in (*NUMBERS, FLAG) if n in there and leads[n].null_count < len(leads)]


def _plain(leads: pa.Table) -> pa.Table:
    """The columns that are read, in the kinds they are read as."""
    kinds = dict.fromkeys(CELL, pa.string()) | dict.fromkeys(NUMBERS, pa.float64())
    kinds |= {FLAG: pa.bool_(), "window_start": pa.date32(), "window_end": pa.date32()}
    columns = {}
    for name in leads.column_names:
        if name in CELL and not _is_text(leads[name].type):
            raise EstimateError(
                f"the file's {name!r} is of type {leads[name].type}, expected text: a code read "
                "as a number has lost its leading zero."
            )
        try:
            columns[name] = leads[name].cast(kinds.get(name, leads[name].type))
        except pa.ArrowInvalid as error:
            raise EstimateError(
                f"the file's column {name!r} is {leads[name].type}, expected {kinds[name]}: {error}"
            ) from error
    return pa.table(columns)


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def _first(frame: Frame, column: str) -> str:
    return repr(sorted(frame[column].unique().to_list())[0])


def _usable(leads: pa.Table, rank_by: str | None) -> tuple[str, str]:
    """The columns to rank by and to take as estimate; a column of nulls is none."""
    there = [name for name in leads.column_names if leads[name].null_count < leads.num_rows]
    rank = _one_of(there, RANKS if rank_by is None else (rank_by,), "a column to rank by")
    estimate = _one_of(there, ESTIMATES, "an estimate")
    for name in CELL:
        _one_of(there, (name,), "the corridor's")
    ends = (f"{_interval_of(estimate)}{end}" for end in ("_low", "_high"))
    wanted = {*CELL, rank, estimate, *ends, "probability", "p_value", FLAG}
    # Open throughout is left out; open here and there would be scored as something.
    for name in sorted(wanted.intersection(there)):
        if count := leads[name].null_count:
            raise EstimateError(
                f"the file's column {name!r} is empty in {count} of {leads.num_rows} rows, "
                "expected a value in each. Leave out cells that were not estimated."
            )
    return rank, estimate


def _one_of(there: Sequence[str], wanted: Sequence[str], what: str) -> str:
    for name in wanted:
        if name in there:
            return name
    words = " or ".join(repr(name) for name in wanted)
    raise EstimateError(
        f"the file has columns {sorted(there)}, expected {what}: {words}. docs/how-to/benchmark.md "
        "lists what is read."
    )


def _check(leads: pa.Table, cells: pa.Table, truth: pa.Table) -> None:
    frame = nw.from_native(leads)
    if (count := len(frame.select(*CELL).unique())) != len(frame):
        raise EstimateError(
            f"the file holds {len(frame)} rows for {count} cells, expected one row per "
            "intermediary and commodity. Keep one run_id."
        )
    if "unit" in leads.column_names:
        units = set(leads["unit"].to_pylist()) | set(truth["unit"].to_pylist())
        if len(units) > 1:
            raise EstimateError(f"file and truth are in units {sorted(units)}, expected one unit.")
    windows = [name for name in ("window_start", "window_end") if name in leads.column_names]
    if windows:
        known = nw.from_native(cells).select(*CELL, *windows)
        both = frame.select(*CELL, *windows).join(known, on=list(CELL), suffix="_of_world")
        other = [nw.col(name) != nw.col(f"{name}_of_world") for name in windows]
        if count := len(both.filter(nw.any_horizontal(*other, ignore_nulls=True))):
            raise EstimateError(
                f"{count} windows of the file differ from the world's, expected each commodity's "
                "from the month of its listing to the last of the data."
            )


def _joined(frame: Frame, cells: Frame, truth: Frame) -> Frame:
    """Every cell of the world with what was planted and what the file says, nulls where nothing."""
    planted = (
        truth.select(*CELL, "period", "intermediated", "ghost")
        .join(cells, on=list(CELL))
        .filter(nw.col("period").is_between(nw.col("window_start"), nw.col("window_end")))
        .group_by(*CELL)
        .agg(
            true_intermediated=nw.col("intermediated").sum(),
            true_ghost=nw.col("ghost").sum(),
        )
    )
    ways = ("true_intermediated", "true_ghost")
    return (
        cells.join(planted, on=list(CELL), how="left")
        .with_columns(nw.col(*ways).fill_null(0.0))
        .with_columns(planted=nw.col("true_intermediated") + nw.col("true_ghost"))
        .join(frame.with_columns(is_told=nw.lit(True)), on=list(CELL), how="left")
        .sort(*CELL)
    )


def _estimates(rows: Frame, rank: str, estimate: str) -> CellEstimates:
    ranks = _column(rows, rank, np.nan)
    score = -ranks if rank == "p_value" else ranks
    lowest = float(np.nanmin(score)) - 1.0
    # What is claimed of diversion may differ from the interval that is to cover it.
    ends = _interval_of(estimate)
    claimed = "discounted" if estimate == "discounted" else None
    return CellEstimates(
        estimate=np.maximum(_column(rows, estimate), 0.0),
        score=np.where(np.isnan(score), lowest, score),
        low=_optional(rows, f"{ends}_low"),
        high=_optional(rows, f"{ends}_high"),
        p_value=_optional(rows, "p_value", UNTOLD),
        is_flagged=_flags(rows),
        claimed_low=None if claimed is None else _optional(rows, f"{claimed}_low"),
        claimed_high=None if claimed is None else _optional(rows, f"{claimed}_high"),
        probability=_optional(rows, "probability"),
        intermediated=_optional(rows, "intermediated"),
        ghost=_optional(rows, "ghost"),
    )


def _interval_of(estimate: str) -> str:
    return "excess" if estimate == "discounted" else estimate


def _optional(rows: Frame, name: str, missing: float = 0.0) -> Floats | None:
    return _column(rows, name, missing) if name in rows.columns else None


def _column(rows: Frame, name: str, missing: float = 0.0) -> Floats:
    numbers = rows[name].cast(nw.Float64).fill_null(missing)
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


def _flags(rows: Frame) -> Bools | None:
    if FLAG not in rows.columns:
        return None
    return np.asarray(rows[FLAG].cast(nw.Boolean).fill_null(False).to_numpy(), dtype=np.bool_)


def _parts(rows: Frame) -> Parts:
    names = np.array(rows["intermediary"].to_list())
    country: Ints = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return Parts(country, _column(rows, "true_intermediated"), _column(rows, "true_ghost"))
