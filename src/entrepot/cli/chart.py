"""``entrepot chart``: one chart of a dossier as a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import run_option
from entrepot.cli.output import write_file
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.dossier.figure import Figure

KINDS = (".svg", ".png", ".json", ".csv", ".html")


@click.command(
    "chart",
    epilog="""Examples:

\b
entrepot chart KG
entrepot chart KG country -o kg.svg
entrepot chart EU-KG-RU-870324 upstream -o cars.csv

Exit codes: 0 done, 1 the run holds nothing about the country or lead, 2 wrong use.
""",
)
@click.argument("about")
@click.argument("name", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: .svg or .png a picture, .json its description in Vega-Lite, .csv its "
    "numbers in full, .html a page with both. The chart's name and .svg where left out.",
)
@run_option
@click.pass_obj
def command(
    settings: Settings, about: str, name: str | None, output: Path | None, run: str | None
) -> None:
    """Write one chart of a country or a lead into a file; without NAME, list the charts.

    ABOUT is an ISO 3166-1 alpha-2 code, or a lead as `entrepot leads` writes it. SVG and HTML carry
    a title and a description for readers who cannot see the chart; a PNG cannot, so give its page
    along.
    """
    from entrepot.dossier.chart_file import chart_bytes
    from entrepot.dossier.figure_file import figure_chart, figure_csv

    figures = {one.key: one for one in _figures(settings, about, run)}
    if name is None:
        for key, figure in figures.items():
            click.echo(f"{key}: {figure.title}")
        return
    path = Path(f"{name}.svg") if output is None else output
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise click.UsageError(f"--output is {path.name!r}, expected a name in one of {KINDS}.")
    if name not in figures:
        raise click.UsageError(f"NAME is {name!r}, expected one of {sorted(figures)}.")
    found = figures[name]
    if kind == ".csv":
        data = figure_csv(found).encode()
    else:
        data = chart_bytes(figure_chart(found), kind.removeprefix("."))
    write_file(path, data)
    click.echo(path)


def _figures(settings: Settings, about: str, run: str | None) -> tuple[Figure, ...]:
    from entrepot.api.lead_shown import lead_shown
    from entrepot.corridor import Corridor
    from entrepot.dossier.gather import gather_country
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        if "-" not in about:
            return gather_country(lake, about.upper(), run).figures
        try:
            corridor = Corridor.parse(about)
        except ValueError as error:
            raise click.UsageError(f"ABOUT: {error}") from error
        return lead_shown(lake, corridor, run).figures
