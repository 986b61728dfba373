"""``entrepot simulate``: a trade world with known diversion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from entrepot.cli.options import invocation
from entrepot.settings import Settings
from entrepot.simulate.scenarios import SCENARIOS, small


@click.command(
    "simulate",
    epilog="""Examples:

\b
entrepot simulate --scenario strong --seed 7 --small -o world/
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
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Lake to write to; that of --lake where left out.",
)
@click.pass_obj
def command(
    settings: Settings, scenario: str, seed: int, is_small: bool, output: Path | None
) -> None:
    """Make a trade world in which it is known what was diverted.

    The world is written to a lake as if a publisher had sent it, labelled as simulated everywhere,
    together with what was planted (table `truth`) and its invented control list.
    """
    from entrepot import api
    from entrepot.lake import open_lake
    from entrepot.simulate.world import simulate

    chosen = small(SCENARIOS[scenario]) if is_small else SCENARIOS[scenario]
    place = settings if output is None else replace(settings, lake=output)
    world = simulate(chosen, seed)
    with open_lake(place.lake, place) as lake:
        source_id = api.write_world(lake, world)
    candidates = ",".join(world.destinations[world.is_candidate].tolist())
    click.echo(f"SIMULATED DATA: {chosen.name}, seed {seed}, source {source_id}, in {place.lake}.")
    click.echo(
        f"Next: {invocation(place)} detect --intermediaries {candidates} --dataset simulated "
        "--list simulated"
    )
