"""Months of a panel: when codes were in force, when windows start, what a month is called."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.cube import Bools, Ints, alive_between_first_and_last

# A code whose last trade lies this close to the end is taken to be in force to the end.
ENDS_GRACE = 6


def in_force(traded: Bools) -> Bools:
    """Take a code to be in force from its first to its last month with trade.

    The span is stretched to an end of the panel that lies within half a year, because a code that
    is rarely traded is not gone.

    Args:
        traded: Whether anyone traded the code that month, shape [K, T].

    Returns:
        Whether it was in force, shape [K, T].
    """
    alive: Bools = alive_between_first_and_last(traded)
    late: Bools = np.asarray(alive[:, -ENDS_GRACE:].any(axis=1))
    early: Bools = np.asarray(alive[:, :ENDS_GRACE].any(axis=1))
    months = np.arange(alive.shape[1])
    begun = np.where(alive.any(axis=1), alive.argmax(axis=1), alive.shape[1])
    over = alive.shape[1] - 1 - alive[:, ::-1].argmax(axis=1)
    from_start = early[:, None] & (months[None, :] <= over[:, None])
    to_end = late[:, None] & (months[None, :] >= begun[:, None])
    stretched: Bools = alive | from_start | to_end
    return stretched


def starts(
    codes: NDArray[np.str_],
    is_listed: Bools,
    days: pa.Table | None,
    periods: NDArray[np.datetime64],
    first: int,
) -> tuple[Ints, Bools]:
    """First month of each commodity's window: its listing, never before the event.

    Args:
        codes: Sorted codes; a code that is listed in part stands twice, the listed part second.
        is_listed: Which of them are listed, shape [K].
        days: ``commodity`` and ``valid_from`` of the listed codes, from ``trade.listed``.
        periods: Months of the panel.
        first: Index of the month of the event.

    Returns:
        Index of each window's first month, and whether a list knows it, shape [K] each.
    """
    start = np.full(len(codes), first)
    is_dated = np.zeros(len(codes), dtype=bool)
    if days is None or days.num_rows == 0:
        return start, is_dated
    digits = int(np.char.str_len(codes).max())
    listed_codes = days["commodity"].to_numpy().astype(f"U{digits}")
    day = days["valid_from"].to_numpy().astype("datetime64[M]")
    known = ~np.isnat(day)
    month = np.where(known, (day - periods[0]).astype(np.int64), len(periods))
    earliest = np.full(len(codes), np.iinfo(np.int64).max)
    place = np.maximum(np.searchsorted(codes, listed_codes, side="right") - 1, 0)
    # A listed code without trade is not in the panel; its day must not reach a neighbour.
    known &= (codes[place] == listed_codes) & is_listed[place]
    np.minimum.at(earliest, place[known], month[known])
    is_dated = is_listed & (earliest < np.iinfo(np.int64).max)
    return np.where(is_dated, np.maximum(earliest, first), first), is_dated


def month_of(periods: NDArray[np.datetime64], index: int) -> date:
    """The first day of a month of the panel.

    Args:
        periods: Months of the panel.
        index: Index of the month.

    Returns:
        A date.
    """
    day: date = periods[index].astype("datetime64[D]").astype(object)
    return day
