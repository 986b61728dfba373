"""``entrepot bench press``: how well the press is read, where somebody marked texts by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.progress import progress

if TYPE_CHECKING:
    from entrepot.bench.press_scores import Scores

_COLUMNS = (
    Column("what", is_whole=True),
    Column("precision", is_number=True),
    Column("recall", is_number=True),
    Column("F1", is_number=True),
    Column("right", is_number=True),
    Column("wrong", is_number=True),
    Column("missed", is_number=True),
)


@click.command(
    "press",
    epilog="""Examples:

\b
entrepot bench press tests/data/press/gold
entrepot bench press my-marks --on 2024-12-31 --format csv -o scores.csv
entrepot bench press my-marks --all
""",
)
@click.argument(
    "folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--on",
    "day",
    type=click.DateTime(("%Y-%m-%d",)),
    help="Day after which no text can have been written; today where left out. It decides which "
    "years a weekday may stand for.",
)
@click.option("--all", "is_all", is_flag=True, help="Show each language as well.")
@row_options
def command(
    folder: Path, day: datetime | None, is_all: bool, how: Format | None, output: Path | None
) -> None:
    """Read marked texts and say what was found, what not, and what was found in error.

    FOLDER holds one JSON record a text, in the schema that `entrepot read --format json` writes;
    texts stand beside it or one folder above. A statement counts as found where half of the words
    agree, anything else where one does; marks that are optional neither count nor harm.
    """
    from entrepot.bench.press import score_folder, score_rows

    to = destination(how, output)
    with progress("reading texts") as report:
        scores = score_folder(folder, day.date() if day else date.today(), report)
    show(score_rows(scores), lambda: _grid(scores, is_all), to)


def _grid(scores: Scores, is_all: bool) -> Grid:
    cells = [
        (
            name,
            *(f"{share:.2f}" for share in (line.precision, line.recall, line.f1)),
            *(f"{number:,}" for number in (line.right, line.wrong, line.missed)),
        )
        for name, line in scores.counts.items()
        if is_all or "[" not in name
    ]
    return Grid(_COLUMNS, cells, ("precision, recall, F1: 0 to 1; right, wrong, missed: items.",))
