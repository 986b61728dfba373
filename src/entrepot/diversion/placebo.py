"""What the same code finds where nothing was diverted: in an earlier year, in other countries."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.conformal import benjamini_hochberg
from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.evidence import (
    SHORTEST_HISTORY,
    Bracket,
    Evidence,
    Material,
    from_donors,
)
from entrepot.diversion.paths import YEAR
from entrepot.diversion.predictive import tune
from entrepot.diversion.score import score
from entrepot.diversion.window import Cells

BINS = 20
SMALL_P = 0.05


@dataclass(frozen=True)
class Placebo:
    """Tests made where nothing was diverted.

    Args:
        name: ``placebo_in_time`` or ``placebo_in_space``.
        how: One clause that says what was tested against what.
        tests: Number of tests by label; ``_T`` for all.
        rejections: Benjamini-Hochberg rejections by label.
        p_values: All p-values.
    """

    name: str
    how: str
    tests: dict[str, int]
    rejections: dict[str, int]
    p_values: Floats

    @property
    def small_share(self) -> float:
        """Share of p-values below 0.05; 0.05 is expected."""
        return float((self.p_values < SMALL_P).mean()) if len(self.p_values) else 0.0

    def histogram(self) -> Floats:
        """Counts of p-values in twenty equal bins of [0, 1]."""
        return np.histogram(self.p_values, bins=BINS, range=(0.0, 1.0))[0].astype(float)


def in_time(
    material: Material, evidence: dict[Bracket, Evidence], *, has_donors: bool, fdr: float
) -> dict[Bracket, Placebo]:
    """Move the event back a whole number of years and count what is found.

    With donors the run is repeated on the months before the event. Without, the placebo year is
    what the run is calibrated on, so one random half of its commodities is tested against the
    other and the other way round.

    Args:
        material: The panel and the question.
        evidence: The run's evidence.
        has_donors: Whether the run learned from donors.
        fdr: False discovery rate.

    Returns:
        A placebo by bracket; empty where the history is too short.
    """
    if not has_donors:
        return {name: _halves(part.control, material, fdr) for name, part in evidence.items()}
    # A year back is enough: a longer window is cut to the twelve months that fit before the event.
    horizon = min(material.cube.shape[2] - material.first, YEAR)
    first = material.first - YEAR
    if first < SHORTEST_HISTORY:
        return {}
    earlier = replace(
        material,
        cube=material.cube.until(first + horizon),
        first=first,
        design=replace(material.design, start=material.design.start - YEAR),
    )
    how = f"the same run {YEAR} months earlier, over {horizon} months"
    return {
        name: _one("placebo_in_time", how, part.tested, part.control, fdr)
        for name, part in from_donors(earlier).items()
    }


def in_space(
    material: Material, evidence: dict[Bracket, Evidence], fdr: float
) -> dict[Bracket, Placebo]:
    """Take each control country for an intermediary, with all others as its controls.

    Args:
        material: The panel and the question.
        evidence: The run's evidence.
        fdr: False discovery rate.

    Returns:
        A placebo by bracket, with tests and rejections by country.
    """
    return {name: _countries(part.control, material, fdr) for name, part in evidence.items()}


def _one(name: str, how: str, tested: Cells, control: Cells, fdr: float) -> Placebo:
    p = _p_values(tested, control)
    count = int((benjamini_hochberg(p) <= fdr).sum()) if len(p) else 0
    return Placebo(name, how, {"_T": len(p)}, {"_T": count}, p)


def _p_values(tested: Cells, control: Cells) -> Floats:
    usable, known = tested.take(tested.mean > 0), control.take(control.mean > 0)
    if not len(usable) or not len(known):
        return np.empty(0)
    return score(usable, known, tune(known)).p_value


def _halves(control: Cells, material: Material, fdr: float) -> Placebo:
    coin = np.random.default_rng(material.seed).random(material.cube.shape[0]) < 0.5
    is_first: Bools = coin[control.row]
    sides = [
        _one("placebo_in_time", "", control.take(mine), control.take(~mine), fdr)
        for mine in (is_first, ~is_first)
    ]
    return Placebo(
        "placebo_in_time",
        "one half of the commodities of the year the run is calibrated on against the other half",
        {"_T": sum(side.tests["_T"] for side in sides)},
        {"_T": sum(side.rejections["_T"] for side in sides)},
        np.concatenate([side.p_values for side in sides]),
    )


def _countries(control: Cells, material: Material, fdr: float) -> Placebo:
    tests, rejections, parts = {}, {}, []
    for column in np.unique(control.column):
        mine = control.column == column
        one = _one("placebo_in_space", "", control.take(mine), control.take(~mine), fdr)
        label = str(material.cube.partners[column])
        tests[label], rejections[label] = one.tests["_T"], one.rejections["_T"]
        parts.append(one.p_values)
    tests["_T"], rejections["_T"] = sum(tests.values()), sum(rejections.values())
    return Placebo(
        "placebo_in_space",
        "each control country in turn against all the others",
        tests,
        rejections,
        np.concatenate(parts) if parts else np.empty(0),
    )
