"""Quantities in an article that somebody could check, each with its unit and how exact it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from entrepot.press.article import Language, Page, Span
from entrepot.press.figure_context import change, comparison
from entrepot.press.figure_sharing import Amounts, with_units
from entrepot.press.figure_units import Measure, measure
from entrepot.press.figure_words import (
    WholeWord,
    WordKind,
    directions,
    excluded,
    group_number,
    whole_words,
)
from entrepot.press.numbers import Numeral, numerals
from entrepot.press.period_words import period_words
from entrepot.press.stretches import Stretch, stretches
from entrepot.press.told import Comparison, Figure, FigureKind

_OUT_OF: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"(?: [^\W\d]+)? (?:in|out of) (?:every )?"),
    "de": re.compile(r" (?:von|aus) (?:den )?"),
    "ru": re.compile(r" из (?:кажд\w+ )?"),
}
_LISTED = r"(?:,| and| und| и|, and| or| oder| или) ?"
_OR = r",? (?:or|oder|или|that is|то есть) "
_MOST_PARTS = 100  # "one in 250" is a share; "one in 2022" is not
_LIST_LINE = re.compile(r"[–•*·-]? ?[^\W\d][^:\d]{0,40}(?:: | [–-] )")
_LONGEST_LIST = 40  # lines
_LONGEST_ITEM = 120  # characters of one line of a list


def figures(page: Page) -> tuple[Figure, ...]:
    """Find the figures of an article.

    Args:
        page: Its text.

    Returns:
        In order, none overlapping another. Dates, clock times, ages, numbers in names and in
        titles of acts are no figures; a fall is a negative ``percent_change``.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("Exports from Kazakhstan fell by 5% to over $10 billion in 2022.")
        >>> [(f.span.of(page.text), f.value, f.comparison, f.unit) for f in figures(page)]
        [('5%', -5.0, '=', '%'), ('over $10 billion', 10000000000.0, '>', 'USD')]
    """
    found: list[Figure] = []
    earlier, paragraph = Amounts(), -1
    for stretch in stretches(page):
        if stretch.paragraph != paragraph:
            earlier, paragraph = Amounts(), stretch.paragraph
        here, earlier = _of_stretch(page, stretch, earlier)
        found.extend(here)
    return tuple(found)


def _of_stretch(page: Page, stretch: Stretch, earlier: Amounts) -> tuple[list[Figure], Amounts]:
    text, language, sentence = page.shadow, page.language, stretch.span
    times = [words.span for words in period_words(text, sentence, language)]
    masks = [*times, *_masks(text, sentence, language)]
    wholes = _wholes(text, sentence, language, masks)
    taken = masks + [span for span, _ in wholes]
    numbers = [
        numeral
        for numeral in numerals(text, sentence, language)
        if not any(numeral.span.meets(span) for span in taken)
    ]
    parts, numbers = _parts(text, numbers, language)
    measures, later = with_units(
        text,
        sentence,
        [(numeral, measure(text, sentence, numeral, language)) for numeral in numbers],
        language,
        earlier,
    )
    reader = _Reader(page, stretch, times)
    made = [reader.of_measure(entry, measures[:at]) for at, entry in enumerate(measures)]
    made += [reader.of_words(span, word) for span, word in wholes]
    made += [reader.of_part(span, value) for span, value in parts]
    return _apart(made, sentence), later


def _masks(text: str, sentence: Span, language: Language) -> list[Span]:
    matches = excluded(language).finditer(text, sentence.start, sentence.end)
    return [Span(match.start(), match.end()) for match in matches]


def _wholes(
    text: str, sentence: Span, language: Language, masks: Sequence[Span]
) -> list[tuple[Span, WholeWord]]:
    pattern, words = whole_words(language)
    found = []
    for match in pattern.finditer(text, sentence.start, sentence.end):
        span = Span(match.start(), match.end())
        if not any(span.meets(mask) for mask in masks):
            found.append((span, words[group_number(match)]))
    return found


def _parts(
    text: str, numbers: Sequence[Numeral], language: Language
) -> tuple[list[tuple[Span, float]], list[Numeral]]:
    """Take out shares told by two numbers: one in five, drei von zehn."""
    parts, left, at = [], [], 0
    while at < len(numbers):
        one, other = numbers[at], numbers[min(at + 1, len(numbers) - 1)]
        between = text[one.span.end : other.span.start]
        if (
            one.value < other.value <= _MOST_PARTS
            and not other.is_ordinal
            and not one.is_scaled
            and text[other.span.end : other.span.end + 1] != "%"
            and _OUT_OF[language].fullmatch(between)
        ):
            parts.append((Span(one.span.start, other.span.end), 100 * one.value / other.value))
            at += 2
        else:
            left.append(one)
            at += 1
    return parts, left


class _Reader:
    """Makes the figures of one sentence."""

    def __init__(self, page: Page, stretch: Stretch, times: Sequence[Span]) -> None:
        self.page, self.times = page, times
        self.sentence, self.paragraph = stretch.span, stretch.paragraph

    def of_measure(self, entry: Measure, before: Sequence[Measure]) -> Figure:
        """A number with its unit."""
        kind, value, sign = self._kind(entry.span, entry.kind, entry.value, before)
        return self._figure(entry.span, value, sign or entry.comparison, (entry.unit, kind), entry)

    def of_words(self, span: Span, word: WholeWord) -> Figure:
        """Words that are a figure: doubled, a third."""
        as_kind: WordKind = "percent" if word.kind == "share" else word.kind
        kind, value, sign = self._kind(span, as_kind, word.value, ())
        unit = {"ratio": "ratio", "rank": "rank"}.get(kind, "%")
        return self._figure(span, value, sign or word.comparison, (unit, kind))

    def of_part(self, span: Span, value: float) -> Figure:
        """A share told by two numbers."""
        kind, value, sign = self._kind(span, "share", value, ())
        return self._figure(span, value, sign, ("%", kind))

    def _kind(
        self, span: Span, kind: WordKind, value: float, before: Sequence[Measure]
    ) -> tuple[FigureKind, float, Comparison | None]:
        text, language = self.page.shadow, self.page.language
        sign, whole = comparison(text, self.sentence, span, language)
        if kind != "percent":
            return kind, value, sign
        direction = change(text, self.sentence, whole, language)
        if direction is None:
            direction = self._direction_of_neighbour(whole, before)
        if direction is None and self._is_line_of_changes(span):
            direction = 1.0
        if direction is None:
            return "share", value, sign
        return "percent_change", direction * value, sign

    def _direction_of_neighbour(self, span: Span, before: Sequence[Measure]) -> float | None:
        """A change said in money before, or the first of a list, says for all.

        Grew by $5 billion, or 20 percent; grew by 310, 140 and 95 percent.
        """
        if before and re.fullmatch(_OR, self._between(before[-1], span)):
            return self._direction(before[-1], before[:-1])
        before = [entry for entry in before if entry.kind == "percent"]
        if not before:
            return None
        between = self._between(before[-1], span)
        if not re.fullmatch(_LISTED, between) and not re.search(r"\bна\s*$", between):
            return None
        return self._direction(before[-1], before[:-1])

    def _between(self, entry: Measure, span: Span) -> str:
        return self.page.shadow[entry.span.end : span.start]

    def _direction(self, entry: Measure, before: Sequence[Measure]) -> float | None:
        text, language = self.page.shadow, self.page.language
        whole = comparison(text, self.sentence, entry.span, language)[1]
        direction = change(text, self.sentence, whole, language)
        return self._direction_of_neighbour(whole, before) if direction is None else direction

    def _is_line_of_changes(self, span: Span) -> bool:
        """Whether the sentence is a line of a list whose heading speaks of growth."""
        text, before = self.page.shadow, self.sentence.start
        if _LIST_LINE.fullmatch(text[before : span.start]) is None:
            return False
        first = max(0, self.paragraph - _LONGEST_LIST)
        for paragraph in reversed(self.page.paragraphs[first : self.paragraph]):
            words = paragraph.of(text)
            if words.rstrip().endswith(":"):
                return directions(self.page.language, "any").search(words) is not None
            if len(words) > _LONGEST_ITEM:
                return False
        return False

    def _figure(
        self,
        span: Span,
        value: float,
        sign: Comparison | None,
        unit: tuple[str, FigureKind],
        entry: Measure | None = None,
    ) -> Figure:
        whole = comparison(self.page.shadow, self.sentence, span, self.page.language)[1]
        return Figure(
            whole,
            value,
            sign or "=",
            unit[0],
            unit[1],
            entry.what if entry else "",
            self._when(whole),
        )

    def _when(self, span: Span) -> str:
        """The period named nearest in the sentence."""
        nearest = min(
            self.times,
            key=lambda time: max(time.start - span.end, span.start - time.end),
            default=None,
        )
        return nearest.of(self.page.text) if nearest else ""


def _apart(found: list[Figure], sentence: Span) -> list[Figure]:
    """Of two figures that overlap keep the longer one."""
    kept: list[Figure] = []
    taken = bytearray(sentence.end - sentence.start)
    for figure in sorted(found, key=lambda f: f.span.start - f.span.end):
        start, end = figure.span.start - sentence.start, figure.span.end - sentence.start
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append(figure)
    return sorted(kept, key=lambda f: f.span)
