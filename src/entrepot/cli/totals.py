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
    from entrepot.dossier.wording import Scale

Row = Mapping[str, Any]
Drawn = tuple[tuple[Column, ...], list[tuple[str, ...]]]
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
    single products. Where the run has a second leg each bracket has a row, with what was diverted
    and by which way, and the ghost share: what never arrived over all that was diverted. csv, json
    and parquet hold the rows of the table `totals` in full.
    """
    import narwhals.stable.v2 as nw

    from entrepot.cli.ranking import has_split, ranked
    from entrepot.dossier.runs import read_run
    from entrepot.lake import open_lake
    from entrepot.tables import TOTALS

    to = destination(how, output)
    with open_lake(settings.lake, settings) as lake:
        chosen = read_run(lake, run)
        every = lake.table(TOTALS).filter(nw.col("run_id") == chosen.run_id)
        rows = _chosen(every, by)
        if intermediary is not None:
            rows = rows.filter(nw.col("intermediary") == intermediary.upper())
        found, count = ranked(rows, KEYS, nw.lit(0), limit)
        shown = (found.to_pylist(), chosen, by, count)
        show(found, lambda: _grid(*shown, has_split(every)), to)


def _chosen(rows: Rows, by: str) -> Rows:
    import narwhals.stable.v2 as nw

    if by == "country":
        return rows.filter(nw.col("group") == ALL)
    if by == "chapter":
        return rows.filter(nw.col("intermediary") == ALL, nw.col("group") != ALL)
    return rows.filter(nw.col("intermediary") != ALL, nw.col("group") != ALL)


def _grid(rows: Sequence[dict[str, Any]], run: Run, by: str, count: int, is_split: bool) -> Grid:
    from entrepot.cli import brackets

    things = brackets.side_by_side(rows, KEYS)
    scale = brackets.scale_of(rows)
    unit = scale.unit(rows[0]["unit"]) if rows else ""
    letters, notes = brackets.caveat_letters(rows)
    draw = _split if is_split else _side_by_side
    columns, cells = draw(things, scale, unit, letters)
    kept = [n for n, axis in enumerate(("chapter", "country")) if by != axis]
    kept += range(2, len(columns))
    legend = (brackets.LEGEND,) if is_split else ()
    return Grid(
        tuple(columns[n] for n in kept),
        [tuple(row[n] for n in kept) for row in cells],
        (*_notes(rows, run, len(things), count), *legend, *notes),
    )


def _side_by_side(
    things: Sequence[Sequence[Row]], scale: Scale, unit: str, letters: Mapping[str, str]
) -> Drawn:
    """A row for each total, its brackets beside each other."""
    from entrepot.cli import brackets

    names = sorted({row["bracket"] for found in things for row in found})
    cells = [
        (
            _name(found[0]["intermediary"]),
            found[0]["group"],
            scale.number(found[0]["observed"]),
            *brackets.across(found, names, scale, _flags),
            brackets.lettered(found, letters),
        )
        for found in things
    ]
    columns = (
        Column("\ncountry", is_whole=True),
        Column("\nHS\nchapter", is_whole=True),
        Column(f"\nobserved\n{unit}", is_number=True),
        *brackets.columns(names, unit, "flagged"),
        Column("\nnotes"),
    )
    return columns, cells


def _split(
    things: Sequence[Sequence[Row]], scale: Scale, unit: str, letters: Mapping[str, str]
) -> Drawn:
    """A row for each total and bracket, with what all legs together say."""
    from entrepot.cli import brackets

    cells = [
        (
            _name(row["intermediary"]),
            row["group"],
            *brackets.split_cells(row, scale, _flags(row)),
            _share(row),
            brackets.lettered([row], letters),
        )
        for found in things
        for row in found
    ]
    columns = (
        Column("\ncountry", is_whole=True),
        Column("HS\nchapter", is_whole=True),
        *brackets.split_columns(unit, "flagged"),
        Column("ghost share\n90 %", is_number=True),
        Column("\nnotes"),
    )
    return columns, cells


def _share(row: Row) -> str:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.ranges import share

    return share(row["ghost_share_low"], row["ghost_share_high"]) or NOTHING


def _name(code: str) -> str:
    from entrepot.codes.areas import area

    return "all" if code == ALL else f"{code} {area(code).name_en}"


def _flags(row: Row) -> str:
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
