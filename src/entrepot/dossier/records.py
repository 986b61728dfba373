"""The frozen records of a dossier; every text in them is ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 90 % interval and how both read.

    Args:
        point: Point estimate.
        low: Lower end.
        high: Upper end.
        unit: Unit of all three, e.g. ``EUR FOB``.
        text: The range in words, or the point where there is no range.
        point_text: The point in words.
    """

    point: float | None
    low: float | None
    high: float | None
    unit: str
    text: str
    point_text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A caveat: its code in the tables and its sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file the run was drawn from, in words."""

    source_id: str
    publisher: str
    dataset: str
    vintage: str
    licence: str
    url: str
    path: str
    sha256: str
    size: str
    rows: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the run: its name, its value as stored, and what it decides."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run and all that decided its result.

    Args:
        run_id: Digest of parameters, code version and sources.
        created: When it was run, in words, UTC.
        code_version: Version of Entrepôt.
        engine: Engine that aggregated the panel.
        parameters: Its parameters.
        fdr: False discovery rate at which corridors were flagged.
        sources: The files.
        is_simulated: Whether any of them is a simulated world.
    """

    run_id: str
    created: str
    code_version: str
    engine: str
    parameters: tuple[Parameter, ...]
    fdr: float
    sources: tuple[Source, ...]
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What one bracket says of a country, a product group or one lead.

    Args:
        bracket: ``common`` or ``partner``.
        name: The bracket in words.
        meaning: What it assumes, one sentence.
        observed: Declared exports in the window.
        expected: What was expected.
        excess: Observed minus expected.
        legs: Legs that tell about it, ``U``, ``UA``, ``UD`` or ``UAD``.
        diverted: What was diverted; on the upstream leg alone what may have been, at most.
        intermediated: Part that arrived and went on; open where no second leg tells.
        ghost: Part that never arrived; open likewise.
        ghost_share: Ghost over diverted, in words; empty where it is open.
        lost_direct: Direct exports to the destination lost in the window.
        substitution: Diverted, or the excess on one leg, over lost direct exports.
        caveats: Caveat codes.
        evidence: Table and key of the row.
    """

    bracket: str
    name: str
    meaning: str
    observed: Estimate
    expected: Estimate
    excess: Estimate
    legs: str
    diverted: Estimate
    intermediated: Estimate
    ghost: Estimate
    ghost_share: str
    lost_direct: Estimate
    substitution: Estimate
    caveats: tuple[str, ...]
    evidence: str

    @property
    def is_split(self) -> bool:
        """Whether a second leg tells what was diverted."""
        return self.legs != "U"


@dataclass(frozen=True, slots=True)
class Total:
    """The conclusion about a country or a product group, with its counts.

    Args:
        conclusion: Amounts and caveats.
        group: HS chapter, or ``_T``.
        cell_count: Corridors summed.
        flagged_count: Corridors among them that are flagged.
        formula: Observed minus expected equals excess, in words.
    """

    conclusion: Conclusion
    group: str
    cell_count: int
    flagged_count: int
    formula: str


@dataclass(frozen=True, slots=True)
class LeadBracket:
    """The conclusion about one commodity in one bracket, with its tests.

    Args:
        conclusion: Amounts and caveats.
        excess_fcr: Excess with the interval corrected for having been selected.
        discounted: Excess discounted by the chance that it is noise.
        p_value: Conformal p-value, in words.
        q_value: Adjusted p-value, in words.
        local_fdr: Local false discovery rate, in words.
        probability: Probability that something was diverted, in words; empty on one leg.
        is_flagged: Whether it is flagged at the run's rate.
        onset: Most likely first month and its range, in words.
        formula: Observed minus expected equals excess, in words.
    """

    conclusion: Conclusion
    excess_fcr: Estimate
    discounted: Estimate
    p_value: str
    q_value: str
    local_fdr: str
    probability: str
    is_flagged: bool
    onset: str
    formula: str


@dataclass(frozen=True, slots=True)
class SeriesMonth:
    """One month of one bracket of a lead, in its unit."""

    bracket: str
    period: date
    observed: float | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one lead is one: both brackets, the months, the caveats and the evidence.

    Args:
        corridor: The lead, as ``EU-KG-RU-870324``.
        run_id: The run.
        is_simulated: Whether the run saw a simulated world.
        title: What the lead is about, in words.
        sentences: What was found, and what it does not mean.
        brackets: One entry per bracket of the run.
        absent: Sentences about brackets the run does not hold for this lead.
        months: Months of the upstream leg, bracket by bracket.
        event: First month of the window.
        unit: Unit of all amounts.
        onset: Most likely first month, in words.
        caveats: Caveats of all brackets.
        evidence: Tables and keys, then source ids.
    """

    corridor: str
    run_id: str
    is_simulated: bool
    title: str
    sentences: tuple[str, ...]
    brackets: tuple[LeadBracket, ...]
    absent: tuple[str, ...]
    months: tuple[SeriesMonth, ...]
    event: date
    unit: str
    onset: str
    caveats: tuple[Note, ...]
    evidence: tuple[str, ...]
