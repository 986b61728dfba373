"""What a run of the estimator says of products and countries, for lines of shipments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.screening.check import Risk
from entrepot.tables import LEADS, RUNS, TOTALS

_ALL = "_T"
_AMOUNTS = ("excess", "excess_low", "excess_high")
Row = Mapping[str, Any]
Risks = Mapping[str, tuple[Risk, ...]]


def risks(lake: Lake, run_id: str | None = None) -> Risks | None:
    """Leads and totals of one run, by possible intermediary.

    Where a run has two brackets, the lower estimate is told with the widest interval, and a lead of
    either is a lead. A country the run says nothing of is not among them: nothing is known of it.

    Args:
        lake: The lake.
        run_id: The run; the newest of declared data where left out. A simulated world is used only
            where it is named.

    Returns:
        What is known of each country; ``None`` where there is no run.

    Raises:
        LakeError: If the lake does not hold the run that is named.
    """
    chosen = _run(lake, run_id)
    if chosen is None:
        return None
    leads = _rows(lake, LEADS, chosen, ("commodity", "is_flagged"))
    totals = _rows(lake, TOTALS, chosen, ("group",))
    cells: dict[tuple[str, str], list[Row]] = {}
    for row in leads:
        cells.setdefault((row["intermediary"], _code(row["commodity"])), []).append(row)
    for row in totals:
        cells.setdefault((row["intermediary"], _code(row["group"])), []).append(row)
    found: dict[str, list[Risk]] = {}
    for (country, code), rows in sorted(cells.items()):
        if country != _ALL:
            found.setdefault(country, []).append(_risk(chosen, country, code, rows))
    return {country: tuple(made) for country, made in found.items()}


def _run(lake: Lake, run_id: str | None) -> str | None:
    if not lake.has(RUNS):
        if run_id is not None:
            raise LakeError(f"The lake holds no run, expected {run_id!r}. Run detect first.")
        return None
    held = lake.table(RUNS).select("run_id", "created_at", "is_simulated")
    rows = held.collect("pyarrow").to_native().to_pylist()
    if run_id is not None:
        if run_id not in {row["run_id"] for row in rows}:
            raise LakeError(f"The lake holds no run {run_id!r}. `entrepot leads` names its runs.")
        return run_id
    declared = [(row["created_at"], row["run_id"]) for row in rows if not row["is_simulated"]]
    return str(max(declared)[1]) if declared else None


def _rows(lake: Lake, table: Any, run_id: str, more: tuple[str, ...]) -> list[Row]:
    if not lake.has(table):
        return []
    wanted = lake.table(table).filter(nw.col("run_id") == run_id)
    columns = ("intermediary", "bracket", "unit", *_AMOUNTS, *more)
    rows: list[Row] = wanted.select(*columns).collect("pyarrow").to_native().to_pylist()
    return rows


def _code(commodity: str) -> str:
    return "" if commodity == _ALL else commodity


def _risk(run_id: str, country: str, code: str, rows: list[Row]) -> Risk:
    excess, lows, highs = ([row[name] for row in rows] for name in _AMOUNTS)
    return Risk(
        run_id,
        country,
        code,
        _whole(excess, min(_given(excess), default=None)),
        _whole(lows, min(_given(lows), default=None)),
        _whole(highs, max(_given(highs), default=None)),
        str(rows[0]["unit"]),
        any(bool(row.get("is_flagged")) for row in rows),
    )


def _given(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _whole(values: list[float | None], found: float | None) -> float | None:
    """An end is open where it is open in any bracket."""
    return None if None in values else found
