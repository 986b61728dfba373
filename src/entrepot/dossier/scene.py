"""Whom, where and when a dossier is about, and how countries, brackets and goods are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.codes.areas import area
from entrepot.codes.caveats import caveat, caveats
from entrepot.codes.high_priority import high_priority
from entrepot.dossier.records import Note
from entrepot.tables import BRACKETS

SIMULATED = "SIMULATED DATA"
NO_LEG = "none"  # how a leg was read where it was not
BRACKET_NAMES = {"common": "Common path", "partner": "Own path"}


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom, where and when the sentences of one dossier are about, in words.

    Args:
        coalition: The exporters.
        country: The third country.
        destination: The sanctioned country.
        window: The months the estimate sums over.
        unit: Unit of the amounts.
        event: First month of the window.
        source: Publisher, dataset and vintage of the data.
        is_simulated: Whether they come from a simulated world.
        arrival: How the country's imports were read; ``none`` where they were not.
        downstream: Who declared the sales to the destination; ``none`` where nobody did.
    """

    coalition: str
    country: str
    destination: str
    window: str
    unit: str
    event: date
    source: str
    is_simulated: bool
    arrival: str
    downstream: str

    @property
    def has_second_leg(self) -> bool:
        """Whether the run read anything but declared exports."""
        return (self.arrival, self.downstream) != (NO_LEG, NO_LEG)

    @property
    def trade(self) -> str:
        """The trade in words."""
        return f"{self.coalition} exports of listed goods to {self.country}"

    @property
    def mark(self) -> str:
        """What every chart of a simulated world says; empty for real data."""
        return SIMULATED if self.is_simulated else ""


def country_name(code: str) -> str:
    """The English name of an area.

    Args:
        code: ISO alpha-2.
    """
    return area(code).name_en


def bracket_meaning(bracket: str, country: str) -> str:
    """What a bracket takes the country's trade to have done without diversion, one sentence.

    Args:
        bracket: ``common`` or ``partner``.
        country: Name of the country.
    """
    return {
        "common": f"Assumes that {country}'s trade would have followed the path that all partners "
        "share.",
        "partner": f"Assumes that it would have followed {country}'s own trade in goods that are "
        "not listed. Part of that may be diverted too.",
    }[bracket]


def absent_brackets(held: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each bracket that a run does not hold.

    Args:
        held: Brackets that are there.
    """
    reasons = {
        "common": "the run holds no estimate that follows the path all partners share.",
        "partner": "the run could not control for the country's own trade in goods that are not "
        "listed, so general growth of its trade is still in the excess.",
    }
    return tuple(
        f"{BRACKET_NAMES[bracket]}: not computed; {reasons[bracket]}"
        for bracket in BRACKETS
        if bracket not in held
    )


def notes(codes: Sequence[str]) -> tuple[Note, ...]:
    """The caveats of some codes, each once, in the order they should be read.

    Args:
        codes: Caveat codes.

    Raises:
        CodeError: If one is not known.
    """
    wanted = {caveat(code).code for code in codes}
    return tuple(Note(row.code, row.sentence) for row in caveats() if row.code in wanted)


def description(commodity: str) -> str:
    """Tier and words of the Common High Priority List for a code; empty where it is not on it.

    Args:
        commodity: HS or CN code; a longer code is looked up by its first six digits.

    Example:
        >>> description("854232"), description("870324")
        ('Memories as integrated circuits (high-priority tier 1)', '')
    """
    found = {row.commodity: row for row in high_priority()}.get(commodity[:6])
    return f"{found.description} (high-priority tier {found.tier})" if found else ""
