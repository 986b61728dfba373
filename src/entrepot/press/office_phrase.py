"""An office as a text names it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from entrepot.press.reading import Reading

NAMES_A_COUNTRY = ("country", "adjective", "capital", "body", "noun")
_WOMAN_RU = ("чиновниц", "представительниц", "советниц", "президентк")


@dataclass(frozen=True, slots=True)
class OfficePhrase:
    """An office as the text names it.

    Args:
        first: First word of the phrase, its article included.
        last: The word behind the last.
        core: The word behind the office itself.
        office: The office: president, foreign_minister, deputy_minister …
        areas: Countries the phrase names.
        bodies: Ids of bodies and kinds of bodies it names.
        article: ``definite``, ``indefinite``, ``own`` (his, ihr) or nothing.
        is_former: Whether it says that the office is past.
        is_plural: Whether it speaks of several.
    """

    first: int
    last: int
    core: int
    office: str
    areas: frozenset[str]
    bodies: tuple[str, ...]
    article: str
    is_former: bool
    is_plural: bool


def gender_of_office(reading: Reading, phrase: OfficePhrase) -> str:
    """Whether an office is written as a man's or a woman's.

    Args:
        reading: The words of a page.
        phrase: The office.

    Returns:
        ``m``, ``f`` or nothing: English and Russian offices mostly do not say.
    """
    low = reading.words[phrase.core - 1].low
    if reading.language == "en":
        return "f" if low.endswith("woman") else "m" if low.endswith("man") else ""
    if reading.language == "ru":
        return "f" if low.startswith(_WOMAN_RU) else ""
    if low.endswith(("in", "innen")) and not low.endswith("termin"):
        return "f"
    return "" if low.endswith("e") else "m"


def modified(reading: Reading, phrase: OfficePhrase, place: int) -> OfficePhrase:
    """The office with a word beside it that changes what it is: deputy, foreign, former.

    Args:
        reading: The words of a page.
        phrase: The office.
        place: The word.
    """
    office = phrase.office
    if reading.is_one_of(place, "deputy"):
        office = {
            "prime_minister": "deputy_prime_minister",
            "foreign_minister": "deputy_minister",
            "minister": "deputy_minister",
            "president": "vice_president",
        }.get(office, office)
    elif reading.is_one_of(place, "foreign") and office in {"minister", "deputy_minister"}:
        office = "foreign_minister" if office == "minister" else office
    elif reading.words[place].low == "diplomacy" and office == "head":
        office = "foreign_minister"
    return replace(
        phrase, office=office, is_former=phrase.is_former or reading.is_one_of(place, "former")
    )


def with_entry(phrase: OfficePhrase, kind: str, key: str, area: str) -> OfficePhrase:
    """The office with a country or body beside it.

    Args:
        phrase: The office.
        kind: Which list the country or body is of.
        key: What it stands for.
        area: Its country; empty where it has none.
    """
    if kind in {"country", "adjective", "capital", "people"}:
        return replace(phrase, areas=phrase.areas | {area})
    areas = phrase.areas | ({area} if area else frozenset())
    return replace(phrase, areas=areas, bodies=(*phrase.bodies, key))
