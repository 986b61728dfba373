"""Diversion planted in real trade from before the war: real noise, known truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from entrepot.errors import EstimateError
from entrepot.simulate.planting import LARGEST_LAG, SIZES, ramp

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Strength = Literal["null", "moderate", "strong"]

DIVERTING_SHARE = 0.20
# Shares of the target's real flow in the window, and sizes they are multiplied by. Planted trade
# comes to 0.65-1.3 times all legitimate trade of the listed cells in `moderate` and 2.5-4.5 times
# in `strong`, which is near what 2022 shows. Half of HS6 cells there are empty, so a multiple of
# each cell's own trade would leave them out.
SHARES: dict[Strength, tuple[float, float]] = {
    "null": (0.0, 0.0),
    "moderate": (0.01, 0.40),
    "strong": (0.01, 0.80),
}
SIZES_OF: dict[Strength, tuple[float, ...]] = {
    "null": (0.0,),
    "moderate": SIZES,
    "strong": (1.0,),
}


@dataclass(frozen=True, slots=True, eq=False)
class SemiSynthetic:
    """A real panel with planted diversion, upstream leg only. EUR.

    Args:
        values: Exports to destinations with what was planted, shape [k, v, t].
        is_sanctioned: Products taken as listed, shape [k].
        is_candidate: Destinations taken as candidates, shape [v].
        start_index: Month of the pretended listing.
        truth: What was planted, shape [k, v, t].
    """

    values: Floats
    is_sanctioned: Bools
    is_candidate: Bools
    start_index: int
    truth: Floats

    @property
    def listing_month(self) -> NDArray[np.int64]:
        """The pretended month of listing of every product, shape [k]."""
        return np.full(len(self.is_sanctioned), self.start_index, dtype=np.int64)


def plant(
    panel_values: Floats,
    target_direct: Floats,
    strength: Strength,
    seed: int,
    *,
    start_index: int,
    candidate_count: int,
) -> SemiSynthetic:
    """Plant diversion in a real panel, out of the target's real flows.

    A random half of the products counts as listed; 20 % of their cells with candidates divert: a
    share of the product's real flow to the target, shaped as that flow times a ramp.

    Args:
        panel_values: Exports to destinations, candidates first, EUR, [k, v, t].
        target_direct: Exports to the target, EUR, shape [k, t].
        strength: How much to plant; ``null`` plants nothing: a placebo.
        seed: Seed, not negative.
        start_index: Month of the pretended listing.
        candidate_count: How many destinations, the first ones, are candidates.

    Returns:
        The panel with what was planted.

    Raises:
        EstimateError: If the arrays do not fit each other or the start is not inside them.
    """
    products, places, months = _checked_shape(panel_values, target_direct, start_index)
    rng, cells = np.random.default_rng(seed), (products, places)
    is_sanctioned = rng.permutation(products) < products // 2
    is_candidate = np.arange(places) < candidate_count
    diverts = is_sanctioned[:, None] & is_candidate & (rng.random(cells) < DIVERTING_SHARE)
    share = rng.uniform(*SHARES[strength], cells) * rng.choice(SIZES_OF[strength], cells)
    lag = rng.integers(0, LARGEST_LAG + 1, cells)
    ramped = ramp(months, np.array(start_index), lag) * target_direct[:, None, :]
    flow, whole = target_direct[:, start_index:].sum(axis=1)[:, None], ramped.sum(axis=2)
    scale = np.where(diverts, share, 0.0) * flow / np.where(whole > 0, whole, 1.0)
    truth = ramped * scale[:, :, None]
    return SemiSynthetic(panel_values + truth, is_sanctioned, is_candidate, start_index, truth)


def _checked_shape(
    panel_values: Floats, target_direct: Floats, start_index: int
) -> tuple[int, int, int]:
    products, places, months = panel_values.shape
    if target_direct.shape != (products, months) or not 0 < start_index < months:
        raise EstimateError(
            f"panel has shape {panel_values.shape}, target {target_direct.shape}, start "
            f"{start_index}; expected shapes (k, v, t) and (k, t) and a start inside the months. "
            "Cut both from the same months."
        )
    return products, places, months
