"""``entrepot dossier``: one page about one country."""

from __future__ import annotations

from pathlib import Path

import click

from entrepot.cli.options import run_option
from entrepot.cli.output import write_file
from entrepot.settings import Settings


@click.command(
    "dossier",
    epilog="""Example:

\b
entrepot dossier KZ -o kz.html

Exit codes: 0 done, 1 the run holds nothing about the country, 2 wrong use.
""",
)
@click.argument("country")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; the country's code and .html where left out.",
)
@run_option
@click.pass_obj
def command(settings: Settings, country: str, output: Path | None, run: str | None) -> None:
    """Write one self-contained HTML page about one third country.

    COUNTRY is an ISO 3166-1 alpha-2 code. The page holds what was found, charts of observed against
    expected, the table of leads, placebo results, caveats, sources and licences, and asks no other
    machine for anything. Where `entrepot read` put articles into the lake, it also holds the record
    of the country's relations, as `entrepot record` shows it.
    """
    from entrepot import api
    from entrepot.dossier.gather import gather_country
    from entrepot.dossier.record import RecordQuestion
    from entrepot.dossier.record_page import record_view
    from entrepot.dossier.render import render_country
    from entrepot.lake import open_lake
    from entrepot.tables import ARTICLES

    code = country.upper()
    path = Path(f"{code.lower()}.html") if output is None else output
    with open_lake(settings.lake, settings) as lake:
        dossier = gather_country(lake, code, run)
        has_press = lake.has(ARTICLES)
        record = record_view(api.record_of(lake, RecordQuestion(code))) if has_press else None
    page = render_country(dossier, record)
    write_file(path, page.encode())
    click.echo(path)
