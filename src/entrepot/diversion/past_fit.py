"""A fit with names, and factors of an earlier panel as a place to start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.cube import Bools, Cube, Floats, Ints


@dataclass(frozen=True)
class PastFit:
    """A fit with the names of its axes, for a later panel of the same question.

    Args:
        commodities: Codes, shape [K].
        is_listed: Which of them are listed; a code listed in part stands twice, shape [K].
        partners: Areas, shape [V].
        periods: Months, shape [T].
        a: Commodity by partner, shape [K, V].
        g: Commodity by month, shape [K, T].
        d: Partner by month, shape [V, T].
    """

    commodities: NDArray[np.str_]
    is_listed: Bools
    partners: NDArray[np.str_]
    periods: NDArray[np.datetime64]
    a: Floats
    g: Floats
    d: Floats


def past_fit(cube: Cube, is_listed: Bools, fitted: Factors) -> PastFit:
    """Give a fit the names of its axes.

    Args:
        cube: The panel it was made on.
        is_listed: Which commodities are listed, shape [K].
        fitted: The factors.

    Returns:
        The fit with names.
    """
    names = (cube.commodities, is_listed, cube.partners, cube.periods)
    return PastFit(*names, fitted.a, fitted.g, fitted.d)


def carried(past: PastFit, cube: Cube, is_listed: Bools) -> Factors:
    """Lay a past fit out on another panel, as factors to start from.

    A commodity, partner or pair that was not there begins at one, a month that was not there with
    the factors of the last one that was. A factor of nothing begins at one as well, since what is
    scaled can never leave zero.

    Args:
        past: The past fit.
        cube: The panel.
        is_listed: Which of its commodities are listed, shape [K].

    Returns:
        Factors on the axes of the panel, all above zero.
    """
    row = _place(_named(past.commodities, past.is_listed), _named(cube.commodities, is_listed))
    column = _place(past.partners, cube.partners)
    month = np.searchsorted(past.periods, cube.periods, side="right") - 1
    month = np.clip(month, 0, len(past.periods) - 1)
    return Factors(
        a=_laid_out(past.a, row, column),
        g=_laid_out(past.g, row, month),
        d=_laid_out(past.d, column, month),
    )


def _named(codes: NDArray[np.str_], is_listed: Bools) -> NDArray[np.str_]:
    named: NDArray[np.str_] = np.char.add(codes, np.where(is_listed, "+", "-"))
    return named


def _place(known: NDArray[np.str_], asked: NDArray[np.str_]) -> Ints:
    """Index of each name among those known, -1 where it is not."""
    order = np.argsort(known)
    at = order[np.clip(np.searchsorted(known[order], asked), 0, len(known) - 1)]
    place: Ints = np.where(known[at] == asked, at, -1).astype(np.int64)
    return place


def _laid_out(factor: Floats, first: Ints, second: Ints) -> Floats:
    found = factor[np.ix_(first, second)]
    is_known = (first >= 0)[:, None] & (second >= 0)[None, :]
    out: Floats = np.where(is_known & (found > 0), found, 1.0)
    return out
