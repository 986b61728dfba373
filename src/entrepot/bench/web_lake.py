"""Lakes to measure the desk on, made for the time of a measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from entrepot import api
from entrepot.diversion.inquiry import Inquiry
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

Told = Callable[[int, int, str], None]

_SIMULATED = "simulated"  # name of the world's dataset and of its control list


def demo_lake(place: Settings, told: Told) -> None:
    """Make the lake of ``entrepot demo``.

    Args:
        place: Settings with the folder.
        told: Told how far the run is.
    """
    world = simulate(small(SCENARIOS["strong"]), 1)
    names = ",".join(world.destinations[world.is_candidate].tolist())
    with open_lake(place.lake, place) as lake:
        api.write_world(lake, world)
        asked = Inquiry(intermediaries=names, goods=_SIMULATED, dataset=_SIMULATED)
        api.detect(lake, asked, told)


def lake_of(place: Settings, paths: Sequence[Path], told: Told) -> None:
    """Make a lake from publishers' files and run the estimator on it, as the tutorial does.

    Args:
        place: Settings with the folder.
        paths: Files and folders; trade, and one list of goods.
        told: Told how far the run is.
    """
    with open_lake(place.lake, place) as lake:
        api.ingest(lake, list(paths))
        # The last published month of the workbooks lacks one member, whose share is below this.
        api.detect(lake, Inquiry(intermediaries="NEIGHBOURS", complete=0.9), told)
