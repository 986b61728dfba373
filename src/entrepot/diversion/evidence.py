"""Corridors to test, and controls predicted in the same way: from donors or from history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from entrepot.diversion.counterfactual import Factors, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion, dispersion
from entrepot.diversion.folds import Design, fold_of, refit
from entrepot.diversion.paths import YEAR, by_general_trade, common
from entrepot.diversion.shrinkage import Shrunk, shrink
from entrepot.diversion.window import Cells, cells, join, window_mask
from entrepot.errors import EstimateError

Bracket = Literal["common", "partner"]
FEWEST_DONORS = 3  # partners a commodity needs in the window before its path is learned from them
DONOR_SHARE = 0.5  # share of listed commodities that must have them
PARTNER_GROUPS = 8  # refits in which control partners stand in for an intermediary
SHORTEST_HISTORY = 6  # months before a placebo event

Progress = Callable[[int, int, str], None]
Path = Callable[[Factors], Floats]


@dataclass(frozen=True)
class Evidence:
    """One bracket's corridors and controls.

    Args:
        tested: Corridors that may hold diversion.
        control: Held-out corridors that hold none, predicted like the tested ones.
        stand_in: Control partners predicted as if all their listed trade were held out; they tell
            how far a whole country strays.
        factors: The model, with the bracket's partner path, for the monthly series.
        lump: Currency per effective shipment of each commodity, shape [K].
    """

    tested: Cells
    control: Cells
    stand_in: Cells
    factors: Factors
    lump: Floats


@dataclass(frozen=True)
class Material:
    """What either design starts from.

    Args:
        cube: The panel.
        design: What is listed, who is a candidate, when windows start.
        general: Trade in goods that are not listed, shape [V, T], or ``None``.
        first: Index of the month of the event.
        seed: Seed of the folds.
    """

    cube: Cube
    design: Design
    general: Floats | None
    first: int
    seed: int

    @property
    def donors(self) -> Bools:
        """Partners that are no candidates, shape [V]."""
        return ~self.design.is_candidate

    def has_donors(self) -> bool:
        """Whether enough listed commodities are bought by enough other partners in the window."""
        seen = np.zeros(self.cube.shape[:2], dtype=bool)
        late = self.cube.months >= self.first
        seen[self.cube.rows[late], self.cube.columns[late]] = True
        count = seen[:, self.donors].sum(axis=1)
        listed = self.design.is_listed
        return bool(listed.any() and (count[listed] >= FEWEST_DONORS).mean() >= DONOR_SHARE)


def from_donors(
    material: Material,
    on_progress: Progress | None = None,
    *,
    group_count: int = PARTNER_GROUPS,
) -> dict[Bracket, Evidence]:
    """Learn the window from what other partners and other goods did in the same months.

    Args:
        material: The panel and the question.
        on_progress: Told how many fits are done.
        group_count: Refits in which control partners stand in; 0 where no country totals are
            wanted, and the controls then stand in as they are.

    Returns:
        Evidence by bracket; ``partner`` only where candidates' other goods are in the panel.
    """
    cube, design = material.cube, material.design
    seen = mask(cube, design.treated, design.start)
    fitted, _ = fit(margins(cube, seen), seen)
    scatter = dispersion(cube, seen, fitted, design.start)
    full = shrink(cube, seen, fitted, scatter, design.start)
    paths = _donor_paths(material, fitted)
    has_window = window_mask(cube, design.start).sum(axis=1) > 0
    folds = fold_of(~design.treated & has_window[:, None], material.seed)
    groups = _stand_in_groups(material, group_count)
    holds = [folds == fold for fold in range(int(folds.max()) + 1)]
    parts: dict[Bracket, list[list[Cells]]] = {name: [[], []] for name in paths}
    for step, held in enumerate(holds + groups):
        again = refit(cube, held | design.treated, design.start, scatter, fitted)
        for name, path in paths.items():
            kind = 0 if step < len(holds) else 1
            parts[name][kind].append(_predict(cube, again, path, scatter, (design.start, held)))
        if on_progress is not None:
            on_progress(step + 1, len(holds) + len(groups), "control folds")
    tested = design.treated & has_window[:, None]
    return {
        name: Evidence(
            tested=_predict(cube, full, path, scatter, (design.start, tested)),
            control=join(parts[name][0]),
            stand_in=join(parts[name][1 if groups else 0]),
            factors=replace(full.factors, d=path(full.factors)),
            lump=scatter.lump,
        )
        for name, path in paths.items()
    }


def _donor_paths(material: Material, fitted: Factors) -> dict[Bracket, Path]:
    cube, first = material.cube, material.first
    paths: dict[Bracket, Path] = {
        "common": lambda factors: common(factors, cube, first, material.donors)
    }
    candidates = material.design.is_candidate
    seen = cube.is_reported[candidates][:, first:]
    if (fitted.d[candidates][:, first:] > 0)[seen].all():
        paths["partner"] = lambda factors: factors.d
    return paths


def _stand_in_groups(material: Material, count: int) -> list[Bools]:
    """Listed goods of a few control partners at a time, as if those were the candidates."""
    controls = np.flatnonzero(material.donors)
    order = np.random.default_rng(material.seed).permutation(controls)
    held = []
    for group in np.array_split(order, min(count, len(order))) if count else ():
        cells_held = np.zeros(material.cube.shape[:2], dtype=bool)
        cells_held[np.ix_(material.design.is_listed, group)] = True
        held.append(cells_held)
    return held


def _predict(
    cube: Cube, shrunk: Shrunk, path: Path, scatter: Dispersion, where: tuple[Ints, Bools]
) -> Cells:
    start, which = where
    moved = replace(shrunk, factors=replace(shrunk.factors, d=path(shrunk.factors)))
    return cells(cube, moved, scatter, start, which)


def from_history(material: Material) -> dict[Bracket, Evidence]:
    """Learn the window from the same partners before it, and its error from a placebo year.

    The model is fitted to the months before the event and carried on flat; the same is done a
    whole number of years earlier, over a window as long, where nothing was diverted. The controls
    are that placebo's corridors. Stops being true where the placebo year is unlike the window's:
    after a pandemic, say, growth of the recovery is taken for the usual.

    Args:
        material: The panel and the question.

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
    now, then = _carried_on(material, names), _carried_on(earlier, names)
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
    material: Material, names: list[Bracket]
) -> dict[Bracket, tuple[Cells, Factors, Floats]]:
    """Fit before the event only, carry on flat, and sum the windows of all listed goods."""
    cube = material.cube
    # Nothing after the event is looked at, not even goods that are listed later.
    start = np.full(cube.shape[0], material.first)
    seen = mask(cube, np.ones(cube.shape[:2], dtype=bool), start)
    fitted, _ = fit(margins(cube, seen), seen)
    scatter = dispersion(cube, seen, fitted, start)
    # Both years are read at one memory: a shorter history could not choose its own.
    scatter = replace(scatter, step=np.zeros_like(scatter.step))
    shrunk = shrink(cube, seen, fitted, scatter, start)
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
