"""``entrepot demo``: the whole path on a small simulated world."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import invocation
from entrepot.cli.output import Column, Grid, render, say, write_file
from entrepot.cli.progress import Report, progress
from entrepot.diversion.inquiry import Inquiry
from entrepot.errors import LakeError
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.dossier.planted import PlantedRow, Way
    from entrepot.dossier.wording import Scale
    from entrepot.lake import Lake

SCENARIO, SEED = "strong", 1
WAYS = ("diverted", "intermediated", "ghost")
SIMULATED = "simulated"  # name of the world's dataset and of its control list


@click.command(
    "demo",
    epilog="""Examples:

\b
entrepot demo
entrepot demo -o somewhere/else
""",
)
@click.option(
    "-o",
    "--output",
    default="demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the demonstration's lake and pages; an earlier demonstration is replaced.",
)
@click.pass_obj
def command(settings: Settings, output: Path) -> None:
    """Find planted diversion in a small simulated world, and write its dossiers.

    A world is drawn in which it is known what was diverted. It goes the way of real data: into a
    lake, through the estimator, to leads and pages. In the end what was found stands beside what
    was planted. It takes less than a minute.
    """
    from entrepot.lake import open_lake

    begun = time.monotonic()
    place = replace(settings, lake=output / "lake")
    _clear(place)
    with open_lake(place.lake, place) as lake:
        with progress("drawing a world") as report:
            run_id = _detect(lake, report)
        _say_result(lake, place, run_id, output)
    click.echo(f"\nDone in {time.monotonic() - begun:.0f} s. SIMULATED DATA throughout.")


def _clear(place: Settings) -> None:
    """Remove the lake of an earlier demonstration, and nothing else."""
    from entrepot.lake import open_lake
    from entrepot.manifest import MANIFEST
    from entrepot.tables import SOURCES, TABLES

    path = place.lake
    if not path.exists() or not any(path.iterdir()):
        return
    with open_lake(path, place) as lake:
        is_empty = not any(lake.has(table) for table in TABLES.values())
        rows = lake.table(SOURCES).select("dataset").unique() if lake.has(SOURCES) else None
        held = set() if rows is None else set(rows.collect()["dataset"].to_list())
    if not (path / MANIFEST).is_file() or not (is_empty or held == {SIMULATED}):
        raise LakeError(
            f"{path} holds {sorted(held) or 'other files'}, expected an earlier demonstration or "
            "nothing. Name another folder with -o."
        )
    shutil.rmtree(path)


def _detect(lake: Lake, report: Report) -> str:
    from entrepot import api
    from entrepot.simulate.scenarios import SCENARIOS, small
    from entrepot.simulate.world import simulate

    world = simulate(small(SCENARIOS[SCENARIO]), SEED)
    api.write_world(lake, world)
    candidates = ",".join(world.destinations[world.is_candidate].tolist())
    inquiry = Inquiry(intermediaries=candidates, goods=SIMULATED, dataset=SIMULATED)
    return api.detect(lake, inquiry, report)


def _say_result(lake: Lake, place: Settings, run_id: str, folder: Path) -> None:
    from entrepot.dossier.planted import planted_against_found

    found = planted_against_found(lake, run_id)
    click.echo("SIMULATED DATA: an invented world; nothing here describes a real country or firm.")
    click.echo("Diversion was planted in it. What was found, beside what was planted:\n")
    click.echo(render(_grid(found)))
    _say_flags(found)
    nulls = sorted({row.country for row in found if row.planted == 0})
    say(
        [
            f"Nothing was planted in {', '.join(nulls)}: there an interval should hold 0. "
            "intermediated arrived and went on, ghost never arrived."
        ]
    )
    click.echo("\nPages (SIMULATED DATA)")
    chosen = [found[0], *(row for row in found if row.planted == 0)]
    for code in dict.fromkeys(row.intermediary for row in chosen):
        click.echo(f"  {_write_page(lake, code, run_id, folder)}")
    click.echo("\nNext")
    for rest in ("leads --flagged", "totals", "sources"):
        click.echo(f"  {invocation(place)} {rest}")


def _write_page(lake: Lake, country: str, run_id: str, folder: Path) -> Path:
    from entrepot.dossier.gather import gather_country
    from entrepot.dossier.render import render_country

    path = folder / f"{country.lower()}.html"
    write_file(path, render_country(gather_country(lake, country, run_id)).encode())
    return path


def _say_flags(found: Sequence[PlantedRow]) -> None:
    from entrepot.dossier.scene import BRACKET_NAMES

    for row in found:
        if row.country == "All":
            say(
                [
                    f"{BRACKET_NAMES[row.bracket]}: {row.flagged_count} leads flagged, of which "
                    f"{row.planted_flagged_count} were truly planted."
                ]
            )
    say(
        [
            "Some goods of this world grow for reasons of their own. Exports alone cannot tell "
            "that from diversion; what a country imported and sold on can, where it published both."
        ]
    )


def _grid(found: Sequence[PlantedRow]) -> Grid:
    from entrepot.dossier.scene import BRACKET_NAMES
    from entrepot.dossier.wording import Scale

    million = Scale(1e6, "m", 2)
    unit = million.unit(found[0].unit)
    columns = [
        Column("country"),
        Column("path", is_whole=True),
        Column(f"excess, 90 %\n{unit}", is_number=True, is_expendable=True),
    ]
    for name in WAYS:
        # All that was diverted is the sum of the other two: where there is no room, it goes.
        goes = name == "diverted"
        columns += [
            Column(f"\nplanted\n{unit}", is_number=True, is_expendable=goes, turn=1),
            Column(
                f"{name}\nfound, 90 %\n{unit}, holds?", is_number=True, is_expendable=goes, turn=1
            ),
        ]
    cells = [
        (
            row.country if row.planted else f"{row.country} (null)",
            BRACKET_NAMES[row.bracket].split()[0].lower(),
            million.range(row.excess_low, row.excess_high),
            *(
                part
                for way in (row.diverted, row.intermediated, row.ghost)
                for part in _way(way, million)
            ),
        )
        for row in found
    ]
    return Grid(tuple(columns), cells)


def _way(way: Way, million: Scale) -> tuple[str, str]:
    planted = million.number(way.planted)
    if way.low is None or way.high is None:
        return planted, "–    "
    return planted, f"{million.range(way.low, way.high)} {'yes' if way.is_inside else 'no '}"
