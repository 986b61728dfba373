"""``entrepot changes``: what a run finds that the one before it did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import typed
from entrepot.cli.options import row_options, run_option
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from entrepot.api.changes import Changes

Row = Mapping[str, Any]
KINDS = ("new", "grown", "shrunk", "vanished", "held", "not_compared")
TOLD = ("new", "grown", "shrunk", "vanished", "not_compared")  # where nobody says which
BRACKETS = ("common", "partner")
ALL = "_T"
EXPLAINED = (
    "Excess a month of each run's window; the interval of the change (90 %) takes the runs for "
    "independent, which they are not, and so is too wide, but where a revision moved values "
    "between months."
)


@click.command(
    "changes",
    epilog="""Examples:

\b
entrepot changes
entrepot changes --kind new --kind vanished
entrepot changes --by country
entrepot changes --run r1f20aa --before r77c0de --format csv -o changes.csv

Exit codes: 0 done, 1 there is no earlier run of the same question, 2 wrong use.
""",
)
@run_option
@click.option(
    "--before",
    metavar="RUN",
    help="The earlier run; the last one before that asked the same where left out.",
)
@click.option(
    "--by",
    type=click.Choice(("lead", "country")),
    default="lead",
    show_default=True,
    help="Compare leads, or the totals of countries.",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Only changes of this kind; may be repeated. A table leaves out held where left out.",
)
@click.option("--bracket", type=click.Choice(BRACKETS), help="Only this bracket.")
@row_options
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    settings: Settings,
    run: str | None,
    before: str | None,
    by: str,
    kinds: tuple[str, ...],
    bracket: str | None,
    how: Format | None,
    output: Path | None,
) -> None:
    """List new, grown, shrunk and vanished leads since the run before that asked the same.

    A new month makes the window longer and every sum larger, so excess is compared per month of the
    window. A lead is grown or shrunk where it is flagged in both runs and the interval of the
    change lies on one side of zero, and held where it does not. csv, json and parquet hold a
    sentence and its evidence for each.
    """
    from entrepot.api.changes import changes
    from entrepot.lake import open_lake

    to = destination(how, output)
    with open_lake(settings.lake, settings) as lake:
        found = changes(lake, run, before)
    rows = found.leads if by == "lead" else found.totals
    wanted = kinds or (TOLD if by == "lead" and to.format == "table" else KINDS)
    chosen = _chosen(rows, wanted, bracket)
    show(chosen, lambda: _grid(chosen.to_pylist(), found, by), to)


def _chosen(rows: pa.Table, kinds: Sequence[str], bracket: str | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = rows.filter(pc.is_in(rows["kind"], pa.array(kinds)))
    return rows if bracket is None else rows.filter(pc.equal(rows["bracket"], bracket))


def _grid(rows: Sequence[Row], found: Changes, by: str) -> Grid:
    from entrepot.dossier import wording

    ends = ("excess_low", "excess_high")
    scale = wording.table_scale(
        value
        for row in rows
        for when in ("before", "now")
        for value in (_monthly(row, name, when) for name in ends)
    )
    unit = scale.unit(next((row["unit_now"] or row["unit_before"] for row in rows), ""))
    per_month = f"{unit} a month".strip()
    columns = (
        Column("\nchange", is_whole=True),
        Column("\nlead" if by == "lead" else "\ncountry", is_whole=True),
        Column("\nbracket", is_whole=True),
        Column(f"excess before\n{per_month}", is_number=True),
        Column(f"excess now\n{per_month}", is_number=True),
        Column(f"change, 90 %\n{per_month}", is_number=True),
    )
    cells = [
        (
            row["kind"].replace("_", " "),
            _name(row, by),
            row["bracket"],
            _range(row, "before", scale),
            _range(row, "now", scale),
            scale.range(row["change_low"], row["change_high"])
            if row["change"] is not None
            else (row["reason"] or "–"),
        )
        for row in rows
    ]
    return Grid(columns, cells, tuple(_notes(found)))


def _name(row: Row, by: str) -> str:
    if by == "country":
        return "all" if row["intermediary"] == ALL else str(row["intermediary"])
    keys = ("coalition", "intermediary", "destination", "commodity")
    return "-".join(row[key] for key in keys)


def _monthly(row: Row, name: str, when: str) -> float | None:
    value, months = row[f"{name}_{when}"], row[f"months_{when}"]
    return None if value is None or not months else float(value) / months


def _range(row: Row, when: str, scale: Any) -> str:
    low, high = _monthly(row, "excess_low", when), _monthly(row, "excess_high", when)
    return "–" if low is None or high is None else str(scale.range(low, high))


def _notes(found: Changes) -> Iterator[str]:
    """The runs, how many leads changed in which way, and how the sums did."""
    if found.now.is_simulated:
        from entrepot.dossier.scene import SIMULATED

        yield f"{SIMULATED}: nothing here describes a real country or firm."
    for bracket in BRACKETS:
        counts = [
            f"{found.counts[kind, bracket]:,} {kind.replace('_', ' ')}"
            for kind in KINDS
            if (kind, bracket) in found.counts
        ]
        if counts:
            yield f"{bracket}: {', '.join(counts)}, of leads flagged in either run."
    yield from _of_all(found)
    revised = f"{found.new_sources:,} sources are new and {found.gone_sources:,} are gone"
    yield (
        f"Run {found.now.run_id} against {found.before.run_id}: {_windows(found)}; {revised}. "
        f"{EXPLAINED}"
    )


def _of_all(found: Changes) -> Iterator[str]:
    from entrepot.dossier.wording import amount, interval

    for row in found.totals.to_pylist():
        if row["intermediary"] == ALL and row["change"] is not None:
            unit = row["unit_now"]
            ends = interval(row["change_low"], row["change_high"], unit)
            yield (
                f"{row['bracket']}, all countries: excess a month changed by "
                f"{amount(row['change'], unit)} ({ends}): {row['kind']}."
            )


def _windows(found: Changes) -> str:
    rows = found.totals.to_pylist()
    parts = [
        f"{typed(row['window_start_' + when])} to {typed(row['window_end_' + when])} {word}"
        for when, word in (("now", "now"), ("before", "before"))
        for row in rows[:1]
        if row[f"window_start_{when}"] is not None
    ]
    return ", ".join(parts)
