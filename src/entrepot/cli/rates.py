"""Currencies as people type them: a rate of a year, and the currency of a result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from entrepot.trade.mirror import Rate

_RATE = re.compile(r"([A-Z]{3})/([A-Z]{3}):(\d{4})=(\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"[A-Z]{3}")


class RateType(click.ParamType["Rate"]):
    """An option that takes a currency rate: ``USD/EUR:2022=1.05``."""

    name = "USD/EUR:YEAR=RATE"

    def convert(
        self, value: str | Rate, param: click.Parameter | None, ctx: click.Context | None
    ) -> Rate:
        """Read a rate.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            The rate.
        """
        from entrepot.trade.mirror import Rate

        if isinstance(value, Rate):
            return value
        found = _RATE.fullmatch(value)
        if found is None or float(found[4]) == 0:
            self.fail(
                f"{value!r} is no rate, expected US dollars per euro of a year as "
                "USD/EUR:2022=1.05.",
                param,
                ctx,
            )
        return Rate(found[1], found[2], int(found[3]), float(found[4]))


class CurrencyType(click.ParamType[str]):
    """An option that takes a currency: ``EUR``."""

    name = "CURRENCY"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a currency.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            Its ISO 4217 code.
        """
        if _CURRENCY.fullmatch(value) is None:
            self.fail(f"{value!r} is no currency, expected an ISO 4217 code: EUR.", param, ctx)
        return value


def money_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--in`` and ``--rate`` to a command that adds up money.

    Args:
        command: The command's function; it takes ``currency`` and ``rates``.

    Returns:
        The function with both options.
    """
    currency = click.option(
        "--in",
        "currency",
        type=CurrencyType(),
        help="Currency of the result, at the reference rates of the lake for each month, or those "
        "of --rate.",
    )
    rates = click.option(
        "--rate",
        "rates",
        type=RateType(),
        multiple=True,
        help="Rate to use in place of the reference rates of the lake; once per year and "
        "currency. None is assumed.",
    )
    return currency(rates(command))
