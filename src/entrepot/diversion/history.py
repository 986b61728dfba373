"""Corridors to test, and controls predicted in the same way, learned from the years before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entrepot.diversion.counterfactual import Factors, mask
from entrepot.diversion.cube import Floats
from entrepot.diversion.evidence import Bracket, Evidence, Material, learned
from entrepot.diversion.paths import YEAR, by_general_trade, common
from entrepot.diversion.shrinkage import shrink
from entrepot.diversion.stages import AT_ONCE, Stages, Within
from entrepot.diversion.window import Cells, cells, window_mask
from entrepot.errors import EstimateError

SHORTEST_HISTORY = 6  # months before a placebo event


def from_history(material: Material, stages: Stages = AT_ONCE) -> dict[Bracket, Evidence]:
    """Learn the window from the same partners before it, and its error from a placebo year.

    The model is fitted to the months before the event and carried on flat; the same is done a
    whole number of years earlier, over a window as long, where nothing was diverted. The controls
    are that placebo's corridors. Stops being true where the placebo year is unlike the window's:
    after a pandemic, say, growth of the recovery is taken for the usual.

    Args:
        material: The panel and the question.
        stages: Where the two fits are kept.

    Returns:
        Evidence by bracket; ``partner`` only where the lake holds totals.

    Raises:
        EstimateError: If there are too few months before the placebo event.
    """
    cube, first = material.cube, material.first
    horizon = cube.shape[2] - first
    shift = placebo_shift(horizon)
    if first - shift < SHORTEST_HISTORY:
        raise EstimateError(
            f"{first} months before the event and a window of {horizon} leave "
            f"{max(first - shift, 0)} months before the placebo {shift} months earlier, expected "
            f"{SHORTEST_HISTORY}. Ingest earlier months, or an --until closer to --since."
        )
    earlier = replace(
        material,
        cube=cube.until(first - shift + horizon),
        first=first - shift,
        design=replace(material.design, start=material.design.start - shift),
    )
    names: list[Bracket] = ["common"] if material.general is None else ["common", "partner"]
    now = _carried_on(material, names, stages)
    then = _carried_on(earlier, names, Within(stages, "earlier"))
    return {
        name: Evidence(
            tested=now[name][0].take(material.design.is_candidate[now[name][0].column]),
            control=then[name][0],
            stand_in=then[name][0],
            factors=now[name][1],
            lump=now[name][2],
        )
        for name in names
    }


def placebo_shift(horizon: int) -> int:
    """Months to go back so that a placebo window has the same season and ends before the event.

    Args:
        horizon: Months in the window.

    Returns:
        The smallest multiple of twelve that is no shorter than the window.

    Example:
        >>> placebo_shift(9), placebo_shift(13)
        (12, 24)
    """
    return YEAR * -(-horizon // YEAR)


def _carried_on(
    material: Material, names: list[Bracket], stages: Stages
) -> dict[Bracket, tuple[Cells, Factors, Floats]]:
    """Fit before the event only, carry on flat, and sum the windows of all listed goods."""
    cube = material.cube
    # Nothing after the event is looked at, not even goods that are listed later.
    start = np.full(cube.shape[0], material.first)
    held = np.ones(cube.shape[:2], dtype=bool)
    full = learned(material, held, start, stages)
    # Both years are read at one memory: a shorter history could not choose its own.
    scatter = replace(full.scatter, step=np.zeros_like(full.scatter.step))
    shrunk = shrink(cube, mask(cube, held, start), full.fitted, scatter, start)
    nobody = np.zeros(cube.shape[1], dtype=bool)
    out: dict[Bracket, tuple[Cells, Factors, Floats]] = {}
    window = material.design.start
    usable = (window_mask(cube, window).sum(axis=1) > 0) & material.design.is_listed
    which = np.broadcast_to(usable[:, None], cube.shape[:2])
    for name in names:
        if name == "common" or material.general is None:
            path = common(shrunk.factors, cube, material.first, nobody)
        else:
            path = by_general_trade(shrunk.factors, cube, material.first, material.general)
        factors = replace(shrunk.factors, d=path)
        found = cells(cube, replace(shrunk, factors=factors), scatter, window, which)
        out[name] = (found, factors, scatter.lump)
    return out
