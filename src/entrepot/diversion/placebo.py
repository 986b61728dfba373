"""What the same code finds where nothing was diverted: in an earlier year, in other countries."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.conformal import benjamini_hochberg
from entrepot.diversion.cube import Floats, Ints
from entrepot.diversion.evidence import Bracket, Evidence, Material, from_donors
from entrepot.diversion.history import SHORTEST_HISTORY
from entrepot.diversion.paths import YEAR
from entrepot.diversion.predictive import Scales, tune
from entrepot.diversion.score import Surprise, rank, surprise
from entrepot.diversion.stages import AT_ONCE, Stages
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
    material: Material,
    evidence: dict[Bracket, Evidence],
    *,
    has_donors: bool,
    fdr: float,
    stages: Stages = AT_ONCE,
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
        stages: Where fit and folds of the earlier run are kept.

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
    found = from_donors(earlier, group_count=0, stages=stages)
    return {name: _of_run(how, part, fdr) for name, part in found.items()}


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


def _tested(tested: Surprise, control: Surprise, fdr: float) -> tuple[Floats, int]:
    """p-values of some corridors among others, and how many of them are rejected."""
    if not len(tested.z) or not len(control.z):
        return np.empty(0), 0
    p = rank(tested, control).p_value
    return p, int((benjamini_hochberg(p) <= fdr).sum())


def _of_run(how: str, part: Evidence, fdr: float) -> Placebo:
    tested = part.tested.take(part.tested.mean > 0)
    control = part.control.take(part.control.mean > 0)
    scales = _scales(control)
    p, count = _tested(surprise(tested, scales), surprise(control, scales), fdr)
    return Placebo("placebo_in_time", how, {"_T": len(p)}, {"_T": count}, p)


def _scales(control: Cells) -> Scales:
    return tune(control) if len(control) else Scales(1.0, 1.0)


def _halves(control: Cells, material: Material, fdr: float) -> Placebo:
    coin = np.random.default_rng(material.seed).random(material.cube.shape[0]) < 0.5
    how = "one half of the commodities of the year the run is calibrated on against the other half"
    return _turns("placebo_in_time", how, control, coin[control.row].astype(np.int64), fdr)


def _countries(control: Cells, material: Material, fdr: float) -> Placebo:
    how = "each control country in turn against all the others"
    found = _turns("placebo_in_space", how, control, control.column, fdr)
    names = {str(index): str(name) for index, name in enumerate(material.cube.partners)}
    return replace(
        found,
        tests={names.get(label, label): count for label, count in found.tests.items()},
        rejections={names.get(label, label): count for label, count in found.rejections.items()},
    )


def _turns(name: str, how: str, control: Cells, group: Ints, fdr: float) -> Placebo:
    """Test each group of controls against all the others.

    The scales are tuned once on all of them: two numbers of thousands of corridors tell nothing of
    a single group.
    """
    usable = control.mean > 0
    known, group = control.take(usable), group[usable]
    tests, rejections, parts = {}, {}, [np.empty(0)]
    # What a corridor looks like by itself is the same in every turn; only its rank changes.
    seen = surprise(known, _scales(known))
    # In order of uncertainty every turn finds its neighbourhoods side by side.
    order = np.argsort(seen.position, kind="stable")
    seen, group = seen.take(order), group[order]
    for label in np.unique(group):
        mine = group == label
        p, count = _tested(seen.take(mine), seen.take(~mine), fdr)
        tests[str(label)], rejections[str(label)] = len(p), count
        parts.append(p)
    tests["_T"], rejections["_T"] = sum(tests.values()), sum(rejections.values())
    return Placebo(name, how, tests, rejections, np.concatenate(parts))
