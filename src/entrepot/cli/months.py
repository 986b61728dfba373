"""Months as people type them: ``2022-03``."""

from __future__ import annotations

import re
from datetime import date

import click

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_YEAR = 12


class Month(click.ParamType[date]):
    """An option that takes a month and gives its first day."""

    name = "YYYY-MM"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a month.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            First day of the month.
        """
        if isinstance(value, date):
            return value
        found = _MONTH.fullmatch(value)
        if found is None or int(found[1]) == 0:
            self.fail(f"{value!r} is no month, expected YYYY-MM, e.g. 2022-03.", param, ctx)
        return date(int(found[1]), int(found[2]), 1)


MONTH = Month()


def typed(month: date) -> str:
    """A month as it is typed.

    Args:
        month: First day of the month.

    Example:
        >>> typed(date(2022, 3, 1))
        '2022-03'
    """
    return f"{month.year:04d}-{month.month:02d}"


def year_before(month: date) -> date:
    """The same month one year earlier.

    Args:
        month: First day of the month.

    Example:
        >>> year_before(date(2022, 3, 1))
        datetime.date(2021, 3, 1)
    """
    return month.replace(year=month.year - 1)


def check_years(freq: str, first: date, last: date, start: date) -> None:
    """Refuse parts of years where yearly declarations are asked for.

    Args:
        freq: ``A`` for yearly declarations.
        first: First month of the stretch.
        last: Its last month.
        start: First month of the stretch it is compared with.

    Raises:
        UsageError: If one of them cuts a year.
    """
    if freq == "A" and (first.month, last.month, start.month) != (1, _YEAR, 1):
        raise click.UsageError(
            f"--freq A takes whole years, found {typed(first)} to {typed(last)} against "
            f"{typed(start)}: --from 2022-01 --to 2022-12 --against 2021-01."
        )


def last_of_equal_length(first: date, stretch: tuple[date, date]) -> date:
    """Where a stretch of months ends that is as long as another one.

    Args:
        first: Its first month.
        stretch: First and last month of the other one, both included.

    Returns:
        First day of its last month.

    Example:
        >>> last_of_equal_length(date(2020, 11, 1), (date(2022, 3, 1), date(2022, 11, 1)))
        datetime.date(2021, 7, 1)
    """
    start, end = stretch
    later = (end.year - start.year) * _YEAR + end.month - start.month
    years, month = divmod(first.month - 1 + later, _YEAR)
    return date(first.year + years, month + 1, 1)
