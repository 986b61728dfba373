"""Days that lie close to each other, where the year of some is open."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4}|XXXX)-(\d\d)-(\d\d)")
_LEAP = 2024  # a year that holds every day; the next one holds none that this lacks


def days_apart(one: str | None, other: str | None) -> int | None:
    """Count the days between two EDTF days; an open year is the other's.

    Args:
        one: ``2023-06-20`` or ``XXXX-06-20``.
        other: The same.

    Returns:
        Days, or nothing where either is no single day.

    Example:
        >>> days_apart("2023-06-20", "XXXX-06-22"), days_apart("2023", "2023-01-01")
        (2, None)
    """
    first, second = (_DAY.fullmatch(day or "") for day in (one, other))
    if first is None or second is None:
        return None
    years = {found[1] for found in (first, second)} - {"XXXX"}
    is_open = "XXXX" in (first[1], second[1])
    year = int(years.pop()) if is_open and years else _LEAP
    left, right = (_day(year if is_open else int(found[1]), found) for found in (first, second))
    return None if left is None or right is None else abs((left - right).days)


def days_around(day: str | None, reach: int) -> frozenset[str]:
    """Name the days of any year that lie close to one.

    Args:
        day: ``2023-06-20`` or ``XXXX-06-20``.
        reach: Days before and after.

    Returns:
        Months and days, ``06-20``; none where it is no single day.

    Example:
        >>> sorted(days_around("2023-03-01", 1)) # February may have 29 days
        ['02-28', '02-29', '03-01', '03-02']
    """
    found = _DAY.fullmatch(day or "")
    if found is None:
        return frozenset()
    steps = [timedelta(step) for step in range(-reach, reach + 1)]
    return frozenset(
        f"{near + step:%m-%d}"
        for year in (_LEAP, _LEAP + 1)
        if (near := _day(year, found)) is not None
        for step in steps
    )


def _day(year: int, found: re.Match[str]) -> date | None:
    try:
        return date(year, int(found[2]), int(found[3]))
    except ValueError:
        return None
