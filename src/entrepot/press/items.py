"""The words, marks and quotations of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from entrepot.press.article import Quotation, Span
from entrepot.press.cues import cues
from entrepot.press.tokens import tokens

ItemKind = Literal["word", "mark", "quote"]
_MARK = re.compile(r"[,;:()\[\]–]|(?<=\s)-(?=\s)|(?<=[?!])(?=\s)|(?<=[,])-(?=\s)")
_ASIDE = re.compile(r"([,.!?…]\s?–\s)[^–]{3,200}?[.,]?(\s?–\s)")
_OPENERS = frozenset("([")
_LONGEST_BRACKET = 9  # items, brackets included


@dataclass(frozen=True, slots=True)
class Item:
    """A word, a mark that parts clauses, or a whole quotation.

    Args:
        span: Where it stands.
        kind: Which of the three.
        low: Its words in small letters; the mark.
        is_utterance: Whether a quotation is long enough to be a sentence.
        is_open: Whether a quotation is never closed.
    """

    span: Span
    kind: ItemKind
    low: str
    is_utterance: bool = False
    is_open: bool = False


def items_of(text: str, sentence: Span, quotes: Sequence[Quotation]) -> tuple[Item, ...]:
    """Read a sentence as items; a few words in brackets are left out.

    Args:
        text: The text, or its shadow.
        sentence: The sentence.
        quotes: Quotations that meet it, none inside another.

    Returns:
        Items in order.
    """
    return _without_brackets(_all_items(text, sentence, quotes))


def _all_items(text: str, sentence: Span, quotes: Sequence[Quotation]) -> Iterator[Item]:
    at = sentence.start
    for quote in quotes:
        outer = Span(max(quote.outer.start, sentence.start), min(quote.outer.end, sentence.end))
        yield from _plain(text, at, outer.start)
        if outer.start < outer.end:
            inner = quote.inner.of(text).lower()
            is_spoken = quote.is_utterance or _stands_alone(text, outer, inner)
            whole = Item(outer, "quote", inner, is_spoken, quote.is_open)
            yield from _interrupted(text, whole) if is_spoken else (whole,)
        at = max(at, outer.end)
    yield from _plain(text, at, sentence.end)


def _without_brackets(items: Iterator[Item]) -> tuple[Item, ...]:
    """Leave out a few words in brackets: a party, a short form of a name."""
    kept: list[Item] = []
    opened = -1
    for item in items:
        if item.kind == "mark" and item.low in _OPENERS:
            opened = len(kept)
        kept.append(item)
        if item.kind == "mark" and item.low in {")", "]"} and opened >= 0:
            if len(kept) - opened <= _LONGEST_BRACKET:
                del kept[opened:]
            opened = -1
    return tuple(kept)


def _interrupted(text: str, quote: Item) -> Iterator[Item]:
    """Part speech that its attribution interrupts inside the marks, as «…, – сказал он. – …»."""
    found = _ASIDE.search(text, quote.span.start, quote.span.end)
    while found is not None and not _attributes(text, found.end(1), found.start(2)):
        found = _ASIDE.search(text, found.end(1), quote.span.end)
    if found is None:
        yield quote
        return
    first = found.start(1) + 2  # the comma belongs to what is said
    yield Item(Span(quote.span.start, first), "quote", "", True)
    yield Item(Span(first, found.end(1)), "mark", "–")
    yield from _plain(text, found.end(1), found.start(2))
    yield Item(Span(found.start(2), found.end(2)), "mark", "–")
    yield Item(Span(found.end(2) - 1, quote.span.end), "quote", "", True, quote.is_open)


def _attributes(text: str, start: int, end: int) -> bool:
    """Whether the first words of an aside say that somebody speaks."""
    first = tokens(text, start, min(end, start + 60))[:2]
    return any(word.low in cues("ru") for word in first)


def _stands_alone(text: str, outer: Span, inner: str) -> bool:
    """Whether a few words in marks fill their place between two marks or at a head."""
    before = text[max(0, outer.start - 3) : outer.start].rstrip(" ")[-1:]
    after = text[outer.end : outer.end + 3].lstrip()[:1]
    is_capital = text[outer.start + 1 : outer.start + 2].isupper()
    if not is_capital or len(inner.split()) < 2:
        return False
    return before == ":" or (before in ".!?\n" and after in ",–-")


def _plain(text: str, start: int, end: int) -> Iterator[Item]:
    at = start
    for word in tokens(text, start, end):
        yield from _marks(text, at, word.span.start)
        yield Item(word.span, "word", word.low)
        at = word.span.end
    yield from _marks(text, at, end)


def _marks(text: str, start: int, end: int) -> Iterator[Item]:
    is_inside = start > 0 and end < len(text) and end - start == 1
    if is_inside and text[start - 1].isdigit() and text[end].isdigit():
        return  # 1,2 and 11:30
    for mark in _MARK.finditer(text, start, end):
        if mark.group():
            yield Item(Span(mark.start(), mark.end()), "mark", mark.group())
