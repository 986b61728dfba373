"""Words of comparison: "than in 2021", "from 14.5 billion to 8.9 billion", "between"."""

from __future__ import annotations

import re
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Page, Span
from entrepot.press.language import LEXICON

_LEFT = 45  # characters before a period or an amount in which such words stand
_BEFORE_AMOUNTS = frozenset({"base_amount", "base_before", "reached"})
_GOES_ON = re.compile(r"\s+(?:on\b|onwards?|to\b|until|through|bis\b|an\b|auf\b|по\b|до\b)")


@cache
def lead(language: Language, kind: str) -> re.Pattern[str]:
    """Words of one kind at the end of what stands before a period or an amount.

    Args:
        language: Language of the text.
        kind: Kind of the list of comparisons, e.g. ``base_amount``.

    Example:
        >>> bool(lead("en", "base_amount").search("to 8.9 billion euros from about "))
        True
    """
    columns = ("language", "kind", "pattern", "source")
    rows = read_rows("comparisons.csv", columns, LEXICON)
    words = {(row["language"], row["kind"]): row["pattern"] for row in rows}
    about = words[language, "about"] if kind in _BEFORE_AMOUNTS else "(?!)"
    pattern = rf"(?<![\w-])(?:{words[language, kind]})\s+(?:(?:{about})\s+)?$"
    return re.compile(pattern, re.IGNORECASE)


def follows(text: str, words: Span, language: Language, kind: str) -> bool:
    """Whether a period or an amount stands right behind words of a kind.

    Args:
        text: The text.
        words: The period or the amount.
        language: Language of the text.
        kind: Kind of the list of comparisons.
    """
    left = text[max(0, words.start - _LEFT) : words.start]
    return lead(language, kind).search(left.replace("\n", " . ")) is not None


def is_compared(page: Page, words: Span) -> bool:
    """Whether a text names a period as one that another is compared with: than in 2021.

    Args:
        page: The text.
        words: The period.
    """
    if _GOES_ON.match(page.shadow, words.end):
        return False
    return follows(page.shadow, words, page.language, "base_period")
