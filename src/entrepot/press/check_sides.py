"""Whose declarations a claim is about, and what both sides of a trade together say of it.

1. A claim goes by the side of the reporter that the text names ("according to German statistics");
   without one by the exporter for exports and re-exports, by the importer for imports. Mutual trade
   goes by the side whose view it is: the speaker's country, else the one named first, which stands
   as exporter in a claim.
2. What that side declared decides. Where it leaves the claim open, the claim is open: the other
   side's declarations (the mirror) are shown and do not outvote it.
3. The mirror decides only where nothing of the first side answers at all and the text names no
   reporter; the sentence then says that it is the mirror.
4. Where both sides answer and differ, the claim is open and both numbers are shown, unless the text
   names its reporter: then that side decides, and the sentence says that the other differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from entrepot.codes.groupings import grouping_names, members
from entrepot.press.check_judged import Judged
from entrepot.press.check_outcome import Verdict
from entrepot.press.claim_sentences import WORLD, area_name
from entrepot.press.told import Claim

_BOTH = "value and weight answer it differently"
_DIFFER = "the two sides' declarations answer it differently"
_NOTHING = "nothing was declared that answers it"
_VIA = "declarations show each leg, and not whether the same goods took both"


class Conclusion(NamedTuple):
    """What all sides together say of a claim, as it is asserted.

    Args:
        verdict: What they say.
        reason: Why it is open; empty where it is not.
        note: Which side decided, where that must be said; may be empty.
        by: The declarations that it rests on; nothing where none is held.
    """

    verdict: Verdict
    reason: str
    note: str
    by: Judged | None


def side_to_go_by(claim: Claim, on: date) -> str | None:
    """Say whose declarations a claim is about.

    Args:
        claim: The claim.
        on: Day on which groupings are read.

    Returns:
        The area or grouping; nothing where the text names a reporter that stands on neither side,
        or no side is known.
    """
    first, second = claim.exporter, claim.importer
    if claim.flow == "import":
        first, second = second, first
    sides = [one for one in (first, second) if one and one != WORLD]
    if claim.reporter is None:
        return sides[0] if sides else None
    return next((one for one in sides if _speaks_for(claim.reporter, one, on)), None)


def _speaks_for(reporter: str, side: str, on: date) -> bool:
    """Whether statistics of a reporter hold what a side declares: the EU's hold its members'."""
    if reporter == side:
        return True
    return reporter in grouping_names() and side in members(reporter, on)


def concluded(
    claim: Claim, found: Sequence[Judged], problems: Sequence[str], on: date
) -> Conclusion:
    """Draw the verdict on a claim from what each side's declarations say.

    Args:
        claim: The claim.
        found: What each side's declarations say, as it is asserted.
        problems: What stood in the way, in words.
        on: Day on which groupings are read.

    Returns:
        The verdict by the rule of this module, before a denial turns it round.
    """
    if claim.via:
        return _by_legs(claim, found, problems)
    lead = side_to_go_by(claim, on)
    own = [one for one in found if one.declared.reporter == lead]
    others = [one for one in found if one.declared.reporter != lead]
    if own:
        return _by_lead(claim, own, others)
    why = "; ".join(dict.fromkeys(problems))
    if not others:
        return Conclusion("unknown", why or _NOTHING, "", None)
    if claim.reporter is not None:
        return Conclusion("unknown", _unheld(claim, lead, why), "", others[0])
    return _by_mirror(lead, others, why)


def _unheld(claim: Claim, lead: str | None, why: str) -> str:
    named = area_name(claim.reporter or "")
    if lead is None:
        return f"the text goes by the statistics of {named}, which is on neither side of this trade"
    reason = f"the text goes by the statistics of {named}, and those do not answer it"
    return f"{reason} ({why})" if why else reason


def _by_lead(claim: Claim, own: Sequence[Judged], others: Sequence[Judged]) -> Conclusion:
    """What the side to go by says; the mirror may not outvote it."""
    said, mirrored = _of_side(own), _of_side(others)
    name = area_name(own[0].declared.reporter)
    if said.verdict == "unknown":
        reason = said.reason
        if mirrored.verdict != "unknown":
            reason += f"; the claim goes by what {name} declared, and the mirror does not decide it"
        return said._replace(reason=reason)
    if mirrored.verdict in {said.verdict, "unknown"}:
        return said
    other = area_name(others[0].declared.reporter)
    if claim.reporter is None:
        one, two = (name, other) if said.verdict == "supported" else (other, name)
        what = "denied" if claim.polarity == "denied" else "claimed"
        agree = f"what {one} declared agrees with what is {what}, what {two} declared does not"
        return Conclusion("unknown", f"{_DIFFER}: {agree}", "", said.by)
    note = f"the text goes by what {name} declared; what {other} declared answers it differently"
    return said._replace(note=note)


def _by_mirror(lead: str | None, others: Sequence[Judged], why: str) -> Conclusion:
    """What the other side says, where nothing of the first answers and no reporter is named."""
    said = _of_side(others)
    if lead is None:
        return said
    name = area_name(others[0].declared.reporter)
    because = why or f"nothing that {area_name(lead)} declared is held"
    return said._replace(note=f"this is the mirror, declared by {name}, as {because}")


def _of_side(found: Sequence[Judged]) -> Conclusion:
    """What one side says: its value and its weight must agree."""
    told = [one for one in found if one.verdict != "unknown"]
    first = next(iter([*told, *found]), None)
    if len({one.verdict for one in told}) > 1:
        return Conclusion("unknown", _BOTH, "", first)
    if told:
        return Conclusion(told[0].verdict, "", "", told[0])
    reasons = dict.fromkeys(one.reason for one in found if one.reason)
    return Conclusion("unknown", "; ".join(reasons) or _NOTHING, "", first)


def _by_legs(claim: Claim, found: Sequence[Judged], problems: Sequence[str]) -> Conclusion:
    """Trade via a third country: a leg that nobody declared is all that its legs can say."""
    legs: dict[frozenset[str], set[Verdict]] = {}
    for one in found:
        ends = frozenset((one.declared.reporter, one.declared.partner))
        legs.setdefault(ends, set()).add(one.verdict)
    by = next((one for one in found if one.verdict != "unknown"), found[0] if found else None)
    if claim.relation == "exists" and {"contradicted"} in legs.values():
        return Conclusion("contradicted", "", "", by)
    words = [*([_VIA] if found else []), *problems]
    return Conclusion("unknown", "; ".join(dict.fromkeys(words)) or _NOTHING, "", by)
