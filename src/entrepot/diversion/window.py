"""Window sums: what was declared after the event and what the factors expect there."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion
from entrepot.diversion.shrinkage import Shrunk


@dataclass(frozen=True)
class Cells:
    """Corridors, one entry each: sums over their windows and how sure the expectation is.

    Args:
        row: Index of the commodity, shape [n].
        column: Index of the partner, shape [n].
        observed: Declared trade in the window, in the unit of the panel, shape [n].
        mean: Expected trade in the window, same unit, shape [n].
        lump: Currency per effective shipment, shape [n].
        level_variance: Relative variance of the estimated level and path, shape [n].
        drift: Relative variance of a window's level, before scaling, shape [n].
    """

    row: Ints
    column: Ints
    observed: Floats
    mean: Floats
    lump: Floats
    level_variance: Floats
    drift: Floats

    def __len__(self) -> int:
        return len(self.observed)

    def take(self, which: Bools | Ints | slice) -> Cells:
        """Pick corridors.

        Args:
            which: A mask, indices or a run of corridors.

        Returns:
            Those corridors.
        """
        return Cells(*(getattr(self, part.name)[which] for part in fields(self)))

    def scaled(self, growth: float) -> Cells:
        """Multiply every expectation.

        Args:
            growth: Factor.

        Returns:
            The same corridors, expected to trade that much more.
        """
        return replace(self, mean=self.mean * growth)


def join(parts: list[Cells]) -> Cells:
    """Put several sets of corridors into one.

    Args:
        parts: Sets of corridors, at least one.

    Returns:
        All of them, in order.
    """
    return Cells(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Cells))
    )


def observed_sum(cube: Cube, start: Ints) -> Floats:
    """Declared trade in each commodity's window, shape [K, V], in the unit of the panel.

    Args:
        cube: The panel.
        start: First month of each commodity's window, shape [K].

    Returns:
        ``S[k,v] = sum_{t >= start[k]} U[k,v,t]`` over months that were reported; not to be
        written to, the panel keeps it.
    """
    return cube.sums_from(start)


def window_mask(cube: Cube, start: Ints) -> Floats:
    """Mark the months of each commodity's window in which the code was in force.

    Args:
        cube: The panel.
        start: First month of each commodity's window, shape [K].

    Returns:
        1 inside, 0 outside, shape [K, T].
    """
    after = np.arange(cube.shape[2])[None, :] >= start[:, None]
    inside: Floats = (after & cube.is_alive).astype(float)
    return inside


def expected_sum(cube: Cube, factors: Factors, start: Ints) -> Floats:
    """Expected trade in each commodity's window, shape [K, V], in the unit of the panel.

    Args:
        cube: The panel.
        factors: The model of untreated trade.
        start: First month of each commodity's window, shape [K].

    Returns:
        ``M[k,v] = a[k,v] sum_{t >= start[k]} g[k,t] d[v,t]`` over live, reported months.
    """
    path = factors.g * window_mask(cube, start)
    total: Floats = factors.a * (path @ (factors.d * cube.is_reported).T)
    return total


def cells(cube: Cube, shrunk: Shrunk, scatter: Dispersion, start: Ints, which: Bools) -> Cells:
    """Sum the windows of some corridors and say how sure the expectation is.

    Args:
        cube: The panel.
        shrunk: Shrunk factors with their effective shipments.
        scatter: Lumps and variances.
        start: First month of each commodity's window, shape [K].
        which: The corridors wanted, shape [K, V].

    Returns:
        One entry per wanted corridor.
    """
    row, column = np.nonzero(which)
    inside = window_mask(cube, start)
    months = np.maximum(inside.sum(axis=1), 1.0)
    path_variance = (inside / shrunk.path_count).sum(axis=1) / months**2
    return Cells(
        row=row,
        column=column,
        observed=observed_sum(cube, start)[row, column],
        mean=expected_sum(cube, shrunk.factors, start)[row, column],
        lump=scatter.lump[row],
        level_variance=1.0 / shrunk.pair_count[row, column] + path_variance[row],
        drift=scatter.drift[row],
    )
