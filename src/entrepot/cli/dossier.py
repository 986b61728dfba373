"""``entrepot dossier``: one file about one country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import run_option
from entrepot.cli.output import write_file
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.corridor import Corridor

KINDS = (".html", ".pdf")


@click.command(
    "dossier",
    epilog="""Examples:

\b
entrepot dossier KZ -o kz.html
entrepot dossier KZ -o kz.pdf
entrepot dossier KZ --lead EU-KZ-RU-870324 --lead EU-KZ-RU-852872 -o kz.pdf

Exit codes: 0 done, 1 the run holds nothing about the country, 2 wrong use.
""",
)
@click.argument("country")
@click.option(
    "--lead",
    "leads",
    multiple=True,
    metavar="LEAD",
    help="Lead to tell in full, as `entrepot leads` writes it; may be repeated. The first three "
    "flagged ones where left out.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .html or .pdf; the country's code and .html where left out.",
)
@run_option
@click.pass_obj
def command(
    settings: Settings, country: str, leads: tuple[str, ...], output: Path | None, run: str | None
) -> None:
    """Write all that is known about one third country into one self-contained file.

    COUNTRY is an ISO 3166-1 alpha-2 code. The file holds what was found, charts of observed against
    expected with the numbers behind them, products, leads in full, placebo results, caveats, the
    run, sources with licences and digests, and a glossary, and asks no other machine for anything.
    Where `entrepot read` put articles into the lake, it also holds the record of the country's
    relations, as `entrepot record` shows it, and what came of claims.

    A PDF file is tagged (PDF/UA-1) and needs the extra `pdf`. The same lake gives the same file.
    """
    from entrepot.api.dossier_whole import whole_dossier
    from entrepot.dossier.pdf import to_pdf
    from entrepot.dossier.render import render_country, render_paper
    from entrepot.lake import open_lake

    code = country.upper()
    path = Path(f"{code.lower()}.html") if output is None else output
    if path.suffix.lower() not in KINDS:
        raise click.UsageError(f"--output is {path.name!r}, expected a name in one of {KINDS}.")
    wanted = [_lead(text) for text in leads]
    with open_lake(settings.lake, settings) as lake:
        whole = whole_dossier(lake, code, run, wanted, decisions=settings.decisions)
    if path.suffix.lower() == ".pdf":
        data = to_pdf(render_paper(whole.dossier, whole.beside))
    else:
        page = render_country(whole.dossier, whole.beside.record, beside=whole.beside)
        data = page.encode()
    write_file(path, data)
    click.echo(path)


def _lead(text: str) -> Corridor:
    from entrepot.corridor import Corridor

    try:
        return Corridor.parse(text)
    except ValueError as error:
        raise click.UsageError(f"--lead: {error}") from error
