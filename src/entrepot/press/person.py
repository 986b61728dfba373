"""One person of a text, gathered while the text is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from entrepot.press.article import Entity, Language
from entrepot.press.names import latin, looks_like_surname, may_be_one_name
from entrepot.press.people import KnownPerson


@dataclass(slots=True)
class Person:
    """What a text says of one person, gathered while it is read.

    Args:
        words: The fullest name met so far, word by word.
        language: Language of the text.
        offices: Kinds of office it is given.
        titles: The same as written.
        areas: Countries it is given.
        bodies: Ids and kinds of the bodies its offices are of.
        names: Every form of its name.
        gender: ``m``, ``f`` or nothing.
        known: The listed person it is.
        runs: Stretches of words that name it.
        is_surname_first: Whether the surname stands before the given name, as in Chinese.
    """

    words: tuple[str, ...]
    language: Language
    offices: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    gender: str = ""
    known: KnownPerson | None = None
    runs: list[tuple[int, int]] = field(default_factory=list)
    is_surname_first: bool = False

    @property
    def surname(self) -> str:
        """The surname."""
        return self.words[0] if self.is_surname_first else self.words[-1]

    @property
    def all_offices(self) -> frozenset[str]:
        """Offices the text or the list of persons gives."""
        listed = self.known.offices if self.known is not None else frozenset()
        return frozenset(self.offices) | listed

    @property
    def all_areas(self) -> frozenset[str]:
        """Countries the text or the list of persons gives."""
        listed = self.known.areas if self.known is not None else frozenset()
        return frozenset(self.areas) or listed

    def is_named(self, words: tuple[str, ...]) -> bool:
        """Whether a name may be this person's: surnames agree and first names do not differ.

        Args:
            words: The name, word by word.
        """
        mine, theirs = self.words[-1], words[-1]
        if self.is_surname_first:
            return words[0] == self.words[0] and (len(words) == 1 or words == self.words)
        if not may_be_one_name(mine, theirs, self.language):
            return False
        if len(words) == 1 or len(self.words) == 1:
            return is_close(mine, theirs, self.language)
        return _first_names_agree(self.words[0], words[0], self.language)


def _first_names_agree(one: str, other: str, language: Language) -> bool:
    if min(len(one), len(other)) == 1:
        return latin(one)[:1] == latin(other)[:1] or may_be_one_name(one, other, language)
    return may_be_one_name(one, other, language)


def is_close(one: str, other: str, language: Language) -> bool:
    """Whether two surnames are one word, or so long or so marked that they cannot be by chance.

    Args:
        one: A surname.
        other: Another one of the same skeleton.
        language: Language of their text.
    """
    a, b = sorted((one.lower(), other.lower()), key=len)
    if b.startswith(a[: max(2, len(a) - (1 if language == "ru" else 0))]) and len(b) - len(a) <= 3:
        return True
    is_marked = looks_like_surname(one, language) and looks_like_surname(other, language)
    return is_marked or min(len(a), len(b)) >= 7


def person_entities(cast: Sequence[Person]) -> dict[int, Entity]:
    """One entity per person; two persons of one surname get their first names into the id.

    Args:
        cast: Persons of a text.

    Returns:
        Entities by the place of their person in the cast.
    """
    found: dict[int, Entity] = {}
    used: set[str] = set()
    for number, person in enumerate(cast):
        key = person.known.id if person.known is not None else f"per:{_slug(_plain(person))}"
        if key in used:
            first = person.words[-1] if person.is_surname_first else person.words[0]
            key = f"{key}_{_slug(first)}"
        while key in used:
            key += "_2"
        used.add(key)
        areas = person.areas or sorted(person.all_areas)
        found[number] = Entity(
            key,
            "person",
            max(person.names, key=len),
            tuple(person.titles),
            areas[0] if areas else None,
            tuple(person.names),
        )
    return found


def _slug(word: str) -> str:
    return re.sub("[^a-z0-9]", "", latin(word)) or "unnamed"


def _plain(person: Person) -> str:
    """The surname in the shortest form the text has, in Russian mostly the nominative."""
    if person.is_surname_first or person.language == "en":
        return person.surname
    forms = [name.split()[-1] for name in person.names if name.split()]
    return min(forms, key=len, default=person.surname)
