"""Pieces of what follows a cue, and what may stand before it."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.cue_places import Hit
from entrepot.press.cues import Cue
from entrepot.press.passages import Passage
from entrepot.press.small_words import is_correlate

_PRONOUNS = frozenset({"sich", "es", "him", "her", "them", "us", "me"})
SHORTEST_CLAUSE = 3  # words of a clause without that


@dataclass(frozen=True, slots=True)
class Content:
    """Items that are said.

    Args:
        first: First item.
        last: The item behind the last.
        cue: The reading of the cue that has this content.
        is_clause: Whether it is a clause or speech, not an object.
    """

    first: int
    last: int
    cue: Cue
    is_clause: bool


def content_of(
    passage: Passage, first: int, last: int, cue: Cue, is_clause: bool
) -> Content | None:
    """Make a content of some items, up to a semicolon and without marks at its ends.

    Args:
        passage: The sentence.
        first: First item.
        last: The item behind the last.
        cue: The reading of the cue that has this content.
        is_clause: Whether it is a clause or speech, not an object.

    Returns:
        The content; ``None`` where no word is left.
    """
    for at in range(first, last):
        if passage.is_mark(at, ";"):
            last = at
            break
    while last > first and passage.is_word(last - 1, "coordinator"):
        last -= 1
    first, last = passage.trimmed(first, last)
    return Content(first, last, cue, is_clause) if first < last else None


def behind_light(passage: Passage, start: int, limit: int) -> int:
    """Step over words that only say when, where and to whom.

    Args:
        passage: The sentence.
        start: First item.
        limit: The item to stop at.

    Returns:
        The first item that is none of them.
    """
    at = start
    while at < limit:
        low = passage.low(at)
        is_small = passage.is_word(at, "adverb", "time", "addressee") or low in _PRONOUNS
        is_date = low[:1].isdigit() and (
            passage.is_word(at + 1, "time") or passage.is_word(at - 1, "time")
        )
        if not (is_small or is_date or is_correlate(passage, at)):
            break
        at += 1
    return at


def without_particle(passage: Passage, hit: Hit, limit: int) -> int:
    """Leave out the parted particle of a verb where the content ends with it.

    Args:
        passage: The sentence.
        hit: The verb.
        limit: The item behind the content.

    Returns:
        The item behind what is left.
    """
    last = limit
    while last > 0 and (passage.is_mark(last - 1) or passage.is_word(last - 1, "coordinator")):
        last -= 1
    return last - 1 if hit.particle >= 0 and hit.particle == last - 1 else limit


def behind_phrase(passage: Passage, at: int, limit: int) -> int:
    """Step over an English phrase of time or place: on Tuesday, at talks with X.

    Args:
        passage: The sentence.
        at: Its preposition.
        limit: The item to stop at.

    Returns:
        The item behind it.
    """
    at += 1
    if at < limit and passage.is_word(at, "determiner"):
        at += 1
    while at < limit and passage.items[at].kind == "word":
        name = passage.named[at]
        if passage.is_word(at, "preposition", "determiner", "subordinator", "coordinator"):
            return at
        if passage.is_word(at - 1, "time") and not passage.is_word(at, "time"):
            return at if not passage.low(at)[0].isdigit() else at + 1
        at = name.last if name is not None else at + 1
    return at
