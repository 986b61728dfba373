"""When an event took place, as far as its sentence and the day of the article say; else nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Metadata, Page, Span
from entrepot.press.language import LEXICON
from entrepot.press.told import Status

_REACH = 90  # characters between the words of an event and those of its day
_OTHER_CLAUSE = 50  # as many characters a comma between the two counts for
_COMMA = re.compile(r"[,;:](?=\s)")
_CALENDAR = ("language", "role", "value", "pattern", "source")
_DATES = ("language", "meaning", "value", "pattern", "source")
_YEAR = r"(?:19|20)\d\d"
_DAY_MONTH: dict[Language, str] = {
    "en": r"{m} (?P<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y>{y}))?"
    r"|(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?: of)? {m2}(?:,? (?P<y2>{y}))?",
    "de": r"(?P<d>\d{1,2})\. ?{m}(?: (?P<y>{y}))?",
    "ru": r"(?P<d>\d{1,2})(?:-?го)? {m}(?: (?P<y>{y}))?",
}
_MONTH = r"(?:{lead}) ?{m}(?: (?:of )?(?P<y>{y}))?"
_IN_YEAR: dict[Language, str] = {
    "en": r"(?:{lead}) (?P<y>{y})(?!\d)",
    "de": r"(?:{lead}) (?P<y>{y})(?!\d)",
    "ru": r"(?:{lead}) (?P<y>{y})(?: году|-м|-ом| года| г\.)",
}
_FULL = re.compile(r"(\d{4}|XXXX)(?:-(\d\d))?(?:-(\d\d))?")


_SOON = timedelta(days=92)  # "the 24 June meeting" is the next one only if it is near


class Dated(NamedTuple):
    """A day, month or year where a sentence names it.

    Args:
        span: The words.
        date: EDTF.
        is_day: Whether they name day and month.
    """

    span: Span
    date: str
    is_day: bool


def when(page: Page, metadata: Metadata, sentence: Span, at: Span, status: Status) -> Dated | None:
    """Find the day, month or year that is named beside an event.

    Args:
        page: The text.
        metadata: Whose date resolves "on Tuesday" and gives a month its year.
        sentence: The sentence of the event.
        at: The words of the event.
        status: Whether the day lies before or after the article's.

    Returns:
        The nearest; nothing where none is named or it cannot be resolved.
    """
    found = [
        (_distance(page.shadow, at, match), order, match, meaning, value)
        for order, (meaning, value, pattern) in enumerate(_patterns(page.language))
        for match in pattern.finditer(page.shadow, sentence.start, sentence.end)
    ]
    found = [entry for entry in found if entry[0] <= _REACH]
    for _, _, match, meaning, value in sorted(found, key=lambda entry: (entry[0], entry[1])):
        resolved = _resolved(match, meaning, value, metadata, status)
        if resolved is not None:
            return Dated(Span(match.start(), match.end()), resolved, meaning == "date")
    return None


def is_soon(named: str, metadata: Metadata) -> bool:
    """Whether a day lies in the weeks after the article's.

    Args:
        named: EDTF.
        metadata: Whose date is meant.

    Example:
        >>> is_soon("2024-06-24", Metadata(date="2024-06-05"))
        True
    """
    days = [_day(text) for text in (metadata.date or "", named)]
    if days[0] is None or days[1] is None:
        return False
    return timedelta(0) < days[1] - days[0] <= _SOON


def _day(text: str) -> date | None:
    parts = _FULL.fullmatch(text)
    if parts is None or parts.group(1) == "XXXX" or parts.group(3) is None:
        return None
    return _calendar_day(int(parts.group(1)), int(parts.group(2)), int(parts.group(3)))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 June
        return None


def _distance(text: str, at: Span, match: re.Match[str]) -> int:
    """Characters between an event and a day; a day of another clause is further off."""
    if match.start() < at.end and at.start < match.end():
        return 0
    left, right = min(at.end, match.end()), max(at.start, match.start())
    return right - left + (_OTHER_CLAUSE if _COMMA.search(text, left, right) else 0)


@cache
def _patterns(language: Language) -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Days, months and years, what says most first."""
    months = "|".join(
        f"(?P<{{0}}{row['value']}>{row['pattern']})"
        for row in read_rows("calendar_words.csv", _CALENDAR, LEXICON)
        if row["language"] == language and row["role"] == "month"
    )
    rows = [
        row for row in read_rows("event_dates.csv", _DATES, LEXICON) if row["language"] == language
    ]
    leads = {row["meaning"]: row["pattern"] for row in rows}
    month = f"(?:{months.replace('{0}', 'm')})(?!\\w)"
    second = f"(?:{months.replace('{0}', 'n')})(?!\\w)"
    named = [
        ("date", _DAY_MONTH[language]),
        ("named_month", _MONTH.replace("{lead}", leads["month_lead"])),
        ("year", _IN_YEAR[language].replace("{lead}", leads["year_lead"])),
    ]
    filled = [
        (meaning, 0, text.replace("{m2}", second).replace("{m}", month).replace("{y}", _YEAR))
        for meaning, text in named
    ]
    filled += [
        (row["meaning"], int(row["value"]), row["pattern"]) for row in rows if row["value"] != ""
    ]
    return tuple(
        (meaning, value, re.compile(rf"(?<![\w-])(?:{text})(?!\w)", re.IGNORECASE))
        for meaning, value, text in filled
    )


def _resolved(
    match: re.Match[str], meaning: str, value: int, metadata: Metadata, status: Status
) -> str | None:
    named = {name: text for name, text in match.groupdict().items() if text}
    year = next((text for name, text in named.items() if name[0] == "y"), None)
    month = next((int(name[1:]) for name in named if name[0] in "mn"), 0)
    day = next((int(text) for name, text in named.items() if name[0] == "d"), 0)
    if meaning == "year":
        return year
    if meaning in {"date", "named_month"}:
        if day > 31:
            return None
        tail = f"{month:02d}-{day:02d}" if day else f"{month:02d}"
        return f"{year or _year(tail, metadata.date, status)}-{tail}"
    return _relative(meaning, value, metadata, status)


def _year(tail: str, on: str | None, status: Status) -> str:
    """The year of a day or month without one: the last that is over, or the next to come."""
    parts = _FULL.match(on or "")
    if parts is None or parts.group(1) == "XXXX" or parts.group(2) is None:
        return "XXXX"
    year, here = int(parts.group(1)), (on or "")[5 : 5 + len(tail)]
    if status == "planned":
        return f"{year + (tail < here):04d}"
    return f"{year - (tail > here):04d}"


def _relative(meaning: str, value: int, metadata: Metadata, status: Status) -> str | None:
    """A day or month told from the article's own."""
    parts = _FULL.match(metadata.date or "")
    if parts is None or parts.group(2) is None:
        return None
    if meaning == "month":
        return _months_on(parts.group(1), int(parts.group(2)), value)
    if parts.group(3) is None:
        return None
    if parts.group(1) == "XXXX":
        same = value == metadata.weekday if meaning == "weekday" else value == 0
        return metadata.date if same and status != "planned" else None
    today = _day(metadata.date or "")
    if today is None:
        return None
    if meaning == "day":
        return (today + timedelta(days=value)).isoformat()
    ahead = (value - today.weekday()) % 7
    if status != "planned":
        return (today - timedelta(days=(7 - ahead) % 7)).isoformat()
    return (today + timedelta(days=ahead)).isoformat() if ahead else None


def _months_on(year: str, month: int, value: int) -> str | None:
    at = month - 1 + value
    if year == "XXXX":
        return f"XXXX-{at + 1:02d}" if 0 <= at < 12 else None
    number = int(year) * 12 + at
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
