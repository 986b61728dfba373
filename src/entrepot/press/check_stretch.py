"""Months a claim is about, and months it compares them with.

Declarations are monthly, so only whole months count: "since 24 February 2022" begins in March.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from entrepot.trade.summary import Stretch

YEAR = 12
_PLACE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_LAST_DAY = 28  # a stretch to the 28th or later holds its last month whole


class Months(NamedTuple):
    """Months of a claim, counted from the year 0; open ends are left open.

    Args:
        first: First month.
        last: Last month.
    """

    first: int | None
    last: int | None

    @property
    def is_closed(self) -> bool:
        """Whether both ends are named."""
        return self.first is not None and self.last is not None


def month_number(day: date) -> int:
    """Count a month from the year 0.

    Args:
        day: Any day of it.
    """
    return day.year * YEAR + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month counted from the year 0.

    Args:
        month: Its number.

    Example:
        >>> first_day(month_number(date(2022, 11, 5)))
        datetime.date(2022, 11, 1)
    """
    return date(month // YEAR, month % YEAR + 1, 1)


def stretch_between(first: int, last: int) -> Stretch:
    """Months from first to last, as sums take them.

    Args:
        first: First month, counted from the year 0.
        last: Last month.
    """
    return Stretch(first_day(first), first_day(last))


def months_of(interval: str | None) -> Months | None:
    """Read a period as a text gives it.

    Args:
        interval: EDTF day, month, year or interval; ``..`` is an open end.

    Returns:
        Its whole months; nothing where it names no month, or leaves the year open.

    Example:
        >>> first, last = months_of("2022-02-24/2022-11")
        >>> first_day(first), first_day(last)
        (datetime.date(2022, 3, 1), datetime.date(2022, 11, 1))
        >>> months_of("XXXX-09"), months_of("2022-05-03")
        (None, None)
    """
    begins, is_interval, ends = (interval or "").partition("/")
    if "X" in (interval or "X") or not (begins or ends):
        return None
    ends = ends if is_interval else begins
    first, last = _first(begins), _last(ends)
    if _is_unread(begins, first) or _is_unread(ends, last):
        return None
    months = Months(first, last)
    if first is None and last is None:
        return None
    return None if first is not None and last is not None and first > last else months


def _is_unread(written: str, month: int | None) -> bool:
    return month is None and written not in {"", ".."}


def _first(written: str) -> int | None:
    match = _PLACE.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return _month(year, month, 0 if day == 1 else 1)


def _last(written: str) -> int | None:
    match = _PLACE.fullmatch(written)
    if match is None:
        return None
    year, month, day = match.groups()
    is_cut = day is not None and int(day) < _LAST_DAY
    return _month(int(year), int(month) if month else YEAR, -1 if is_cut else 0)


def _month(year: int, month: int, more: int) -> int | None:
    return year * YEAR + month - 1 + more if 1 <= month <= YEAR else None


def base_of(now: Stretch, baseline: Months | None) -> tuple[Stretch | None, str]:
    """Choose the months that a stretch is compared with.

    Args:
        now: The stretch of interest.
        baseline: What the text compares it with; nothing where it does not say.

    Returns:
        The months and how they were chosen, in words that may be empty; no months where the two
        are of different length and cannot be cut to the same months of two years, and none for
        several whole years that the text compares with nothing.

    Example:
        >>> base_of(Stretch(date(2022, 1, 1), date(2022, 11, 1)), months_of("2021"))[0]
        Stretch(first=datetime.date(2021, 1, 1), last=datetime.date(2021, 11, 1))
    """
    first, last = month_number(now.first), month_number(now.last)
    length = last - first + 1
    if baseline is None and length > YEAR and length % YEAR == first % YEAR == 0:
        return None, ""  # "in 2021 and 2022" compares nothing, and may be its own base
    if baseline is None:
        years = -(-length // YEAR) * YEAR
        return (
            stretch_between(first - years, last - years),
            "compared with the same months earlier, as the text names nothing else",
        )
    if baseline.first is None and baseline.last is not None:
        ends = min(baseline.last, first - 1)
        return stretch_between(ends - length + 1, ends), "compared with as many months before"
    if baseline.first is None or baseline.last is None:
        return None, ""
    if baseline.last - baseline.first + 1 == length:
        return stretch_between(baseline.first, baseline.last), ""
    is_year = baseline.last - baseline.first + 1 == YEAR and baseline.first % YEAR == 0
    if is_year and first // YEAR == last // YEAR:
        start = baseline.first + first % YEAR
        return (
            stretch_between(start, start + length - 1),
            "compared with the same months of that year",
        )
    return None, ""
