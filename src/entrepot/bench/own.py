"""Our own methods: the one place where the benchmark calls the estimator."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from entrepot.bench.arena import Arena, panel_of_world
from entrepot.diversion.arrival import at
from entrepot.diversion.conclude import Conclusion, conclude
from entrepot.diversion.cube import Bools, Cube, Floats, from_dense
from entrepot.diversion.estimate import direct_loss
from entrepot.diversion.evidence import Bracket, Evidence, from_donors
from entrepot.diversion.fused import Fused, fused
from entrepot.diversion.fusion import Mirror, sales_of
from entrepot.diversion.intervals import TAIL, places, untreated
from entrepot.diversion.legs import SecondLegs
from entrepot.diversion.mirrored import mirrors
from entrepot.diversion.panel import Panel
from entrepot.diversion.predictive import tune
from entrepot.diversion.split import bayesian_fdr, least
from entrepot.diversion.totals import Tally, empty_tally
from entrepot.simulate.cell_estimates import CellEstimates, CountryTotals

FDR = 0.1
FUSED_BRACKET: Bracket = "partner"
# What each fusion is given besides exports: arrivals, sales to the destination, or both.
FUSIONS = {"LFM U": "", "LFM UA": "A", "LFM UD": "D", "LFM UAD": "AD"}
OWN_METHODS = ("entrepot common", "entrepot partner", *FUSIONS, "min fusion")
USUAL_MARK_UP = 1.2  # of goods that go on, for the simple reference


def own_methods(
    arena: Arena, wanted: Collection[str] = OWN_METHODS
) -> Iterator[tuple[str, CellEstimates, float]]:
    """Run our own methods.

    Args:
        arena: Panel and, for simulated worlds, the other legs.
        wanted: Names out of :data:`OWN_METHODS`; others are passed over.

    Returns:
        Name, estimates of all tested cells of the arena (shape [n], row by row) and seconds of
        each method wanted, as it is done. Seconds of what methods share count for each of them.
    """
    if not set(wanted) & set(OWN_METHODS):
        return
    material = arena.material
    begun = time.perf_counter()
    evidence = from_donors(material)
    spent = time.perf_counter() - begun
    fuses = arena.legs is not None and set(wanted) & {*FUSIONS, "min fusion"}
    for bracket, part in evidence.items():
        name = f"entrepot {bracket}"
        if name not in wanted and not (fuses and bracket == FUSED_BRACKET):
            continue
        begun = time.perf_counter()
        tally = empty_tally(material.cube.chapters, material.cube.shape[1])
        found = conclude(part, tally, carries_drift=False, fdr=FDR, seed=material.seed)
        seconds = spent + time.perf_counter() - begun
        if name in wanted:
            yield name, _cells(arena, found), seconds
        if fuses and bracket == FUSED_BRACKET:
            for fusion, cells, more in _fusions(arena, part, found, wanted):
                yield fusion, cells, seconds + more


def _fusions(
    arena: Arena, part: Evidence, found: Conclusion, wanted: Collection[str]
) -> Iterator[tuple[str, CellEstimates, float]]:
    material = arena.material
    begun = time.perf_counter()
    lost = direct_loss(_panel(arena), part.factors).lost
    names: list[Bracket] = [FUSED_BRACKET]
    mirror = mirrors(material, _legs(arena), part.lump, names, has_donors=True)[FUSED_BRACKET]
    spent = time.perf_counter() - begun
    for name, letters in FUSIONS.items():
        if name not in wanted:
            continue
        begun = time.perf_counter()
        given = replace(
            mirror,
            arrivals=mirror.arrivals if "A" in letters else None,
            sales=mirror.sales if "D" in letters else None,
        )
        result = fused(part, found, given, (material.cube, lost), (FDR, material.seed))
        cells = _fused_cells(arena, found, result)
        yield name, cells, spent + time.perf_counter() - begun
    if "min fusion" in wanted:
        begun = time.perf_counter()
        cells = _least(arena, part, found, mirror)
        yield "min fusion", cells, spent + time.perf_counter() - begun


def _panel(arena: Arena) -> Panel:
    assert arena.world is not None
    return panel_of_world(arena.world)


def _legs(arena: Arena) -> SecondLegs:
    """The legs of a world as the lake would give them."""
    cube, legs = arena.material.cube, arena.legs
    assert legs is not None
    names = (cube.commodities, cube.partners, cube.periods)

    def leg(values: Floats, published: Bools) -> Cube:
        recorded = from_dense(values * published, *names)
        return replace(recorded, is_alive=cube.is_alive, is_reported=published)

    return SecondLegs(
        arrival=leg(legs.arrival, legs.is_arrival_published),
        downstream=leg(legs.downstream, legs.is_downstream_published),
        arrival_basis="origin",
        downstream_basis="exporter",
        is_by_origin=np.ones(cube.shape[1], dtype=bool),
        # No border inside this world's customs union is open: all sales are recorded.
        is_lower_bound=np.zeros(cube.shape[1], dtype=bool),
        source_ids=(),
    )


def _fused_cells(arena: Arena, found: Conclusion, result: Fused) -> CellEstimates:
    fusion, drawn = result.fusion, result.fusion.drawn
    chapters = np.arange(result.tally.observed.shape[1])
    sums = [
        result.tally.plain(np.ix_([place], chapters)) for place in np.unique(arena.parts.country)
    ]
    cells = CellEstimates(
        estimate=drawn.diverted[:, 0],
        # Ranked by the chance of something worth finding, as a reader would.
        score=drawn.material,
        low=drawn.diverted[:, 1],
        high=drawn.diverted[:, 2],
        is_flagged=bayesian_fdr(drawn.material, FDR),
        probability=fusion.posterior.probability,
        intermediated=drawn.intermediated[:, 0],
        ghost=drawn.ghost[:, 0],
        totals=CountryTotals(*np.array(sums).T),
    )
    return arena.completed(cells, found.cells.row, found.cells.column)


def _least(arena: Arena, part: Evidence, found: Conclusion, mirror: Mirror) -> CellEstimates:
    cells = found.cells
    control = part.control.take(part.control.mean > 0)
    where = places(control, found.scales, arena.material.seed)
    drawn = untreated(cells, found.scales, where, arena.material.seed + 11)
    arrived = sold_on = np.full(len(cells), np.nan)
    if mirror.arrivals is not None:
        of = at(mirror.arrivals, cells.row, cells.column)
        told = np.where(of.is_informative, of.share, np.nan)
        missing = of.sent - np.maximum(of.recorded - of.base, 0.0) / told
        arrived = cells.observed - missing
    if mirror.sales is not None:
        usable = mirror.sales.control.take(mirror.sales.control.mean > 0)
        sales = sales_of(cells, mirror, mirror.sales.tested, tune(usable))
        sold_on = np.where(sales.is_known, sales.observed - sales.mean, np.nan)
    split = least(cells.observed, drawn, arrived, sold_on, USUAL_MARK_UP)
    ends = np.quantile(split.diverted, [0.5, TAIL, 1 - TAIL], axis=1)
    estimates = CellEstimates(
        estimate=ends[0],
        score=ends[0],
        low=ends[1],
        high=ends[2],
        intermediated=np.median(split.intermediated, axis=1),
        ghost=np.median(split.ghost, axis=1),
    )
    return arena.completed(estimates, cells.row, cells.column)


def _cells(arena: Arena, found: Conclusion) -> CellEstimates:
    cells = CellEstimates(
        estimate=found.discounted[:, 0],
        score=found.scored.score,
        low=found.excess[:, 0],
        high=found.excess[:, 1],
        p_value=found.scored.p_value,
        is_flagged=found.is_flagged,
        # The interval score is that of what is claimed of diversion: discounted, an atom at zero.
        claimed_low=found.discounted[:, 1],
        claimed_high=found.discounted[:, 2],
        totals=_totals(arena, found.tally),
    )
    return arena.completed(cells, found.cells.row, found.cells.column)


def _totals(arena: Arena, tally: Tally) -> CountryTotals:
    """Totals of the countries with tested cells, in the order of the panel."""
    chapters = np.arange(tally.observed.shape[1])
    countries = np.unique(arena.parts.country)
    sums = [tally.total(np.ix_([place], chapters)) for place in countries]
    return CountryTotals(
        estimate=np.array([one.observed - one.expected for one in sums]),
        low=np.array([one.low for one in sums]),
        high=np.array([one.high for one in sums]),
    )
