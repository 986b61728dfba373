"""The diversion planted in a world: which cells, how much, and by which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from entrepot.simulate.levels import Bools, Codes, Floats, Ints
from entrepot.simulate.paths import logistic
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.streams import stream

LOST_SHARE = (0.01, 0.40)
SIZES = (1.0, 0.3, 0.1)
LARGEST_LAG = 5  # months between listing and the first diversion
RAMP_WIDTH = 0.8  # months; nine tenths of the ramp take about five widths
INTERMEDIATED_SHARE = 0.4
GHOST_SHARE = 0.3
MIXED_SPLIT = (0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Planted:
    """Mean diverted trade, thousand EUR.

    Args:
        intermediated: Arrives and goes on, shape [k, v, t].
        ghost: Never arrives, shape [k, v, t].
    """

    intermediated: Floats
    ghost: Floats


def ramp(month_count: int, start: Ints, lag: Ints) -> Floats:
    """The logistic ramp of diversion: nothing before listing, half-way ``lag`` months after it.

    Args:
        month_count: Months.
        start: Month of listing, any shape that broadcasts with ``lag``.
        lag: Months from listing to the middle of the ramp's first step.

    Returns:
        Factors between 0 and 1, months in a new last axis.

    Example:
        >>> ramp(4, np.array(2), np.array(0)).round(2).tolist()
        [0.0, 0.0, 0.65, 0.87]
    """
    since = np.arange(float(month_count)) - start[..., None]
    step = logistic((since - lag[..., None] + 0.5) / RAMP_WIDTH)
    return np.where(since >= 0, step, 0.0)


def draw_planted(scenario: Scenario, codes: Codes, lost: Floats, seed: int) -> Planted:
    """Plant diversion in candidates, and in hidden intermediaries among the controls.

    Each diverting cell takes ``U(0.01, 0.40) * one of {1, 0.3, 0.1}`` of the product's lost
    direct trade, times the ramp. 40 % are intermediated, 30 % ghost, 30 % both.

    Args:
        scenario: The world's knobs.
        codes: Its products.
        lost: Mean direct trade lost, thousand EUR, shape [k, t].
        seed: Seed of the world.

    Returns:
        Mean diverted trade of all destinations.
    """
    place = np.arange(scenario.destination_count)
    planted_count = scenario.candidate_count - scenario.null_candidate_count
    seen = _plant(scenario, codes, lost, (place < planted_count, "planting", seed))
    if scenario.hidden_count == 0:
        return seen
    behind = place - scenario.candidate_count
    is_hidden = (behind >= 0) & (behind < scenario.hidden_count)
    hidden = _plant(scenario, codes, lost, (is_hidden, "hidden", seed))
    return Planted(seen.intermediated + hidden.intermediated, seen.ghost + hidden.ghost)


def _plant(
    scenario: Scenario,
    codes: Codes,
    lost: Floats,
    hosts: tuple[Bools, Literal["planting", "hidden"], int],
) -> Planted:
    is_host, part, seed = hosts
    rng = stream(seed, part)
    cells = (scenario.product_count, scenario.destination_count)
    diverts = (rng.random(cells) < scenario.planted_share) & is_host & codes.is_sanctioned[:, None]
    share = rng.uniform(*LOST_SHARE, cells) * rng.choice(SIZES, cells) * scenario.planted_scale
    lag = rng.integers(0, LARGEST_LAG + 1, cells)
    rise = ramp(scenario.month_count, codes.listing_month[:, None], lag)
    total = np.where(diverts, share, 0.0)[:, :, None] * lost[:, None, :] * rise
    way, mixed = rng.random(cells), rng.uniform(*MIXED_SPLIT, cells)
    arrives = np.where(way < INTERMEDIATED_SHARE, 1.0, mixed)
    arrives = np.where(way >= 1 - GHOST_SHARE, 0.0, arrives)[:, :, None]
    return Planted(total * arrives, total * (1 - arrives))
