"""What happened, by the manual of PLOVER 2021: calls, visits, meetings, agreements, measures.

What somebody asks for, accuses of or rejects in words is a statement and not repeated here as an
event. What stands inside a quotation is what somebody said, and no event of the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice, takewhile

from entrepot.press.article import Mention, Metadata, Page, Span
from entrepot.press.event_clauses import is_unsaid, stands_near, status, wide_clause
from entrepot.press.event_dates import Dated, is_soon, when
from entrepot.press.event_participants import taking_part
from entrepot.press.event_places import Place, destinations, first_row, objects, settings
from entrepot.press.event_repeats import Told, is_known, mark_repeats, merge
from entrepot.press.event_words import Trigger, triggers
from entrepot.press.quotation import quotations
from entrepot.press.told import Event, Status

_PEOPLE = ("per:", "anon:", "grp:")
_OPENED = 160  # characters behind "agreed to" or "invited" that belong to it
_BEHIND = 80  # characters behind "met" in which somebody must be named
_NEAR = 45
_LONGEST = 3_000  # characters of a sentence that are looked at; no sentence is longer
_STOP = re.compile(r"[.!?](?=\s+\W?[A-ZÄÖÜА-ЯЁ])")


def events(page: Page, mentions: tuple[Mention, ...], metadata: Metadata) -> tuple[Event, ...]:
    """Find the events an article tells of.

    Args:
        page: The text.
        mentions: Where it names whom.
        metadata: Whose date says when "on Tuesday" was.

    Returns:
        In order of the text. What a headline repeats, what a later sentence takes up again
        ("after the meeting") and occasions on which somebody only spoke are optional.
    """
    quoted = sorted(_spoken(page))
    found: list[Told] = []
    at_quote = at_mention = 0
    for whole in page.sentences:
        sentence = Span(whole.start, min(whole.end, whole.start + _LONGEST))
        while at_quote < len(quoted) and quoted[at_quote].end <= sentence.start:
            at_quote += 1
        while at_mention < len(mentions) and mentions[at_mention].span.start < sentence.start:
            at_mention += 1
        inside = _until(sentence.end, quoted, at_quote)
        named = takewhile(_before(sentence.end), islice(mentions, at_mention, None))
        here = tuple(m for m in named if sentence.holds(m.span) and not _in_line(metadata, m))
        made = _of_sentence(page, here, metadata, sentence, inside)
        told = [old.event for old in found]
        found += [Told(_with_both(page, event, sentence, told), known) for event, known in made]
    return tuple(mark_repeats(metadata, found))


def _until(end: int, spans: list[Span], first: int) -> list[Span]:
    """Spans from a number on that begin before some place."""
    return [*takewhile(lambda span: span.start < end, islice(spans, first, None))]


def _before(end: int) -> Callable[[Mention], bool]:
    return lambda mention: mention.span.start < end


def _spoken(page: Page) -> list[Span]:
    """What somebody says between quote marks; where none closes, up to the end of its paragraph."""
    found = []
    heads = {paragraph.start for paragraph in page.paragraphs}
    for quote in quotations(page.shadow, page.paragraphs):
        mark, start = page.shadow[quote.outer.start], quote.inner.start
        again = page.shadow.rfind(mark, start, quote.inner.end)
        is_lost = again > start and mark != '"' and again not in heads
        if quote.is_open or is_lost:
            own = [p.end for p in page.paragraphs if p.start <= start <= p.end]
            found.append(Span(start, min([*own, quote.inner.end])))
        elif quote.is_utterance:
            found.append(quote.inner)
        if is_lost:
            found.append(Span(again, quote.inner.end))
    return found


def _in_line(metadata: Metadata, mention: Mention) -> bool:
    return metadata.dateline is not None and metadata.dateline.meets(mention.span)


def _with_both(page: Page, event: Event, sentence: Span, told: list[Event]) -> Event:
    """Give "both presidents agreed" the two of the meeting or call told of before."""
    left = Span(max(sentence.start, event.span.start - _BEHIND), event.span.start)
    if event.plover not in {"AGREE", "CONSULT"} or event.participants:
        return event
    if event.kind in {"visit", "invitation"} or not stands_near(page, "joint", left):
        return event
    before = [old for old in told if old.plover == "CONSULT" and len(old.participants) == 2]
    return replace(event, participants=before[-1].participants) if before else event


def _of_sentence(
    page: Page,
    mentions: tuple[Mention, ...],
    metadata: Metadata,
    sentence: Span,
    quoted: list[Span],
) -> list[Told]:
    known = [
        trigger
        for trigger in triggers(page.shadow, sentence, page.language)
        if not any(span.start <= trigger.span.start < span.end for span in quoted)
        and not is_unsaid(page, sentence, trigger)
    ]
    made = [
        (trigger, told)
        for trigger in known
        if (told := _told(page, mentions, metadata, sentence, trigger)) is not None
    ]
    return merge([told for _, told in _chosen(page.shadow, made)])


def _chosen(text: str, made: list[tuple[Trigger, Told]]) -> list[tuple[Trigger, Told]]:
    """Of words that overlap the longer ones; nothing that "agreed to" or "invited" opens."""

    def weight(entry: tuple[Trigger, Told]) -> tuple[bool, bool, int]:
        words, span = entry[0].words, entry[0].span
        return words.role == "setting", words.role == "noun", span.start - span.end

    taken: list[tuple[Trigger, Told]] = []
    for trigger, told in sorted(made, key=weight):
        if not any(trigger.span.meets(other.span) for other, _ in taken):
            taken.append((trigger, told))
    openers = [trigger.span for trigger, _ in taken if trigger.words.role == "opener"]
    taken = [
        (trigger, told)
        for trigger, told in taken
        if trigger.words.role == "opener"
        or trigger.words.plover != "CONSULT"
        or not any(_opens(text, span, trigger.span) for span in openers)
    ]
    return sorted(taken, key=lambda entry: entry[0].span)


def _opens(text: str, opener: Span, behind: Span) -> bool:
    """Whether some words belong to what "agreed to" begins; a full stop ends it."""
    if not opener.end <= behind.start < opener.end + _OPENED:
        return False
    return _STOP.search(text, opener.end, behind.start) is None


def _told(
    page: Page,
    mentions: tuple[Mention, ...],
    metadata: Metadata,
    sentence: Span,
    trigger: Trigger,
) -> Told | None:
    """An event, or nothing where what its words need does not stand around them."""
    words, at = trigger.words, trigger.span
    reach = wide_clause(page.shadow, sentence, at)
    places = _where(page, mentions, trigger, reach)
    state, named = _timed(page, metadata, sentence, trigger)
    people = taking_part(page, mentions, sentence, at, places)
    if not _stands(page, trigger, reach, (people, places, named)):
        return None
    on = named.date if named else None
    if on is None and state == "past" and _is_lead(page, metadata, sentence):
        on = metadata.date
    whom = [mention.entity for mention in people]
    if words.kind == "visit":
        whom += [place.entity for place in first_row(page, places) if place.entity]
    place = places[0] if places else None
    inside = [m.span for m in people if reach.holds(m.span)]
    spans = [at, *inside, *([place.span] if place else [])]
    event = Event(
        Span(min(span.start for span in spans), max(span.end for span in spans)),
        words.kind,
        words.plover,
        words.mode or _mode(words.kind, whom, place),
        tuple(dict.fromkeys(whom)),
        on,
        place.town if place else None,
        place.country if place else None,
        state,
        words.role == "setting",
    )
    return Told(event, is_known(page, trigger, named is not None))


def _where(page: Page, mentions: tuple[Mention, ...], trigger: Trigger, reach: Span) -> list[Place]:
    """Places behind the words, else before them; of a measure none: its countries take part."""
    words, at = trigger.words, trigger.span
    if words.plover == "SANCTION":
        return []
    find = destinations if words.kind in {"visit", "invitation"} else settings
    before = Span(reach.start, at.start)
    places = find(page, mentions, at, reach.end) or find(page, mentions, before, reach.end)
    if not places and "besuch" in at.of(page.shadow).lower():
        return objects(page, mentions, before)
    return places


def _timed(
    page: Page, metadata: Metadata, sentence: Span, trigger: Trigger
) -> tuple[Status, Dated | None]:
    """Status and day; a noun or a present tense beside a day to come is planned."""
    state = status(page, sentence, trigger)
    if state == "ongoing" or (state == "past" and trigger.words.role == "noun"):
        ahead = when(page, metadata, sentence, trigger.span, "planned")
        is_ahead = ahead is not None and is_soon(ahead.date, metadata)
        if ahead is not None and is_ahead and (ahead.is_day or state == "ongoing"):
            return "planned", ahead
    return state, when(page, metadata, sentence, trigger.span, state)


def _mode(kind: str, whom: list[str], place: Place | None) -> str:
    """A meeting of two at a named place is a visit of one of them, of many a multilateral one."""
    if kind != "meeting":
        return ""
    if len(set(whom)) > 2 or any(entity.startswith("grp:") for entity in whom):
        return "multilateral"
    return "visit" if place is not None else ""


def _is_lead(page: Page, metadata: Metadata, sentence: Span) -> bool:
    """Whether a sentence is the one behind the dateline."""
    line = metadata.dateline
    return line is not None and sentence.start <= line.end < sentence.end


def _stands(
    page: Page,
    trigger: Trigger,
    reach: Span,
    found: tuple[list[Mention], list[Place], Dated | None],
) -> bool:
    """Whether all stands around some words that they need to tell of an event."""
    people, places, named = found
    at = trigger.span
    left = Span(max(reach.start, at.start - _BEHIND), at.start)
    right = Span(at.end, min(reach.end, at.end + _BEHIND))
    whole = {mention.entity for mention in people}
    tests = {
        "party": lambda: bool(people) or stands_near(page, "people", right),
        "place": lambda: bool(places),
        "dated": lambda: named is not None,
        "pair": lambda: len(whole) > 1 or stands_near(page, "joint", left),
        "group": lambda: stands_near(page, "group", left),
        "body": lambda: _has(people, ("org:", "np:")) or stands_near(page, "body", left),
        "held": lambda: stands_near(page, "held", Span(left.start, right.end)),
        "person": lambda: (
            _has(people, _PEOPLE) or stands_near(page, "people", Span(left.start, right.end))
        ),
        "person_right": lambda: _person_behind(page, people, right),
        "person_near": lambda: _person_behind(
            page, people, Span(at.end, min(right.end, at.end + _NEAR))
        ),
    }
    return all(tests[need]() for need in trigger.words.needs)


def _has(people: list[Mention], kinds: tuple[str, ...]) -> bool:
    return any(mention.entity.startswith(kinds) for mention in people)


def _person_behind(page: Page, people: list[Mention], right: Span) -> bool:
    behind = [m for m in people if right.start <= m.span.start < right.end]
    return _has(behind, _PEOPLE) or stands_near(page, "people", right)
