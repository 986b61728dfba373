"""From three legs to one conclusion: what each corridor diverted, through which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion import arrival, downstream
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.density import Tail, log_density, tune_tail
from entrepot.diversion.downstream import Onward
from entrepot.diversion.evidence import Evidence
from entrepot.diversion.latent import SHARES, Legs, Posterior, fuse
from entrepot.diversion.predictive import Scales, shape, tune
from entrepot.diversion.score import MATERIALITY
from entrepot.diversion.split import Split, bayesian_fdr, draw, interval
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
        split: Draws.
        probability: Chance that something was diverted, shape [n].
        is_flagged: Flags at the run's Bayesian false discovery rate, shape [n]; none on one leg.
        legs: Legs of each corridor, ``U``, ``UA``, ``UD`` or ``UAD``, shape [n].
        diverted: Median and ends of the 90 % interval, shape [n, 3].
        intermediated: The same of what arrived and went on; NaN on one leg.
        ghost: The same of what never arrived; NaN on one leg.
    """

    posterior: Posterior
    split: Split
    probability: Floats
    is_flagged: Bools
    legs: NDArray[np.str_]
    diverted: Floats
    intermediated: Floats
    ghost: Floats


def conclude_legs(
    cells: Cells, scales: tuple[Scales, Tail], lost: Floats, mirror: Mirror, how: tuple[float, int]
) -> Fusion:
    """Fuse the legs of the tested corridors.

    Args:
        cells: Tested corridors, expectations after drift.
        scales: Scales and wide part of the upstream leg, tuned on controls.
        lost: Lost direct exports of each corridor's commodity, shape [n].
        mirror: The second legs.
        how: False discovery rate and seed.

    Returns:
        The conclusion. Without a second leg a corridor's split is open, and its diverted amount
        rests on the prior.
    """
    fdr, seed = how
    legs, has_arrival, has_sales = legs_of(cells, scales, lost, mirror)
    posterior = fuse(legs)
    split = draw(posterior, cells.observed, seed + 17)
    is_split = (has_arrival | has_sales)[:, None]
    letters = np.char.add(np.where(has_arrival, "UA", "U"), np.where(has_sales, "D", ""))
    return Fusion(
        posterior=posterior,
        split=split,
        probability=posterior.probability,
        is_flagged=_flags(posterior, cells.observed, is_split[:, 0], fdr),
        legs=letters,
        diverted=interval(split.diverted),
        intermediated=np.where(is_split, interval(split.intermediated), np.nan),
        ghost=np.where(is_split, interval(split.ghost), np.nan),
    )


def _flags(posterior: Posterior, observed: Floats, is_split: Bools, fdr: float) -> Bools:
    """Bayesian flags of material diversion among corridors with a second leg.

    On one leg chances are their priors, and less than the materiality is not worth a flag.
    """
    flags = np.zeros(len(is_split), dtype=bool)
    material = posterior.at_least(observed, MATERIALITY)
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
    form = shape(cells, scales[0])
    unit, mean, count = form.unit[:, None], form.mean[:, None], form.count[:, None]
    legitimate = cells.observed[:, None] * (1 - np.append(0.0, SHARES))
    upstream = log_density(legitimate / unit, mean, count, scales[1])
    # Nothing legitimate at all is a point with a mass, the others are densities per shipment.
    upstream[:, -1] += np.log(form.unit) - np.log(np.maximum(cells.observed, 1.0))
    arrived, has_arrival = _arrival(cells, mirror)
    sold, has_sales = _sales(cells, mirror)
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


def _arrival(cells: Cells, mirror: Mirror) -> tuple[Floats, Bools]:
    size = (len(cells), len(SHARES) + 1)
    if mirror.arrivals is None or mirror.arrival_scales is None:
        return np.zeros(size), np.zeros(len(cells), dtype=bool)
    of = arrival.at(mirror.arrivals, cells.row, cells.column)
    left = of.sent[:, None] * (1 - np.append(0.0, SHARES))
    logs = arrival.density(of, mirror.lump[cells.row], mirror.arrival_scales, left)
    return np.where(of.is_informative[:, None], logs, 0.0), of.is_informative


def _sales(cells: Cells, mirror: Mirror) -> tuple[Floats, Bools]:
    size = (len(cells), len(SHARES) + 1)
    if mirror.sales is None:
        return np.zeros(size), np.zeros(len(cells), dtype=bool)
    usable = mirror.sales.control.take(mirror.sales.control.mean > 0)
    scales = tune(usable)
    form = shape(usable, scales)
    tail = tune_tail(usable.observed / form.unit, form.mean, form.count)
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
