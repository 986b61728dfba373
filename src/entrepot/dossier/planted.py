"""What a run found in a simulated world beside what was planted there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.dossier.runs import Row, read_run, rows_of
from entrepot.dossier.scene import country_name
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.tables import LEADS, TOTALS, TRUTH

ALL = "_T"
_CELL = ("intermediary", "commodity")
Amounts = tuple[float, float]  # arrived and went on, never arrived


@dataclass(frozen=True, slots=True)
class Way:
    """What was planted by one way, and what was found; open where no second leg tells.

    Args:
        planted: What was planted in the window.
        low: Lower end of the 90 % interval of what was found.
        high: Upper end.
    """

    planted: float
    low: float | None
    high: float | None

    @property
    def is_inside(self) -> bool | None:
        """Whether the interval holds what was planted; ``None`` where there is no interval."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.planted <= self.high


@dataclass(frozen=True, slots=True)
class PlantedRow:
    """One country in one bracket: the truth, the estimate, and whether they agree.

    Args:
        intermediary: The country; ``_T`` for all of the run.
        country: Its name.
        bracket: ``common`` or ``partner``.
        planted: What was planted in the window, in ``unit``.
        excess: What was found, point estimate.
        excess_low: Lower end of its 90 % interval.
        excess_high: Upper end.
        is_inside: Whether the interval holds what was planted.
        diverted: All that was diverted, by the legs together.
        intermediated: Part that arrived and went on.
        ghost: Part that never arrived.
        flagged_count: Corridors flagged.
        planted_flagged_count: Flagged corridors in whose window something was planted.
        unit: Unit of the amounts.
    """

    intermediary: str
    country: str
    bracket: str
    planted: float
    excess: float
    excess_low: float
    excess_high: float
    is_inside: bool
    diverted: Way
    intermediated: Way
    ghost: Way
    flagged_count: int
    planted_flagged_count: int
    unit: str


def planted_against_found(lake: Lake, run_id: str) -> list[PlantedRow]:
    """Compare the totals of a run with what the simulated world diverted in the same months.

    Args:
        lake: The lake.
        run_id: The run.

    Returns:
        One row per country and bracket, the most planted first; ``_T``, the sum over the run's
        countries, stands at the end. Countries with nothing planted have ``planted`` 0.

    Raises:
        LakeError: If there is no such run, or the lake holds no truth about it.
    """
    run = read_run(lake, run_id)
    if not lake.has(TRUTH):
        raise LakeError(
            f"{lake.path.name}/truth is empty, expected what a simulated world planted. Run "
            "`entrepot simulate` and `entrepot detect` first."
        )
    totals = rows_of(lake, TOTALS, run.run_id, group=ALL)
    sources = [source.source_id for source in run.sources]
    truth = lake.table(TRUTH).filter(nw.col("source_id").is_in(sources))
    planted = _planted(truth, totals)
    hits = _hits(lake, truth, run.run_id)
    rows = [_row(total, planted, hits) for total in totals]
    return sorted(rows, key=lambda row: (row.intermediary == ALL, -row.planted, row.intermediary))


def _planted(truth: nw.LazyFrame[Any], totals: list[dict[str, Any]]) -> dict[str, Amounts]:
    """What arrived and what did not, planted by country, and under ``_T`` in all of them."""
    countries = sorted({row["intermediary"] for row in totals} - {ALL})
    found: dict[str, Amounts] = dict.fromkeys(countries, (0.0, 0.0))
    if not totals:
        return found
    first, last = totals[0]["window_start"], totals[0]["window_end"]
    sums = (
        truth.filter(nw.col("period").is_between(first, last))
        .filter(nw.col("intermediary").is_in(countries))
        .group_by("intermediary")
        .agg(arrived=nw.col("intermediated").sum(), ghost=nw.col("ghost").sum())
    )
    found |= {code: (arrived, ghost) for code, arrived, ghost in sums.collect().iter_rows()}
    arrived, ghost = (sum(part) for part in zip(*found.values(), strict=True))
    return found | {ALL: (arrived, ghost)}


def _hits(lake: Lake, truth: nw.LazyFrame[Any], run_id: str) -> dict[tuple[str, str], int]:
    """Flagged corridors with anything planted in their window, by country and bracket."""
    flagged = lake.table(LEADS).filter(nw.col("run_id") == run_id, nw.col("is_flagged"))
    inside = nw.col("period").is_between(nw.col("window_start"), nw.col("window_end"))
    amount = nw.col("intermediated") + nw.col("ghost")
    hits = (
        flagged.select("bracket", *_CELL, "window_start", "window_end")
        .join(truth.select(*_CELL, "period", "intermediated", "ghost"), on=list(_CELL), how="inner")
        .filter(inside, amount > 0)
        .select("bracket", *_CELL)
        .unique()
        .group_by("intermediary", "bracket")
        .agg(count=nw.len())
    )
    rows = hits.collect().iter_rows()
    return {(intermediary, bracket): count for intermediary, bracket, count in rows}


def _row(total: Row, planted: dict[str, Amounts], hits: dict[tuple[str, str], int]) -> PlantedRow:
    code, bracket = total["intermediary"], total["bracket"]
    is_all = code == ALL
    arrived, ghost = planted[code]
    truth, low, high = arrived + ghost, total["excess_low"], total["excess_high"]
    return PlantedRow(
        intermediary=code,
        country="All" if is_all else country_name(code),
        bracket=bracket,
        planted=truth,
        excess=total["excess"],
        excess_low=low,
        excess_high=high,
        is_inside=low <= truth <= high,
        diverted=_way(total, "diverted", truth),
        intermediated=_way(total, "intermediated", arrived),
        ghost=_way(total, "ghost", ghost),
        flagged_count=total["flagged_count"],
        planted_flagged_count=(
            sum(count for (_, name), count in hits.items() if name == bracket)
            if is_all
            else hits.get((code, bracket), 0)
        ),
        unit=total["unit"],
    )


def _way(total: Row, name: str, planted: float) -> Way:
    """One way; on declared exports alone the range of what may have gone on is no estimate."""
    if total["legs"] == "U":
        return Way(planted, None, None)
    return Way(planted, total[f"{name}_low"], total[f"{name}_high"])
