"""``entrepot flows``: sums of declared trade, with no model at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import MONTH, last_of_equal_length, typed, year_before
from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings
from entrepot.tables import FLOW_CODES

if TYPE_CHECKING:
    from entrepot.api import Question

LEVELS = ("TOTAL", "HS2", "HS4", "HS6", "CN8")
COLUMNS = ("reporter", "partner", "commodity", "period")


@click.command(
    "flows",
    epilog="""Examples:

\b
entrepot flows --reporter EU --partner RU --from 2022-03 --to 2022-11
entrepot flows --reporter EU --partner NEIGHBOURS --level CN8 --goods LIST_ID \\
    --from 2022-11 --to 2022-11 --by partner
entrepot flows --reporter EU --partner KG --level CN8 --goods 8703 --by commodity \\
    --from 2022-03 --to 2022-11 --against 2020-03 --format csv
""",
)
@click.option("--reporter", required=True, help="Groupings or areas that declare: EU, or DE,LT.")
@click.option("--partner", required=True, help="Groupings or areas declared about: RU, NEIGHBOURS.")
@click.option(
    "--flow",
    type=click.Choice(FLOW_CODES),
    default="X",
    show_default=True,
    help="X exports, M imports, RX re-exports, RM re-imports, DX domestic exports, FM foreign "
    "imports.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="TOTAL",
    show_default=True,
    help="Level of the nomenclature as published. Levels overlap and are never added.",
)
@click.option(
    "--goods",
    multiple=True,
    metavar="PREFIX|LIST_ID",
    help="Only codes that begin so, or those of a control list, chpl among them; may be repeated.",
)
@click.option("--from", "first", type=MONTH, required=True, help="First month to add up.")
@click.option("--to", "last", type=MONTH, required=True, help="Last month to add up.")
@click.option(
    "--against",
    type=MONTH,
    help="First of as many months to compare with; a year before --from where left out.",
)
@click.option(
    "--by",
    type=click.Choice(COLUMNS),
    multiple=True,
    help="Column to sum by; may be repeated.",
)
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Add up declared trade over some months, beside the same number of earlier months.

    Nothing is estimated here. Groupings are taken as they stood in the last month; of several
    vintages of one declaration the newest counts.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    by = tuple(dict.fromkeys(asked.pop("by")))
    question = _question(**asked)
    with open_lake(settings.lake, settings) as lake:
        rows = api.summarise_flows(lake, question, by)
    show(rows, lambda: _grid(rows.to_pylist(), question, by), to)


def _question(first: date, last: date, against: date | None, **asked: Any) -> Question:
    from entrepot.api import Question
    from entrepot.trade.summary import Stretch

    if last < first:
        raise click.UsageError(f"--to is {typed(last)}, expected {typed(first)} or later.")
    start = year_before(first) if against is None else against
    return Question(
        reporters=asked["reporter"],
        partners=asked["partner"],
        flow=asked["flow"],
        level=asked["level"],
        goods=asked["goods"],
        now=Stretch(first, last),
        base=Stretch(start, last_of_equal_length(start, (first, last))),
    )


def _grid(rows: Sequence[dict[str, Any]], question: Question, by: tuple[str, ...]) -> Grid:
    from entrepot.dossier.wording import window

    units = {(row["currency"], row["valuation"]) for row in rows}
    is_mixed = len(units) > 1
    unit = "m" if is_mixed else f"{rows[0]['currency']} m"
    now = window(question.now.first, question.now.last)
    base = window(question.base.first, question.base.last)
    columns = (
        *(Column(name) for name in by),
        *([Column("unit")] if is_mixed else []),
        Column(f"{now}\n{unit}", is_number=True),
        Column(f"{base}\n{unit}", is_number=True),
        Column("change\n%", is_number=True),
        Column("months", is_number=True),
        Column("reporters'\nmonths", is_number=True),
    )
    cells = [
        (
            *(typed(row[name]) if name == "period" else row[name] for name in by),
            *([f"{row['currency']} {row['valuation']}"] if is_mixed else []),
            *_amounts(row),
        )
        for row in rows
    ]
    of = f" of {', '.join(question.goods)}" if question.goods else ""
    valued = "" if is_mixed else f", {rows[0]['valuation']}"
    note = (
        f"{question.reporters} about {question.partners}, flow {question.flow}, level "
        f"{question.level}{of}{valued}. months: months of {now} that hold any row. reporters' "
        "months: declarations then and before; where they differ, one was silent or traded nothing."
    )
    return Grid(columns, cells, (note,))


def _amounts(row: dict[str, Any]) -> tuple[str, ...]:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.wording import Scale

    million = Scale(1e6, "m", 2)
    # A row that has months of the base only was not declared at all in the months of interest.
    is_declared = row["month_count"] > 0
    change = NOTHING
    if is_declared and row["change"] is not None:
        change = f"{row['change']:+.1%}".removesuffix("%")
    return (
        million.number(row["value"]) if is_declared else NOTHING,
        million.number(row["base_value"]),
        change,
        str(row["month_count"]),
        f"{row['declaration_count']}/{row['base_declaration_count']}",
    )
