"""Options that several commands share, and how the commands name each other."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from entrepot.cli.output import FORMATS
from entrepot.corridor import Corridor
from entrepot.settings import Settings, read_settings

Command = Callable[..., Any]

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
