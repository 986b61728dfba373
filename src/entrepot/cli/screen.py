"""``entrepot screen``: may these shipments go? An answer per line, with its reasons."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.output import Column, Grid, render
from entrepot.cli.progress import Report, progress
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.api.decided import Standing
    from entrepot.api.screening import Ground, Order, Screening
    from entrepot.dossier.screen_rows import Heading
    from entrepot.screening.verdict import Screened

RESULTS = (".html", ".xlsx", ".csv", ".json", ".parquet")
FAILED = 3  # exit code: a line is at or above --fail-on
_STEP = 500  # lines between two reports of progress


@click.command(
    "screen",
    epilog="""Examples:

\b
entrepot screen shipments.csv --show-columns > columns.toml
entrepot screen shipments.csv --as-of 2024-06-03 --columns columns.toml -o result.html
entrepot screen shipments.xlsx --as-of 2024-06-03 --policy policy.toml -o result.csv --fail-on block
""",
)
@click.argument("shipments", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day whose lists and acts count.")
@click.option("--policy", type=click.Path(path_type=Path), help="Settings, TOML.")
@click.option("--columns", type=click.Path(path_type=Path), help="Which column is what, TOML.")
@click.option("--show-columns", is_flag=True, help="Print what was understood of the columns.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: .html, .xlsx, .csv, .json or .parquet; only counts where left out.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("block", "review")),
    help="Exit with 3 where a line has this verdict or a severer one.",
)
@click.option(
    "--answers",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for every answer in full, as pages of `entrepot serve` show them: decisions are "
    "honoured there, not here. Needs entrepot[web]; in place of --output.",
)
@click.option("--run", "run_id", help="Run whose leads count; the newest where left out.")
@click.option(
    "--decisions", help="Address of the database of decisions; that of `entrepot decide`."
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    shipments: Path,
    as_of: datetime | None,
    output: Path | None,
    fail_on: str | None,
    **asked: Any,
) -> None:
    """Say of each line of a file of shipments whether it may go, and why not.

    Every line comes back. A check without its fields is not assessed, never clear; a value that
    cannot be read is a finding. Exit code: 0, or 3 with --fail-on; 1 error in the input, 2 wrong
    use.
    """
    from entrepot.api import screening as api
    from entrepot.api.screening_files import columns_file_at, policy_file
    from entrepot.screening.policy import Policy
    from entrepot.sources.shipments_columns import ColumnsFile

    said = columns_file_at(asked["columns"]) if asked["columns"] else ColumnsFile()
    if asked["show_columns"]:
        from entrepot.sources.shipments import open_shipments
        from entrepot.sources.shipments_columns import columns_file

        click.echo(columns_file(open_shipments(shipments, said).layout), nl=False)
        return
    if as_of is None:
        raise click.UsageError("name the day with --as-of, e.g. --as-of 2024-06-03.")
    if output is not None and asked["answers"] is not None:
        raise click.UsageError("--answers and --output: expected one of them.")
    if output is not None and output.suffix.lower() not in RESULTS:
        raise click.UsageError(f"{output.name!r}: expected a name ending in {', '.join(RESULTS)}.")
    policy = policy_file(asked["policy"]) if asked["policy"] else Policy()
    settings = ctx.find_object(Settings)
    standing = _standing(settings, asked["decisions"]) if asked["answers"] is None else _none()
    order = api.Order(shipments, as_of.date(), policy, said, standing)
    answers: Path | None = asked["answers"]
    with _ground(settings, order, asked["run_id"]) as ground:
        found = api.screen_file(order, ground)
        counts = _write(found, output) if answers is None else _keep(found, answers)
    click.echo(_summary(counts, found), err=output is not None)
    severe = counts["block"] + (counts["review"] if fail_on == "review" else 0)
    if fail_on and severe:
        ctx.exit(FAILED)


@contextmanager
def _ground(settings: Settings | None, order: Order, run_id: str | None) -> Iterator[Ground]:
    """What the lake holds to compare with; what comes with the code where there is no lake."""
    from entrepot.api import screening as api
    from entrepot.lake import open_lake
    from entrepot.manifest import MANIFEST

    if settings is None or not (settings.lake / MANIFEST).is_file():
        if run_id is not None:
            raise click.UsageError("--run: there is no lake to hold it. Name one with --lake.")
        yield api.own_ground()
        return
    with open_lake(settings.lake, settings) as lake:
        yield api.ground_over(lake, order.on, order.policy, run_id)


def _standing(settings: Settings | None, address: str | None) -> Standing:
    """Decisions that stand, from where ``entrepot decide`` writes them; none is no database."""
    from entrepot.api.database import FILE
    from entrepot.api.decided import standing
    from entrepot.api.decisions import open_decisions

    lake = Path("lake") if settings is None else settings.lake
    url = address or (settings.decisions if settings else None)
    if url is None and not (lake / FILE).is_file():
        return standing(())
    with open_decisions(lake, url) as decisions:
        return standing(decisions.rows())


def _none() -> Standing:
    from entrepot.api.decided import standing

    return standing(())


def _write(found: Screening, output: Path | None) -> Counter[str]:
    """Write the answers as they come; a file is there whole or not at all."""
    from entrepot.dossier.screen_file import WRITERS

    counts: Counter[str] = Counter()
    with progress("screening") as report:
        lines = _counted(found.lines(), counts, report)
        if output is None:
            for _ in lines:
                pass
            return counts
        try:
            with tempfile.TemporaryDirectory(prefix=".entrepot-", dir=output.parent) as beside:
                staged = Path(beside) / output.name
                WRITERS[output.suffix.lower()](staged, _heading(found), lines)
                staged.replace(output)
        except OSError as error:
            raise click.FileError(str(output), hint=error.strerror) from error
    return counts


def _keep(found: Screening, folder: Path) -> Counter[str]:
    """Keep every answer in full for pages."""
    from entrepot.api.jobs_answers import write_answers

    counts: Counter[str] = Counter()
    with progress("screening") as report:
        lines = _counted(found.lines(), counts, report)
        write_answers(folder, _heading(found), found.ground.checks, lines)
    return counts


def _counted(lines: Iterable[Screened], counts: Counter[str], report: Report) -> Iterator[Screened]:
    for number, line in enumerate(lines, start=1):
        counts[line.verdict] += 1
        if number % _STEP == 0:
            report(0, 1, f"{number:,} lines")
        yield line


def _heading(found: Screening) -> Heading:
    from entrepot.dossier.screen_rows import Heading

    return Heading(
        found.order.path.name,
        found.sha256,
        found.order.on.isoformat(),
        found.engine,
        f"{found.order.policy.version} ({found.policy_digest})",
        tuple(f"{one.dataset} {one.version}" for one in found.lists_used()),
        tuple(f"{check.id} version {check.version}" for check in found.ground.checks),
        found.file.layout.notes,
        found.order.policy.as_settings(),
    )


def _summary(counts: Counter[str], found: Screening) -> str:
    columns = (Column("verdict", is_whole=True), Column("lines", is_number=True))
    rows = [(name, f"{counts[name]:,}") for name in ("block", "review", "clear", "not_assessed")]
    heading = _heading(found)
    lists = "; ".join(heading.lists) or "no list was there"
    notes = (
        f"As of {heading.as_of}; lists: {lists}.",
        f"Policy {heading.policy}; Entrepôt {heading.engine}; {_empty(found)}",
        *heading.notes,
    )
    return render(Grid(columns, rows, notes))


def _empty(found: Screening) -> str:
    return f"{found.file.empty_count:,} empty lines passed over."
