"""One lead with all that the lake says of it: its explanation, its legs, the run's checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entrepot.api.claims_held import ClaimFilter, claims_held
from entrepot.api.claims_shown import (
    articles_of,
    findings_of,
    outcome_of,
    publisher_words,
    title_words,
)
from entrepot.api.lead_members import Members, members_of
from entrepot.corridor import Corridor
from entrepot.dossier.explain import explain_rows, lead_rows
from entrepot.dossier.figure import Figure
from entrepot.dossier.gather import scene_of
from entrepot.dossier.lead_figures import absent_legs, lead_split_figure, leg_figures
from entrepot.dossier.page import Check
from entrepot.dossier.record import RecordQuestion
from entrepot.dossier.record_entries import gather_record
from entrepot.dossier.records import Explanation, Run, Source
from entrepot.dossier.runs import read_run, rows_of
from entrepot.dossier.scene import BRACKET_NAMES, Scene, country_name
from entrepot.lake import Lake
from entrepot.press_tables import ARTICLES, CLAIMS
from entrepot.tables import BRACKETS, FINDINGS, SERIES

STATEMENTS = 12  # shown of a lead; the page of the country has the whole timeline

# Checks of the whole run that a reader of one lead asks for.
_RULES = {
    "similar_goods": "Goods that are like it and not listed",
    "allocation_ghost_trade": "Member states whose declarations hold the trade that never arrived",
    "substitution": "Direct trade made up for",
    "leave_one_out": "Without one control country",
}


@dataclass(frozen=True, slots=True)
class ClaimSaid:
    """A claim about the country, and what the check of it found, in words.

    Args:
        claim_id: Its id in the table ``claims``.
        claimant: Who makes it.
        day: Day of the article; empty where it is left open.
        text: The words.
        article: Publisher and title.
        outcome: Outcome of the newest check.
        detail: What was found; the check itself, then what lies beside it.
    """

    claim_id: str
    claimant: str
    day: str
    text: str
    article: str
    outcome: str
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementSaid:
    """A statement about the country and the destination, with where it stands."""

    who: str
    day: str
    text: str
    source: str
    source_id: str


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
        members: Which members of the coalition declared the exports.
        claims: Claims on the trade of the country, those about these goods first.
        statements: What was said of the country and the destination, the newest first.
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
    members: Members
    claims: tuple[ClaimSaid, ...]
    statements: tuple[StatementSaid, ...]
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
    run = read_run(lake, run_id)
    held = lead_rows(lake, corridor, run)
    told = explain_rows(lake, corridor, run, held)
    row = held.leads[0]
    scene = scene_of(row, run)
    direct = {"intermediary": corridor.destination, "commodity": corridor.commodity}
    months = [*held.months, *rows_of(lake, SERIES, run.run_id, leg="direct", **direct)]
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
        prices=_prices(held.leads),
        checks=_checks(lake, run.run_id),
        members=members_of(lake, corridor, row, run),
        claims=claims_about(lake, corridor.intermediary, corridor.commodity),
        statements=_statements(lake, corridor),
        sources=tuple(source for source in run.sources if source.source_id in used),
    )


def claims_about(lake: Lake, country: str, commodity: str = "") -> tuple[ClaimSaid, ...]:
    """What was claimed of a country's trade, and what the check of it found.

    Args:
        lake: The lake.
        country: The country, ISO alpha-2.
        commodity: Code of the goods whose claims come first; open for none.

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
    if commodity:
        rows = sorted(rows, key=lambda row: not _names(row["commodities"], commodity))
    found, told = findings_of(lake), articles_of(lake)
    said = []
    for row in rows:
        mine = found.get(row["claim_id"], ())
        check, article = outcome_of(mine), told[row["source_id"]]
        beside = tuple(one["detail"] for one in mine if one is not check)
        said.append(
            ClaimSaid(
                claim_id=row["claim_id"],
                claimant=row["claimant_name"] or row["claimant"] or "not named",
                day=row["said_on"] or "",
                text=" ".join(row["text"].split()),
                article=f"{publisher_words(article)}, {title_words(article)}",
                outcome=check["outcome"],
                detail=(check["detail"], *beside),
            )
        )
    return tuple(said)


def _names(prefixes: str, commodity: str) -> bool:
    """Whether a claim's goods hold these, or are among them."""
    return any(commodity.startswith(one) or one.startswith(commodity) for one in prefixes.split())


def _statements(lake: Lake, corridor: Corridor) -> tuple[StatementSaid, ...]:
    """What was said of the country and the destination together, the newest first."""
    if not lake.has(ARTICLES):
        return ()
    question = RecordQuestion(corridor.intermediary, (corridor.destination,))
    entries = [one for one in gather_record(lake, question, (), ()).entries if one.source_id]
    said = [one for one in entries if one.kind == "statement"]
    return tuple(
        StatementSaid(one.who, one.day or "", one.text, one.source, one.source_id)
        for one in reversed(said[-STATEMENTS:])
    )


def _prices(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Log changes as they are stored: a change of 0.10 is about a tenth."""
    sentences = []
    for row in rows:
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
