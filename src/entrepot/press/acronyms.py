"""Bodies that no list knows and that the text gives with their initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from entrepot.press.naming import Naming, slug
from entrepot.press.reading import Reading


def acronym_namings(reading: Reading, taken: frozenset[int]) -> Iterator[Naming]:
    """Find bodies no list knows that the text gives with their initials: … (ZHF).

    Args:
        reading: The words of a page.
        taken: Words that are part of something else.

    Yields:
        The full name, then every place of the initials.
    """
    found: dict[str, str] = {}
    for place, word in enumerate(reading.words):
        if place in taken or not _is_acronym(reading, place):
            continue
        if word.text in found:
            yield Naming(place, place + 1, found[word.text], "name", word.text)
            continue
        first = _spelled_out(reading, place, taken)
        if first is not None:
            found[word.text] = f"org:{slug(word.text)}"
            name = reading.span(first, place).of(reading.page.text)
            yield Naming(first, place, found[word.text], "name", name)
            yield Naming(place, place + 1, found[word.text], "name", word.text)


def _is_acronym(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return word.text.isupper() and 2 < len(word.text) <= 8 and reading.chunk(place) is None


def _spelled_out(reading: Reading, place: int, taken: Iterable[int]) -> int | None:
    """Where the name begins that initials in brackets stand for."""
    word = reading.words[place]
    if not word.gap.endswith("("):
        return None
    blocked = frozenset(taken)
    for first in range(place - 1, max(-1, place - 8), -1):
        if first in blocked or reading.sentence[first] != reading.sentence[place]:
            return None
        before = reading.words[first]
        if before.is_capital and before.text[0] == word.text[0]:
            initials = [one.text[0] for one in reading.words[first:place] if one.is_capital]
            if _is_in_order(initials, word.text):
                return first
    return None


def _is_in_order(initials: list[str], acronym: str) -> bool:
    rest = iter(acronym)
    return len(initials) >= 2 and all(initial in rest for initial in initials)
