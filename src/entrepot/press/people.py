"""Persons in office: how their names are written, and which office they held when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.rows import open_day, read_rows
from entrepot.press.article import Language
from entrepot.press.language import LEXICON
from entrepot.press.names import may_be_one_name, skeletons

_NAMES = ("id", "gender", "language", "forms", "surname_alone", "source")
_TERMS = ("id", "office", "area", "term_from", "term_to", "source")


@dataclass(frozen=True, slots=True)
class Term:
    """One office of one person.

    Args:
        office: President, prime_minister, foreign_minister …
        area: Country, ISO 3166-1 alpha-2; empty for an office of no country.
        first: First day in office.
        last: Last day; ``None`` where it lasts.
    """

    office: str
    area: str
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the office was held on a day.

        Args:
            day: The day.
        """
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person whose name and offices are listed.

    Args:
        id: ``per:`` and the surname.
        gender: ``m`` or ``f``.
        names: Full names as a language writes them.
        is_known_by_surname: Whether the surname alone says who is meant.
        terms: Offices.
    """

    id: str
    gender: str
    names: tuple[tuple[str, ...], ...]
    is_known_by_surname: bool
    terms: tuple[Term, ...]

    @property
    def areas(self) -> frozenset[str]:
        """Countries it held an office of."""
        return frozenset(term.area for term in self.terms if term.area)

    @property
    def offices(self) -> frozenset[str]:
        """Offices it held."""
        return frozenset(term.office for term in self.terms)


@cache
def _terms() -> dict[str, tuple[Term, ...]]:
    found: dict[str, list[Term]] = {}
    for row in read_rows("terms.csv", _TERMS, LEXICON):
        first = date.fromisoformat(row["term_from"])
        term = Term(row["office"], row["area"], first, open_day(row["term_to"]))
        found.setdefault(row["id"], []).append(term)
    return {key: tuple(terms) for key, terms in found.items()}


def terms_of(person: str) -> tuple[Term, ...]:
    """Offices of a listed person; nothing for anybody else.

    Args:
        person: Entity id.

    Example:
        >>> [term.office for term in terms_of("per:tokayev")]
        ['president']
    """
    return _terms().get(person, ())


@cache
def known_people(language: Language) -> tuple[KnownPerson, ...]:
    """Everybody listed, with the names a language writes.

    Args:
        language: The language.
    """
    return tuple(
        KnownPerson(
            row["id"],
            row["gender"],
            tuple(tuple(name.replace("-", " ").split()) for name in row["forms"].split(";")),
            row["surname_alone"] == "yes",
            _terms()[row["id"]],
        )
        for row in read_rows("people.csv", _NAMES, LEXICON)
        if row["language"] == language
    )


@cache
def _listed_names() -> frozenset[tuple[str, str]]:
    return frozenset(
        (row["id"], name.lower())
        for row in read_rows("people.csv", _NAMES, LEXICON)
        for name in row["forms"].split(";")
    )


def is_listed(person: str, name: str) -> bool:
    """Whether a full name is spelled just as the list has it in some language.

    Args:
        person: Entity id.
        name: The name.

    Example:
        >>> is_listed("per:tokayev", "Kassym-Jomart Tokayev"), is_listed("per:tokayev", "Tokayev")
        (True, False)
    """
    return (person, name.replace("’", "'").lower()) in _listed_names()


@cache
def _by_skeleton(language: Language) -> dict[str, tuple[KnownPerson, ...]]:
    found: dict[str, list[KnownPerson]] = {}
    for person in known_people(language):
        for name in person.names:
            for key in (key for part in (name[0], name[-1]) for key in skeletons(part, language)):
                if person not in found.setdefault(key, []):
                    found[key].append(person)
    return {key: tuple(people) for key, people in found.items()}


def person_named(
    words: tuple[str, ...], language: Language, *, offices: Iterable[str], areas: Iterable[str]
) -> KnownPerson | None:
    """Find the listed person a name stands for.

    A full name must agree in all its parts; a surname alone must be spelled as listed or agree
    with an office or a country the text gives.

    Args:
        words: The name, word by word.
        language: Language of the text.
        offices: Offices the text gives the person.
        areas: Countries the text gives the person.

    Returns:
        The person, or ``None`` where none or more than one fits.

    Example:
        >>> person_named(("Tokajew",), "de", offices=["president"], areas=["KZ"]).id
        'per:tokayev'
        >>> person_named(("Ivan", "Putin"), "en", offices=["president"], areas=["RU"])
    """
    offices, areas = frozenset(offices), frozenset(areas)
    found = [
        person
        for person in _candidates(words, language)
        if any(_is_name(name, words, person, language) for name in person.names)
        and (not areas or not person.areas or person.areas & areas)
    ]
    if len(words) == 1:
        found = [
            person
            for person in found
            if (person.offices & offices and person.areas & areas)
            or (person.is_known_by_surname and _is_spelled(person, words[0], language))
        ]
    return found[0] if len({person.id for person in found}) == 1 else None


def _candidates(words: tuple[str, ...], language: Language) -> list[KnownPerson]:
    keys = {key for word in (words[0], words[-1]) for key in skeletons(word, language)}
    return [person for key in sorted(keys) for person in _by_skeleton(language).get(key, ())]


def _is_name(
    name: tuple[str, ...], words: tuple[str, ...], person: KnownPerson, language: Language
) -> bool:
    """Whether words are a name: the surname agrees, and so does every first name that is given."""
    if _is_surname_first(person):
        return len(words) >= len(name) and all(
            may_be_one_name(a, b, language) for a, b in zip(name, words, strict=False)
        )
    size = len(name) - 1 if len(name) > 2 and name[1][0].islower() else 1  # von der Leyen
    surname = name[-1]
    if not may_be_one_name(surname, words[-1], language):
        return False
    given, listed = words[: max(0, len(words) - size)], name[:-size]
    return not given or any(_agrees(part, listed, language) for part in given[:1])


def _is_surname_first(person: KnownPerson) -> bool:
    return "CN" in person.areas


def _agrees(given: str, listed: tuple[str, ...], language: Language) -> bool:
    if len(given) == 1:
        return any(part[0].lower() == given.lower() for part in listed)
    return any(may_be_one_name(given, part, language) for part in listed)


def _is_spelled(person: KnownPerson, word: str, language: Language) -> bool:
    """Whether a surname stands as listed, but for a case ending."""
    low = word.lower().replace("ё", "е").replace("’", "'")
    for name in person.names:
        listed = name[0] if _is_surname_first(person) else name[-1]
        stem = listed.lower().replace("ё", "е")
        stem = stem[:-2] if stem.endswith(("ий", "ый")) else stem.rstrip("аяьй")
        if low.startswith(stem if language == "ru" else listed.lower()):
            return len(low) - len(listed) <= (2 if language == "ru" else 1)
    return False


def in_office(
    office: Iterable[str], area: str, on: date | None, language: Language
) -> KnownPerson | None:
    """Who held an office of a country, where the list leaves no doubt.

    Args:
        office: Offices that count as the one meant.
        area: Country, ISO 3166-1 alpha-2.
        on: Day; ``None`` where it is not known: then nobody else may have held it since 2022.
        language: Language whose names are wanted.

    Returns:
        The person, or ``None``.

    Example:
        >>> in_office(["president"], "KZ", None, "en").id
        'per:tokayev'
        >>> in_office(["chancellor"], "DE", date(2023, 9, 28), "de").id
        'per:scholz'
    """
    wanted = frozenset(office)
    holders = {
        person.id: person
        for person in known_people(language)
        for term in person.terms
        if term.office in wanted and term.area == area and _is_possible(term, on)
    }
    return next(iter(holders.values())) if len(holders) == 1 else None


def _is_possible(term: Term, on: date | None) -> bool:
    if on is not None:
        return term.holds_on(on)
    return term.last is None or term.last >= date(2022, 1, 1)
