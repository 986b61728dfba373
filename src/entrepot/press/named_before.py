"""Bodies called only by what they are, after the text has named them: das Komitee, the office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from entrepot.press.naming import Naming
from entrepot.press.phrases import words_of
from entrepot.press.reading import Reading

_MEMORY = 100  # bodies back a reader remembers
# Kinds of body a word for a body may mean when it stands alone.
_FITS: dict[str, tuple[str, ...]] = {
    "ministry": ("ministry", "customs", "statistics"),
    "agency": ("agency", "statistics"),
    "office": ("office", "customs", "statistics", "revenue_service", "body"),
    "newspaper": ("media", "agency"),
    "committee": ("committee", "statistics"),
    "bloc": ("union",),
    "commission": ("european_commission",),
}


def told_apart(bodies: Sequence[Naming]) -> Iterator[Naming]:
    """Give bodies named by their kind alone the country of the last such body: the embassy.

    Args:
        reading: The words of a page.
        bodies: Bodies the text names, in order.

    Yields:
        The same bodies in order; one that has no country may be an earlier one of its kind.
    """
    last: dict[str, str] = {}
    for body in bodies:
        if body.entity == f"org:{body.kind}" and body.kind in last:
            yield replace(body, entity=last[body.kind], form="office")
            continue
        if body.country is not None and body.kind:
            last[body.kind] = body.entity
        yield body


def again(reading: Reading, bodies: Sequence[Naming], taken: frozenset[int]) -> Iterator[Naming]:
    """Find bodies that are only called by what they are, and were named before.

    Args:
        reading: The words of a page.
        bodies: Bodies named in full, in any order.
        taken: Words that name somebody.

    Yields:
        One naming for each noun that an earlier body fits.
    """
    named = sorted((one for one in bodies if one.type == "org"), key=lambda one: one.first)
    starts = {one.first for one in bodies if reading.words[one.first].gap != ", "}
    words: dict[str, set[str]] = {}
    for one in named:
        words.setdefault(one.entity, set()).update(one.name.lower().split())
    recent: dict[str, None] = {}  # ids, the last one named at the end
    at = 0
    kinds = {one.entity: one.kind for one in named}
    for first, last, noun in _nouns(reading):
        while at < len(named) and named[at].first < first:
            recent.pop(named[at].entity, None)
            recent[named[at].entity] = None
            at += 1
        if first in taken or last in starts:
            continue
        wanted = _FITS.get(noun, (noun,)) if noun else ()
        low = reading.words[last - 1].low
        for entity in islice(reversed(recent), _MEMORY):
            kind = kinds[entity] or entity.rpartition(":")[2]
            is_fit = bool(wanted) and (kind.endswith(wanted) or entity.endswith(wanted))
            if is_fit or low in words[entity]:
                name = reading.span(first, last).of(reading.page.text)
                yield Naming(first, last, entity, "office", name, "org")
                break


def _nouns(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Words for a body that stand behind an article, with their kind where one is listed."""
    heads = words_of("body_head", reading.language) if reading.language == "en" else frozenset()
    for place, word in enumerate(reading.words):
        noun = reading.chunk(place, "noun")
        if not _is_told(reading, place):
            continue
        if noun is not None and noun.first == place:
            yield noun.first, noun.last, noun.entry.key
        elif reading.chunk(place) is None and word.low in heads and word.text.islower():
            yield place, place + 1, ""


def _is_told(reading: Reading, place: int) -> bool:
    return reading.language == "ru" or reading.is_one_of(place - 1, "definite")
