"""One sentence as claims see it: anchors, countries, goods, figures, speakers, what came before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from entrepot.press.anchors import Anchor, anchors, superlatives, word_of
from entrepot.press.article import Entity, Language, Mention, Metadata, Page, Span
from entrepot.press.periods import Period, baselines, periods
from entrepot.press.products import Product, products
from entrepot.press.sides import Named, generic_area, main_areas, named_areas, topics
from entrepot.press.told import Claim, Figure, Statement

Held = TypeVar("Held", Mention, Product, Figure)
LIVE = 2  # sentences over which countries and goods are carried
_STATISTICS = re.compile("statis|stat$|customs|zoll|tuik|tamozh|revenue|destatis|rosstat")
_BREAKS = (
    *(";", " while ", " während ", " тогда как ", " причем ", " хотя ", ", а ", " whereas "),
    *(" but ", " aber "),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a claim leaves to the sentences behind it.

    Args:
        exporter: Its exporter.
        importer: Its importer.
        flow: Its flow.
        product: Key of its goods.
        product_text: Their words.
        period: Its period.
        sentence: Number of its sentence; far before the first where there is no claim yet.
        reporter: Country whose statistics were named.
    """

    exporter: str | None = None
    importer: str | None = None
    flow: str | None = None
    product: str = "total"
    product_text: str = ""
    period: str | None = None
    sentence: int = -9
    reporter: str | None = None

    @property
    def pair(self) -> list[str]:
        """Exporter and importer, as far as they are known."""
        return [area for area in (self.exporter, self.importer) if area]


@dataclass(frozen=True, slots=True)
class Scene:
    """What an article holds for its claims.

    Args:
        page: The page.
        metadata: What it says of itself.
        mentions: Whom it names.
        statements: Who said what.
        figures: Quantities.
        goods: Products.
        periods: Periods.
        baselines: Periods that figures are compared with.
        countries: Country of each entity.
        about: Countries the article is about.
        home: Country of its dateline.
        generic: What "the country" means in it.
    """

    page: Page
    metadata: Metadata
    mentions: tuple[Mention, ...]
    statements: tuple[Statement, ...]
    figures: tuple[Figure, ...]
    goods: tuple[Product, ...]
    periods: tuple[Period, ...]
    baselines: tuple[Period, ...]
    countries: Mapping[str, str | None]
    about: tuple[str, ...]
    home: str | None
    generic: str | None

    @property
    def language(self) -> Language:
        """Language of the page."""
        return self.page.language


def scene(
    page: Page,
    metadata: Metadata,
    entities: tuple[Entity, ...],
    mentions: tuple[Mention, ...],
    told: tuple[tuple[Statement, ...], tuple[Figure, ...]],
) -> Scene:
    """Gather what an article holds for its claims.

    Args:
        page: The page.
        metadata: What it says of itself.
        entities: Whom it names.
        mentions: Where.
        told: Its statements and figures.
    """
    home = "EU" if metadata.country == "BE" else metadata.country  # Brussels speaks for the Union
    about = topics(page, mentions, entities)
    return Scene(
        page,
        metadata,
        mentions,
        *told,
        products(page),
        periods(page, metadata),
        baselines(page, metadata),
        {entity.id: entity.country for entity in entities},
        tuple(about),
        home,
        generic_area(home, about),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence.

    Args:
        scene: The article.
        number: Its number.
        span: Where it stands.
        anchors: Words its claims hang on.
        areas: Countries in it.
        goods: Products in it.
        figures: Quantities in it, ranks without a number among them.
        statements: Statements that meet it.
        bodies: Bodies it names.
        reporter: Country whose statistics it names.
        speaker: Country of who speaks.
        before: What earlier claims left.
    """

    scene: Scene
    number: int
    span: Span
    anchors: tuple[Anchor, ...]
    areas: tuple[Named, ...]
    goods: tuple[Product, ...]
    figures: tuple[Figure, ...]
    statements: tuple[Statement, ...]
    bodies: tuple[Mention, ...]
    reporter: str | None
    speaker: str | None
    before: Carried

    @property
    def text(self) -> str:
        """The text all spans count in, its shadow."""
        return self.scene.page.shadow

    @property
    def words(self) -> str:
        """The sentence."""
        return self.span.of(self.text)

    @property
    def is_live(self) -> bool:
        """Whether an earlier claim is near enough to go on."""
        return 0 <= self.number - self.before.sentence <= LIVE and self.before.sentence >= 0

    @property
    def is_next(self) -> bool:
        """Whether an earlier claim stands in this sentence or the one before."""
        return self.is_live and self.number - self.before.sentence <= 1

    @property
    def fallback(self) -> list[str]:
        """Countries that may be meant where none is named, the likeliest first."""
        before = self.before
        carried = before.exporter if before.flow != "import" else before.importer
        likely = (
            self.reporter,
            self.speaker,
            carried if self.is_live else None,
            self.scene.home,
            *main_areas(self.scene.about),
        )
        return [area for area in likely if area and area != "W0"]

    def has(self, kind: str, start: int | None = None, end: int | None = None) -> bool:
        """Whether words of a kind stand in the sentence, or a part of it.

        Args:
            kind: Kind of the list of asserting words.
            start: Where the part begins.
            end: Where it ends.
        """
        first = self.span.start if start is None else start
        last = self.span.end if end is None else end
        return word_of(self.scene.language, kind).search(self.text[first:last]) is not None

    def stretch(self, span: Span) -> Span:
        """The part of the sentence around some words that no "while" or semicolon parts.

        Args:
            span: The words.
        """
        lefts = [self.text.rfind(mark, self.span.start, span.start) for mark in _BREAKS]
        starts = [at + len(mark) for at, mark in zip(lefts, _BREAKS, strict=True) if at >= 0]
        rights = [self.text.find(mark, span.end, self.span.end) for mark in _BREAKS]
        ends = [at for at in rights if at >= 0]
        return Span(max(starts, default=self.span.start), min(ends, default=self.span.end))


def line(held: Scene, number: int, before: Carried) -> Line:
    """Look at one sentence.

    Args:
        held: The article.
        number: Number of the sentence.
        before: What earlier claims left.
    """
    page, span = held.page, held.page.sentences[number]
    mentions = within(held.mentions, span)
    goods = tuple(within(held.goods, span))
    found = anchors(page, span)
    figures = tuple(within(held.figures, span))
    figures += tuple(superlatives(page, span, found, figures))
    told = tuple(one for one in held.statements if one.span.meets(span))
    bodies = tuple(
        one for one in mentions if one.entity.startswith("org:") and one.entity != "org:eu"
    )
    own = [one for one in goods if one.key != "total"]
    areas = named_areas(page, span, _with_generic(held, span, mentions), found, own)
    return Line(
        *(held, number, span, found, areas, goods),
        *(tuple(sorted(figures, key=lambda one: one.span)), told, bodies),
        next(filter(None, (_owner(held, one) for one in bodies)), None),
        next(filter(None, (_country(held, who) for one in told for who in one.speaker)), None),
        before,
    )


def within(ordered: Sequence[Held], span: Span) -> list[Held]:
    """What stands in a sentence, of things in their order in the text.

    Args:
        ordered: Things with a span, in order of their beginnings.
        span: The sentence.
    """
    first = bisect_left(ordered, span.start, key=lambda one: one.span.start)
    last = bisect_left(ordered, span.end, lo=first, key=lambda one: one.span.start)
    return [one for one in ordered[first:last] if one.span.end <= span.end]


def _owner(held: Scene, body: Mention) -> str | None:
    """Country of a body that keeps statistics."""
    return held.countries.get(body.entity) if _STATISTICS.search(body.entity) else None


def _country(held: Scene, who: str) -> str | None:
    return who[4:] if who.startswith("cty:") else held.countries.get(who)


def _with_generic(held: Scene, span: Span, mentions: list[Mention]) -> list[Mention]:
    """Mentions, "the country" among them."""
    if held.generic is None:
        return mentions
    pattern = word_of(held.language, "country")
    made = [
        Mention(Span(*found.span()), f"cty:{held.generic}", "name")
        for found in pattern.finditer(held.page.shadow, span.start, span.end)
    ]
    more = [one for one in made if not any(one.span.meets(other.span) for other in mentions)]
    return sorted([*mentions, *more], key=lambda one: one.span)


def carried_from(claim: Claim, at: Line, period: str | None) -> Carried:
    """What a claim leaves to the sentences behind it.

    Args:
        claim: The claim.
        at: Its sentence.
        period: Its period.
    """
    return Carried(
        *(claim.exporter, claim.importer, claim.flow, claim.product, claim.product_text),
        *(period, at.number, at.reporter or at.before.reporter),
    )
