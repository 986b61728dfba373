"""All that the dossier of a country holds, gathered from the lake and the press in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
UNDECIDED = (
    "Decisions of analysts in this database are about parties and entries of lists. None of them is "
    "about a country or a lead, so none is shown here."
)


@dataclass(frozen=True, slots=True)
class WholeDossier:
    """A dossier and what stands beside it."""

    dossier: CountryDossier
    beside: Beside


def whole_dossier(
    lake: Lake, country: str, run_id: str | None, leads: Sequence[Corridor] = ()
) -> WholeDossier:
    """Gather everything a dossier shows.

    Args:
        lake: The lake.
        country: The country, ISO alpha-2.
        run_id: The run; the latest one where left open.
        leads: Leads told in full; the first flagged ones where left out.

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
            undecided=UNDECIDED,
        ),
    )


def _lead(lake: Lake, corridor: Corridor, run_id: str, place: int) -> LeadTold:
    shown = lead_shown(lake, corridor, run_id)
    # Several leads stand on one page, and each has a chart of each leg.
    figures = tuple(replace(figure, key=f"lead-{place}-{figure.key}") for figure in shown.figures)
    return LeadTold(shown.told, figures, shown.absent, shown.prices, shown.checks)
