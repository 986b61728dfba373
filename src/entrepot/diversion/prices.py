"""Whether flagged corridors sent more or dearer goods, where exports have weights."""

from __future__ import annotations

import numpy as np

from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.panel import Panel
from entrepot.diversion.records import Weights
from entrepot.diversion.unit_values import unit_value_change, weighed

MOST_COMMODITIES = 200  # each costs a fit per control partner


def price_changes(weights: Weights | None, panel: Panel, commodities: Ints) -> Floats:
    """Log change of the value per kilogram, beyond what other partners paid more.

    Args:
        weights: Exports with weights, or ``None``.
        panel: The panel.
        commodities: Commodities to look at, most important first; the first 200 count.

    Returns:
        Change and ends of its 90 % interval, shape [K, V, 3]; NaN where there is no weight.
    """
    out = np.full((*panel.cube.shape[:2], 3), np.nan)
    if weights is None or not len(commodities):
        return out
    rows = np.sort(commodities[:MOST_COMMODITIES])
    total, value, kilograms = (
        _laid_out(cube, rows) for cube in (panel.cube, weights.value, weights.kilograms)
    )
    seen: Bools = np.asarray(panel.cube.is_reported.all(axis=0))
    usable = weighed(total, value, seen)
    found = unit_value_change(value, kilograms, usable, panel.design.is_candidate, int(panel.first))
    out[rows] = np.stack((found.price, found.price_low, found.price_high), axis=2)
    return out


def _laid_out(cube: Cube, rows: Ints) -> Floats:
    """Some commodities of a cube, zeros included."""
    place = np.searchsorted(rows, cube.rows)
    mine = (place < len(rows)) & (rows[np.minimum(place, len(rows) - 1)] == cube.rows)
    out = np.zeros((len(rows), *cube.shape[1:]))
    out[place[mine], cube.columns[mine], cube.months[mine]] = cube.values[mine]
    return out
