"""Densities of a window's trade on any leg: shipments, with a wide part for what nobody explains.

A leg is negative binomial in effective shipments. Its controls tell how often and how far trade
falls outside, so that one stray window cannot outweigh all other evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from entrepot.diversion.cube import Floats

TAIL_SHARES = (0.003, 0.01, 0.03, 0.06, 0.1, 0.2)
TAIL_WIDTHS = (3.0, 10.0, 30.0, 100.0)
TUNING_CELLS = 4_000


@dataclass(frozen=True)
class Tail:
    """The wide part of a leg's density.

    Args:
        share: Share of windows in it.
        width: By how much its relative variance exceeds that of the rest.
    """

    share: float
    width: float


def log_binomial(shipments: Floats, mean: Floats, count: Floats) -> Floats:
    """Log negative-binomial density of a number of shipments that need not be whole.

    ``lgamma(x + r) - lgamma(r) - lgamma(x + 1) + r log(r / (r + m)) + x log(m / (r + m))``.

    Args:
        shipments: ``x``, not negative.
        mean: ``m``, broadcast against ``x``.
        count: ``r``, one over the relative variance of the rate.

    Returns:
        Log densities per shipment; the mass at none is ``r log(r / (r + m))``. Where a mean is well
        below one shipment, mass and density together exceed one.

    Example:
        >>> float(log_binomial(np.array(0.0), np.array(1.0), np.array(1.0)).round(4))
        -0.6931
    """
    m = np.maximum(mean, 1e-9)
    out: Floats = (
        gammaln(shipments + count)
        - gammaln(count)
        - gammaln(shipments + 1)
        + count * np.log(count / (count + m))
        + shipments * np.log(m / (count + m))
    )
    return out


def log_density(shipments: Floats, mean: Floats, count: Floats, tail: Tail) -> Floats:
    """Log of ``(1 - share) NB(m, r) + share NB(m, r / width)``.

    Args:
        shipments: Trade in effective shipments, not negative.
        mean: Expected trade in the same, broadcast against it.
        count: One over the relative variance of the rate.
        tail: The wide part.

    Returns:
        Log densities per shipment.
    """
    narrow = np.log1p(-tail.share) + log_binomial(shipments, mean, count)
    wide = np.log(tail.share) + log_binomial(shipments, mean, count / tail.width)
    out: Floats = np.logaddexp(narrow, wide)
    return out


def tune_tail(shipments: Floats, mean: Floats, count: Floats) -> Tail:
    """Choose the wide part under which held-out controls are most likely.

    Args:
        shipments: Trade of controls in effective shipments, shape [n].
        mean: Expected trade in the same, shape [n].
        count: One over the relative variance of the rate, shape [n].

    Returns:
        The pair on the grid with the largest mean log density.
    """
    step = max(1, len(shipments) // TUNING_CELLS)
    x, m, r = shipments[::step], mean[::step], count[::step]
    pairs = [Tail(share, width) for share in TAIL_SHARES for width in TAIL_WIDTHS]
    return max(pairs, key=lambda tail: float(log_density(x, m, r, tail).mean()))
