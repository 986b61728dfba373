"""A statement while it is read: its words are known, its speaker is still words of a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.article import Span
from entrepot.press.noun_phrases import Subject
from entrepot.press.passages import Passage
from entrepot.press.told import Mode

_NAME_WORDS = 4
_TIED = "%€$£₽"  # signs that belong to the number before them


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement without its speaker's identity.

    Args:
        passage: The sentence that attributes it.
        span: Its content.
        act: What its cue does.
        subject: Whose it is; nobody where an earlier speaker goes on.
        cue: The words that attribute.
        quotes: What stands between marks in it.
        is_direct: Whether all of it is speech between marks.
        via: Who passes it on.
        addressee: Who is told.
        order: Item at which its clause begins.
        has_data: Whether only data or a body can be its subject.
    """

    passage: Passage
    span: Span
    act: str
    subject: Subject | None
    cue: Span | None
    quotes: tuple[Span, ...] = ()
    is_direct: bool = False
    via: tuple[Subject, ...] = ()
    addressee: tuple[str, ...] = ()
    order: int = 0
    has_data: bool = False

    @property
    def mode(self) -> Mode:
        """Whether it is quoted."""
        if self.is_direct:
            return "direct"
        return "mixed" if self.quotes else "indirect"


def inner(passage: Passage, place: int) -> Span:
    """What stands between the marks of a quotation.

    Args:
        passage: The sentence.
        place: Number of its item.
    """
    item = passage.items[place]
    end = item.span.end if item.is_open else item.span.end - 1
    return Span(item.span.start + 1, max(item.span.start + 1, end))


def content_span(passage: Passage, first: int, last: int) -> Span:
    """Place of a content, without the marks around it.

    Args:
        passage: The sentence.
        first: First item.
        last: The item behind the last.
    """
    whole = passage.span(first, last)
    quotes = [at for at in range(first, last) if passage.is_quote(at)]
    if len(quotes) == last - first or (passage.is_quote(first) and passage.is_quote(last - 1)):
        return Span(inner(passage, first).start, inner(passage, last - 1).end)
    text, end = passage.page.text, whole.end
    while end < len(text) and text[end] in _TIED:
        end += 1
    return Span(whole.start, end)


def _is_name(passage: Passage, place: int) -> bool:
    """Whether a quotation is the name of somebody in marks."""
    is_short = len(passage.items[place].low.split()) <= _NAME_WORDS
    start = passage.items[place].span.start + 1
    is_capital = passage.page.shadow[start : start + 1].isupper()
    return passage.named[place] is not None and is_short and is_capital


def quoted_spans(passage: Passage, first: int, last: int) -> tuple[Span, ...]:
    """What stands between marks in some items; a name in marks is no quotation.

    Args:
        passage: The sentence.
        first: First item.
        last: The item behind the last.
    """
    return tuple(
        inner(passage, at)
        for at in range(first, last)
        if passage.is_quote(at) and not _is_name(passage, at)
    )
