"""Aggregated rows laid out as a panel: third countries in the cube, the destination beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.calendar import in_force
from entrepot.diversion.cube import Bools, Cube, Floats
from entrepot.diversion.published import Published


@dataclass(frozen=True)
class Sums:
    """Declared exports by commodity, listing, partner and month, fetched once.

    Args:
        commodity: Codes, shape [n].
        is_listed: Whether the goods of the row are listed, shape [n].
        partner: Areas, shape [n].
        month: Months, shape [n].
        value: Sums, shape [n].
    """

    commodity: NDArray[np.str_]
    is_listed: Bools
    partner: NDArray[np.str_]
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
    periods = calendar.periods
    keys = np.char.add(sums.commodity, np.where(sums.is_listed, "1", "0"))
    distinct, row = np.unique(keys, return_inverse=True)
    month = (sums.month - periods[0]).astype(np.int64)
    is_target = sums.partner == destination
    inside = month < len(periods)
    direct = np.zeros((len(distinct), len(periods)))
    mine = is_target & inside
    np.add.at(direct, (row[mine], month[mine]), sums.value[mine])
    keep = np.flatnonzero(inside & ~is_target)
    names, column = np.unique(sums.partner[keep], return_inverse=True)
    order = np.lexsort((month[keep], column, row[keep]))
    keep, column = keep[order], column[order]
    traded = direct > 0
    traded[row[keep], month[keep]] = True
    cube = Cube(
        commodities=np.array([key[:-1] for key in distinct]),
        partners=names,
        periods=periods,
        values=sums.value[keep],
        rows=row[keep],
        columns=column,
        months=month[keep],
        is_alive=in_force(traded),
        is_reported=np.broadcast_to(calendar.is_complete, (len(names), len(periods))).copy(),
    )
    return Layout(cube, direct, np.array([key.endswith("1") for key in distinct]))
