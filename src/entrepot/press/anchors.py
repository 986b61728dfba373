"""Words on which a claim about trade hangs: trade, exports, to supply, partner; what they do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Page, Span
from entrepot.press.language import LEXICON
from entrepot.press.told import Figure

Role = Literal["noun", "sends", "takes", "moves", "partner", "supplier", "customer"]
RANKED = frozenset({"partner", "supplier", "customer"})
_BEFORE = 45  # characters in which "largest" belongs to the partner behind it
_GAP = 14


@dataclass(frozen=True, slots=True)
class Anchor:
    """One such word.

    Args:
        span: The word.
        flow: ``export``, ``import``, ``trade`` or ``re-export``.
        role: ``noun``; a verb that the exporter does (``sends``), the importer (``takes``) or the
            goods (``moves``); or whom a rank is about (``partner``, ``supplier``, ``customer``).
    """

    span: Span
    flow: str
    role: str


@cache
def _patterns(language: Language) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    columns = ("language", "flow", "role", "pattern", "source")
    flags = re.NOFLAG if language == "de" else re.IGNORECASE
    return tuple(
        (row["flow"], row["role"], re.compile(rf"(?<![\w-])(?:{row['pattern']})(?!\w)", flags))
        for row in read_rows("anchors.csv", columns, LEXICON)
        if row["language"] == language
    )


@cache
def _rows() -> dict[tuple[str, str], str]:
    columns = ("language", "kind", "pattern", "source")
    rows = read_rows("asserted.csv", columns, LEXICON)
    return {(row["language"], row["kind"]): row["pattern"] for row in rows}


@cache
def word_of(language: Language, kind: str) -> re.Pattern[str]:
    """Words of one kind, anywhere.

    Args:
        language: Language of the text.
        kind: Kind of the list of asserting words, e.g. ``denied``.

    Example:
        >>> bool(word_of("de", "denied").search("liefert keine Drohnen"))
        True
    """
    return re.compile(rf"(?<!\w)(?:{_rows()[language, kind]})(?!\w)", re.IGNORECASE)


@cache
def lead_of(language: Language, kind: str) -> re.Pattern[str]:
    """Words of one kind at the end of what stands before a name, an adjective between them.

    Args:
        language: Language of the text.
        kind: Kind of the list of asserting words, e.g. ``source``.

    Example:
        >>> bool(lead_of("en", "source").search("imports from neighbouring "))
        True
    """
    endings = "en|er|es|ed|ing|ых|их|ой|ую|ые"
    pattern = rf"(?<!\w)(?:{_rows()[language, kind]})\s+(?:\w+(?:{endings})?\s+)?$"
    return re.compile(pattern, re.IGNORECASE)


def anchors(page: Page, sentence: Span) -> tuple[Anchor, ...]:
    """Find the words a sentence's claims hang on.

    Args:
        page: The page.
        sentence: One of its sentences.

    Returns:
        Anchors in order; of those that overlap the longer one.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("Exports to Russia fell while trade with Turkey grew.")
        >>> [(one.flow, one.role) for one in anchors(page, page.sentences[0])]
        [('export', 'noun'), ('trade', 'noun')]
    """
    found = [
        Anchor(Span(*match.span()), flow, role)
        for flow, role, pattern in _patterns(page.language)
        for match in pattern.finditer(page.shadow, sentence.start, sentence.end)
        if match.end() > match.start()
    ]
    kept: list[Anchor] = []
    for one in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
        elif one.span.end - one.span.start > kept[-1].span.end - kept[-1].span.start:
            kept[-1] = one
    return tuple(kept)


def superlatives(
    page: Page, sentence: Span, found: tuple[Anchor, ...], figures: tuple[Figure, ...]
) -> list[Figure]:
    """Ranks that are told without a number: the largest partner is the first.

    Args:
        page: The page.
        sentence: One of its sentences.
        found: Its anchors.
        figures: Its figures; a rank among them is not told twice.

    Returns:
        Figures of rank 1; none for one of several.
    """
    made = []
    for anchor in found:
        if anchor.role not in RANKED:
            continue
        span = _superlative(page, sentence, anchor)
        if span is None:
            continue
        reach = Span(span.start - 12, span.end)
        if not any(figure.kind == "rank" and figure.span.meets(reach) for figure in figures):
            made.append(Figure(span, 1.0, "=", "rank", "rank"))
    return made


def _superlative(page: Page, sentence: Span, anchor: Anchor) -> Span | None:
    """From "largest" to the partner; nothing where it is one of several."""
    text, language = page.shadow, page.language
    begin = max(sentence.start, anchor.span.start - _BEFORE)
    matches = list(word_of(language, "superlative").finditer(text, begin, anchor.span.start))
    if not matches or anchor.span.start - matches[-1].end() > _GAP:
        return None
    start = matches[-1].start()
    around = text[max(sentence.start, start - 22) : start + 4]
    behind = text[anchor.span.end : anchor.span.end + 16].strip()
    several = word_of(language, "several")
    if word_of(language, "one_of").search(around) or several.match(behind):
        return None
    if several.search(text[max(sentence.start, start - 12) : start]):
        return None
    return Span(start, anchor.span.end)


def is_ranked(anchor: Anchor | None) -> bool:
    """Whether an anchor is a partner, supplier or customer.

    Args:
        anchor: An anchor.
    """
    return anchor is not None and anchor.role in RANKED
