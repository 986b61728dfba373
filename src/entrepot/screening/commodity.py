"""What is shipped: codes on control lists, neighbours of such codes, descriptions that say nothing.

A code on a list is found by its longest prefix; a description may raise a question and never
answers one.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from entrepot.codes.annexes import annexes
from entrepot.codes.clauses import is_partner_country
from entrepot.codes.groupings import members
from entrepot.codes.high_priority import HighPriorityCode, high_priority
from entrepot.screening.check import (
    Answer,
    Check,
    Known,
    ListedCode,
    Result,
    Severity,
    not_assessed,
)
from entrepot.screening.description_words import own_words
from entrepot.screening.shipment import Shipment

CHPL = "chpl"
_PRIORITY = frozenset({CHPL, "XL"})
_DIGITS = re.compile(r"\d{4,11}", re.ASCII)
_ELECTRONICS = ("8471", "8504", "8517", "8525", "8526", "8529", "8532", "8534", "8536", "854")
_HEADING = 4
_HS = 6
_SHOWN = 80  # characters of a description that a sentence repeats
_BARRED = "RU"  # the annexes are those of the regulation on Russia; Belarus has its own
_FIELDS = ("goods.commodity",)
_WITH_NATIONAL = 11  # digits, the last of them a country's own


def _unreadable(code: str | None) -> bool:
    is_odd = code is not None and len(code) % 2 == 1 and len(code) != _WITH_NATIONAL
    return code is None or not _DIGITS.fullmatch(code) or is_odd


@cache
def _version() -> date:
    """First day of the version of the high priority list that we hold."""
    return min(date.fromisoformat(entry.version) for entry in high_priority())


def _once_listed(known: Known) -> Severity:
    """How severe a hint of the high priority list is: a note on days before its version."""
    return "note" if known.on < _version() else "review"


def _entries_of(code: str) -> tuple[HighPriorityCode, ...]:
    """High priority codes that reach a code, or lie under it where it is short."""
    return tuple(
        entry
        for entry in high_priority()
        if code.startswith(entry.commodity) or entry.commodity.startswith(code)
    )


def high_priority_goods(shipment: Shipment, known: Known) -> Result:
    """G1: whether the code is one of the fifty found again and again on the battlefield.

    Before the first day of the version we hold, a code of it is noted and no other is clear.

    Args:
        shipment: The line.
        known: Lists as of the day.
    """
    code = shipment.goods.commodity
    if code is None or _unreadable(code):
        return not_assessed("G1", "review", _FIELDS)
    if known.on < _version():
        return _before_the_list(code, known.on)
    if known.codes is None:
        return not_assessed("G1", "review", ("a control list",))
    found = [entry for entry in known.codes if entry.list_id in _PRIORITY]
    if found:
        return _flagged("G1", code, found, shipment, known)
    words = (
        f"{code} stands on no entry of the Common High Priority List, version {_version()}, "
        f"on {known.on}."
    )
    return Result("G1", "clear", "review", words, _FIELDS, (f"{CHPL}, version {_version()}",))


def _before_the_list(code: str, on: date) -> Result:
    found = _entries_of(code)
    if not found:
        missing = (f"a version of the Common High Priority List as of {on}",)
        return not_assessed("G1", "review", missing)
    words = (
        f"{code} is reached by {found[0].commodity}, tier {found[0].tier}, of the version of "
        f"{_version()}, which is later than {on}; whether an earlier version held it is not known "
        "here."
    )
    return Result("G1", "flagged", "note", words, _FIELDS, (found[0].locator,))


def listed_goods(shipment: Shipment, known: Known) -> Result:
    """G2: whether the code stands on any other control list.

    Clear only where a list was searched that is held as a whole; lists that technical parameters
    decide are named as not compared.

    Args:
        shipment: The line.
        known: Lists as of the day, and which were searched.
    """
    entry = shipment.goods.dual_use_code
    if entry:
        words = f"The exporter found entry {entry} of Annex I to Regulation (EU) 2021/821 to apply."
        return Result("G2", "flagged", "block", words, ("goods.dual_use_code",), (entry,))
    code = shipment.goods.commodity
    if code is None or _unreadable(code):
        return not_assessed("G2", "review", _FIELDS)
    if known.codes is None:
        return not_assessed("G2", "review", ("a control list",))
    found = [entry for entry in known.codes if entry.list_id not in _PRIORITY]
    if found:
        return _flagged("G2", code, found, shipment, known)
    searched = {name: of for name, of in known.searched.items() if name not in _PRIORITY}
    if not searched:
        return not_assessed("G2", "review", ("a control list that is held as a whole",))
    named = ", ".join(f"{name} ({version})" for name, version in sorted(searched.items()))
    words = (
        f"{code} stands on no entry of {named} on {known.on}. Not compared: "
        f"{_by_parameters(known.on)}."
    )
    return Result("G2", "clear", "review", words, _FIELDS, tuple(sorted(searched)))


def _by_parameters(on: date) -> str:
    """Lists that no code decides."""
    held = [
        f"Annex {one.annex}"
        for one in annexes().values()
        if one.decided_by != "codes" and one.in_force <= on
    ]
    return ", ".join(("Annex I to Regulation (EU) 2021/821", *held)) + ", which codes do not decide"


def _flagged(
    check: str, code: str, found: list[ListedCode], shipment: Shipment, known: Known
) -> Result:
    """A flag that names every list, the entry that reaches most first."""
    order = sorted(found, key=lambda one: (one.is_whole, len(one.prefix)), reverse=True)
    told = "; ".join(_reached(entry, known) for entry in order)
    to_barred = shipment.route.destination == _BARRED
    severity: Severity = "block" if to_barred and order[0].is_whole else "review"
    severity = "note" if is_spared(shipment, known.on) else severity
    fields = (*_FIELDS, "route.destination") if to_barred or severity == "note" else _FIELDS
    evidence = tuple(dict.fromkeys(entry.locator for entry in order))
    return Result(check, "flagged", severity, f"{code} is reached by {told}.", fields, evidence)


def is_spared(shipment: Shipment, on: date) -> bool:
    """Whether goods stay in the Union or go to a partner country: listed goods are then a note.

    Args:
        shipment: The line: its destination must be given, and none of the other countries it
            names for the goods' end may lie elsewhere.
        on: The day.
    """
    places = shipment.ends()
    if shipment.route.destination is None:
        return False
    union = members("EU", on)
    return all(place in union or is_partner_country(place, on) for place in places)


def _reached(entry: ListedCode, known: Known) -> str:
    version = known.searched.get(entry.list_id)
    annex = annexes().get(entry.list_id)
    words = f"{entry.prefix} of {entry.list_id}"
    words += f" ({annex.title})" if annex else ""
    words += f", version {version}" if version else ""
    words += f", tier {entry.tier}" if entry.tier else ""
    return words + ("" if entry.is_whole else ", where only some goods are listed")


def vague_description(shipment: Shipment, known: Known) -> Result:
    """G4: whether the description says what the goods are.

    Args:
        shipment: The line.
        known: Not used; the words speak for themselves.
    """
    words = shipment.goods.description
    fields = ("goods.description",)
    if not words or not words.strip():
        return not_assessed("G4", "review", fields)
    own = own_words(words)
    answer: Answer = "clear" if own else "flagged"
    told = f"The description {words[:_SHOWN]!r} "
    told += f"names {', '.join(own[:5])}." if own else "does not say what the goods are."
    return Result("G4", answer, "review", told, fields, ("WCO, acceptable goods descriptions",))


def neighbouring_code(shipment: Shipment, known: Known) -> Result:
    """G5: whether the code stands beside a high priority one.

    A neighbour shares the heading and is not itself on the list. One that differs in a single
    digit, or that the exporter uses for this destination alone, is to be looked at; any other is
    a note.

    Args:
        shipment: The line.
        known: Earlier lines of the exporter.
    """
    code, destination = shipment.goods.commodity, shipment.route.destination
    if code is None or _unreadable(code):
        return not_assessed("G5", "review", _FIELDS)
    if len(code) < _HS:
        return not_assessed("G5", "review", ("goods.commodity of six digits",))
    listed = [entry.commodity for entry in high_priority()]
    own = code[:_HS]
    beside = [entry for entry in listed if entry[:_HEADING] == own[:_HEADING]]
    cited = (f"{CHPL}, version {_version()}",)
    if own in listed or not beside:
        words = (
            f"{code} is itself on the list."
            if own in listed
            else f"No high priority code shares heading {own[:_HEADING]}."
        )
        return Result("G5", "clear", "review", words, _FIELDS, cited)
    near = [entry for entry in beside if sum(a != b for a, b in zip(entry, own, strict=True)) == 1]
    used = () if known.past is None else known.past.commodities.get(code, ())
    is_only_here = bool(used) and set(used) == {destination}
    words = f"{code} shares heading {own[:_HEADING]} with {', '.join(beside)} of the list"
    words += f"; it differs from {', '.join(near)} in one digit" if near else ""
    if is_only_here:
        words += f"; the exporter used it for {used[0]} only, {len(used)} times"
    severity = _once_listed(known) if near or is_only_here else "note"
    fields = (*_FIELDS, "route.destination", "history") if is_only_here else _FIELDS
    return Result("G5", "flagged", severity, f"{words}.", fields, cited)


def missing_part_number(shipment: Shipment, known: Known) -> Result:
    """G7: whether high priority electronics carry the maker's part number.

    Args:
        shipment: The line.
        known: The day; before the version of the list that we hold a flag is a note.
    """
    goods = shipment.goods
    code, fields = goods.commodity, ("goods.commodity", "goods.part_number", "goods.serial_number")
    if code is None or _unreadable(code):
        return not_assessed("G7", "review", _FIELDS)
    found = [one for one in _entries_of(code) if one.commodity.startswith(_ELECTRONICS)]
    if not found:
        words = f"{code} is no high priority electronics."
        return Result("G7", "clear", "review", words, _FIELDS)
    if goods.part_number or goods.serial_number:
        given = "part number" if goods.part_number else "serial number"
        return Result("G7", "clear", "review", f"A {given} is given for {code}.", fields)
    if len(code) < _HS:
        return not_assessed("G7", "review", ("goods.commodity of six digits",))
    words = f"{code} is high priority electronics and neither part nor serial number is given."
    cited = ("Commission, questions and answers on common high priority goods",)
    return Result("G7", "flagged", _once_listed(known), words, fields, cited)


CHECKS = (
    Check(
        *("G1", 1, "Common high priority goods", "Regulation (EU) No 833/2014, Annex XL"),
        ("goods.commodity",),
        high_priority_goods,
    ),
    Check(
        *("G2", 1, "Goods on other control lists", "Regulations (EU) No 833/2014 and 2021/821"),
        ("goods.commodity",),
        listed_goods,
    ),
    Check(
        *("G4", 1, "Description that says nothing", "WCO, acceptable goods descriptions"),
        ("goods.description",),
        vague_description,
    ),
    Check(
        *("G5", 1, "Neighbour of a high priority code", "Common High Priority List"),
        ("goods.commodity",),
        neighbouring_code,
    ),
    Check(
        *("G7", 1, "Part number of electronics", "Commission, questions on high priority goods"),
        ("goods.commodity", "goods.part_number"),
        missing_part_number,
    ),
)
