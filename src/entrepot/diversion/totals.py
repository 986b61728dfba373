"""Totals of countries and product groups: cell draws, and a shock each partner's cells share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.intervals import DRAWS, TAIL
from entrepot.diversion.window import Cells


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over corridors, in the unit of the panel.

    Args:
        observed: Declared trade.
        expected: Expected trade.
        low: Lower end of the 90 % interval of the excess.
        high: Upper end.
        count: Corridors.
    """

    observed: float
    expected: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Tally:
    """Running sums by partner and chapter, and draws of their signed excess.

    Never a sum of positive parts of single corridors: that is biased upward by the noise of each.

    Args:
        chapters: Index of the HS chapter of each commodity, shape [K].
        partner_count: Number of partners, V.
        observed: Declared trade, shape [V, H].
        expected: Expected trade, shape [V, H].
        draws: Signed excess, shape [V, H, DRAWS].
        count: Corridors, shape [V, H].
    """

    chapters: Ints
    partner_count: int
    observed: Floats
    expected: Floats
    draws: Floats
    count: Ints

    def add(self, part: Cells, excess: Floats) -> None:
        """Add corridors and their draws, centred on observed less expected.

        A total is centred where its corridors' expectations add up to; the draws give its width.

        Args:
            part: Corridors.
            excess: Draws of their signed excess, shape [n, DRAWS].
        """
        at = (part.column, self.chapters[part.row])
        np.add.at(self.observed, at, part.observed)
        np.add.at(self.expected, at, part.mean)
        centre = part.observed - part.mean - excess.mean(axis=1)
        np.add.at(self.draws, at, excess + centre[:, None])
        np.add.at(self.count, at, 1)

    def total(self, at: tuple[Ints, ...]) -> Total:
        """Add up some partners and chapters.

        Args:
            at: Index of partners and chapters, as ``np.ix_`` makes it.

        Returns:
            Their sums, with the 90 % interval of the excess.
        """
        draws = self.draws[at].sum(axis=(0, 1))
        low, high = (float(end) for end in np.quantile(draws, [TAIL, 1 - TAIL]))
        return Total(
            observed=float(self.observed[at].sum()),
            expected=float(self.expected[at].sum()),
            low=low,
            high=high,
            count=int(self.count[at].sum()),
        )

    def add_shock(self, spread: float, shared: float, seed: int) -> None:
        """Let every partner stray as a whole: ``excess -= expected (exp(omega + tau) - 1)``.

        ``omega ~ N(0, spread^2)`` once per partner and draw, shared by its chapters, and
        ``tau ~ N(0, shared^2)`` once per draw, shared by all partners. Without ``omega`` 90 %
        intervals of country totals covered 78 % of simulated truths.

        Args:
            spread: Standard deviation of ``omega``.
            shared: Standard deviation of ``tau``.
            seed: Seed of the draws.
        """
        rng = np.random.default_rng(seed + 101)
        omega = rng.normal(0.0, spread, size=(self.partner_count, DRAWS))
        omega += rng.normal(0.0, shared, size=DRAWS)
        np.subtract(
            self.draws,
            self.expected[:, :, None] * (np.exp(omega) - 1.0)[:, None, :],
            out=self.draws,
        )


def empty_tally(chapters: Ints, partner_count: int) -> Tally:
    """Totals to which nothing was added yet.

    Args:
        chapters: Index of the HS chapter of each commodity, shape [K].
        partner_count: Number of partners, V.

    Returns:
        Sums and draws of zero.
    """
    size = (partner_count, int(chapters.max(initial=0)) + 1)
    draws, count = np.zeros((*size, DRAWS)), np.zeros(size, dtype=np.int64)
    return Tally(chapters, partner_count, np.zeros(size), np.zeros(size), draws, count)
