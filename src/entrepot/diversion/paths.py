"""What a partner's general trade does in the window: the two brackets."""

from __future__ import annotations

import numpy as np

from entrepot.diversion.counterfactual import Factors, ratio
from entrepot.diversion.cube import Bools, Cube, Floats
from entrepot.diversion.memory import MONTHLY_DECAY

YEAR = 12


def usual_level(factors: Factors, cube: Cube, first: int) -> Floats:
    """Each partner's factor before the event, late months weighing more, shape [V].

    Args:
        factors: The fitted model.
        cube: The panel.
        first: Index of the month of the event.

    Returns:
        ``sum_t decay d[v,t] / sum_t decay`` over reported months before the event; 0 where there
        are none.
    """
    age = first - 1 - np.arange(first)
    weight = cube.is_reported[:, :first] * MONTHLY_DECAY**age
    return ratio((factors.d[:, :first] * weight).sum(axis=1), weight.sum(axis=1))


def common(factors: Factors, cube: Cube, first: int, donors: Bools) -> Floats:
    """Let every partner follow the donors' common path from the event on.

    ``d[v,t] = level[v] h[t]`` with ``h[t]`` the median over donors of ``d[v,t] / level[v]``; flat
    where there is no donor. Too high an excess comes out where a partner boomed in everything.

    Args:
        factors: The fitted model.
        cube: The panel.
        first: Index of the month of the event.
        donors: Partners that hold no diversion, shape [V].

    Returns:
        Partner factors, shape [V, T].
    """
    level = usual_level(factors, cube, first)
    path = factors.d.copy()
    known = donors & (level > 0)
    moves = np.ones(factors.d.shape[1] - first)
    if known.any():
        seen = cube.is_reported[known, first:]
        paths = np.where(seen, factors.d[known, first:] / level[known, None], np.nan)
        told = seen.any(axis=0)
        moves[told] = np.nanmedian(paths[:, told], axis=0)
    path[:, first:] = level[:, None] * moves[None, :]
    return path


def by_general_trade(factors: Factors, cube: Cube, first: int, general: Floats) -> Floats:
    """Let every partner follow its own trade in goods that are not listed.

    ``d[v,t] = level[v] general[v,t] / usual general``, both levels taken over the same months
    before the event, late ones weighing more. Too low an excess comes out where goods that are
    not listed go on to the destination as well.

    Args:
        factors: The fitted model.
        cube: The panel.
        first: Index of the month of the event.
        general: Trade in goods that are not listed, shape [V, T].

    Returns:
        Partner factors, shape [V, T].
    """
    level = usual_level(factors, cube, first)
    age = first - 1 - np.arange(first)
    weight = cube.is_reported[:, :first] * MONTHLY_DECAY**age
    base = (general[:, :first] * weight).sum(axis=1) / weight.sum(axis=1)
    path = factors.d.copy()
    months = factors.d.shape[1]
    path[:, first:] = level[:, None] * general[:, first:months] / base[:, None]
    return path


def general_trade(totals: Floats | None, cube: Cube, is_listed: Bools) -> Floats | None:
    """Trade with each partner in goods that are not listed.

    Total less listed where the lake holds totals, else the sum of the other goods in the panel.

    Args:
        totals: Exports of all goods, shape [V, T], or ``None``.
        cube: The panel.
        is_listed: Listed commodities, shape [K].

    Returns:
        Exports of other goods, never negative, shape [V, T]; ``None`` where some partner has none
        in a month that counts.
    """
    mine = is_listed[cube.rows] if totals is not None else ~is_listed[cube.rows]
    sums = np.zeros(cube.shape[1:])
    np.add.at(sums, (cube.columns[mine], cube.months[mine]), cube.values[mine])
    rest: Floats = sums if totals is None else np.maximum(totals - sums, 0.0)
    return rest if (rest > 0)[cube.is_reported].all() else None
