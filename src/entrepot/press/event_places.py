"""Where an event took place: the town or country that a preposition or a verb of travel names."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Mention, Page, Span
from entrepot.press.language import LEXICON

_REACH = 120  # characters behind the words of an event in which its place may stand
_IN: dict[Language, str] = {
    "en": r"\b(?:in|at|to|for|from|visit(?:s|ed|ing)?|of)(?: the)?"
    r"(?: \w+ (?:city of|capital,?))? $",
    "de": r"\b(?:in|nach|ins|aus|bei|besuch(?:t|te|en))(?: de[rnm]| die)?(?: \w+ \w*stadt)? $",
    "ru": r"\b(?:в|во|из|посети(?:т|л|ла|ли|ть|тят)|посеща\w+)(?: столиц\w+)? $",
}
_AT: dict[Language, str] = {
    "en": r"\b(?:in|at)(?: the)?(?: \w+ (?:city of|capital,?))? $",
    "de": r"\b(?:in|im)(?: de[rnm])?(?: \w+ \w*stadt)? $",
    "ru": r"\b(?:в|во)(?: столице)? $",
}
_ANY: dict[Language, str] = {"en": "", "de": "", "ru": ""}
# Endings that a Russian name of a place takes; its stem stands in the lexicon.
_ENDING: dict[Language, str] = {"en": "", "de": "s?", "ru": "[а-яё]{0,2}"}


_AND = re.compile(r",? (?:and|und|sowie|и|а) (?:(?:to|in|nach|в|во) )?|, (?:(?:to|in|nach|в) )?")
# "в России" is where, "в Россию" whither; names that take no ending may be both.
_LOCATIVE = re.compile(r"(?:[еиыо]|[ая]х|Баку|[А-ЯЁ]{2,})$")


class Place(NamedTuple):
    """Where something took place.

    Args:
        span: The words.
        town: The town, as written; nothing where only a country is named.
        country: ISO 3166-1 alpha-2, or nothing.
        entity: Entity id that stands for the place in this text.
    """

    span: Span
    town: str | None
    country: str | None
    entity: str | None


@cache
def _towns(language: Language) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of towns, and the country of each by its stem."""
    rows = read_rows("cities.csv", ("area", "language", "forms", "source"), LEXICON)
    areas = {
        _stem(form, language): row["area"]
        for row in rows
        if row["language"] == language
        for form in row["forms"].split(";")
    }
    seats = read_rows("countries.csv", ("area", "language", "kind", "forms", "source"), LEXICON)
    areas |= {
        _stem(form, language): row["area"]
        for row in seats
        if row["language"] == language and row["kind"] == "capital"
        for form in row["forms"].split(";")
    }
    stems = "|".join(re.escape(stem) for stem in sorted(areas, key=len, reverse=True) if stem)
    return re.compile(rf"(?<![\w-])({stems}){_ENDING[language]}(?![\w-])"), areas


def _stem(form: str, language: Language) -> str:
    """What does not change of a name; short ones and those on a consonant stay whole."""
    return form[:-1] if language == "ru" and len(form) > 3 and form[-1] in "аяьйы" else form


def destinations(page: Page, mentions: tuple[Mention, ...], at: Span, end: int) -> list[Place]:
    """Find where a visit goes to.

    Args:
        page: The text.
        mentions: Mentions of the sentence.
        at: Where to look.
        end: Where the clause ends; a place further on is not one of this event.

    Returns:
        In order.
    """
    return _places(page, mentions, Span(at.start, min(end, at.end + _REACH)), _IN)


def objects(page: Page, mentions: tuple[Mention, ...], within: Span) -> list[Place]:
    """Find places without a preposition, as "Georgien besucht" has them.

    Args:
        page: The text.
        mentions: Mentions of the sentence.
        within: The clause up to its verb.

    Returns:
        In order.
    """
    return _places(page, mentions, within, _ANY)


def settings(page: Page, mentions: tuple[Mention, ...], at: Span, end: int) -> list[Place]:
    """Find where something is said to take place: "in Berlin".

    Args:
        page: The text.
        mentions: Mentions of the sentence.
        at: Where to look.
        end: Where the clause ends; a place further on is not one of this event.

    Returns:
        In order.
    """
    found = _places(page, mentions, Span(at.start, min(end, at.end + _REACH)), _AT)
    if page.language != "ru":
        return found
    return [place for place in found if _LOCATIVE.search(place.span.of(page.shadow))]


def first_row(page: Page, places: list[Place]) -> list[Place]:
    """The first place and those that "and" ties to it: Tashkent and Bishkek.

    Args:
        page: The text.
        places: Places, in order.
    """
    taken = places[:1]
    for place in places[1:]:
        if _AND.fullmatch(page.shadow, taken[-1].span.end, place.span.start) is None:
            break
        taken.append(place)
    return taken


def _places(
    page: Page, mentions: tuple[Mention, ...], within: Span, before: dict[Language, str]
) -> list[Place]:
    """Places behind one of some words; a further one may be tied to such by "and"."""
    found: list[Place] = []
    for place in _named(page, mentions, within):
        tied = found and _AND.fullmatch(page.shadow, found[-1].span.end, place.span.start)
        if tied or _follows(page, place.span, before):
            found.append(place)
    return found


def _named(page: Page, mentions: tuple[Mention, ...], within: Span) -> list[Place]:
    """All towns, countries and regions of a stretch of text, in order."""
    pattern, areas = _towns(page.language)
    found = []
    for match in pattern.finditer(page.shadow, within.start, within.end):
        span = Span(match.start(), match.end())
        over = next((m.entity for m in mentions if m.span.meets(span)), None)
        found.append(Place(span, span.of(page.text), areas[match.group(1)], over))
    for mention in mentions:
        if mention.form == "demonym" or not mention.entity.startswith(("cty:", "grp:")):
            continue
        if within.holds(mention.span) and not any(p.span.meets(mention.span) for p in found):
            kind, _, code = mention.entity.partition(":")
            country = code if kind == "cty" else None
            found.append(Place(mention.span, None, country, mention.entity))
    return sorted(found, key=lambda place: place.span)


def _follows(page: Page, span: Span, before: dict[Language, str]) -> bool:
    left = page.shadow[max(0, span.start - 40) : span.start]
    return re.search(before[page.language], left, re.IGNORECASE) is not None
