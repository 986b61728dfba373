"""Corridors of a world run with three legs each; some hold an excess that went either way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.arrival import Arrivals, tune_arrival
from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.density import Tail
from entrepot.diversion.evidence import Evidence
from entrepot.diversion.fusion import Mirror, upstream_tail
from entrepot.diversion.predictive import Scales, draws, tune
from entrepot.diversion.window import Cells

CHAPTERS = 96
LUMP = 20_000.0  # currency per effective shipment
DIVERTING = 0.1  # share of corridors with an excess
CONTROLS = 20_000
MARK_UP, RESOLD = 1.15, 0.2  # of sales that go on; usual sales over usual exports
_USUAL = Scales(1.0, 1.0)


@dataclass(frozen=True)
class World:
    """Corridors and their legs, before anything is concluded.

    Args:
        cells: Tested corridors.
        scales: Scales and wide part of the upstream leg.
        lost: Lost direct exports of each corridor's commodity, shape [n].
        mirror: Arrivals and sales.
        chapters: Chapter of each commodity, shape [K].
    """

    cells: Cells
    scales: tuple[Scales, Tail]
    lost: Floats
    mirror: Mirror
    chapters: Ints


def world_of(count: int, shape: tuple[int, int], seed: int) -> World:
    """Draw corridors, what arrived of them, and what was sold on.

    Args:
        count: Corridors; all legs of each are published.
        shape: Commodities and partners of the panel they lie in.
        seed: Seed.

    Returns:
        The world.
    """
    rng = np.random.default_rng(seed)
    usual = _cells(np.arange(count), shape[1], rng.lognormal(12.0, 1.5, count), seed)
    excess = np.where(rng.random(count) < DIVERTING, rng.uniform(0.3, 9.0, count), 0.0) * usual.mean
    gone_on = excess * (rng.random(count) < 0.5)
    cells = replace(usual, observed=usual.observed + excess)
    lump = np.full(shape[0], LUMP)
    control = _cells(np.arange(CONTROLS), shape[1], rng.lognormal(12.0, 1.5, CONTROLS), seed + 1)
    scales = tune(control)
    records = _arrivals(cells, excess - gone_on, shape, rng)
    calm = np.flatnonzero(excess == 0)
    by_corridor = {name: part[cells.row, cells.column] for name, part in vars(records).items()}
    of_calm = Arrivals(**{name: part[calm] for name, part in by_corridor.items()})
    sold = _cells(np.arange(count), shape[1], RESOLD * usual.mean, seed + 2)
    control_sales = _cells(np.arange(CONTROLS), shape[1], RESOLD * control.mean, seed + 3)
    sold = replace(sold, observed=sold.observed + MARK_UP * gone_on)
    mirror = Mirror(
        arrivals=records,
        arrival_scales=tune_arrival(of_calm, np.full(len(calm), LUMP)),
        sales=Evidence(sold, control_sales, control_sales, Factors(*np.zeros((3, 1, 1))), lump),
        sales_seen=np.ones(shape),
        is_lower_bound=np.zeros(shape[1], dtype=bool),
        lump=lump,
    )
    lost = np.full(count, 3 * usual.mean.mean())
    chapters = np.arange(shape[0]) * CHAPTERS // shape[0]
    return World(cells, (scales, upstream_tail(control, scales)), lost, mirror, chapters)


def _cells(place: Ints, partners: int, mean: Floats, seed: int) -> Cells:
    """Corridors good by good, that traded as usual."""
    row, column = np.divmod(place, partners)
    size = len(place)
    lump, variance = np.full(size, LUMP), np.full(size, 0.01)
    cells = Cells(row, column, mean, mean, lump, variance, variance)
    return replace(cells, observed=draws(cells, _USUAL, 1, seed)[:, 0])


def _arrivals(
    cells: Cells, vanished: Floats, shape: tuple[int, int], rng: np.random.Generator
) -> Arrivals:
    """What was recorded of what was sent: all that did not vanish, some a tenth more or less."""

    def laid(values: Floats) -> Floats:
        table = np.zeros(shape)
        table[cells.row, cells.column] = values
        return table

    noise = rng.normal(1.0, 0.1, len(cells))
    before = laid(5 * cells.mean)
    return Arrivals(
        sent_before=before,
        recorded_before=before,
        sent=laid(cells.observed),
        recorded=laid(np.maximum(cells.observed - vanished, 0.0) * noise),
        base=np.zeros(shape),
        share=np.ones(shape),
        share_variance=np.full(shape, 0.001),
        is_informative=laid(cells.observed) > 0,
    )
