"""What changed between two runs that asked the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.diversion.changes import KINDS, lead_changes, total_changes
from entrepot.dossier.records import Run
from entrepot.dossier.runs import read_run
from entrepot.dossier.scene import BRACKET_NAMES
from entrepot.dossier.wording import amount, interval, window
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import LEADS, RUNS, TOTALS

Row = Mapping[str, Any]
ALL = "_T"
# What makes two runs answers to one question; sources, code and the last month may differ.
ASKED = (
    *("coalition", "destination", "since", "goods", "level", "fdr", "design", "dataset"),
    *("arrival", "downstream", "intermediaries", "complete", "mirror_dataset"),
)
_WORDS = {
    "new": "is flagged now and was not",
    "vanished": "was flagged and is not now",
    "grown": "is flagged in both runs, and its excess a month is larger",
    "shrunk": "is flagged in both runs, and its excess a month is smaller",
    "held": "is flagged in both runs, and no change of its excess a month can be told",
    "not_compared": "cannot be compared",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed.

    Args:
        before: The earlier run.
        now: The later run.
        leads: One row per corridor and bracket flagged in either run, by kind, then by the change.
        totals: One row per country and bracket, ``_T`` for all; the change of the excess a month.
        counts: Leads by kind and bracket.
        new_sources: Sources of the later run that the earlier had not.
        gone_sources: Sources of the earlier run that the later has not.
    """

    before: Run
    now: Run
    leads: pa.Table
    totals: pa.Table
    counts: Mapping[tuple[str, str], int]
    new_sources: int
    gone_sources: int


def changes(lake: Lake, run_id: str | None = None, before_id: str | None = None) -> Changes:
    """Compare a run with the one before it that asked the same.

    Args:
        lake: The lake.
        run_id: The later run; the latest where left open.
        before_id: The earlier run; the last before it that asked the same where left open.

    Returns:
        What changed.

    Raises:
        LakeError: If there is no such run, no earlier one, or the two asked different questions.
    """
    now = read_run(lake, run_id)
    before = run_before(lake, now) if before_id is None else read_run(lake, before_id)
    if before is None:
        raise LakeError(
            f"no run before {now.run_id} asked the same question, expected one. Run `entrepot "
            "detect` again when new declarations are in the lake, or name a run with --before."
        )
    _check_asked_the_same(lake, before, now)
    leads = _leads(lake, before, now)
    totals = total_changes(
        *(_of(lake, TOTALS, run).filter(nw.col("group") == ALL) for run in (before, now))
    )
    held, had = ({one.source_id for one in run.sources} for run in (now, before))
    found = totals.sort("bracket", "intermediary").collect("pyarrow").to_native()
    kinds = zip(leads["kind"].to_pylist(), leads["bracket"].to_pylist(), strict=True)
    return Changes(before, now, leads, found, Counter(kinds), len(held - had), len(had - held))


def run_before(lake: Lake, run: Run) -> Run | None:
    """The last run before another that asked the same question.

    Args:
        lake: The lake.
        run: The run.

    Returns:
        The earlier run; ``None`` where there is none.
    """
    rows = list(lake.table(RUNS).collect().iter_rows(named=True))
    own = next(row for row in rows if row["run_id"] == run.run_id)
    earlier = [
        row
        for row in rows
        if row["created_at"] < own["created_at"] and _question(row) == _question(own)
    ]
    if not earlier:
        return None
    return read_run(lake, max(earlier, key=lambda row: row["created_at"])["run_id"])


def _question(row: Row) -> dict[str, str]:
    held = json.loads(row["parameters"])
    return {name: json.dumps(held.get(name)) for name in ASKED}


def _check_asked_the_same(lake: Lake, before: Run, now: Run) -> None:
    rows = {row["run_id"]: row for row in lake.table(RUNS).collect().iter_rows(named=True)}
    one, other = _question(rows[before.run_id]), _question(rows[now.run_id])
    differing = [
        f"{name} {one[name]} and {other[name]}" for name in ASKED if one[name] != other[name]
    ]
    if differing:
        raise LakeError(
            f"runs {before.run_id} and {now.run_id} asked different questions ("
            f"{'; '.join(differing)}), expected the same. Name another run with --before."
        )


def _of(lake: Lake, table: Table, run: Run) -> nw.LazyFrame[Any]:
    return lake.table(table).filter(nw.col("run_id") == run.run_id)


def _leads(lake: Lake, before: Run, now: Run) -> pa.Table:
    found = lead_changes(_of(lake, LEADS, before), _of(lake, LEADS, now)).collect("pyarrow")
    rows: pa.Table = found.to_native()
    order = pa.array([KINDS.index(kind) for kind in rows["kind"].to_pylist()], pa.int64())
    size = pa.array([-abs(value or 0.0) for value in rows["change"].to_pylist()], pa.float64())
    rows = rows.append_column("_order", order).append_column("_size", size)
    keys = ("_order", "_size", "intermediary", "commodity", "bracket")
    rows = rows.sort_by([(key, "ascending") for key in keys]).drop_columns(["_order", "_size"])
    said = rows.to_pylist()
    rows = rows.append_column("detail", pa.array([sentence(row) for row in said], pa.string()))
    proofs = [evidence(row, before.run_id, now.run_id) for row in said]
    return rows.append_column("evidence", pa.array(proofs, pa.string()))


def sentence(row: Row) -> str:
    """What changed about one lead, in a sentence.

    Args:
        row: A row of :func:`entrepot.diversion.changes.lead_changes`.

    Returns:
        The sentence, with both excesses, their intervals, windows and unit.
    """
    name = "-".join(row[key] for key in ("coalition", "intermediary", "destination", "commodity"))
    start = f"{name} ({BRACKET_NAMES[row['bracket']].lower()}) {_WORDS[row['kind']]}"
    if row["kind"] == "not_compared":
        return f"{start}: {row['reason']}."
    unit = row["unit_now"]
    return (
        f"{start}: excess {_told(row, 'before', unit)}, then {_told(row, 'now', unit)}; a month it "
        f"changed by {amount(row['change'], unit)} "
        f"({interval(row['change_low'], row['change_high'], unit)}, 90 %)."
    )


def _told(row: Row, when: str, unit: str) -> str:
    span = window(row[f"window_start_{when}"], row[f"window_end_{when}"])
    ends = interval(row[f"excess_low_{when}"], row[f"excess_high_{when}"], unit)
    return f"{amount(row[f'excess_{when}'], unit)} ({ends}) in {span}"


def evidence(row: Row, before_id: str, run_id: str) -> str:
    """Where a change can be checked.

    Args:
        row: A row of :func:`entrepot.diversion.changes.lead_changes`.
        before_id: The earlier run.
        run_id: The later run.

    Returns:
        Table and keys of the rows of both runs.
    """
    keys = ", ".join(f"{key}={row[key]}" for key in ("bracket", "intermediary", "commodity"))
    return "; ".join(f"leads run_id={run}, {keys}" for run in (before_id, run_id))
