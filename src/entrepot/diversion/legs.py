"""The second legs of a panel: what partners recorded as arrived, and what they sold on.

A record is missing, not zero, in a month for which the partner published nothing of that flow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.codes.groupings import resolve
from entrepot.diversion.cube import Bools, Coded, Cube, Ints, coded
from entrepot.diversion.declarations import each_once
from entrepot.diversion.inquiry import DIGITS, Inquiry
from entrepot.diversion.leg_choice import (
    ArrivalReading,
    Chosen,
    DownstreamReading,
    by_origin,
    imports_of,
    sales_of,
)
from entrepot.diversion.reconciled import refuse_reconciled
from entrepot.errors import EstimateError

HS6 = 6


@dataclass(frozen=True)
class SecondLegs:
    """Records of the partners, on the axes of the panel.

    Args:
        arrival: Imports from the coalition, or of all origins; ``None`` where nobody recorded any.
        downstream: Sales to the destination; ``None`` where nobody recorded any.
        arrival_basis: How imports were read.
        downstream_basis: Who declared the sales.
        is_by_origin: Partners whose imports are read by origin, shape [V].
        is_lower_bound: Partners whose sales cross no customs border, shape [V].
        source_ids: Sources the records come from.
    """

    arrival: Cube | None
    downstream: Cube | None
    arrival_basis: ArrivalReading
    downstream_basis: DownstreamReading
    is_by_origin: Bools
    is_lower_bound: Bools
    source_ids: tuple[str, ...]


def no_legs(cube: Cube) -> SecondLegs:
    """The second legs of a panel without any.

    Args:
        cube: The panel.

    Returns:
        Nothing, on either side.
    """
    nobody = np.zeros(cube.shape[1], dtype=bool)
    return SecondLegs(None, None, "none", "none", nobody, nobody, ())


def second_legs(
    flows: nw.LazyFrame[Any],
    sources: nw.LazyFrame[Any],
    cube: Cube,
    currency: str,
    inquiry: Inquiry,
) -> SecondLegs:
    """Aggregate the partners' own records onto the axes of the panel.

    Only six-digit rows enter. A commodity that is listed in part has no second leg: the record
    does not tell its two parts apart.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``.
        cube: The panel.
        currency: Currency of the panel, e.g. ``EUR``.
        inquiry: The question.

    Returns:
        The records, with how they were read.

    Raises:
        EstimateError: If a leg was asked for and is not there, is in another currency, or would be
            of reconciled statistics.
    """
    if inquiry.level == "CN8":
        if inquiry.arrival not in ("auto", "none") or inquiry.downstream not in ("auto", "none"):
            raise EstimateError(
                "partners record six digits, and --level is CN8, expected HS6 or HS4 with "
                "--arrival or --downstream. Choose a level, or leave the legs out."
            )
        return no_legs(cube)
    rows = _declared(flows, cube, inquiry)
    arrival_basis, imports = imports_of(rows, cube, inquiry)
    downstream_basis, sales = sales_of(rows, cube, inquiry)
    found = {
        name: None if chosen is None else _leg(chosen, sources, cube, (currency, inquiry))
        for name, chosen in (("arrival", imports), ("downstream", sales))
    }
    _check_found(found, inquiry)
    union = resolve("EAEU", inquiry.since)
    inside = np.isin(cube.partners, sorted(union)) & (inquiry.destination in union)
    return SecondLegs(
        arrival=_cube(found["arrival"]),
        downstream=_cube(found["downstream"]),
        arrival_basis=arrival_basis if found["arrival"] else "none",
        downstream_basis=downstream_basis if found["downstream"] else "none",
        is_by_origin=by_origin(arrival_basis, imports, cube),
        is_lower_bound=inside,
        source_ids=tuple(sorted({i for leg in found.values() if leg for i in leg.source_ids})),
    )


def _declared(flows: nw.LazyFrame[Any], cube: Cube, inquiry: Inquiry) -> nw.LazyFrame[Any]:
    """What the partners' records may hold: declarations in the months of the panel."""
    dataset = inquiry.mirror_dataset or inquiry.dataset
    refuse_reconciled(flows, dataset, "--mirror-dataset" if inquiry.mirror_dataset else "--dataset")
    return flows.filter(
        nw.col("dataset") == dataset,
        nw.col("freq") == "M",
        # An estimate is nobody's declaration, and a secret figure is not the product's.
        nw.col("obs_status") == "A",
        nw.col("period") >= cube.periods[0].astype("datetime64[D]").item(),
        nw.col("period") <= cube.periods[-1].astype("datetime64[D]").item(),
    )


def _check_found(found: dict[str, _Leg | None], inquiry: Inquiry) -> None:
    """Refuse where a leg was asked for by name and is not there."""
    dataset = inquiry.mirror_dataset or inquiry.dataset
    for name, asked in (("arrival", inquiry.arrival), ("downstream", inquiry.downstream)):
        if asked not in ("auto", "none") and found[name] is None:
            raise EstimateError(
                f"--{name} is {asked!r}, and the lake holds no such records of the panel's "
                f"partners and months in dataset {dataset!r}. Ingest them, or use --{name} auto."
            )


@dataclass(frozen=True)
class _Leg:
    cube: Cube
    source_ids: tuple[str, ...]


def _cube(leg: _Leg | None) -> Cube | None:
    return None if leg is None else leg.cube


def _leg(
    chosen: Chosen,
    sources: nw.LazyFrame[Any],
    cube: Cube,
    wanted: tuple[str, Inquiry],
) -> _Leg | None:
    currency, inquiry = wanted
    # What was published when, in which currency and by whom: few groups, one reading.
    about = (
        chosen.published.with_columns(area=nw.col(chosen.area))
        .group_by("area", "period", "currency", "source_id")
        .agg(nw.len())
        .collect("pyarrow")
        .to_native()
    )
    counted = chosen.counted.filter(nw.col("commodity").str.len_chars() == HS6)
    ids = tuple(about["source_id"].unique().to_pylist())
    if len(ids) > 1:
        counted = each_once(counted, sources)
    sums = (
        counted.with_columns(
            code=nw.col("commodity").str.slice(0, DIGITS[inquiry.level]),
            area=nw.col(chosen.area),
        )
        .group_by("code", "area", "period")
        .agg(nw.col("value").sum())
        .collect("pyarrow")
        .to_native()
    )
    if sums.num_rows == 0:
        return None
    found = sorted(about["currency"].unique().to_pylist())
    if found != [currency]:
        raise EstimateError(
            f"the partners' records are in {found}, expected {currency}, the panel's currency. "
            "Leave them out with --arrival none --downstream none."
        )
    return _Leg(on_axes(sums, cube, _published(about, cube)), ids)


def _published(months: pa.Table, cube: Cube) -> Bools:
    flags = np.zeros(cube.shape[1:], dtype=bool)
    column, known = _index(coded(months["area"]), cube.partners)
    month = _month(months["period"], cube)
    inside = known & (month >= 0) & (month < cube.shape[2])
    flags[column[inside], month[inside]] = True
    return flags


def on_axes(sums: pa.Table, cube: Cube, published: Bools) -> Cube:
    """Lay sums out on the axes of a panel.

    Args:
        sums: ``code``, ``area``, ``period`` and ``value``; what is not on the axes is left out.
        cube: The panel.
        published: Months that count, shape [V, T].

    Returns:
        The sums; none for a commodity that is listed in part.
    """
    names, count = np.unique(cube.commodities, return_counts=True)
    row, is_known = _index(coded(sums["code"]), names)
    is_whole = is_known & (count[row] == 1)
    row = np.searchsorted(cube.commodities, names)[row]
    column, has_place = _index(coded(sums["area"]), cube.partners)
    month = _month(sums["period"], cube)
    keep = is_whole & has_place & (month >= 0) & (month < cube.shape[2])
    size = cube.shape
    cell = np.ravel_multi_index((row[keep], column[keep], month[keep]), size)
    cells, inverse = np.unique(cell, return_inverse=True)
    rows, columns, months = np.unravel_index(cells, size)
    return replace(
        cube,
        values=np.bincount(inverse, weights=sums["value"].to_numpy()[keep]).astype(np.float64),
        rows=rows,
        columns=columns,
        months=months,
        is_reported=published,
    )


def _month(period: pa.ChunkedArray, cube: Cube) -> NDArray[np.int64]:
    months = period.to_numpy().astype("datetime64[M]")
    out: NDArray[np.int64] = (months - cube.periods[0].astype("datetime64[M]")).astype(np.int64)
    return out


def _index(named: Coded, sorted_names: NDArray[np.str_]) -> tuple[Ints, Bools]:
    """Where each row's name stands among sorted ones, and which rows' names are there."""
    place = np.minimum(np.searchsorted(sorted_names, named.names), len(sorted_names) - 1)
    known: Bools = sorted_names[place] == named.names
    return place[named.place].astype(np.int64), known[named.place]
