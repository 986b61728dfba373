"""One event told more than once: in one sentence, in the headline, or taken up again later."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from entrepot.press.article import Language, Metadata, Page, Span
from entrepot.press.event_words import Trigger, context
from entrepot.press.told import Event

_BEFORE = 30  # characters before a noun in which "the" or "diesem" may stand
# Names whom an event is with: then it need not be the one told of before.
_WITH: dict[Language, str] = {
    "en": r"\b(?:with|between|of)$",
    "de": r"\b(?:mit|zwischen)$",
    "ru": r"\b(?:с|со|между)$",
}
_WHOM: dict[Language, str] = {
    "en": r" (?:whom|which)\b",
    "de": r" (?:dem|der|denen)\b,",
    "ru": r" котор",
}


class Told(NamedTuple):
    """An event as a sentence tells of it.

    Args:
        event: The event.
        is_known: Whether it is spoken of as known: "after the meeting".
    """

    event: Event
    is_known: bool


def is_known(page: Page, trigger: Trigger, is_dated: bool) -> bool:
    """Whether some words speak of an event as known to the reader.

    Args:
        page: The text.
        trigger: The words.
        is_dated: Whether a day stands beside them; then it may be another event.
    """
    words, span = trigger.words, trigger.span
    if words.role != "noun" or is_dated or words.kind in {"forum", "conference", "visit"}:
        return False
    behind = page.shadow[span.end : span.end + 12]
    if re.match(_WHOM[page.language], behind) is not None:
        return True
    if re.search(_WITH[page.language], span.of(page.shadow).rstrip()) is not None:
        return False
    before = page.shadow[max(0, span.start - _BEFORE) : span.end]
    near = list(context(page.language, "definite").finditer(before))
    return bool(near) and len(before[near[-1].end() :].split()) <= 3


def merge(found: list[Told]) -> list[Told]:
    """Put together what one sentence tells of one event.

    Args:
        found: Events of a sentence, in order.

    Returns:
        Events of different types, or of one type with different days.
    """
    kept: list[Told] = []
    for told in found:
        number = next((n for n, old in enumerate(kept) if _is_one(old.event, told.event)), None)
        if number is None:
            kept.append(told)
        else:
            old = kept[number]
            both = old.is_known and told.is_known
            kept[number] = Told(_joined(old.event, told.event), both)
    return kept


def _family(event: Event) -> tuple[str, bool]:
    return event.plover, event.mode == "phone"


def _is_one(one: Event, other: Event) -> bool:
    if _family(one) != _family(other) or {one.status, other.status} == {"past", "planned"}:
        return False
    return one.date is None or other.date is None or _agree(one.date, other.date)


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _joined(one: Event, other: Event) -> Event:
    """The event that is told in more than passing, with what the other adds."""
    first, second = (other, one) if one.is_optional and not other.is_optional else (one, other)
    return replace(
        first,
        span=Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end)),
        participants=tuple(dict.fromkeys([*first.participants, *second.participants])),
        date=first.date or second.date,
        place=first.place or (second.place if first.country in {None, second.country} else None),
        country=first.country or second.country,
    )


def mark_repeats(metadata: Metadata, found: list[Told]) -> list[Event]:
    """Mark what only repeats.

    Args:
        metadata: Whose title and dateline say where the headline is.
        found: Events of the article, in order.

    Returns:
        The same events; headlines whose type the body tells of, and what takes an earlier event
        up again, are optional.
    """
    marked: list[Event] = []
    body = [told.event for told in found if not _is_headline(metadata, told.event)]
    for event, known in found:
        if _is_headline(metadata, event):
            repeats = any(_family(event) == _family(other) for other in body)
        else:
            before = [old for old in marked if not _is_headline(metadata, old)]
            repeats = any(_takes_up(old, event, known) for old in before)
        marked.append(replace(event, is_optional=event.is_optional or repeats))
    return marked


def _is_headline(metadata: Metadata, event: Event) -> bool:
    title, line = metadata.title, metadata.dateline
    if title is not None and event.span.meets(title):
        return True
    return line is not None and event.span.end <= line.start


def _takes_up(old: Event, event: Event, known: bool) -> bool:
    """Whether an event is an earlier one, named again."""
    if _family(old) != _family(event) or event.plover != "CONSULT":
        return False
    if known:
        return True
    if old.is_optional or not _is_one(old, event) or not event.participants:
        return False
    if None not in {old.country, event.country} and old.country != event.country:
        return False
    return set(event.participants) <= set(old.participants)
