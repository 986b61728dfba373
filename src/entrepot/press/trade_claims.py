"""Assertions about trade that statistics could check: one for each figure and relation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from entrepot.press.anchor_of import anchor_of
from entrepot.press.anchors import Anchor, word_of
from entrepot.press.around import gap
from entrepot.press.article import Entity, Mention, Metadata, Page, Span
from entrepot.press.base_of import when_of
from entrepot.press.claim_goods import goods_of, of_goods
from entrepot.press.existence import existence, movement, not_checkable
from entrepot.press.line import Carried, Line, Scene, carried_from, line, scene
from entrepot.press.mood import per_time, unreal
from entrepot.press.polarity import UNCLEAR, negated, said
from entrepot.press.told import Claim, Figure, Relation, Statement
from entrepot.press.trading_sides import of_sides, trading_sides

_RELATIONS: dict[str, Relation] = {
    **{"money": "level", "count": "level", "percent_change": "pct_change"},
    **{"ratio": "ratio", "share": "share", "rank": "rank"},
}
_MEASURED = frozenset(
    {
        *("t", "kg", "barrel", "m3", "bcm", "l", "litre", "tonne", "bottle", "car", "vehicle"),
        *("truck", "piece", "unit", "machine", "device"),
    }
)
_GOODS_NEAR = 30
_CHANGE_BY = re.compile(r"(?:\bby|\bum|\bна)\s+$")
_LIST_LINE = re.compile(r"\s*(?:[-–—•*]\s*)?[\w\s]{2,40}[:–—-]\s")


@dataclass(frozen=True, slots=True)
class _Made:
    """A claim with the figure it is made of and the word that hangs on."""

    figure: Figure
    claim: Claim
    anchor: Anchor | None


def claims(
    page: Page,
    metadata: Metadata,
    entities: tuple[Entity, ...],
    mentions: tuple[Mention, ...],
    told: tuple[tuple[Statement, ...], tuple[Figure, ...]],
) -> tuple[Claim, ...]:
    """Find what statistics could check.

    Args:
        page: The page.
        metadata: What it says of itself.
        entities: Whom it names.
        mentions: Where.
        told: Its statements and figures.

    Returns:
        Claims in order. ``basis`` says whether the trade is named in the claim's own sentence or
        carried from the one before; what is missing there is filled from the speaker's country,
        the statistics named and the article, in this order, and never guessed beyond these.
    """
    held = scene(page, metadata, entities, mentions, told)
    before, found = Carried(), []
    for number in range(len(page.sentences)):
        at = line(held, number, before)
        made, before = _of_line(at)
        found += made
    return tuple(found)


def _of_line(at: Line) -> tuple[list[Claim], Carried]:
    """Claims of one sentence, and what they leave."""
    title = at.scene.metadata.title
    is_title = title is not None and title.meets(at.span)
    made: list[_Made] = []
    for figure in at.figures:
        one = _of_figure(at, figure, made)
        if one is not None:
            made.append(one)
    if made:
        return _finished(at, made, is_title)
    one_more = existence(at) or movement(at)
    if one_more is not None:
        period = one_more.period or at.before.period
        left = at.before if is_title else carried_from(one_more, at, period)
        return [replace(one_more, is_optional=is_title)], left
    return [], at.before if is_title else _head(at)


def _finished(at: Line, made: Sequence[_Made], is_title: bool) -> tuple[list[Claim], Carried]:
    """Claims with their periods, who claims them and whether they are denied."""
    found, before = [], at.before
    for one in made:
        when = when_of(at, one.figure, one.claim.relation, before.period)
        behind = at.text[one.figure.span.end : at.span.end]
        asked = "?" in behind or at.has("question", at.span.start, one.figure.span.start)
        claim = replace(
            one.claim,
            period=when.period,
            baseline=when.baseline,
            claimant=_claimant(at, one.figure.span),
            is_optional=is_title or asked,
        )
        claim = _as_said(at, one, claim)
        found.append(claim)
        lasting = before.period if when.is_base else when.period
        before = before if is_title else carried_from(claim, at, lasting)
    return found, before


def _of_figure(at: Line, figure: Figure, made: Sequence[_Made]) -> _Made | None:
    if figure.kind not in _RELATIONS:
        return None
    if figure.kind == "count" and figure.unit not in _MEASURED:
        return None
    anchor = anchor_of(at, figure)
    if anchor is None and not _goes_on(at, figure):
        return None
    last = made[-1] if made else None
    if last is not None and (claim := _like_last(at, figure, anchor, last)) is not None:
        return _Made(figure, claim, anchor)
    claim = _claim(at, figure, anchor)
    return None if claim is None else _Made(figure, claim, anchor)


def _goes_on(at: Line, figure: Figure) -> bool:
    """Whether a figure without a word of trade goes on with the claim before."""
    if not at.is_live or figure.kind == "rank" or at.has("elsewhere"):
        return False
    near = (gap(one.span, figure.span) for one in at.goods if one.key != "total")
    if figure.kind == "count" and not any(far < _GOODS_NEAR for far in near):
        return False
    head = at.span.start, min(at.span.end, at.span.start + 60)
    if at.has("carried", *head) or figure.kind in {"percent_change", "ratio", "share"}:
        return True
    return bool(at.areas or at.goods) and at.is_next


def _like_last(at: Line, figure: Figure, anchor: Anchor | None, last: _Made) -> Claim | None:
    """A second figure of the same trade; imports behind exports turn the sides round."""
    start, end = last.figure.span.end, figure.span.start
    between = [
        one
        for one in at.areas
        if start <= one.span.start < end and one.role not in {"behind", "via"}
    ]
    if between:
        return None
    same = _with_figure(last.claim, figure)
    if anchor == last.anchor and figure.kind != "rank" and not at.has("respectively"):
        goods = [x for x in at.goods if x.key != "total" and start <= x.span.start < end]
        span = Span(min(last.claim.span.start, figure.span.start), figure.span.end)
        same = replace(same, span=span)
        if goods:
            words = goods[0].span.of(at.scene.page.text)
            same = replace(same, product=goods[0].key, product_text=words)
        return same
    if anchor and anchor.flow == "import" and last.claim.flow == "export":
        return replace(
            same,
            exporter=last.claim.importer,
            importer=last.claim.exporter,
            flow="import",
            span=_around(figure, anchor),
        )
    return None


def _with_figure(claim: Claim, figure: Figure) -> Claim:
    return replace(
        claim,
        relation=_RELATIONS[figure.kind],
        comparison=figure.comparison,
        value=figure.value,
        unit=figure.unit,
    )


def _around(figure: Figure, anchor: Anchor | None) -> Span:
    spans = [figure.span, *([anchor.span] if anchor else [])]
    return Span(min(x.start for x in spans), max(x.end for x in spans))


def _claim(at: Line, figure: Figure, anchor: Anchor | None) -> Claim | None:
    sides = trading_sides(at, figure, anchor)
    if sides is None:
        return None
    key, words = goods_of(at, figure, anchor, sides)
    span = _around(figure, anchor)
    return Claim(
        span=span,
        exporter=sides.exporter,
        importer=sides.importer,
        via=sides.via,
        reporter=at.reporter,
        partner=None,
        flow=sides.flow,
        product=key,
        product_text=words,
        period=None,
        baseline=None,
        relation=_relation(at, figure),
        comparison=figure.comparison,
        value=figure.value,
        unit=figure.unit,
        claimant=(),
        polarity="asserted",
        is_checkable=True,
        basis="clause" if anchor else "previous sentence",
    )


def _relation(at: Line, figure: Figure) -> Relation:
    """What a figure says; an amount behind "up by" is a change and no level."""
    start = figure.span.start
    if figure.kind in {"money", "count"} and _CHANGE_BY.search(at.text[start - 4 : start]):
        left = max(at.span.start, start - 40)
        if at.has("down", left, start):
            return "decrease"
        if at.has("up", left, start):
            return "increase"
    return _RELATIONS[figure.kind]


def _as_said(at: Line, made: _Made, claim: Claim) -> Claim:
    """A claim with its polarity; with the reason where it is no fact, or none to sum up."""
    told = said(at, made.figure.span, made.figure.comparison)
    if told.is_negated:
        claim = negated(claim, at, made.figure)
    anchored = unreal(at, made.anchor.span) if made.anchor else ""
    return not_checkable(
        replace(claim, polarity=told.polarity),
        unreal(at, made.figure.span) or anchored,
        UNCLEAR if told.is_open else "",
        per_time(at, made.figure, claim.period),
        of_goods(claim),
        of_sides(claim),
    )


def _claimant(at: Line, span: Span) -> tuple[str, ...]:
    said = [one for one in at.statements if one.span.meets(span)]
    return said[0].speaker if said else tuple(one.entity for one in at.bodies[:1])


def _head(at: Line) -> Carried:
    """What the head of a list, or a sentence that the next one takes up, leaves without figures."""
    anchor = next((x for x in at.anchors if x.role in {"noun", "sends"}), None)
    sentences = at.scene.page.sentences
    if anchor is None or not at.areas or at.number + 1 >= len(sentences):
        return at.before
    following = sentences[at.number + 1]
    words = following.of(at.text)
    taken_up = _starts_carried(at.scene, following) and any(
        following.holds(one.span) for one in at.scene.figures
    )
    if not (at.words.endswith(":") or _LIST_LINE.match(words) or taken_up):
        return at.before
    claim = _claim(at, Figure(anchor.span, 0.0, "=", "EUR", "money"), anchor)
    if claim is None:
        return at.before
    period = next((x.interval for x in at.scene.periods if at.span.holds(x.span)), None)
    return carried_from(claim, at, period or at.before.period)


def _starts_carried(held: Scene, sentence: Span) -> bool:
    return word_of(held.language, "carried").match(sentence.of(held.page.shadow)) is not None
