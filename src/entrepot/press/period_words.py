"""Words for periods: where a text names a year, a quarter, some months, a stretch since a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON

_CALENDAR = ("language", "role", "value", "pattern", "source")
_ROLES = {"m": "month", "m2": "month", "q": "order", "q2": "order", "n": "count"}


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """Words that name a period, not yet put on a calendar.

    Args:
        span: The words.
        meaning: Rule that says what they mean: ``year``, ``first_months`` …
        year: First year they name, or nothing.
        last_year: Second year they name, or nothing.
        number: Month, quarter, half or count they name, or nothing.
        last_number: Last month of a row of months, or nothing.
        first_year: Year of the first of two months, where it has one of its own.
        day: Day of the month, or nothing.
        relative: Words such as ``of last year`` in place of a year; may be empty.
    """

    span: Span
    meaning: str
    year: int | None = None
    last_year: int | None = None
    number: int | None = None
    last_number: int | None = None
    first_year: int | None = None
    day: int | None = None
    relative: str = ""


def period_words(text: str, span: Span, language: Language) -> list[PeriodWords]:
    """Find the words for periods in a stretch of text.

    Args:
        text: The text, or its shadow.
        span: Where to look.
        language: Its language.

    Returns:
        In order, none overlapping another; of two that overlap, the longer one.

    Example:
        >>> words = "Trade grew in the first nine months of 2023, year on year."
        >>> [(w.span.of(words), w.meaning) for w in period_words(words, Span(0, 58), "en")]
        [('in the first nine months of 2023', 'first_months'), ('year on year', 'same_before')]
    """
    found = [
        (match.start() - match.end(), order, match)
        for order, (_, pattern) in enumerate(_patterns(language))
        for match in pattern.finditer(text, span.start, span.end)
    ]
    taken: list[Span] = []
    words = []
    for _, order, match in sorted(found, key=lambda entry: (entry[0], entry[1])):
        place = Span(match.start(), match.end())
        if not any(place.meets(other) for other in taken):
            taken.append(place)
            words.append(_words(match, _patterns(language)[order][0], language))
    return sorted(words, key=lambda entry: entry.span)


@cache
def _patterns(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_rows("period_words.csv", ("language", "meaning", "pattern", "source"), LEXICON)
    return tuple(
        (row["meaning"], re.compile(_filled(row["pattern"], language), re.IGNORECASE))
        for row in rows
        if row["language"] == language
    )


def _filled(pattern: str, language: Language) -> str:
    """Put years, months and counts in place of the names in braces."""
    year = r"(?:19|20)\d\d"
    for name in ("y0", "y2", "y"):
        pattern = pattern.replace(f"{{{name}}}", f"(?P<{name}>{year})")
    for name, role in _ROLES.items():
        words = "|".join(f"(?:{text})" for _, text in _calendar(language, role))
        if role == "count":
            words = rf"\d{{1,3}}|{words}"
        pattern = pattern.replace(f"{{{name}}}", rf"(?P<{name}>(?:{words})(?!\w))")
    pattern = pattern.replace("{d}", r"(?P<d>\d{1,2})")
    return rf"(?<![\w-])(?:{_numbered(pattern)})(?![\w])"


def _numbered(pattern: str) -> str:
    """Give a group that stands in two alternatives a second name: ``d`` and ``d_1``."""
    seen: dict[str, int] = {}

    def named(match: re.Match[str]) -> str:
        name = match.group(1)
        seen[name] = seen.get(name, -1) + 1
        return f"(?P<{name}{'_' + str(seen[name]) if seen[name] else ''}>"

    return re.sub(r"\(\?P<(\w+)>", named, pattern)


@cache
def _calendar(language: Language, role: str) -> tuple[tuple[int, str], ...]:
    rows = read_rows("calendar_words.csv", _CALENDAR, LEXICON)
    return tuple(
        (int(row["value"]), row["pattern"])
        for row in rows
        if row["language"] == language and row["role"] == role
    )


def _words(match: re.Match[str], meaning: str, language: Language) -> PeriodWords:
    groups = {name.split("_")[0]: text for name, text in match.groupdict().items() if text}

    def number(*names: str) -> int | None:
        for name in names:
            if name in groups:
                return _number(groups[name], _ROLES[name], language)
        return None

    years = [int(groups[name]) if name in groups else None for name in ("y", "y2", "y0")]
    return PeriodWords(
        Span(match.start(), match.end()),
        meaning,
        years[0],
        years[1],
        number("m", "q", "q2", "n"),
        number("m2"),
        years[2],
        int(groups["d"]) if "d" in groups else None,
        groups.get("rel", ""),
    )


@cache
def _number(word: str, role: str, language: Language) -> int | None:
    if role == "count" and word.isdigit():
        return int(word)
    for value, pattern in _calendar(language, role):
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return value
    return None
