"""From a page to its article: furniture set aside with a reason, paragraphs and sentences found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entrepot.press.article import Dropped, Page, Quotation, Span
from entrepot.press.furniture import reasons
from entrepot.press.language import language_of
from entrepot.press.quotation import quotations
from entrepot.press.sentences import sentences
from entrepot.press.shadow import one_line_end, shadow

_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile("[.!?…:;,–][)\\]»“”\"’']*\\s*$")
_TAIL = 24  # characters of a line that show how it ends
# An editor's sign behind the last full stop of an agency's report: ``./kr/DP/mis``.
_SIGN = re.compile('(?<=[.!?»“”"])\\s?/[a-z]{2,4}(?:/[A-Za-z]{2,4}){1,3}$')
_SIGN_LENGTH = 24


def read_page(text: str) -> tuple[Page, tuple[Quotation, ...]]:
    r"""Find the article in a text.

    Args:
        text: The text; line ends may be of any kind.

    Returns:
        The page, and what stands between quote marks in it.

    Example:
        >>> page, _ = read_page("225\nASTANA – Trade grew. It did.\n\nLeave a Reply\n")
        >>> [s.of(page.text) for s in page.sentences], [d.reason for d in page.dropped]
        (['ASTANA – Trade grew.', 'It did.'], ['share count', 'comment form'])
    """
    plain = one_line_end(text)
    searched = shadow(plain)
    lines = [_stripped(searched, found) for found in _LINE.finditer(searched)]
    lines = [line for line in lines if line.start < line.end]
    told = reasons([line.of(searched) for line in lines])
    dropped = [Dropped(line, why) for line, why in zip(lines, told, strict=True) if why]
    kept = [line for line, why in zip(lines, told, strict=True) if not why]
    if kept:
        kept[-1], signs = _without_sign(searched, kept[-1])
        dropped = sorted((*dropped, *signs), key=lambda one: one.span)
    paragraphs = tuple(_joined(searched, kept))
    language = language_of(searched)
    quotes = quotations(searched, paragraphs)
    found = sentences(searched, paragraphs, quotes, language)
    return Page(plain, searched, language, paragraphs, found, tuple(dropped)), quotes


def _stripped(text: str, found: re.Match[str]) -> Span:
    words = found.group()
    start = found.start() + len(words) - len(words.lstrip())
    return Span(start, found.start() + len(words.rstrip()))


def _without_sign(text: str, line: Span) -> tuple[Span, tuple[Dropped, ...]]:
    """The last line without the sign of its editors."""
    start = max(line.start, line.end - _SIGN_LENGTH)
    found = _SIGN.search(text[start : line.end])
    if found is None:
        return line, ()
    at = start + found.start() + len(found.group()) - len(found.group().lstrip())
    return Span(line.start, at), (Dropped(Span(at, line.end), "agency sign"),)


def _joined(text: str, lines: Sequence[Span]) -> list[Span]:
    """Put lines together that break in the middle of a sentence."""
    paragraphs: list[Span] = []
    for line in lines:
        before = paragraphs[-1] if paragraphs else None
        if before is not None and _goes_on(text, before, line):
            paragraphs[-1] = Span(before.start, line.end)
        else:
            paragraphs.append(line)
    return paragraphs


def _goes_on(text: str, before: Span, line: Span) -> bool:
    gap = text[before.end : line.start]
    return (
        gap.count("\n") == 1
        and not _SENTENCE_END.search(text[max(before.start, before.end - _TAIL) : before.end])
        and text[line.start].islower()
    )
