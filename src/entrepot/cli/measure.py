"""``entrepot measure``: whether a measure of an intermediary changed the flow to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.months import MONTH, typed
from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.diversion.measure_inquiry import MeasureInquiry
    from entrepot.dossier.wording import Scale

LEVELS = ("TOTAL", "HS4", "HS6", "CN8")
LEGS = ("upstream", "downstream")
FLOWS = ("X", "RX")
NOTHING = "–"


class Day(click.ParamType[date]):
    """An option that takes a day, or a month for its first day."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a day.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            The day.
        """
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(f"{value}-01" if value.count("-") == 1 else value)
        except ValueError:
            self.fail(f"{value!r} is no day, expected YYYY-MM-DD, e.g. 2023-04-01.", param, ctx)


@click.command(
    "measure",
    epilog="""Examples:

\b
entrepot measure --country KZ --on 2023-04-01
entrepot measure --country KZ --on 2023-04-01 --level TOTAL --dataset eurostat-totals
entrepot measure --country GE --on 2023-08-01 --leg downstream --list 8703 --level HS4 \\
    --destination KZ
""",
)
@click.option("--country", required=True, metavar="AREA", help="Country that took the measure.")
@click.option(
    "--on",
    type=Day(),
    required=True,
    help="Day of the measure. Its month is left out unless it is the first of a month.",
)
@click.option(
    "--since",
    type=MONTH,
    default="2022-03",
    show_default=True,
    help="First month of the sanctions.",
)
@click.option(
    "--coalition",
    default="EU",
    show_default=True,
    help="Grouping or areas that export to the country.",
)
@click.option(
    "--destination",
    "target",
    default="RU",
    show_default=True,
    metavar="AREA",
    help="Sanctioned country.",
)
@click.option(
    "--intermediaries",
    default="INTERMEDIARY",
    show_default=True,
    help="Groupings or areas that may pass goods on: the placebos most alike.",
)
@click.option(
    "--without",
    default="",
    help="Areas not compared with, for instance since they took measures in those months too.",
)
@click.option(
    "--leg",
    type=click.Choice(LEGS),
    default="upstream",
    show_default=True,
    help="upstream: from the coalition to the country; downstream: on to the destination.",
)
@click.option(
    "--flow",
    type=click.Choice(FLOWS),
    default="X",
    show_default=True,
    help="Downstream: X exports, RX re-exports.",
)
@click.option(
    "--list",
    "goods",
    default="auto",
    show_default=True,
    metavar="LIST_ID",
    help="List of goods; auto is the one in the lake, all takes every commodity. Downstream: lists "
    "or beginnings of codes, separated by commas.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="HS6",
    show_default=True,
    help="TOTAL takes all goods in one figure; else the level of the commodities.",
)
@click.option(
    "--before",
    type=click.IntRange(min=6),
    default=12,
    show_default=True,
    help="Most months before the measure that its path is learned from.",
)
@click.option(
    "--after",
    type=click.IntRange(min=3),
    default=6,
    show_default=True,
    help="Most months after it.",
)
@click.option(
    "--settled",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Months from the sanctions on that are left out, trade being on the move.",
)
@click.option(
    "--complete",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.99,
    show_default=True,
    help="Share of all trade that a month's reporters must hold for the month to count.",
)
@click.option(
    "--dataset",
    default="auto",
    show_default=True,
    help="Collection the flows come from; auto is the one in the lake.",
)
@row_options
@click.pass_obj
def command(settings: Settings, /, how: Format | None, output: Path | None, **asked: Any) -> None:
    """Estimate whether a measure against diversion changed the flow that it was to stop.

    Trade after the measure is laid beside what its own path before and that of other partners led
    to expect. How far such a forecast strays where nothing was done is learned from other dates
    and other partners, which gives interval and p-value; where they are too few the answer is
    unknown. Other events of the same months are named: a change is no proof of its reason.
    """
    from entrepot import api
    from entrepot.cli.progress import progress
    from entrepot.lake import open_lake

    to = destination(how, output)
    inquiry = _inquiry(**asked)
    with open_lake(settings.lake, settings) as lake, progress("measure") as report:
        rows = api.measure(lake, inquiry, report)
    show(rows, lambda: _grid(rows.to_pylist()), to)


def _inquiry(target: str, **asked: Any) -> MeasureInquiry:
    from entrepot.diversion.measure_inquiry import MeasureInquiry

    named = {name: asked[name].upper() for name in ("country", "without")}
    return MeasureInquiry(destination=target.upper(), **asked | named)


def _grid(rows: Sequence[dict[str, Any]]) -> Grid:
    from entrepot.dossier import wording

    names = ("observed", "expected", "effect_low", "effect_high", "excess_before")
    scale = wording.table_scale(row[name] for row in rows for name in names)
    unit = f"{scale.unit(rows[0]['unit'])} a month"
    columns = (
        Column("path", is_whole=True),
        Column(f"observed\n{unit}", is_number=True),
        Column(f"expected\n{unit}", is_number=True),
        Column(f"effect, 90 %\n{unit}", is_number=True),
        Column(f"excess before, 90 %\n{unit}", is_number=True, is_expendable=True),
        Column("share of it\n", is_number=True),
        Column("p\n", is_number=True),
        Column("outcome", is_whole=True),
    )
    return Grid(columns, [_cells(row, scale) for row in rows], _notes(rows))


def _cells(row: dict[str, Any], scale: Scale) -> tuple[str, ...]:
    from entrepot.dossier.scene import BRACKET_NAMES

    return (
        BRACKET_NAMES[row["bracket"]].lower(),
        scale.number(row["observed"]),
        NOTHING if row["expected"] is None else scale.number(row["expected"]),
        _range(row, "effect", scale),
        _range(row, "excess_before", scale),
        NOTHING if row["share"] is None else f"{row['share']:.2f}".replace("-", "−"),
        NOTHING if row["p_value"] is None else f"{row['p_value']:.3f}",
        row["outcome"],
    )


def _range(row: dict[str, Any], name: str, scale: Scale) -> str:
    """An interval; the point alone where there is none."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is not None and high is not None:
        return scale.range(low, high)
    return NOTHING if row[name] is None else f"{scale.number(row[name])}, no interval"


def _notes(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    from entrepot.codes.caveats import sentences
    from entrepot.dossier.wording import counted

    first = rows[0]
    codes = counted(first["goods_count"], "commodity", "commodities")
    goods = f"{first['goods']}, {codes} at level {first['level']}"
    if first["level"] == "TOTAL":
        goods = "all goods"
    return (
        *(row["detail"] for row in rows),
        f"Before: {typed(first['before_start'])} to {typed(first['before_end'])}; after: "
        f"{typed(first['after_start'])} to {typed(first['after_end'])}; {first['exporter']} to "
        f"{first['importer']}, flow {first['flow']}, {goods}; {first['unit']}. Source: "
        f"{first['sources']}.",
        f"Placebo windows: {first['placebo_pool']}; {first['placebo_count']} that do not overlap "
        f"of {first['placebo_window_count']:,}. Compared with {first['compared_count']} partners.",
        *([f"Other events in these windows: {first['rivals']}."] if first["rivals"] else []),
        *sentences(" ".join(row["caveats"] for row in rows)),
    )
