"""``entrepot simulate``: a trade world with known diversion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from entrepot.cli.months import MONTH, typed
from entrepot.cli.options import invocation
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS, small


@click.command(
    "simulate",
    epilog="""Examples:

\b
entrepot simulate --scenario strong --seed 7 --small -o world/
entrepot simulate --scenario strong --seed 7 --cut KG 2023-06 0.8 -o world/
entrepot --lake world simulate
""",
)
@click.option(
    "--scenario",
    type=click.Choice(tuple(SCENARIOS)),
    default="base",
    show_default=True,
    help="What the world is like.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Seed: the same scenario and seed give the same world.",
)
@click.option("--small", "is_small", is_flag=True, help="A world for a demonstration or a test.")
@click.option(
    "--cut",
    type=(str, MONTH, click.FloatRange(0, 1)),
    metavar="AREA YYYY-MM SHARE",
    help="A countermeasure: the share of what goes through AREA that is gone from the month on.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Lake to write to; that of --lake where left out.",
)
@click.pass_obj
def command(
    settings: Settings,
    scenario: str,
    seed: int,
    is_small: bool,
    cut: tuple[str, date, float] | None,
    output: Path | None,
) -> None:
    """Make a trade world in which it is known what was diverted.

    The world is written to a lake as if a publisher had sent it, labelled as simulated everywhere,
    together with what was planted (table `truth`) and its invented control list.
    """
    from entrepot import api
    from entrepot.lake import open_lake
    from entrepot.simulate.cut import Cut
    from entrepot.simulate.world import simulate

    chosen = small(SCENARIOS[scenario]) if is_small else SCENARIOS[scenario]
    place = settings if output is None else replace(settings, lake=output)
    taken = None if cut is None else Cut(cut[0].upper(), cut[1], cut[2])
    world = simulate(chosen, seed, taken)
    with open_lake(place.lake, place) as lake:
        source_id = api.write_world(lake, world)
    candidates = ",".join(world.destinations[world.is_candidate].tolist())
    click.echo(f"SIMULATED DATA: {chosen.name}, seed {seed}, source {source_id}, in {place.lake}.")
    click.echo(
        f"Next: {invocation(place)} detect --intermediaries {candidates} --dataset simulated "
        "--list simulated"
    )
    if taken is not None:
        click.echo(
            f"Then: {invocation(place)} measure --country {taken.country} --on "
            f"{typed(taken.month)} --intermediaries {candidates} --dataset simulated "
            "--list simulated"
        )
