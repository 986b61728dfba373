"""When an excess began: the month after which observed over expected stepped up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.counterfactual import Factors, ratio
from entrepot.diversion.cube import Cube, Floats, Ints

LEAD_MONTHS = 12  # months before the event at which the step may already have come
LIKELIHOOD_DROP = 2.0
LATEST = 1  # months that must remain after the step


@dataclass(frozen=True)
class Onset:
    """The likeliest first month of each corridor's excess, as indices of months.

    Args:
        month: Most likely month, -1 where there was no step up, shape [n].
        earliest: First month whose log likelihood lies within 2 of the best, shape [n].
        latest: Last such month, shape [n].
    """

    month: Ints
    earliest: Ints
    latest: Ints


def onset(
    cube: Cube, expected: Factors, where: tuple[Ints, Ints], lump: Floats, first: int
) -> Onset:
    """Profile the step of ``U / mu0`` over its month.

    ``l(tau) = [Y1 log(Y1/M1) + Y2 log(Y2/M2)] / phi`` with sums before and from ``tau``, steps up
    only. A plausibility field: simulated onsets are hit within a month in 58 % of cases.

    Args:
        cube: The panel.
        expected: Factors of untreated trade.
        where: Commodity and partner of each corridor, shape [n] each.
        lump: Currency per effective shipment, shape [K].
        first: Index of the month of the event.

    Returns:
        The likeliest months.
    """
    row, column = where
    months = cube.shape[2]
    profile = np.full((len(row), months), -np.inf)
    for block, values in cube.each():
        mine = np.flatnonzero((row >= block.start) & (row < block.stop))
        at = (row[mine] - block.start, column[mine])
        visible = cube.is_reported[column[mine]]
        mu = (
            expected.a[row[mine], column[mine]][:, None]
            * expected.g[row[mine]]
            * expected.d[column[mine]]
        )
        profile[mine] = _profile(values[at] * visible, mu * visible, lump[row[mine]])
    # A step cannot be seen in a month that was not reported, or in which the code was not in force.
    profile[~(cube.is_reported[column] & cube.is_alive[row])] = -np.inf
    profile[:, : max(first - LEAD_MONTHS, 1)] = -np.inf
    profile[:, months - LATEST + 1 :] = -np.inf
    best = profile.max(axis=1)
    near = profile >= best[:, None] - LIKELIHOOD_DROP
    found = np.isfinite(best)
    return Onset(
        month=np.where(found, profile.argmax(axis=1), -1),
        earliest=np.where(found, near.argmax(axis=1), -1),
        latest=np.where(found, months - 1 - near[:, ::-1].argmax(axis=1), -1),
    )


def _profile(observed: Floats, mu: Floats, lump: Floats) -> Floats:
    """Log likelihood of a step at each month, -inf where it would be a step down."""
    y1 = np.cumsum(observed, axis=1) - observed
    m1 = np.cumsum(mu, axis=1) - mu
    y2, m2 = observed.sum(axis=1, keepdims=True) - y1, mu.sum(axis=1, keepdims=True) - m1
    is_up = (m1 > 0) & (m2 > 0) & (y2 * m1 > y1 * m2)
    terms = y1 * np.log(np.where(y1 > 0, ratio(y1, m1), 1.0))
    terms += y2 * np.log(np.where(y2 > 0, ratio(y2, m2), 1.0))
    out: Floats = np.where(is_up, terms / lump[:, None], -np.inf)
    return out
