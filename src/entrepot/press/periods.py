"""Periods a text names, as EDTF: ``2023-01/2023-09``, ``2022-02-24/..``, ``XXXX-09``.

What hangs on the day of the article ("last year") has ``XXXX`` for its year where the article does
not give one; a year is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from entrepot.press.article import Metadata, Page, Span
from entrepot.press.comparisons import is_compared
from entrepot.press.period_words import PeriodWords, period_words
from entrepot.press.stretches import stretches

# The full-scale invasion of Ukraine; "since the war" means this day in the press of 2022 and later.
INVASION = "2022-02-24"
DAY_BEFORE_INVASION = "2022-02-23"
_BASELINES = frozenset({"same_before", "years_before"})
_ANAPHORIC = _BASELINES | {"same_period"}
# Periods that "than" or "compared with" before them makes a base.
_STATED = frozenset(
    {"year", "years", "month", "month_span", "quarter", "half", "first_months", "since_year"}
)
_DATE = re.compile(r"(\d{4}|XXXX)(?:-(\d\d))?(?:-(\d\d))?")
_SOON = 3  # months: "in November", said in October, is more often the one to come
_THIS = re.compile(r"this|current|dies|laufend|этого|текущего|нынешнего|с\.г", re.IGNORECASE)
_LAST_MONTHS = {"quarter": 3, "half": 6}


class Period(NamedTuple):
    """A period where the text names it.

    Args:
        span: The words.
        interval: EDTF.
    """

    span: Span
    interval: str


@dataclass(frozen=True, slots=True)
class _Day:
    """The day of the article as far as it is known."""

    year: int | None
    month: int | None

    def ago(self, years: int) -> str:
        return "XXXX" if self.year is None else f"{self.year - years:04d}"

    def year_of_month(self, month: int) -> str:
        """The year of the last such month; open where it may as well be one of the next months."""
        if self.year is None or self.month is None:
            return "XXXX"
        if 0 < month - self.month <= _SOON:
            return "XXXX"
        return self.ago(0 if month <= self.month else 1)

    def now(self) -> str:
        """The article's month, as the end of what still goes on; open where it is not known."""
        if self.year is None or self.month is None:
            return ".."
        return f"{self.year:04d}-{self.month:02d}"


def periods(page: Page, metadata: Metadata) -> tuple[Period, ...]:
    """Find the periods a text names.

    Args:
        page: The text.
        metadata: Whose date says what "last year" is.

    Returns:
        In order; periods of comparison are among them, see :func:`baselines`.
    """
    return tuple(period for period, _ in _resolved(page, metadata))


def baselines(page: Page, metadata: Metadata) -> tuple[Period, ...]:
    """Find the periods with which another one is compared: a year earlier, im Vorjahr.

    Args:
        page: The text.
        metadata: Whose date says what "last year" is.

    Returns:
        Those of :func:`periods` that are named as comparison; each is the period named last
        before it, as many years earlier.
    """
    return tuple(period for period, is_baseline in _resolved(page, metadata) if is_baseline)


def _resolved(page: Page, metadata: Metadata) -> list[tuple[Period, bool]]:
    """Periods in order, each with whether it is a comparison."""
    day = _day(metadata.date)
    found: list[tuple[Period, bool]] = []
    named = ""
    for stretch in stretches(page):
        here = period_words(page.shadow, stretch.span, page.language)
        stated = [_interval(words, day) for words in here if words.meaning not in _ANAPHORIC]
        first = next((interval for interval in stated if interval), "")
        for words in here:
            is_baseline = words.meaning in _BASELINES
            if is_baseline:
                interval = _baseline(words, named or first)
            elif words.meaning == "same_period":
                interval = named
            else:
                interval = _interval(words, day)
                is_baseline = words.meaning in _STATED and is_compared(page, words.span)
                if is_baseline and words.meaning == "since_year":
                    interval = f"{words.year}"  # "по сравнению с 2021 годом" is no "since 2021"
                is_kept = is_baseline or words.meaning == "day"
                named = named if is_kept else interval or named
            if interval:
                found.append((Period(words.span, interval), is_baseline))
    return found


def _day(date: str | None) -> _Day:
    match = _DATE.match(date or "")
    if match is None:
        return _Day(None, None)
    year, month = match.group(1), match.group(2)
    return _Day(None if year == "XXXX" else int(year), int(month) if month else None)


def _baseline(words: PeriodWords, of: str) -> str:
    if words.year is not None:
        return _with_year(of, words.year)
    years = words.number or 1 if words.meaning == "years_before" else 1
    if not of or ".." in of:
        return "XXXX"
    return re.sub(r"\d{4}", lambda match: f"{int(match.group()) - years:04d}", of)


def _with_year(interval: str, year: int) -> str:
    years = re.findall(r"\d{4}", interval)
    if len(set(years)) != 1 or ".." in interval or "XXXX" in interval:
        return f"{year:04d}"
    return interval.replace(years[0], f"{year:04d}")


def _interval(words: PeriodWords, day: _Day) -> str:
    """EDTF of a period, or nothing where the words only measure time."""
    fixed = {
        "since_war": f"{INVASION}/{day.now()}",
        "before_war": f"../{DAY_BEFORE_INVASION}",
        "last_year": day.ago(1),
        "this_year": day.ago(0),
        "next_year": day.ago(-1),
        "year_to_date": f"{day.ago(0)}-01/{day.now()}",
        "years_ago": day.ago(words.number or 0),
        "stretch": "",
    }
    if words.meaning in fixed:
        return fixed[words.meaning]
    if words.meaning in {"last_month", "this_month", "last_quarter", "past_twelve"}:
        return _before(words.meaning, day)
    if words.meaning in {"year", "years", "since_year"}:
        return _of_years(words, day)
    return _of_months(words, day)


def _of_years(words: PeriodWords, day: _Day) -> str:
    if words.meaning == "years":
        return f"{words.year}/{words.last_year}"
    return f"{words.year}" if words.meaning == "year" else f"{words.year}/{day.now()}"


def _before(meaning: str, day: _Day) -> str:
    """Months and quarters counted back from the article's day."""
    if day.year is None or day.month is None:
        return "" if meaning == "past_twelve" else "XXXX-XX"
    at = day.year * 12 + day.month - 1
    if meaning == "last_quarter":
        first = at - at % 3 - 3
        return f"{_month(first)}/{_month(first + 2)}"
    if meaning == "past_twelve":
        return f"{_month(at - 12)}/{_month(at - 1)}"
    return _month(at - 1 if meaning == "last_month" else at)


def _month(number: int) -> str:
    """A month counted from the year 0."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _of_months(words: PeriodWords, day: _Day) -> str:
    first, last = _months(words)
    if not 1 <= first <= 12 or not 1 <= last <= 12:
        return ""
    year = _year(words, last if last >= first else first, day)
    if words.meaning == "day":
        return f"{year}-{first:02d}-{words.day or 0:02d}"
    if words.meaning == "since_day":
        return f"{year}-{first:02d}-{words.day or 0:02d}/{day.now()}"
    if words.meaning == "since_month":
        return f"{year}-{first:02d}/{day.now()}"
    if first == last and words.first_year is None:
        return f"{year}-{first:02d}"
    start = year if words.first_year is None else f"{words.first_year:04d}"
    return f"{start}-{first:02d}/{year}-{last:02d}"


def _months(words: PeriodWords) -> tuple[int, int]:
    number = words.number or 0
    if words.meaning == "first_months":
        return 1, number
    length = _LAST_MONTHS.get(words.meaning, 1)
    if length > 1:
        return (number - 1) * length + 1, number * length
    return number, words.last_number or number


def _year(words: PeriodWords, month: int, day: _Day) -> str:
    if words.year is not None:
        return f"{words.year:04d}"
    if words.relative:
        return day.ago(0 if _THIS.search(words.relative) else 1)
    return day.year_of_month(month)
