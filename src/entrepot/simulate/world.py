"""One simulated world: what was declared, what was planted, and the run that made it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.simulate.cut import Cut, left
from entrepot.simulate.events import draw_events
from entrepot.simulate.levels import (
    Bools,
    Codes,
    Floats,
    Ints,
    Levels,
    check_scenario,
    destinations,
    draw_codes,
    draw_levels,
)
from entrepot.simulate.mirrors import draw_arrival, draw_onward, draw_published
from entrepot.simulate.paths import Paths, draw_paths
from entrepot.simulate.planting import draw_planted
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.shipments import shipments
from entrepot.simulate.streams import stream

TARGET_DEMAND = 1.35  # the target buys a third more from everyone once the war has begun
DOWNSTREAM_SHIPMENT = 15.0  # thousand EUR; the knob is for the coalition's exports
EUR = 1000.0  # worlds are drawn in thousand EUR and handed out in EUR


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A simulated world. Amounts in EUR; k products, v destinations without the target, t months.

    Args:
        scenario: The knobs.
        seed: The seed.
        upstream: U, coalition's declared exports to destinations, FOB, [k, v, t].
        direct: X, coalition's exports to the target, FOB, [k, t].
        arrival: A, destinations' imports from the coalition, CIF, [k, v, t]; 0 where silent.
        downstream: D, destinations' exports to the target, FOB, [k, v, t]; 0 where silent.
        is_arrival_published: avA, [v, t].
        is_downstream_published: avD, [v, t].
        is_alive: Whether the code was in force, [k, t].
        intermediated: I, planted: arrived and went on, part of ``upstream``, [k, v, t].
        ghost: G, planted: never arrived, part of ``upstream``, [k, v, t].
        expected_upstream: Mean of ``upstream`` absent diversion and one-off events, [k, v, t]:
            what an oracle knows that sees all paths and drift.
        is_sanctioned: Listed codes, [k].
        listing_month: t0, index of the month of listing; the war's for codes not listed, [k].
        commodities: HS6 codes, [k].
        cut: A countermeasure that was simulated, where there is one.
    """

    scenario: Scenario
    seed: int
    upstream: Floats
    direct: Floats
    arrival: Floats
    downstream: Floats
    is_arrival_published: Bools
    is_downstream_published: Bools
    is_alive: Bools
    intermediated: Floats
    ghost: Floats
    expected_upstream: Floats
    is_sanctioned: Bools
    listing_month: Ints
    commodities: NDArray[np.str_]
    cut: Cut | None = None

    @property
    def diverted(self) -> Floats:
        """Planted trade of both ways, EUR, [k, v, t]."""
        return self.intermediated + self.ghost

    @property
    def is_candidate(self) -> Bools:
        """Candidate intermediaries, [v]."""
        return np.arange(self.scenario.destination_count) < self.scenario.candidate_count

    @property
    def destinations(self) -> NDArray[np.str_]:
        """ISO alpha-2 codes, candidates first, [v]."""
        return destinations(self.scenario)

    @property
    def periods(self) -> NDArray[np.datetime64]:
        """Months, datetime64[M], [t]."""
        first = np.datetime64(self.scenario.first_period, "M")
        return first + np.arange(self.scenario.month_count)


def simulate(scenario: Scenario, seed: int, cut: Cut | None = None) -> World:
    """Draw a world.

    ``U = legitimate + I + G``, ``A`` holds no ``G``, ``D`` holds ``I``. Same seed, same world; a
    cut takes its share off each planted shipment and leaves all others as they are.

    Args:
        scenario: The knobs.
        seed: Seed, not negative.
        cut: A countermeasure of one country.

    Returns:
        The world.

    Raises:
        EstimateError: If the scenario has more places or products than names, or the cut names
            none of its places and months.

    Example:
        >>> from entrepot.simulate.scenarios import SCENARIOS, small
        >>> simulate(small(SCENARIOS["null"]), seed=1).diverted.sum().item()
        0.0
    """
    check_scenario(scenario)
    codes, published = draw_codes(scenario, seed), draw_published(scenario, seed)
    trade = _draw_trade(scenario, codes, seed, cut)
    return World(
        scenario=scenario,
        seed=seed,
        upstream=trade.upstream * EUR,
        direct=trade.direct * EUR,
        arrival=trade.arrival * published.arrival * EUR,
        downstream=trade.downstream * published.downstream * EUR,
        is_arrival_published=published.arrival,
        is_downstream_published=published.downstream,
        is_alive=np.arange(scenario.month_count) >= codes.birth_month[:, None],
        intermediated=trade.intermediated * EUR,
        ghost=trade.ghost * EUR,
        expected_upstream=trade.expected_upstream * EUR,
        is_sanctioned=codes.is_sanctioned,
        listing_month=codes.listing_month,
        commodities=codes.commodities,
        cut=cut,
    )


@dataclass(frozen=True, slots=True)
class _Trade:
    """What really moved, thousand EUR; names as in `World`."""

    upstream: Floats
    direct: Floats
    arrival: Floats
    downstream: Floats
    intermediated: Floats
    ghost: Floats
    expected_upstream: Floats


def _draw_trade(scenario: Scenario, codes: Codes, seed: int, cut: Cut | None) -> _Trade:
    levels, paths = draw_levels(scenario, seed), draw_paths(scenario, codes, seed)
    events, lump = draw_events(scenario, seed), scenario.shipment_mean
    calm = _upstream_mean(codes, levels, paths)
    direct_mean = _split(codes, levels.direct[:, None] * paths.product * paths.target)
    planted = draw_planted(scenario, codes, direct_mean * (1 - paths.direct_left), seed)
    rng = stream(seed, "planted_shipments")
    intermediated = shipments(planted.intermediated, lump, rng)
    ghost = shipments(planted.ghost, lump, rng)
    if cut is not None:
        # What was drawn is scaled, so that cut or not a world draws the same numbers.
        stays = left(scenario, cut)
        intermediated, ghost = intermediated * stays, ghost * stays
    rng = stream(seed, "shipments")
    legitimate = shipments(calm * events.upstream, lump, rng)
    direct = shipments(direct_mean * paths.direct_left, lump, rng)
    own_mean = _downstream_mean(scenario, codes, levels, paths) * events.downstream
    own = shipments(own_mean, DOWNSTREAM_SHIPMENT, stream(seed, "downstream_shipments"))
    return _Trade(
        upstream=legitimate + intermediated + ghost,
        direct=direct,
        arrival=draw_arrival(scenario, codes, legitimate + intermediated, seed),
        downstream=own + draw_onward(intermediated, seed),
        intermediated=intermediated,
        ghost=ghost,
        expected_upstream=calm,
    )


def _upstream_mean(codes: Codes, levels: Levels, paths: Paths) -> Floats:
    mean = levels.upstream[:, :, None] * paths.product[:, None, :] * paths.partner * paths.cell
    return _split(codes, mean)


def _downstream_mean(scenario: Scenario, codes: Codes, levels: Levels, paths: Paths) -> Floats:
    since = np.arange(scenario.month_count) - scenario.war_month
    demand = np.where(since >= 0, TARGET_DEMAND, 1.0) * paths.target
    path = paths.product[:, None, :] * (paths.partner * demand)
    return _split(codes, levels.downstream[:, :, None] * path)


def _split(codes: Codes, mean: Floats) -> Floats:
    """Give born codes their share of the parent's trade, from birth on; nothing before."""
    months = np.arange(mean.shape[-1])
    tail = (slice(None), *([None] * (mean.ndim - 2)))
    share = np.where(months >= codes.birth_month[:, None], codes.split[:, None], 0.0)
    given = np.zeros_like(share)
    np.add.at(given, codes.parent, share)
    is_born = codes.parent != np.arange(len(codes.parent))
    born = mean[codes.parent] * share[tail]
    kept = mean * (1 - given)[tail]
    return np.asarray(np.where(is_born.reshape(-1, *([1] * (mean.ndim - 1))), born, kept))
