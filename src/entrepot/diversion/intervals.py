"""Intervals whose width is learned from held-out controls.

Each control's observed window has a place (PIT) in its own predictive distribution. A corridor's
interval reads its own predictive at the places of the controls whose predictions are as uncertain,
so that 90 % intervals cover 90 % of such controls by construction.

Source: Gneiting, Balabdaoui and Raftery (2007) on the probability integral transform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.conformal import nearest
from entrepot.diversion.cube import Floats
from entrepot.diversion.predictive import Scales, draws, lower_tail, shape
from entrepot.diversion.window import Cells

DRAWS = 400
LEVEL = 0.9
TAIL = (1 - LEVEL) / 2
CHUNK = 4_000


@dataclass(frozen=True)
class Places:
    """Where held-out controls fell in their predictive distributions, by uncertainty.

    Args:
        position: Log relative variance of each control's prediction, ascending, shape [m].
        place: Randomised PIT in (0, 1), in the same order, shape [m].
    """

    position: Floats
    place: Floats


def places(control: Cells, scales: Scales, seed: int) -> Places:
    """Place each held-out control in its own predictive distribution.

    Args:
        control: Held-out controls.
        scales: Tuned scales.
        seed: Seed of the places of controls without trade, which share one mass.

    Returns:
        Places, ordered by uncertainty.
    """
    parts = (np.arange(lo, min(lo + CHUNK, len(control))) for lo in range(0, len(control), CHUNK))
    place = np.concatenate([lower_tail(control.take(part), scales) for part in parts])
    # Where nothing was observed, the mass of no shipment is shared out at random.
    place *= np.where(control.observed > 0, 1.0, np.random.default_rng(seed).random(len(control)))
    position = np.log(shape(control, scales).relative_variance)
    order = np.argsort(position, kind="stable")
    return Places(position[order], place[order])


def untreated(window: Cells, scales: Scales, control: Places, seed: int) -> Floats:
    """Draw each corridor's window without diversion, recalibrated on controls.

    Args:
        window: Corridors.
        scales: Tuned scales.
        control: Places of held-out controls.
        seed: Seed of the draws.

    Returns:
        Draws of ``S0`` in the unit of the panel, unordered, shape [n, DRAWS].
    """
    rng = np.random.default_rng(seed)
    s0 = draws(window, scales, DRAWS, seed + 1)
    position = np.log(shape(window, scales).relative_variance)
    first, width = nearest(position, control.position)
    pick = first[:, None] + rng.integers(0, width[:, None], size=s0.shape)
    at = control.place[pick] * (DRAWS - 1)
    low = at.astype(np.int64)
    index = np.arange(len(window))[:, None]
    upper = s0[index, np.minimum(low + 1, DRAWS - 1)]
    out: Floats = s0[index, low] + (at - low) * (upper - s0[index, low])
    return out
