"""An article as one JSON record, in the schema in which readings of the press are compared.

Countries are written ISO 3166-1 alpha-3, the world ``W00``, the European Union ``EUU``; spans count
code points of the text with single line feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from entrepot.codes.areas import areas
from entrepot.press.article import Entity, Metadata, Page, Span
from entrepot.press.told import Article, Claim, Event, Figure, Statement

Record = dict[str, Any]
T = TypeVar("T")
Item = TypeVar("Item", Event, Claim)
_WIDE = {"EU": "EUU", "W0": "W00"}


@cache
def _alpha3() -> dict[str, str]:
    known = {area.alpha2: area.alpha3 for area in areas() if area.alpha3}
    return {**known, **_WIDE}


def country_code(area: str | None) -> str | None:
    """Write a country as records of readings write it.

    Args:
        area: ISO 3166-1 alpha-2, ``EU`` or ``W0``; anything else stays as it is.

    Example:
        >>> country_code("KZ"), country_code("EU"), country_code(None)
        ('KAZ', 'EUU', None)
    """
    return None if area is None else _alpha3().get(area, area)


def area_of(code: str) -> str | None:
    """Read a country as records write it.

    Args:
        code: ISO 3166-1 alpha-3 or alpha-2, ``EUU`` or ``W00``.

    Returns:
        Our code, or nothing where it is no country.

    Example:
        >>> area_of("KAZ"), area_of("EUU"), area_of("Ruritania")
        ('KZ', 'EU', None)
    """
    known = {alpha3: area for area, alpha3 in _alpha3().items()}
    return code if code in _alpha3() else known.get(code)


def entity_of(key: str) -> str:
    """Read an entity's id as records write it.

    Args:
        key: ``cty:KAZ``, ``per:tokayev`` …

    Example:
        >>> entity_of("cty:KAZ")
        'cty:KZ'
    """
    kind, _, name = key.partition(":")
    return f"cty:{area_of(name) or name}" if kind == "cty" else key


def _entity_id(entity: str) -> str:
    kind, _, name = entity.partition(":")
    return f"cty:{country_code(name)}" if kind == "cty" else entity


def as_record(article: Article, name: str) -> Record:
    """Write what was read as a record for comparison.

    Args:
        article: The article.
        name: What it is called.

    Returns:
        Names and numbers only, ready for JSON. Events and claims that only repeat, or stand in a
        question or headline, are left out; the tables hold them, marked as optional.

    Example:
        >>> from datetime import date
        >>> from entrepot.press.reader import read_article
        >>> as_record(read_article("Trade grew.", date(2023, 12, 31)), "one")["lang"]
        'en'
    """
    writer = _Writer(article.page)
    return {
        "id": name,
        "lang": article.page.language,
        "meta": writer.metadata(article.metadata),
        "entities": [_entity(one) for one in article.entities],
        "statements": _numbered(article.statements, writer.statement),
        "events": _numbered(_own(article.events), writer.event),
        "figures": _numbered(article.figures, writer.figure),
        "claims": _numbered(_own(article.claims), writer.claim),
    }


def _entity(entity: Entity) -> Record:
    return {
        "id": _entity_id(entity.id),
        "type": entity.type,
        "name": entity.name,
        "offices": list(entity.offices),
        "country": country_code(entity.country),
        "names": list(entity.names),
    }


def _own(found: tuple[Item, ...]) -> list[Item]:
    """What is more than a headline, a question or a repeat."""
    return [one for one in found if not one.is_optional]


def _numbered(found: Iterable[T], write: Callable[[T], Record]) -> list[Record]:
    return [{"id": str(number), **write(one)} for number, one in enumerate(found, 1)]


def _ids(entities: tuple[str, ...]) -> list[str]:
    return [_entity_id(one) for one in entities]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what stands on spans of one page."""

    page: Page

    def span(self, span: Span | None) -> Record | None:
        if span is None:
            return None
        return {"start": span.start, "end": span.end, "text": span.of(self.page.text)}

    def metadata(self, told: Metadata) -> Record:
        return {
            "title": self.span(told.title),
            "dateline": self.span(told.dateline),
            "place": told.place,
            "country": country_code(told.country),
            "date": told.date,
            "date_basis": told.date_basis,
            "weekday": told.weekday,
            "agency": told.agency,
            "publisher": told.publisher,
            "origin_lang": told.origin_language,
            "boilerplate": [
                {"reason": one.reason, **(self.span(one.span) or {})} for one in self.page.dropped
            ],
        }

    def statement(self, one: Statement) -> Record:
        return {
            "span": self.span(one.span),
            "speaker": _ids(one.speaker),
            "speaker_text": one.speaker_text,
            "addressee": _ids(one.addressee),
            "act": one.act,
            "act_alt": list(one.also),
            "mode": one.mode,
            "cue": self.span(one.cue),
            "quotes": [self.span(quote) for quote in one.quotes],
            "via": _ids(one.via),
            "in_title": one.is_in_title,
            "optional": one.is_optional,
        }

    def event(self, one: Event) -> Record:
        return {
            "span": self.span(one.span),
            "type": one.kind,
            "plover": {"type": one.plover, "mode": one.mode or None},
            "participants": _ids(one.participants),
            "date": one.date,
            "place": one.place,
            "country": country_code(one.country),
            "status": one.status,
            "optional": one.is_optional,
        }

    def figure(self, one: Figure) -> Record:
        return {
            "span": self.span(one.span),
            "value": one.value,
            "rel": one.comparison,
            "unit": one.unit,
            "kind": one.kind,
            "what": one.what or None,
            "when": one.when or None,
        }

    def claim(self, one: Claim) -> Record:
        return {
            "span": self.span(one.span),
            "exporter": country_code(one.exporter),
            "importer": country_code(one.importer),
            "via": country_code(one.via),
            "reporter": country_code(one.reporter),
            "partner": country_code(one.partner),
            "flow": one.flow,
            "product": {"key": one.product, "text": one.product_text or None},
            "period": one.period,
            "baseline": one.baseline,
            "relation": one.relation,
            "comparison": one.comparison,
            "value": one.value,
            "unit": one.unit,
            "claimant": _ids(one.claimant),
            "polarity": one.polarity,
            "checkable": one.is_checkable,
            "basis": one.basis,
            "optional": one.is_optional,
        }
