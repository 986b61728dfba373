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
        intermediated: Arrived and went on; ``None`` where no partner has a second leg.
        ghost: Never arrived; ``None`` likewise.
        ghost_share: Ghost over diverted; ``None`` where a partner lacks a second leg, and where
            nothing diverted is not excluded.
        legs: Legs that corridors with most of what was diverted have.
    """

    diverted: Floats
    intermediated: Floats | None
    ghost: Floats | None
    ghost_share: Floats | None
    legs: str


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

    def total(self, at: tuple[Ints, ...], most: Floats) -> SplitTotal:
        """Add up some partners and chapters.

        ``total_b - sum P M (exp(omega_b) - 1)`` for each partner, kept between nothing and all
        that was declared; the two ways keep their proportions. Without arrivals what never
        arrived, and without sales what went on, cannot be told from growth of the country's own:
        of such a partner it counts as nothing at the lower end, and at the upper end as what is
        left of its excess.

        Args:
            at: Index of partners and chapters, as ``np.ix_`` makes it.
            most: Upper end of each partner's excess over these chapters, in its unit.

        Returns:
            Their total. Points are open where any partner lacks a second leg.
        """
        gone_on, ghost = self._shaken(at)
        chapters = np.asarray(at[1]).ravel()
        each = [self._legs(np.ix_([one], chapters)) for one in np.asarray(at[0]).ravel()]
        if all(legs == "U" for legs in each):
            ends = np.quantile((gone_on + ghost).sum(axis=0), ENDS)
            return SplitTotal(ends, None, None, None, "U")
        arrived, sold = (np.array([letter in legs for legs in each]) for letter in "AD")
        sides = (gone_on * sold[:, None], ghost * arrived[:, None])
        seen = sum(np.quantile(side, TAIL, axis=1) for side in sides)
        slack = np.where(arrived & sold, 0.0, np.maximum(most - seen, 0.0))
        parts = [
            _ends(side.sum(axis=0), float(slack[~told].sum()), bool(told.all()))
            for side, told in zip(sides, (sold, arrived), strict=True)
        ]
        is_told = bool((arrived & sold).all())
        whole = _ends((sides[0] + sides[1]).sum(axis=0), float(slack.sum()), is_told)
        declared = float(self.observed[at].sum())
        for ends in (whole, *parts):
            ends[2] = min(ends[2], whole[2], declared)
        share = None
        if is_told and whole[1] > 0:
            both = (gone_on + ghost).sum(axis=0)
            share = np.quantile(ratio(ghost.sum(axis=0), both)[both > 0], ENDS)
        return SplitTotal(whole, parts[0], parts[1], share, self._legs(at))

    def plain(self, at: tuple[Ints, ...]) -> Floats:
        """What the mixture says was diverted, whatever legs there are.

        Args:
            at: Index of partners and chapters, as ``np.ix_`` makes it.

        Returns:
            Median and ends of the 90 % interval of the draws.
        """
        gone_on, ghost = self._shaken(at)
        return np.asarray(np.quantile((gone_on + ghost).sum(axis=0), ENDS))

    def _shaken(self, at: tuple[Ints, ...]) -> tuple[Floats, Floats]:
        """Draws of both ways by partner, after the shocks, shape [partners, DRAWS]."""
        gone_on, ghost = self.intermediated[at].sum(axis=1), self.ghost[at].sum(axis=1)
        plain = gone_on + ghost
        rng = np.random.default_rng(self.seed + 211)
        own, shared = self.shock
        omega = rng.normal(0.0, own, (self.observed.shape[0], DRAWS))[np.asarray(at[0]).ravel()]
        omega += rng.normal(0.0, shared, DRAWS)
        moved = plain - self.exposed[at].sum(axis=1)[:, None] * (np.exp(omega) - 1)
        diverted = np.clip(moved, 0.0, self.observed[at].sum(axis=1)[:, None])
        # What the shock alone adds to a draw with nothing goes by the partner's usual proportions.
        usual = ratio(ghost.sum(axis=1), plain.sum(axis=1))[:, None]
        share = np.where(plain > 0, ratio(ghost, plain), usual)
        return diverted * (1 - share), diverted * share

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


def _ends(draws: Floats, slack: float, is_told: bool) -> Floats:
    """Median, low and high; the high end with what is not told, and then no median."""
    middle, low, high = np.quantile(draws, ENDS)
    return np.array([middle if is_told else np.nan, low, high + slack])


def split_tally(
    cells: Cells, fusion: Fusion, chapters: Ints, how: tuple[tuple[float, float], int]
) -> SplitTally:
    """Sums of all corridors by partner and chapter, beside the draws that are added up already.

    Args:
        cells: Tested corridors.
        fusion: What the legs say of them.
        chapters: Index of the HS chapter of each commodity, shape [K].
        how: Standard deviations of the shocks, of one partner's and of all; and seed.

    Returns:
        The tally.
    """
    split, letters = fusion.drawn.split, fusion.legs
    size = split.ghost.shape[:2]
    at = (cells.column, chapters[cells.row])

    def summed(values: Floats) -> Floats:
        table = np.zeros(size)
        np.add.at(table, at, values)
        return table

    # Where nothing was diverted the corridors' trade decides which legs the total has.
    mean = fusion.drawn.mean + IDLE * cells.observed
    return SplitTally(
        intermediated=split.intermediated,
        ghost=split.ghost,
        observed=summed(cells.observed),
        exposed=summed(fusion.posterior.probability * cells.mean),
        mean=summed(mean),
        with_arrival=summed(mean * (np.char.find(letters, "A") > 0)),
        with_sales=summed(mean * (np.char.find(letters, "D") > 0)),
        with_both=summed(mean * (letters == "UAD")),
        shock=how[0],
        seed=how[1],
    )
