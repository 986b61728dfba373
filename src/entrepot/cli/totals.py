"""``entrepot totals``: countries and product groups of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options, run_option
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.cli.ranking import Rows
    from entrepot.dossier.records import Run

GROUPINGS = ("country", "chapter", "both")
KEYS = ("intermediary", "group")
ALL = "_T"


@click.command(
    "totals",
    epilog="""Examples:

\b
entrepot totals
entrepot totals --by both --intermediary KZ
entrepot totals --by chapter --format json
""",
)
@run_option
@click.option(
    "--by",
    type=click.Choice(GROUPINGS),
    default="country",
    show_default=True,
    help="Sums by third country, by HS chapter, or by both.",
)
@click.option("--intermediary", metavar="AREA", help="Only this third country, e.g. KZ.")
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most; all where left out.")
@row_options
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    settings: Settings,
    run: str | None,
    by: str,
    intermediary: str | None,
    limit: int | None,
    how: Format | None,
    output: Path | None,
) -> None:
    """Sum corridors by country and product group, the largest excess first.

    Intervals hold the shock that all products of a partner share. Totals are far more precise than
    single products. csv, json and parquet hold the rows of the table `totals` in full.
    """
    import narwhals.stable.v2 as nw

    from entrepot.cli.ranking import ranked
    from entrepot.dossier.runs import read_run
    from entrepot.lake import open_lake
    from entrepot.tables import TOTALS

    to = destination(how, output)
    with open_lake(settings.lake, settings) as lake:
        chosen = read_run(lake, run)
        rows = _chosen(lake.table(TOTALS).filter(nw.col("run_id") == chosen.run_id), by)
        if intermediary is not None:
            rows = rows.filter(nw.col("intermediary") == intermediary.upper())
        found, count = ranked(rows, KEYS, nw.lit(0), limit)
        show(found, lambda: _grid(found.to_pylist(), chosen, by, count), to)


def _chosen(rows: Rows, by: str) -> Rows:
    import narwhals.stable.v2 as nw

    if by == "country":
        return rows.filter(nw.col("group") == ALL)
    if by == "chapter":
        return rows.filter(nw.col("intermediary") == ALL, nw.col("group") != ALL)
    return rows.filter(nw.col("intermediary") != ALL, nw.col("group") != ALL)


def _grid(rows: Sequence[dict[str, Any]], run: Run, by: str, count: int) -> Grid:
    from entrepot.cli import brackets

    things = brackets.side_by_side(rows, KEYS)
    names = sorted({row["bracket"] for row in rows})
    scale = brackets.scale_of(rows)
    unit = scale.unit(rows[0]["unit"]) if rows else ""
    letters, notes = brackets.caveat_letters(rows)
    cells = []
    for found in things:
        first = found[0]
        cells.append(
            (
                *([_name(first["intermediary"])] if by != "chapter" else []),
                *([first["group"]] if by != "country" else []),
                scale.number(first["observed"]),
                *brackets.across(found, names, scale, _flags),
                brackets.lettered(found, letters),
            )
        )
    columns = (
        *([Column("\ncountry", is_whole=True)] if by != "chapter" else []),
        *([Column("\nHS\nchapter", is_whole=True)] if by != "country" else []),
        Column(f"\nobserved\n{unit}", is_number=True),
        *brackets.columns(names, unit, "flagged"),
        Column("\nnotes"),
    )
    return Grid(columns, cells, (*_notes(rows, run, len(things), count), *notes))


def _name(code: str) -> str:
    from entrepot.codes.areas import area

    return "all" if code == ALL else f"{code} {area(code).name_en}"


def _flags(row: Mapping[str, Any]) -> str:
    return f"{row['flagged_count']:,}/{row['cell_count']:,}"


def _notes(rows: Sequence[dict[str, Any]], run: Run, shown: int, count: int) -> tuple[str, ...]:
    from entrepot.dossier.scene import SIMULATED
    from entrepot.dossier.wording import valuation, window

    if not rows:
        return (f"No total of run {run.run_id} is like that.",)
    months = window(rows[0]["window_start"], rows[0]["window_end"])
    of = f"{shown:,} of {count:,} totals" if shown < count else f"{count:,} totals"
    return (
        *([f"{SIMULATED}: nothing here describes a real country or firm."] * run.is_simulated),
        f"{of}, run {run.run_id}, {months}, {valuation(rows[0]['unit'])}. flagged: corridors "
        f"flagged at a false discovery rate of {run.fdr:g}, of those summed.",
    )
