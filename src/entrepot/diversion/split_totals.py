"""Totals of what was diverted, by way: draws of corridors, and the shock that partners share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.fusion import Fusion
from entrepot.diversion.intervals import DRAWS, TAIL
from entrepot.diversion.window import Cells

MOSTLY = 0.8  # share of diverted trade that must lie in corridors with a second leg to be split
IDLE = 1e-6  # weight of declared trade beside what was diverted
ENDS = (0.5, TAIL, 1 - TAIL)


@dataclass(frozen=True)
class SplitTotal:
    """What some partners and chapters diverted, in the unit of the panel: median, low, high.

    Args:
        diverted: Both ways.
        intermediated: Arrived and went on; ``None`` where too little of it has a second leg.
        ghost: Never arrived; ``None`` likewise.
        ghost_share: Ghost over diverted; ``None`` also where nothing diverted is not excluded.
        legs: Legs that corridors with most of what was diverted have.
    """

    diverted: Floats
    intermediated: Floats | None
    ghost: Floats | None
    ghost_share: Floats | None
    legs: str


def bounded(total: SplitTotal, most: float) -> SplitTotal:
    """Widen what one second leg alone cannot tell.

    Without arrivals what never arrived, and without sales what went on, cannot be told from growth
    of the country's own: it may be anything up to what is left of the excess.

    Args:
        total: A total.
        most: Upper end of the excess, in its unit.

    Returns:
        The total; points of what is not told are open, and so is the ghost share.
    """
    if total.intermediated is None or total.ghost is None or total.legs == "UAD":
        return total
    diverted, gone_on, ghost = (
        part.copy() for part in (total.diverted, total.intermediated, total.ghost)
    )
    unseen, seen = (ghost, gone_on) if "A" not in total.legs else (gone_on, ghost)
    unseen[:] = np.nan, 0.0, max(unseen[2], most - seen[1])
    diverted[:] = np.nan, seen[1], max(diverted[2], most)
    return SplitTotal(diverted, gone_on, ghost, None, total.legs)


@dataclass(frozen=True)
class SplitTally:
    """Draws by partner and chapter, shape [V, H, DRAWS], and sums, shape [V, H].

    Args:
        intermediated: Draws of what arrived and went on.
        ghost: Draws of what never arrived.
        observed: Declared exports.
        exposed: Expected exports times the chance of diversion, what a partner's shock bears on.
        mean: Mean diverted trade.
        with_arrival: Mean diverted trade in corridors with an arrival leg.
        with_sales: The same with a downstream leg.
        with_both: The same with both.
        shock: Standard deviation of the shock that a partner's corridors share, a share, and of
            the one all partners share.
        seed: Seed of the shocks.
    """

    intermediated: Floats
    ghost: Floats
    observed: Floats
    exposed: Floats
    mean: Floats
    with_arrival: Floats
    with_sales: Floats
    with_both: Floats
    shock: tuple[float, float]
    seed: int

    def total(self, at: tuple[Ints, ...]) -> SplitTotal:
        """Add up some partners and chapters.

        ``total_b - sum P M (exp(omega_b) - 1)``, kept between nothing and all that was declared;
        the two ways keep their proportions. ``omega`` is drawn once per partner and draw.

        Args:
            at: Index of partners and chapters, as ``np.ix_`` makes it.

        Returns:
            Their totals.
        """
        gone_on, ghost = self.intermediated[at].sum(axis=1), self.ghost[at].sum(axis=1)
        plain = gone_on + ghost
        rng = np.random.default_rng(self.seed + 211)
        partners = np.asarray(at[0]).ravel()
        own, shared = self.shock
        omega = rng.normal(0.0, own, (self.observed.shape[0], DRAWS))[partners]
        omega += rng.normal(0.0, shared, DRAWS)
        moved = plain - self.exposed[at].sum(axis=1)[:, None] * (np.exp(omega) - 1)
        diverted = np.clip(moved, 0.0, self.observed[at].sum(axis=1)[:, None])
        # What the shock alone adds to a draw with nothing goes by the partner's usual proportions.
        usual = ratio(ghost.sum(axis=1), plain.sum(axis=1))[:, None]
        share = np.where(plain > 0, ratio(ghost, plain), usual)
        vanished, whole = (diverted * share).sum(axis=0), diverted.sum(axis=0)
        ends = np.quantile(whole, ENDS)
        legs = self._legs(at)
        if legs == "U":
            return SplitTotal(ends, None, None, None, legs)
        known = whole > 0
        part = np.quantile(vanished[known] / whole[known], ENDS) if ends[1] > 0 else None
        return SplitTotal(
            diverted=ends,
            intermediated=np.quantile(whole - vanished, ENDS),
            ghost=np.quantile(vanished, ENDS),
            ghost_share=part,
            legs=legs,
        )

    def _legs(self, at: tuple[Ints, ...]) -> str:
        """Legs that most of what was diverted has: a leg of few corridors tells of those few."""
        most = MOSTLY * float(self.mean[at].sum())
        for legs, part in (
            ("UAD", self.with_both),
            ("UA", self.with_arrival),
            ("UD", self.with_sales),
        ):
            if part[at].any() and part[at].sum() >= most:
                return legs
        return "U"


def split_tally(
    cells: Cells,
    fusion: Fusion,
    chapters: Ints,
    partner_count: int,
    how: tuple[tuple[float, float], int],
) -> SplitTally:
    """Add up the draws of all corridors by partner and chapter.

    Args:
        cells: Tested corridors.
        fusion: What the legs say of them.
        chapters: Index of the HS chapter of each commodity, shape [K].
        partner_count: Number of partners, V.
        how: Standard deviations of the shocks, of one partner's and of all; and seed.

    Returns:
        The tally.
    """
    size = (partner_count, int(chapters.max(initial=0)) + 1)
    at = (cells.column, chapters[cells.row])

    def summed(values: Floats) -> Floats:
        table = np.zeros((*size, *values.shape[1:]))
        np.add.at(table, at, values)
        return table

    # Where nothing was diverted the corridors' trade decides which legs the total has.
    mean = fusion.split.diverted.mean(axis=1) + IDLE * cells.observed
    letters = fusion.legs
    return SplitTally(
        intermediated=summed(fusion.split.intermediated),
        ghost=summed(fusion.split.ghost),
        observed=summed(cells.observed),
        exposed=summed(fusion.probability * cells.mean),
        mean=summed(mean),
        with_arrival=summed(mean * (np.char.find(letters, "A") > 0)),
        with_sales=summed(mean * (np.char.find(letters, "D") > 0)),
        with_both=summed(mean * (letters == "UAD")),
        shock=how[0],
        seed=how[1],
    )
