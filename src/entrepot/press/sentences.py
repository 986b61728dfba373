"""Sentences of a paragraph; what stands between quote marks does not end one."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Quotation, Span
from entrepot.press.language import LEXICON

# Both begin where a run of marks does and never go back: a line of marks costs no more.
_END = re.compile("(?<![.!?…])[.!?…]++[)\\]»«›‹“”\"’']*+(?=\\s)")
_NEXT = re.compile('\\s++[\\[(«„“”»"‘]*+([^\\W\\d_]+|\\d)')
_LAST_WORD = re.compile('[^\\s(«„“"–]+$')
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_LONGEST_ABBREVIATION = 24
# Names of currencies behind an amount: they go on with it, though they are capitals.
_GOES_ON = frozenset(("США", "U", "US", "Euro", "Euros", "Канады"))


@cache
def _abbreviations(language: Language) -> dict[str, str]:
    rows = read_rows("abbreviations.csv", ("language", "kind", "words", "source"), LEXICON)
    return {
        word: row["kind"]
        for row in rows
        if row["language"] == language
        for word in row["words"].split()
    }


@cache
def _starters(language: Language) -> frozenset[str]:
    """Words that begin sentences and no names."""
    rows = read_rows("page_words.csv", ("kind", "language", "words", "source"), LEXICON)
    is_wanted = [row["kind"] == "starter" and row["language"] == language for row in rows]
    known = [row["words"] for row, wanted in zip(rows, is_wanted, strict=True) if wanted]
    return frozenset(" ".join(known).split())


def sentences(
    text: str,
    paragraphs: tuple[Span, ...],
    quotes: tuple[Quotation, ...],
    language: Language,
) -> tuple[Span, ...]:
    """Split paragraphs into sentences.

    Args:
        text: The text, or its shadow.
        paragraphs: Paragraphs, in order.
        quotes: What stands between quote marks.
        language: Whose abbreviations do not end a sentence.

    Returns:
        Sentences in order, without the space around them.

    Example:
        >>> words = 'Trade grew to $1.5 bn. "It is so. Really," he said.'
        >>> whole = (Span(0, len(words)),)
        >>> from entrepot.press.quotation import quotations
        >>> [s.of(words) for s in sentences(words, whole, quotations(words, whole), "en")]
        ['Trade grew to $1.5 bn.', '"It is so. Really," he said.']
    """
    closed = _outermost(quotes)
    starts = [span.start for span in closed]
    found: list[Span] = []
    for paragraph in paragraphs:
        first = max(0, bisect_right(starts, paragraph.start) - 1)
        near = closed[first : bisect_right(starts, paragraph.end)]
        start = paragraph.start
        for end in _ends(text, paragraph, near, language):
            found.append(_stripped(text, Span(start, end)))
            start = end
        found.append(_stripped(text, Span(start, paragraph.end)))
    return tuple(span for span in found if span.start < span.end)


def _outermost(quotes: tuple[Quotation, ...]) -> list[Span]:
    """What stands between closed marks, in order; what stands inside another is left out."""
    found: list[Span] = []
    for quote in sorted(quotes, key=lambda one: one.inner):
        if not quote.is_open and (not found or quote.inner.start >= found[-1].end):
            found.append(quote.inner)
    return found


def _ends(text: str, paragraph: Span, quoted: list[Span], language: Language) -> list[int]:
    ends: list[int] = []
    at = 0
    for stop in _END.finditer(text, paragraph.start, paragraph.end):
        following = _NEXT.match(text, stop.end(), paragraph.end)
        if following is None or following[1][0].islower():
            continue
        while at < len(quoted) and quoted[at].end < stop.end():
            at += 1
        if at < len(quoted) and quoted[at].start <= stop.start():
            continue
        before = text[max(paragraph.start, stop.start() - _LONGEST_ABBREVIATION) : stop.start()]
        is_initial = len(following[1]) == 1 and text[following.end() : following.end() + 1] == "."
        begins = "" if is_initial else following[1]
        if stop.group() != "." or not _goes_on(before, begins, language):
            ends.append(stop.end())
    return ends


def _goes_on(before: str, following: str, language: Language) -> bool:
    """Whether a full stop belongs to the word before it, so that the sentence goes on."""
    found = _LAST_WORD.search(before)
    word = found.group() if found else ""
    is_start = following.lower() in _starters(language)
    if language == "de" and word.isdigit() and len(word) <= 2:
        return not is_start  # 20. Juni, 11. Sanktionspaket
    if _INITIALS.fullmatch(word) and word[0].isupper():
        return not is_start  # N. Sadyrbajew, U.S. President
    known = _abbreviations(language)
    kind = known.get(word) or known.get(word.lower())
    if kind == "joins":
        return not is_start
    if following.isdigit():
        return kind is not None
    if kind == "unit":
        return following in _GOES_ON
    return kind == "words" and not is_start and not _is_year(before, word)


def _is_year(before: str, word: str) -> bool:
    """Whether г. stands behind a year: then a capital begins a sentence."""
    return word in ("г", "гг") and before.rstrip(".г ")[-4:].isdigit()


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    lead = len(words) - len(words.lstrip())
    return Span(span.start + lead, span.start + max(lead, len(words.rstrip())))
