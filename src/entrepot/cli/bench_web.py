"""``entrepot bench web``: how fast the desk answers, and how many readers it bears."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.progress import progress
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.bench.web_report import Report

_COLUMNS = (
    Column("\npage", is_whole=True),
    Column("first\nanswers", is_number=True, is_expendable=True),
    Column("cold\np50 ms", is_number=True),
    Column("cold\np95 ms", is_number=True),
    Column("kept\np50 ms", is_number=True),
    Column("kept\np95 ms", is_number=True),
    Column("p95 over\nbudget", is_number=True),
    Column("first\npaint ms", is_number=True),
    Column("kB with all\nit loads", is_number=True),
    Column("\nerrors", is_number=True),
)


@click.command(
    "web",
    epilog="""Examples:

\b
entrepot bench web
entrepot bench web --demo --seconds 10
entrepot bench web --from downloads --from ban.csv --format json -o web.json
""",
)
@click.option(
    "--from",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Publishers' file, or a folder of them, to make a lake from for the time of the run; may "
    "be repeated. The lake of --lake where left out.",
)
@click.option("--demo", "is_demo", is_flag=True, help="Make the lake of `entrepot demo` instead.")
@click.option(
    "--readers",
    type=click.IntRange(1, 1000),
    default=50,
    show_default=True,
    help="Readers at once.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="How long they read.",
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Seconds each looks at a page before the next.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Measure the pages of `entrepot serve`: alone, in a browser, and with many readers at once.

    Links are followed from the first page. Each kind of page is asked for anew after a start
    (cold), and again when its answer is kept. Where Chromium and Playwright are installed, first
    contentful paint and everything a page loads are measured with an empty cache. Then readers go
    from page to page at once. Budgets: p95 300 ms, first paint 1 s, first page 500 kB, no error. A
    ratio above 1 misses its budget. Times differ between machines and hours.
    """
    from entrepot.bench.web_report import measure, report_rows

    if asked["is_demo"] and asked["paths"]:
        raise click.UsageError("--demo and --from exclude each other.")
    to = destination(how, output)
    crowd = (asked["readers"], asked["seconds"], asked["pause"], asked["seed"])
    with _lake(settings, asked) as lake:
        report = measure(lake, crowd)
    show(report_rows(report), lambda: _grid(report), to)


@contextmanager
def _lake(settings: Settings, asked: dict[str, Any]) -> Iterator[Path]:
    from tempfile import TemporaryDirectory

    from entrepot.bench.web_lake import demo_lake, lake_of

    if not asked["is_demo"] and not asked["paths"]:
        yield settings.lake
        return
    with TemporaryDirectory(prefix="entrepot-") as folder:
        place = replace(settings, lake=Path(folder) / "lake")
        with progress("making a lake") as told:
            if asked["is_demo"]:
                demo_lake(place, told)
            else:
                lake_of(place, asked["paths"], told)
        yield place.lake


def _grid(report: Report) -> Grid:
    paints = {one.kind: one for one in report.paints}
    cells: list[tuple[str, ...]] = []
    for one in report.pages:
        paint = paints.get(one.kind)
        cells.append(
            (
                one.kind,
                f"{one.cold.count:,}",
                f"{one.cold.p50:,.0f}",
                f"{one.cold.p95:,.0f}",
                f"{one.warm.p50:,.1f}",
                f"{one.warm.p95:,.1f}",
                f"{report.over_budget(one):.2f}",
                "–" if paint is None else f"{paint.paint_ms:,.0f}",
                "–" if paint is None else f"{paint.kilobytes:,.0f}",
                f"{one.error_count:,}",
            )
        )
    return Grid(_COLUMNS, cells, report.notes())
