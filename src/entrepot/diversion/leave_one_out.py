"""Does a conclusion hang on one control country? The estimate without each of the weightiest.

The listed goods' paths are learned from what control countries bought in the window. Each of the
countries on which most of the expectation hangs is left out in turn, its window unseen, and the
country totals and flags are worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.conformal import benjamini_hochberg
from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.donor_removal import expected_unseen, learn
from entrepot.diversion.evidence import Bracket, Evidence, Material
from entrepot.diversion.intervals import TAIL
from entrepot.diversion.score import rank, surprise
from entrepot.diversion.window import Cells, observed_sum

MOST_LEFT_OUT = 8  # of 31 controls in simulated worlds the eighth carries 4 to 5 %
LARGE_MOVE = 0.25  # share of flags that may come or go with one country
LARGE_WEIGHT = 0.5  # of the expectation; a share of 0.43 moved totals by a few percent only


@dataclass(frozen=True)
class LeaveOneOut:
    """Country totals and flags without single control countries.

    Args:
        left_out: Index of each control country left out, weightiest first, shape [n].
        weight: Share of the candidates' expectation that hangs on it, shape [n].
        partners: Index of each candidate with tested corridors, shape [c].
        excess: Their excess with all controls, in the unit of the panel, shape [c].
        interval: Ends of the 90 % interval of that excess, shape [c, 2].
        without: Their excess without each country, shape [n, c].
        flagged_count: Flagged corridors with all controls.
        flagged_without: Flagged corridors without each country, shape [n].
    """

    left_out: Ints
    weight: Floats
    partners: Ints
    excess: Floats
    interval: Floats
    without: Floats
    flagged_count: int
    flagged_without: Ints

    def hangs(self) -> Bools:
        """Whether leaving a country out moves a total out of its own interval, shape [n, c]."""
        low, high = self.interval.T
        out: Bools = (self.without < low) | (self.without > high)
        return out


def weights(material: Material, tested: Cells) -> Floats:
    """How much of the candidates' expectation hangs on each partner.

    ``w[v] = sum_k M[k] S[k,v] / sum over controls S[k,.] / sum_k M[k]`` with M the candidates'
    expected trade and S what was declared in the window.

    Args:
        material: The panel and the question.
        tested: Tested corridors.

    Returns:
        Shares that add up to one over control countries, zero for candidates, shape [V].
    """
    donors = material.donors
    bought = observed_sum(material.cube, material.design.start) * donors
    expected = np.bincount(tested.row, weights=tested.mean, minlength=len(bought))
    total = bought.sum(axis=1, keepdims=True)
    share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    weight: Floats = expected @ share
    return weight / max(float(weight.sum()), 1e-300)


def leave_one_out(
    material: Material,
    evidence: dict[Bracket, Evidence],
    conclusions: dict[Bracket, Conclusion],
    fdr: float,
) -> dict[Bracket, LeaveOneOut]:
    """Leave out each of the weightiest control countries and work out totals and flags again.

    ``M without v = M * (expected without v / expected with all)``, both from fits of the same
    form to listed goods. Corridors are ranked again without that country's controls; the others
    keep the predictions of the full fit, since one country in many hardly moves them. Needs donors.

    Args:
        material: The panel and the question.
        evidence: Evidence by bracket, from donors.
        conclusions: Conclusions by bracket.
        fdr: False discovery rate.

    Returns:
        Totals and flags without each country, by bracket.
    """
    weight = weights(material, next(iter(conclusions.values())).cells)
    heaviest = np.argsort(-weight, kind="stable")[:MOST_LEFT_OUT].astype(np.int64)
    left_out = heaviest[weight[heaviest] > 0]
    model = learn(material)
    names = tuple(conclusions)
    full = expected_unseen(material, model, model.held, names)
    moved: dict[Bracket, list[Cells]] = {name: [] for name in names}
    for who in left_out:
        unseen = model.held.copy()
        unseen[:, who] = True
        for name, expected in expected_unseen(material, model, unseen, names).items():
            factor = ratio(expected, full[name])
            moved[name].append(_carried(conclusions[name].cells, factor, model.place))
    return {
        name: _compared(conclusions[name], evidence[name], moved[name], (left_out, weight), fdr)
        for name in names
    }


def _carried(cells: Cells, factor: Floats, place: Ints) -> Cells:
    return replace(cells, mean=cells.mean * factor[place[cells.row], cells.column])


def _compared(
    found: Conclusion,
    evidence: Evidence,
    moved: list[Cells],
    order: tuple[Ints, Floats],
    fdr: float,
) -> LeaveOneOut:
    left_out, weight = order
    control = evidence.control.take(evidence.control.mean > 0).scaled(found.growth)
    partners = np.unique(found.cells.column).astype(np.int64)
    draws = found.tally.draws[partners].sum(axis=1)
    known = surprise(control, found.scales)
    flagged = []
    for who, part in zip(left_out, moved, strict=True):
        p_value = rank(surprise(part, found.scales), known.take(control.column != who)).p_value
        flagged.append(int((benjamini_hochberg(p_value) <= fdr).sum()))
    without = [_excess(part, partners) for part in moved]
    return LeaveOneOut(
        left_out=left_out,
        weight=weight[left_out],
        partners=partners,
        excess=_excess(found.cells, partners),
        interval=np.quantile(draws, [TAIL, 1 - TAIL], axis=1).T,
        without=np.array(without).reshape(len(moved), len(partners)),
        flagged_count=int(found.is_flagged.sum()),
        flagged_without=np.array(flagged, dtype=np.int64),
    )


def _excess(cells: Cells, partners: Ints) -> Floats:
    sums = np.bincount(cells.column, weights=cells.observed - cells.mean)
    return sums[partners].astype(np.float64)


def leave_one_out_diagnostic(
    found: LeaveOneOut, partners: NDArray[np.str_], unit: str
) -> Diagnostic:
    """Say how far totals and flags move without single control countries.

    Args:
        found: Totals and flags without each country.
        partners: Names of all partners of the panel, shape [V].
        unit: Unit of the panel.

    Returns:
        The check; flagged where a total leaves its 90 % interval, a quarter of the flags come or
        go, or half of the expectation hangs on one country. Labels of ``excess_without_XX`` are
        the candidates.
    """
    if not len(found.left_out):
        detail = "No control country bought listed goods in the window: none can be left out."
        return Diagnostic("leave_one_out", "unknown", detail, ())
    gone = [str(name) for name in partners[found.left_out]]
    here = [str(name) for name in partners[found.partners]]
    moved = np.abs(found.flagged_without - found.flagged_count)
    hangs = bool(
        found.hangs().any()
        or moved.max() > LARGE_MOVE * max(found.flagged_count, 1)
        or found.weight[0] > LARGE_WEIGHT
    )
    return Diagnostic(
        "leave_one_out",
        "flagged" if hangs else "clear",
        _sentence(found, gone, here, unit),
        _measures(found, gone, here, unit),
        observed=float(found.flagged_without[moved.argmax()]),
        expected=float(found.flagged_count),
        unit="corridors",
    )


def _measures(
    found: LeaveOneOut, gone: list[str], here: list[str], unit: str
) -> tuple[Measure, ...]:
    measures = [Measure("flagged", "_T", float(found.flagged_count), "corridors")]
    for who, weight, count in zip(gone, found.weight, found.flagged_without, strict=True):
        measures.append(Measure("weight", who, float(weight), "1"))
        measures.append(Measure("flagged_without", who, float(count), "corridors"))
    rows = [("excess", found.excess)]
    rows += [(f"excess_without_{who}", row) for who, row in zip(gone, found.without, strict=True)]
    rows.append(("excess_lowest", found.without.min(axis=0)))
    rows.append(("excess_highest", found.without.max(axis=0)))
    measures += [
        Measure(name, label, float(value), unit)
        for name, values in rows
        for label, value in zip(here, values, strict=True)
    ]
    return tuple(measures)


def _sentence(found: LeaveOneOut, gone: list[str], here: list[str], unit: str) -> str:
    change = found.without - found.excess
    who, where = np.unravel_index(np.abs(change).argmax(), change.shape)
    low, high = int(found.flagged_without.min()), int(found.flagged_without.max())
    leaves = [f"{here[c]} without {gone[n]}" for n, c in np.argwhere(found.hangs()).tolist()]
    tail = (
        f"; totals leave their 90 % intervals: {', '.join(leaves[:6])}."
        if leaves
        else "; no country total leaves its 90 % interval, though some may be wide."
    )
    return (
        f"{found.weight[0]:.0%} of the expectation hangs on {gone[0]}. Without one of {len(gone)} "
        f"control countries ({', '.join(gone)}), between {low:,} and "
        f"{high:,} corridors are flagged on exports alone instead of {found.flagged_count:,}, and "
        f"the total that moves most, {here[where]} without {gone[who]}, goes from "
        f"{found.excess[where]:,.0f} to {found.without[who, where]:,.0f} {unit}{tail}"
    )
