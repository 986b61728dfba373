"""The benchmark, first form: our estimator and simple baselines on worlds whose truth is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import product

import numpy as np

from entrepot.api import dataset_in
from entrepot.diversion.calendar import in_force
from entrepot.diversion.conclude import conclude
from entrepot.diversion.cube import Floats, from_dense
from entrepot.diversion.evidence import Material, from_donors
from entrepot.diversion.folds import Design
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.panel import Panel, build
from entrepot.diversion.totals import Tally
from entrepot.diversion.window import window_mask
from entrepot.lake import Lake
from entrepot.simulate.baselines import robust_z, seasonal_naive, year_on_year
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.score import CellEstimates, Score, score_cells
from entrepot.simulate.semi_synthetic import Strength, plant
from entrepot.simulate.world import World, simulate
from entrepot.tables import FLOWS, SOURCES

FDR = 0.1
PLACEBO_EVENT = date(2021, 6, 1)
PLACEBO_END = date(2022, 2, 1)
PLACEBO_CANDIDATES = ("AM", "KG", "KZ")

OnWorld = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """One method on one world.

    Args:
        world: Scenario, or strength of planting in real data.
        seed: Its seed.
        method: Which estimator.
        seconds: How long it took.
        score: How well it did.
    """

    world: str
    seed: int
    method: str
    seconds: float
    score: Score

    def row(self) -> dict[str, object]:
        """The trial as one flat row."""
        row = asdict(self)
        metrics: dict[str, object] = row.pop("score")
        return row | metrics


@dataclass(frozen=True)
class _Arena:
    """A panel with known truth: exports and what was planted, shape [K, V, T]."""

    material: Material
    values: Floats
    truth: Floats


def run_bench(
    scenarios: Iterable[str], seeds: Iterable[int], on_progress: OnWorld | None = None
) -> list[Trial]:
    """Score estimator and baselines on simulated worlds.

    Args:
        scenarios: Names of scenarios.
        seeds: Seeds; 100 and up are for reporting, 0 to 3 for tuning.
        on_progress: Told which world is done.

    Returns:
        One trial per world and method.
    """
    pairs = list(product(scenarios, seeds))
    trials: list[Trial] = []
    for done, (name, seed) in enumerate(pairs, start=1):
        arena = _arena_of_world(simulate(SCENARIOS[name], seed))
        trials += _trials(name, seed, arena)
        if on_progress is not None:
            on_progress(done, len(pairs), f"{name} {seed}")
    return trials


def run_real_bench(
    lake: Lake, strengths: Iterable[Strength], seeds: Iterable[int], on_progress: OnWorld | None
) -> list[Trial]:
    """Score the same on diversion planted in real trade from before the war.

    The event is put in June 2021 and the data end in February 2022; a random half of the products
    counts as listed, Armenia, Kyrgyzstan and Kazakhstan as candidates, Russia as one of the
    controls. Strength ``null`` plants nothing: every rejection is false.

    Args:
        lake: A lake with monthly CN8 exports of the EU.
        strengths: How much to plant.
        seeds: Seeds of halves and planting.
        on_progress: Told which panel is done.

    Returns:
        One trial per panel and method.
    """
    panel = _before_the_war(lake)
    pairs = list(product(strengths, seeds))
    trials: list[Trial] = []
    for done, (strength, seed) in enumerate(pairs, start=1):
        trials += _trials(f"real-{strength}", seed, _arena_of_panel(panel, strength, seed))
        if on_progress is not None:
            on_progress(done, len(pairs), f"{strength} {seed}")
    return trials


def panel_of_world(world: World) -> Panel:
    """The panel that :func:`entrepot.diversion.panel.build` makes of a world's rows, at once.

    Args:
        world: A simulated world.

    Returns:
        The panel, in EUR FOB.
    """
    order = np.argsort(world.commodities, kind="stable")
    upstream, direct = world.upstream[order], world.direct[order]
    places = np.argsort(world.destinations, kind="stable")
    cube = from_dense(
        upstream[:, places], world.commodities[order], world.destinations[places], world.periods
    )
    traded = (upstream.sum(axis=1) + direct) > 0
    design = Design(
        is_listed=world.is_sanctioned[order],
        is_candidate=world.is_candidate[places],
        start=world.listing_month[order].astype(np.int64),
    )
    nothing = np.zeros(len(order), dtype=bool)
    return Panel(
        cube=replace(cube, is_alive=in_force(traded)),
        design=design,
        direct=direct,
        general=None,
        first=int(world.listing_month.min()),
        is_partial=nothing,
        is_dated=world.is_sanctioned[order],
        unspecified_share=0.0,
        silent=(),
        source_ids=(),
        currency="EUR FOB",
    )


def _arena_of_world(world: World) -> _Arena:
    panel = panel_of_world(world)
    order = np.argsort(world.commodities, kind="stable")
    places = np.argsort(world.destinations, kind="stable")
    return _Arena(
        Material(panel.cube, panel.design, None, panel.first, 1),
        world.upstream[order][:, places],
        world.diverted[order][:, places],
    )


def _before_the_war(lake: Lake) -> Panel:
    inquiry = Inquiry(
        intermediaries=",".join(PLACEBO_CANDIDATES),
        since=PLACEBO_EVENT,
        until=PLACEBO_END,
        goods="all",
        dataset=dataset_in(lake, "auto"),
    )
    return build(lake.table(FLOWS), lake.table(SOURCES), None, inquiry)


def _arena_of_panel(panel: Panel, strength: Strength, seed: int) -> _Arena:
    cube = panel.cube
    values = np.concatenate([block for _, block in cube.each()])
    rank = [PLACEBO_CANDIDATES.index(p) if p in PLACEBO_CANDIDATES else 99 for p in cube.partners]
    order = np.argsort(rank, kind="stable")
    # Before the war the destination is a partner like any other, and the best donor.
    places = np.concatenate([values[:, order], panel.direct[:, None, :]], axis=1)
    names = np.append(cube.partners[order], "RU")
    planted = plant(
        *(places, panel.direct, strength, seed),
        start_index=panel.first,
        candidate_count=len(PLACEBO_CANDIDATES),
    )
    kept = from_dense(planted.values, cube.commodities, names, cube.periods)
    design = Design(planted.is_sanctioned, planted.is_candidate, planted.listing_month)
    material = Material(kept, design, None, panel.first, seed + 1)
    return _Arena(material, planted.values, planted.truth)


def _trials(world: str, seed: int, arena: _Arena) -> Iterator[Trial]:
    material = arena.material
    design = material.design
    window = window_mask(material.cube, design.start)
    treated = design.treated & (window.sum(axis=1) > 0)[:, None]
    # Diversion in a country nobody thinks of is trade of a control here: it is not scored.
    truth = np.einsum("kvt,kt->kv", arena.truth, window)
    begun = time.perf_counter()
    evidence = from_donors(material)
    spent = time.perf_counter() - begun
    for bracket, part in evidence.items():
        begun = time.perf_counter()
        tally = Tally(material.cube.chapters, material.cube.shape[1])
        found = conclude(part, tally, carries_drift=False, fdr=FDR, seed=material.seed)
        cells = CellEstimates(
            estimate=found.discounted[:, 0],
            score=found.scored.score,
            low=found.excess[:, 0],
            high=found.excess[:, 1],
            p_value=found.scored.p_value,
            is_flagged=found.is_flagged,
        )
        seconds = spent + time.perf_counter() - begun
        planted = truth[found.cells.row, found.cells.column]
        missed = int((truth[treated] > 0).sum() - (planted > 0).sum())
        # The interval score is that of what is claimed of diversion: discounted, an atom at zero.
        claimed = replace(cells, low=found.discounted[:, 1], high=found.discounted[:, 2])
        score = replace(
            score_cells(planted, cells),
            interval_score=score_cells(planted, claimed).interval_score,
            unmatched_count=missed,
        )
        yield Trial(world, seed, f"entrepot {bracket}", seconds, score)
    yield from _baselines(world, seed, arena, treated, truth)


def _baselines(
    world: str,
    seed: int,
    arena: _Arena,
    treated: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    truth: Floats,
) -> Iterator[Trial]:
    start = arena.material.design.start
    methods: dict[str, Callable[[], CellEstimates]] = {
        "year on year": lambda: year_on_year(arena.values, start),
        "robust z": lambda: robust_z(arena.values, start, treated),
        "seasonal naive": lambda: seasonal_naive(arena.values, start, treated),
    }
    for name, method in methods.items():
        begun = time.perf_counter()
        cells = method().at(treated)
        seconds = time.perf_counter() - begun
        yield Trial(world, seed, name, seconds, score_cells(truth[treated], cells))
