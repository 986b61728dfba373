"""Who published what: months that count, and reporters that are silent in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.cube import Bools, Coded, Floats
from entrepot.diversion.inquiry import Inquiry
from entrepot.errors import EstimateError

WORTH_NAMING = 0.001  # share of all trade from which a silent reporter is named


@dataclass(frozen=True)
class Published:
    """Months from the first to the last that counts.

    Args:
        periods: Months, consecutive, shape [T].
        is_complete: Whether the month's reporters hold enough of all trade, shape [T].
        silent: Reporter and month of each gap worth naming, e.g. ``NL 2022-11``, those after the
            last month that counts included.
    """

    periods: NDArray[np.datetime64]
    is_complete: Bools
    silent: tuple[str, ...]


def published(
    reporter: Coded,
    month: NDArray[np.datetime64],
    value: Floats,
    inquiry: Inquiry,
) -> Published:
    """Find the months in which the reporters that published hold enough of all trade.

    A reporter that is silent in a month is not a zero: the coalition's sum of that month is too
    low, and the month is masked. Stops being true for a reporter so small that it truly traded
    nothing in a month; its share decides nothing.

    Args:
        reporter: Reporter of each sum.
        month: Month of each sum, shape [n].
        value: Declared trade, shape [n].
        inquiry: The question; ``complete`` is the share that makes a month count.

    Returns:
        The calendar.

    Raises:
        EstimateError: If no month from the event on is complete.
    """
    names, who = reporter
    first = month.min()
    index = (month - first).astype(np.int64)
    has = np.zeros((len(names), int(index.max()) + 1), dtype=bool)
    has[who, index] = True
    weight = np.bincount(who, weights=value) / value.sum()
    complete: Bools = np.asarray(weight @ has >= inquiry.complete - 1e-12)
    periods = first + np.arange(has.shape[1])
    since = np.datetime64(inquiry.since, "M")
    if not ((periods >= since) & complete).any():
        raise EstimateError(
            f"the lake holds no complete month of {inquiry.coalition} from {inquiry.since:%Y-%m} "
            f"on; it ends in {periods[-1]}. Ingest later months, choose an earlier --since, or "
            f"accept less than {inquiry.complete:.0%} of trade with --complete."
        )
    last = int(np.flatnonzero(complete)[-1]) + 1
    silent = [
        f"{names[row]} {periods[column]}"
        for row, column in np.argwhere(~has)
        if weight[row] >= WORTH_NAMING
    ]
    return Published(periods[:last], complete[:last], tuple(sorted(silent)))
