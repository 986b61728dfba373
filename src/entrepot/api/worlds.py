"""Simulated worlds as the lake holds them."""

from __future__ import annotations

from datetime import UTC, datetime

from entrepot.lake import Lake
from entrepot.simulate.rows import flows, listed, source, truth
from entrepot.simulate.world import World
from entrepot.tables import FLOWS, LISTED_COMMODITIES, SOURCES, TRUTH


def write_world(lake: Lake, world: World) -> str:
    """Write a simulated world to a lake as if a publisher had sent it.

    Args:
        lake: The lake.
        world: The world.

    Returns:
        Its source id.
    """
    row = source(world, datetime.now(UTC))
    unit = str(row["source_id"])
    with lake.write() as transaction:
        transaction.put(FLOWS, flows(world), unit=unit)
        transaction.put(LISTED_COMMODITIES, listed(world), unit=unit)
        transaction.put(TRUTH, truth(world), unit=unit)
        transaction.put(SOURCES, [row], unit=unit)
    return unit
