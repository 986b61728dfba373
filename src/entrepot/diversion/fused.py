"""All legs of a run fused, bracket by bracket."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Cube, Floats
from entrepot.diversion.density import Tail
from entrepot.diversion.evidence import Bracket, Evidence, Material
from entrepot.diversion.fusion import Fusion, Mirror, conclude_legs, upstream_tail
from entrepot.diversion.legs import SecondLegs
from entrepot.diversion.mirrored import mirrors
from entrepot.diversion.split_totals import SplitTally, split_tally


@dataclass(frozen=True)
class Fused:
    """What the legs together say in one bracket.

    Args:
        mirror: The second legs.
        fusion: Conclusions, one entry per tested corridor.
        tally: Totals of what was diverted, by way.
        tail: The wide part of the upstream leg, tuned on its controls.
    """

    mirror: Mirror
    fusion: Fusion
    tally: SplitTally
    tail: Tail


def fuse_all(
    run: tuple[Material, bool],
    legs: SecondLegs,
    evidence: dict[Bracket, Evidence],
    conclusions: dict[Bracket, Conclusion],
    question: tuple[Floats, float, int],
) -> dict[Bracket, Fused]:
    """Fuse the legs in each bracket.

    Args:
        run: The panel and the question, and whether the run learned from donors.
        legs: The partners' own records.
        evidence: Evidence by bracket.
        conclusions: What the upstream leg says, by bracket.
        question: Lost direct exports of each commodity, shape [K]; false discovery rate; seed.

    Returns:
        What the legs together say; nothing where none of the second legs can be used.
    """
    material, has_donors = run
    lost, fdr, seed = question
    if legs.arrival is None and legs.downstream is None:
        return {}
    lump, names = evidence["common"].lump, list(evidence)
    known = mirrors(material, legs, lump, names, has_donors=has_donors)
    return {
        name: fused(evidence[name], conclusions[name], mirror, (material.cube, lost), (fdr, seed))
        for name, mirror in known.items()
        if mirror.arrivals is not None or mirror.sales is not None
    }


def fused(
    evidence: Evidence,
    conclusion: Conclusion,
    mirror: Mirror,
    panel: tuple[Cube, Floats],
    how: tuple[float, int],
) -> Fused:
    """Fuse the legs of one bracket, and add up what they say.

    Args:
        evidence: Corridors and controls of the upstream leg.
        conclusion: What the upstream leg says.
        mirror: The second legs.
        panel: The exports, and lost direct exports of each commodity, shape [K].
        how: False discovery rate, and seed.

    Returns:
        What the legs together say.
    """
    cube, lost = panel
    cells, scales = conclusion.cells, conclusion.scales
    control = evidence.control.take(evidence.control.mean > 0).scaled(conclusion.growth)
    tail = upstream_tail(control, scales)
    fusion = conclude_legs(cells, (scales, tail), lost[cells.row], mirror, (cube.chapters, *how))
    shock = (conclusion.shock.spread, conclusion.shock.drift_error)
    tally = split_tally(cells, fusion, cube.chapters, (shock, how[1]))
    return Fused(mirror, fusion, tally, tail)
