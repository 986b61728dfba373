"""Hidden intermediaries: control corridors that look diverted, left out of the fit.

A control country may divert as well. Its listed goods are then too high a donor, and too low an
excess comes out for the candidates. A listed good of a control country is left out when its excess
is far out and ranks among the highest of goods that are not listed in the same countries: those
cannot be diverted around the ban, so they tell how far a good strays by itself.

To leave out all beyond four standard deviations, without the comparison, takes 5 to 14 corridors
that hold nothing in simulated worlds without diversion, where the comparison takes none; of true
ones it finds little more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.conformal import benjamini_hochberg, pooled_p
from entrepot.diversion.counterfactual import Factors, fit, margins, mask
from entrepot.diversion.cube import Bools, Cube, Floats
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.dispersion import dispersion
from entrepot.diversion.evidence import Bracket, Material
from entrepot.diversion.folds import fold_of, refit
from entrepot.diversion.paths import common
from entrepot.diversion.predictive import Scales
from entrepot.diversion.score import standard_excess
from entrepot.diversion.window import Cells, cells, join, window_mask
from entrepot.errors import EstimateError
from entrepot.finding import Outcome

FAR_OUT = 4.0  # standard deviations; less does not move a path that many donors share
ROUNDS = 3
FEWEST_YARDSTICKS = 100  # fewer goods that are not listed give no p-value below 0.01


@dataclass(frozen=True)
class Trimming:
    """Control corridors that were left out of the fit, each a lead of its own kind.

    Args:
        held: Corridors the fit must not look at besides the tested ones, shape [K, V].
        cells: They, predicted as if held out; strongest excess first, shape [n].
        z: Excess in standard deviations, shape [n].
        p_value: Rank among goods that are not listed in control countries, shape [n].
        tested_count: Listed goods of control countries that were looked at.
        yardstick_count: Goods that are not listed they were ranked among.
        round_count: How often the model was fitted again.
    """

    held: Bools
    cells: Cells
    z: Floats
    p_value: Floats
    tested_count: int
    yardstick_count: int
    round_count: int


@dataclass(frozen=True)
class _Ranked:
    """Listed goods of control countries, ranked."""

    cells: Cells
    z: Floats
    p_value: Floats
    yardstick_count: int

    def suspects(self, fdr: float) -> Bools:
        if self.yardstick_count < FEWEST_YARDSTICKS:
            return np.zeros(len(self.z), dtype=bool)
        out: Bools = (benjamini_hochberg(self.p_value) <= fdr) & (self.z > FAR_OUT)
        return out


def trim(
    material: Material, control: Cells, scales: Scales, bracket: Bracket, fdr: float
) -> Trimming:
    """Leave out control corridors that look diverted, and look again, at most three times.

    ``p = rank of z among the control countries' goods that are not listed``; left out where
    Benjamini-Hochberg rejects at ``fdr`` and ``z > 4``. Costs nothing where nothing is left out.

    Args:
        material: The panel and the question.
        control: Held-out controls of the first fit, from donors.
        scales: Scales tuned on them.
        bracket: What partners' general trade is taken to do; ``partner`` where it is known.
        fdr: False discovery rate among what is left out.

    Returns:
        What was left out, and the mask that keeps it out of the main fit.

    Raises:
        EstimateError: If ``fdr`` does not lie between 0 and 1.
    """
    if not 0.0 < fdr < 1.0:
        raise EstimateError(f"trimming: fdr is {fdr!r}, expected between 0 and 1, e.g. 0.1.")
    held = np.zeros(material.cube.shape[:2], dtype=bool)
    ranked, rounds = _rank(material, control, scales), 0
    while rounds < ROUNDS:
        found = ranked.cells.take(ranked.suspects(fdr))
        if held[found.row, found.column].all():
            break
        held[found.row, found.column] = True
        ranked, rounds = (
            _rank(material, predict_controls(material, held, bracket), scales),
            rounds + 1,
        )
    mine = np.flatnonzero(held[ranked.cells.row, ranked.cells.column])
    mine = mine[np.argsort(-ranked.z[mine], kind="stable")]
    return Trimming(
        held=held,
        cells=ranked.cells.take(mine),
        z=ranked.z[mine],
        p_value=ranked.p_value[mine],
        tested_count=len(ranked.z),
        yardstick_count=ranked.yardstick_count,
        round_count=rounds,
    )


def _rank(material: Material, control: Cells, scales: Scales) -> _Ranked:
    design = material.design
    at_home = (control.mean > 0) & ~design.is_candidate[control.column]
    known = control.take(at_home)
    is_listed = design.is_listed[known.row]
    z = standard_excess(known, scales)
    p_value = pooled_p(z[is_listed], z[~is_listed])
    return _Ranked(known.take(is_listed), z[is_listed], p_value, int((~is_listed).sum()))


def predict_controls(material: Material, held: Bools, bracket: Bracket) -> Cells:
    """Predict all controls, each held out in turn, by a fit that leaves some corridors out.

    What is left out is still predicted: it tells how strange it is, and how strange the rest.

    Args:
        material: The panel and the question.
        held: Corridors left out besides the tested ones, shape [K, V].
        bracket: What partners' general trade is taken to do.

    Returns:
        One entry per control corridor.
    """
    cube, start = material.cube, material.design.start
    unseen = material.design.treated | held
    seen = mask(cube, unseen, start)
    fitted, _ = fit(margins(cube, seen), seen)
    scatter = dispersion(cube, seen, fitted, start)
    has_window = window_mask(cube, start).sum(axis=1) > 0
    folds = fold_of(~material.design.treated & has_window[:, None], material.seed)
    parts = []
    for fold in range(int(folds.max()) + 1):
        turn = folds == fold
        again = refit(cube, unseen | turn, start, scatter, fitted)
        moved = replace(again, factors=_moved(again.factors, material, bracket))
        parts.append(cells(cube, moved, scatter, start, turn))
    return join(parts)


def _moved(factors: Factors, material: Material, bracket: Bracket) -> Factors:
    if bracket == "partner":
        return factors
    path = common(factors, material.cube, material.first, material.donors)
    return replace(factors, d=path)


def trimming_diagnostic(found: Trimming, cube: Cube, unit: str) -> Diagnostic:
    """Say what was left out, by country and corridor.

    Args:
        found: What was left out.
        cube: The panel, for the names.
        unit: Unit of its values.

    Returns:
        The check. Each corridor's label is country and commodity, e.g. ``TR-854231``.
    """
    if found.yardstick_count < FEWEST_YARDSTICKS:
        detail = (
            f"Hidden intermediaries could not be looked for: {found.yardstick_count:,} corridors "
            "of control countries hold goods that are not listed, and "
            f"{FEWEST_YARDSTICKS} are needed to compare with."
        )
        return Diagnostic("trimming", "unknown", detail, ())
    partners, counts = np.unique(cube.partners[found.cells.column], return_counts=True)
    first = partners[np.argsort(-counts, kind="stable")].tolist()
    count = float(len(found.cells))
    measures = [
        Measure("tested", "_T", float(found.tested_count), "corridors"),
        Measure("rounds", "_T", float(found.round_count), "rounds"),
        Measure("trimmed", "_T", count, "corridors"),
        *(
            Measure("trimmed", str(name), float(number), "corridors")
            for name, number in zip(partners, counts, strict=True)
        ),
        *_of_corridors(found, cube, unit),
    ]
    outcome: Outcome = "flagged" if count else "clear"
    detail = _sentence(found, first, unit)
    return Diagnostic("trimming", outcome, detail, tuple(measures), count, 0.0, "corridors")


def _of_corridors(found: Trimming, cube: Cube, unit: str) -> Iterator[Measure]:
    cells = found.cells
    partners, commodities = cube.partners[cells.column], cube.commodities[cells.row]
    labels = [f"{who}-{what}" for who, what in zip(partners, commodities, strict=True)]
    for name, values, of in (
        ("observed", cells.observed, unit),
        ("expected", cells.mean, unit),
        ("z", found.z, "1"),
        ("p_value", found.p_value, "1"),
    ):
        for label, value in zip(labels, values, strict=True):
            yield Measure(name, label, float(value), of)


def _sentence(found: Trimming, partners: list[str], unit: str) -> str:
    if not partners:
        return (
            f"None of {found.tested_count:,} corridors of listed goods in control countries stood "
            f"out among {found.yardstick_count:,} of goods that are not listed."
        )
    excess = float((found.cells.observed - found.cells.mean).sum())
    some = ", ".join(partners[:6]) + (" …" if len(partners) > 6 else "")
    return (
        f"{len(found.z):,} of {found.tested_count:,} corridors of listed goods in control "
        f"countries ({some}) stood out among {found.yardstick_count:,} of goods that are not "
        f"listed, {excess:,.0f} {unit} above expectation: consistent with hidden intermediaries."
    )
