"""The command line: one module per verb, loaded when it is called.

Modules of verbs import nothing heavy before they run, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from entrepot.cli.group import LazyGroup
from entrepot.settings import read_settings

# Before NumPy is loaded: two threads gain nothing on matrices of this size, and spin for the cores
# where others work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@click.group(
    "entrepot",
    cls=LazyGroup,
    epilog="Exit codes: 0 done, 1 an error in the input or the data, 2 wrong use, 130 interrupted. "
    "`entrepot COMMAND --help` shows examples. Start with `entrepot demo`.",
)
@click.option(
    "--lake",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ENTREPOT_LAKE",  # read by the settings too; here it is checked like the option
    help="Folder that holds all data and results; else ENTREPOT_LAKE, else ./lake.",
)
@click.option(
    "--engine",
    metavar="ENGINE",
    help="Who adds up declarations: duckdb in this process, sc://HOST:PORT a Spark Connect server, "
    "spark://HOST:PORT a Spark master; else ENTREPOT_ENGINE, else duckdb.",
)
@click.option(
    "--cluster-lake",
    metavar="ADDRESS",
    help="Where the cluster sees the lake, e.g. s3a://trade/lake; else ENTREPOT_CLUSTER_LAKE, else "
    "at the same path as here.",
)
@click.version_option(package_name="entrepot", prog_name="entrepot")
@click.pass_context
def main(
    context: click.Context, lake: Path | None, engine: str | None, cluster_lake: str | None
) -> None:
    """Find sanctioned goods that reach their destination through third countries.

    From declared trade it works out what would have been traded without diversion, and says which
    product began to flow to which neighbour beyond that: how much, since when, and how sure. An
    excess is consistent with diversion; it is no proof, and never about a named firm.
    """
    settings = read_settings()
    context.obj = replace(
        settings,
        lake=lake or settings.lake,
        engine=engine or settings.engine,
        cluster_lake=cluster_lake or settings.cluster_lake,
    )
