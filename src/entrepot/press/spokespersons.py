"""Spokespersons without a name: the body or country they speak for is who speaks."""

from __future__ import annotations

from entrepot.press.naming import body_id, country_id
from entrepot.press.office_phrase import OfficePhrase
from entrepot.press.reading import Reading

# Kinds of body that say nothing where they stand alone: a ministry spokesperson.
_GENERIC = frozenset({"ministry", "agency", "office", "company", "committee", "commission"})


def spoken_for(phrase: OfficePhrase) -> str | None:
    """Whom a spokesperson speaks for.

    Args:
        phrase: The office.

    Returns:
        Id of a body or country; ``None`` where the phrase names none, or is of another office.
    """
    if phrase.office != "spokesperson" or phrase.is_plural or phrase.is_former:
        return None
    area = min(phrase.areas - {"EU"} or phrase.areas, default=None)
    if phrase.bodies and phrase.bodies[0].startswith("org:"):
        return phrase.bodies[0]
    if phrase.bodies and phrase.bodies[0] in _GENERIC:
        return None
    if phrase.bodies and phrase.bodies[0] != "government":
        return body_id(phrase.bodies[0], area)
    return None if area is None else country_id(area)


def words_of_body(reading: Reading, first: int, last: int) -> str:
    """What a phrase calls the body it speaks for; empty where the body has no word of its own.

    Args:
        reading: The words of a page.
        first: First word of the phrase.
        last: The word behind its last.
    """
    for place in range(first, last):
        found = reading.chunk(place, "body", "noun")
        if found is not None:
            return reading.span(max(first, found.first), found.last).of(reading.page.text)
    return ""
