"""The record of an answer: whether it could be given again, and a text that states it in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from entrepot.screening.check import Check, Hit, Known, Result, not_assessed
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Goods, Party, Route, Shipment, Terms
from entrepot.screening.verdict import Screened, in_order

_ACT = "Regulation (EU) No 833/2014, Article 6b"
_BASIS = f"{_ACT} (unverified); BAFA, guidance of 21 May 2025 (unverified)"
_NO_VERSION = frozenset({"", "?", "-", "unknown", "none", "latest"})
_OPEN = "[to be filled in]"


@dataclass(frozen=True, slots=True)
class Record:
    """Who asked for an answer, when, of which file and with which version of the program.

    Args:
        made_by: Who asked; left to be filled in where not said.
        made_at: When; left to be filled in where not said.
        engine: Version of Entrepôt.
        file: Name of the file.
        sha256: Its digest.
        reason: Why the text is written, in the words of who asks for it.
    """

    made_by: str = ""
    made_at: datetime | None = None
    engine: str = ""
    file: str = ""
    sha256: str = ""
    reason: str = ""


def reproducible(shipment: Shipment, known: Known) -> Result:
    """A1: whether the answer could be given again: file, day, lists and policy each with a version.

    Who asked and when stand in the head of a result, with the versions of the checks and of the
    program; of one line alone they are not known.

    Args:
        shipment: The line.
        known: Lists that were searched, with versions, and the policy.
    """
    if not known.versions and not known.has_lists and known.codes is None:
        return not_assessed("A1", "note", ("a list that was searched",))
    faults = [*_unversioned(known), *_policy_faults(known.policy)]
    if not shipment.source_id:
        faults.append("the file of the line has no digest")
    used = ("source_id", "lists", "policy.version")
    lists = tuple(f"{name} {version}" for name, version in sorted(known.versions.items()))
    if faults:
        words = f"The record of the answer is not whole: {'; '.join(faults)}."
        return Result("A1", "flagged", "note", words, used, (_BASIS, *lists))
    words = (
        f"Recorded: file {shipment.source_id}, record {shipment.row}; lists and acts as of "
        f"{known.on}; {'; '.join(lists) or 'control lists by their locators'}; policy "
        f"{known.policy.version!r}."
    )
    return Result("A1", "clear", "note", words, used, (_BASIS, *lists))


def _unversioned(known: Known) -> Iterator[str]:
    """Lists that were used and cannot be told from another version of themselves."""
    for name, version in sorted(known.versions.items()):
        if version.strip().casefold() in _NO_VERSION:
            yield f"list {name} has no version"
    if known.has_lists and not known.versions:
        yield "lists of parties were searched and none is named"
    for name in sorted({hit.dataset for hit in known.hits} - set(known.versions)):
        yield f"a hit is on list {name}, which is not among the lists named"
    for code in known.codes or ():
        if code.list_id not in known.versions and not code.locator:
            yield f"entry {code.prefix} of {code.list_id} has neither version nor locator"


def _policy_faults(policy: Policy) -> Iterator[str]:
    if policy.version.strip().casefold() in _NO_VERSION:
        yield "the policy has no version"
    elif policy.version == Policy().version and policy != Policy():
        yield f"the policy is called {policy.version!r} and its settings are others"


def report_text(line: Screened, known: Known, checks: Sequence[Check], record: Record) -> str:
    """A text about one line, ready to be sent to an authority; facts only.

    Values of the papers stand in quotation marks as they were read. What is not known is said to
    be not known; what a person has to add is marked. Nothing is concluded.

    Args:
        line: The line and its answers.
        known: What it was compared with.
        checks: The checks that were made, for their versions and legal references.
        record: Who asked, when, and of which file.

    Returns:
        The text, in paragraphs with headings.

    Example:
        >>> from datetime import date
        >>> nothing = Screened(Shipment("0" * 16, 1, "S-1"), "not_assessed", (), ())
        >>> text = report_text(nothing, Known(date(2024, 6, 3)), (), Record())
        >>> text.splitlines()[0]
        'Information under Article 6b of Regulation (EU) No 833/2014'
    """
    by_id = {check.id: check for check in checks}
    parts = (
        _head(line, known, record),
        ("The consignment, as its papers were read", [*_line(line.shipment)]),
        ("What was found", [*_answers(line, "flagged", by_id)] or ["No check flags the line."]),
        ("Entries of lists that parties may be", [*map(_hit, _hits(line))] or ["None was found."]),
        ("What was looked at without a finding", [*_answers(line, "clear", by_id)] or ["Nothing."]),
        ("What could not be looked at", [*_answers(line, "not_assessed", by_id)] or ["Nothing."]),
        ("What it was compared with", [*_compared(known, record)]),
        ("Remark", [_REMARK]),
    )
    return "\n\n".join("\n".join((title, *lines)) for title, lines in parts) + "\n"


_REMARK = (
    "This text repeats papers, lists and answers of checks. A hit means that names, numbers or "
    "addresses are alike, not that the party is the listed one. It is not said that anybody broke "
    "a rule. Articles and time limits are to be compared with the consolidated text."
)


def _head(line: Screened, known: Known, record: Record) -> tuple[str, list[str]]:
    made = record.made_at.isoformat(timespec="minutes") if record.made_at else _OPEN
    return (
        "Information under Article 6b of Regulation (EU) No 833/2014",
        [
            f"From: {_text(record.made_by) if record.made_by else _OPEN}",
            f"Made on: {made}",
            f"Reason: {_text(record.reason) if record.reason else _OPEN}",
            f"Consignment {_text(line.shipment.shipment_id)}, goods line {line.shipment.line}, "
            f"record {line.shipment.row} of the file",
            f"Screened as of {known.on}; outcome of the checks: {line.verdict.replace('_', ' ')}",
        ],
    )


def _text(value: object) -> str:
    """A value on one line, in quotation marks where it is text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _line(shipment: Shipment) -> Iterator[str]:
    for name in ("declared_on", "direction", "incoterm"):
        value = getattr(shipment, name)
        yield f"{name}: {'not given' if value is None else _text(value)}"
    for party in shipment.parties:
        yield from _given(party.role, party)
    for group, part in (
        ("goods", shipment.goods),
        ("route", shipment.route),
        ("terms", shipment.terms),
    ):
        yield from _given(group, part)
    for one in shipment.unread:
        yield f"{one.field}: not read, {_text(one.value)} ({one.reason})"


def _given(group: str, part: Party | Goods | Route | Terms) -> Iterator[str]:
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name == "role" or value is None or value == ():
            continue
        if one.name == "owners":
            value = tuple(
                f"{owner.name} ({'share not given' if owner.share is None else owner.share})"
                for owner in value
            )
        values = value if isinstance(value, tuple) else (value,)
        yield f"{group}.{one.name}: {', '.join(_value(each) for each in values)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(_text, value)) if isinstance(value, tuple) else _text(value)


def _answers(line: Screened, answer: str, by_id: dict[str, Check]) -> Iterator[str]:
    for result in line.results:
        if result.answer != answer:
            continue
        check = by_id.get(result.check_id)
        named = f"{result.check_id} version {check.version}" if check else result.check_id
        named += f", {check.title} ({check.legal_reference})" if check else ""
        severity = f" [{result.severity}]" if answer == "flagged" else ""
        used = f" Fields: {', '.join(result.fields)}." if result.fields else ""
        cited = f" Evidence: {'; '.join(result.evidence)}." if result.evidence else ""
        yield f"{named}{severity}: {' '.join(result.detail.split())}{used}{cited}"


def _hits(line: Screened) -> tuple[Hit, ...]:
    """Every hit once, in the order to look at them."""
    found: dict[tuple[str, str, str], Hit] = {}
    for _, hit in in_order(line.results):
        found.setdefault((hit.role, hit.dataset, hit.entity_id), hit)
    return tuple(found.values())


def _hit(hit: Hit) -> str:
    listed = f", listed on {hit.listing_date}" if hit.listing_date else ""
    programme = f", programme {_text(hit.program_id)}" if hit.program_id else ""
    why = "; ".join(
        f"{name}: {', '.join(f'{key} {value}' for key, value in what.items())}"
        for name, what in hit.explanations.items()
    )
    return (
        f"{hit.role} {_text(hit.party)} is like {_text(hit.caption)}, {hit.dataset} "
        f"{hit.entity_id}{programme}{listed}; {hit.level.replace('_', ' ')}, score "
        f"{hit.score:.2f} of 1 ({' '.join(why.split()) or 'no parts told'})"
        + (f"; decided: {_text(hit.decided)}" if hit.decided else "")
    )


def _compared(known: Known, record: Record) -> Iterator[str]:
    yield f"File: {_text(record.file) if record.file else _OPEN}, sha256 {record.sha256 or _OPEN}"
    yield f"Lists and acts as of: {known.on}"
    for name, version in sorted(known.versions.items()):
        yield f"List {name}, version {version or 'not recorded'}"
    if not known.has_lists:
        yield "No list of parties was searched."
    if known.codes is None:
        yield "No control list was searched for the goods."
    for code in known.codes or ():
        yield f"Entry {code.prefix} of {code.list_id}: {code.locator}"
    yield f"Policy {_text(known.policy.version)}"
    yield f"Entrepôt {record.engine or _OPEN}"


CHECKS = (
    Check(
        *("A1", 1, "Record of the answer", _BASIS),
        ("a list that was searched",),
        reproducible,
    ),
)
