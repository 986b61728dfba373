"""``entrepot detect``: run the estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import MONTH, typed
from entrepot.cli.options import invocation
from entrepot.cli.output import say
from entrepot.cli.progress import progress
from entrepot.diversion.inquiry import DIGITS, Inquiry
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.lake import Lake

DEFAULT = Inquiry()
DESIGNS = ("auto", "donors", "history")
ARRIVALS = ("auto", "consignment", "origin", "world", "none")
DOWNSTREAMS = ("auto", "exporter", "importer", "none")
_NOT_SHOWN = {"goods"}  # the same as "list"


@click.command(
    "detect",
    epilog="""Examples:

\b
entrepot detect --destination RU --coalition EU --since 2022-03 --level HS6
entrepot detect --intermediaries AM,KG,KZ --list chpl --fdr 0.05
entrepot detect --intermediaries AM,KG,KZ --arrival world --downstream importer

Exit codes: 0 done, 1 the data cannot carry the estimate, 2 wrong use.
""",
)
@click.option(
    "--coalition",
    default=DEFAULT.coalition,
    show_default=True,
    help="Grouping or areas that export, as it stood on --since.",
)
@click.option(
    "--destination", default=DEFAULT.destination, show_default=True, help="Sanctioned country."
)
@click.option(
    "--intermediaries",
    default=DEFAULT.intermediaries,
    show_default=True,
    help="Groupings (INTERMEDIARY, NEIGHBOURS) or areas (AM,KZ) that may pass goods on; those the "
    "data do not hold are left out.",
)
@click.option(
    "--since",
    type=MONTH,
    default=typed(DEFAULT.since),
    show_default=True,
    help="First month that may hold diversion.",
)
@click.option("--until", type=MONTH, help="Last month; the last published one where left out.")
@click.option(
    "--history",
    type=MONTH,
    help="First month to learn from; the first published one where left out.",
)
@click.option(
    "--level",
    type=click.Choice(tuple(DIGITS)),
    default=DEFAULT.level,
    show_default=True,
    help="Level of the nomenclature that is tested.",
)
@click.option(
    "--list",
    "goods",
    metavar="LIST_ID",
    default=DEFAULT.goods,
    show_default=True,
    help="Control list that says which goods count: its id, chpl (Common High Priority codes), all "
    "(every commodity in the data), or auto (the one list in the lake).",
)
@click.option(
    "--dataset",
    default=DEFAULT.dataset,
    show_default=True,
    help="Collection the flows come from; auto is the one in the lake.",
)
@click.option(
    "--fdr",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=DEFAULT.fdr,
    show_default=True,
    help="False discovery rate at which corridors are flagged.",
)
@click.option(
    "--design",
    type=click.Choice(DESIGNS),
    default=DEFAULT.design,
    show_default=True,
    help="donors learns what to expect from other partners in the same months, history from the "
    "same partners before, auto takes donors where there are any.",
)
@click.option(
    "--complete",
    type=click.FloatRange(0, 1, min_open=True),
    default=DEFAULT.complete,
    show_default=True,
    help="Share of all trade that a month's reporters must hold for the month to count.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=DEFAULT.seed,
    show_default=True,
    help="Seed of folds and draws: the same seed gives the same numbers.",
)
@click.option(
    "--arrival",
    type=click.Choice(ARRIVALS),
    default=DEFAULT.arrival,
    show_default=True,
    help="How the third countries' own imports are read, which tell whether goods arrived. "
    "consignment: by the country they were sent from. origin: by the country they were made in. "
    "world: all of them, for countries that book goods by origin. auto: by consignment where "
    "anybody publishes it, else by origin. none: not at all.",
)
@click.option(
    "--downstream",
    type=click.Choice(DOWNSTREAMS),
    default=DEFAULT.downstream,
    show_default=True,
    help="Whose word is taken on sales to the destination, which tell whether goods went on. "
    "exporter: the third countries' exports. importer: the destination's imports. auto: the "
    "exporters' where there is any, else the importer's. none: nobody's.",
)
@click.option(
    "--mirror-dataset",
    metavar="DATASET",
    default=DEFAULT.mirror_dataset,
    help="Collection with the third countries' own records; that of the flows where left out.",
)
@click.option(
    "--fresh",
    "is_fresh",
    is_flag=True,
    help="Begin anew: take nothing from a run that was broken off, or from the last one's sums.",
)
@click.pass_obj
def command(settings: Settings, /, is_fresh: bool, **asked: Any) -> None:
    """Find exports beyond what can be explained, and store what was concluded.

    For every listed product and third country it works out what would have been declared without
    diversion, tests the difference at the false discovery rate, and adds up countries and product
    groups. Where the lake also holds what the third countries imported and sold on, it tells what
    arrived and went on from what never arrived. The run's checks of itself, where nothing was
    diverted, come first. A question that was answered already, on the same sources by the same
    version, is not worked out again.

    A run that is broken off goes on from its last finished stage when it is asked for again.
    Months whose declarations are the same as in the last run of the question are not summed again.
    """
    from entrepot import api
    from entrepot.lake import open_lake
    from entrepot.tables import RUNS

    inquiry = Inquiry(**asked)
    with open_lake(settings.lake, settings) as lake:
        known = lake.units(RUNS)
        with progress("opening the lake") as report:
            run_id = api.detect(lake, inquiry, report, is_fresh=is_fresh)
        aside = ", in the lake already: not worked out again" if run_id in known else ""
        click.echo(f"Run {run_id}{aside}")
        say_run(lake, run_id)
        _say_next(settings, lake, run_id)


def say_run(lake: Lake, run_id: str) -> None:
    """Print what a run was made from and what it found.

    Args:
        lake: The lake.
        run_id: The run.
    """
    from entrepot.dossier.runs import read_run, rows_of
    from entrepot.dossier.scene import BRACKET_NAMES, SIMULATED
    from entrepot.tables import FINDINGS, TOTALS

    run = read_run(lake, run_id)
    if run.is_simulated:
        click.echo(f"{SIMULATED}: nothing here describes a real country or firm.")
    used = "; ".join(
        f"{part.name.replace('_', ' ')} {part.value}"
        for part in run.parameters
        if part.name not in _NOT_SHOWN and part.value
    )
    say([f"Used: {used}; {len(run.sources):,} files."], "  ")
    findings = rows_of(lake, FINDINGS, run_id)
    runs = [row for row in findings if row["subject"] == "run"]
    legs = dict.fromkeys(row["detail"] for row in runs if _is_of_legs(row))
    checks = [row for row in runs if not _is_of_legs(row)]
    click.echo("\nChecks")
    say((f"  {row['outcome']} ({_words(row['rule'])}): {row['detail']}" for row in checks), "    ")
    click.echo("\nLegs")
    say((f"  {detail}" for detail in legs), "    ")
    click.echo("\nCountries")
    say((f"  {row['detail']}" for row in _countries(findings)), "    ")
    click.echo(f"\nFlagged at a false discovery rate of {run.fdr:g}")
    for row in rows_of(lake, TOTALS, run_id, intermediary="_T", group="_T"):
        name = BRACKET_NAMES[row["bracket"]].lower()
        click.echo(f"  {name}: {row['flagged_count']:,} of {row['cell_count']:,} corridors")


def _is_of_legs(row: Mapping[str, Any]) -> bool:
    return bool(row["rule"].split("_")[0] == "legs")


def _countries(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sentences on countries: by which way, and the excess alone where the ways are not known."""
    mine = [row for row in findings if row["subject"] == "country"]
    told = {
        (row["subject_id"], row["rule"].replace("split", "total"))
        for row in mine
        if row["rule"].startswith("country_split") and row["observed"] is not None
    }
    kept = [row for row in mine if (row["subject_id"], row["rule"]) not in told]
    # The excess of a bracket, then what became of it.
    return sorted(
        kept,
        key=lambda row: (
            row["subject_id"],
            row["rule"].split("_")[2:],
            row["rule"].split("_")[1] == "split",
        ),
    )


def _words(rule: str) -> str:
    return rule.replace("_", " ")


def _say_next(settings: Settings, lake: Lake, run_id: str) -> None:
    from entrepot.dossier.runs import latest_run, rows_of
    from entrepot.tables import TOTALS

    start = invocation(settings)
    which = "" if latest_run(lake) == run_id else f" --run {run_id}"
    countries = {row["intermediary"] for row in rows_of(lake, TOTALS, run_id, group="_T")}
    one = min(countries - {"_T"}, default="COUNTRY")
    click.echo("\nNext")
    click.echo(f"  {start} leads --flagged{which}")
    click.echo(f"  {start} totals{which}")
    click.echo(f"  {start} dossier {one}{which}")
