"""``entrepot bench screen``: how well and how fast lists of parties are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from entrepot.bench.screening import Measured
    from entrepot.screening.listed import Listed

_INVENTED = 20_000  # as many as the lists of the US, the EU and the UN hold together
_COLUMNS = (
    Column("\nway", is_whole=True),
    Column("names with\na slip", is_number=True),
    Column("\nfound", is_number=True),
    Column("names of\nnobody", is_number=True),
    Column("\ntold of", is_number=True),
    Column("names a second\nof processor", is_number=True),
    Column("a second of\nthe clock", is_number=True),
    Column("times the\nscan", is_number=True),
)


@click.command(
    "screen",
    epilog="""Examples:

\b
entrepot bench screen
entrepot bench screen --names 1000 --as-of 2024-06-03 --format json
entrepot bench screen --parties 20000
entrepot --lake lake bench screen --logic
""",
)
@click.option(
    "--names",
    "count",
    type=click.IntRange(min=1, max=100_000),
    default=500,
    show_default=True,
    help="Names of each sort that are asked about.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="Day of the lists; today if left out."
)
@click.option(
    "--parties",
    "invented",
    type=click.IntRange(min=1, max=1_000_000),
    help="Ask for so many invented parties in place of the lists; 20,000 where the lake has none.",
)
@click.option(
    "--logic/--no-logic",
    "with_logic",
    default=None,
    help="Measure logic-v2 and nomenklatura's index too; they are where ftm is installed.",
)
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Measure how well and how fast the lists of parties in the lake are asked.

    Names with a slip are names on the lists with one letter wrong; found is the share whose party
    is told. Names of nobody are put together from common first and family names of many countries;
    told of is the share for which somebody is. A full scan with rapidfuzz stands beside; so do
    logic-v2 and nomenklatura's index, which gives candidates without a score, where the extra ftm
    is installed. A lake without lists is measured on invented parties.
    """
    import time

    import pyarrow as pa

    from entrepot.bench.screening import measured, measured_rows
    from entrepot.bench.screening_ftm import is_installed
    from entrepot.screening.party_logic import LogicScore
    from entrepot.screening.party_register import register
    from entrepot.screening.policy import Policy

    to = destination(how, output)
    parties, whose = _parties(settings, asked)
    begun = time.process_time()
    known = register(parties)
    seconds = time.process_time() - begun
    wanted = is_installed() if asked["with_logic"] is None else asked["with_logic"]
    second = LogicScore() if wanted else None
    found = measured(known, Policy(), asked["count"], asked["seed"], second)
    rows = pa.Table.from_pylist(measured_rows(found))
    said = f"{len(parties):,} {whose}, made ready in {seconds:.1f} seconds of processor."
    show(rows, lambda: _grid(found, said), to)


def _parties(settings: Settings, asked: dict[str, Any]) -> tuple[Sequence[Listed], str]:
    from entrepot.api.listed import listed_on
    from entrepot.bench.screening_names import invented_parties
    from entrepot.lake import open_lake
    from entrepot.screening.listed import listed_parties

    on = (asked["day"] or datetime.now(UTC)).date()
    if asked["invented"] is None and settings.lake.is_dir():
        with open_lake(settings.lake, settings) as lake:
            parties = listed_parties(listed_on(lake, on).rows, on)
        if parties:
            return parties, f"parties on the lists on {on}"
    count = asked["invented"] or _INVENTED
    return invented_parties(count, asked["seed"]), "invented parties"


def _grid(found: Sequence[Measured], said: str) -> Grid:
    cells = [
        (
            one.method,
            f"{one.questions:,}",
            f"{one.recall:.1%}",
            f"{one.innocent:,}",
            f"{one.alerts:.1%}",
            f"{one.per_second:,.0f}",
            f"{one.per_second_wall:,.0f}",
            f"{one.times_scan:,.1f}",
        )
        for one in found
    ]
    return Grid(_COLUMNS, cells, (said,))
