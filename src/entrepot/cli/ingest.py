"""``entrepot ingest``: publishers' files into the lake."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import invocation
from entrepot.cli.progress import progress
from entrepot.settings import Settings
from entrepot.sources.known import kinds

if TYPE_CHECKING:
    from entrepot.sources.ingest import Ingested


@click.command(
    "ingest",
    epilog=f"""Known are {kinds()}.

Examples:

\b
entrepot ingest downloads/*.xlsx control-list.csv
entrepot --lake trade ingest full_v2_202401.7z
entrepot ingest --retrieved-at 2023-04-02 downloads-of-2023/

Exit codes: 0 done, 1 a file cannot be read, 2 wrong use.
""",
)
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--retrieved-at",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    help="When the files were downloaded, UTC; now where left out. Where the publisher states no "
    "date of the data, as in most files of UN Comtrade, it is their vintage, which decides between "
    "two downloads.",
)
@click.pass_obj
def command(settings: Settings, paths: tuple[Path, ...], retrieved_at: datetime | None) -> None:
    """Read publishers' files into the lake.

    PATH is a file or a folder, which is searched to the bottom. Tables derived from statistics are
    refused with a reason.

    Files are recognised by their content, read strictly and kept whole. One that is in the lake
    already changes nothing, so an ingest that was interrupted goes on where it stopped. A file that
    cannot be read ends the command; the files before it stay in the lake.
    """
    from entrepot import api
    from entrepot.lake import open_lake
    from entrepot.tables import FLOWS, SOURCES

    moment = None if retrieved_at is None else retrieved_at.replace(tzinfo=UTC)
    if moment is not None and moment > datetime.now(UTC):
        raise click.UsageError(f"--retrieved-at is {moment:%Y-%m-%d %H:%M}, expected none to come.")
    outcomes: Counter[str] = Counter()
    tables: set[str] = set()
    with open_lake(settings.lake, settings) as lake:
        for path in dict.fromkeys(paths):
            origin = api.Origin(moment)
            with progress(f"reading {path.name}") as report:
                for file in api.ingest_each(lake, [path], report, origin=origin):
                    click.echo(_line(file))
                    outcomes[file.outcome] += 1
                    tables.add(file.table)
        following = api.next_step(lake, tables)
        files, rows = len(lake.units(SOURCES)), lake.row_count(FLOWS)
    click.echo(", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items()) + ".")
    click.echo(f"{settings.lake} now holds {files:,} files and {rows:,} rows of flows.")
    click.echo(f"Next: {following.format(entrepot=invocation(settings))}")


def _line(file: Ingested) -> str:
    name = file.path.name
    if file.outcome != "ingested":
        words = file.detail.removeprefix("already in the lake ")
        return f"{name}: {file.outcome} {words}" if file.source_id else f"{name}: {file.detail}"
    skipped = "".join(f", {count:,} {reason}" for reason, count in file.skipped)
    aside = f"; not rows: {skipped[2:]}" if skipped else ""
    return (
        f"{name}: {file.dataset} ({file.reader}), {file.detail}{aside}; "
        f"source {file.source_id}, {file.seconds:.1f} s"
    )
