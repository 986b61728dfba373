"""What a dossier holds beside the run's own numbers: leads in full, words, claims, decisions."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.dossier.figure import Figure
from entrepot.dossier.page import Check
from entrepot.dossier.record_page import RecordView
from entrepot.dossier.records import Explanation


@dataclass(frozen=True, slots=True)
class LeadTold:
    """One lead in full.

    Args:
        told: Its explanation.
        figures: Charts of its legs and of its ways.
        absent: Sentences about legs of which nothing is known.
        prices: Change of value per kilogram, one sentence per bracket.
        checks: What the run's checks found beside it.
    """

    told: Explanation
    figures: tuple[Figure, ...]
    absent: tuple[str, ...]
    prices: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """A claim on trade and what came of it, in words."""

    claimant: str
    text: str
    article: str
    outcome: str
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the run's numbers.

    Args:
        lake_digest: Sha256 of the lake's manifest, which names every file by its digest.
        leads: The first leads, or those asked for, in full.
        record: Record of the country's relations; nothing where the lake holds no article.
        claims: Claims about the country's trade.
        decisions: What analysts decided about its leads, a sentence each.
    """

    lake_digest: str
    leads: tuple[LeadTold, ...]
    record: RecordView | None
    claims: tuple[ClaimTold, ...]
    decisions: tuple[str, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Charts of all leads, each with a name of its own on the page."""
        return tuple(figure for lead in self.leads for figure in lead.figures)
