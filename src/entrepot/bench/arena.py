"""What a method is let loose on: a panel in which it is known what was planted."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

import numpy as np

from entrepot.api import dataset_in
from entrepot.diversion.calendar import in_force
from entrepot.diversion.cube import Bools, Floats, Ints, from_dense
from entrepot.diversion.evidence import Material
from entrepot.diversion.folds import Design
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.panel import Panel, build
from entrepot.diversion.window import window_mask
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.simulate.cell_estimates import CellEstimates, Parts
from entrepot.simulate.rows import DATASET
from entrepot.simulate.semi_synthetic import Strength, plant
from entrepot.simulate.world import World
from entrepot.tables import FLOWS, SOURCES

PLACEBO_EVENT = date(2021, 6, 1)
PLACEBO_END = date(2022, 2, 1)
PLACEBO_CANDIDATES = ("AM", "KG", "KZ")
UNTOUCHED = 1.0  # p-value of a cell a method said nothing about


@dataclass(frozen=True)
class Legs:
    """The legs of a world other than the upstream one, in the order of the panel. EUR.

    Args:
        arrival: Partners' imports from the coalition, CIF, shape [K, V, T]; 0 where silent.
        downstream: Partners' exports to the destination, FOB, shape [K, V, T]; 0 where silent.
        is_arrival_published: Whether the partner published its imports, shape [V, T].
        is_downstream_published: Whether it published its exports, shape [V, T].
    """

    arrival: Floats
    downstream: Floats
    is_arrival_published: Bools
    is_downstream_published: Bools


@dataclass(frozen=True)
class Arena:
    """A panel with known truth. Codes and partners stand in the order of the panel throughout.

    Args:
        material: What the estimator starts from: panel, design, seed.
        values: Exports of the coalition, EUR, shape [K, V, T].
        direct: Exports of the coalition to the destination, EUR, shape [K, T].
        truth: Planted trade, EUR, shape [K, V, T].
        intermediated: Part of it that arrived and went on; ``None`` where only the sum is known.
        ghost: Part of it that never arrived.
        legs: The other legs; ``None`` where there are none.
        world: The simulated world; ``None`` for real trade.
    """

    material: Material
    values: Floats
    direct: Floats
    truth: Floats
    intermediated: Floats | None = None
    ghost: Floats | None = None
    legs: Legs | None = None
    world: World | None = None

    @property
    def start(self) -> Ints:
        """Index of the first month of each commodity's window, shape [K]."""
        return self.material.design.start

    @cached_property
    def window(self) -> Floats:
        """1 in each commodity's window, 0 outside, shape [K, T]."""
        return window_mask(self.material.cube, self.start)

    @cached_property
    def tested(self) -> Bools:
        """Listed commodities in candidates whose window holds a month, shape [K, V].

        Diversion in a country nobody thinks of is trade of a control here: it is not scored.
        """
        has_window = (self.window.sum(axis=1) > 0)[:, None]
        return np.asarray(self.material.design.treated & has_window)

    @cached_property
    def planted(self) -> Floats:
        """Planted trade in the window of each tested cell, row by row, EUR, shape [n]."""
        return self.sums(self.truth)

    @cached_property
    def parts(self) -> Parts:
        """Country of each tested cell, and how its planted trade went where that is known."""
        return Parts(
            country=np.nonzero(self.tested)[1],
            intermediated=None if self.intermediated is None else self.sums(self.intermediated),
            ghost=None if self.ghost is None else self.sums(self.ghost),
        )

    def sums(self, trade: Floats) -> Floats:
        """Add up the windows of the tested cells.

        Args:
            trade: Amounts by commodity, partner and month, shape [K, V, T].

        Returns:
            Sums, row by row, in the unit of ``trade``, shape [n].
        """
        return np.asarray(np.einsum("kvt,kt->kv", trade, self.window)[self.tested])

    def completed(self, cells: CellEstimates, row: Ints, column: Ints) -> CellEstimates:
        """Bring a method's cells into the order of the tested cells.

        A cell the method said nothing about has the estimate and the interval 0, the lowest score,
        a p-value of 1, and is not flagged.

        Args:
            cells: What the method says of its cells, shape [m].
            row: Their commodities, shape [m].
            column: Their partners, shape [m].

        Returns:
            The same for every tested cell, shape [n].
        """
        place = np.full(self.tested.shape, -1)
        place[row, column] = np.arange(len(row))
        found = place[self.tested]
        lowest = float(cells.score.min(initial=0.0)) - 1.0
        empty = {"score": lowest, "p_value": UNTOUCHED}
        arrays = {part.name: getattr(cells, part.name) for part in fields(cells)}
        taken = {
            name: np.append(told, np.array(empty.get(name, 0), dtype=told.dtype))[found]
            for name, told in arrays.items()
            if isinstance(told, np.ndarray)
        }
        return replace(cells, **taken)


def panel_of_world(world: World) -> Panel:
    """The panel that :func:`entrepot.diversion.panel.build` makes of a world's rows, at once.

    Args:
        world: A simulated world.

    Returns:
        The panel, in EUR FOB.
    """
    order, places = _order(world)
    upstream, direct = world.upstream[order], world.direct[order]
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


def _order(world: World) -> tuple[Ints, Ints]:
    """Products and destinations of a world in the order of its panel."""
    order = np.argsort(world.commodities, kind="stable")
    return order, np.argsort(world.destinations, kind="stable")


def arena_of_world(world: World) -> Arena:
    """Make an arena of a simulated world.

    Args:
        world: The world.

    Returns:
        Its panel, its truth and its other legs, in one order.
    """
    panel = panel_of_world(world)
    order, places = _order(world)
    at = np.ix_(order, places)
    return Arena(
        material=Material(panel.cube, panel.design, None, panel.first, 1),
        values=world.upstream[at],
        direct=panel.direct,
        truth=world.diverted[at],
        intermediated=world.intermediated[at],
        ghost=world.ghost[at],
        legs=Legs(
            arrival=world.arrival[at],
            downstream=world.downstream[at],
            is_arrival_published=world.is_arrival_published[places],
            is_downstream_published=world.is_downstream_published[places],
        ),
        world=world,
    )


def before_the_war(lake: Lake) -> Panel:
    """The panel of real trade that ends before the war, with an event put in June 2021.

    Args:
        lake: A lake with monthly CN8 exports of the EU.

    Returns:
        The panel, February 2022 its last month.

    Raises:
        EstimateError: If the lake holds a simulated world.
    """
    dataset = dataset_in(lake, "auto")
    if dataset == DATASET:
        raise EstimateError(
            "the lake holds a simulated world, expected real trade from before the war. Use "
            "--scenario for worlds, or another --lake."
        )
    inquiry = Inquiry(
        intermediaries=",".join(PLACEBO_CANDIDATES),
        since=PLACEBO_EVENT,
        until=PLACEBO_END,
        goods="all",
        dataset=dataset,
    )
    return build(lake.table(FLOWS), lake.table(SOURCES), None, inquiry)


def arena_of_panel(panel: Panel, strength: Strength, seed: int) -> Arena:
    """Plant diversion in real trade.

    Args:
        panel: The panel of :func:`before_the_war`.
        strength: How much to plant; ``null`` plants nothing.
        seed: Seed of the half that counts as listed and of the planting.

    Returns:
        The panel with what was planted; only the upstream leg.
    """
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
    return Arena(material, planted.values, panel.direct, planted.truth)
