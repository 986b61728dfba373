"""Claims without a figure: that goods go somewhere or do not, that trade rises or falls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from entrepot.press.anchors import Anchor, word_of
from entrepot.press.around import first_but, gap, nearest
from entrepot.press.article import Span
from entrepot.press.base_of import when_of
from entrepot.press.claim_goods import of_goods
from entrepot.press.line import Line
from entrepot.press.mood import unreal
from entrepot.press.polarity import UNCLEAR, Said, is_existence_denied, said
from entrepot.press.products import Product
from entrepot.press.sides import Named
from entrepot.press.told import NOT_CHECKABLE, Claim, Figure, Polarity, Relation
from entrepot.press.unread_goods import UNREAD, unread_goods

_VERBS = frozenset({"noun", "sends", "moves", "takes"})
_TURNS: tuple[tuple[str, Relation], ...] = (("up", "increase"), ("down", "decrease"))
_DAY = re.compile(r"(?:\d{4}|XXXX)-(?:\d\d|XX)-(?:\d\d|XX)")
_CHANGE_NEAR = 45
_TO_NEAR = 40


def existence(at: Line) -> Claim | None:
    """Whether a sentence says that goods go from one country to another, or denies it.

    What may not or will not be done is no claim. Asserted without a figure, it is one only where
    a country on the way is named.

    Args:
        at: The sentence.
    """
    found = [x for x in at.anchors if x.role in _VERBS and x.flow != "trade"]
    goods = [x for x in at.goods if x.key != "total"]
    if not found or not goods or at.has("barred"):
        return None
    is_denied = is_existence_denied(at, found)
    via, into = nearest(at.areas, ("via",)), nearest(at.areas, ("destination",))
    if into is None:
        return _not_taken(at, found, goods) if is_denied else None
    if not is_denied and via is None:
        return None
    anchor = min(found, key=lambda x: abs(x.span.start - into.span.start))
    exporter = _exporter(at, anchor, into.area, via is None)
    if exporter is None:
        return None
    thing = min(goods, key=lambda x: abs(x.span.start - anchor.span.start))
    flow = "re-export" if via or anchor.flow == "re-export" else anchor.flow
    sides = (exporter, into.area, via.area if via else None, flow)
    spans = (anchor.span, thing.span, into.span)
    one = _claim(at, spans, sides, thing, ("exists", "denied" if is_denied else "asserted"))
    return one if is_denied else not_checkable(one, unreal(at, anchor.span))


def _exporter(at: Line, anchor: Anchor, importer: str, may_fill: bool) -> str | None:
    left = [one for one in at.areas if one.span.end <= anchor.span.start]
    origin = nearest(at.areas, ("origin", "source", "owner"))
    subject = nearest(left, ("subject",)) or nearest(left, ("other",))
    found = origin if anchor.flow == "import" else subject or origin
    if found is not None and found.area != importer:
        return found.area
    likely = [area for area in (at.speaker, at.reporter, *at.fallback) if area]
    return first_but(likely, importer) if may_fill else None


def _not_taken(at: Line, found: Sequence[Anchor], goods: Sequence[Product]) -> Claim | None:
    """That a country takes no goods of another."""
    verb = next((x for x in found if x.role == "takes"), None)
    origin, subject = nearest(at.areas, ("origin", "source")), nearest(at.areas, ("subject",))
    if verb is None or origin is None or subject is None or origin.area == subject.area:
        return None
    thing = min(goods, key=lambda x: gap(x.span, origin.span))
    sides = (origin.area, subject.area, None, "import")
    return _claim(at, (origin.span, verb.span), sides, thing, ("exists", "denied"))


def movement(at: Line) -> Claim | None:
    """Whether a sentence says that trade between two named countries rises or falls.

    What is aimed at, asked, imagined or left open by its negation is kept and cannot be checked.

    Args:
        at: The sentence.
    """
    for anchor in at.anchors:
        if anchor.role not in {"noun", "sends"} or anchor.flow == "trade":
            continue
        turn = _turn(at, anchor)
        into, source = _between(at, anchor)
        if turn is None or into is None or source is None or into.area == source.area:
            continue
        goods = [x for x in at.goods if x.key != "total"]
        thing = min(goods, key=lambda x: gap(x.span, anchor.span)) if goods else None
        sides = (source.area, into.area, None, anchor.flow)
        told = said(at, turn.span)
        spans = (anchor.span, into.span)
        one = _claim(at, spans, sides, thing, (turn.relation, told.polarity))
        unread = unread_goods(at, anchor)
        if unread is not None:
            one = replace(one, product=UNREAD, product_text=unread.of(at.scene.page.text))
        when = when_of(at, Figure(turn.span, 1.0, ">", "ratio", "ratio"), turn.relation)
        if when.period and not _DAY.fullmatch(when.period):
            one = replace(one, period=when.period, baseline=when.baseline)
        unclear = UNCLEAR if told.is_open else ""
        return not_checkable(one, of_goods(one), unreal(at, turn.span), unclear)
    return None


class _Turn(NamedTuple):
    """A word that says that trade rose or fell."""

    relation: Relation
    span: Span


def _turn(at: Line, anchor: Anchor) -> _Turn | None:
    """The word of change near a word of trade; one that is not negated before one that is."""
    start = max(at.span.start, anchor.span.start - _CHANGE_NEAR)
    end = min(at.span.end, anchor.span.end + _CHANGE_NEAR)
    found = [
        _Turn(relation, Span(*match.span()))
        for kind, relation in _TURNS
        for match in word_of(at.scene.language, kind).finditer(at.text, start, end)
        if start <= match.start()
    ]
    if len({one.relation for one in found}) > 1:
        found = [one for one in found if said(at, one.span) == Said("asserted")] or found
    found = [x for x in found if not (_is_more(at, x.span) and said(at, x.span).is_negated)]
    return min(found, key=lambda one: gap(one.span, anchor.span), default=None)


def _is_more(at: Line, words: Span) -> bool:
    """Whether a word is "mehr", which negated says that something ended."""
    return words.of(at.text) == "mehr"


def _period(at: Line, words: Span) -> str | None:
    """The period of the sentence nearest to some words, which is no day and not compared with.

    A day is that of a talk or of the article sooner than that of trade.
    """
    compared = {one.span for one in at.scene.baselines}
    own = [
        one
        for one in at.scene.periods
        if at.span.holds(one.span) and one.span not in compared and not _DAY.fullmatch(one.interval)
    ]
    return min(own, key=lambda one: gap(one.span, words)).interval if own else None


def _between(at: Line, anchor: Anchor) -> tuple[Named | None, Named | None]:
    behind = [x for x in at.areas if 0 <= x.span.start - anchor.span.end < _TO_NEAR]
    left = [x for x in at.areas if x.span.end <= anchor.span.start]
    source = nearest(left, ("subject",), anchor.span) or nearest(at.areas, ("owner", "source"))
    return nearest(behind, ("destination",)), source


def _claim(
    at: Line,
    spans: Sequence[Span],
    sides: tuple[str, str, str | None, str],
    thing: Product | None,
    says: tuple[Relation, Polarity],
) -> Claim:
    exporter, importer, via, flow = sides
    span = Span(min(x.start for x in spans), max(x.end for x in spans))
    said = [one for one in at.statements if one.span.meets(span)]
    return Claim(
        span=span,
        exporter=exporter,
        importer=importer,
        via=via,
        reporter=at.reporter,
        partner=None,
        flow=flow,
        product=thing.key if thing else "total",
        product_text=thing.span.of(at.scene.page.text) if thing else "",
        period=_period(at, span),
        baseline=None,
        relation=says[0],
        comparison="=",
        value=None,
        unit=None,
        claimant=said[0].speaker if said else tuple(one.entity for one in at.bodies[:1]),
        polarity=says[1],
        is_checkable=True,
        basis="clause",
    )


def not_checkable(claim: Claim, *reasons: str) -> Claim:
    """A claim that statistics cannot answer for the first of some reasons, told in its basis.

    Args:
        claim: The claim.
        reasons: Why, in words; without any that is not empty it stays as it is.
    """
    reason = next((words for words in reasons if words), "")
    if not reason:
        return claim
    return replace(claim, is_checkable=False, basis=f"{claim.basis}{NOT_CHECKABLE}{reason}")
