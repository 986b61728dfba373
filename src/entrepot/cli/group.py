"""The group of commands: what there is, how it is loaded, and what becomes of errors."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from entrepot.errors import EntrepotError

# In the order of work. The words are here so that `entrepot --help` need not load ten modules.
COMMANDS = {
    "demo": "Find planted diversion in a small simulated world.",
    "fetch": "Fetch publishers' files and read them into the lake.",
    "ingest": "Read publishers' files into the lake.",
    "sources": "List the files in the lake.",
    "coverage": "List who declared what, and when, with its gaps.",
    "flows": "Add up declared trade, with no model at all.",
    "mirror": "Lay exports beside importers' own imports.",
    "partners": "Rank a reporter's partners, and see who took over.",
    "detect": "Find exports beyond what can be explained.",
    "leads": "List the corridors of a run.",
    "changes": "Tell what a run finds that the last did not.",
    "totals": "Sum a run by country and product group.",
    "explain": "Explain one lead.",
    "outflows": "Find partners that receive more than others' path allows.",
    "measure": "Tell whether a country's measure changed a flow.",
    "read": "Read press articles: who said what, and which claims.",
    "check": "Check claims of the press against declared trade.",
    "record": "Lay what was said and done beside trade, by country.",
    "screen": "Say whether shipments may go, line by line.",
    "decide": "Write down what was decided about a hit.",
    "serve": "Show pages, and answer other programs over HTTP.",
    "account": "Say who may use a server that others reach.",
    "dossier": "Write one file about one country, HTML or PDF.",
    "chart": "Write one chart of a dossier into a file.",
    "simulate": "Make a trade world with known diversion.",
    "bench": "Score the estimator where the truth is known.",
}
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class LazyGroup(click.Group):
    """A group that imports the module of a command when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of work.

        Args:
            ctx: Context of the group.

        Returns:
            The names.
        """
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command.

        Args:
            ctx: Context of the group.
            cmd_name: Its name.

        Returns:
            The command; ``None`` where there is none of that name.
        """
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"entrepot.cli.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands into the help page without loading any.

        Args:
            ctx: Context of the group.
            formatter: The page.
        """
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; the one place where an error becomes a message and an exit code.

        Args:
            ctx: Context of the group.

        Returns:
            What the command returned.

        Raises:
            ClickException: In place of an `EntrepotError`; click prints it and exits with 1.
            Exit: With 130 where the user interrupted.
        """
        try:
            return super().invoke(ctx)
        except EntrepotError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("Interrupted. What was committed before stays in the lake.", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
