"""All that the dossier of a country holds, gathered from the lake and the press in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from entrepot.api.database import FILE
from entrepot.api.lead_decisions import LeadDecision, open_lead_decisions, standing
from entrepot.api.lead_shown import claims_about, lead_shown
from entrepot.api.record import record_of
from entrepot.corridor import Corridor
from entrepot.dossier.beside import Beside, ClaimTold, LeadTold
from entrepot.dossier.gather import gather_country
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.record import RecordQuestion
from entrepot.dossier.record_page import record_view
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.manifest import MANIFEST
from entrepot.tables import ARTICLES

LEADS_IN_FULL = 3  # leads told in full where none is named: two pages of paper each


@dataclass(frozen=True, slots=True)
class WholeDossier:
    """A dossier and what stands beside it."""

    dossier: CountryDossier
    beside: Beside


def whole_dossier(
    lake: Lake,
    country: str,
    run_id: str | None,
    leads: Sequence[Corridor] = (),
    *,
    decisions: str | None = None,
) -> WholeDossier:
    """Gather everything a dossier shows.

    Args:
        lake: The lake.
        country: The country, ISO alpha-2.
        run_id: The run; the latest one where left open.
        leads: Leads told in full; the first flagged ones where left out.
        decisions: Address of the database of decisions; the lake's own file where left out.

    Returns:
        The dossier.

    Raises:
        LakeError: If there is no such run, country or lead.
        CodeError: If a code is not known.
    """
    dossier = gather_country(lake, country, run_id)
    foreign = [str(lead) for lead in leads if lead.intermediary != country]
    if foreign:
        raise LakeError(
            f"the dossier of {country!r} is asked for {foreign!r}, expected leads through "
            f"{country!r}. `entrepot leads --intermediary {country}` lists them."
        )
    flagged = [row.corridor for row in dossier.leads.rows if row.is_flagged]
    chosen = leads or [Corridor.parse(name) for name in flagged[:LEADS_IN_FULL]]
    has_press = lake.has(ARTICLES)
    named = [*(row.corridor for row in dossier.leads.rows), *map(str, leads)]
    return WholeDossier(
        dossier,
        Beside(
            lake_digest=hashlib.sha256((lake.path / MANIFEST).read_bytes()).hexdigest(),
            leads=tuple(
                _lead(lake, lead, dossier.run.run_id, place) for place, lead in enumerate(chosen)
            ),
            record=record_view(record_of(lake, RecordQuestion(country))) if has_press else None,
            claims=tuple(
                ClaimTold(one.claimant, one.text, one.article, one.outcome, one.detail)
                for one in claims_about(lake, country)
            ),
            decisions=_decided(lake.path, decisions, tuple(dict.fromkeys(named))),
        ),
    )


def _lead(lake: Lake, corridor: Corridor, run_id: str, place: int) -> LeadTold:
    shown = lead_shown(lake, corridor, run_id)
    # Several leads stand on one page, and each has a chart of each leg.
    figures = tuple(replace(figure, key=f"lead-{place}-{figure.key}") for figure in shown.figures)
    return LeadTold(shown.told, figures, shown.absent, shown.prices, shown.checks)


def decisions_on(folder: Path, url: str | None, whole: WholeDossier) -> tuple[str, ...]:
    """What was decided about the leads of a dossier since it was gathered, and before.

    Args:
        folder: Folder of the lake.
        url: Address of another database.
        whole: The dossier.

    Returns:
        A sentence for each decision, in the order of the leads.
    """
    named = [*(row.corridor for row in whole.dossier.leads.rows)]
    named += [lead.told.corridor for lead in whole.beside.leads]
    return _decided(folder, url, tuple(dict.fromkeys(named)))


def _decided(folder: Path, url: str | None, leads: Sequence[str]) -> tuple[str, ...]:
    """No database is made where there is none."""
    if url is None and not (folder / FILE).is_file():
        return ()
    with open_lead_decisions(folder, url) as held:
        found = [held.about(Corridor.parse(lead)) for lead in leads]
    return tuple(_sentence(row, standing(rows)) for rows in found for row in rows)


def _sentence(row: LeadDecision, stands: LeadDecision | None) -> str:
    state = "; stands" if row == stands else ""
    return (
        f"{row.lead}: {row.words} by {row.decided_by} on {row.decided_at:%Y-%m-%d}, looking at run "
        f"{row.run_id}{state}. Reason: {row.reason}"
    )
