"""``entrepot bench``: score the estimator where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.progress import progress
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS

if TYPE_CHECKING:
    from entrepot.bench import Trial
    from entrepot.cli.progress import Report
    from entrepot.simulate.semi_synthetic import Strength

STRENGTHS = ("strong", "moderate", "null")
# Header and name of each metric the table shows, the first five at any width; the other formats
# hold all.
_METRICS = (
    ("coverage\ndiverted", "coverage_diverted"),
    ("coverage\nnull", "coverage_null"),
    ("false\ndiscoveries", "false_discovery_proportion"),
    ("\npower", "power"),
    ("power\nby value", "power_by_value"),
    ("null\np < .05", "null_share_below"),
    ("average\nprecision", "average_precision"),
    ("error over\nplanted", "wmape"),
    ("found over\nplanted", "total_ratio"),
    ("interval\nscore", "interval_score"),
)
_FIRST = 5


@click.command(
    "bench",
    epilog="""Examples:

\b
entrepot bench --scenario base --scenario null --seed 100 --seed 101
entrepot bench --real strong --seed 1 --format csv -o bench.csv
""",
)
@click.option(
    "--scenario",
    "scenarios",
    type=click.Choice(tuple(SCENARIOS)),
    multiple=True,
    help="Kind of simulated world; base where left out; may be repeated.",
)
@click.option(
    "--real",
    "strengths",
    type=click.Choice(STRENGTHS),
    multiple=True,
    help="In place of simulated worlds, plant this much in the lake's own trade from before the "
    "war; null plants nothing; may be repeated.",
)
@click.option(
    "--seed",
    "seeds",
    type=click.IntRange(min=0),
    multiple=True,
    default=(100,),
    show_default=True,
    help="Seed of a world; may be repeated. 0 to 3 were used for tuning, 100 and up are for "
    "reporting.",
)
@row_options
@click.pass_obj
def command(
    settings: Settings,
    scenarios: tuple[str, ...],
    strengths: tuple[Strength, ...],
    seeds: tuple[int, ...],
    how: Format | None,
    output: Path | None,
) -> None:
    """Score the estimator, and simple baselines, where it is known what was diverted.

    Intervals are 90 % intervals, flags are at a false discovery rate of 0.1: coverage should be
    0.9, false discoveries 0.1 at most, and the share of null p-values below .05 should be 0.05.
    csv, json and parquet hold all metrics.
    """
    import pyarrow as pa

    from entrepot.bench import run_bench

    if scenarios and strengths:
        raise click.UsageError("--scenario and --real exclude each other.")
    to = destination(how, output)
    with progress("drawing a world") as report:
        if strengths:
            trials = _real(settings, strengths, seeds, report)
        else:
            trials = run_bench(scenarios or ("base",), seeds, report)
    rows = pa.Table.from_pylist([trial.row() for trial in trials])
    show(rows, lambda: _grid(trials), to)


def _real(
    settings: Settings, strengths: tuple[Strength, ...], seeds: tuple[int, ...], report: Report
) -> list[Trial]:
    from entrepot.bench import run_real_bench
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        return run_real_bench(lake, strengths, seeds, report)


def _grid(trials: Sequence[Trial]) -> Grid:
    names = ("world", "seed", "method")
    columns = (
        *(Column("\n" + name, is_whole=True) for name in names),
        *(
            Column(header, is_number=True, is_expendable=place >= _FIRST)
            for place, (header, _) in enumerate(_METRICS)
        ),
        Column("\nseconds", is_number=True),
    )
    cells = [
        (
            trial.world,
            str(trial.seed),
            trial.method,
            *(_number(getattr(trial.score, name)) for _, name in _METRICS),
            f"{trial.seconds:.1f}",
        )
        for trial in trials
    ]
    return Grid(columns, cells)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
