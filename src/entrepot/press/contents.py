"""What follows a cue: the clause, object or infinitive that is said."""

from __future__ import annotations

from entrepot.press.content_parts import (
    SHORTEST_CLAUSE,
    Content,
    behind_light,
    behind_phrase,
    content_of,
)
from entrepot.press.cue_places import Hit
from entrepot.press.cues import Cue
from entrepot.press.noun_phrases import Subject
from entrepot.press.objects import after_preposition, called, expressed, object_of
from entrepot.press.passages import Passage
from entrepot.press.small_words import is_content_word, is_cue_word

_SET_OFF = 3  # marks that may part a verb from its that


def forward(passage: Passage, hit: Hit, said_by: Subject | None, limit: int) -> Content | None:
    """Find the content behind a cue.

    Args:
        passage: The sentence.
        hit: The cue.
        said_by: Its subject, where it has one of its own.
        limit: The item at which something else begins.

    Returns:
        The content; ``None`` where nothing is said behind the cue.
    """
    start = hit.end
    if said_by is not None and said_by.order == "after" and said_by.first >= start:
        start = said_by.last
    if hit.particle == start:
        start += 1
    limit = min(limit, len(passage.items))
    for read in (expressed, after_preposition, called, _led, object_of, _bare_clause):
        for cue in hit.options:
            if (read is expressed) != ("e" in cue.frames):
                continue
            found = read(passage, hit, cue, start, limit)
            if found is not None and _is_whole(passage, found):
                return found
    return None


def _is_whole(passage: Passage, found: Content) -> bool:
    words = range(found.first, found.last)
    if not found.is_clause and any(passage.is_word(at, "no_content") for at in words):
        return len(words) > SHORTEST_CLAUSE + 1
    return any(passage.items[at].kind != "mark" for at in words)


def _led(passage: Passage, hit: Hit, cue: Cue, start: int, limit: int) -> Content | None:
    """What that, a colon or a quotation leads to."""
    if not set(cue.frames) & set("ctopnideq"):
        return None
    if passage.language == "en":
        return _english_led(passage, cue, start, limit)
    seen = 0
    for at in range(start, limit):
        if passage.is_mark(at, ":"):
            is_object = bool(set(cue.frames) & set("io")) and at > start + 1
            return None if is_object else content_of(passage, at + 1, limit, cue, True)
        if passage.is_mark(at, ";") or seen > _SET_OFF:
            return None
        first = _opened(passage, at, cue) if passage.is_mark(at, ",–") else -1
        if first >= 0:
            return content_of(passage, first, limit, cue, True)
        seen += passage.is_mark(at, ",–")
        is_speech = _is_speech(passage, at) and seen == 0 and "c" in cue.frames
        if is_speech and behind_light(passage, start, at) == at:
            return content_of(passage, at, limit, cue, "i" not in cue.frames)
    return None


def _opened(passage: Passage, mark: int, cue: Cue) -> int:
    """Where the clause begins that dass or что opens behind a mark; -1 where none does."""
    at = mark + 1
    while passage.is_word(at, "adverb", "coordinator"):
        at += 1
    if not passage.is_word(at, "opener"):
        return -1
    is_purpose = "i" in cue.frames and passage.low(at) == "чтобы"
    return at if is_purpose or passage.is_word(at, "kept_opener") else at + 1


def _english_led(passage: Passage, cue: Cue, start: int, limit: int) -> Content | None:
    at = start
    while at < limit:
        if passage.is_quote(at):
            is_said = passage.items[at].is_utterance and "c" in cue.frames
            return content_of(passage, at, limit, cue, True) if is_said else None
        if passage.is_mark(at, ":"):
            return content_of(passage, at + 1, limit, cue, True)
        if passage.is_word(at, "opener"):
            kept = passage.is_word(at, "kept_opener")
            is_noun = passage.low(at + 1) == "of"
            first = at + (0 if kept else 1)
            return None if is_noun else content_of(passage, first, limit, cue, True)
        behind = _behind_light(passage, at, limit, cue)
        if behind == at:
            return None
        at = behind
    return None


def _behind_light(passage: Passage, at: int, limit: int, cue: Cue) -> int:
    """Step over one part of what may stand between a verb and its that."""
    behind = behind_light(passage, at, limit)
    if behind > at:
        return behind
    if passage.is_word(at, "preposition"):
        return behind_phrase(passage, at, limit)
    if passage.is_mark(at, ","):
        is_aside = at + 1 < limit and passage.is_word(at + 1, "relative")
        return passage.segments[at + 1][1] if is_aside else at + 1
    if not set(cue.frames) & set("to"):
        return at
    name = passage.named[at]
    if name is not None:
        return name.last
    if passage.is_word(at, "determiner") or passage.low(at) == "fellow":
        while at < limit and not passage.is_word(at, "opener") and not passage.is_mark(at):
            at += 1
    return at


def _bare_clause(passage: Passage, hit: Hit, cue: Cue, start: int, limit: int) -> Content | None:
    """A clause without that."""
    if not set(cue.frames) & set("cptn") or set(cue.frames) & set("hx"):
        return None
    if passage.language == "de":
        return _german_clause(passage, cue, start, limit)
    if passage.language != "en" or "c" not in cue.frames:
        return None
    at = behind_light(passage, start, limit)
    if "t" in cue.frames and at == start:
        name = passage.named[at] if at < limit else None
        at = name.last if name is not None else limit
    while at < limit and passage.is_word(at, "preposition"):
        at = behind_phrase(passage, at, limit)
    if at >= limit or passage.is_mark(at):
        return None
    if passage.is_word(at, "coordinator", "relative", "as"):
        return None
    found = content_of(passage, at, limit, cue, True)
    return found if found is not None and _is_long(passage, found) else None


def _is_long(passage: Passage, found: Content) -> bool:
    """Whether a clause has as many words as one needs, or is spoken in part."""
    is_spoken = any(passage.is_quote(at) for at in range(found.first, found.last))
    return is_spoken or found.last - found.first >= SHORTEST_CLAUSE


def _german_clause(passage: Passage, cue: Cue, start: int, limit: int) -> Content | None:
    end = start
    while end < limit and not passage.is_mark(end) and not _is_speech(passage, end):
        end += 1
    if end >= limit or not (passage.is_mark(end, ",") or _is_speech(passage, end)):
        return None
    if passage.named[end - 1] is not None and _is_relative(passage, end + 1):
        return None
    if end + 1 < limit and is_cue_word(passage, end + 1) and not passage.is_capital(end + 1):
        return None
    if any(is_content_word(passage, at) for at in range(start, end)) and "c" not in cue.frames:
        return None
    found = content_of(passage, end, limit, cue, True)
    if found is None or found.last - found.first < SHORTEST_CLAUSE:
        return None
    return found


def _is_relative(passage: Passage, at: int) -> bool:
    """Whether der, die, das describes a noun and is not the article of the next one."""
    if not passage.is_word(at, "relative"):
        return False
    for place in range(at + 1, min(at + 4, len(passage.items))):
        if passage.is_capital(place):
            return False
        if not passage.low(place).endswith(("e", "en", "er", "es", "em")):
            return True
    return True


def _is_speech(passage: Passage, at: int) -> bool:
    return passage.is_quote(at) and passage.items[at].is_utterance
