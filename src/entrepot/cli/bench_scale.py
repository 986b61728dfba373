"""``entrepot bench scale``: what every stage costs, from a million live cells to a hundred."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.progress import progress

if TYPE_CHECKING:
    from entrepot.bench.scale import CostCurve

_COLUMNS = (
    Column("live\ncells", is_number=True),
    Column("\nstage", is_whole=True),
    Column("\nseconds", is_number=True),
    Column("peak\nMB", is_number=True),
    Column("times\nthe limit", is_number=True),
    Column("\nwhat"),
)


@click.command(
    "scale",
    epilog="""Examples:

\b
entrepot bench scale --cells 1
entrepot bench scale --cells 1,3,5,10,30,100 --limit 600 --page scale.md -o scale.csv
""",
)
@click.option(
    "--cells",
    default="1,3",
    show_default=True,
    metavar="MILLIONS",
    help="Live cells of each size, millions, separated by commas.",
)
@click.option(
    "--limit",
    type=click.FloatRange(min=1),
    default=300.0,
    show_default=True,
    help="Seconds after which a stage is stopped; larger sizes then leave it out.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with the table and a chart beside it, ending in .svg.",
)
@row_options
def command(
    cells: str,
    limit: float,
    seed: int,
    page: Path | None,
    how: Format | None,
    output: Path | None,
) -> None:
    """Measure ingest, panel, fit, folds, fusion and a whole run on panels of growing size.

    Each stage runs in a process of its own, which tells its peak of memory. Beside them stand the
    same fit by pyfixest and in plain SQL, and the time that a copy of the bytes a stage has to move
    at least would take on this machine. A hundred million cells need 5 GB of memory, as much room
    for temporary files, and three quarters of an hour.
    """
    from entrepot.bench.scale import cost_curve, curve_rows, sizes_of
    from entrepot.bench.scale_page import write_page

    try:
        sizes = sizes_of(cells)
    except ValueError as error:
        raise click.BadParameter(
            f"{cells!r} is no list of millions, expected e.g. 1,3,10.", param_hint="--cells"
        ) from error
    to = destination(how, output)
    with progress("drawing panels") as told:
        curve = cost_curve(sizes, limit, seed, told)
    if page is not None:
        for path in write_page(curve, page):
            click.echo(f"{path}: written.", err=True)
    show(curve_rows(curve), lambda: _grid(curve), to)


def _grid(curve: CostCurve) -> Grid:
    from entrepot.bench.scale import curve_rows, speedups

    cells = [
        (
            f"{row['cells']:,}",
            row["stage"],
            _number(row["seconds"], ".3g"),
            _number(row["peak_mb"], ",.0f"),
            _number(row["over_limit"], ",.1f"),
            row["note"] if row["count"] is None else f"{row['count']:,} {row['note']}",
        )
        for row in curve_rows(curve).to_pylist()
    ]
    where = curve.machine
    notes = [
        f"{where.cores} cores of {where.processor}, {where.memory_gb:g} GB; copying moves "
        f"{where.copy_gb_per_second:g} GB/s. Times the limit: over copying the bytes a stage has "
        "to move at least."
    ]
    notes += [
        f"pyfixest takes {ratio:,.0f} times as long as our fit to convergence at {size:,} cells."
        for size, ratio in speedups(curve).items()
    ]
    return Grid(_COLUMNS, cells, tuple(notes))


def _number(value: float | None, how: str) -> str:
    return "–" if value is None else format(value, how)
