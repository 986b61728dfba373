"""Countries of a sentence and what each is to the trade it tells of: from, to, with, its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.press.anchors import Anchor, lead_of, word_of
from entrepot.press.article import Entity, Mention, Page, Span
from entrepot.press.products import Product

_LEFT = 45
_LEADS = ("behind", "share", "via", "source", "destination", "with", "between", "inside")
_SHARED = frozenset({"source", "destination", "with", "between", "via"})
_NOUNS = frozenset({"noun", "partner", "supplier", "customer"})
_CURRENCY = re.compile(r"(?:-|\s)?(?:[Dd]ollar|доллар)")
_TO_NOUN = re.compile(r"(?:['’]s?)?\s+(?:[\w-]+\s+){0,3}")
_TO_GOODS = re.compile(r"\s+(?:[\w-]+\s+)?")
_OF_NOUN = {
    "en": re.compile(r"\s+of\s+(?:the\s+)?"),
    "de": re.compile(r"\s+(?:(?:der|des)\s+(?:[\w-]+\s+)?)?"),
    "ru": re.compile(r"\s+(?:[\w-]+\s+)?"),
}
_FAR = frozenset({"RU", "US", "UA"})  # told of in most articles, and the subject of few
_LEAD_SENTENCES, _LEAD_WEIGHT = 4, 3


@dataclass(frozen=True, slots=True)
class Named:
    """A country where a sentence names it.

    Args:
        span: The words.
        area: ISO 3166-1 alpha-2, or ``EU``.
        role: ``source``, ``destination``, ``with``, ``between``, ``via``, ``inside``, ``owner`` of
            the trade, ``origin`` of goods, ``share`` holder, ``behind`` in a rank, ``subject``,
            ``other``.
    """

    span: Span
    area: str
    role: str


def area_of(mention: Mention) -> str | None:
    """The country or union a mention names.

    Args:
        mention: A mention.

    Returns:
        ISO 3166-1 alpha-2 or ``EU``; nothing for persons and other bodies.
    """
    if mention.entity.startswith("cty:"):
        return mention.entity[4:]
    return "EU" if mention.entity in {"org:eu", "grp:eu_members"} else None


def topics(page: Page, mentions: Iterable[Mention], entities: Iterable[Entity]) -> list[str]:
    """Countries an article is about, most named first; its beginning counts threefold.

    Args:
        page: The page.
        mentions: Whom it names.
        entities: Whom these are.
    """
    home = {entity.id: entity.country for entity in entities}
    last = min(_LEAD_SENTENCES, len(page.sentences) - 1)
    lead = page.sentences[last].end if page.sentences else 0
    counts: Counter[str] = Counter()
    for mention in mentions:
        area = area_of(mention)
        if area is None and mention.entity[:4] in {"per:", "org:"}:
            area = home.get(mention.entity)
        if area:
            counts[area] += _LEAD_WEIGHT if mention.span.start < lead else 1
    return [area for area, _ in counts.most_common(6)]


def generic_area(home: str | None, about: Sequence[str]) -> str | None:
    """What "the country" means in an article.

    Args:
        home: Country of the dateline.
        about: Countries it is about.
    """
    if home in about[:4] and home not in {"RU", "US", "EU"}:
        return home
    return next((area for area in about if area not in _FAR | {"EU"}), None)


def main_areas(about: Sequence[str]) -> list[str]:
    """Countries an article is about, but for those that are in most articles.

    Args:
        about: Countries it is about.
    """
    return [area for area in about if area not in _FAR]


def named_areas(
    page: Page,
    sentence: Span,
    mentions: Sequence[Mention],
    found: tuple[Anchor, ...],
    goods: Sequence[Product],
) -> tuple[Named, ...]:
    """Say what each country of a sentence is to its trade.

    Args:
        page: The page.
        sentence: One of its sentences.
        mentions: Mentions in it, in order.
        found: Its anchors.
        goods: Products in it.

    Returns:
        Countries in order.
    """
    made: list[Named] = []
    for mention in mentions:
        area = area_of(mention)
        behind = page.shadow[mention.span.end : mention.span.end + 9]
        if area is not None and not _CURRENCY.match(behind):
            role = _role(page, sentence, mention, made, (found, goods))
            made.append(Named(mention.span, area, role))
    return tuple(made)


def _role(
    page: Page,
    sentence: Span,
    mention: Mention,
    before: Sequence[Named],
    around: tuple[tuple[Anchor, ...], Sequence[Product]],
) -> str:
    found, goods = around
    lead = _lead(page, sentence, mention, before)
    if mention.form == "demonym":
        return _of_demonym(page, mention, (found, goods), lead)
    return _of_possessive(page, mention, found, lead) or lead or "subject"


def _lead(page: Page, sentence: Span, mention: Mention, before: Sequence[Named]) -> str | None:
    """What the preposition says; a second name shares the one of the first."""
    text, language = page.shadow, page.language
    left = text[max(sentence.start, mention.span.start - _LEFT) : mention.span.start]
    for kind in _LEADS:
        if lead_of(language, kind).search(left):
            return kind
    is_joined = lead_of(language, "and").search(left) or re.search(r",\s*$", left)
    if not before or not is_joined or before[-1].role not in _SHARED:
        return None
    return before[-1].role if mention.span.start - before[-1].span.end < 25 else None


def _next_noun(page: Page, mention: Mention, found: tuple[Anchor, ...]) -> Anchor | None:
    for anchor in found:
        gap = page.shadow[mention.span.end : anchor.span.start]
        is_near = 0 <= anchor.span.start - mention.span.end < 40
        if is_near and anchor.role in _NOUNS and _TO_NOUN.fullmatch(gap):
            return anchor
    return None


def _of_demonym(
    page: Page,
    mention: Mention,
    around: tuple[tuple[Anchor, ...], Sequence[Product]],
    lead: str | None,
) -> str:
    """Kazakh exports are Kazakhstan's own; Kazakh oil comes from there."""
    found, goods = around
    noun, end = _next_noun(page, mention, found), mention.span.end
    thing = next(
        (
            one
            for one in goods
            if 0 <= one.span.start - end < 25
            and _TO_GOODS.fullmatch(page.shadow[end : one.span.start])
        ),
        None,
    )
    if noun and (
        thing is None or thing.span.start > noun.span.start or thing.span.meets(noun.span)
    ):
        return "owner"
    rest = page.shadow[end : end + 25].lstrip()
    if word_of(page.language, "goods").match(rest):
        return "origin"
    if thing is not None:
        is_sold = noun is not None and noun.role == "noun" and noun.flow in {"export", "re-export"}
        return "owner" if is_sold else "origin"
    return "owner" if noun else lead or "other"


def _of_possessive(
    page: Page, mention: Mention, found: tuple[Anchor, ...], lead: str | None
) -> str | None:
    """What an ending, an apostrophe or the word order says; nothing where they say nothing."""
    text, language, end = page.shadow, page.language, mention.span.end
    right, words = text[end : end + 60], mention.span.of(text)
    if language == "en" and right[:2] in {"'s", "’s"}:
        return "share" if re.match(r"..\s+share", right) else "owner"
    if language == "de" and words.endswith("s") and lead not in {"destination", "share"}:
        if re.match(r"\s+Anteil", right):
            return "share"
        if _next_noun(page, mention, found):
            return "owner"
    if lead is not None:
        return None
    if language == "en" and (role := _beside(page, mention, found)):
        return role
    for anchor in found:
        gap = text[anchor.span.end : mention.span.start]
        is_near = 0 < mention.span.start - anchor.span.end < 30
        if is_near and anchor.role in _NOUNS and _OF_NOUN[language].fullmatch(gap):
            return "owner"
    return None


def _beside(page: Page, mention: Mention, found: tuple[Anchor, ...]) -> str | None:
    """Russia imports; sold Russia phones; reached Russia."""
    text = page.shadow
    for anchor in found:
        if anchor.span.start - mention.span.end == 1:
            if anchor.role == "noun" and anchor.flow != "trade":
                return "owner"
        elif 0 < mention.span.start - anchor.span.end <= 5:
            between = text[anchor.span.end : mention.span.start].strip()
            if between in {"", "the"} and anchor.role in {"sends", "moves"}:
                return "destination"
    return None
