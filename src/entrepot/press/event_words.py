"""The lexica of events, compiled: which words tell of what, and which words unsay it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON
from entrepot.press.told import Status

_COLUMNS = (
    *("language", "kind", "plover", "mode", "role", "needs", "status", "pattern", "source"),
)
# Words between the two halves of a verb phrase: "imposed … sanctions", "hat … telefoniert".
_GAPS = {"{gap}": r"(?!\w)(?:[^;!?]{0,90}?)", "{short}": r"(?!\w)(?:[^,;!?]{0,30}?)"}
Role = Literal["verb", "noun", "opener", "setting"]
_ROLES: dict[str, Role] = {"verb": "verb", "noun": "noun", "opener": "opener", "setting": "setting"}
_STATUSES: dict[str, Status] = {"past": "past", "ongoing": "ongoing", "planned": "planned"}
Context = Literal[
    "negation",
    "hypothesis",
    "planned",
    "ongoing",
    "held",
    "joint",
    "group",
    "people",
    "body",
    "definite",
    "background",
    "perfect",
    "cancelled",
    "attribute",
]


@dataclass(frozen=True, slots=True)
class EventWords:
    """What some words tell of.

    Args:
        kind: ``meeting``, ``visit``, ``sanction`` …
        plover: Type of PLOVER 2021.
        mode: Its mode; may be empty.
        role: ``opener`` where what follows belongs to it ("agreed to meet"), ``setting`` where it
            only says on what occasion somebody spoke, or what a statement says already.
        needs: What must stand around it.
        status: What the form of the verb says; nothing where the clause does.
        pattern: The words.
    """

    kind: str
    plover: str
    mode: str
    role: Role
    needs: frozenset[str]
    status: Status | None
    pattern: re.Pattern[str]


class Trigger(NamedTuple):
    """Words of an event where they stand.

    Args:
        span: The words.
        words: What they tell of.
    """

    span: Span
    words: EventWords


@cache
def _event_words(language: Language) -> tuple[EventWords, ...]:
    rows = read_rows("event_words.csv", _COLUMNS, LEXICON)
    return tuple(_of_row(row) for row in rows if row["language"] == language)


def _of_row(row: dict[str, str]) -> EventWords:
    pattern = row["pattern"]
    for name, gap in _GAPS.items():
        pattern = pattern.replace(name, gap)
    return EventWords(
        row["kind"],
        row["plover"],
        row["mode"],
        _ROLES[row["role"]],
        frozenset(row["needs"].split()),
        _STATUSES[row["status"]] if row["status"] else None,
        re.compile(rf"(?<![\w-])(?:{pattern})(?:(?<=\s)|(?!\w))", re.IGNORECASE),
    )


def triggers(text: str, sentence: Span, language: Language) -> list[Trigger]:
    """Find the words that may tell of an event; what must stand around them is not yet looked at.

    Args:
        text: The text, or its shadow.
        sentence: Where to look.
        language: Its language.

    Returns:
        In order of their place; they may overlap.

    Example:
        >>> words = "The EU imposed new sanctions on Monday."
        >>> [(t.span.of(words), t.words.kind) for t in triggers(words, Span(0, 39), "en")]
        [('imposed new sanctions', 'sanction')]
    """
    found = [
        Trigger(Span(match.start(), match.end()), words)
        for words in _event_words(language)
        for match in words.pattern.finditer(text, sentence.start, sentence.end)
        if match.end() > match.start()
    ]
    return sorted(found, key=lambda trigger: (trigger.span.start, -trigger.span.end))


@cache
def context(language: Language, role: Context) -> re.Pattern[str]:
    """Words that unsay an event, put it into the future or name those who take part.

    Args:
        language: Their language.
        role: What they do.

    Returns:
        A pattern of whole words.

    Example:
        >>> bool(context("de", "negation").search("Sie hat keine Sanktionen verhängt"))
        True
    """
    rows = read_rows("event_context.csv", ("language", "role", "pattern", "source"), LEXICON)
    words = "|".join(
        row["pattern"] for row in rows if row["language"] == language and row["role"] == role
    )
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
