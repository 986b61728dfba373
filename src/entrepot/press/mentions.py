"""Whom a text names and where: countries, bodies, persons, offices, pronouns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from entrepot.press.acronyms import acronym_namings
from entrepot.press.article import Entity, EntityType, Mention, Page, Span
from entrepot.press.bodies import body_namings
from entrepot.press.cast import gather, give_office
from entrepot.press.countries import country_namings
from entrepot.press.metadata import written_day
from entrepot.press.named_before import again, told_apart
from entrepot.press.naming import Naming, entities_of, slug
from entrepot.press.offices import office_phrases
from entrepot.press.person import person_entities
from entrepot.press.proper_bodies import proper_bodies
from entrepot.press.reading import Reading, read_words
from entrepot.press.resolve import introduced_later
from entrepot.press.scene import Part, names, play
from entrepot.press.spokespersons import words_of_body
from entrepot.press.stage import Stage

_TYPES: dict[str, EntityType] = {"org:": "org", "cty:": "country"}


def mentions(page: Page, on: date | None = None) -> tuple[tuple[Entity, ...], tuple[Mention, ...]]:
    """Find whom a text names.

    The words of an office belong to the mention of its holder, article included, and so does the
    name behind it; a country or body named inside such a mention is no mention of its own.

    Args:
        page: The page.
        on: The article's day, which tells who holds an office that the text leaves nameless;
            where it is left out, the day the article gives itself.

    Returns:
        Entities in the order in which they are first named, and mentions in order. Words that
        speak of two persons, both presidents or they, are one mention for each.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("Kazakh President Tokayev met Olaf Scholz. He thanked Berlin.")
        >>> _, found = mentions(page)
        >>> [(m.span.of(page.text), m.entity) for m in found]  # doctest: +NORMALIZE_WHITESPACE
        [('Kazakh President Tokayev', 'per:tokayev'), ('Olaf Scholz', 'per:scholz'),
         ('He', 'per:tokayev'), ('Berlin', 'cty:DE')]
    """
    reading = read_words(page)
    phrases = office_phrases(reading)
    cast = gather(reading, phrases)
    for phrase, person in introduced_later(reading, cast, phrases):
        give_office(reading, person, phrase)
    stage = Stage(reading, cast, on or written_day(page))
    named = _places(names(stage, phrases))
    found = (*acronym_namings(reading, named), *body_namings(reading, named))
    bodies = list(told_apart(_apart([*found, *proper_bodies(reading, named)])))
    people = play(stage, phrases, bodies)
    held = _places(people)
    others = [one for one in bodies if one.first not in held]
    others += again(reading, bodies, held | _places(others))
    others += country_namings(reading, held | _places(others))
    persons = person_entities(cast)
    namings = [*others, *_persons(reading, people, persons)]
    listed = {one.id: one for one in entities_of(namings, page.language)}
    listed |= {one.id: one for one in persons.values() if one.id in listed}
    return tuple(listed.values()), tuple(_mentions(reading, namings))


def _places(parts: Iterable[Part | Naming]) -> frozenset[int]:
    return frozenset(place for one in parts for place in range(one.first, one.last))


def _apart(namings: Iterable[Naming]) -> list[Naming]:
    """Keep, of namings that meet, the one that begins first."""
    kept: list[Naming] = []
    for naming in sorted(namings, key=lambda one: (one.first, -one.last)):
        if not kept or naming.first >= kept[-1].last:
            kept.append(naming)
    return kept


def _persons(
    reading: Reading, parts: Sequence[Part], persons: dict[int, Entity]
) -> Iterable[Naming]:
    for part in parts:
        key = part.who if isinstance(part.who, str) else persons[part.who].id
        words = reading.span(part.first, part.last).of(reading.page.text)
        name = "" if part.form == "pronoun" else words
        kind = _TYPES.get(key[:4], "group" if part.is_plural else "person")
        short = words_of_body(reading, part.first, part.last) if key[:4] == "org:" else ""
        yield Naming(part.first, part.last, key, part.form, name, kind, None, short)


def _mentions(reading: Reading, namings: Iterable[Naming]) -> Iterable[Mention]:
    for one in sorted(namings, key=lambda one: (one.first, one.last, one.entity)):
        yield Mention(reading.span(one.first, one.last), one.entity, one.form)


def noun_phrase_entity(page: Page, span: Span) -> Entity:
    """Make an entity of words that no list knows and that are the subject of a statement.

    Args:
        page: The page.
        span: The words.

    Returns:
        An entity ``np:<words>``; articles at its head are left out of the id.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("The shop owner said no.")
        >>> noun_phrase_entity(page, Span(0, 14)).id
        'np:shop_owner'
    """
    words = span.of(page.shadow).split()
    articles = {"the", "a", "an", "der", "die", "das", "ein", "eine", "einer", "den", "dem"}
    head = words[1:] if len(words) > 1 and words[0].lower() in articles else words
    text = span.of(page.text)
    return Entity(f"np:{slug(' '.join(head[:6]))}", "person", text, (), None, (text,))
