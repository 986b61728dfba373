"""Random streams: one per part of a world, so that scenarios share what they have in common."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Part = Literal[
    "codes",
    "levels",
    "paths",
    "booms",
    "drift",
    "events",
    "shipments",
    "planting",
    "hidden",
    "planted_shipments",
    "downstream_levels",
    "downstream_shipments",
    "onward",
    "arrival",
    "silence",
]


def stream(seed: int, part: Part) -> np.random.Generator:
    """Start the random stream of one part of a world.

    A part draws the same numbers whatever the knobs of the others: ``gaps`` and ``base`` of one
    seed differ in nothing but what partners publish.

    Args:
        seed: Seed of the world, not negative.
        part: Part of the world.

    Returns:
        A generator (PCG64), seeded by the pair.

    Example:
        >>> stream(1, "levels").random() == stream(1, "levels").random()
        True
    """
    return np.random.default_rng((seed, get_args(Part).index(part)))
