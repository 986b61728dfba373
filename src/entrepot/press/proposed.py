"""What something outside proposes to add to a reading: only what the text itself bears out.

A proposal is taken where its words stand in the text letter for letter and once, its people are
among those the text names, its act is on the closed list and its number is a figure that the
grammar found inside its words. All else is left out and counted by its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from entrepot.errors import CodeError
from entrepot.press.acts import acts
from entrepot.press.article import Span
from entrepot.press.exchange import Record, area_of, entity_of
from entrepot.press.products import goods
from entrepot.press.told import Article, Claim, Comparison, Mode, Polarity, Relation, Statement

_SAME = 0.5  # share of the union from which two spans are one statement
_TOLERANCE = 0.005
_LARGEST = 1e18
_FLOWS = ("export", "import", "trade", "re-export", "transit")


@dataclass(frozen=True, slots=True)
class Enriched:
    """A reading with what was taken of a proposal.

    Args:
        article: The reading.
        taken: How many statements and claims were added.
        refused: How many were not, by reason.
    """

    article: Article
    taken: int
    refused: Mapping[str, int]


class _RefusalError(Exception):
    """Why one proposed item is left out."""


def enriched(article: Article, proposal: object) -> Enriched:
    """Add to a reading what a proposal has beyond it and the text bears out.

    Args:
        article: The reading.
        proposal: ``{"statements": […], "claims": […]}`` in the schema of ``as_record``; spans may
            be given as words alone. Anything else in it is refused, never an error.

    Returns:
        The reading with what was taken; nothing that stood in it is changed.

    Example:
        >>> from datetime import date
        >>> from entrepot.press.reader import read_article
        >>> article = read_article("Kazakhstan values peace. So Tokayev.", date(2024, 1, 1))
        >>> said = {"span": {"text": "Kazakhstan values peace"}, "speaker": ["per:tokayev"]}
        >>> sung = {**said, "act": "sing"}
        >>> enriched(article, {"statements": [said, sung]}).taken
        1
    """
    refused: Counter[str] = Counter()
    statements, claims = list(article.statements), list(article.claims)
    for item in _items(proposal, "statements", refused):
        try:
            statements.append(_statement(article, item, statements))
        except _RefusalError as why:
            refused[str(why)] += 1
    for item in _items(proposal, "claims", refused):
        try:
            claims.append(_claim(article, item, claims))
        except _RefusalError as why:
            refused[str(why)] += 1
    taken = len(statements) + len(claims) - len(article.statements) - len(article.claims)
    more = replace(
        article,
        statements=tuple(sorted(statements, key=lambda one: one.span)),
        claims=tuple(sorted(claims, key=lambda one: one.span)),
    )
    return Enriched(more, taken, dict(refused))


def _items(proposal: object, kind: str, refused: Counter[str]) -> Iterable[Record]:
    found = proposal.get(kind, []) if isinstance(proposal, dict) else None
    if not isinstance(found, list):
        refused["no list of items"] += 1
        return
    for item in found:
        if isinstance(item, dict):
            yield item
        else:
            refused["no record"] += 1


def _span(article: Article, item: Record) -> Span:
    """Where the words of an item stand, letter for letter; where twice, only with their place."""
    given = item.get("span")
    words = given.get("text") if isinstance(given, dict) else given
    if not isinstance(words, str) or not words.strip():
        raise _RefusalError("no words")
    text = article.page.text
    start = given.get("start") if isinstance(given, dict) else None
    if isinstance(start, int) and start >= 0 and text.startswith(words, start):
        return Span(start, start + len(words))
    at = text.find(words)
    if at < 0:
        raise _RefusalError("words are not in the text")
    if text.find(words, at + 1) >= 0:
        raise _RefusalError("words stand in the text more than once")
    return Span(at, at + len(words))


def _people(article: Article, item: Record, key: str) -> tuple[str, ...]:
    given = item.get(key) or []
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise _RefusalError(f"{key} is no list of names")
    named = tuple(entity_of(one) for one in given)
    known = {entity.id for entity in article.entities}
    if not set(named) <= known:
        raise _RefusalError(f"{key} is not among those the text names")
    return named


def _one_of(item: Record, key: str, known: Iterable[str], otherwise: str = "") -> str:
    value = item.get(key, otherwise)
    if value not in known:
        raise _RefusalError(f"{key} is not on its list")
    return str(value)


def _statement(article: Article, item: Record, held: list[Statement]) -> Statement:
    span = _span(article, item)
    if any(_overlap(span, one.span) >= _SAME for one in held):
        raise _RefusalError("already read")
    speaker = _people(article, item, "speaker")
    if not speaker:
        raise _RefusalError("no speaker")
    quotes = tuple(q.inner for q in article.quotations if span.holds(q.inner) and q.is_utterance)
    mode: Mode = "indirect" if not quotes else "direct" if _fills(span, quotes) else "mixed"
    named = [m.span.of(article.page.text) for m in article.mentions if m.entity in speaker]
    return Statement(
        span=span,
        speaker=speaker,
        speaker_text=named[0] if named else "",
        addressee=_people(article, item, "addressee"),
        act=_one_of(item, "act", acts(), "say"),
        also=(),
        mode=mode,
        cue=None,
        quotes=quotes,
        via=_people(article, item, "via"),
    )


def _fills(span: Span, quotes: tuple[Span, ...]) -> bool:
    """Whether a span is all quotation but for its marks and spaces."""
    return sum(quote.end - quote.start for quote in quotes) >= 0.9 * (span.end - span.start)


def _claim(article: Article, item: Record, held: list[Claim]) -> Claim:
    span = _span(article, item)
    value = _value(article, item, span)
    product = item.get("product")
    relation = cast(Relation, _one_of(item, "relation", get_args(Relation)))
    made = Claim(
        span=span,
        exporter=_area(item, "exporter"),
        importer=_area(item, "importer"),
        via=_area(item, "via"),
        reporter=_area(item, "reporter"),
        partner=_area(item, "partner"),
        flow=_one_of(item, "flow", _FLOWS),
        product=_product(product),
        product_text="",
        period=_text(item, "period"),
        baseline=_text(item, "baseline"),
        relation=relation,
        comparison=cast(Comparison, _one_of(item, "comparison", get_args(Comparison), "=")),
        value=value,
        unit=_text(item, "unit"),
        claimant=_people(article, item, "claimant"),
        polarity=cast(Polarity, _one_of(item, "polarity", get_args(Polarity), "asserted")),
        is_checkable=bool(item.get("checkable", True)),
        basis="proposed",
    )
    if any(one.span.meets(span) and _is_same(one, made) for one in held):
        raise _RefusalError("already read")
    return made


def _is_same(one: Claim, other: Claim) -> bool:
    return (one.relation, one.value) == (other.relation, other.value) and {
        one.exporter,
        one.importer,
    } == {other.exporter, other.importer}


def _value(article: Article, item: Record, span: Span) -> float | None:
    value = item.get("value")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _RefusalError("value is no number")
    inside = [figure.value for figure in article.figures if span.meets(figure.span)]
    if not abs(value) < _LARGEST:  # nor is what is no number at all
        raise _RefusalError("value is no figure of its words")
    if not any(abs(abs(one) - abs(value)) <= _TOLERANCE * abs(one) for one in inside):
        raise _RefusalError("value is no figure of its words")
    return float(value)


def _product(given: Any) -> str:
    key = given.get("key") if isinstance(given, dict) else given
    try:
        return goods(str(key)).key
    except CodeError:
        raise _RefusalError("product is not on its list") from None


def _area(item: Record, key: str) -> str | None:
    given = item.get(key)
    if given is None:
        return None
    found = area_of(str(given))
    if found is None:
        raise _RefusalError(f"{key} is no country")
    return found


def _text(item: Record, key: str) -> str | None:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise _RefusalError(f"{key} is no word")
    return value


def _overlap(one: Span, other: Span) -> float:
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (max(one.end, other.end) - min(one.start, other.start) or 1)
