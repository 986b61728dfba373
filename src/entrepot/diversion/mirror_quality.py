"""Whether a country's import declarations can tell if goods arrived, before anyone says ghost.

A partner that books goods by the country that made them, or does not publish them, shows a gap
to the exporters' declarations from the first month on. Such a gap says nothing of goods that
vanished on the way, and the arrival leg is left out there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.arrival import INFORMATIVE
from entrepot.diversion.cube import Bools, Floats

Verdict = Literal["informative", "not_informative", "origin_recording", "no_overlap"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Arrivals:
    """What a partner declared as imports, in the currency of the declared exports.

    Args:
        named: From the exporters, by origin or by consignment, shape [K, V, T].
        every: From all origins, shape [K, V, T]; ``None`` where it is not known.
        is_published: Months the partner published, shape [V, T].
    """

    named: Floats
    every: Floats | None
    is_published: Bools


@dataclass(frozen=True)
class MirrorQuality:
    """What the mirror of each commodity and partner is worth.

    Args:
        verdict: ``informative``, ``not_informative``, ``origin_recording`` or ``no_overlap``,
            shape [K, V].
        ratio: ``sum A / sum U`` over published months before the event, over all published months
            where the exporters declared nothing before it; NaN where they overlap nowhere, [K, V].
        coverage: The same over all published months, with arrivals from all origins; NaN where
            these are not known, shape [K, V].
    """

    verdict: NDArray[np.str_]
    ratio: Floats
    coverage: Floats

    @property
    def is_informative(self) -> Bools:
        """Where the arrival leg may be used, shape [K, V]."""
        usable: Bools = self.verdict == "informative"
        return usable


def mirror_quality(upstream: Floats, arrivals: Arrivals, first: int) -> MirrorQuality:
    """Judge each mirror by what it showed before the event.

    ``ratio = sum A / sum U`` before the event, published months only. At least 0.2 is
    informative. Below it the mirror is not, and where arrivals from all origins cover the declared
    exports over all published months, the goods can have arrived under another origin: origin
    recording. A mirror without declared exports before the event has no overlap and no ratio to
    compare the window with; origin recording is told there too, from the window itself. Stops
    being true where other suppliers' goods are what covers the exports: then goods that vanished
    are not seen, which errs against a claim.

    Args:
        upstream: Declared exports, FOB, shape [K, V, T].
        arrivals: Declared imports, CIF, in the same currency.
        first: Index of the month of the event.

    Returns:
        Verdicts with the ratios they rest on.

    Example:
        >>> exports = np.full((1, 2, 4), 10.0)
        >>> named = np.array([[[9.0] * 4, [0.0] * 4]])
        >>> seen = np.ones((2, 4), dtype=bool)
        >>> mirror_quality(exports, Arrivals(named, np.full((1, 2, 4), 12.0), seen), 2).verdict
        array([['informative', 'origin_recording']], dtype='<U16')
    """
    seen = np.broadcast_to(arrivals.is_published, upstream.shape)
    before = seen & (np.arange(upstream.shape[2]) < first)
    past = _ratio(arrivals.named, upstream, before)
    overall = _ratio(arrivals.named, upstream, seen)
    coverage = np.full(past.shape, np.nan)
    if arrivals.every is not None:
        coverage = _ratio(arrivals.every, upstream, seen)
    has_past = np.isfinite(past)
    ratio = np.where(has_past, past, overall)
    is_low = ratio < INFORMATIVE
    verdict = np.select(
        [is_low & (coverage >= 1), has_past & is_low, has_past],
        ["origin_recording", "not_informative", "informative"],
        "no_overlap",
    )
    return MirrorQuality(verdict, ratio, coverage)


def claimable_gap(
    upstream: Floats, arrivals: Arrivals, quality: MirrorQuality, first: int
) -> Floats:
    """Declared exports of the window that did not arrive, only where the mirror can tell.

    ``gap = S_U - A / rho`` over published months of the window, ``rho`` the ratio before the
    event: positive where goods left and were not declared on arrival.

    Args:
        upstream: Declared exports, FOB, shape [K, V, T].
        arrivals: Declared imports, CIF, in the same currency.
        quality: What the mirrors are worth.
        first: Index of the month of the event.

    Returns:
        The gap in the currency of ``upstream``; NaN where nothing can be claimed, shape [K, V].

    Example:
        >>> exports = np.array([[[14.0, 14.0, 84.0]]])
        >>> heard = Arrivals(np.array([[[4.5, 4.5, 11.0]]]), None, np.ones((1, 3), dtype=bool))
        >>> claimable_gap(exports, heard, mirror_quality(exports, heard, 2), 2).round(1).tolist()
        [[49.8]]
    """
    inside = arrivals.is_published[None] & (np.arange(upstream.shape[2]) >= first)
    sent, arrived = ((what * inside).sum(axis=2) for what in (upstream, arrivals.named))
    rho = np.where(quality.is_informative, quality.ratio, np.nan)
    gap: Floats = sent - arrived / rho
    return gap


def _ratio(arrived: Floats, sent: Floats, where: Bools) -> Floats:
    top, bottom = (arrived * where).sum(axis=2), (sent * where).sum(axis=2)
    out: Floats = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
    return out
