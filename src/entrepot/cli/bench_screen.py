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

_COLUMNS = (
    Column("\nway", is_whole=True),
    Column("names with\na slip", is_number=True),
    Column("\nfound", is_number=True),
    Column("names of\nnobody", is_number=True),
    Column("\ntold of", is_number=True),
    Column("names a second\nof one core", is_number=True),
)


@click.command(
    "screen",
    epilog="""Examples:

\b
entrepot bench screen
entrepot bench screen --names 1000 --as-of 2024-06-03 --format json
entrepot bench screen --logic
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
@click.option("--logic", "with_logic", is_flag=True, help="Measure logic-v2 too; needs ftm.")
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Measure how well and how fast the lists of parties in the lake are asked.

    Names with a slip are names on the lists with one letter wrong; found is the share whose party
    is told. Names of nobody are put together from common first and family names of many countries;
    told of is the share for which somebody is. A full scan with rapidfuzz stands beside.
    """
    import pyarrow as pa

    from entrepot.api.listed import listed_on
    from entrepot.bench.screening import measured, measured_rows
    from entrepot.lake import open_lake
    from entrepot.screening.listed import listed_parties
    from entrepot.screening.party_logic import LogicScore
    from entrepot.screening.party_register import register
    from entrepot.screening.policy import Policy

    to = destination(how, output)
    on = (asked["day"] or datetime.now(UTC)).date()
    with open_lake(settings.lake, settings) as lake:
        known = register(listed_parties(listed_on(lake, on).rows, on))
    second = LogicScore() if asked["with_logic"] else None
    found = measured(known, Policy(), asked["count"], asked["seed"], second)
    rows = pa.Table.from_pylist(measured_rows(found))
    show(rows, lambda: _grid(found, len(known.parties)), to)


def _grid(found: Sequence[Measured], parties: int) -> Grid:
    cells = [
        (
            one.method,
            f"{one.questions:,}",
            f"{one.recall:.1%}",
            f"{one.innocent:,}",
            f"{one.alerts:.1%}",
            f"{one.per_second:,.0f}",
        )
        for one in found
    ]
    return Grid(_COLUMNS, cells, (f"{parties:,} parties on the lists; seconds are of processor.",))
