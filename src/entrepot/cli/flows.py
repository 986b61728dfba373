"""``entrepot flows``: sums of declared trade, with no model at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import MONTH, check_years, last_of_equal_length, typed, year_before
from entrepot.cli.options import chart_option, check_goods, freq_option, row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.rates import money_options
from entrepot.settings import Settings
from entrepot.tables import FLOW_CODES

if TYPE_CHECKING:
    import pyarrow as pa

    from entrepot.api import Alignment, Question

LEVELS = ("TOTAL", "HS2", "HS4", "HS6", "CN8")
_EDITION = re.compile(r"H[0-6]|CN(?:19|20)\d\d")
COLUMNS = ("reporter", "partner", "commodity", "period")


def _edition(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if _EDITION.fullmatch(value) is None:
        raise click.BadParameter(
            f"{value!r} is no edition, expected H0 to H6, or CN2022 for a year of the CN.",
            ctx,
            param,
        )
    return value


@click.command(
    "flows",
    epilog="""Examples:

\b
entrepot flows --reporter EU --partner RU --from 2022-03 --to 2022-11
entrepot flows --reporter EU --partner NEIGHBOURS --level CN8 --goods LIST_ID \\
    --from 2022-11 --to 2022-11 --by partner
entrepot flows --reporter EU --partner KG --level CN8 --goods 8703 --by commodity \\
    --from 2022-03 --to 2022-11 --against 2020-03 --format csv
entrepot flows --reporter EU --partner KZ --from 2022-01 --to 2022-12 --by period \
    --in USD --rate EUR/USD:2022=0.95 --rate EUR/USD:2021=0.85 --chart kz.svg
entrepot flows --reporter EU --partner KZ --level CN8 --goods 854149 --by commodity \\
    --from 2022-03 --to 2022-10 --concord family
entrepot flows --reporter EU --partner KZ --level CN8 --goods 8541 --by commodity \\
    --from 2023-01 --to 2023-12 --concord family --edition CN2022
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
@freq_option
@click.option(
    "--by",
    type=click.Choice(COLUMNS),
    multiple=True,
    help="Column to sum by; may be repeated.",
)
@click.option(
    "--dataset",
    default="auto",
    show_default=True,
    help="Dataset to add up; auto where just one holds such rows.",
)
@click.option(
    "--concord",
    type=click.Choice(("exact", "main", "family")),
    help="Bring HS6 or CN8 under the codes of one edition. exact: where one code held the goods; "
    "the rest is left out and counted. main: where the UN sends their trade. family: under names "
    "of linked codes.",
)
@click.option(
    "--edition",
    default="H5",
    show_default=True,
    callback=_edition,
    metavar="H0…H6|CN2022",
    help="Edition whose codes --concord takes: H5 is HS 2017, H6 is HS 2022; CN2022 keeps all "
    "eight digits, by the lists of changes of each year.",
)
@money_options
@chart_option
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Add up declared trade over some months, beside the same number of earlier months.

    Nothing is estimated here. Groupings are taken as they stood in the last month; what names a
    grouping and no member (EU_X) is counted with a partner grouping asked for in full. Of several
    vintages of one declaration the newest counts. By period, each month stands beside the month
    of the earlier stretch that lies as far from its first.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    by, chart = tuple(dict.fromkeys(asked.pop("by"))), asked.pop("chart")
    question = _question(**asked)
    with open_lake(settings.lake, settings) as lake:
        rows = api.summarise_flows(lake, question, by)
    show(rows, lambda: _grid(rows.to_pylist(), question, by), to)
    if chart is not None:
        _draw(rows, question, chart)


def _question(first: date, last: date, against: date | None, **asked: Any) -> Question:
    from entrepot.api import Money, Question
    from entrepot.trade.summary import Stretch

    if last < first:
        raise click.UsageError(f"--to is {typed(last)}, expected {typed(first)} or later.")
    check_goods(asked["goods"], asked["level"])
    start = year_before(first) if against is None else against
    check_years(asked["freq"], first, last, start)
    return Question(
        reporters=asked["reporter"],
        partners=asked["partner"],
        flow=asked["flow"],
        level=asked["level"],
        goods=asked["goods"],
        now=Stretch(first, last),
        base=Stretch(start, last_of_equal_length(start, (first, last))),
        money=Money(asked["currency"], asked["rates"]),
        dataset=asked["dataset"],
        alignment=_alignment(asked),
        freq=asked["freq"],
    )


def _alignment(asked: dict[str, Any]) -> Alignment | None:
    from entrepot.api import Alignment

    if asked["concord"] is None:
        return None
    if asked["level"] not in {"HS6", "CN8"}:
        raise click.UsageError(f"--concord needs --level HS6 or CN8, found {asked['level']}.")
    how = Alignment(asked["concord"], asked["edition"])
    if how.nomenclature == "CN" and asked["level"] != "CN8":
        raise click.UsageError(f"--edition {how.to} needs --level CN8, found {asked['level']}.")
    if how.nomenclature == "CN" and how.rule == "main":
        raise click.UsageError(
            f"--concord main needs an edition of HS, found --edition {how.to}: lists of changes of "
            "the CN do not say where trade is sent as a whole. Take exact or family."
        )
    return how


def _draw(rows: pa.Table, question: Question, path: Path) -> None:
    from entrepot.dossier.trade_charts import ChartWords, chart_of_flows, write_chart
    from entrepot.dossier.wording import window

    words = ChartWords(
        title=_title(question),
        now=window(question.now.first, question.now.last),
        base=window(question.base.first, question.base.last),
        source=rows["sources"][0].as_py(),
    )
    write_chart(chart_of_flows(rows, words), path)


def _title(question: Question) -> str:
    of = f" of {', '.join(question.goods)}" if question.goods else ""
    return (
        f"{question.reporters} about {question.partners}, flow {question.flow}, level "
        f"{question.level}{of}"
    )


def _grid(rows: Sequence[dict[str, Any]], question: Question, by: tuple[str, ...]) -> Grid:
    from entrepot.codes.caveats import sentences
    from entrepot.dossier.wording import window

    units = {(row["currency"], row["valuation"]) for row in rows}
    is_mixed = len(units) > 1
    kind = "months" if question.freq == "M" else "years"
    unit = "m" if is_mixed else f"{rows[0]['currency']} m"
    now = window(question.now.first, question.now.last)
    base = window(question.base.first, question.base.last)
    columns = (
        *(Column(name) for name in by),
        *([Column("unit")] if is_mixed else []),
        Column(f"{now}\n{unit}", is_number=True),
        Column(f"{base}\n{unit}", is_number=True),
        Column("change\n%", is_number=True),
        Column(kind, is_number=True),
        Column(f"reporters'\n{kind}", is_number=True),
    )
    cells = [
        (
            *(_named(row, name, question.freq) for name in by),
            *([f"{row['currency']} {row['valuation']}"] if is_mixed else []),
            *_amounts(row),
        )
        for row in rows
    ]
    valued = "" if is_mixed else f", {rows[0]['valuation']}"
    note = (
        f"{_title(question)}{valued}. {kind}: {kind} of {now} that hold any row. reporters' "
        f"{kind}: declarations then and before; where they differ, one was silent or traded "
        "nothing."
    )
    told = (rows[0]["unnamed"], rows[0]["rates"], rows[0]["codes"])
    more = (*sentences(rows[0]["caveats"]), f"Source: {rows[0]['sources']}.")
    return Grid(columns, cells, (note, *filter(None, told), *more))


def _named(row: dict[str, Any], column: str, freq: str) -> str:
    if column != "period":
        return str(row[column])
    return typed(row["period"]) if freq == "M" else f"{row['period']:%Y}"


def _amounts(row: dict[str, Any]) -> tuple[str, ...]:
    from entrepot.cli.brackets import NOTHING
    from entrepot.dossier.wording import Scale

    million = Scale(1e6, "m", 2)
    # A row that has months of the base only was not declared at all in the months of interest.
    is_declared = row["month_count"] > 0
    change = NOTHING
    is_base = row["base_declaration_count"] > 0
    if is_declared and row["change"] is not None:
        change = f"{row['change']:+.1%}".removesuffix("%")
    return (
        million.number(row["value"]) if is_declared else NOTHING,
        million.number(row["base_value"]) if is_base else NOTHING,
        change,
        str(row["month_count"]),
        f"{row['declaration_count']}/{row['base_declaration_count']}",
    )
