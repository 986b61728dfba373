"""Everything the page about one country shows."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.dossier.figure import DataTable, Figure
from entrepot.dossier.records import Note, Run, Total


@dataclass(frozen=True, slots=True)
class Cell:
    """One bracket's cells of the table of leads or of product groups, in the table's scale.

    Args:
        bracket: The bracket.
        expected: What was expected.
        excess: Observed minus expected.
        flag: Words of the flag.
        detail: The number beside the flag: q on declared exports alone, else P.
        diverted: What was diverted; empty where no second leg tells.
        ways: By which way, in words.
    """

    bracket: str
    expected: str
    excess: str
    flag: str
    detail: str
    diverted: str = ""
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One commodity of the table of leads; ``cells`` holds one entry per bracket of the run.

    The window is empty where it is that of the country's total.
    """

    corridor: str
    commodity: str
    description: str
    observed: str
    window: str
    cells: tuple[Cell, ...]
    onset: str
    caveats: tuple[str, ...]
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class LeadTable:
    """The first leads of a country.

    Args:
        caption: What the table holds, with unit and window.
        unit: Scale and unit of its amounts.
        is_split: Whether a second leg tells about any of them.
        rows: At most :data:`~entrepot.dossier.leads.SHOWN` rows, flagged first, then by excess.
        rest: One sentence about the rows left out; empty where none was.
        verdict: One sentence about how many are flagged.
        shared: Caveats of all its rows that the country as a whole does not carry.
        legend: The further caveats its rows name.
    """

    caption: str
    unit: str
    is_split: bool
    rows: tuple[LeadRow, ...]
    rest: str
    verdict: str
    shared: tuple[Note, ...]
    legend: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One product group of the table of groups."""

    group: str
    observed: str
    counts: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One check the run made of itself, as its rule put it; its caveats are codes."""

    title: str
    outcome: str
    sentence: str
    caveats: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class CountryDossier:
    """Everything the page about one country shows.

    Args:
        run: The run.
        intermediary: The country's code.
        country: The country's name.
        title: Heading of the page.
        headline: What was found, sentence by sentence.
        verdict: What that is consistent with, one sentence.
        not_a_firm: What the numbers are not about.
        caveats: What must be known before a number is used.
        unit: Unit and kind of interval of all amounts, in words.
        legs: Which legs they rest on, one sentence.
        totals: The country's totals, one per bracket of the run.
        absent: Sentences about brackets the run does not hold.
        leads: Table of leads.
        groups: Table of product groups.
        groups_caption: Its caption.
        figures: Charts.
        checks: What the run's own checks concluded.
        diagnostics: Their numbers.
        can_say: What the estimate can say.
        cannot_say: What it cannot.
    """

    run: Run
    intermediary: str
    country: str
    title: str
    headline: tuple[str, ...]
    verdict: str
    not_a_firm: str
    caveats: tuple[Note, ...]
    unit: str
    legs: str
    totals: tuple[Total, ...]
    absent: tuple[str, ...]
    leads: LeadTable
    groups: tuple[GroupRow, ...]
    groups_caption: str
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]
    diagnostics: DataTable
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
