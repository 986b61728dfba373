"""What a run finds out about itself, besides placebos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.allocation import (
    Uncertainty,
    allocate,
    allocation_diagnostic,
    ghost_shares,
    increase_shares,
    usual_spread,
)
from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Bools
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket, Material
from entrepot.diversion.hierarchy import descend, hierarchy_diagnostic
from entrepot.diversion.leave_one_out import leave_one_out, leave_one_out_diagnostic
from entrepot.diversion.member_sums import MemberTrade
from entrepot.diversion.posterior_check import posterior_calibration
from entrepot.diversion.records import Records
from entrepot.diversion.similar_goods import similar_goods, similar_goods_diagnostic
from entrepot.diversion.split_totals import MOSTLY
from entrepot.diversion.trimming import Trimming, trim, trimming_diagnostic
from entrepot.errors import EstimateError

USUAL_SPREAD = 0.2  # of a pair's arrival ratio in logs, where control countries do not tell
ABOVE_HALF = 0.5
SURE = 0.9


@dataclass(frozen=True)
class Checks:
    """Checks of a run.

    Args:
        found: Checks by bracket.
        trimmed: Control corridors that look diverted: leads of a kind of their own; ``None``
            without donors.
        trimmed_in: Bracket they were found in.
    """

    found: dict[Bracket, list[Diagnostic]]
    trimmed: Trimming | None
    trimmed_in: Bracket


def check(estimate: Estimate, material: Material, records: Records) -> Checks:
    """Make the checks that the run's design and data allow.

    Args:
        estimate: The estimate.
        material: The panel and the question.
        records: What the lake tells beside the panel.

    Returns:
        The checks. Hidden intermediaries, donors left out and chances read again need donors.
    """
    names = list(estimate.conclusions)
    last = names[-1]
    found: dict[Bracket, list[Diagnostic]] = {
        name: [
            _similar(estimate, material, name),
            _hierarchy(estimate, name),
            *_ratios(estimate, name),
            *_members(estimate, name, records.members),
        ]
        for name in names
    }
    if estimate.design != "donors":
        return Checks(found, None, last)
    fdr, unit = estimate.inquiry.fdr, estimate.panel.currency
    scales = estimate.conclusions[last].scales
    trimmed = trim(material, estimate.evidence[last].control, scales, last, fdr)
    found[last].append(trimming_diagnostic(trimmed, material.cube, unit))
    left = leave_one_out(material, estimate.evidence, estimate.conclusions, fdr)
    for name in names:
        found[name].append(leave_one_out_diagnostic(left[name], material.cube.partners, unit))
    if last in estimate.fused:
        found[last].append(_chances(estimate, last))
    return Checks(found, trimmed, last)


def _similar(estimate: Estimate, material: Material, name: Bracket) -> Diagnostic:
    tested = similar_goods(
        material, estimate.evidence[name], estimate.conclusions[name], estimate.is_flagged(name)
    )
    return similar_goods_diagnostic(tested, estimate.panel.currency)


def _hierarchy(estimate: Estimate, name: Bracket) -> Diagnostic:
    found = estimate.conclusions[name]
    tree = descend(found.scored.p_value, [found.cells.column])
    return hierarchy_diagnostic(tree, found.q_value, estimate.inquiry.fdr)


def _chances(estimate: Estimate, name: Bracket) -> Diagnostic:
    fused, found = estimate.fused[name], estimate.conclusions[name]
    control = estimate.evidence[name].control
    usable = control.take(control.mean > 0).scaled(found.growth)
    at_home = usable.take(~estimate.panel.design.is_candidate[usable.column])
    run = (fused.fusion.posterior, estimate.inquiry.seed)
    return posterior_calibration(
        at_home, (found.scales, fused.tail), estimate.direct.lost, fused.mirror, run
    )


def _ratios(estimate: Estimate, name: Bracket) -> list[Diagnostic]:
    """How many commodities surely made up for more than half of what was lost."""
    if name not in estimate.fused:
        return []
    cells, fusion = estimate.conclusions[name].cells, estimate.fused[name].fusion
    lost, drawn = estimate.direct.lost, fusion.drawn
    told = np.zeros(len(lost))
    np.add.at(told, cells.row, np.where(fusion.legs == "U", 0.0, drawn.mean))
    known = np.unique(cells.row[lost[cells.row] > 0])
    known = known[told[known] >= MOSTLY * drawn.made_up[known].mean(axis=1)]
    chance = (drawn.made_up[known] > ABOVE_HALF * lost[known, None]).mean(axis=1)
    count = int((chance > SURE).sum())
    detail = (
        f"Of {len(known):,} commodities whose direct trade fell and whose corridors have a second "
        f"leg, {count:,} were made up for by more than {ABOVE_HALF:.0%} with a probability above "
        f"{SURE:.0%}."
    )
    measures = (
        Measure("commodities", "_T", float(len(known)), "commodities"),
        Measure("above_half", "_T", float(count), "commodities"),
    )
    return [
        Diagnostic("substitution", "clear", detail, measures, float(count), None, "commodities")
    ]


def _members(estimate: Estimate, name: Bracket, members: MemberTrade | None) -> list[Diagnostic]:
    """Which members' declarations hold the ghost trade, or without a mirror the excess."""
    if members is None:
        return []
    found = estimate.conclusions[name]
    has_mirror = name in estimate.fused and bool(members.arrivals_before.any())
    about = Uncertainty(
        float(np.median(found.cells.lump)),
        _spread(estimate, members, found, has_mirror),
        estimate.inquiry.seed,
    )
    candidates = estimate.panel.design.is_candidate
    mine = _of(members, candidates)
    if has_mirror:
        amount = estimate.fused[name].tally.ghost.sum(axis=1)[candidates]
        shares = ghost_shares(mine, about, amount.shape[1])
        what = "ghost trade"
    else:
        excess = found.tally.draws.sum(axis=1)[candidates]
        shares, amount = increase_shares(mine, excess, about), np.maximum(excess, 0.0)
        what = "upstream excess"
    return [allocation_diagnostic(allocate(mine, amount, shares), what, estimate.panel.currency)]


def _spread(estimate: Estimate, members: MemberTrade, found: Conclusion, has_mirror: bool) -> float:
    if not has_mirror:
        return USUAL_SPREAD
    try:
        controls = _of(members, ~estimate.panel.design.is_candidate)
        return usual_spread(controls, float(np.median(found.cells.lump)))
    except EstimateError:
        return USUAL_SPREAD


def _of(members: MemberTrade, which: Bools) -> MemberTrade:
    return MemberTrade(
        members.members,
        members.intermediaries[which],
        *(
            side[:, which]
            for side in (
                members.exports_before,
                members.exports,
                members.arrivals_before,
                members.arrivals,
            )
        ),
    )
