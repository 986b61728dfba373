"""Days in shipment files, in the ways people write them; what may be two days is unread."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from entrepot.codes.shipment_words import folded, shipment_words
from entrepot.sources.shipments_habits import Habits, Order, Unreadable

_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, counting their 29 February 1900
_SERIALS = (20_000, 80_000)  # 1954 to 2119
_YEARS = (1800, 2200)  # companies are as old as that, contracts do not reach further
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_TIME = rf"(?:[T\s]\s*{_CLOCK}\s*(?:[AaPp][Mm])?\s*(?:Z|UTC|[+-]\d{{2}}:?\d{{2}})?)?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"((?:19|20)\d{2})()(\d{2})(\d{2})")
_DOTTED = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}})(?:\s*г\.?)?{_TIME}")
_SLASHED = re.compile(rf"(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}){_TIME}")
_WORDY = re.compile(r"(\d{1,2})\.?[\s-]+([^\W\d]+)\.?,?[\s-]+(\d{4})(?:\s*(?:г|года)\.?)?")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}\.?[\s-]+[^\W\d]+\.?,?[\s-]+\d{2}")


def read_day(value: object, habits: Habits) -> date:
    """Read a day in one of the ways in which files write it.

    Args:
        value: ISO, with dots, with the month in words, or a spreadsheet's number of days; with
            slashes where it can be one day only, or the file says what comes first.
        habits: How the file writes days.

    Returns:
        The day.

    Raises:
        Unreadable: If it is no day, or may be two.

    Example:
        >>> read_day("3.5.2024", Habits()), read_day("45415", Habits())
        (datetime.date(2024, 5, 3), datetime.date(2024, 5, 3))
        >>> read_day("3 мая 2024 г.", Habits()), read_day("05/13/2024", Habits())
        (datetime.date(2024, 5, 3), datetime.date(2024, 5, 13))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _DOTTED.fullmatch(text):
        return _dotted(int(found[1]), int(found[2]), int(found[3]), habits.dates)
    if found := _SLASHED.fullmatch(text):
        return _slashed(int(found[1]), int(found[2]), int(found[3]), habits.dates)
    if found := _WORDY.fullmatch(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    return _serial(text)


def _day(year: int, month: int, day: int) -> date:
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise Unreadable(f"the year {year} is not between {_YEARS[0]} and {_YEARS[1]}")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"{year}-{month:02d}-{day:02d} is no day of the calendar") from None


def _dotted(first: int, second: int, year: int, order: Order) -> date:
    """A day with dots, which stands first wherever dots are written; never against the user."""
    if order == "month_first" and first != second and first <= 12:
        raise Unreadable("days with dots begin with the day; the file of columns says month_first")
    return _day(year, second, first)


def _slashed(first: int, second: int, year: int, order: Order) -> date:
    if first == second or second > 12 or order == "month_first":
        return _day(year, first, second)
    if first > 12 or order == "day_first":
        return _day(year, second, first)
    raise Unreadable(
        f"may be {year}-{second:02d}-{first:02d} or {year}-{first:02d}-{second:02d}; set dates in "
        "the file of columns"
    )


def _month(word: str) -> int:
    months = shipment_words("month")
    if folded(word) not in months:
        raise Unreadable(f"{word!r} is no month we know, expected a day such as 2024-05-03")
    return int(months[folded(word)])


def _serial(text: str) -> date:
    if _SHORT_YEAR.fullmatch(text):
        raise Unreadable("the year has two digits, expected four")
    try:
        days = float(text)
    except ValueError:
        raise Unreadable("no day, expected such as 2024-05-03 or 03.05.2024") from None
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise Unreadable("a number that is no day of a spreadsheet, expected such as 2024-05-03")
    return _EPOCH + timedelta(days=int(days))
