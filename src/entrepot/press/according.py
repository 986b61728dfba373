"""The statements of one sentence whose source stands in a phrase: according to, laut, по словам."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.cues import SourcePhrase, source_phrases
from entrepot.press.drafts import Draft, content_span, quoted_spans
from entrepot.press.noun_phrases import Subject
from entrepot.press.passages import Named, Passage
from entrepot.press.small_words import is_content_word, segment
from entrepot.press.tagged import tagged
from entrepot.press.told_by import cited_in

_LONGEST = 12
_MOST_PHRASES = 6


@dataclass(frozen=True, slots=True)
class Lead:
    """A phrase that names a source without a verb.

    Args:
        first: Its first item.
        last: The item behind its last.
        phrase: The phrase.
    """

    first: int
    last: int
    phrase: SourcePhrase


def according(passage: Passage) -> list[Draft]:
    """Find what phrases without a verb attribute.

    Args:
        passage: The sentence.

    Returns:
        Drafts in order.
    """
    found = []
    for lead in leads(passage):
        draft = _draft(passage, lead)
        if draft is not None:
            found.append(draft)
    return found


def leads(passage: Passage) -> tuple[Lead, ...]:
    """Find the phrases of a sentence that name a source without a verb.

    Args:
        passage: The sentence.

    Returns:
        Phrases in order.
    """
    known = source_phrases(passage.language)
    found: list[Lead] = []
    for place, item in enumerate(passage.items):
        if item.kind != "word" or (found and place < found[-1].last):
            continue
        if len(found) == _MOST_PHRASES:
            break
        for phrase in known.get(item.low, ()):
            if all(passage.low(place + at) == word for at, word in enumerate(phrase.words)):
                found.append(Lead(place, place + len(phrase.words), phrase))
                break
    return tuple(found)


def _draft(passage: Passage, lead: Lead) -> Draft | None:
    source = _source(passage, lead)
    if source is None:
        return None
    start, end = min(lead.first, source.first), max(lead.last, source.last)
    if lead.phrase.place == "tag" and not _is_tag(passage, lead, source):
        return None
    if lead.phrase.place == "tag":
        return _tag(passage, lead, source)
    if lead.first == 0 and passage.language != "de":
        end = max(end, segment(passage, lead.first)[1])
    if lead.phrase.place == "behind":
        start = _phrase_start(passage, start)
    end = _set_off_end(passage, source, end)
    reach = None if _is_relative(passage, start) else _reach(passage, start, end)
    if reach is None:
        return None
    first, last = reach
    quotes = quoted_spans(passage, first, last)
    speech = [at for at in range(first, last) if not passage.is_mark(at)]
    is_direct = all(passage.is_quote(at) for at in speech) and any(
        passage.items[at].is_utterance for at in speech
    )
    cue = passage.span(lead.first, lead.last)
    span = content_span(passage, first, last)
    cited = cited_in(passage, source.last, end)
    via = () if cited is None else (source,)
    whose = cited or source
    return Draft(passage, span, lead.phrase.act, whose, cue, quotes, is_direct, via, order=start)


def _tag(passage: Passage, lead: Lead, source: Subject) -> Draft | None:
    group = tagged(passage, lead.first, segment(passage, lead.first)[1], 0)
    if group is None:
        return None
    cue = passage.span(lead.first, lead.last)
    act = lead.phrase.act
    return Draft(passage, group.span, act, source, cue, group.quotes, group.is_direct)


def _is_tag(passage: Passage, lead: Lead, source: Subject) -> bool:
    """Whether so stands between a mark and a name."""
    at = lead.first - 1
    is_set_off = passage.is_mark(at, ",–") or passage.is_quote(at)
    return is_set_off and source.first - lead.last <= 1 and lead.first > 0


def _source(passage: Passage, lead: Lead) -> Subject | None:
    if lead.phrase.place == "behind":
        return _source_before(passage, lead)
    first, stop = lead.last, segment(passage, lead.first)[1]
    own = lead.last - 2
    if passage.is_word(own, "own_words") and lead.last - lead.first == 3:
        name = passage.named[own]
        return Subject(own, own + 1, name.entities if name is not None else (), "inherited")
    while first < stop and passage.low(first) in {"von", "vom", "eines", "einer", "einem", "aus"}:
        first += 1
    if any(passage.is_word(at, "no_source") for at in range(first, min(first + 4, stop))):
        return None
    return _named_source(passage, first, stop)


def _named_source(passage: Passage, first: int, stop: int) -> Subject | None:
    """The first name behind a phrase, unless it only belongs to a noun that is the source."""
    at = first
    while at < min(stop, first + _LONGEST):
        if passage.is_word(at, "data") and passage.language == "en":
            return Subject(first, stop, (), "before")
        if at > first and passage.is_word(at, "preposition"):
            break
        name = passage.named[at]
        if name is None or name.first != at:
            at += 1
            continue
        following = passage.named[name.last] if name.last < stop else None
        if following is not None and name.form in {"office", "demonym"}:
            name = following
        if _is_owner(passage, name, stop):
            at = name.last
            continue
        if name.form == "demonym" or (at > first and _is_foreign(passage, first, at)):
            break
        return Subject(name.first, name.last, name.entities, "before")
    return _words(passage, first, stop)


def _quoted_name(passage: Passage, at: int) -> bool:
    """Whether a source is a name between marks: по данным «Автостата»."""
    return passage.is_quote(at) and not passage.items[at].is_utterance


def _is_owner(passage: Passage, name: Named, stop: int) -> bool:
    end = passage.items[name.last - 1].span.end
    return passage.page.shadow[end : end + 1] in {"'", "’"} and name.last < stop


def _is_foreign(passage: Passage, first: int, at: int) -> bool:
    """Whether a name only belongs to a noun that is the source itself."""
    inner = [n for n in range(first, at) if is_content_word(passage, n)]
    if any(passage.is_word(n, "data") for n in inner):
        return False
    return passage.is_word(at - 1, "preposition")


def _words(passage: Passage, first: int, stop: int) -> Subject | None:
    """A source that no name tells; it must be somebody or data."""
    if _quoted_name(passage, first):
        return Subject(first, first + 1, (), "before")
    at = first
    while at < stop and at - first < _LONGEST:
        if at > first and passage.is_word(at, "preposition", "time", "auxiliary"):
            break
        if passage.items[at].kind != "word":
            break
        if at > first and _ends_german(passage, at):
            break
        at += 1
    if at == first or not any(is_content_word(passage, n) for n in range(first, at)):
        return None
    return Subject(first, at, (), "before")


def _ends_german(passage: Passage, at: int) -> bool:
    """Whether a small letter behind a German noun ends its phrase."""
    if passage.language != "de" or passage.is_capital(at) or not passage.is_capital(at - 1):
        return False
    return not passage.is_word(at, "oblique_determiner", "determiner")


def _source_before(passage: Passage, lead: Lead) -> Subject | None:
    first, _ = segment(passage, lead.first)
    at = lead.first - 1
    name = passage.named[at] if at >= first else None
    if name is not None:
        return Subject(name.first, name.last, name.entities, "before")
    start = at
    while start > first and not passage.is_word(start, "determiner", "oblique_determiner"):
        start -= 1
    return Subject(start, lead.first, (), "before") if start < lead.first else None


def _is_relative(passage: Passage, start: int) -> bool:
    """Whether a phrase stands in a clause that describes a noun."""
    if start < 2 or not passage.is_mark(start - 1, ","):
        return False
    first, last = segment(passage, start - 2)
    is_head = passage.is_word(first, "relative")
    is_short = last - first <= 2 and passage.low(first).endswith(("щих", "щие", "щий", "щая"))
    return first > 0 and (is_head or is_short)


def _phrase_start(passage: Passage, start: int) -> int:
    """Where the phrase of a source begins that opens a sentence: einem Bericht zufolge."""
    first, _ = segment(passage, start)
    is_open = all(
        passage.is_word(at, "determiner", "oblique_determiner")
        or passage.is_capital(at)
        or passage.low(at).endswith(("en", "em", "er"))
        for at in range(first, start)
    )
    is_open = is_open and not passage.is_word(first, "preposition")
    return first if is_open and start - first <= _LONGEST // 2 else start


def _set_off_end(passage: Passage, source: Subject, end: int) -> int:
    """Step over a relative clause or apposition that describes the source."""
    if end >= len(passage.items) or not passage.is_mark(end, ","):
        return end
    start, stop = segment(passage, end + 1) if end + 1 < len(passage.items) else (end, end)
    name = passage.named[start] if start < len(passage.items) else None
    is_name = name is not None and name.first == start and name.last == stop
    if (passage.is_word(start, "relative", "who") or is_name) and passage.is_mark(stop, ","):
        return stop
    return end


def _reach(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    """The items of the content: all of the sentence, without a phrase at one of its ends."""
    floor, ceiling = 0, len(passage.items)
    for at in range(len(passage.items)):
        if passage.is_mark(at, ";:"):
            floor = at + 1 if at < start else floor
            is_end = at >= end and passage.is_mark(at, ";")
            ceiling = min(ceiling, at) if is_end else ceiling
    first, last = floor, ceiling
    head, tail = passage.trimmed(floor, start), passage.trimmed(end, ceiling)
    words = [at for at in range(*head) if not passage.is_mark(at)]
    if all(passage.is_word(at, "coordinator", "adverb") for at in words):
        first = end
    elif tail[0] >= tail[1]:
        last = start
    first, last = passage.trimmed(first, last)
    return (first, last) if last - first > 1 or passage.is_quote(first) else None
