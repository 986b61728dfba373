"""Aggregated rows laid out as a panel: third countries in the cube, the destination beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.calendar import in_force
from entrepot.diversion.cube import Bools, Coded, Cube, Floats, Ints
from entrepot.diversion.published import Published


@dataclass(frozen=True)
class Sums:
    """Declared exports by commodity, listing, partner and month, fetched once.

    Args:
        commodity: Code of each row.
        is_listed: Whether the goods of the row are listed, shape [n].
        partner: Area of each row.
        month: Months, shape [n].
        value: Sums, shape [n].
    """

    commodity: Coded
    is_listed: Bools
    partner: Coded
    month: NDArray[np.datetime64]
    value: Floats


@dataclass(frozen=True)
class Layout:
    """The cube of third countries and the direct trade, on the same commodities and months.

    Args:
        cube: Exports to third countries.
        direct: Exports to the destination, shape [K, T].
        is_listed: Which commodities are listed; a code listed in part stands twice, shape [K].
    """

    cube: Cube
    direct: Floats
    is_listed: Bools


def lay_out(sums: Sums, calendar: Published, destination: str) -> Layout:
    """Give every commodity, partner and month its index.

    Args:
        sums: Aggregated rows.
        calendar: Months that count.
        destination: The sanctioned country; it is no partner of the cube.

    Returns:
        The layout; listed and other goods of one code are two commodities.
    """
    periods, names = calendar.periods, sums.partner.names
    # Of one code, the goods that are not listed come first.
    distinct, row = _in_use(2 * sums.commodity.place + sums.is_listed)
    month = sums.month.astype("datetime64[M]", copy=False).view(np.int64) - _number(periods[0])
    is_target = (names == destination)[sums.partner.place]
    inside = month < len(periods)
    mine, keep = is_target & inside, np.flatnonzero(inside & ~is_target)
    direct = np.zeros((len(distinct), len(periods)))
    direct[row[mine], month[mine]] = sums.value[mine]
    # One number a cell: at a hundred million cells every further column of indices is 180 MB.
    cell = ((row * len(names) + sums.partner.place) * len(periods) + month)[keep]
    del row, month
    order = np.argsort(cell)
    values, cell = sums.value[keep[order]], cell[order]
    del keep, order
    month = cell % len(periods)
    cell //= len(periods)
    row = cell // len(names)
    cell %= len(names)
    partners, column = _in_use(cell)
    traded = direct > 0
    traded[row, month] = True
    cube = Cube(
        commodities=sums.commodity.names[distinct // 2],
        partners=names[partners],
        periods=periods,
        values=values,
        rows=row,
        columns=column,
        months=month,
        is_alive=in_force(traded),
        is_reported=np.broadcast_to(calendar.is_complete, (len(partners), len(periods))).copy(),
    )
    return Layout(cube, direct, distinct % 2 == 1)


def _number(month: np.datetime64) -> int:
    return int(month.astype("datetime64[M]").astype(np.int64))


def _in_use(numbers: Ints) -> tuple[Ints, Ints]:
    """Distinct small numbers in order, and where each stands among them; nothing is sorted."""
    used = np.bincount(numbers) > 0
    rank: Ints = np.cumsum(used) - 1
    return np.flatnonzero(used), rank[numbers]
