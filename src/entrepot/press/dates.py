"""Days a text names, and the year of a day whose year it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON

_COLUMNS = ("kind", "language", "number", "words", "source")
_FIRST_YEAR = 2000  # no article read here is older
_NUMERIC = re.compile(
    r"(?<![\d.])(?:(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)"
    r"|(?P<y2>(?:19|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d))(?!\d)"
)
_YEAR = re.compile(r"(?<![\d.,№/-])(?:19|20)\d\d(?![\d.,]*\d)(?!\s*%)")
_AHEAD = re.compile(  # words before a year that may lie ahead
    r"(?:\b(?:by|until|till|to|before|for|bis|ab|vor|до|к|на|until the end of|bis ende|до конца)"
    r"(?:\s+(?:the|end|ende|zum|of|jahr|early|late|mid|конца|началу|концу))*\s*)$",
    re.IGNORECASE,
)
_AFTER_WEEKDAY = {"next", "last", "coming", "nächsten", "kommenden", "vergangenen", "letzten"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a text writes it.

    Args:
        span: Its words.
        day: Day of the month.
        month: Month.
        year: Year; ``None`` where the text does not say.
    """

    span: Span
    day: int
    month: int
    year: int | None

    @property
    def edtf(self) -> str:
        """The day in EDTF; ``XXXX`` for a year that is open."""
        year = "XXXX" if self.year is None else f"{self.year:04d}"
        return f"{year}-{self.month:02d}-{self.day:02d}"

    def of_year(self, year: int) -> date | None:
        """The day in a year.

        Args:
            year: The year.

        Returns:
            The day; ``None`` for 29 February of a year without it.
        """
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


@cache
def _numbers(kind: str, language: Language) -> dict[str, int]:
    return {
        word.lower(): int(row["number"])
        for row in read_rows("days.csv", _COLUMNS, LEXICON)
        if (row["kind"], row["language"]) == (kind, language)
        for word in row["words"].split()
    }


@cache
def _written(language: Language) -> re.Pattern[str]:
    names = sorted(_numbers("month", language), key=len, reverse=True)
    month = rf"(?P<month>{'|'.join(names)})\b\.?"
    year = r"(?:,?\s*(?P<year>(?:19|20)\d\d)(?!\d)(?:\s*(?:года|год|г\.|г\b))?)?"
    if language == "en":
        day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d.,]*\d)"
        other = r"(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?: of)?"
        second = month.replace("?P<month>", "?P<month2>")
        year2 = year.replace("<year>", "<year2>")
        first, last = rf"{month}\s+{day}{year}", rf"{other}\s+{second}{year2}"
        return re.compile(rf"(?<!\w)(?:{first}|{last})", re.IGNORECASE)
    stop = r"\.?" if language == "de" else ""
    return re.compile(rf"(?<![\w.,])(?P<day>\d{{1,2}}){stop}\s+{month}{year}", re.IGNORECASE)


def days(text: str, language: Language, start: int = 0, end: int | None = None) -> tuple[Day, ...]:
    """Find the days of a text.

    Args:
        text: The text, or its shadow.
        language: Its language.
        start: First code point to look at.
        end: The one behind the last; the end of the text where it is left out.

    Returns:
        Days that exist in some year, in order.

    Example:
        >>> [day.edtf for day in days("Astana, Jun 20 (EFE); 7 March 2022, 31 June", "en")]
        ['XXXX-06-20', '2022-03-07']
        >>> [day.edtf for day in days("10. Mrz, 14.02.2024", "de")]
        ['XXXX-03-10', '2024-02-14']
    """
    last = len(text) if end is None else end
    found = [_numeric(match) for match in _NUMERIC.finditer(text, start, last)]
    months = _numbers("month", language)
    for match in _written(language).finditer(text, start, last):
        parts = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
        year = int(parts["year"]) if "year" in parts else None
        month = months[parts["month"].lower()]
        found.append(Day(Span(*match.span()), int(parts["day"]), month, year))
    real = [day for day in found if day.month <= 12 and day.of_year(day.year or 2000) is not None]
    return tuple(sorted(real, key=lambda day: day.span))


def _numeric(match: re.Match[str]) -> Day:
    parts = {key.rstrip("2"): int(value) for key, value in match.groupdict().items() if value}
    if not 1 <= parts["m"] <= 12:
        return Day(Span(*match.span()), 99, 1, parts["y"])
    return Day(Span(*match.span()), parts["d"], parts["m"], parts["y"])


def weekdays(text: str, language: Language, start: int, end: int) -> tuple[tuple[Span, int], ...]:
    """Find weekdays that may be the day of the article: not the next and not the last one.

    Args:
        text: The text, or its shadow.
        language: Its language.
        start: First code point to look at.
        end: The one behind the last.

    Returns:
        Places, and weekdays counted from 0 for Monday.

    Example:
        >>> weekdays("next Monday, on Tuesday", "en", 0, 23)
        ((Span(start=16, end=23), 1),)
    """
    known = _numbers("weekday", language)
    found = []
    before = ""
    for word in re.finditer(r"[^\W\d_]+", text[start:end]):
        low = word.group().lower()
        is_named = word.group()[0].isupper() or language == "ru"
        if low in known and is_named and len(low) > 3 and not _is_other_week(before):
            span = Span(start + word.start(), start + word.end())
            found.append((span, known[low]))
        before = low
    return tuple(found)


def _is_other_week(before: str) -> bool:
    return before in _AFTER_WEEKDAY or before.startswith(("следующ", "будущ", "прошл", "минувш"))


def year_of(
    day: Day, weekday: int | None, on: date, possible: Iterable[tuple[date, date | None]]
) -> int | None:
    """Find the year of a day, where its weekday and other facts leave just one.

    Args:
        day: The day, its year open.
        weekday: Its weekday; without one the year stays open.
        on: Day by which the article was written.
        possible: Times it must lie in: terms of office of those it gives an office; the second day
            may be open.

    Returns:
        The year, or ``None``: a year is never guessed.

    Example:
        >>> june = Day(Span(0, 6), 20, 6, None)
        >>> year_of(june, 1, date(2024, 12, 31), [(date(2019, 3, 20), None)])
        2023
        >>> year_of(june, None, date(2024, 12, 31), [(date(2019, 3, 20), None)])
    """
    if weekday is None:
        return None
    times = list(possible)
    found = []
    for year in range(_FIRST_YEAR, on.year + 1):
        then = day.of_year(year)
        if then is None or then > on or then.weekday() != weekday:
            continue
        if all(first <= then and (last is None or then <= last) for first, last in times):
            found.append(year)
    return found[0] if len(found) == 1 else None


def years_behind(text: str, spans: Sequence[Span], on: date) -> int | None:
    """The latest year a text speaks of as begun: it was written in that year or later.

    Args:
        text: The text, or its shadow.
        spans: Parts of it to look at.
        on: Day by which it was written.

    Returns:
        The year; ``None`` where it names none. Years after "by" or "until" do not count.

    Example:
        >>> words = "Trade grew in 2022 and is to double by 2024."
        >>> years_behind(words, [Span(0, len(words))], date(2025, 1, 1))
        2022
    """
    found = [
        int(match.group())
        for span in spans
        for match in _YEAR.finditer(text, span.start, span.end)
        if not _AHEAD.search(text[max(span.start, match.start() - 30) : match.start()])
    ]
    return max((year for year in found if year <= on.year), default=None)
