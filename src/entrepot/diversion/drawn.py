"""What was diverted, drawn corridor by corridor and added up, a run of corridors at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.intervals import DRAWS
from entrepot.diversion.latent import Legs, Posterior, blocks, joint
from entrepot.diversion.score import MATERIALITY
from entrepot.diversion.split import Split, at_least, draw, interval


@dataclass(frozen=True)
class Places:
    """Where corridors are added up, shape [n] each.

    Args:
        row: Commodities.
        column: Partners.
        chapter: Chapters of the commodities.
        size: Number of commodities, partners and chapters.
    """

    row: Ints
    column: Ints
    chapter: Ints
    size: tuple[int, int, int]


@dataclass(frozen=True)
class Drawn:
    """What draws of corridors say of each, and their sums; draws of single corridors are not kept.

    Args:
        material: Chance of material diversion, shape [n].
        mean: Mean of what was diverted, in the unit of the panel, shape [n].
        diverted: Median and ends of the 90 % interval, shape [n, 3].
        intermediated: The same of what arrived and went on.
        ghost: The same of what never arrived.
        split: Draws by partner and chapter, shape [V, H, DRAWS].
        made_up: Draws of what was diverted by commodity, shape [K, DRAWS].
    """

    material: Floats
    mean: Floats
    diverted: Floats
    intermediated: Floats
    ghost: Floats
    split: Split
    made_up: Floats


def draw_all(legs: Legs, posterior: Posterior, places: Places, seed: int) -> Drawn:
    """Draw what every corridor diverted, and add the draws up.

    Args:
        legs: What the legs say.
        posterior: The posterior over these corridors.
        places: Where corridors are added up.
        seed: Seed.

    Returns:
        What the draws say. Memory grows with corridors by the numbers of ``Drawn`` alone.
    """
    count = len(legs.observed)
    commodities, partners, chapters = places.size
    material, mean = np.empty((2, count))
    diverted, intermediated, ghost = np.empty((3, count, 3))
    split = Split(*np.zeros((2, partners, chapters, DRAWS)))
    made_up = np.zeros((commodities, DRAWS))
    found = Drawn(material, mean, diverted, intermediated, ghost, split, made_up)
    rng = np.random.default_rng(seed)
    for block in blocks(count):
        _add(found, block, _draw(legs.part(block), posterior, rng), places)
    return found


@dataclass(frozen=True)
class _Block:
    material: Floats
    split: Split


def _draw(legs: Legs, posterior: Posterior, rng: np.random.Generator) -> _Block:
    chances = joint(legs, posterior)
    material = at_least(chances, legs.observed, MATERIALITY)
    return _Block(material, draw(chances, legs.observed, rng))


def _add(found: Drawn, block: slice, drawn: _Block, places: Places) -> None:
    split, diverted = drawn.split, drawn.split.diverted
    found.material[block], found.mean[block] = drawn.material, diverted.mean(axis=1)
    found.diverted[block] = interval(diverted)
    found.intermediated[block] = interval(split.intermediated)
    found.ghost[block] = interval(split.ghost)
    at = (places.column[block], places.chapter[block])
    np.add.at(found.split.intermediated, at, split.intermediated)
    np.add.at(found.split.ghost, at, split.ghost)
    np.add.at(found.made_up, places.row[block], diverted)
