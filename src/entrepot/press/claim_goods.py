"""Which goods a figure is about: those beside the word it hangs on, else those told of before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from entrepot.press.anchors import Anchor
from entrepot.press.article import Language, Span
from entrepot.press.line import Line
from entrepot.press.products import Product, product_in
from entrepot.press.told import Claim, Figure
from entrepot.press.trading_sides import Sides
from entrepot.press.unread_goods import UNREAD, unread_goods

_FAR = 80  # characters
_ALL = ("total", "")


def goods_of(at: Line, figure: Figure, anchor: Anchor | None, sides: Sides) -> tuple[str, str]:
    """Tell the goods of a claim.

    Args:
        at: The sentence.
        figure: The figure.
        anchor: The word it hangs on.
        sides: Who trades with whom.

    Returns:
        Key of the product lexicon and its words; ``total`` where all goods are meant, and
        ``unread_goods`` where goods are named that the lexicon does not know.
    """
    if anchor is not None and anchor.role == "partner":
        return _ALL
    if (unread := unread_goods(at, anchor)) is not None:
        return UNREAD, unread.of(at.scene.page.text)
    word = anchor.span if anchor else figure.span
    reach = at.stretch(Span(min(word.start, figure.span.start), max(word.end, figure.span.end)))
    goods = [one for one in at.goods if one.key != "total"]
    near = [one for one in goods if reach.start <= one.span.start < reach.end]
    one = _nearest(at, word, near or goods)
    text = at.scene.page.text
    if one is not None:
        return one.key, one.span.of(text)
    if anchor is not None and (key := _compound(at.scene.language, word.of(text))):
        return key, word.of(text)
    if figure.kind == "count" and not _goes_on(at, anchor, sides):
        earlier = [x for x in at.scene.goods if x.key != "total" and x.span.start < word.start]
        return (earlier[-1].key, earlier[-1].span.of(text)) if earlier else _ALL
    return _carried(at) if _goes_on(at, anchor, sides) else _ALL


def of_goods(claim: Claim) -> str:
    """Why the goods of a claim keep it from being checked.

    Args:
        claim: The claim.

    Returns:
        The reason in words; empty where its goods are known.
    """
    if claim.product != UNREAD:
        return ""
    return f"the goods named, {claim.product_text!r}, are no goods we know by code"


def _carried(at: Line) -> tuple[str, str]:
    return at.before.product, at.before.product_text


def _goes_on(at: Line, anchor: Anchor | None, sides: Sides) -> bool:
    """Whether the goods of the claim before are still meant."""
    if anchor is None:
        return True
    if anchor.role in {"supplier", "customer"}:
        return at.is_live
    if not at.is_next:
        return False
    is_same = at.before.flow == sides.flow and at.before.exporter == sides.exporter
    return anchor.role != "noun" or (sides.flow != "trade" and is_same)


def _nearest(at: Line, word: Span, goods: Sequence[Product]) -> Product | None:
    """Goods nearest to a word; what is only a part of them ("mainly gas") does not count."""
    own = [
        one
        for one in goods
        if one.span.start <= word.end or not at.has("mainly", word.end, one.span.start)
    ]
    if not own:
        return None
    best = min(own, key=lambda one: _apart(one.span, word))
    return best if _apart(best.span, word) < _FAR else None


def _apart(one: Span, word: Span) -> int:
    return max(0, one.start - word.end if one.start >= word.end else word.start - one.end)


@cache
def _compound(language: Language, word: str) -> str | None:
    """Goods in the first part of a German compound: Maschinenlieferungen."""
    if language != "de":
        return None
    for size in range(len(word) - 4, 2, -1):
        key = product_in(word[:size], language)
        if key not in {None, "total"}:
            return key
    return None
