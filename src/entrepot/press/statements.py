"""Who said what: the content of every attribution, its speaker, act and words between marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from entrepot.press.according import according
from entrepot.press.article import Entity, Mention, Metadata, Page, Quotation, Span
from entrepot.press.attributed import attributed
from entrepot.press.continued import (
    earlier,
    is_speech,
    longer,
    named_before_colon,
    pointed_back,
    reported_on,
    spoken_on,
)
from entrepot.press.drafts import Draft
from entrepot.press.passages import Passage, passages
from entrepot.press.speakers import Speakers
from entrepot.press.told import Statement
from entrepot.press.told_by import impersonal, sourced

_SAME = 0.5  # share of two contents that is common to both where they are one statement


def statements(
    page: Page,
    quotations: tuple[Quotation, ...],
    entities: tuple[Entity, ...],
    mentions: tuple[Mention, ...],
    metadata: Metadata,
) -> tuple[tuple[Statement, ...], tuple[Entity, ...]]:
    """Find who said what.

    Args:
        page: The page.
        quotations: What stands between quote marks in it.
        entities: Whom it names.
        mentions: Where.
        metadata: What it says of itself.

    Returns:
        Statements in order, and speakers that no list knows (``np:…``).
    """
    read = passages(page, quotations, mentions, metadata)
    speakers = Speakers(page)
    found = [_statement(draft, speakers) for draft in _drafts(read)]
    kept = tuple(one for one in found if one is not None)
    used = {name for one in kept for name in (*one.speaker, *one.via)}
    return kept, tuple(one for key, one in speakers.made.items() if key in used)


def _drafts(read: Sequence[Passage]) -> list[Draft]:
    found: list[Draft] = []
    waiting: list[Passage] = []  # speech whose speaker is named only later
    last: tuple[int, Draft] | None = None  # number of the sentence of the last draft
    for number, passage in enumerate(read):
        if is_speech(passage):
            if found and last is not None and _joins(found[-1], last[0], number):
                found[-1] = longer(found[-1], passage)
                last = (number, found[-1])
            elif _goes_on(read, number):
                is_told = last is not None and last[0] == number - 1
                found.append(spoken_on(passage, read[number - 1], is_told=is_told))
                last = (number, found[-1])
            else:
                waiting.append(passage)
            continue
        verbs = sourced(passage, attributed(passage))
        here = _merged([*verbs, *impersonal(passage)], according(passage))
        back = pointed_back(passage, read[number - 1]) if number else None
        if back is not None:
            here = [one for one in here if one.cue != back.cue]
            here = [*_alone(read, number, found, last), *here]
        elif not here:
            here = _alone(read, number, found, last)
        if here and waiting and here[0].is_direct and here[0].passage is passage:
            for before in reversed(waiting):
                here[0] = earlier(here[0], before)
        waiting.clear()
        found += here
        if here:
            last = (number, here[-1])
    return found


def _goes_on(read: Sequence[Passage], number: int) -> bool:
    """Whether speech alone follows a sentence of its paragraph that tells whose it is."""
    if number == 0 or read[number].paragraph != read[number - 1].paragraph:
        return False
    is_followed = number + 1 < len(read) and read[number + 1].paragraph == read[number].paragraph
    if is_followed and read[number + 1].items[0].kind == "quote":
        return False
    return not read[number].items[0].is_open


def _joins(draft: Draft, number: int, at: int) -> bool:
    """Whether speech goes on with what was said in the sentence before."""
    return number == at - 1 and draft.is_direct


def _alone(
    read: Sequence[Passage], number: int, found: list[Draft], last: tuple[int, Draft] | None
) -> list[Draft]:
    """Read a sentence without a cue that finds its content by itself."""
    passage = read[number]
    colon = named_before_colon(passage)
    if colon is not None:
        return [colon]
    if number == 0:
        return []
    back = pointed_back(passage, read[number - 1])
    if back is not None:
        if found and found[-1].span.meets(back.span):
            via = () if back.subject is None else (back.subject,)
            found[-1] = replace(found[-1], via=(*found[-1].via, *via))
            return []
        return sourced(passage, [back])
    if last is None or last[0] != number - 1 or read[last[0]].paragraph != passage.paragraph:
        return []
    going_on = reported_on(passage)
    return [] if going_on is None else [going_on]


def _merged(verbs: list[Draft], phrases: list[Draft]) -> list[Draft]:
    """Put together what verbs and what phrases attribute; the same content is one statement."""
    found = list(verbs)
    for phrase in phrases:
        for at, one in enumerate(found):
            if _is_at_end(one, phrase):
                found[at] = _passed_on(one, phrase)
                break
            if _share(one.span, phrase.span) > _SAME or _is_before(one, phrase):
                via = () if phrase.subject is None else (phrase.subject,)
                found[at] = replace(one, via=(*one.via, *via))
                break
        else:
            found.append(phrase)
    return sorted(found, key=lambda one: one.span)


def _is_at_end(one: Draft, phrase: Draft) -> bool:
    """Whether a phrase only says who passes on what a verb attributes: …, according to X."""
    if phrase.cue is None or one.cue is None or not one.span.holds(phrase.cue):
        return False
    return phrase.span.start <= one.cue.start and one.span.start < phrase.cue.start


def _is_before(one: Draft, phrase: Draft) -> bool:
    """Whether a phrase stands right before the verb of a statement: and, according to X, warned."""
    if phrase.subject is None or one.cue is None or one.subject is None:
        return False
    passage = phrase.passage
    end = passage.items[phrase.subject.last - 1].span.end
    gap = passage.page.text[end : one.cue.start] if end <= one.cue.start else "."
    return gap.strip() == "," and phrase.span.holds(one.span)


def _passed_on(one: Draft, phrase: Draft) -> Draft:
    if phrase.cue is None or phrase.subject is None:
        return one
    words = Span(one.span.start, phrase.cue.start).of(one.passage.page.text)
    span = Span(one.span.start, one.span.start + len(words.rstrip(" ,–")))
    return replace(one, span=span, via=(*one.via, phrase.subject))


def _share(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / max(1, max(one.end, other.end) - min(one.start, other.start))


def _statement(draft: Draft, speakers: Speakers) -> Statement | None:
    speaker = speakers.of(draft)
    if not speaker or draft.span.start >= draft.span.end:
        return None
    passage, subject = draft.passage, draft.subject
    via = tuple(name for one in draft.via for name in speakers.who(passage, one))
    return Statement(
        span=draft.span,
        speaker=speaker,
        speaker_text="" if subject is None else passage.text(subject.first, subject.last),
        addressee=draft.addressee,
        act=draft.act,
        also=(),
        mode=draft.mode,
        cue=draft.cue,
        quotes=draft.quotes,
        via=via,
        is_in_title=passage.is_title,
        is_optional=passage.is_title,
    )
