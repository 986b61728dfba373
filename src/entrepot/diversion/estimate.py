"""The whole estimate, from panel and legs to conclusions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from entrepot.diversion.conclude import Conclusion, conclude
from entrepot.diversion.counterfactual import Factors, ratio
from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.evidence import Bracket, Evidence, Material, Progress, from_donors
from entrepot.diversion.fused import Fused, fuse_all
from entrepot.diversion.history import SHORTEST_HISTORY, from_history
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.legs import SecondLegs, no_legs
from entrepot.diversion.onset import Onset, onset
from entrepot.diversion.panel import Panel
from entrepot.diversion.paths import usual_level
from entrepot.diversion.placebo import Placebo, in_space, in_time
from entrepot.diversion.prices import price_changes
from entrepot.diversion.records import Records
from entrepot.diversion.stages import AT_ONCE, Stages, Within
from entrepot.diversion.totals import empty_tally
from entrepot.diversion.window import window_mask
from entrepot.errors import EstimateError


@dataclass(frozen=True)
class Direct:
    """Direct exports to the destination.

    Args:
        expected: Expected exports, NaN in months that do not count, shape [K, T].
        lost: ``sum over the window of max(expected - observed, 0)`` of listed goods, shape [K].
    """

    expected: Floats
    lost: Floats


@dataclass(frozen=True)
class Estimate:
    """The result of a run before it becomes rows.

    Args:
        panel: What it was made from.
        inquiry: What was asked.
        design: ``donors`` or ``history``.
        evidence: Corridors and controls by bracket.
        conclusions: Conclusions by bracket.
        placebos: Placebos by bracket.
        onsets: Onsets of the tested corridors by bracket.
        direct: Direct exports and their loss.
        legs: The partners' own records.
        fused: What the legs together say, by bracket; empty where there is no second leg.
        prices: Change of the value per kilogram of flagged commodities, with the ends of its
            interval, shape [K, V, 3]; NaN where there is no weight.
    """

    panel: Panel
    inquiry: Inquiry
    design: str
    evidence: dict[Bracket, Evidence]
    conclusions: dict[Bracket, Conclusion]
    placebos: dict[Bracket, list[Placebo]]
    onsets: dict[Bracket, Onset]
    direct: Direct
    legs: SecondLegs
    fused: dict[Bracket, Fused]
    prices: Floats

    def is_flagged(self, bracket: Bracket) -> Bools:
        """Corridors flagged at the run's false discovery rate: by all legs, or by p-value on one.

        Args:
            bracket: The bracket.

        Returns:
            Flags of the tested corridors, shape [n].
        """
        alone = self.conclusions[bracket].is_flagged
        if bracket not in self.fused:
            return alone
        fusion = self.fused[bracket].fusion
        return np.where(fusion.legs == "U", alone, fusion.is_flagged)


def estimate(
    panel: Panel,
    inquiry: Inquiry,
    on_progress: Progress | None = None,
    beside: Records | None = None,
    stages: Stages = AT_ONCE,
) -> Estimate:
    """Estimate what left for third countries beyond what can be explained, and where it went.

    Args:
        panel: The panel.
        inquiry: The question.
        on_progress: Told how far the fits are.
        beside: What the lake tells beside the panel; nothing where left out.
        stages: Where the results of finished stages are kept.

    Returns:
        Conclusions by bracket, with placebos.

    Raises:
        EstimateError: If nothing is listed, no candidate is in the data, or history is too short.
    """
    material = material_of(panel, inquiry)
    _check(panel, inquiry)
    has_donors = _choose(material, inquiry)
    evidence = _evidence(material, has_donors, on_progress, stages)
    conclusions = _concluded(panel, inquiry, evidence, (not has_donors, stages))
    direct = direct_loss(panel, evidence["common"].factors)
    legs = no_legs(panel.cube) if beside is None else beside.legs
    question = (direct.lost, inquiry.fdr, inquiry.seed)
    tell = on_progress or _silent
    tell(0, 2, "placebos and legs")
    placebos = _placebos(material, evidence, has_donors, inquiry.fdr, stages)
    tell(1, 2, "placebos and legs")
    together = stages.once(
        "legs",
        dict[Bracket, Fused],
        lambda: fuse_all((material, has_donors), legs, evidence, conclusions, question),
    )
    tell(2, 2, "placebos and legs")
    return Estimate(
        panel=panel,
        inquiry=inquiry,
        design="donors" if has_donors else "history",
        evidence=evidence,
        conclusions=conclusions,
        placebos=placebos,
        onsets=_onsets(panel, evidence, conclusions),
        direct=direct,
        legs=legs,
        fused=together,
        prices=_prices(panel, beside, conclusions, together),
    )


def _evidence(
    material: Material, has_donors: bool, on_progress: Progress | None, stages: Stages
) -> dict[Bracket, Evidence]:
    if has_donors:
        return from_donors(material, on_progress, stages=stages)
    return from_history(material, stages)


def _concluded(
    panel: Panel,
    inquiry: Inquiry,
    evidence: dict[Bracket, Evidence],
    how: tuple[bool, Stages],
) -> dict[Bracket, Conclusion]:
    """What the upstream leg says, by bracket."""
    carries_drift, stages = how
    size = (panel.cube.chapters, panel.cube.shape[1])

    def make() -> dict[Bracket, Conclusion]:
        draw = partial(conclude, carries_drift=carries_drift, fdr=inquiry.fdr, seed=inquiry.seed)
        return {name: draw(part, empty_tally(*size)) for name, part in evidence.items()}

    return stages.once("conclusions", dict[Bracket, Conclusion], make)


def _silent(done: int, total: int, what: str) -> None:
    """Take no note of progress."""


def _prices(
    panel: Panel,
    beside: Records | None,
    conclusions: dict[Bracket, Conclusion],
    together: dict[Bracket, Fused],
) -> Floats:
    """Changes of the value per kilogram of commodities with a flagged corridor."""
    excess = np.zeros(panel.cube.shape[0])
    for name, found in conclusions.items():
        flags = found.is_flagged | (name in together and together[name].fusion.is_flagged)
        rise = np.where(flags, np.maximum(found.cells.observed - found.cells.mean, 1.0), 0.0)
        np.maximum.at(excess, found.cells.row, rise)
    order = np.argsort(-excess, kind="stable")
    weights = None if beside is None else beside.weights
    return price_changes(weights, panel, order[excess[order] > 0])


def material_of(panel: Panel, inquiry: Inquiry) -> Material:
    """What either design starts from.

    Args:
        panel: The panel.
        inquiry: The question.

    Returns:
        The panel's exports with design and seed.
    """
    return Material(panel.cube, panel.design, panel.general, panel.first, inquiry.seed)


def _check(panel: Panel, inquiry: Inquiry) -> None:
    if panel.first < SHORTEST_HISTORY:
        raise EstimateError(
            f"the data begin in {panel.cube.periods[0]}, {max(panel.first, 0)} months before "
            f"--since {inquiry.since:%Y-%m}, expected at least {SHORTEST_HISTORY}. Ingest earlier "
            "months or choose a later --since."
        )
    if not panel.design.is_listed.any():
        raise EstimateError(
            f"no commodity of the panel is on list {inquiry.goods!r} by {panel.cube.periods[-1]}. "
            "Ingest the list, or take all commodities with --list all."
        )
    if not panel.design.is_candidate.any():
        raise EstimateError(
            f"none of {inquiry.intermediaries!r} is a partner in the data, expected some of "
            f"{panel.cube.partners.tolist()}. Choose other --intermediaries."
        )


def _choose(material: Material, inquiry: Inquiry) -> bool:
    has_donors = material.has_donors()
    if inquiry.design == "donors" and not has_donors:
        raise EstimateError(
            "too few listed commodities are bought by three partners outside the candidates, "
            "which --design donors needs. Ingest more partners or use --design history."
        )
    return inquiry.design != "history" and has_donors


def _placebos(
    material: Material,
    evidence: dict[Bracket, Evidence],
    has_donors: bool,
    fdr: float,
    stages: Stages,
) -> dict[Bracket, list[Placebo]]:
    def make() -> dict[Bracket, list[Placebo]]:
        earlier = Within(stages, "placebo")
        time = in_time(material, evidence, has_donors=has_donors, fdr=fdr, stages=earlier)
        space = in_space(material, evidence, fdr)
        return {name: [kind[name] for kind in (time, space) if name in kind] for name in evidence}

    return stages.once("placebos", dict[Bracket, list[Placebo]], make)


def _onsets(
    panel: Panel, evidence: dict[Bracket, Evidence], conclusions: dict[Bracket, Conclusion]
) -> dict[Bracket, Onset]:
    found = {}
    for name, conclusion in conclusions.items():
        cells = conclusion.cells
        lump = np.ones(panel.cube.shape[0])
        lump[cells.row] = cells.lump
        where = (cells.row, cells.column)
        found[name] = onset(panel.cube, evidence[name].factors, where, lump, panel.first)
    return found


def direct_loss(panel: Panel, factors: Factors) -> Direct:
    """Measure the direct exports of listed goods that stopped.

    ``X0[k,t] = g[k,t] h[t] sum_pre X / sum_pre g h`` and ``lost[k] = sum over the window of
    max(X0 - X, 0)``, with ``g h`` the commodity's path at the donors' common path: how the path is
    split between the two is arbitrary, their product is not. Too low where the ban was
    anticipated, since the level is that of all months before the event.

    Args:
        panel: The panel.
        factors: The model, with the common partner path.

    Returns:
        Expected exports and the loss, in the currency of the panel; NaN where nobody reported.
    """
    before = slice(0, panel.first)
    level = usual_level(factors, panel.cube, panel.first)
    known = level > 0
    moves = np.median(factors.d[known] / level[known, None], axis=0)
    path = factors.g * moves * panel.cube.is_alive
    seen: Bools = np.asarray(panel.cube.is_reported.all(axis=0))
    usual = ratio(
        (panel.direct[:, before] * (path[:, before] > 0) * seen[before]).sum(axis=1),
        (path[:, before] * seen[before]).sum(axis=1),
    )
    expected = usual[:, None] * path
    window = window_mask(panel.cube, panel.design.start) * seen
    gone = (window * np.maximum(expected - panel.direct, 0.0)).sum(axis=1)
    lost = np.where(panel.design.is_listed, gone, 0.0)
    return Direct(expected=np.where(seen, expected, np.nan), lost=lost)
