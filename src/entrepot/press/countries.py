"""Countries that a text names: by name, by adjective, by the seat of their government."""

from __future__ import annotations

from collections.abc import Iterator

from entrepot.press.naming import Naming, country_id
from entrepot.press.phrases import Chunk
from entrepot.press.reading import Reading


def country_namings(reading: Reading, taken: frozenset[int]) -> Iterator[Naming]:
    """Find countries by name, by adjective and by their capital.

    Args:
        reading: The words of a page.
        taken: Words that are part of an office, a body or a name.

    Yields:
        One naming for each; a capital stands for its government, be it subject or place.
    """
    known: set[tuple[int, str]] = set()
    for chunk in reading.chunks:
        kind = chunk.entry.kind
        if kind not in {"country", "people", "adjective", "capital"} or chunk.first in taken:
            continue
        if _is_other_kind(reading, chunk):
            continue
        if (chunk.first, chunk.entry.area) in known:
            continue
        known.add((chunk.first, chunk.entry.area))
        form = {"country": "name", "capital": "capital"}.get(kind, "demonym")
        is_union = chunk.entry.area == "EU"
        yield Naming(
            chunk.first,
            chunk.last,
            country_id(chunk.entry.area),
            "capital" if form == "capital" else "demonym" if form == "demonym" else "name",
            reading.span(chunk.first, chunk.last).of(reading.page.text),
            "org" if is_union else "country",
            chunk.entry.area,
        )


def _is_other_kind(reading: Reading, chunk: Chunk) -> bool:
    """Whether the same words are listed twice, as US is: a name in English, else an adjective."""
    wins = "country" if reading.language == "en" else "adjective"
    return chunk.entry.kind in {"country", "adjective"} - {wins} and any(
        (other.entry.kind, other.first, other.last) == (wins, chunk.first, chunk.last)
        for other in reading.at[chunk.first]
    )
