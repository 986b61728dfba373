"""Bodies that no list knows, told by the head of their name: the Brookings Institution."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.press.naming import Naming, slug
from entrepot.press.phrases import words_of
from entrepot.press.reading import Reading

_LONGEST = 8  # words of a name
_INNER = {
    "en": {"of", "for", "and", "the", "on", "against", "in"},
    "de": {"für", "der", "des", "und", "von", "die"},
    "ru": {"и", "по", "при"},
}
_AFTER = {"en": {"of", "for", "on", "against"}, "de": {"für", "der", "des", "von"}}
_ADJECTIVE_RU = ("ий", "ый", "ой", "ая", "ое", "ого", "его", "ому", "ему", "ую", "ым", "им", "ом")


def proper_bodies(reading: Reading, taken: frozenset[int]) -> Iterator[Naming]:
    """Find bodies whose name has a usual head and at least one more word.

    Args:
        reading: The words of a page.
        taken: Words that are part of something else.

    Yields:
        One naming for each name, in order.
    """
    behind = 0
    for place, word in enumerate(reading.words):
        if place < behind or place in taken or not word.is_capital or reading.is_headline(place):
            continue
        if not _is_head(reading, place):
            continue
        first, last = _left(reading, place, behind), _right(reading, place)
        if taken.intersection(range(first, last)):
            continue
        if last - first < 2 and not _stands_alone(reading, place):
            continue
        behind = last
        name = reading.span(first, last).of(reading.page.text)
        area = _area(reading, first, last)
        yield Naming(first, last, f"org:{slug(name)}", "name", name, "org", area)


def _is_head(reading: Reading, place: int) -> bool:
    if reading.chunk(place, "body", "office", "anonymous") is not None:
        return False
    low, heads = reading.words[place].low, words_of("body_head", reading.language)
    if reading.language == "en":
        return low in heads
    if reading.language == "ru":
        return low.startswith(tuple(heads))
    return low.endswith(tuple(heads))


def _stands_alone(reading: Reading, place: int) -> bool:
    """Whether a German compound is a name by itself: das Zollkriminalamt."""
    low = reading.words[place].low
    heads = tuple(words_of("body_head_alone", reading.language))
    if not heads or not low.endswith(heads) or reading.chunk(place) is not None:
        return False
    return low not in heads and reading.is_one_of(place - 1, "definite")


def _left(reading: Reading, place: int, behind: int) -> int:
    while place > behind and reading.words[place].is_near:
        word = reading.words[place - 1]
        if not word.is_capital or word.is_possessive or _is_small(reading, place - 1):
            break
        if reading.chunk(place - 1, "office", "anonymous", "body") is not None:
            break
        if reading.language == "ru" and not word.low.endswith(_ADJECTIVE_RU):
            break
        is_apart = reading.language == "de" and reading.words[place].gap == " "
        if is_apart and not _is_adjective(word.low):
            break
        place -= 1
    return place


def _is_adjective(low: str) -> bool:
    return low.endswith(("e", "er", "en", "es"))


def _is_small(reading: Reading, place: int) -> bool:
    kinds = ("definite", "indefinite", "ours", "pronoun", "oblique", "reporting", "honorific")
    return reading.is_one_of(place, *kinds)


def _right(reading: Reading, place: int) -> int:
    last = step = place + 1
    inner = _INNER[reading.language]
    while step < len(reading.words) and step - place < _LONGEST:
        word = reading.words[step]
        if not (word.is_near or (word.gap == ", " and step > last)):
            break
        if word.low in (inner if step > place + 1 else _AFTER.get(reading.language, inner)):
            step += 1
        elif _goes_on(reading, step, last):
            step += 1
            last = step
        else:
            break
        if reading.words[step - 1].is_possessive:
            break
    return last


def _goes_on(reading: Reading, place: int, last: int) -> bool:
    word = reading.words[place]
    if reading.language == "ru":
        if reading.chunk(place, "country") is not None:
            return True
        return not word.is_capital and reading.is_one_of(place, "portfolio")
    if not word.is_capital or reading.chunk(place, "office", "anonymous") is not None:
        return False
    heads = words_of("body_head", reading.language)
    if place > last or (reading.language == "en" and reading.words[last - 1].low not in heads):
        return True  # a small word joins it
    return reading.language == "de" and reading.chunk(place, "city", "capital") is not None


def _area(reading: Reading, first: int, last: int) -> str | None:
    for place in range(first, last):
        found = reading.chunk(place, "country", "adjective", "capital", "city")
        if found is not None:
            return found.entry.area
    return None
