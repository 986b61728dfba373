"""``entrepot bench``: score the estimator, and others, where the truth is known."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.bench_io import command as io_command
from entrepot.cli.bench_press import command as press_command
from entrepot.cli.bench_scale import command as scale_command
from entrepot.cli.bench_screen import command as screen_command
from entrepot.cli.bench_web import command as web_command
from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, say, show, write_file
from entrepot.cli.progress import progress
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS

if TYPE_CHECKING:
    from entrepot.bench import Trial
    from entrepot.bench.metrics import Metric
    from entrepot.cli.progress import Report
    from entrepot.simulate.semi_synthetic import Strength

STRENGTHS = ("strong", "moderate", "null")
ALL, NOTHING_PLANTED = "all", "null"
# Shown at any width; the others only where the terminal has room.
_FIRST = {
    *("average_precision", "false_discovery_proportion", "power", "wmape", "total_ratio"),
    *("coverage_diverted", "seconds"),
}


@click.group(
    "bench",
    invoke_without_command=True,
    epilog="""Examples:

\b
entrepot bench --scenario base --scenario null --seed 100 --seed 101
entrepot bench --scenario all --seed 100 --seed 101 --seed 102 --methods ours -o bench.parquet
entrepot bench --methods all --page bench.html
entrepot bench --real strong --seed 1 --format csv -o bench.csv
entrepot bench --submission mine.csv --world world/
entrepot bench io
entrepot bench press tests/data/press/gold
entrepot bench scale
entrepot bench screen
entrepot bench web --demo
""",
)
@click.option(
    "--scenario",
    "scenarios",
    type=click.Choice((*SCENARIOS, ALL)),
    multiple=True,
    help="Kind of simulated world; base where left out; `all` is every kind in which something is "
    "planted; may be repeated.",
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
@click.option(
    "--methods",
    "methods",
    metavar="NAME",
    multiple=True,
    default=("ours", "simple"),
    show_default=True,
    help="Method, hyphens for blanks (robust-z), or ours, simple, all; may be repeated.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes to share the worlds between; one a core where left out.",
)
@click.option(
    "--submission",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Score this file instead, CSV or Parquet, rows as in the table `leads`.",
)
@click.option(
    "--world",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Lake with the simulated world the file is about; that of --lake where left out.",
)
@click.option(
    "--rank-by",
    type=click.Choice(("probability_material", "score", "probability", "p_value")),
    help="Column of the file to rank by; the first of these it has where left out.",
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an HTML page with the table and charts as well.",
)
@row_options
@click.pass_context
def command(  # noqa: PLR0913 - one parameter per option
    context: click.Context,
    scenarios: tuple[str, ...],
    strengths: tuple[Strength, ...],
    seeds: tuple[int, ...],
    methods: tuple[str, ...],
    jobs: int | None,
    submission: Path | None,
    world: Path | None,
    rank_by: str | None,
    page: Path | None,
    how: Format | None,
    output: Path | None,
) -> None:
    """Score methods where it is known what was diverted.

    Intervals are 90 % intervals, flags are at a false discovery rate of 0.1: coverage should be
    0.9, false discoveries 0.1 at most, and the share of null p-values below .05 should be 0.05.
    The table shows means over seeds; csv, json and parquet hold every metric of every world, one a
    row, with the points of the curves.

    LFM is the latent-flow mixture, on exports (U), arrivals (A) and sales to the destination (D).
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context)
        return
    from entrepot.bench import long_rows

    settings: Settings = context.obj
    _check(scenarios, strengths, submission, world, rank_by)
    if page is not None and not page.absolute().parent.is_dir():
        raise click.UsageError(f"--page is {str(page)!r}, and there is no such folder.")
    to = destination(how, output)
    if submission is not None:
        trials = _submitted(settings, submission, world, rank_by)
    else:
        with progress("drawing a world") as report:
            work = (methods, jobs or os.cpu_count() or 1, report)
            if strengths:
                trials = _real(settings, strengths, seeds, work)
            else:
                trials = _simulated(scenarios or ("base",), seeds, work)
    show(long_rows(trials), lambda: _grid(trials), to)
    if page is not None:
        _write_page(trials, page)


command.add_command(io_command)
command.add_command(press_command)
command.add_command(scale_command)
command.add_command(screen_command)
command.add_command(web_command)


def _refuse_options(context: click.Context) -> None:
    given = [
        param.opts[0]
        for param in context.command.params
        if param.name
        and context.get_parameter_source(param.name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"{given[0]} goes with `entrepot bench` alone.")


_Work = tuple[tuple[str, ...], int, "Report"]


def _check(
    scenarios: tuple[str, ...],
    strengths: tuple[Strength, ...],
    submission: Path | None,
    world: Path | None,
    rank_by: str | None,
) -> None:
    if sum((bool(scenarios), bool(strengths), submission is not None)) > 1:
        raise click.UsageError("--scenario, --real and --submission exclude each other.")
    if submission is None and (world is not None or rank_by is not None):
        raise click.UsageError("--world and --rank-by go with --submission.")


def _simulated(scenarios: tuple[str, ...], seeds: tuple[int, ...], work: _Work) -> list[Trial]:
    from entrepot.bench import run_bench

    methods, jobs, report = work
    if ALL in scenarios:
        scenarios = tuple(name for name in SCENARIOS if name != NOTHING_PLANTED)
    return run_bench(scenarios, seeds, report, methods=methods, jobs=jobs)


def _real(
    settings: Settings, strengths: tuple[Strength, ...], seeds: tuple[int, ...], work: _Work
) -> list[Trial]:
    from entrepot.bench import run_real_bench
    from entrepot.lake import open_lake

    methods, jobs, report = work
    with open_lake(settings.lake, settings) as lake:
        return run_real_bench(lake, strengths, seeds, report, methods=methods, jobs=jobs)


def _submitted(
    settings: Settings, file: Path, world: Path | None, rank_by: str | None
) -> list[Trial]:
    from entrepot.bench.submission import score_submission
    from entrepot.lake import open_lake

    with open_lake(world or settings.lake, settings) as lake:
        scored = score_submission(file, lake, rank_by)
    for trial, found in scored:
        say(
            [
                f"{trial.method}: {found.row_count:,} rows, ranked by {found.ranked_by}, estimate "
                f"from {found.estimated_by}; {found.unknown_count:,} rows are no cell of the world "
                f"and are not scored, {found.missing_count:,} cells are missing and count as "
                "nothing found."
            ]
        )
    return [trial for trial, _ in scored]


def _write_page(trials: Sequence[Trial], page: Path) -> None:
    from entrepot.api import version_of_code
    from entrepot.bench.page import gather_bench, render_bench

    write_file(page, render_bench(gather_bench(trials, version_of_code())).encode())
    click.echo(f"{page}: written.", err=True)


def _grid(trials: Sequence[Trial]) -> Grid:
    from entrepot.bench.metrics import by_world, told

    metrics = [metric for _, group in told(trials) for metric in group]
    kinds = by_world(trials)
    blocks = list(kinds.items()) + ([(ALL, list(trials))] if len(kinds) > 1 else [])
    columns = (
        *(Column("\n" + name, is_whole=True) for name in ("world", "seed", "method")),
        *(
            Column(metric.header, is_number=True, is_expendable=metric.name not in _FIRST)
            for metric in metrics
        ),
    )
    rows = [row for world, own in blocks for row in _block(world, own, metrics)]
    return Grid(columns, rows)


def _block(world: str, trials: Sequence[Trial], metrics: Sequence[Metric]) -> list[tuple[str, ...]]:
    """One row a method: means over the seeds of one kind of world, or over all worlds."""
    from entrepot.bench.metrics import average, by_method

    rows = []
    for method, own in by_method(trials).items():
        seed = str(own[0].seed) if len(own) == 1 else f"{len(own)} worlds"
        found = [(average(own, metric.name), metric.digits) for metric in metrics]
        numbers = ("–" if a is None else f"{a.mean:.{digits}f}" for a, digits in found)
        rows.append((world, seed, method, *numbers))
    return rows
