"""Monthly lines of the second legs: what partners recorded as arrived, and what they sold on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from entrepot.diversion import arrival
from entrepot.diversion.arrival import Arrivals, ArrivalScales
from entrepot.diversion.conclude import NORMAL_90, partner_spread
from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket, Evidence
from entrepot.diversion.fused import Fused
from entrepot.diversion.intervals import LEVEL
from entrepot.diversion.predictive import Scales, tune
from entrepot.diversion.series_lines import (
    Lines,
    expected_by_month,
    observed_by_month,
    spread_by_month,
)
from entrepot.diversion.window import Cells

Leg = tuple[str, Bracket, Cells, Lines, float]
AS_TUNED = Scales(lump=1.0, drift=0.0)  # arrival lumps and variances are scaled already


def second_leg_lines(estimate: Estimate) -> Iterator[Leg]:
    """Lines of the second legs of all corridors that have them.

    Arrivals are the same in every bracket and are told once, under the first; so are sales that
    the brackets share.

    Args:
        estimate: The estimate.

    Yields:
        Leg, bracket, corridors, lines, and the standard deviation of the shock that a partner's
        corridors share, a share; NaN where no control partner tells it.
    """
    told: set[int] = set()
    for bracket, fused in estimate.fused.items():
        mirror = fused.mirror
        if mirror.arrivals is not None and mirror.arrival_scales is not None and not told:
            told.add(id(mirror.arrivals))
            yield _arrival(estimate, bracket, mirror.arrivals, mirror.arrival_scales)
        if mirror.sales is not None and id(mirror.sales) not in told:
            told.add(id(mirror.sales))
            yield _downstream(estimate, bracket, mirror.sales)


def having(fused: Fused, letter: str) -> Bools:
    """Tested corridors that have a leg.

    Args:
        fused: What the legs together say.
        letter: ``A`` or ``D``.

    Returns:
        Flags, shape [n].
    """
    found: Bools = np.char.find(fused.fusion.legs, letter) > 0
    return found


def _arrival(estimate: Estimate, bracket: Bracket, of: Arrivals, scales: ArrivalScales) -> Leg:
    sent, recorded = estimate.panel.cube, estimate.legs.arrival
    assert recorded is not None  # arrivals are made from it
    lump = estimate.fused[bracket].mirror.lump
    tested = estimate.conclusions[bracket].cells.take(having(estimate.fused[bracket], "A"))
    where = (tested.row, tested.column)
    cells = _record(of, scales, lump, where)
    both = (sent.is_reported & recorded.is_reported)[tested.column]
    inside = np.arange(both.shape[1])[None, :] >= estimate.panel.design.start[tested.row][:, None]
    usual = of.share[where][:, None] * np.nan_to_num(observed_by_month(sent, where))
    early = np.maximum(of.recorded_before - of.share * of.sent_before, 0.0)[where]
    expected = np.where(
        inside,
        _spread(usual, of.base[where], both & inside, cells.mean),
        _spread(usual, early, both & ~inside, None),
    )
    expected = np.where(both, expected, np.nan)
    variance = spread_by_month(cells, AS_TUNED, expected)
    lines = Lines(observed_by_month(recorded, where), expected, variance)
    lines = replace(lines, variance=variance * _timing(lines, ~inside))
    design = estimate.panel.design
    control = of.is_informative & ~design.is_candidate[None, :] & design.is_listed[:, None]
    row, column = np.nonzero(control)
    shock = _shock(_record(of, scales, lump, (row, column)), AS_TUNED)
    return "arrival", bracket, cells, lines, shock


def _spread(usual: Floats, rest: Floats, counts: Bools, total: Floats | None) -> Floats:
    """Lay what is expected over months: as declared, and what does not hang on it evenly.

    Args:
        usual: Share of what was declared, shape [n, T].
        rest: What does not hang on it, summed over the months that count, shape [n].
        counts: Months that count, shape [n, T].
        total: What all months that count must add up to, shape [n]; no matter where left out.

    Returns:
        Expectations, 0 in months that do not count, shape [n, T].
    """
    months = np.maximum(counts.sum(axis=1), 1)[:, None]
    line: Floats = np.where(counts, usual + (rest[:, None] / months), 0.0)
    if total is None:
        return line
    whole = line.sum(axis=1)[:, None]
    even = counts * total[:, None] / months
    # Goods declared in the last month before the window arrive in it: then nothing tells when.
    out: Floats = np.where(whole > 0, line * ratio(total[:, None], whole), even)
    return out


def _timing(lines: Lines, before: Bools) -> float:
    """How much more single months stray than whole windows, on which the scales are tuned.

    Goods sent in one month are recorded in the next; over a window that evens out. The factor is
    the one under which 90 % of months before the window lie in their band.
    """
    known = before & (lines.variance > 0) & ~np.isnan(lines.observed)
    if not known.any():
        return 1.0
    gone = (lines.observed - lines.expected)[known] ** 2 / lines.variance[known]
    return max(1.0, float(np.quantile(gone, LEVEL)) / NORMAL_90**2)


def _record(of: Arrivals, scales: ArrivalScales, lump: Floats, where: tuple[Ints, Ints]) -> Cells:
    """What was recorded in the window and what is usually recorded of so much sent."""
    found = arrival.at(of, *where)
    return Cells(
        row=where[0],
        column=where[1],
        observed=found.recorded,
        mean=found.base + found.share * found.sent,
        lump=scales.lump * lump[where[0]],
        level_variance=scales.noise + scales.level * found.share_variance,
        drift=np.zeros(len(where[0])),
    )


def _downstream(estimate: Estimate, bracket: Bracket, sales: Evidence) -> Leg:
    cube = estimate.legs.downstream
    assert cube is not None  # the evidence is made from it
    scales = tune(sales.control.take(sales.control.mean > 0))
    tested = estimate.conclusions[bracket].cells.take(having(estimate.fused[bracket], "D"))
    cells = _matching(sales.tested, tested, cube)
    where = (cells.row, cells.column)
    expected = np.where(
        cube.is_reported[cells.column], expected_by_month(cube, sales.factors, where), np.nan
    )
    lines = Lines(
        observed=observed_by_month(cube, where),
        expected=expected,
        variance=spread_by_month(cells, scales, expected),
    )
    return "downstream", bracket, cells, lines, _shock(sales.stand_in, scales)


def _matching(sales: Cells, tested: Cells, cube: Cube) -> Cells:
    """The sales of the corridors wanted."""
    wanted = np.zeros(cube.shape[:2], dtype=bool)
    wanted[tested.row, tested.column] = True
    return sales.take(wanted[sales.row, sales.column] & (sales.mean > 0))


def _shock(control: Cells, scales: Scales) -> float:
    return partner_spread(control, scales) if (control.mean > 0).any() else float("nan")
