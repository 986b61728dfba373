"""Whether more was sent or dearer goods: price and volume against the other partners' own.

Declared value is amount times unit value, so the excess of a window splits in logs. Value and
amount are each predicted by the same model of two effects, ``a[k,v] g[k,t]``: how much of a
commodity a partner takes, and how the commodity moves for all partners. A third effect of partner
and month, as in :mod:`entrepot.diversion.counterfactual`, cannot be told where all goods of a
partner are tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.counterfactual import Factors, ratio
from entrepot.diversion.cube import Bools, Floats

TOLERANCE = 1e-10
MAX_ITERATIONS = 500
COVERED = 0.9  # share of a month's value that must have an amount beside it for the month to count
FEWEST_MONTHS = 3  # traded months on either side below which a unit value tells of the model
FEWEST_CONTROLS = 5  # cells behind a median of absolute changes
NORMAL_90 = 1.645
MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class UnitValueChange:
    """Unit values before and after an event, and their change against other partners.

    All have shape [K, V] and are NaN where there is nothing to divide.

    Args:
        before: Value per amount before the event.
        after: Value per amount from the event on.
        price: Log change of the unit value beyond product-month effects; positive: dearer.
        price_low: Lower end of the 90 % interval of ``price``.
        price_high: Upper end.
        volume: Log change of the amount beyond product-month effects; positive: more.
        control_count: Control cells behind the interval.
    """

    before: Floats
    after: Floats
    price: Floats
    price_low: Floats
    price_high: Floats
    volume: Floats
    control_count: int


def two_way(values: Floats, seen: Floats, first: Factors | None = None) -> Factors:
    """Fit ``E[U] = a[k,v] g[k,t]`` to the visible cells by Poisson pseudo-maximum-likelihood.

    The two scalings of :func:`entrepot.diversion.counterfactual.fit` that are left when partners
    have no path of their own; ``d`` is 1. At the fixed point the fit has the margins of the data.

    Args:
        values: Declared trade or amounts, shape [K, V, T].
        seen: 1 where the fit may look, shape [K, V, T].
        first: Factors to start from; all ones when left out.

    Returns:
        The factors; 0 where a group holds nothing visible.

    Example:
        >>> trade = np.array([[[1.0, 2.0, 4.0], [10.0, 20.0, 40.0]]])
        >>> seen = np.ones_like(trade)
        >>> seen[0, 1, 2] = 0
        >>> two_way(trade, seen).mean(slice(0, 1))[0, 1].round(6).tolist()
        [10.0, 20.0, 40.0]
    """
    k, v, t = values.shape
    visible = values * seen
    by_pair, by_path = visible.sum(axis=2), visible.sum(axis=1)
    a = np.ones((k, v)) if first is None else first.a
    g = np.ones((k, t)) if first is None else first.g
    for _ in range(MAX_ITERATIONS):
        g = ratio(by_path, np.einsum("kvt,kv->kt", seen, a))
        a = ratio(by_pair, np.einsum("kvt,kt->kv", seen, g))
        gap = np.abs(g * np.einsum("kvt,kv->kt", seen, a) - by_path).max(initial=0.0)
        if gap <= TOLERANCE * by_path.max(initial=0.0):
            break
    return Factors(a, g, np.ones((v, t)))


def weighed(value: Floats, amount_value: Floats, is_reported: Bools) -> Bools:
    """Say which months count for unit values.

    Args:
        value: Declared trade, shape [K, V, T].
        amount_value: The part of it that has an amount beside it, shape [K, V, T].
        is_reported: Months that were published, shape [T].

    Returns:
        Published, and either no trade at all or an amount beside nine tenths of it, [K, V, T].

    Example:
        >>> weighed(np.array([[[0.0, 10.0, 10.0]]]), np.array([[[0.0, 0.0, 9.5]]]),
        ...         np.array([True, True, True])).tolist()
        [[[True, False, True]]]
    """
    usable: Bools = is_reported[None, None, :] & (amount_value >= COVERED * value)
    return usable


def unit_value_change(
    value: Floats, amount: Floats, usable: Bools, is_tested: Bools, first: int
) -> UnitValueChange:
    """Split a window's change into price and volume, against what other partners' did.

    With sums S over the window's usable months and their counterfactuals M,
    ``price = log(S_value / S_amount) - log(M_value / M_amount)`` and
    ``volume = log(S_amount / M_amount)``; they add to ``log(S_value / M_value)``. Each control is
    predicted without its own window, and ``1.645 * 1.4826 * median |price of controls|`` makes
    the interval: a few odd controls do not widen it, a large one that moves everybody's path does.
    Stops being true where few pieces are traded: a unit value then tells of the model sold, not
    of its price. Cells that did not trade in three months on either side make no interval and
    get none.

    Args:
        value: Value that has an amount beside it, shape [K, V, T].
        amount: Kilograms or pieces, shape [K, V, T].
        usable: Months that count, shape [K, V, T].
        is_tested: Partners that may be treated, shape [V].
        first: Index of the month of the event.

    Returns:
        Unit values and their changes; the interval open under five control cells.
    """
    price, volume = _changes(value, amount, usable, is_tested, first)
    late = np.arange(value.shape[2]) >= first
    traded = usable & (amount > 0)
    is_steady = (traded[:, :, :first].sum(axis=2) >= FEWEST_MONTHS) & (
        traded[:, :, first:].sum(axis=2) >= FEWEST_MONTHS
    )
    known = np.abs(price[is_steady & ~is_tested[None, :]])
    known = known[np.isfinite(known)]
    half = np.full(price.shape, np.nan)
    if len(known) >= FEWEST_CONTROLS:
        half[is_steady] = NORMAL_90 * MAD_TO_SD * float(np.median(known))
    return UnitValueChange(
        before=_per(value, amount, usable & ~late),
        after=_per(value, amount, usable & late),
        price=price,
        price_low=price - half,
        price_high=price + half,
        volume=volume,
        control_count=len(known),
    )


def _changes(
    value: Floats, amount: Floats, usable: Bools, is_tested: Bools, first: int
) -> tuple[Floats, Floats]:
    """Price and volume change of every cell, each control predicted without its own window."""
    late = (np.arange(value.shape[2]) >= first)[None, None, :]
    price = np.full(value.shape[:2], np.nan)
    volume = price.copy()
    starts: list[Factors | None] = [None, None]
    alone = [np.arange(len(is_tested)) == column for column in np.flatnonzero(~is_tested)]
    for group in (is_tested, *alone):
        held = (group | is_tested)[None, :, None] & late
        seen = (usable & ~held).astype(float)
        logs = []
        for place, what in enumerate((value, amount)):
            fitted = two_way(what, seen, starts[place])
            starts[place] = starts[place] or fitted
            inside = usable & late
            observed = (what * inside).sum(axis=2)[:, group]
            expected = (fitted.mean(slice(0, len(what))) * inside).sum(axis=2)[:, group]
            logs.append(_log(observed) - _log(expected))
        price[:, group], volume[:, group] = logs[0] - logs[1], logs[1]
    return price, volume


def _per(value: Floats, amount: Floats, where: Bools) -> Floats:
    top, bottom = (value * where).sum(axis=2), (amount * where).sum(axis=2)
    out: Floats = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
    return out


def _log(value: Floats) -> Floats:
    out: Floats = np.log(value, out=np.full_like(value, np.nan), where=value > 0)
    return out
