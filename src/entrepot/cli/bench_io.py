"""``entrepot bench io``: how fast files are read and ingested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.progress import progress

if TYPE_CHECKING:
    from entrepot.bench.io import FileTrial

_COLUMNS = (
    Column("\nfile", is_whole=True),
    Column("\nMB", is_number=True),
    Column("\nlines", is_number=True),
    Column("seconds\nto read", is_number=True),
    Column("lines\na second", is_number=True),
    Column("times\nDuckDB", is_number=True),
    Column("times\npyarrow", is_number=True),
    Column("times\nPolars", is_number=True, is_expendable=True),
    Column("seconds\nto ingest", is_number=True),
    Column("peak MB\nof ingest", is_number=True),
)


@click.command(
    "io",
    epilog="""Examples:

\b
entrepot bench io
entrepot bench io --lines 3500000 --format json -o io.json
entrepot bench io full_v2_202401.7z --repeats 1
""",
)
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--lines",
    type=click.IntRange(min=1, max=10_000_000),
    default=1_000_000,
    show_default=True,
    help="Lines of each made-up file; 3,500,000 are a month of Comext. A million take 1.5 GB of "
    "disk for the time of the run.",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often each file is read; the fastest counts.",
)
@row_options
def command(
    files: tuple[Path, ...], lines: int, repeats: int, how: Format | None, output: Path | None
) -> None:
    """Measure how fast files are read, beside plain reading of the same file.

    Each FILE is measured; where none is named, files are made up in the layouts of Comext's bulk
    download and UN Comtrade. Reading is unpacking, parsing, checking and making rows; ingesting is
    the whole way into an empty lake. Plain reading takes the whole file into memory, types guessed,
    with DuckDB, pyarrow and, where it is installed, Polars; it checks nothing. Times differ between
    machines and hours: compare the ratios, which come from one process, in turn.
    """
    from entrepot.bench.io import run_io, trial_rows

    to = destination(how, output)
    with progress("making up files") as report:
        trials = run_io(lines, files, report, repeats=repeats)
    show(trial_rows(trials), lambda: _grid(trials), to)


def _grid(trials: Sequence[FileTrial]) -> Grid:
    cells = [
        (
            trial.file,
            f"{trial.size_mb:,.0f}",
            _shown(trial.line_count, ",.0f"),
            f"{trial.read_seconds:.2f}",
            _shown(trial.lines_per_second, ",.0f"),
            _shown(trial.ratio(trial.duckdb_seconds), ".2f"),
            _shown(trial.ratio(trial.pyarrow_seconds), ".2f"),
            _shown(trial.ratio(trial.polars_seconds), ".2f"),
            f"{trial.ingest_seconds:.1f}",
            _shown(trial.peak_mb, ",.0f"),
        )
        for trial in trials
    ]
    notes = ["times: seconds of our reader over those of a plain one; below 1 ours was faster."]
    if all(trial.polars_seconds is None for trial in trials):
        notes.append("Polars is not installed, or could not read any of them.")
    return Grid(_COLUMNS, cells, tuple(notes))


def _shown(number: float | None, form: str) -> str:
    return "–" if number is None else format(number, form)
