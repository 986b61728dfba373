"""What the lake holds: who declared what, when, with what gaps, and from which vintage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.api.held import sources_of
from entrepot.api.lists import dataset_in
from entrepot.api.months_held import periods
from entrepot.codes.groupings import resolve
from entrepot.diversion.declarations import each_once
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.completeness import FEW, SERIES, completeness, periods_held, with_level
from entrepot.trade.summary import Stretch


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """What to list.

    Args:
        reporters: Groupings or areas that declare; all where empty. Groupings are read as they
            stand on the day of the newest period held.
        flow: Flow letter; all where open.
        dataset: Dataset; all where open.
        level: Level of the nomenclature; all where open.
        has_levels: Whether each level is a series of its own.
    """

    reporters: str = ""
    flow: str | None = None
    dataset: str | None = None
    level: str | None = None
    has_levels: bool = False

    @property
    def by(self) -> tuple[str, ...]:
        """Columns that set series apart besides dataset, reporter, flow and frequency."""
        return ("level",) if self.has_levels else ()


@dataclass(frozen=True)
class Coverage:
    """What is held.

    Args:
        series: One row a series: its columns of :func:`entrepot.trade.completeness.completeness`,
            ``missing`` and ``few`` (periods, separated by blanks, the few with their rows),
            ``vintage`` (the newest) and ``source_count``.
        periods: One row a series and period held, of
            :func:`entrepot.trade.completeness.periods_held`.
        source: Publishers, datasets and vintages, in words.
    """

    series: pa.Table
    periods: pa.Table
    source: str


def coverage_of(lake: Lake, question: CoverageQuestion) -> Coverage:
    """List who declared what, and when.

    Args:
        lake: The lake.
        question: What to list.

    Returns:
        Counts by series and by period.

    Raises:
        LakeError: If the lake does not hold the dataset.
        EstimateError: If it holds nothing of what was asked.
    """
    flows = _asked(lake, question)
    order = [(name, "ascending") for name in (*SERIES, *question.by)]
    once = each_once(flows, lake.table(SOURCES))
    counted = periods_held(once, question.by).collect("pyarrow").to_native()
    if counted.num_rows == 0:
        raise EstimateError(
            f"the lake holds no flows of what was asked ({question.reporters or 'any reporter'}, "
            f"flow {question.flow or 'any'}, level {question.level or 'any'}), expected some. Run "
            "`entrepot coverage` alone to see all it holds."
        )
    held = counted.sort_by([*order, ("period", "ascending")])
    sums = completeness(lake.frame(held), question.by)
    keys = list((*SERIES, *question.by))
    joined = sums.join(_vintages(lake, once, question.by), on=keys, how="left")
    series = joined.collect("pyarrow").to_native().sort_by(order)
    names = sorted(set(series["dataset"].to_pylist()))
    return Coverage(_with_gaps(series, held, question.by), held, sources_of(lake, names))


def _asked(lake: Lake, question: CoverageQuestion) -> nw.LazyFrame[Any]:
    flows = with_level(lake.table(FLOWS))
    if question.dataset is not None:
        flows = flows.filter(nw.col("dataset") == dataset_in(lake, question.dataset))
    if question.flow is not None:
        flows = flows.filter(nw.col("flow") == question.flow)
    if question.level is not None:
        flows = flows.filter(nw.col("level") == question.level)
    if question.reporters:
        newest = flows.select(nw.col("period").max()).collect("pyarrow").item()
        if newest is not None:
            names = resolve(question.reporters, newest)
            flows = flows.filter(nw.col("reporter").is_in(sorted(names)))
    return flows


def _vintages(lake: Lake, flows: nw.LazyFrame[Any], by: tuple[str, ...]) -> nw.LazyFrame[Any]:
    series = (*SERIES, *by)
    sources = lake.table(SOURCES).select("source_id", "vintage")
    used = flows.group_by(*series, "source_id").agg(nw.len())
    return (
        used.join(sources, on="source_id", how="left")
        .group_by(*series)
        .agg(
            nw.col("vintage").max(),
            nw.col("source_id").n_unique().alias("source_count"),
        )
    )


def _with_gaps(series: pa.Table, held: pa.Table, by: tuple[str, ...]) -> pa.Table:
    """Name the periods that are missing, and those with few rows, with how many."""
    keys = (*SERIES, *by)
    counts: dict[tuple[str, ...], dict[Any, tuple[int, float]]] = {}
    for row in held.to_pylist():
        key = tuple(row[name] for name in keys)
        counts.setdefault(key, {})[row["period"]] = (row["row_count"], row["usual_count"])
    missing, few = [], []
    for row in series.to_pylist():
        own = counts[tuple(row[name] for name in keys)]
        pattern = "%Y" if row["freq"] == "A" else "%Y-%m"
        asked = periods(Stretch(row["first"], row["last"]), row["freq"])
        missing.append(" ".join(f"{day:{pattern}}" for day in asked if day not in own))
        few.append(
            " ".join(
                f"{day:{pattern}}:{count}"
                for day, (count, usual) in own.items()
                if count < FEW * usual
            )
        )
    return series.append_column("missing", pa.array(missing, pa.string())).append_column(
        "few", pa.array(few, pa.string())
    )
