"""Corridors to test, and controls predicted in the same way, learned from donors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from entrepot.diversion.counterfactual import Factors, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Floats, Ints
from entrepot.diversion.dispersion import Dispersion, dispersion
from entrepot.diversion.folds import Design, fold_of, refit
from entrepot.diversion.past_fit import PastFit, carried, past_fit
from entrepot.diversion.paths import common
from entrepot.diversion.shrinkage import Shrunk, shrink
from entrepot.diversion.stages import AT_ONCE, Stages
from entrepot.diversion.window import Cells, cells, join, window_mask

Bracket = Literal["common", "partner"]
FEWEST_DONORS = 3  # partners a commodity needs in the window before its path is learned from them
DONOR_SHARE = 0.5  # share of listed commodities that must have them
PARTNER_GROUPS = 8  # refits in which control partners stand in for an intermediary

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


@dataclass(frozen=True)
class Learned:
    """The full fit.

    Args:
        fitted: PPML factors.
        scatter: Lumps and variances.
    """

    fitted: Factors
    scatter: Dispersion


def learned(material: Material, held: Bools, start: Ints, stages: Stages = AT_ONCE) -> Learned:
    """Fit, and measure how trade scatters; begin where the last run's fit ended.

    Args:
        material: The panel and the question.
        held: Windows the fit may not look at, shape [K, V].
        start: First month of each commodity's window, shape [K].
        stages: Where the result is kept.

    Returns:
        The full fit.
    """

    def make() -> Learned:
        cube, is_listed = material.cube, material.design.is_listed
        seen = mask(cube, held, start)
        past = stages.last("fit", PastFit)
        first = None if past is None else carried(past, cube, is_listed)
        fitted, _ = fit(margins(cube, seen), seen, first)
        stages.leave("fit", past_fit(cube, is_listed, fitted))
        return Learned(fitted, dispersion(cube, seen, fitted, start))

    return stages.once("fit", Learned, make)


def from_donors(
    material: Material,
    on_progress: Progress | None = None,
    *,
    group_count: int = PARTNER_GROUPS,
    stages: Stages = AT_ONCE,
) -> dict[Bracket, Evidence]:
    """Learn the window from what other partners and other goods did in the same months.

    Args:
        material: The panel and the question.
        on_progress: Told how many fits are done.
        group_count: Refits in which control partners stand in; 0 where no country totals are
            wanted, and the controls then stand in as they are.
        stages: Where fit and folds are kept.

    Returns:
        Evidence by bracket; ``partner`` only where candidates' other goods are in the panel.
    """
    cube, design = material.cube, material.design
    full = learned(material, design.treated, design.start, stages)
    has_window = window_mask(cube, design.start).sum(axis=1) > 0
    folds = fold_of(~design.treated & has_window[:, None], material.seed)
    groups = _stand_in_groups(material, group_count)
    holds = [folds == fold for fold in range(int(folds.max()) + 1)]
    found = []
    for step, held in enumerate(holds + groups):
        once = partial(_fold, material, full, held)
        found.append(stages.once(f"fold-{step}", dict[Bracket, Cells], once))
        if on_progress is not None:
            on_progress(step + 1, len(holds) + len(groups), "control folds")
    seen, tested = mask(cube, design.treated, design.start), design.treated & has_window[:, None]
    shrunk = shrink(cube, seen, full.fitted, full.scatter, design.start)
    size, paths = len(holds), _donor_paths(material, full.fitted)
    return {
        name: Evidence(
            tested=_predict(cube, shrunk, path, full.scatter, (design.start, tested)),
            control=join([part[name] for part in found[:size]]),
            stand_in=join([part[name] for part in (found[size:] if groups else found)]),
            factors=replace(shrunk.factors, d=path(shrunk.factors)),
            lump=full.scatter.lump,
        )
        for name, path in paths.items()
    }


def _fold(material: Material, full: Learned, held: Bools) -> dict[Bracket, Cells]:
    """Held-out corridors as a fit that did not see them predicts them."""
    cube, design = material.cube, material.design
    again = refit(cube, held | design.treated, design.start, full.scatter, full.fitted)
    return {
        name: _predict(cube, again, path, full.scatter, (design.start, held))
        for name, path in _donor_paths(material, full.fitted).items()
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
