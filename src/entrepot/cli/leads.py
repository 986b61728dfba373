"""``entrepot leads``: corridors of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import typed
from entrepot.cli.options import row_options, run_option
from entrepot.cli.output import Column, Destination, Format, Grid, destination, show
from entrepot.corridor import Corridor
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.cli.ranking import Rows
    from entrepot.dossier.records import Run
    from entrepot.dossier.wording import Scale
    from entrepot.lake import Lake

Row = Mapping[str, Any]
Drawn = tuple[tuple[Column, ...], list[tuple[str, ...]]]

SCREENFUL = 25  # corridors a table shows where nobody says how many
KEYS = ("coalition", "intermediary", "destination", "commodity")
TESTED = "tested"  # kind of a lead in a country that was asked about


@click.command(
    "leads",
    epilog="""Examples:

\b
entrepot leads --flagged
entrepot leads --intermediary KG --commodity 8703 --limit 10
entrepot leads --format csv -o leads.csv
""",
)
@run_option
@click.option("--intermediary", metavar="AREA", help="Only this third country, e.g. KG.")
@click.option("--commodity", metavar="PREFIX", default="", help="Only codes that begin so.")
@click.option("--flagged", is_flag=True, help="Only corridors flagged in either bracket.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"Corridors at most; {SCREENFUL} in a table and all in the other formats where left out.",
)
@row_options
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    settings: Settings,
    run: str | None,
    intermediary: str | None,
    commodity: str,
    flagged: bool,
    limit: int | None,
    how: Format | None,
    output: Path | None,
) -> None:
    """List corridors: what was declared, what exceeds the expected, and how sure.

    Both brackets stand in one row. Where the run has a second leg each has a row of its own, with
    the legs that tell, the probability P that something was diverted, how much, and by which way:
    intermediated (it arrived and went on) or ghost (it never arrived). Corridors flagged in both
    brackets come first, then those flagged in one, then the others; among equals the larger excess
    comes first. csv, json and parquet hold the rows of the table `leads` in full, one per corridor
    and bracket.
    """
    from entrepot.lake import open_lake

    to = destination(how, output)
    with open_lake(settings.lake, settings) as lake:
        _show(lake, run, (intermediary, commodity, flagged), limit, to)


def _show(
    lake: Lake,
    run_id: str | None,
    wanted: tuple[str | None, str, bool],
    limit: int | None,
    to: Destination,
) -> None:
    import narwhals.stable.v2 as nw

    from entrepot.cli.ranking import has_split, ranked
    from entrepot.dossier.runs import read_run
    from entrepot.tables import LEADS

    run = read_run(lake, run_id)
    every = lake.table(LEADS).filter(nw.col("run_id") == run.run_id)
    rows = _filtered(every, *wanted)
    most = SCREENFUL if limit is None and to.format == "table" else limit
    found, count = ranked(rows, KEYS, nw.col("is_flagged").cast(nw.Int64), most)
    show(found, lambda: _grid(found.to_pylist(), run, count, has_split(every)), to)


def _filtered(rows: Rows, intermediary: str | None, commodity: str, flagged: bool) -> Rows:
    import narwhals.stable.v2 as nw

    if intermediary is not None:
        rows = rows.filter(nw.col("intermediary") == intermediary.upper())
    if commodity:
        rows = rows.filter(nw.col("commodity").str.starts_with(commodity))
    if flagged:
        marked = rows.filter(nw.col("is_flagged")).select(*KEYS).unique()
        rows = rows.join(marked, on=list(KEYS), how="semi")
    return rows


def _grid(rows: Sequence[dict[str, Any]], run: Run, count: int, is_split: bool) -> Grid:
    from entrepot.cli import brackets

    things = brackets.side_by_side(rows, KEYS)
    scale = brackets.scale_of(rows)
    unit = scale.unit(rows[0]["unit"]) if rows else ""
    letters, notes = brackets.caveat_letters(rows)
    draw = _split if is_split else _side_by_side
    columns, cells = draw(things, scale, unit, letters)
    legend = (brackets.LEGEND,) if is_split else ()
    return Grid(columns, cells, (*_notes(rows, run, len(things), count), *legend, *notes))


def _side_by_side(
    things: Sequence[Sequence[Row]], scale: Scale, unit: str, letters: Mapping[str, str]
) -> Drawn:
    """A row for each corridor, its brackets beside each other."""
    from entrepot.cli import brackets

    names = sorted({row["bracket"] for found in things for row in found})
    cells = [
        (
            _name(found[0]),
            scale.number(found[0]["observed"]),
            *brackets.across(found, names, scale, _test),
            _onset(found),
            brackets.lettered(found, letters),
        )
        for found in things
    ]
    columns = (
        Column("\nlead", is_whole=True),
        Column(f"\nobserved\n{unit}", is_number=True),
        *brackets.columns(names, unit, "q"),
        Column("\nonset"),
        Column("\nnotes"),
    )
    return columns, cells


def _split(
    things: Sequence[Sequence[Row]], scale: Scale, unit: str, letters: Mapping[str, str]
) -> Drawn:
    """A row for each corridor and bracket, with what all legs together say."""
    from entrepot.cli import brackets

    cells = [
        (
            _name(row),
            *brackets.split_cells(row, scale, _chance(row)),
            _onset([row]),
            brackets.lettered([row], letters),
        )
        for found in things
        for row in found
    ]
    columns = (
        Column("\nlead", is_whole=True),
        *brackets.split_columns(unit, "P "),
        Column("\nonset", is_whole=True, is_expendable=True, turn=1),
        Column("\nnotes"),
    )
    return columns, cells


def _name(row: Row) -> str:
    name = str(Corridor(*(row[key] for key in KEYS)))
    return name if row["kind"] == TESTED else f"{name} ({row['kind']})"


def _notes(rows: Sequence[dict[str, Any]], run: Run, shown: int, count: int) -> tuple[str, ...]:
    from entrepot.dossier.scene import SIMULATED
    from entrepot.dossier.wording import valuation, window

    if not rows:
        return (f"No corridor of run {run.run_id} is like that.",)
    months = window(
        min(row["window_start"] for row in rows), max(row["window_end"] for row in rows)
    )
    of = f"{shown:,} of {count:,} corridors" if shown < count else f"{count:,} corridors"
    return (
        *([f"{SIMULATED}: nothing here describes a real country or firm."] * run.is_simulated),
        f"{of}, run {run.run_id}, {months}, {valuation(rows[0]['unit'])}. * flagged at a false "
        f"discovery rate of {run.fdr:g}. Next: entrepot explain LEAD",
    )


def _test(row: Row) -> str:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.wording import ratio

    value = NOTHING if row["q_value"] is None else ratio(row["q_value"])
    return value + ("*" if row["is_flagged"] else " ")


def _chance(row: Row) -> str:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.ranges import chance

    value = NOTHING if row["probability"] is None else chance(row["probability"])
    return value + ("*" if row["is_flagged"] else " ")


def _onset(rows: Sequence[Row]) -> str:
    months = {typed(row["onset"]) for row in rows if row["onset"] is not None}
    return " ".join(sorted(months))
