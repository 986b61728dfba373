"""A small simulated world with a finished run and an article, for tests of the interface."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from entrepot import api
from entrepot.api.reading import readings, store_readings
from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import open_lake
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

WORDS = "BERLIN, June 21, 2023 – Germany's exports to Kazakhstan rose by 32 percent in 2022.\n"


def demo_lake(folder: Path) -> Path:
    """Write the lake that `entrepot demo` makes, and one article.

    Args:
        folder: Where.

    Returns:
        Folder of the lake.
    """
    world = simulate(small(SCENARIOS["strong"]), 1)
    path = folder / "one.txt"
    path.write_text(WORDS, "utf-8")
    with open_lake(folder / "lake") as lake:
        api.write_world(lake, world)
        names = ",".join(world.destinations[world.is_candidate].tolist())
        api.detect(lake, Inquiry(intermediaries=names, goods="simulated", dataset="simulated"))
        store_readings(lake, readings([str(path)], date(2023, 12, 31)))
    return folder / "lake"
