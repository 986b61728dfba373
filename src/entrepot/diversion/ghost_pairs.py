"""Yearly pairs of declarations as arrays: what both sides published, and what they did not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.diversion.cube import Bools
from entrepot.diversion.ghost_totals import Declared
from entrepot.errors import EstimateError
from entrepot.trade.mirror import Rate, RecordedBy

Baseline = Literal["last", "mean"]
FEWEST_YEARS = 2


@dataclass(frozen=True, slots=True)
class MirrorQuestion:
    """Which two declarations to lay side by side, and what to hold against them.

    Args:
        exporters: Groupings or areas that export, separated by commas.
        importers: Groupings or areas that import.
        first: First year; from it to the event there must be no ghost trade.
        event: First year of the event.
        last: Last year.
        exports_from: Dataset with the exporters' declarations.
        imports_from: Dataset with the importers' declarations.
        recorded_by: Which imports to take: by partner, by consignment, or by either.
        baseline: Exports expected without the event: those of the ``last`` year before it, or the
            ``mean`` of all years before it.
        rates: Currency rates, where the two sides are in different currencies.
        part: Groupings or areas among the exporters whose part is worked out; may be empty.
    """

    exporters: str
    importers: str
    first: int
    event: int
    last: int
    exports_from: str
    imports_from: str
    recorded_by: RecordedBy
    baseline: Baseline
    rates: tuple[Rate, ...] = ()
    part: str = ""


def within(pairs: pa.Table, first: int, last: int) -> pa.Table:
    """Keep some years.

    Args:
        pairs: Rows of :func:`entrepot.trade.mirror.mirror`.
        first: First year.
        last: Last year.

    Returns:
        The rows of those years.
    """
    year = pc.year(pairs["period"])
    return pairs.filter(pc.and_(pc.greater_equal(year, first), pc.less_equal(year, last)))


def lay_out(pairs: pa.Table, first: int, last: int) -> Declared:
    """Lay yearly pairs out as arrays.

    Args:
        pairs: Rows of :func:`entrepot.trade.mirror.mirror`, yearly, of the years wanted.
        first: First year.
        last: Last year.

    Returns:
        All years from first to last. A side is taken to have published an importer's year where
        it declared any trade of it; a year that holds nothing is one that nobody published.
    """
    importers, v = np.unique(pairs["importer"].to_numpy().astype(str), return_inverse=True)
    exporters, m = np.unique(pairs["exporter"].to_numpy().astype(str), return_inverse=True)
    years = np.arange(first, last + 1)
    y = pc.year(pairs["period"]).to_numpy() - first
    sides = []
    for name in ("declared_export", "declared_import"):
        values = np.zeros((len(importers), len(exporters), len(years)))
        np.add.at(values, (v, m, y), pairs[name].fill_null(0.0).to_numpy())
        sides.append(values)
    exports, imports = sides
    is_reported = (exports.sum(axis=1) > 0) & (imports.sum(axis=1) > 0)
    recorded_by = np.full(len(importers), "", dtype="U16")
    is_import = pc.is_valid(pairs["recorded_by"]).to_numpy()
    recorded_by[v[is_import]] = pairs["recorded_by"].to_numpy()[is_import].astype(str)
    return Declared(importers, exporters, years, exports, imports, is_reported, recorded_by)


def currency_of(pairs: pa.Table) -> str:
    """The one currency that both sides are in.

    Args:
        pairs: Rows of :func:`entrepot.trade.mirror.mirror`.

    Returns:
        Its ISO 4217 code.

    Raises:
        EstimateError: If there are several, or no rows.
    """
    names = sorted(pc.unique(pairs["currency"]).to_pylist())
    if not names:
        raise EstimateError(
            "the datasets hold no whole year of these countries' trade in all goods, expected "
            "exports (flow X) in one and imports (flow M) in the other. Run `entrepot sources` "
            "to see what the lake holds, and name them with --exports and --imports."
        )
    if len(names) > 1:
        raise EstimateError(
            f"exports and imports are in {names}, expected one currency. Give a rate for each "
            "year with --rate, e.g. --rate USD/EUR:2022=1.05, and ask for those years only."
        )
    return str(names[0])


def published(declared: Declared, asked: MirrorQuestion, importers: Collection[str]) -> Declared:
    """Keep the importers of which both sides were published in every year before the event.

    Args:
        declared: Both declarations.
        asked: The question.
        importers: Areas that must be among them.

    Returns:
        Those importers, whether asked for or not.

    Raises:
        EstimateError: If one that was asked for is not among them, there are fewer than two years
            before the event, or an exporter declared nothing to anybody in some year.
    """
    is_before = declared.years < asked.event
    exported = declared.exports.sum(axis=0)
    is_silent = (exported == 0) & (exported.sum(axis=0) > 0)
    if is_silent.any():
        names = declared.exporters[is_silent.any(axis=1)].tolist()
        years = declared.years[is_silent.any(axis=0)].tolist()
        raise EstimateError(
            f"{asked.exports_from} holds no export of {names} in {years}: silence is not nil. "
            "Leave them out of --exporter, or those years out of --from and --to."
        )
    if is_before.sum() < FEWEST_YEARS:
        raise EstimateError(
            f"the years before the event are {declared.years[is_before].tolist()}, expected at "
            f"least {FEWEST_YEARS}: one is judged by the ratio of the others. Move --from back, or "
            "--event forward."
        )
    is_whole: Bools = np.asarray(declared.is_reported[:, is_before].all(axis=1))
    absent = sorted(set(importers) - set(declared.importers[is_whole].tolist()))
    if absent:
        raise EstimateError(
            f"{absent} are not whole before the event, open are "
            f"{_open_years(declared, absent, is_before)}; expected all years from {asked.first} to "
            f"{asked.event - 1}, with exports in {asked.exports_from} and imports by "
            f"{asked.recorded_by} in {asked.imports_from}: they teach the ratio. Move --from, "
            "choose another --by, or leave them out of --importer."
        )
    return declared.of(is_whole)


def _open_years(declared: Declared, absent: list[str], is_before: Bools) -> str:
    """Which years of which importers one side did not publish."""
    years = declared.years[is_before]
    found = {name: years for name in absent}
    for name, is_reported in zip(declared.importers, declared.is_reported, strict=True):
        if name in found:
            found[str(name)] = years[~is_reported[is_before]]
    return "; ".join(f"{name} {', '.join(map(str, when))}" for name, when in found.items())
