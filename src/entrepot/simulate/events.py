"""Legitimate events that look like diversion from one side: absorption, transit, projects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.simulate.levels import Floats
from entrepot.simulate.paths import logistic
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.streams import stream

ABSORPTION_RISE = (0.5, 1.5)
TRANSIT_RISE = (1.5, 3.0)
PROJECT_RISE = (2.0, 4.0)
PROJECT_MONTHS = (4, 8)


@dataclass(frozen=True, slots=True)
class Events:
    """Factors of legitimate events.

    Args:
        upstream: On exports to destinations, absorption and projects, shape [k, v, t].
        downstream: On exports of destinations to the target, transit, shape [k, v, t].
    """

    upstream: Floats
    downstream: Floats


def draw_events(scenario: Scenario, seed: int) -> Events:
    """Draw absorption, transit and one-off projects.

    Absorption (+50-150 %, 5 % of candidates' cells) begins 0-5 months into the war and stays in
    the country; transit multiplies sales to the target by 1.5-3 without any purchase from the
    coalition; a project multiplies a cell's trade by 2-4 for 4-8 months, at any time.

    Args:
        scenario: The world's knobs.
        seed: Seed of the world.

    Returns:
        Factors, 1 where nothing happens.
    """
    rng = stream(seed, "events")
    cells = (scenario.product_count, scenario.destination_count)
    is_candidate = np.arange(cells[1]) < scenario.candidate_count
    months = np.arange(scenario.month_count)
    start = scenario.war_month + rng.uniform(0.0, 5.0, cells)
    ramp = logistic((months - start[:, :, None]) / 0.8)
    absorbed = (rng.random(cells) < scenario.absorption_share) & is_candidate
    rise = np.where(absorbed, rng.uniform(*ABSORPTION_RISE, cells), 0.0)
    transits = (rng.random(cells) < scenario.transit_share) & is_candidate
    sold_on = np.where(transits, rng.uniform(*TRANSIT_RISE, cells) - 1, 0.0)
    upstream = (1 + rise[:, :, None] * ramp) * _projects(scenario, rng)
    return Events(upstream, 1 + sold_on[:, :, None] * ramp)


def _projects(scenario: Scenario, rng: np.random.Generator) -> Floats:
    cells = (scenario.product_count, scenario.destination_count)
    months = np.arange(scenario.month_count)
    chosen = rng.random(cells) < scenario.project_share
    first = rng.integers(0, scenario.month_count, cells)[:, :, None]
    length = rng.integers(PROJECT_MONTHS[0], PROJECT_MONTHS[1] + 1, cells)[:, :, None]
    factor = np.where(chosen, rng.uniform(*PROJECT_RISE, cells), 1.0)[:, :, None]
    running = (months >= first) & (months < first + length)
    return np.where(running, factor, 1.0)
