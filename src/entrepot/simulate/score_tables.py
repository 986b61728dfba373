"""Score rows of ``leads`` against rows of ``truth``."""

from __future__ import annotations

from dataclasses import replace

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from entrepot.errors import EstimateError
from entrepot.simulate.score import CellEstimates, Floats, Score, score_cells

_CELL = ("intermediary", "commodity")


def score_tables(leads: pa.Table, truth: pa.Table) -> Score:
    """Score one run's leads against what the world diverted.

    Truth is summed over each lead's own window; a lead without truth is a null cell. The estimate
    scored is `discounted` where the leads have it, else the positive part of the excess, since
    what was diverted cannot be negative; the interval is that of the excess as it stands.

    Args:
        leads: Rows of ``leads`` of one run and one bracket.
        truth: Rows of ``truth`` of the world the run saw, in the unit of the leads.

    Returns:
        The metrics; ``unmatched_count`` counts planted cells in the leads' countries that have no
        lead.

    Raises:
        EstimateError: If a cell has more than one lead, units differ, a lead has no excess or no
            score, or the levels of the codes differ.
    """
    _check(leads, truth)
    rows = _joined(leads, truth)
    wanted = ("planted", "excess", "score", "excess_low", "excess_high", "p_value")
    planted, excess, score, low, high, p_value = (rows[name].to_numpy() for name in wanted)
    positive = np.maximum(excess, 0.0)
    discounted = _numbers(rows["discounted"]) if "discounted" in rows.columns else positive
    cells = CellEstimates(
        estimate=np.where(np.isnan(discounted), positive, discounted),
        score=score,
        low=_whole(low),
        high=_whole(high),
        p_value=_whole(p_value),
        is_flagged=rows["is_flagged"].to_numpy().astype(np.bool_),
    )
    return replace(score_cells(planted, cells), unmatched_count=_unmatched(leads, truth))


def _numbers(column: nw.Series[pa.ChunkedArray]) -> Floats:
    numbers: Floats = column.cast(nw.Float64).to_numpy().astype(np.float64)
    return numbers


def _joined(leads: pa.Table, truth: pa.Table) -> nw.DataFrame[pa.Table]:
    frame, months = nw.from_native(leads), nw.from_native(truth)
    inside = nw.col("period").is_between(nw.col("window_start"), nw.col("window_end"))
    planted = (
        months.join(frame.select(*_CELL, "window_start", "window_end"), on=list(_CELL))
        .filter(inside)
        .with_columns(planted=nw.col("intermediated") + nw.col("ghost"))
        .group_by(*_CELL)
        .agg(nw.col("planted").sum())
    )
    joined: nw.DataFrame[pa.Table] = frame.join(planted, on=list(_CELL), how="left")
    return joined.with_columns(nw.col("planted").fill_null(0.0)).sort(*_CELL)


def _unmatched(leads: pa.Table, truth: pa.Table) -> int:
    frame, months = nw.from_native(leads), nw.from_native(truth)
    planted = months.select(*_CELL).unique()
    seen = planted.join(frame.select("intermediary").unique(), on=["intermediary"], how="semi")
    return len(seen.join(frame.select(*_CELL), on=list(_CELL), how="anti"))


def _check(leads: pa.Table, truth: pa.Table) -> None:
    frame, months = nw.from_native(leads), nw.from_native(truth)
    if len(frame.select(*_CELL).unique()) != len(frame):
        raise EstimateError(
            f"leads hold {len(frame)} rows for fewer cells, expected one row per intermediary and "
            "commodity. Filter one run_id and one bracket first."
        )
    units = set(frame["unit"].unique().to_list()) | set(months["unit"].unique().to_list())
    if len(units) > 1:
        raise EstimateError(f"leads and truth are in units {sorted(units)}, expected one unit.")
    levels = {
        int(size)
        for table in (frame, months)
        for size in table["commodity"].str.len_chars().unique().to_list()
    }
    if len(levels) > 1:
        raise EstimateError(
            f"commodities of leads and truth have {sorted(levels)} digits, expected one level. "
            "Run detect at HS6."
        )
    for name in ("excess", "score"):
        if missing := frame[name].null_count():
            raise EstimateError(
                f"leads: {missing} rows have no {name}, expected one for every cell. "
                "Leave out cells that were not estimated."
            )


def _whole(column: Floats) -> Floats | None:
    return None if np.isnan(column).any() else column
