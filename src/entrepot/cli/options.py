"""Options that several commands share, and how the commands name each other."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from entrepot.cli.output import FORMATS
from entrepot.corridor import Corridor
from entrepot.settings import Settings, read_settings

Command = Callable[..., Any]
CHART_KINDS = (".svg", ".png", ".html")

run_option = click.option("--run", metavar="RUN_ID", help="Run to read; the latest where left out.")


def row_options(command: Command) -> Command:
    """Add ``--format`` and ``-o`` to a command that prints rows.

    Args:
        command: The command's function; it takes ``how`` and ``output``.

    Returns:
        The function with both options.
    """
    how = click.option(
        "--format",
        "how",
        type=click.Choice(FORMATS),
        help="How rows are written: by the end of the file's name where left out, else a table. "
        "csv, json and parquet hold all columns.",
    )
    output = click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File to write to; stdout where left out.",
    )
    return how(output(command))


def chart_option(command: Command) -> Command:
    """Add ``--chart`` to a command whose rows can be drawn.

    Args:
        command: The command's function; it takes ``chart``, a path or ``None``.

    Returns:
        The function with the option.
    """
    return click.option(
        "--chart",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_chart_path,
        metavar="FILE.(svg|png|html)",
        help="Draw the rows into this file too: svg or png a picture, html a page with the "
        "numbers behind it.",
    )(command)


def _chart_path(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.suffix.lower() not in CHART_KINDS:
        raise click.BadParameter(
            f"{value.name!r} is no chart's file, expected a name that ends in one of "
            f"{', '.join(CHART_KINDS)}.",
            ctx,
            param,
        )
    return value


def freq_option(command: Command) -> Command:
    """Add ``--freq`` to a command that adds up declarations over months.

    Args:
        command: The command's function; it takes ``freq``.

    Returns:
        The function with the option.
    """
    return click.option(
        "--freq",
        type=click.Choice(("M", "A")),
        default="M",
        show_default=True,
        help="Take monthly declarations, or yearly ones.",
    )(command)


def check_goods(goods: Sequence[str], level: str) -> None:
    """Refuse goods where all goods are one sum.

    Args:
        goods: Goods asked for.
        level: Level asked for.

    Raises:
        UsageError: If so.
    """
    if goods and level == "TOTAL":
        raise click.UsageError(
            f"--goods is {', '.join(goods)} at level TOTAL, expected the level at which the goods "
            "were published: --level HS2 for a chapter, HS4, HS6 or CN8."
        )


class Lead(click.ParamType[Corridor]):
    """An argument that names a lead by its corridor."""

    name = "LEAD"

    def convert(
        self, value: str | Corridor, param: click.Parameter | None, ctx: click.Context | None
    ) -> Corridor:
        """Read a corridor.

        Args:
            value: What was typed.
            param: The argument.
            ctx: The context.

        Returns:
            The corridor.
        """
        if isinstance(value, Corridor):
            return value
        try:
            return Corridor.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def invocation(settings: Settings) -> str:
    """How the next command on the same lake begins.

    Args:
        settings: Settings with the lake in use.

    Returns:
        ``entrepot``, with ``--lake`` where the environment names another lake.
    """
    if settings.lake == read_settings().lake:
        return "entrepot"
    return f"entrepot --lake {shlex.quote(str(settings.lake))}"
