"""The second legs made ready for fusion: shares learned before the event, expected sales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entrepot.diversion import arrival
from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Cube, Floats
from entrepot.diversion.evidence import Bracket, Evidence, Material, from_donors
from entrepot.diversion.fusion import Mirror
from entrepot.diversion.history import from_history, placebo_shift
from entrepot.diversion.legs import SecondLegs
from entrepot.diversion.neighbours import is_whole

FEWEST_CONTROLS = 100  # fewer tell nothing about a leg's usual noise


def mirrors(
    material: Material, legs: SecondLegs, lump: Floats, names: list[Bracket], *, has_donors: bool
) -> dict[Bracket, Mirror]:
    """Learn what each partner usually records, and what it would have sold on.

    Args:
        material: The panel of exports and the question.
        legs: The partners' records.
        lump: Currency per effective shipment, shape [K].
        names: Brackets wanted.
        has_donors: Whether the run learns from donors.

    Returns:
        Second legs by bracket. A leg whose controls are too few to learn its noise is left out;
        where sales have no bracket of their own, those of the common path stand in.
    """
    cube, start = material.cube, material.design.start
    arrivals, scales = _arrivals(material, legs, lump, has_donors=has_donors)
    sales = _sales(material, legs.downstream, has_donors=has_donors)
    seen = np.zeros(cube.shape[:2])
    if legs.downstream is not None:
        published = cube.is_reported & legs.downstream.is_reported
        told, every = (
            arrival.sums(cube, months, start)[1] for months in (published, cube.is_reported)
        )
        seen = np.where(is_whole(cube)[:, None], ratio(told, every), 0.0)
    return {
        name: Mirror(
            arrivals=arrivals,
            arrival_scales=scales,
            sales=sales.get(name, sales.get("common")),
            sales_seen=seen,
            is_lower_bound=legs.is_lower_bound,
            lump=lump,
        )
        for name in names
    }


def _arrivals(
    material: Material, legs: SecondLegs, lump: Floats, *, has_donors: bool
) -> tuple[arrival.Arrivals | None, arrival.ArrivalScales | None]:
    """Shares, and the noise of controls: others in the window, or all of them before it."""
    if legs.arrival is None:
        return None, None
    lay = arrival.arrivals_of_all if legs.arrival_basis == "world" else arrival.arrivals
    start, treated = material.design.start, material.design.treated
    here = lay(material.cube, legs.arrival, start, lump)
    control = here
    if not has_donors:
        first, horizon = material.first, material.cube.shape[2] - material.first
        shift = placebo_shift(horizon)
        sent, recorded = (
            leg.until(first - shift + horizon) for leg in (material.cube, legs.arrival)
        )
        control = lay(sent, recorded, start - shift, lump)
        treated = np.zeros_like(treated)
    usable = ~treated & control.is_informative
    if usable.sum() < FEWEST_CONTROLS:
        return None, None
    row, column = np.nonzero(usable)
    return here, arrival.tune_arrival(arrival.at(control, row, column), lump[row])


def _sales(
    material: Material, downstream: Cube | None, *, has_donors: bool
) -> dict[Bracket, Evidence]:
    if downstream is None:
        return {}
    onward = replace(material, cube=downstream, general=None)
    if has_donors and not onward.has_donors():
        return {}
    found = from_donors(onward, group_count=0) if has_donors else from_history(onward)
    return {
        name: part
        for name, part in found.items()
        if (part.control.mean > 0).sum() >= FEWEST_CONTROLS
    }
