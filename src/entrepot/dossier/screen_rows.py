"""The answer for a line as rows for tables: in words, each naming what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entrepot.screening.check import Hit, Result
from entrepot.screening.verdict import Screened, in_order

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """What holds for every line of a result.

    Args:
        file: Name of the file.
        sha256: Its digest.
        as_of: Day as of which it was screened, ISO 8601.
        engine: Version of Entrepôt.
        policy: Version of the policy, with a digest of its settings.
        lists: Lists and their versions.
        checks: Checks with their versions.
        notes: What was understood of the file without being said.
        settings: Settings of the policy.
    """

    file: str
    sha256: str
    as_of: str
    engine: str
    policy: str
    lists: tuple[str, ...]
    checks: tuple[str, ...]
    notes: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a negative number is none.

    Args:
        text: The text.

    Returns:
        The text, behind an apostrophe where it begins like a formula.

    Example:
        >>> harmless("=1+1"), harmless("Alpha"), harmless("-12.5")
        ("'=1+1", 'Alpha', '-12.5')
    """
    if _NEGATIVE.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(_DANGEROUS) or text.lstrip()[:1] in ("=", "@") else text


def line_row(line: Screened, heading: Heading) -> Row:
    """The answer for a line as one row of text.

    Args:
        line: The answer.
        heading: What holds for all lines.

    Returns:
        Its cells by name.
    """
    shipment = line.shipment
    flagged = [one for one in line.results if one.answer == "flagged"]
    return {
        "row": shipment.row,
        "shipment_id": shipment.shipment_id,
        "line": shipment.line,
        "verdict": line.verdict,
        "deciding": " ".join(line.deciding),
        "findings": " | ".join(sentence(one) for one in flagged),
        "hits": " | ".join(hit_words(hit) for _, hit in in_order(line.results)),
        "not_assessed": " ".join(line.open_checks),
        "unread": " | ".join(f"{one.field} {one.value!r}: {one.reason}" for one in shipment.unread),
        "parties": " | ".join(f"{one.role} {one.name}" for one in shipment.parties),
        "commodity": shipment.goods.commodity or "",
        "destination": shipment.route.destination or "",
        "as_of": heading.as_of,
        "lists": "; ".join(heading.lists) or "no list was there",
        "policy": heading.policy,
        "engine": heading.engine,
    }


def sentence(result: Result) -> str:
    """What a check found, with what it rests on.

    Args:
        result: Its answer.
    """
    cited = f" [{'; '.join(result.evidence)}]" if result.evidence else ""
    return f"{result.check_id} {result.severity}: {result.detail}{cited}"


def hit_words(hit: Hit) -> str:
    """A hit and why it is one.

    Args:
        hit: The hit.
    """
    parts = [f"{name}: {_pairs(what)}" for name, what in hit.explanations.items()]
    decided = f"; decided: {hit.decided}" if hit.decided else ""
    why = f" ({'; '.join(parts)})" if parts else ""
    return (
        f"{hit.role} {hit.party!r} may be {hit.caption!r} ({hit.dataset} {hit.entity_id}), "
        f"{hit.level} {hit.score:.2f}{why}{decided}"
    )


def _pairs(what: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {_in_words(value)}" for name, value in what.items())


def _in_words(value: object) -> str:
    """A part of an explanation; words that were paired as ``one = other 0.91``."""
    if not isinstance(value, tuple | list):
        return str(value)
    pairs = [one if isinstance(one, tuple | list) else (one,) for one in value]
    return ", ".join(
        f"{one[0]} = {one[1]} {one[2]:g}" if len(one) == 3 else " ".join(map(str, one))
        for one in pairs
    )


def line_object(line: Screened) -> Row:
    """The answer for a line in full, for programs.

    Args:
        line: The answer.

    Returns:
        What can be written as JSON.
    """
    shipment = line.shipment
    return {
        "row": shipment.row,
        "shipment_id": shipment.shipment_id,
        "line": shipment.line,
        "verdict": line.verdict,
        "deciding": list(line.deciding),
        "checks": [_result(one) for one in line.results],
        "hits": [_hit(result, hit) for result, hit in in_order(line.results)],
        "unread": [
            {"field": one.field, "value": one.value, "reason": one.reason}
            for one in shipment.unread
        ],
        "extra": dict(shipment.extra),
    }


def _result(result: Result) -> Row:
    return {
        "check_id": result.check_id,
        "answer": result.answer,
        "severity": result.severity,
        "detail": result.detail,
        "fields": list(result.fields),
        "evidence": list(result.evidence),
    }


def _hit(result: Result, hit: Hit) -> Row:
    return {
        "check_id": result.check_id,
        "role": hit.role,
        "party": hit.party,
        "entity_id": hit.entity_id,
        "caption": hit.caption,
        "dataset": hit.dataset,
        "level": hit.level,
        "score": hit.score,
        "explanations": {name: dict(what) for name, what in hit.explanations.items()},
        "program_id": hit.program_id,
        "listing_date": hit.listing_date.isoformat() if hit.listing_date else None,
        "decided": hit.decided,
    }


def harmless_row(row: Row) -> Row:
    """A row whose texts no spreadsheet takes for formulas.

    Args:
        row: The row.
    """
    return {name: harmless(cell) if isinstance(cell, str) else cell for name, cell in row.items()}


def line_columns(heading: Heading) -> tuple[str, ...]:
    """Names of the columns of :func:`line_row`, in order.

    Args:
        heading: What holds for all lines.
    """
    from entrepot.screening.shipment import Shipment

    return tuple(line_row(Screened(Shipment("", 0, ""), "not_assessed", (), ()), heading))


def at_or_above(verdicts: Iterable[str], level: str) -> int:
    """How many verdicts are as severe as a level or more.

    Args:
        verdicts: The verdicts.
        level: ``block`` or ``review``.

    Example:
        >>> at_or_above(["block", "review", "clear"], "review")
        2
    """
    counted = ("block",) if level == "block" else ("block", "review")
    return sum(verdict in counted for verdict in verdicts)
