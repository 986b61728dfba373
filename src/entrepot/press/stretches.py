"""Sentences as figures and periods are looked for in them: with their paragraph, and never long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from entrepot.press.article import Page, Span

# Characters; a longer sentence is no prose but a table or a dump, and is cut at a space.
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence, or a piece of one that is too long.

    Args:
        span: Its characters.
        paragraph: Number of its paragraph in the page.
    """

    span: Span
    paragraph: int


def stretches(page: Page) -> Iterator[Stretch]:
    """Go through the sentences of a page.

    Args:
        page: Its text.

    Yields:
        The sentences in order, long ones in pieces.
    """
    at = 0
    for sentence in page.sentences:
        while at + 1 < len(page.paragraphs) and page.paragraphs[at].end <= sentence.start:
            at += 1
        for piece in _pieces(page.shadow, sentence):
            yield Stretch(piece, at)


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        end = space if space > start else start + LONGEST
        yield Span(start, end)
        start = end
    yield Span(start, sentence.end)
