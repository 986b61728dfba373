"""``entrepot outflows``: which partners receive more of one reporter's goods than before."""

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
    from entrepot.diversion.outflow_panel import OutflowInquiry
    from entrepot.dossier.wording import Scale

LEVELS = ("HS4", "HS6", "CN8")
FLOWS = ("X", "RX")
NOTHING = "–"
PIECES = {"u": "piece", "p/st": "piece"}  # units as Comtrade and Eurostat write them


@click.command(
    "outflows",
    epilog="""Examples:

\b
entrepot outflows --reporter GE --goods 8703 --since 2022-03
entrepot outflows --reporter AM --goods 8703 --level HS6 --since 2022-03 \\
    --to RU,KZ,KG --format csv
""",
)
@click.option("--reporter", required=True, metavar="AREA", help="Area that declares, e.g. GE.")
@click.option(
    "--goods",
    multiple=True,
    required=True,
    metavar="PREFIX|LIST_ID",
    help="Codes that begin so, or those of a control list, chpl among them; may be repeated.",
)
@click.option("--since", type=MONTH, required=True, help="First month that may hold diversion.")
@click.option("--until", type=MONTH, help="Last month; the last published one where left out.")
@click.option(
    "--to",
    default="EAEU",
    show_default=True,
    help="Groupings or areas that are tested; all other partners are the controls.",
)
@click.option(
    "--flow",
    type=click.Choice(FLOWS),
    default="X",
    show_default=True,
    help="X exports, RX re-exports.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="HS4",
    show_default=True,
    help="Level of the nomenclature as published. Levels overlap and are never added.",
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
    """Find partners that receive more of a few goods than other partners' path allows.

    The last leg alone: an excess bounds from above what may have been passed on, and where the
    goods came from is not known. Unit values tell dearer goods from more goods. p-values are ranks
    among the other partners, so that with n of them none lies below 1/(n + 1). csv, json and
    parquet hold all columns, changes of price and volume among them.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    inquiry = _inquiry(**asked)
    with open_lake(settings.lake, settings) as lake:
        rows = api.outflows(lake, inquiry)
    show(rows, lambda: _grid(rows.to_pylist(), inquiry), to)


def _inquiry(since: date, until: date | None, **asked: Any) -> OutflowInquiry:
    from entrepot.diversion.outflow_panel import OutflowInquiry

    if until is not None and until < since:
        raise click.UsageError(f"--until is {typed(until)}, expected {typed(since)} or later.")
    named = asked | {"reporter": asked["reporter"].upper(), "to": asked["to"].upper()}
    return OutflowInquiry(since=since, until=until, **named)


def _grid(rows: Sequence[dict[str, Any]], inquiry: OutflowInquiry) -> Grid:
    from entrepot.cli import brackets

    scale = brackets.scale_of(rows)
    unit = scale.unit(rows[0]["unit"]) if rows else ""
    currency = rows[0]["unit"].split()[0] if rows else ""
    pieces = {row["quantity_unit"] for row in rows} - {None}
    written = next(iter(pieces)) if len(pieces) == 1 else "unit"
    piece = PIECES.get(written, written)
    letters, notes = brackets.caveat_letters(rows)
    columns = (
        Column("partner", is_whole=True),
        Column("goods", is_whole=True),
        Column(f"observed\n{unit}", is_number=True),
        Column(f"expected\n{unit}", is_number=True, is_expendable=True),
        Column(f"excess, 90 %\n{unit}", is_number=True),
        Column("p", is_number=True),
        Column("q", is_number=True, is_expendable=True),
        Column("onset", is_whole=True),
        Column(f"{currency} per kg\nbefore, after", is_number=True),
        Column(f"{currency} per {piece}\nbefore, after", is_number=True),
        Column("notes"),
    )
    cells = [
        (*_cells(row, scale), "".join(letters.get(code, "") for code in row["caveats"].split()))
        for row in rows
    ]
    return Grid(columns, cells, (*_notes(rows, inquiry), *notes))


def _cells(row: dict[str, Any], scale: Scale) -> tuple[str, ...]:
    from entrepot.cli import brackets
    from entrepot.dossier.wording import ratio

    return (
        row["partner"],
        row["commodity"],
        scale.number(row["observed"]),
        *brackets.amounts(row, scale),
        NOTHING if row["p_value"] is None else ratio(row["p_value"]),
        NOTHING if row["q_value"] is None else ratio(row["q_value"]),
        NOTHING if row["onset"] is None else typed(row["onset"]),
        _pair(row["value_per_kg_before"], row["value_per_kg_after"], 2),
        _pair(row["value_per_unit_before"], row["value_per_unit_after"], 0),
    )


def _pair(before: float | None, after: float | None, digits: int) -> str:
    words = [NOTHING if value is None else f"{value:,.{digits}f}" for value in (before, after)]
    return NOTHING if words == [NOTHING, NOTHING] else ", ".join(words)


def _notes(rows: Sequence[dict[str, Any]], inquiry: OutflowInquiry) -> tuple[str, ...]:
    from entrepot.dossier.wording import valuation, window

    goods = f"{inquiry.level} goods {', '.join(inquiry.goods)}"
    if not rows:
        return (f"{inquiry.reporter}, {goods}: not in force in the window.",)
    first = rows[0]
    count = first["control_partner_count"]
    least = f", so that no p-value can lie below 1/{count + 1}" if count else ""
    return (
        f"{inquiry.reporter}, flow {inquiry.flow}, {goods}, "
        f"{window(first['window_start'], first['window_end'])}, {valuation(first['unit'])}; design "
        f"{first['design']}, {count} control partners{least}.",
        "Source unknown: only the last leg was used. An excess bounds from above what may have "
        "been passed on; it is consistent with diversion and no proof.",
    )
