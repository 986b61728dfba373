"""Claims without a figure: that goods go somewhere or do not, that trade rises or falls."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entrepot.press.anchors import Anchor, word_of
from entrepot.press.around import first_but, gap, nearest
from entrepot.press.article import Span
from entrepot.press.line import Line
from entrepot.press.products import Product
from entrepot.press.sides import Named
from entrepot.press.told import Claim, Polarity, Relation

_VERBS = frozenset({"noun", "sends", "moves", "takes"})
_NEAR_NEGATION = 40
_NEXT_WORDS, _NEXT_GAP = 130, 200
_ABOUT_BEFORE = re.compile(r"\W*(?:This|That|It|Das|Dies|Diese|Это|Эт)")
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
    is_denied = _is_denied(at, found)
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
    return _claim(at, spans, sides, thing, ("exists", "denied" if is_denied else "asserted"))


def _is_denied(at: Line, found: Sequence[Anchor]) -> bool:
    """By the act, by words of untruth here or right behind, or by a negation at the verb."""
    if any(x.act in {"deny", "reject"} for x in at.statements) or at.has("untrue"):
        return True
    sentences = at.scene.page.sentences
    if at.number + 1 < len(sentences):
        behind = sentences[at.number + 1]
        words = behind.of(at.text)
        is_short = len(words) < _NEXT_WORDS and behind.start - at.span.end < _NEXT_GAP
        if is_short and _ABOUT_BEFORE.match(words) and at.has("untrue", behind.start, behind.end):
            return True
    negation = word_of(at.scene.language, "denied").search(at.text, at.span.start, at.span.end)
    return negation is not None and any(_meets(at, negation, x.span) for x in found)


def _meets(at: Line, negation: re.Match[str], verb: Span) -> bool:
    """Whether a negation stands near a verb, or before it in the same clause."""
    if abs(negation.start() - verb.start) < _NEAR_NEGATION:
        return True
    between = at.text[negation.end() : verb.start]
    return negation.start() < verb.start and not re.search("[,;:]", between)


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

    Args:
        at: The sentence.
    """
    for anchor in at.anchors:
        if anchor.role not in {"noun", "sends"} or anchor.flow == "trade":
            continue
        relation = _direction(at, anchor)
        into, source = _between(at, anchor)
        if relation is None or into is None or source is None or into.area == source.area:
            continue
        goods = [x for x in at.goods if x.key != "total"]
        thing = min(goods, key=lambda x: gap(x.span, anchor.span)) if goods else None
        sides = (source.area, into.area, None, anchor.flow)
        return _claim(at, (anchor.span, into.span), sides, thing, (relation, "asserted"))
    return None


def _direction(at: Line, anchor: Anchor) -> Relation | None:
    start = max(at.span.start, anchor.span.start - _CHANGE_NEAR)
    end = min(at.span.end, anchor.span.end + _CHANGE_NEAR)
    if at.has("up", start, end):
        return "increase"
    return "decrease" if at.has("down", start, end) else None


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
        period=None,
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
