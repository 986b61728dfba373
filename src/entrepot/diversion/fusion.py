"""From three legs to one conclusion: what each corridor diverted, through which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion import arrival, downstream
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.density import Tail, log_density, tune_tail
from entrepot.diversion.downstream import Onward
from entrepot.diversion.drawn import Drawn, Places, draw_all
from entrepot.diversion.evidence import Evidence
from entrepot.diversion.latent import SHARES, Legs, Posterior, blocks, fuse
from entrepot.diversion.predictive import Scales, shape, tune
from entrepot.diversion.split import bayesian_fdr
from entrepot.diversion.window import Cells


@dataclass(frozen=True)
class Mirror:
    """The second legs of a panel, as far as they exist.

    Args:
        arrivals: What was recorded beside what was sent, or ``None``.
        arrival_scales: How closely controls' records follow; ``None`` without arrivals.
        sales: Corridors of the downstream leg, tested and controls, or ``None``.
        sales_seen: Share of what was sent in months whose sales were published, shape [K, V].
        is_lower_bound: Partners whose sales are recorded in part only, shape [V].
        lump: Currency per effective shipment upstream, shape [K].
    """

    arrivals: arrival.Arrivals | None
    arrival_scales: arrival.ArrivalScales | None
    sales: Evidence | None
    sales_seen: Floats
    is_lower_bound: Bools
    lump: Floats


@dataclass(frozen=True)
class Fusion:
    """What the legs together say, one entry per tested corridor.

    Args:
        posterior: Posterior over hypotheses.
        drawn: Draws, whatever legs there are.
        is_flagged: Flags at the run's Bayesian false discovery rate, shape [n]; none on one leg.
        legs: Legs of each corridor, ``U``, ``UA``, ``UD`` or ``UAD``, shape [n].
    """

    posterior: Posterior
    drawn: Drawn
    is_flagged: Bools
    legs: NDArray[np.str_]

    @property
    def intermediated(self) -> Floats:
        """Median and ends of what arrived and went on, shape [n, 3]; NaN on one leg."""
        return np.where(self._is_split, self.drawn.intermediated, np.nan)

    @property
    def ghost(self) -> Floats:
        """Median and ends of what never arrived, shape [n, 3]; NaN on one leg."""
        return np.where(self._is_split, self.drawn.ghost, np.nan)

    @property
    def _is_split(self) -> Bools:
        out: Bools = (self.legs != "U")[:, None]
        return out


def conclude_legs(
    cells: Cells,
    scales: tuple[Scales, Tail],
    lost: Floats,
    mirror: Mirror,
    how: tuple[Ints, float, int],
) -> Fusion:
    """Fuse the legs of the tested corridors.

    Args:
        cells: Tested corridors, expectations after drift.
        scales: Scales and wide part of the upstream leg, tuned on controls.
        lost: Lost direct exports of each corridor's commodity, shape [n].
        mirror: The second legs.
        how: Chapter of each commodity, shape [K]; false discovery rate; seed.

    Returns:
        The conclusion. Without a second leg a corridor's split is open, and its diverted amount
        rests on the prior.
    """
    chapters, fdr, seed = how
    legs, has_arrival, has_sales = legs_of(cells, scales, lost, mirror)
    posterior = fuse(legs)
    size = (*mirror.sales_seen.shape, int(chapters.max(initial=0)) + 1)
    places = Places(cells.row, cells.column, chapters[cells.row], size)
    drawn = draw_all(legs, posterior, places, seed + 17)
    letters = np.char.add(np.where(has_arrival, "UA", "U"), np.where(has_sales, "D", ""))
    flags = _flags(drawn.material, has_arrival | has_sales, fdr)
    return Fusion(posterior, drawn, flags, letters)


def _flags(material: Floats, is_split: Bools, fdr: float) -> Bools:
    """Bayesian flags of material diversion among corridors with a second leg.

    On one leg chances are their priors, and less than the materiality is not worth a flag.
    """
    flags = np.zeros(len(is_split), dtype=bool)
    flags[is_split] = bayesian_fdr(material[is_split], fdr)
    return flags


def upstream_tail(control: Cells, scales: Scales) -> Tail:
    """The wide part of the upstream leg.

    Args:
        control: Held-out controls.
        scales: Tuned scales.

    Returns:
        Tail under which the controls are most likely.
    """
    form = shape(control, scales)
    return tune_tail(control.observed / form.unit, form.mean, form.count)


def legs_of(
    cells: Cells, scales: tuple[Scales, Tail], lost: Floats, mirror: Mirror
) -> tuple[Legs, Bools, Bools]:
    """Log densities of all legs at all shares of excess.

    Args:
        cells: Corridors.
        scales: Scales and wide part of the upstream leg.
        lost: Lost direct exports of each corridor's commodity, shape [n].
        mirror: The second legs.

    Returns:
        The legs, and which corridors have an arrival and a downstream leg.
    """
    sales = _sale_scales(mirror)
    size = (len(cells), len(SHARES) + 1)
    upstream, arrived, sold = np.empty(size), np.empty(size), np.empty(size)
    has_arrival, has_sales = np.empty((2, len(cells)), dtype=bool)
    for block in blocks(len(cells)):
        some = cells.take(block)
        upstream[block] = _upstream(some, scales)
        arrived[block], has_arrival[block] = _arrival(some, mirror)
        sold[block], has_sales[block] = _sales(some, mirror, sales)
    legs = Legs(
        observed=cells.observed,
        expected=cells.mean,
        lost=lost,
        nothing=upstream[:, 0],
        upstream=upstream[:, 1:],
        arrival=arrived,
        downstream=sold,
    )
    return legs, has_arrival, has_sales


def _upstream(cells: Cells, scales: tuple[Scales, Tail]) -> Floats:
    form = shape(cells, scales[0])
    unit, mean, count = form.unit[:, None], form.mean[:, None], form.count[:, None]
    legitimate = cells.observed[:, None] * (1 - np.append(0.0, SHARES))
    upstream = log_density(legitimate / unit, mean, count, scales[1])
    # Nothing legitimate at all is a point with a mass, the others are densities per shipment.
    upstream[:, -1] += np.log(form.unit) - np.log(np.maximum(cells.observed, 1.0))
    return upstream


def _arrival(cells: Cells, mirror: Mirror) -> tuple[Floats, Bools]:
    size = (len(cells), len(SHARES) + 1)
    if mirror.arrivals is None or mirror.arrival_scales is None:
        return np.zeros(size), np.zeros(len(cells), dtype=bool)
    of = arrival.at(mirror.arrivals, cells.row, cells.column)
    left = of.sent[:, None] * (1 - np.append(0.0, SHARES))
    logs = arrival.density(of, mirror.lump[cells.row], mirror.arrival_scales, left)
    return np.where(of.is_informative[:, None], logs, 0.0), of.is_informative


def _sale_scales(mirror: Mirror) -> tuple[Scales, Tail] | None:
    """Scales and wide part of the downstream leg, tuned on control sales."""
    if mirror.sales is None:
        return None
    usable = mirror.sales.control.take(mirror.sales.control.mean > 0)
    scales = tune(usable)
    form = shape(usable, scales)
    return scales, tune_tail(usable.observed / form.unit, form.mean, form.count)


def _sales(cells: Cells, mirror: Mirror, tuned: tuple[Scales, Tail] | None) -> tuple[Floats, Bools]:
    if mirror.sales is None or tuned is None:
        return np.zeros((len(cells), len(SHARES) + 1)), np.zeros(len(cells), dtype=bool)
    scales, tail = tuned
    of = sales_of(cells, mirror, mirror.sales.tested, scales)
    logs = downstream.density(of, tail, cells.observed[:, None] * np.append(0.0, SHARES))
    return logs, of.is_known


def sales_of(cells: Cells, mirror: Mirror, sales: Cells, scales: Scales) -> Onward:
    """Sales to the destination of some corridors.

    Args:
        cells: The corridors.
        mirror: The second legs.
        sales: Sales with expectations.
        scales: Scales tuned on control sales.

    Returns:
        Sales of these corridors.
    """
    where: tuple[Ints, Ints] = (cells.row, cells.column)
    seen = mirror.sales_seen[where]
    return downstream.onward(
        sales, scales, where, mirror.sales_seen.shape, seen, mirror.is_lower_bound
    )
