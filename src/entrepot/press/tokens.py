"""Words of a text, each with its place; a word is what stands between spaces and hyphens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from entrepot.press.article import Span

_SITES = "kg|uz|kz|ru|tj|com|net|org|am|ge|by|ua|tr|az|de|eu|media|info"
_TOKEN = re.compile(
    r"(?P<word>(?:[A-ZА-ЯЁ]\.)+[A-ZА-ЯЁ](?![^\W_])"  # U.S, F.A.Z
    rf"|[^\W_]+\.(?:{_SITES})(?![^\W_])"
    r"|[^\W_]+(?:['’](?!s(?![^\W_]))[^\W_]+)*)"
    r"(?P<own>['’]s(?![^\W_])|(?<=s)['’](?![^\W_]))?",
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word.

    Args:
        span: The word, without a possessive ending.
        text: The word.
        low: The word in small letters.
        is_possessive: Whether ``'s`` or ``'`` follows.
        gap: What stands between it and the word before.
    """

    span: Span
    text: str
    low: str
    is_possessive: bool
    gap: str

    @property
    def is_capital(self) -> bool:
        """Whether its first letter is a capital."""
        return self.text[0].isupper()

    @property
    def is_attached(self) -> bool:
        """Whether nothing but a space, a hyphen or a closing quote mark stands before it."""
        return self.is_near or self.gap in {"» ", "” ", '" ', "“ "}

    @property
    def is_near(self) -> bool:
        """Whether only a space or a hyphen parts it from the word before."""
        return self.gap in {" ", "-", "  "}


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Find the words of a text or of a part of it.

    Args:
        text: The text, or its shadow.
        start: First code point to look at.
        end: The one behind the last; the end of the text where it is left out.

    Returns:
        Words in order.

    Example:
        >>> [(t.text, t.is_possessive) for t in tokens("Kazakhstan's U.S.-born envoy")]
        [('Kazakhstan', True), ('U.S', False), ('born', False), ('envoy', False)]
    """
    found: list[Token] = []
    last = start
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match["word"]
        span = Span(match.start("word"), match.end("word"))
        gap = text[last : span.start]
        found.append(Token(span, word, word.lower(), match["own"] is not None, gap))
        last = match.end()
    return tuple(found)
