"""Speakers without a name: a senior US official, Beobachter in Brüssel, источник в МИД."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from entrepot.press.naming import Naming
from entrepot.press.phrases import Chunk
from entrepot.press.reading import Reading

_BEFORE = 6  # words a description may take before the noun
_FAMILIAR = ("vertraut", "familiar", "знаком")
_PLURAL = {
    "en": ("s", "familiar"),
    "de": (
        "kreise",
        "kreisen",
        "diplomaten",
        "beobachter",
        "beobachtern",
        "beamte",
        "beamten",
        "quellen",
        "insider",
        "insidern",
        "personen",
        "analysten",
        "experten",
        "fachleute",
        "fachleuten",
        "kritiker",
        "kritikern",
        "händler",
        "händlern",
        "ermittler",
        "ermittlern",
        "forscher",
        "teilnehmer",
        "teilnehmern",
        "ökonomen",
    ),
    "ru": ("ы", "и", "ов", "ей", "ам", "ям", "ами", "ями", "ах", "ях"),
}


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A noun for somebody without a name.

    Args:
        naming: Its place, and the id it has if it is somebody new.
        kind: Official, diplomat, source …
        area: Country it is of, ISO 3166-1 alpha-2; empty where none is named.
        is_known: Whether the text treats it as named before: the official, der Diplomat.
        is_bare: Whether it is one word in the singular, which in Russian may mean either.
    """

    naming: Naming
    kind: str
    area: str
    is_known: bool
    is_bare: bool


def anonymous(reading: Reading, taken: frozenset[int]) -> Iterator[Anonymous]:
    """Find nouns for people without a name.

    Args:
        reading: The words of a page.
        taken: Words that are part of a name or of the office of a name.

    Yields:
        Nouns with what describes them before, in order.
    """
    for chunk in reading.chunks:
        if chunk.entry.kind != "anonymous" or chunk.first in taken:
            continue
        found = _described(reading, chunk)
        if found is not None:
            yield found


def _described(reading: Reading, chunk: Chunk) -> Anonymous | None:
    plural = reading.words[chunk.last - 1].low.endswith(_PLURAL[reading.language])
    first, article, origin = _before(reading, chunk)
    kind = chunk.entry.key
    if reading.words[chunk.first].low == "personen" and not _is_familiar(reading, chunk):
        return None
    is_known = article in {"definite", "own"}
    if not article and not plural and reading.language != "ru":
        return None
    if is_known and plural and reading.language != "ru" and kind in {"circles", "source"}:
        is_known = False
    prefix = f"{origin}_" if origin else ""
    has_article = reading.is_one_of(first, "definite", "indefinite", "ours")
    name = reading.span(first + 1 if has_article and article else first, chunk.last)
    naming = Naming(
        first,
        chunk.last,
        f"anon:{prefix}{kind}" + ("s" if plural and not kind.endswith("s") else ""),
        "office",
        name.of(reading.page.text),
        "group" if plural else "person",
    )
    area = "" if origin == "western" else origin.upper()
    is_bare = not plural and first == chunk.first and not article and _ends(reading, chunk.last)
    return Anonymous(naming, kind, area, is_known, is_bare)


def _ends(reading: Reading, place: int) -> bool:
    """Whether a description goes on neither with a country or body nor behind a comma."""
    if place >= len(reading.words):
        return True
    following = reading.chunk(place, "country", "adjective", "capital", "noun")
    return reading.words[place].gap != ", " and following is None


def _is_familiar(reading: Reading, chunk: Chunk) -> bool:
    near = reading.words[max(0, chunk.first - 4) : chunk.last + 6]
    return any(word.low.startswith(_FAMILIAR) for word in near)


def _before(reading: Reading, chunk: Chunk) -> tuple[int, str, str]:
    """Where the description begins, its article, and the country or side it names."""
    place, kept, origin, hint = chunk.first, chunk.first, "", ""
    while place > 0 and chunk.first - place < _BEFORE and reading.words[place].gap in {" ", "-"}:
        word = reading.words[place - 1]
        listed = reading.chunk(place - 1, "adjective", "country", "body", "capital", "noun")
        for kind, article in (("indefinite", "indefinite"), ("definite", "definite")):
            if reading.is_one_of(place - 1, kind):
                return place - 1, article, origin
        if reading.is_one_of(place - 1, "ours"):
            return place - 1, "own", origin
        if listed is not None:
            origin = origin or listed.entry.area.lower()
            place = kept = listed.first
        elif word.low.startswith(("western", "westlich", "западн")):
            origin = origin or "western"
            place = kept = place - 1
        elif reading.is_one_of(place - 1, "modifier", "unnamed"):
            hint = hint or ("indefinite" if reading.is_one_of(place - 1, "unnamed") else "")
            place = kept = place - 1
        elif word.is_capital or not _may_be_adjective(reading, place - 1):
            break
        else:
            place -= 1  # an adjective no list knows counts only where an article follows
    return kept, hint, origin


def _may_be_adjective(reading: Reading, place: int) -> bool:
    if reading.is_one_of(place, "oblique", "reporting", "pronoun"):
        return False
    low = reading.words[place].low
    if reading.language == "ru":
        return low.endswith(("ый", "ий", "ой", "ая", "ые", "ие", "ого", "его", "ых", "их", "ым"))
    return reading.language == "en" or low.endswith(("e", "er", "en", "es", "em"))
