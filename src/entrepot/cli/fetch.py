"""``entrepot fetch``: publishers' files over HTTP, and into the lake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.fetch_run import run
from entrepot.cli.months import MONTH, typed
from entrepot.cli.periods import PERIOD, Period
from entrepot.settings import Settings, read_key
from entrepot.tables import FLOW_CODES

if TYPE_CHECKING:
    from entrepot.fetch.question import Question

Command = Callable[..., Any]
# The names are those of entrepot.fetch.lists, here so that --help loads no network.
LISTS = (
    *("ofac-sdn", "ofac-sdn-alt", "ofac-sdn-add", "uk-sanctions", "us-csl"),
    *("eu-fsf", "un-sc"),
)
_CODES = re.compile(r"[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*")


class Codes(click.ParamType[tuple[str, ...]]):
    """An option that takes codes with commas between them: ``KZ,RU``."""

    name = "CODE,…"

    def convert(
        self,
        value: str | tuple[str, ...],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, ...]:
        """Read codes.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            Each code once, in the order typed.
        """
        if isinstance(value, tuple):
            return value
        if _CODES.fullmatch(value) is None:
            self.fail(f"{value!r} is no list of codes, expected codes like KZ,RU.", param, ctx)
        return tuple(dict.fromkeys(value.upper().split(",")))


def _where_and_how(command: Command) -> Command:
    """Add the options that every publisher's command has."""
    for option in reversed(
        (
            click.option(
                "--into",
                type=click.Path(file_okay=False, path_type=Path),
                help="Folder for the files; fetched/PUBLISHER in the lake where left out.",
            ),
            click.option("--no-ingest", is_flag=True, help="Fetch only; the lake stays as it is."),
            click.option("--again", is_flag=True, help="Fetch what is there already, too."),
            click.option(
                "--dry-run",
                is_flag=True,
                help="List calls, sizes and what is there; fetch nothing.",
            ),
            click.option("--base-url", metavar="URL", help="Address of a mirror to ask instead."),
            click.option(
                "--patience",
                type=click.FloatRange(min=0),
                default=300.0,
                show_default=True,
                help="Seconds to wait in all for one answer of a busy publisher.",
            ),
        )
    ):
        command = option(command)
    return command


def _selection(command: Command) -> Command:
    """Add the options that say which trade is wanted."""
    for option in reversed(
        (
            click.option("--reporter", type=Codes(), required=True, help="Areas that declare."),
            click.option("--partner", type=Codes(), default=(), help="Partners; all if left out."),
            click.option(
                "--flow",
                type=Codes(),
                default=("M", "X"),
                help=f"Flows, of {', '.join(FLOW_CODES)}; M,X where left out.",
            ),
            click.option("--goods", type=Codes(), required=True, help="Codes of goods, or TOTAL."),
            click.option("--from", "first", type=PERIOD, required=True, help="First period."),
            click.option("--to", "last", type=PERIOD, help="Last period; the first if left out."),
        )
    ):
        command = option(command)
    return command


@click.group(
    "fetch",
    epilog="""Examples:

\b
entrepot fetch comext --from 2022-01 --to 2022-12 --dry-run
entrepot fetch comtrade --reporter AM,GE --partner RU --flow X --goods 8703 --from 2022 --to 2023
entrepot fetch eurostat --reporter DE --partner KZ,RU --goods TOTAL,27 --from 2020-01 --to 2022-12
entrepot fetch list ofac-sdn
entrepot fetch rates
""",
)
def command() -> None:
    """Fetch publishers' files and read them into the lake.

    Files are kept as they came, each with a record of address, time, version, licence and sha256
    beside it. What is there and has not changed is not downloaded again; a command that was
    interrupted goes on where it stopped.
    """


@command.command(
    "comext",
    epilog="""Example:

\b
entrepot fetch comext --from 2022-01 --to 2022-12
""",
)
@click.option("--from", "first", type=MONTH, required=True, help="First month.")
@click.option("--to", "last", type=MONTH, help="Last month; the first if left out.")
@_where_and_how
@click.pass_obj
def comext(settings: Settings, /, first: date, last: date | None, **how: Any) -> None:
    """Fetch Eurostat's monthly Comext files, every partner and CN code."""
    from entrepot import api
    from entrepot.fetch.question import periods_between

    _check_begun(first, last or first)
    months = periods_between(typed(first), typed(last or first))
    run(settings, "comext", lambda bases: api.order_comext(months, bases), how)


@command.command(
    "eurostat",
    epilog="""Example:

\b
entrepot fetch eurostat --reporter DE --partner KZ,RU --goods TOTAL,27 --from 2020 --to 2022
""",
)
@_selection
@_where_and_how
@click.pass_obj
def eurostat(settings: Settings, /, **how: Any) -> None:
    """Fetch a selection of Comext from Eurostat's interface, by HS and CN code."""
    from entrepot import api

    question = _question(how)
    run(settings, "eurostat", lambda bases: api.order_eurostat(question, bases), how)


@command.command(
    "comtrade",
    epilog="""Example:

\b
entrepot fetch comtrade --reporter AM,GE --partner RU --flow X --goods 8703 --from 2022-01 \\
    --to 2022-12 --key-env COMTRADE_KEY
""",
)
@_selection
@click.option(
    "--key-env",
    metavar="VARIABLE",
    help="Environment variable with a key; without one the preview is asked, 500 rows a call.",
)
@click.option(
    "--rows-per-call",
    type=click.IntRange(min=500),
    help="Rows an answer holds at most: 500, with a key 100,000 where left out; paid plans more.",
)
@click.option(
    "--calls-per-day",
    type=click.IntRange(min=1),
    help="Calls a day at most: not limited, with a key 500 where left out; paid plans more.",
)
@click.option(
    "--calls-per-second",
    type=click.FloatRange(min=0, min_open=True),
    help="Calls a second at most: 1 where left out; the UN names no figure.",
)
@_where_and_how
@click.pass_obj
def comtrade(settings: Settings, /, key_env: str | None, **how: Any) -> None:
    """Fetch answers of UN Comtrade, so divided that none is cut off.

    Goods are codes of 2, 4 or 6 digits, TOTAL, or AG2, AG4, AG6 for all codes of a level.
    """
    from entrepot import api
    from entrepot.fetch.comtrade import FREE_KEY, PREVIEW

    key = None if key_env is None else read_key(key_env)
    names = ("rows_per_call", "calls_per_day", "calls_per_second")
    chosen = {name: how[name] for name in names if how[name] is not None}
    quota = replace(PREVIEW if key is None else FREE_KEY, **chosen)
    question = _question(how)
    run(settings, "comtrade", lambda bases: api.order_comtrade(question, quota, bases, key), how)


@command.command(
    "list",
    epilog="""Example:

\b
entrepot fetch list ofac-sdn
""",
)
@click.argument("name", type=click.Choice(LISTS))
@_where_and_how
@click.pass_obj
def party_list(settings: Settings, /, name: str, **how: Any) -> None:
    """Fetch a list of sanctioned parties: US, EU, UK or United Nations."""
    from entrepot import api
    from entrepot.fetch.lists import publisher_of

    key = publisher_of(name).key
    run(settings, key, lambda bases: api.order_list(name, bases), how)


@command.command(
    "rates",
    epilog="""Example:

\b
entrepot fetch rates
""",
)
@_where_and_how
@click.pass_obj
def rates(settings: Settings, /, **how: Any) -> None:
    """Fetch the euro's reference rates of the European Central Bank, since 1999."""
    from entrepot import api

    run(settings, "ecb", lambda bases: api.order_rates(bases), how)


def _question(how: Mapping[str, Any]) -> Question:
    from entrepot.fetch.question import Question, periods_between

    first, last = how["first"], how["last"] or how["first"]
    _check_begun(first.day, last.day)
    return Question(
        freq=first.freq,
        periods=periods_between(_typed(first), _typed(last)),
        reporters=how["reporter"],
        partners=how["partner"],
        flows=how["flow"],
        goods=how["goods"],
    )


def _check_begun(first: date, last: date) -> None:
    """Refuse periods to come: of these nothing is published, and each would cost a call."""
    today = datetime.now(UTC).date()
    for option, day in (("--from", first), ("--to", last)):
        if day > today:
            raise click.UsageError(
                f"{option} is {typed(day)}, expected a period that has begun, {typed(today)} or "
                "earlier."
            )


def _typed(period: Period) -> str:
    return typed(period.day) if period.freq == "M" else str(period.day.year)
