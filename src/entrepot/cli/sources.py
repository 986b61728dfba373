"""``entrepot sources``: the files in the lake."""

from __future__ import annotations

from pathlib import Path

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

_COLUMNS = (
    Column("source id\n(sha256)", is_whole=True),
    Column("dataset"),
    Column("vintage"),
    Column("rows", is_number=True),
    Column("publisher", is_expendable=True),
    Column("licence"),
    Column("file"),
)


@click.command(
    "sources",
    epilog="""Examples:

\b
entrepot sources
entrepot sources --format json
""",
)
@row_options
@click.pass_obj
def command(settings: Settings, how: Format | None, output: Path | None) -> None:
    """List the files in the lake: vintage, dataset, rows, licence and digest."""
    from entrepot.lake import open_lake
    from entrepot.tables import SOURCES

    to = destination(how, output)
    with open_lake(settings.lake, settings) as lake:
        found = lake.table(SOURCES).sort("dataset", "path", "source_id")
        rows = found.collect("pyarrow").to_native()
    show(rows, lambda: _grid(rows.to_pylist()), to)


def _grid(rows: list[dict[str, str]]) -> Grid:
    from entrepot.dossier.wording import counted

    cells = [
        (
            row["source_id"],
            row["dataset"],
            row["vintage"],
            f"{row['row_count']:,}",
            row["publisher"],
            row["licence"],
            row["path"],
        )
        for row in rows
    ]
    return Grid(_COLUMNS, cells, (counted(len(rows), "file", "files") + ".",))
