"""What follows a cue and is no clause: what is demanded, called something, warned of."""

from __future__ import annotations

from dataclasses import replace

from entrepot.press.content_parts import Content, behind_light, content_of, without_particle
from entrepot.press.cue_places import Hit
from entrepot.press.cues import Cue
from entrepot.press.passages import Passage
from entrepot.press.small_words import is_content_word, is_correlate, segment

_NOUN_REACH = 5  # items between a verb and the noun that tells its act
_ACT_NOUNS = {
    "hope": "hope",
    "concern": "concern",
    "praise": "praise",
    "pledge": "pledge",
    "agree": "agree",
    "condemnation": "condemn",
    "say": "say",
}


def expressed(passage: Passage, hit: Hit, cue: Cue, start: int, limit: int) -> Content | None:
    """Find a noun that tells the act: expressed concern, äußerte die Hoffnung.

    Args:
        passage: The sentence.
        hit: The cue.
        cue: The reading of it.
        start: The item at which content may begin.
        limit: The item at which something else begins.

    Returns:
        The content, or ``None``.
    """
    for at in range(start, min(start + _NOUN_REACH, limit)):
        if passage.is_mark(at):
            return None
        for act in _ACT_NOUNS:
            if passage.is_word(at, f"noun_of_{act}"):
                told = replace(cue, act=_ACT_NOUNS[act])
                first = behind_light(passage, start, at)
                return content_of(
                    passage, first, without_particle(passage, hit, limit), told, False
                )
    return None


def after_preposition(
    passage: Passage, hit: Hit, cue: Cue, start: int, limit: int
) -> Content | None:
    """Find what a preposition leads to: called for talks, warnte vor einem Umweg.

    Args:
        passage: The sentence.
        hit: The cue.
        cue: The reading of it.
        start: The item at which content may begin.
        limit: The item at which something else begins.

    Returns:
        The content, or ``None``.
    """
    if not cue.prepositions:
        return None
    _, end = segment(passage, hit.verb)
    at = behind_light(passage, start, limit)
    if passage.language == "de":
        while at < min(end, limit) and passage.low(at) not in cue.prepositions:
            at += 1
    if passage.low(at) not in cue.prepositions or at >= limit:
        return None
    if cue.prepositions & {"to"} and "o" in cue.frames:
        return None
    behind = at + 1
    if passage.language == "en" and passage.low(behind) == "that":
        return None
    return content_of(passage, behind, without_particle(passage, hit, limit), cue, False)


def called(passage: Passage, hit: Hit, cue: Cue, start: int, limit: int) -> Content | None:
    """Find what is called what; the thing may stand before the verb.

    Args:
        passage: The sentence.
        hit: The cue.
        cue: The reading of it.
        start: The item at which content may begin.
        limit: The item at which something else begins.

    Returns:
        The content, or ``None``.
    """
    if "a" not in cue.frames:
        return None
    found = content_of(passage, start, without_particle(passage, hit, limit), cue, False)
    if found is None or (found.last - found.first < 2 and not _has_object_before(passage, hit)):
        return None
    if passage.language == "en" and not _has_predicate(passage, found):
        return None
    if passage.low(start) == "sich":
        return None
    return found


def _has_object_before(passage: Passage, hit: Hit) -> bool:
    first, _ = segment(passage, hit.verb)
    return hit.first - first > 1


def _has_predicate(passage: Passage, found: Content) -> bool:
    return any(
        passage.items[at].kind == "quote" or passage.low(at) in {"as", "a", "an", "the", "it"}
        for at in range(found.first, found.last)
    )


def object_of(passage: Passage, hit: Hit, cue: Cue, start: int, limit: int) -> Content | None:
    """Find what is demanded, denied or praised, and who is urged to do what.

    Args:
        passage: The sentence.
        hit: The cue.
        cue: The reading of it.
        start: The item at which content may begin.
        limit: The item at which something else begins.

    Returns:
        The content, or ``None``.
    """
    if not set(cue.frames) & set("nio"):
        return None
    at = _head(passage, start)
    is_infinitive = passage.low(at) == "to" or passage.language == "ru"
    if at >= limit or passage.is_mark(at) or not (set(cue.frames) & set("no") or is_infinitive):
        return _infinitive(passage, hit, cue, limit)
    if not _may_begin(passage, hit, cue, at):
        return None
    if hit.verb < hit.first and (passage.is_word(hit.first - 1, "coordinator") or at == hit.first):
        at = hit.last
    colon = next((n for n in range(at, limit) if passage.is_mark(n, ":")), limit)
    found = content_of(passage, at, without_particle(passage, hit, colon), cue, False)
    return found if found is not None and _says_something(passage, hit, found) else None


def _head(passage: Passage, start: int) -> int:
    """Step over adverbs, and over what he called in what he called a mistake."""
    at = start
    while _is_skipped(passage, at):
        if passage.low(at) == "не":
            break
        at += 1
    near = range(at, at + _NOUN_REACH)
    if passage.low(at) == "what":
        at = next((n for n in near if passage.is_quote(n)), at)
    return at


def _is_skipped(passage: Passage, at: int) -> bool:
    is_small = passage.is_word(at, "adverb", "time") or passage.low(at) in {"sich", "aber"}
    return is_small or is_correlate(passage, at)


def _may_begin(passage: Passage, hit: Hit, cue: Cue, at: int) -> bool:
    """Whether an object may begin with an item."""
    if passage.is_word(at, "preposition") and not _may_lead(passage, at, cue):
        return False
    if "d" in cue.frames and passage.is_mark(hit.first - 1):
        return False  # …, show data of the office
    if hit.verb == hit.first and passage.is_word(at, "coordinator"):
        return False
    if hit.verb < hit.first and "c" in cue.frames and passage.is_mark(hit.last, ","):
        return not passage.is_word(at, "preposition", "adverb", "time")
    is_tag = passage.is_mark(hit.first - 1, ",") and hit.first > 1
    is_adverbial = passage.is_word(at, "preposition", "time")
    return not (is_tag and is_adverbial and passage.language == "de")


def _says_something(passage: Passage, hit: Hit, found: Content) -> bool:
    return any(
        is_content_word(passage, at) or passage.is_quote(at) or passage.named[at] is not None
        for at in range(found.first, found.last)
        if at != hit.first
    )


def _may_lead(passage: Passage, at: int, cue: Cue) -> bool:
    low = passage.low(at)
    if passage.language == "en":
        return low == "to" and "i" in cue.frames
    return passage.language == "de" or low in {"от", "у", "к", "ко", "против", "не"}


def _infinitive(passage: Passage, hit: Hit, cue: Cue, limit: int) -> Content | None:
    """The German infinitive behind a comma: kündigte an, die Daten zu prüfen."""
    if passage.language != "de":
        return None
    _, end = segment(passage, hit.first)
    if end >= limit or not passage.is_mark(end, ","):
        return None
    if not any(_is_with_zu(passage.low(at)) for at in range(end + 1, limit)):
        return None
    return content_of(passage, end + 1, limit, cue, True)


def _is_with_zu(low: str) -> bool:
    return low == "zu" or ("zu" in low[2:-4] and low.endswith("en"))
