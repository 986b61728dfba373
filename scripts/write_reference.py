"""Write docs/reference/ from the code: the tables, the commands and the HTTP API."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.schema import Column, Table
from entrepot.tables import TABLES

if TYPE_CHECKING:
    from entrepot.web.api.operations import OperationTold

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
ANYWHERE = (400, 401, 403, 422, 429, 503)  # statuses that any address may answer with
WRITTEN = "<!-- Written by `make docs`: change the code, not this page. -->"


def tables_page() -> str:
    """Every table, column and key, in Markdown.

    Returns:
        The text of docs/reference/tables.md.
    """
    head = [
        "# Tables",
        WRITTEN,
        "Rooms talk through these tables and the lake refuses rows that break them. Declared in "
        "[`tables.py`](../../src/entrepot/tables.py). Areas are ISO 3166-1 alpha-2 (`_T` total, "
        "`_X` not specified), a period is its first day, shares are fractions.",
        "\n".join(f"- [`{table.name}`](#{table.name}): {table.row}" for table in TABLES.values()),
    ]
    return "\n\n".join([*head, *(_table(table) for table in TABLES.values())]) + "\n"


def _table(table: Table) -> str:
    rows = "\n".join(_column(column, column.name in table.key) for column in table.columns)
    return (
        f"## {table.name}\n\nOne row is {table.row}. "
        f"Key: {', '.join(f'`{name}`' for name in table.key)}.\n\n"
        f"| column | kind | unit | null | meaning |\n|---|---|---|---|---|\n{rows}"
    )


def _column(column: Column, is_key: bool) -> str:
    name = f"**`{column.name}`**" if is_key else f"`{column.name}`"
    choices = f" One of {', '.join(f'`{c}`' for c in column.choices)}." if column.choices else ""
    null = "yes" if column.nullable else ""
    meaning = _cell(column.meaning + choices)
    return f"| {name} | {column.kind} | {_cell(column.unit)} | {null} | {meaning} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def command_group() -> click.Group | None:
    """The group behind `entrepot`, found in :mod:`entrepot.cli`.

    Returns:
        The group; ``None`` where the command line is not there yet.
    """
    if importlib.util.find_spec("entrepot.cli") is None:
        return None
    cli = importlib.import_module("entrepot.cli")
    groups = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    return groups[0] if groups else None


def commands(group: click.Group) -> dict[str, click.Command]:
    """The commands of a group by name, lazy ones loaded.

    Args:
        group: The group.

    Returns:
        Name to command, in the group's own order.
    """
    context = click.Context(group, info_name="entrepot")
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def commands_page() -> str:
    """Every command with its usage, help, arguments and options, in Markdown.

    Returns:
        The text of docs/reference/commands.md.
    """
    head = ["# Commands", WRITTEN]
    group = command_group()
    if group is None:
        return "\n\n".join([*head, "The command line is not there yet."]) + "\n"
    context = click.Context(group, info_name="entrepot")
    parts = [_command(name, command, context) for name, command in commands(group).items()]
    return "\n\n".join([*head, _body(group, context), *parts]) + "\n"


def _command(name: str, command: click.Command, parent: click.Context, level: int = 2) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    path = context.command_path.removeprefix("entrepot ")
    parts = [f"{'#' * level} {path}\n\n{_body(command, context)}"]
    if isinstance(command, click.Group):
        below = {
            part: command.get_command(context, part) for part in command.list_commands(context)
        }
        parts += [
            _command(part, found, context, level + 1) for part, found in below.items() if found
        ]
    return "\n\n".join(parts)


def _body(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = [p.get_help_record(context) for p in command.get_params(context)]
    rows = "\n".join(f"| `{_cell(r[0])}` | {_cell(r[1])} |" for r in records if r)
    parts = [f"```\n{usage}\n```", _prose(command.help), _prose(command.epilog)]
    parts.append(f"| option | meaning |\n|---|---|\n{rows}")
    return "\n\n".join(part for part in parts if part)


def _prose(text: str | None) -> str:
    """Help text as Markdown: a paragraph that click keeps as it stands becomes a code block."""
    paragraphs = inspect.cleandoc(text or "").split("\f")[0].strip().split("\n\n")
    return "\n\n".join(
        "```\n" + paragraph.removeprefix("\b\n") + "\n```"
        if paragraph.startswith("\b\n")
        else paragraph
        for paragraph in paragraphs
    )


def http_page() -> str:
    """Every address that programs ask, with parameters, answers and a command, in Markdown.

    Returns:
        The text of docs/reference/http-api.md.
    """
    from entrepot.settings import Settings
    from entrepot.web.api.operations import sections
    from entrepot.web.api.words import ERRORS
    from entrepot.web.app import make_app

    app = make_app(lambda: None, settings=Settings())
    head = [
        "# HTTP API",
        WRITTEN,
        "`entrepot serve` answers programs at these addresses; [how to use them]"
        "(../how-to/http-api.md). The server describes them as OpenAPI 3.1 at `/openapi.json` and "
        "explains them at `/api`. Commands take its address from `ENTREPOT`.",
    ]
    parts = ["Every address may also answer with a problem:"]
    parts.append("\n".join(f"- **{status}** {ERRORS[status]}" for status in ANYWHERE))
    for section in sections(app.openapi()):
        parts.append(f"## {section.name.capitalize()}\n\n{section.words}")
        parts += [_address(one) for one in section.operations]
    return "\n\n".join([*head, *parts]) + "\n"


def _address(one: OperationTold) -> str:
    rows = "\n".join(
        f"| `{told.name}`{' (needed)' if told.is_needed else ''} | {_cell(told.kind)} | "
        f"{_cell(told.words)} |"
        for told in one.parameters
    )
    answers = "\n".join(
        f"- **{status}** {words}{f' {kinds}.' if status == '200' else ''}"
        for kinds in [", ".join(f"`{kind}`" for kind in one.kinds)]
        for status, words in one.statuses
        if int(status) not in ANYWHERE
    )
    parts = [f"### {one.method} {one.path}", one.summary + ".", *one.words]
    parts.append(f"```\n{one.curl}\n```")
    if rows:
        parts.append(f"| parameter | values | meaning |\n|---|---|---|\n{rows}")
    return "\n\n".join([*parts, answers])


def main() -> None:
    """Write all pages."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    (REFERENCE / "tables.md").write_text(tables_page(), "utf-8")
    (REFERENCE / "commands.md").write_text(commands_page(), "utf-8")
    (REFERENCE / "http-api.md").write_text(http_page(), "utf-8")


if __name__ == "__main__":
    main()
