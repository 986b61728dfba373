"""Years or months as people type them: ``2022`` or ``2022-03``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import click

_PERIOD = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A year or a month.

    Args:
        day: Its first day.
        freq: ``A`` for a year, ``M`` for a month.
    """

    day: date
    freq: Literal["A", "M"]


class PeriodType(click.ParamType[Period]):
    """An option that takes a year or a month."""

    name = "YYYY|YYYY-MM"

    def convert(
        self, value: str | Period, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        """Read a year or a month.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            The period.
        """
        if isinstance(value, Period):
            return value
        found = _PERIOD.fullmatch(value)
        if found is None:
            self.fail(
                f"{value!r} is no year and no month, expected YYYY or YYYY-MM, e.g. 2022 or "
                "2022-03.",
                param,
                ctx,
            )
        month = found[2]
        return Period(date(int(found[1]), int(month or 1), 1), "A" if month is None else "M")


PERIOD = PeriodType()
