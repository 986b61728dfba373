"""One reporter's out-flows as arrays: value, kilograms and pieces by commodity, partner, month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.codes.areas import area
from entrepot.codes.groupings import resolve
from entrepot.diversion.calendar import in_force
from entrepot.diversion.cube import Bools, Cube, Floats, Ints, from_dense
from entrepot.errors import EstimateError
from entrepot.trade.summary import Level, published_at
from entrepot.trade.unit_value import unit_value
from entrepot.trade.vintage import latest

OutFlow = Literal["X", "RX"]
OUT_FLOWS = ("X", "RX")
SHORTEST_HISTORY = 6  # months before the event


@dataclass(frozen=True, slots=True)
class OutflowInquiry:
    """Whose out-flows of what are asked about, and since when.

    Args:
        reporter: The area that declares.
        goods: Prefixes of commodities or list ids; never empty.
        since: First month that may hold diverted goods.
        to: Groupings or areas, separated by commas, that are tested against all other partners.
        flow: ``X`` exports or ``RX`` re-exports.
        level: Level of the nomenclature as published; levels are never added.
        until: Last month; the last published one where open.
        dataset: Collection the flows come from; ``auto`` is the one in the lake.
        seed: Seed of the draws.

    Example:
        >>> from datetime import date
        >>> OutflowInquiry("GE", ("8703",), date(2022, 3, 1)).level
        'HS4'
    """

    reporter: str
    goods: tuple[str, ...]
    since: date
    to: str = "EAEU"
    flow: OutFlow = "X"
    level: Level = "HS4"
    until: date | None = None
    dataset: str = "auto"
    seed: int = 1

    def __post_init__(self) -> None:
        area(self.reporter)
        if not self.goods:
            raise EstimateError("--goods names no commodity, expected e.g. 8703 or a list id.")
        if self.flow not in OUT_FLOWS:
            raise EstimateError(f"--flow is {self.flow!r}, expected one of {OUT_FLOWS}.")
        if self.until is not None and self.until < self.since:
            raise EstimateError(f"--until is {self.until}, expected {self.since} or later.")
        if not resolve(self.to, self.since) - {self.reporter}:
            raise EstimateError(f"--to is {self.to!r}, expected partners besides the reporter.")


@dataclass(frozen=True)
class Amounts:
    """Kilograms or pieces, and the value that stands beside them.

    Args:
        amount: Kilograms or pieces, shape [K, V, T].
        value: Declared value of the rows that hold the amount, shape [K, V, T].
    """

    amount: Floats
    value: Floats


@dataclass(frozen=True)
class OutflowPanel:
    """All that an estimate of one reporter's out-flows is made from.

    Args:
        cube: Out-flows by commodity, partner and month.
        values: The same, dense, shape [K, V, T].
        weight: Kilograms.
        pieces: Supplementary quantities.
        quantity_unit: Unit of the pieces of each commodity; empty where mixed or absent, [K].
        is_tested: Partners asked about, shape [V].
        first: Index of the month of the event.
        unit: Currency and valuation of all values.
        classification: Classification of the commodities.
    """

    cube: Cube
    values: Floats
    weight: Amounts
    pieces: Amounts
    quantity_unit: tuple[str, ...]
    is_tested: Bools
    first: int
    unit: str
    classification: str

    @property
    def is_published(self) -> Bools:
        """Months in which the reporter published anything, shape [T]."""
        published: Bools = self.cube.is_reported[0]
        return published


def outflow_panel(
    goods: nw.LazyFrame[Any], sources: nw.LazyFrame[Any], inquiry: OutflowInquiry
) -> OutflowPanel:
    """Aggregate one reporter's out-flows in the engine and lay them out.

    A month counts as published when the reporter declares any of these goods in it, in any flow:
    an extract of other goods says nothing of these. A code is in force from the first to the last
    month in which the reporter declares it in any flow.

    Args:
        goods: Rows of ``flows`` of the goods asked about.
        sources: Rows of ``sources``.
        inquiry: The question.

    Returns:
        The panel.

    Raises:
        EstimateError: If there are no such rows, several currencies or classifications, no month
            since the event, or too few before it.
    """
    mine = published_at(_of_reporter(goods, inquiry), inquiry.level)
    out = latest(mine.filter(nw.col("flow") == inquiry.flow), sources)
    out = out.filter(~nw.col("partner").str.starts_with("_"))
    sums = _native(unit_value(out, ("commodity", "partner", "period")))
    if sums.num_rows == 0:
        raise EstimateError(
            f"the lake holds no monthly {inquiry.level} rows of {inquiry.reporter} with flow "
            f"{inquiry.flow!r} and goods {', '.join(inquiry.goods)} in dataset "
            f"{inquiry.dataset!r}. Run `entrepot sources` to see what it holds, or choose another "
            "--level."
        )
    unit, classification = _only_one(out)
    alive = _native(mine.select("commodity", "period").unique())
    months = _months(alive["period"])
    periods = np.arange(months.min(), months.max() + 1)
    first = _first(periods, inquiry)
    laid = _lay_out(sums, alive, periods, inquiry)
    cube = replace(laid.cube, is_reported=np.tile(np.isin(periods, months), (laid.count, 1)))
    return OutflowPanel(
        cube=cube,
        values=laid.dense("value"),
        weight=Amounts(laid.dense("net_weight_kg"), laid.dense("weighed_value")),
        pieces=laid.pieces(),
        quantity_unit=laid.units,
        is_tested=np.isin(cube.partners, sorted(_tested(inquiry))),
        first=first,
        unit=unit,
        classification=classification,
    )


def _of_reporter(flows: nw.LazyFrame[Any], inquiry: OutflowInquiry) -> nw.LazyFrame[Any]:
    rows = flows.filter(
        nw.col("dataset") == inquiry.dataset,
        nw.col("freq") == "M",
        nw.col("reporter") == inquiry.reporter,
        nw.col("partner2") == "_T",
    )
    return rows if inquiry.until is None else rows.filter(nw.col("period") <= inquiry.until)


def _native(rows: nw.LazyFrame[Any]) -> pa.Table:
    table: pa.Table = rows.collect("pyarrow").to_native()
    return table


def _months(column: pa.ChunkedArray) -> NDArray[np.datetime64]:
    months: NDArray[np.datetime64] = column.to_numpy().astype("datetime64[M]")
    return months


def _tested(inquiry: OutflowInquiry) -> set[str]:
    return set(resolve(inquiry.to, inquiry.since)) - {inquiry.reporter}


def _only_one(out: nw.LazyFrame[Any]) -> tuple[str, str]:
    """Currency with valuation, and classification; both must be single."""
    found = _native(out.select("currency", "valuation", "classification").unique()).to_pylist()
    units = sorted({f"{row['currency']} {row['valuation']}" for row in found})
    editions = sorted({row["classification"] for row in found})
    if len(units) != 1:
        raise EstimateError(f"the rows mix {units}, expected one. Choose a --dataset.")
    return units[0], editions[0] if len(editions) == 1 else "HS"


def _first(periods: NDArray[np.datetime64], inquiry: OutflowInquiry) -> int:
    first = int((np.datetime64(inquiry.since, "M") - periods[0]).astype(np.int64))
    if not SHORTEST_HISTORY <= first < len(periods):
        raise EstimateError(
            f"the rows of {inquiry.reporter} run from {periods[0]} to {periods[-1]}, expected at "
            f"least {SHORTEST_HISTORY} months before --since {inquiry.since:%Y-%m} and one from it "
            "on. Ingest more months, or choose another --since."
        )
    return first


@dataclass(frozen=True)
class _Laid:
    """Aggregated rows with the indices of their cells."""

    cube: Cube
    sums: pa.Table
    at: tuple[Ints, Ints, Ints]
    units: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.cube.shape[1]

    def dense(self, name: str) -> Floats:
        out = np.zeros(self.cube.shape)
        out[self.at] = self.sums[name].fill_null(0.0).to_numpy()
        return out

    def pieces(self) -> Amounts:
        """Pieces of commodities that are counted in one unit throughout."""
        is_one = np.array([unit != "" for unit in self.units])[:, None, None]
        return Amounts(self.dense("quantity") * is_one, self.dense("counted_value") * is_one)


def _lay_out(
    sums: pa.Table, alive: pa.Table, periods: NDArray[np.datetime64], inquiry: OutflowInquiry
) -> _Laid:
    code, partner = (sums[n].to_numpy().astype(np.str_) for n in ("commodity", "partner"))
    commodities = np.unique(code)
    partners = np.unique([*partner.tolist(), *sorted(_tested(inquiry))])
    row, column = np.searchsorted(commodities, code), np.searchsorted(partners, partner)
    month = (_months(sums["period"]) - periods[0]).astype(np.int64)
    values = np.zeros((len(commodities), len(partners), len(periods)))
    values[row, column, month] = sums["value"].to_numpy()
    traded = np.zeros((len(commodities), len(periods)), dtype=bool)
    named = alive["commodity"].to_numpy().astype(np.str_)
    known = np.isin(named, commodities)
    when = (_months(alive["period"]) - periods[0]).astype(np.int64)
    traded[np.searchsorted(commodities, named[known]), when[known]] = True
    cube = replace(from_dense(values, commodities, partners, periods), is_alive=in_force(traded))
    units = sums.group_by("commodity").aggregate([("quantity_unit", "distinct")]).to_pylist()
    by_code = {
        entry["commodity"]: [unit for unit in entry["quantity_unit_distinct"] if unit is not None]
        for entry in units
    }
    one = tuple(
        by_code[name][0] if len(by_code[name]) == 1 else "" for name in commodities.tolist()
    )
    return _Laid(cube, sums, (row, column, month), one)
