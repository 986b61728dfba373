"""Ghost trade from totals: exports declared to a country beyond what its own imports can hold.

Yearly arrays of importers (V) x exporters (M) x years (Y). Each pair's ratio of declared imports to
declared exports is learned before an event; after it, imports over that ratio are the exports that
arrived. The error comes from the same sums in the years before, each year left out in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.cube import Bools, Floats, Ints

DRAWS = 4_000
# Weight of the pooled variance of a pair, in years of its own. Fitted to the 106 pairs of the EU
# with AM, KG, KZ and UZ in 2019-21: the spread of their log variances asks for 2.9.
POOLED_YEARS = 3


@dataclass(frozen=True)
class Declared:
    """Both declarations of yearly trade, zero where a side that reported declared none.

    Args:
        importers: Areas, shape [V].
        exporters: Areas, shape [M].
        years: Years, ascending, shape [Y].
        exports: Declared exports, FOB, shape [V, M, Y].
        imports: Declared imports, CIF, in the same currency, shape [V, M, Y].
        is_reported: Whether both sides published the whole year, shape [V, Y].
        recorded_by: What each importer's imports count by, shape [V].
    """

    importers: NDArray[np.str_]
    exporters: NDArray[np.str_]
    years: Ints
    exports: Floats
    imports: Floats
    is_reported: Bools
    recorded_by: NDArray[np.str_]

    def of(self, at: Bools) -> Declared:
        """The declarations of some importers.

        Args:
            at: Which, shape [V].
        """
        return Declared(
            self.importers[at],
            self.exporters,
            self.years,
            self.exports[at],
            self.imports[at],
            self.is_reported[at],
            self.recorded_by[at],
        )


@dataclass(frozen=True)
class Noise:
    """How far imports stray from ``rho * exports`` in years without ghost trade, in logs.

    Args:
        total: Variance of an importer's total in one year, pooled over importers.
        freedom: Degrees of freedom behind ``total``.
        own: Variance of each pair beside its importer's total, shape [V, M].
        own_freedom: Degrees of freedom behind each of them, the pooled ones included.
        weight: Part of each pair in its importer's exports, shape [V, M]; weighted so, the errors
            of pairs beside the total add up to nothing.
    """

    total: float
    freedom: int
    own: Floats
    own_freedom: int
    weight: Floats


def ghost(exports: Floats | float, imports: Floats | float, rho: Floats | float) -> Floats | float:
    """Exports that left on paper and never arrived.

    ``ghost = exports - imports / rho``: positive where more was sent than declared imports can
    hold; negative where more arrived than was declared as sent.

    Args:
        exports: Declared exports.
        imports: Declared imports of the same trade.
        rho: Declared imports over declared exports in years without ghost trade.

    Returns:
        The amount, in the unit of ``exports``.

    Source:
        Financial Times, 10 May 2023, on dual-use goods from Lithuania to Kazakhstan in USD m:
        thirteen months before the invasion 28 declared and 9 received, after it 84 and 11.

    Example:
        >>> round(ghost(exports=84.0, imports=11.0, rho=9 / 28), 1)
        49.8
    """
    return exports - imports / rho


def ratios(exports: Floats, imports: Floats) -> Floats:
    """Work out each pair's ``rho``: what was declared as received of what was declared as sent.

    ``rho = sum of imports / sum of exports`` over the years. It absorbs freight, the rule of
    recording and coverage, as long as they stay as they were. A pair with a year in which one
    side declared nothing takes its importer's ratio.

    Args:
        exports: Exports of years without ghost trade, shape [V, M, n].
        imports: Imports of the same years, shape [V, M, n].

    Returns:
        Ratios, shape [V, M].

    Example:
        >>> ratios(np.array([[[14.0, 14.0]]]), np.array([[[4.0, 5.0]]])).round(3)
        array([[0.321]])
    """
    has_both = ((exports > 0) & (imports > 0)).all(axis=2)
    sent, received = exports.sum(axis=2), imports.sum(axis=2)
    of_all = received.sum(axis=1, keepdims=True) / sent.sum(axis=1, keepdims=True)
    own = np.divide(received, sent, out=np.zeros_like(sent), where=has_both)
    out: Floats = np.where(has_both, own, of_all)
    return out


def log_errors(exports: Floats, imports: Floats) -> tuple[Floats, Floats]:
    """Leave each year out in turn and see how far its imports stray from ``rho * exports``.

    Args:
        exports: Exports of years without ghost trade, shape [V, M, n], n >= 2.
        imports: Imports of the same years, shape [V, M, n].

    Returns:
        Log errors of importers' totals, shape [V, n], and of pairs beside their importer's total,
        shape [V, M, n]; 0 for a pair without trade on both sides.
    """
    count = exports.shape[2]
    totals, pairs = [], []
    for year in range(count):
        rest = np.arange(count) != year
        held = ratios(exports[:, :, rest], imports[:, :, rest]) * exports[:, :, year]
        came = imports[:, :, year]
        total = np.log(came.sum(axis=1) / held.sum(axis=1))
        has_both = (came > 0) & (held > 0)
        pair = np.log(np.where(has_both, came, 1.0) / np.where(has_both, held, 1.0))
        totals.append(total)
        pairs.append(np.where(has_both, pair - total[:, None], 0.0))
    return np.stack(totals, axis=1), np.stack(pairs, axis=2)


def noise(exports: Floats, imports: Floats) -> Noise:
    """Measure the error of ratios in the years without ghost trade.

    ``variance = mean squared error / (1 + 1 / (n - 1))``: an error holds the noise of the year
    left out and that of the ratio of the others. A pair's own variance is drawn towards the
    trade-weighted mean of its importer, since a few years say little about one pair.

    Args:
        exports: Exports of years without ghost trade, shape [V, M, n], n >= 2.
        imports: Imports of the same years, shape [V, M, n].

    Returns:
        Variances and what stands behind them.
    """
    count = exports.shape[2]
    of_totals, of_pairs = log_errors(exports, imports)
    factor = 1 + 1 / (count - 1)
    own = (of_pairs**2).mean(axis=2) / factor
    weight = exports.sum(axis=2) / exports.sum(axis=(1, 2))[:, None]
    pooled = (weight * own).sum(axis=1, keepdims=True)
    own = (POOLED_YEARS * pooled + (count - 1) * own) / (POOLED_YEARS + count - 1)
    return Noise(
        total=float((of_totals**2).mean() / factor),
        freedom=len(exports) * (count - 1),
        own=own,
        own_freedom=POOLED_YEARS + count - 1,
        weight=weight,
    )


def arrived(
    imports: Floats, rho: Floats, spread: Noise, year_count: int, rng: np.random.Generator
) -> Floats:
    """Draw the exports that arrived in one year.

    ``arrived = imports / rho * exp(e - var(e) / 2)``, where ``e`` is the importer's common error
    and the pair's own beside it, each with the variance of one year and of a ratio of
    ``year_count`` years. The variances are drawn too (scaled inverse chi-squared), so that few
    years mean wide tails. Own errors cancel in a year that is made up of pairs as the years
    before were, and widen the total where it is not.

    Args:
        imports: Declared imports of the year, shape [V, M].
        rho: Ratios, shape [V, M].
        spread: The noise.
        year_count: Years behind ``rho``.
        rng: Generator of the draws.

    Returns:
        Draws in the unit of ``imports``, mean ``imports / rho``, shape [V, M, DRAWS].
    """
    widening = 1 + 1 / year_count
    # One draw of the total's variance for all importers: they share one estimate of it.
    common = widening * spread.total * spread.freedom / rng.chisquare(spread.freedom, DRAWS)
    size = (*imports.shape, DRAWS)
    own = spread.own[:, :, None] * spread.own_freedom / rng.chisquare(spread.own_freedom, size)
    own *= widening
    beside = np.sqrt(own) * rng.standard_normal(size)
    weight = spread.weight[:, :, None]
    beside -= (weight * beside).sum(axis=1, keepdims=True)
    variance = common + (1 - 2 * weight) * own + (weight**2 * own).sum(axis=1, keepdims=True)
    error = np.sqrt(common) * rng.standard_normal((len(imports), 1, DRAWS)) + beside
    out: Floats = (imports / rho)[:, :, None] * np.exp(error - variance / 2)
    return out
