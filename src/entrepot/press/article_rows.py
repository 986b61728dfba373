"""What was read out of an article as rows of the tables of the press, and a claim back from one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from entrepot.errors import CodeError
from entrepot.press.acts import acts
from entrepot.press.article import Entity, Span
from entrepot.press.names import skeleton
from entrepot.press.products import Product, goods, products
from entrepot.press.told import Article, Claim, Event, Figure, Statement
from entrepot.press_tables import ARTICLES, CLAIMS, EVENTS, FIGURES, QUOTES
from entrepot.schema import Table

Row = dict[str, Any]
PRESS_TABLES: tuple[Table, ...] = (ARTICLES, QUOTES, FIGURES, EVENTS, CLAIMS)
RULES = "rules"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from.

    Args:
        sha256: Digest of the article as it came.
        name: Its file, or the entry of a feed.
        url: Its address.
        read_on: Day after which it cannot have been written.
        title: Title its wrapping gives, for where the text has none.
        is_summary: Whether a feed gave a summary in place of the article.
    """

    sha256: str
    name: str
    url: str | None
    read_on: date
    title: str | None = None
    is_summary: bool = False

    @property
    def source_id(self) -> str:
        """What its rows are told by."""
        return self.sha256[:16]


def article_rows(article: Article, origin: Origin, batch_id: str) -> dict[str, list[Row]]:
    """Write what was read as rows.

    Args:
        article: The reading.
        origin: Where the article came from.
        batch_id: The articles it is written with.

    Returns:
        Rows of each table of the press by its name; each quote is a statement of its own.

    Example:
        >>> from entrepot.press.reader import read_article
        >>> day = date(2023, 12, 31)
        >>> told = read_article("Trade grew by 5 percent in 2022.", day)
        >>> rows = article_rows(told, Origin("0" * 64, "one.txt", None, day), "b1")
        >>> [(row["text"], row["value"]) for row in rows["figures"]]
        [('5 percent', 5.0)]
    """
    writer = _Writer(article, origin)
    return {
        ARTICLES.name: [writer.article(batch_id)],
        QUOTES.name: [writer.quote(n, one) for n, one in enumerate(article.statements, 1)],
        FIGURES.name: [writer.figure(n, one) for n, one in enumerate(article.figures, 1)],
        EVENTS.name: [writer.event(n, one) for n, one in enumerate(article.events, 1)],
        CLAIMS.name: [writer.claim(n, one) for n, one in enumerate(article.claims, 1)],
    }


def claim_of(row: Row) -> Claim:
    """Read a claim back.

    Args:
        row: A row of ``claims``.

    Returns:
        The claim as it was read.
    """
    same = ("exporter", "importer", "via", "reporter", "partner", "flow", "product", "baseline")
    more = ("relation", "comparison", "value", "unit", "polarity", "is_checkable", "basis")
    return Claim(
        span=Span(row["char_start"], row["char_end"]),
        product_text=row["product_text"] or "",
        period=row["about"],
        claimant=tuple(row["claimant"].split()),
        is_optional=row["is_optional"],
        **{name: row[name] for name in (*same, *more)},
    )


def speaker_key(ids: Iterable[str], entities: dict[str, Entity], language: Any) -> str:
    """Name speakers over spellings and scripts.

    Args:
        ids: Entity ids.
        entities: Entities of the text, by id.
        language: Its language.

    Returns:
        Persons by the consonants of their surname, the rest by their ids; sorted.

    Example:
        >>> tokayev = Entity("per:tokayev", "person", "Kassym-Jomart Tokayev")
        >>> speaker_key(["per:tokayev"], {"per:tokayev": tokayev}, "en")
        'per:tkv'
    """
    return " ".join(sorted(_key(one, entities, language) for one in ids))


def _key(one: str, entities: dict[str, Entity], language: Any) -> str:
    kind, _, rest = one.partition(":")
    if kind != "per":
        return one
    name = entities[one].name if one in entities else rest
    words = skeleton(name, language).split(" ")
    return f"per:{words[-1]}"


class _Writer:
    """Writes the rows of one article."""

    def __init__(self, article: Article, origin: Origin) -> None:
        self._article = article
        self._origin = origin
        self._entities = {one.id: one for one in article.entities}

    @cached_property
    def _goods(self) -> tuple[Product, ...]:
        return tuple(products(self._article.page))

    def article(self, batch_id: str) -> Row:
        page, told = self._article.page, self._article.metadata
        same = ("place", "country", "date", "date_basis", "weekday", "agency", "publisher")
        return {
            "source_id": self._origin.source_id,
            "batch_id": batch_id,
            "sha256": self._origin.sha256,
            "name": self._origin.name,
            "url": self._origin.url,
            "read_on": self._origin.read_on,
            "language": page.language,
            "origin_language": told.origin_language,
            "title": told.title.of(page.text) if told.title else self._origin.title,
            "dateline": told.dateline and told.dateline.of(page.text),
            **{name: getattr(told, name) for name in same},
            "is_summary": self._origin.is_summary,
            "entities": json.dumps(
                [_listed(one) for one in self._article.entities], ensure_ascii=False
            ),
            "dropped": "; ".join(
                f"{one.span.start}-{one.span.end} {one.reason}" for one in page.dropped
            ),
            "text": page.text,
        }

    def quote(self, number: int, one: Statement) -> Row:
        page = self._article.page
        name = self._id("q", number)
        first = self._entities.get(one.speaker[0]) if one.speaker else None
        named = self._named(one.span)
        act = acts().get(one.act)
        return {
            "quote_id": name,
            "statement_id": name,
            **self._span(one.span),
            "mode": one.mode,
            "speaker": " ".join(one.speaker),
            "speaker_text": one.speaker_text,
            "speaker_name": self._names(one.speaker),
            "speaker_office": "; ".join(first.offices) if first and first.offices else None,
            "speaker_country": self._country(one.speaker[0]) if one.speaker else None,
            "speaker_key": speaker_key(one.speaker, self._entities, page.language),
            "addressee": " ".join(one.addressee),
            "act": one.act,
            "also": " ".join(one.also) or None,
            "plover": act.plover or None if act else None,
            "cue": one.cue and one.cue.of(page.text),
            "via": " ".join(one.via),
            "named": " ".join(named),
            "countries": self._countries((*one.speaker, *one.addressee, *named)),
            "goods": " ".join(sorted({p.key for p in self._goods if one.span.holds(p.span)})),
            "numbers": "; ".join(
                f"{figure.value:g} {figure.unit}"
                for figure in self._article.figures
                if one.span.holds(figure.span)
            ),
            "said_on": self._article.metadata.date,
            "is_in_title": one.is_in_title,
            "is_optional": one.is_optional,
            "extractor": RULES,
        }

    def figure(self, number: int, one: Figure) -> Row:
        return {
            "figure_id": self._id("f", number),
            **self._span(one.span),
            "value": float(one.value),
            "comparison": one.comparison,
            "unit": one.unit,
            "kind": one.kind,
            "what": one.what or None,
            "about": one.when or None,
        }

    def event(self, number: int, one: Event) -> Row:
        place = () if one.country is None else (f"cty:{one.country}",)
        return {
            "event_id": self._id("e", number),
            **self._span(one.span),
            "type": one.kind,
            "plover": one.plover,
            "mode": one.mode or None,
            "participants": " ".join(one.participants),
            "place": one.place,
            "country": one.country,
            "countries": self._countries((*one.participants, *place, *self._named(one.span))),
            "on": one.date,
            "status": one.status,
            "is_optional": one.is_optional,
        }

    def claim(self, number: int, one: Claim) -> Row:
        same = ("polarity", "exporter", "importer", "via", "reporter", "partner", "flow")
        more = ("relation", "comparison", "unit", "baseline", "is_checkable", "basis")
        page = self._article.page
        return {
            "claim_id": self._id("c", number),
            **self._span(one.span),
            "claimant": " ".join(one.claimant),
            "claimant_name": self._names(one.claimant),
            "claimant_key": speaker_key(one.claimant, self._entities, page.language),
            **{name: getattr(one, name) for name in (*same, *more)},
            "product": one.product,
            "product_text": one.product_text or None,
            "commodities": _prefixes(one.product),
            "value": None if one.value is None else float(one.value),
            "about": one.period,
            "said_on": self._article.metadata.date,
            "is_optional": one.is_optional,
            "extractor": RULES,
        }

    def _id(self, kind: str, number: int) -> str:
        return f"{self._origin.source_id}-{kind}{number}"

    def _span(self, span: Span) -> Row:
        return {
            "source_id": self._origin.source_id,
            "char_start": span.start,
            "char_end": span.end,
            "text": span.of(self._article.page.text),
        }

    def _named(self, span: Span) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m.entity for m in self._article.mentions if span.holds(m.span)))

    def _names(self, ids: Sequence[str]) -> str | None:
        return "; ".join(self._entities[i].name for i in ids if i in self._entities) or None

    def _country(self, one: str) -> str | None:
        kind, _, rest = one.partition(":")
        if one == "org:eu":
            return "EU"
        if kind == "cty":
            return rest
        return self._entities[one].country if one in self._entities else None

    def _countries(self, ids: Iterable[str]) -> str:
        return " ".join(sorted({found for one in ids if (found := self._country(one))}))


def _listed(one: Entity) -> Row:
    return {
        "id": one.id,
        "type": one.type,
        "name": one.name,
        "offices": list(one.offices),
        "country": one.country,
        "names": list(one.names),
    }


def _prefixes(key: str) -> str:
    try:
        return " ".join(goods(key).prefixes)
    except CodeError:
        return ""  # a key that no list knows stands for no codes
