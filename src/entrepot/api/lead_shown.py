"""One lead with all that the lake says of it: its explanation, its legs, the run's checks."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from entrepot.api.claims_held import ClaimFilter, claims_held
from entrepot.corridor import Corridor
from entrepot.dossier.explain import explain_lead
from entrepot.dossier.figure import Figure
from entrepot.dossier.gather import scene_of
from entrepot.dossier.lead_figures import absent_legs, lead_split_figure, leg_figures
from entrepot.dossier.page import Check
from entrepot.dossier.records import Explanation, Run, Source
from entrepot.dossier.runs import read_run, rows_of
from entrepot.dossier.scene import BRACKET_NAMES, Scene, country_name
from entrepot.lake import Lake
from entrepot.press_tables import CLAIMS
from entrepot.tables import BRACKETS, FINDINGS, LEADS, SERIES

# Checks of the whole run that a reader of one lead asks for.
_RULES = {
    "similar_goods": "Goods that are like it and not listed",
    "allocation_ghost_trade": "Member states whose declarations hold the trade that never arrived",
    "substitution": "Direct trade made up for",
    "leave_one_out": "Without one control country",
}


@dataclass(frozen=True, slots=True)
class ClaimSaid:
    """A claim about the country, and what the check of it found, in words."""

    claimant: str
    text: str
    article: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class LeadShown:
    """One lead with all that the lake says of it.

    Args:
        run: The run.
        scene: Whom, where and when.
        corridor: The lead.
        told: Its explanation.
        figures: Charts of its legs and of its ways.
        absent: Sentences about legs of which nothing is known.
        prices: Change of value per kilogram, one sentence per bracket.
        checks: What the run's checks found beside it.
        claims: What was said about the country, and what the check of it found.
        sources: Files that hold declarations of it.
    """

    run: Run
    scene: Scene
    corridor: Corridor
    told: Explanation
    figures: tuple[Figure, ...]
    absent: tuple[str, ...]
    prices: tuple[str, ...]
    checks: tuple[Check, ...]
    claims: tuple[ClaimSaid, ...]
    sources: tuple[Source, ...]


def lead_shown(lake: Lake, corridor: Corridor, run_id: str | None) -> LeadShown:
    """Gather all that the lake says of one lead.

    Args:
        lake: The lake.
        corridor: The lead.
        run_id: The run; the latest one where left open.

    Returns:
        Its explanation, its charts, and what stands beside it.

    Raises:
        LakeError: If there is no such run or lead; the message names leads near it.
        CodeError: If the third country or the destination is not known.
    """
    told = explain_lead(lake, corridor, run_id)
    run = read_run(lake, told.run_id)
    keys = {"intermediary": corridor.intermediary, "commodity": corridor.commodity}
    row = rows_of(lake, LEADS, run.run_id, **keys)[0]
    scene = scene_of(row, run)
    months = rows_of(lake, SERIES, run.run_id, **keys)
    direct = {"intermediary": corridor.destination, "commodity": corridor.commodity}
    months += rows_of(lake, SERIES, run.run_id, leg="direct", **direct)
    found = [bracket.conclusion for bracket in told.brackets]
    split = lead_split_figure(found, corridor.commodity, scene)
    used = {name.split()[1] for name in told.evidence if name.startswith("source ")}
    return LeadShown(
        run=run,
        scene=scene,
        corridor=corridor,
        told=told,
        figures=(*leg_figures(months, corridor.commodity, scene), *([split] if split else [])),
        absent=absent_legs(months, scene),
        prices=_prices(lake, run.run_id, keys),
        checks=_checks(lake, run.run_id),
        claims=claims_about(lake, corridor.intermediary),
        sources=tuple(source for source in run.sources if source.source_id in used),
    )


def claims_about(lake: Lake, country: str) -> tuple[ClaimSaid, ...]:
    """What was said about a country's trade, and what the check of it found.

    Args:
        lake: The lake.
        country: The country, ISO alpha-2.

    Returns:
        Claims in the order of their articles; none where the lake holds no article.

    Raises:
        CodeError: If the country is not known.
        LakeError: If the lake is torn.
    """
    country_name(country)
    if not lake.has(CLAIMS):
        return ()
    rows = claims_held(lake, ClaimFilter(country=country))
    outcomes: dict[str, tuple[str, str]] = {}
    if lake.has(FINDINGS):
        found = lake.table(FINDINGS).filter(nw.col("subject") == "claim").collect()
        outcomes = {
            one["subject_id"]: (one["outcome"], one["detail"])
            for one in found.iter_rows(named=True)
        }
    unchecked = ("not assessed", "The claim was not checked: run `entrepot check`.")
    return tuple(
        ClaimSaid(
            claimant=row["claimant"] or "not named",
            text=row["text"],
            article=row["article"],
            outcome=outcomes.get(row["claim_id"], unchecked)[0],
            detail=outcomes.get(row["claim_id"], unchecked)[1],
        )
        for row in rows
    )


def _prices(lake: Lake, run_id: str, keys: dict[str, str]) -> tuple[str, ...]:
    """Log changes as they are stored: a change of 0.10 is about a tenth."""
    sentences = []
    for row in rows_of(lake, LEADS, run_id, **keys):
        low, high = row["unit_value_change_low"], row["unit_value_change_high"]
        name = BRACKET_NAMES[row["bracket"]]
        if low is None or high is None:
            sentences.append(f"{name}: not assessed; no value per kg could be compared.")
        else:
            words = f"{low:+.2f} to {high:+.2f}".replace("-", "−")
            sentences.append(
                f"{name}: value per kg changed by {words} in logarithms against other partners "
                "(90 % interval; 0 is no change, +0.10 about a tenth more)."
            )
    return tuple(sentences)


def _checks(lake: Lake, run_id: str) -> tuple[Check, ...]:
    held = {row["rule"]: row for row in rows_of(lake, FINDINGS, run_id)}
    checks = []
    for rule, title in _RULES.items():
        for bracket in BRACKETS:
            row = held.get(f"{rule}_{bracket}")
            if row is not None:
                name = f"{title}, {BRACKET_NAMES[bracket].lower()}"
                caveats = tuple(row["caveats"].split())
                checks.append(Check(name, row["outcome"], row["detail"], caveats, row["evidence"]))
    return tuple(checks)
