"""The listed goods' expectation again, with some control countries' windows unseen.

A refit of the whole panel for each country left out would take seconds. Here the full fit is the
starting point, its margins lose the country's window, and only listed goods are shrunk again: a
tenth of a second each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.counterfactual import Factors, Margins, Mask, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion, dispersion
from entrepot.diversion.evidence import Bracket, Material
from entrepot.diversion.paths import common
from entrepot.diversion.shrinkage import shrink
from entrepot.diversion.window import expected_sum

WARM_TOLERANCE = 1e-5  # of the refits, which start from the full fit and are compared with it
ROUNDING = 1e-3  # currency units; sums in another order differ by less


@dataclass(frozen=True)
class Learned:
    """The full fit, and what a fit to listed goods alone needs of it.

    Args:
        sums: Margins of the visible trade.
        fitted: PPML factors of the whole panel.
        held: Corridors whose windows the full fit did not see, shape [K, V].
        listed: The panel of listed goods.
        scatter: Lumps and variances of listed goods.
        place: Index of each commodity among the listed ones, where it is listed, shape [K].
    """

    sums: Margins
    fitted: Factors
    held: Bools
    listed: Cube
    scatter: Dispersion
    place: Ints


def learn(material: Material) -> Learned:
    """Fit the whole panel once, and measure the scatter of listed goods.

    Args:
        material: The panel and the question.

    Returns:
        The fit to start from.
    """
    cube, design = material.cube, material.design
    seen = mask(cube, design.treated, design.start)
    sums = margins(cube, seen)
    fitted, _ = fit(sums, seen)
    rows = np.flatnonzero(design.is_listed)
    listed = _only(cube, design.is_listed)
    small = _of_rows(seen, rows)
    scatter = dispersion(listed, small, _factors_of(fitted, rows), design.start[rows])
    place = np.cumsum(design.is_listed) - 1
    return Learned(sums, fitted, design.treated, listed, scatter, place.astype(np.int64))


def expected_unseen(
    material: Material, model: Learned, unseen: Bools, names: tuple[Bracket, ...]
) -> dict[Bracket, Floats]:
    """Expect the listed goods' windows when some windows are unseen.

    Parents of thin goods are listed goods alone, so that levels differ a little from the run's
    own: compare two results of this function, never one with the run.

    Args:
        material: The panel and the question.
        model: The full fit.
        unseen: Corridors whose windows must not be looked at, shape [K, V]; those of the full fit
            and more.
        names: Brackets wanted.

    Returns:
        Expected window sums by bracket, in the unit of the panel, shape [listed, V].
    """
    cube, start = material.cube, material.design.start
    seen = mask(cube, unseen, start)
    sums = _less(model.sums, cube, unseen & ~model.held, start)
    fitted, _ = fit(sums, seen, model.fitted, tolerance=WARM_TOLERANCE)
    rows = np.flatnonzero(material.design.is_listed)
    small, first = _of_rows(seen, rows), _factors_of(fitted, rows)
    factors = shrink(model.listed, small, first, model.scatter, start[rows]).factors
    donors = material.donors & ~unseen.all(axis=0)
    out: dict[Bracket, Floats] = {}
    for name in names:
        path = factors.d
        if name == "common":
            path = common(factors, cube, material.first, donors)
        out[name] = expected_sum(model.listed, replace(factors, d=path), start[rows])
    return out


def _less(sums: Margins, cube: Cube, gone: Bools, start: Ints) -> Margins:
    """Margins without the windows of some corridors."""
    lost = gone[cube.rows, cube.columns] & (cube.months >= start[cube.rows])
    lost &= cube.is_alive[cube.rows, cube.months] & cube.is_reported[cube.columns, cube.months]
    row, column, month = cube.rows[lost], cube.columns[lost], cube.months[lost]
    less = Margins(sums.by_path.copy(), sums.by_partner.copy(), sums.by_pair.copy())
    for table, at in (
        (less.by_path, (row, month)),
        (less.by_partner, (column, month)),
        (less.by_pair, (row, column)),
    ):
        np.subtract.at(table, at, cube.values[lost])
        # What is left of a margin that lost all its trade is rounding, and must be nothing.
        table[table < ROUNDING] = 0.0
    return less


def _only(cube: Cube, which: Bools) -> Cube:
    mine = which[cube.rows]
    place = np.cumsum(which) - 1
    return replace(
        cube,
        commodities=cube.commodities[which],
        values=cube.values[mine],
        rows=place[cube.rows[mine]],
        columns=cube.columns[mine],
        months=cube.months[mine],
        is_alive=cube.is_alive[which],
    )


def _of_rows(seen: Mask, rows: Ints) -> Mask:
    return replace(seen, alive=seen.alive[rows], held=seen.held[rows], after=seen.after[rows])


def _factors_of(factors: Factors, rows: Ints) -> Factors:
    return replace(factors, a=factors.a[rows], g=factors.g[rows])
