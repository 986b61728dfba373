"""A check and its answer: flagged with a reason, clear, or not assessed because a field is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Shipment

Answer = Literal["flagged", "clear", "not_assessed"]
Severity = Literal["block", "review", "note"]
Verdict = Literal["block", "review", "clear", "not_assessed"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed party that a party of a shipment may be.

    Args:
        role: Role of the party in the shipment.
        party: Its name there.
        entity_id: The listed party.
        caption: Its name on the list.
        dataset: The list.
        level: ``match``, ``possible``, ``cross_script``; ``address`` where only that agrees.
        score: 0 to 1.
        explanations: What each part of the score found, by name.
        program_id: Programme or act.
        listing_date: Day it was listed, where said.
        decided: What an analyst decided about it, with the reason; empty where nothing.
    """

    role: str
    party: str
    entity_id: str
    caption: str
    dataset: str
    level: str
    score: float
    explanations: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    program_id: str | None = None
    listing_date: date | None = None
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check says of one line.

    Args:
        check_id: ``P1``, ``G3`` …
        answer: Flagged, clear, or not assessed.
        severity: What a flag means.
        detail: One sentence: what was found, or which field is open.
        fields: Fields of the shipment that were used, e.g. ``consignee.name``.
        evidence: Where it can be checked: list and entry, act and annex, lead and run.
        hits: Listed parties, of checks of parties.
    """

    check_id: str
    answer: Answer
    severity: Severity
    detail: str
    fields: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Args:
        id: ``P1``, ``G3`` …
        version: Counted up whenever the same line could be answered otherwise.
        title: What it asks, in a few words.
        legal_reference: Act and article, or the guidance it follows.
        needs: Fields without which it cannot be assessed.
        run: The check itself.
    """

    id: str
    version: int
    title: str
    legal_reference: str
    needs: tuple[str, ...]
    run: Callable[[Shipment, Known], Result]


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A control list on which the goods of a line stand.

    Args:
        list_id: ``chpl``, ``eu-export-ban`` or the annex: ``XL``, ``XXIII`` …
        prefix: The entry that reaches the code.
        tier: Its tier, where the list has tiers.
        is_whole: Whether every code under the entry is listed, or only some are.
        locator: Act and annex where it can be checked.
    """

    list_id: str
    prefix: str
    tier: str | None
    is_whole: bool
    locator: str


@dataclass(frozen=True, slots=True)
class UsualRange:
    """Between which two amounts most declarations of a code lie.

    Args:
        low: Lower end.
        high: Upper end.
        observation_count: Declarations it was drawn from.
        unit: Unit of both ends: ``EUR/kg``, ``EUR/piece``, ``kg/piece``.
        source: Data set, flow and period it was drawn from.
    """

    low: float
    high: float
    observation_count: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Risk:
    """What a run says of one product going to one country.

    Args:
        run_id: The run.
        country: The possible intermediary.
        commodity: The code of the lead; empty for the country's total.
        excess: Excess, in ``unit``.
        low: Lower end of its 90 % interval.
        high: Upper end.
        unit: Its unit.
        is_flagged: Whether the run shows it as a lead.
    """

    run_id: str
    country: str
    commodity: str
    excess: float | None
    low: float | None
    high: float | None
    unit: str
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an exporter's and buyer's earlier lines in the same file or lake.

    Args:
        first_seen: Day of the buyer's first line.
        line_count: Lines before this one.
        values: Their values in EUR, in order of day.
        commodities: Codes the exporter used, with the destinations each went to.
    """

    first_seen: date | None = None
    line_count: int = 0
    values: tuple[float, ...] = ()
    commodities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What checks may look at beside the shipment; nothing else decides an answer.

    Args:
        on: Day as of which lists and acts are read.
        policy: Settings of the policy file.
        codes: Control lists the goods stand on as of that day; open where no list was there.
        hits: Listed parties found for the line's parties, best first.
        has_lists: Whether any list of parties was there to be searched.
        risk: Leads and totals by country and code; open where no run was there.
        past: Earlier lines; open where there are none to compare with.
        unit_values: For a code and unit (``EUR/kg``, ``kg/piece`` …), the usual range.
        searched: Control lists that were searched, each with its version; lists held only in part
            are not among them.
        party_lists: Lists of parties that were searched, each with its version.
    """

    on: date
    policy: Policy = field(default_factory=Policy)
    codes: tuple[ListedCode, ...] | None = None
    hits: tuple[Hit, ...] = ()
    has_lists: bool = False
    risk: tuple[Risk, ...] | None = None
    past: Past | None = None
    unit_values: Mapping[tuple[str, str], UsualRange] = field(default_factory=dict)
    searched: Mapping[str, str] = field(default_factory=dict)
    party_lists: Mapping[str, str] = field(default_factory=dict)

    @property
    def versions(self) -> Mapping[str, str]:
        """Every list that was searched, of goods or parties, with its version."""
        return {**self.searched, **self.party_lists}

    def unsearched(self, lists: frozenset[str], commodity: str) -> tuple[str, ...]:
        """Lists of an act that were not compared with the goods.

        Args:
            lists: Annexes that the act names; ``XL`` is the list of high priority goods,
                ``FIREARMS`` holds codes of chapter 93 only.
            commodity: Code of the goods.

        Example:
            >>> Known(date(2024, 6, 3), searched={"chpl": "2024-02-23"}).unsearched(
            ...     frozenset({"XI", "XL", "FIREARMS"}), "854231"
            ... )
            ('XI',)
        """
        same = {"XL", "chpl"}
        held = set(self.searched) | (same if same & set(self.searched) else set())
        held |= set() if commodity.startswith("93") else {"FIREARMS"}
        return tuple(sorted(lists - held))


def not_assessed(check: str, severity: Severity, missing: tuple[str, ...]) -> Result:
    """Say that a check could not be made, and for want of what.

    Args:
        check: Its id.
        severity: What a flag would have meant.
        missing: Fields that are open.

    Example:
        >>> not_assessed("P7", "review", ("consignee.incorporated_on",)).detail
        'Not assessed: consignee.incorporated_on is not given.'
    """
    words = " and ".join(missing)
    verb = "is" if len(missing) == 1 else "are"
    return Result(
        check, "not_assessed", severity, f"Not assessed: {words} {verb} not given.", missing
    )
