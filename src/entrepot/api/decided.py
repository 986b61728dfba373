"""What analysts decided about hits, and what a line says once their decisions are honoured.

A decision is about one party, as its owner's file describes it, and one entry of one list. It holds
only while both look as they did: a party that gained another number, or a hit that scores higher
than the one that was judged, is looked at again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from entrepot.screening.check import Check, Hit, Known, Result
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Shipment
from entrepot.screening.verdict import Screened, screened

Kind = Literal["true_match", "false_match", "cleared", "withdrawn"]
KINDS: tuple[Kind, ...] = ("true_match", "false_match", "cleared", "withdrawn")
# What tells two parties of one name apart; compared letter by letter, open ones included.
PARTICULARS = ("country", "registration_number", "tax_id", "lei", "imo", "bic")
_WORDS = {"true_match": "True match", "false_match": "False match", "cleared": "Cleared"}
_TOLERANCE = 1e-6  # of a score, which databases may round


@dataclass(frozen=True, slots=True)
class Judged:
    """The pair a decision is about: a party as described, and an entry of a list.

    Args:
        party: Name of the party.
        particulars: What else was known of it, by field of ``PARTICULARS``.
        dataset: The list.
        entity_id: The entry.
    """

    party: str
    particulars: Mapping[str, str]
    dataset: str
    entity_id: str

    @property
    def key(self) -> tuple[str, ...]:
        """What must agree for a decision to be about the same pair."""
        described = (_plain(self.particulars.get(name, "")) for name in PARTICULARS)
        return (_plain(self.party), *described, self.dataset, self.entity_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of ``decisions``: who decided what about a pair, when and why.

    Args:
        decision_id: Its number.
        kind: ``true_match``, ``false_match``, ``cleared`` or ``withdrawn``.
        judged: The pair.
        decided_by: Who decided.
        decided_at: When, UTC.
        reason: Why, in words.
        until: Last day a clearance holds.
        score: Score of the hit that was judged, where known.
        list_version: Version of the list that was looked at, where known.
        withdraws: Number of the decision that this row withdraws.
    """

    decision_id: int
    kind: Kind
    judged: Judged
    decided_by: str
    decided_at: datetime
    reason: str
    until: date | None = None
    score: float | None = None
    list_version: str | None = None
    withdraws: int | None = None

    @property
    def sentence(self) -> str:
        """The decision in one sentence."""
        until = f" until {self.until}" if self.until else ""
        return (
            f"{_WORDS.get(self.kind, 'Withdrawn')}{until}, decided by {self.decided_by} on "
            f"{self.decided_at:%Y-%m-%d} (decision {self.decision_id}): {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What a decision means for one hit.

    Args:
        sentence: The decision, and why it is not honoured where it is not; empty for none.
        is_set_aside: Whether the hit no longer flags anything.
        is_confirmed: Whether it was found to be a true match.
    """

    sentence: str = ""
    is_set_aside: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Decisions that stand, by the pair they are about.

    Args:
        by_pair: The newest decision of each pair that nobody withdrew.
    """

    by_pair: Mapping[tuple[str, ...], Decision]

    def about(self, hit: Hit, party: Party, on: date) -> Heard:
        """Hear what was decided about a hit.

        Args:
            hit: The hit.
            party: The party it was found for.
            on: Day as of which it is screened.

        Returns:
            The decision and whether it still holds for this hit.
        """
        decision = self.by_pair.get(judged(party, hit.dataset, hit.entity_id).key)
        if decision is None:
            return Heard()
        if decision.kind == "true_match":
            return Heard(decision.sentence, is_confirmed=True)
        if decision.until is not None and on > decision.until:
            return Heard(f"{decision.sentence} No longer honoured: it ended on {decision.until}.")
        if decision.score is not None and hit.score > decision.score + _TOLERANCE:
            return Heard(
                f"{decision.sentence} Not honoured: the hit scored {decision.score:.2f} when it "
                f"was decided and scores {hit.score:.2f} now."
            )
        return Heard(decision.sentence, is_set_aside=True)


def judged(party: Party, dataset: str, entity_id: str) -> Judged:
    """The pair of a party and an entry.

    Args:
        party: The party.
        dataset: The list.
        entity_id: The entry.

    Example:
        >>> judged(Party("buyer", "Alpha  LLC", country="KG"), "own", "7").key[:2]
        ('alpha llc', 'kg')
    """
    known = {name: value for name in PARTICULARS if (value := getattr(party, name))}
    return Judged(party.name, known, dataset, entity_id)


def standing(decisions: Iterable[Decision]) -> Standing:
    """Keep the decisions that stand.

    The newest one about a pair counts. Where it was withdrawn nothing stands, not even what had
    been decided before it: the pair is open until somebody decides again.

    Args:
        decisions: All rows, in any order.
    """
    rows = sorted(decisions, key=lambda row: row.decision_id)
    withdrawn = {row.withdraws for row in rows if row.withdraws is not None}
    newest = {row.judged.key: row for row in rows if row.kind != "withdrawn"}
    return Standing({key: row for key, row in newest.items() if row.decision_id not in withdrawn})


def honoured(line: Screened, decisions: Standing, on: date, policy: Policy) -> Screened:
    """Honour decisions in the answer for one line.

    A hit that is a false match, or cleared, no longer flags; it stays in the answer with the
    decision. A true match blocks. Checks that flag for other reasons stay as they are.

    Args:
        line: What the checks say.
        decisions: Decisions that stand.
        on: Day as of which the line is screened.
        policy: The policy it was screened with.

    Returns:
        The line with its verdict drawn anew.
    """
    results = tuple(_heard(one, line.shipment, decisions, on) for one in line.results)
    if results == line.results:
        return line
    return screened(line.shipment, Known(on, policy), tuple(map(_given, results)))


def _heard(result: Result, shipment: Shipment, decisions: Standing, on: date) -> Result:
    heard = [(hit, decisions.about(hit, party_of(shipment, hit), on)) for hit in result.hits]
    if not any(what.sentence for _, what in heard):
        return result
    hits = tuple(replace(hit, decided=what.sentence) for hit, what in heard)
    made = replace(result, hits=hits)
    if any(what.is_confirmed for _, what in heard):
        said = " ".join(what.sentence for _, what in heard if what.is_confirmed)
        return replace(made, answer="flagged", severity="block", detail=f"{result.detail} {said}")
    if result.answer == "flagged" and all(what.is_set_aside for _, what in heard):
        said = " ".join(dict.fromkeys(what.sentence for _, what in heard))
        return replace(made, answer="clear", detail=f"Set aside: {said} Found: {result.detail}")
    return made


def party_of(shipment: Shipment, hit: Hit) -> Party:
    """The party of a shipment for which a hit was found.

    Args:
        shipment: The line.
        hit: The hit.

    Returns:
        The party; one with a name only where the hit is about an owner or a ship.
    """
    for party in shipment.in_role(hit.role):
        if party.name == hit.party:
            return party
    return Party(hit.role, hit.party)


def _given(result: Result) -> Check:
    """A check whose answer is known already."""
    return Check(result.check_id, 1, "", "", (), lambda shipment, known: result)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
