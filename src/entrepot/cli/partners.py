"""``entrepot partners``: a reporter's partners by rank and share, and who took over from whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.flows import LEVELS
from entrepot.cli.months import MONTH, check_years, last_of_equal_length, typed, year_before
from entrepot.cli.options import chart_option, check_goods, freq_option, row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.cli.rates import money_options
from entrepot.settings import Settings
from entrepot.tables import FLOW_CODES

if TYPE_CHECKING:
    from entrepot.api.partner_records import PartnerQuestion, Partners

SCREENFUL = 20  # partners a table shows where nobody says how many
MUTUAL = "both"
_TOTAL = re.compile(r"([A-Z]{3}):(\d+(?:\.\d+)?(?:[eE]\+?\d+)?)")


class Total(click.ParamType[tuple[str, float]]):
    """An option that takes an amount of money: ``EUR:1.5e12``."""

    name = "CUR:AMOUNT"

    def convert(
        self,
        value: str | tuple[str, float],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, float]:
        """Read an amount.

        Args:
            value: What was typed.
            param: The option.
            ctx: The context.

        Returns:
            Currency and amount.
        """
        if isinstance(value, tuple):
            return value
        found = _TOTAL.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is no amount, expected one like EUR:1.5e12.", param, ctx)
        return found[1], float(found[2])


@click.command(
    "partners",
    epilog="""Examples:

\b
entrepot partners --reporter DE --flow both --from 2022-01 --to 2022-11 --of KZ
entrepot partners --reporter DE --flow M --level HS2 --goods 27 --from 2022-08 --to 2022-11 \\
    --substitute RU --by KZ
entrepot partners --reporter DE --flow both --from 2022-01 --to 2022-12 --of KZ \\
    --in USD --rate USD/EUR:2022=1.05 --rate USD/EUR:2021=1.18 --chart partners.svg
""",
)
@click.option("--reporter", required=True, help="Groupings or areas that declare: DE, or EU.")
@click.option(
    "--flow",
    type=click.Choice((*FLOW_CODES, MUTUAL)),
    required=True,
    help="X exports, M imports, RX re-exports …; both adds the reporter's exports and imports.",
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
    help="Only codes that begin so, or those of a control list; may be repeated.",
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
    "--dataset",
    default="auto",
    show_default=True,
    help="Dataset; auto where the lake holds such rows in just one.",
)
@click.option("--of", metavar="AREA", help="Say where this partner stands.")
@click.option(
    "--total",
    type=Total(),
    help="The reporter's trade with all partners in these months, from elsewhere: bounds ranks "
    "and concentration where the lake does not hold all partners.",
)
@click.option("--substitute", "lost", default="", help="Partners whose loss is looked at: RU.")
@click.option(
    "--by", "taken_by", default="", help="Partners that may have taken that loss over: KZ."
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    help=f"Partners at most; {SCREENFUL} in a table and all in the other formats where left out.",
)
@money_options
@chart_option
@row_options
@click.pass_obj
def command(
    settings: Settings,
    /,
    how: Format | None,
    output: Path | None,
    chart: Path | None,
    **asked: Any,
) -> None:
    """Rank a reporter's partners by declared trade, beside as many earlier months.

    Nothing is estimated here. A lake that holds some partners cannot rank among all: a rank is
    then the one printed or worse, and --total bounds it. Mutual trade is one reporter's exports
    (FOB) and imports (CIF), never one side's with the other's. --substitute and --by set one
    partner's loss against another's gain, in value and, where goods were weighed, in kilograms.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    top, of, total = asked.pop("top"), asked.pop("of"), asked.pop("total")
    question = _question(total=total, **asked)
    with open_lake(settings.lake, settings) as lake:
        found = api.partners(lake, question)
    _check_answer(found, total, of)
    every = found.rows.num_rows
    rows = found.rows.slice(0, top or (SCREENFUL if to.format == "table" else every))
    show(_told(rows, found), lambda: _grid(found, rows.to_pylist(), question, of), to)
    if chart is not None:
        from entrepot.cli.partner_notes import chart_words
        from entrepot.dossier.trade_charts import chart_of_flows, write_chart

        drawn = found.rows.slice(0, top or every)
        write_chart(chart_of_flows(drawn, chart_words(found, question, drawn.num_rows)), chart)
        click.echo(f"{chart}: drawn.", err=True)


def _question(first: date, last: date, against: date | None, **asked: Any) -> PartnerQuestion:
    from entrepot.api.money import Money
    from entrepot.api.partner_records import PartnerQuestion
    from entrepot.trade.summary import Stretch

    if last < first:
        raise click.UsageError(f"--to is {typed(last)}, expected {typed(first)} or later.")
    check_goods(asked["goods"], asked["level"])
    if bool(asked["lost"]) != bool(asked["taken_by"]):
        raise click.UsageError("--substitute and --by belong together, expected both or neither.")
    if asked["lost"] and asked["flow"] == MUTUAL:
        raise click.UsageError("--substitute is about one flow, expected --flow M or X.")
    start = year_before(first) if against is None else against
    check_years(asked["freq"], first, last, start)
    total, currency, rates = asked.pop("total"), asked.pop("currency"), asked.pop("rates")
    return PartnerQuestion(
        reporters=asked.pop("reporter"),
        now=Stretch(first, last),
        base=Stretch(start, last_of_equal_length(start, (first, last))),
        total=None if total is None else total[1],
        money=Money(currency=currency, rates=rates),
        **asked,
    )


def _check_answer(found: Partners, total: tuple[str, float] | None, of: str | None) -> None:
    currency = found.rows["currency"][0].as_py()
    if total is not None and total[0] != currency:
        raise click.UsageError(
            f"--total is in {total[0]}, expected {currency} like the partners' amounts. Give it in "
            f"{currency}, or turn the amounts with --in {total[0]}."
        )
    held = found.rows["partner"].to_pylist()
    if of is not None and of not in held:
        raise click.ClickException(
            f"--of is {of!r}, expected a partner that the lake holds in these months: {held}."
        )


def _told(rows: Any, found: Partners) -> Any:
    """The rows with what a program must know of the whole answer, repeated in each."""
    import pyarrow as pa

    words = {
        "months_asked": max(len(held.asked) for held in found.months),
        "months_held": min(
            h.held_count for h in found.months if h.stretch == found.months[0].stretch
        ),
        "total": found.total,
        "caveats": found.caveats,
        "rates": found.rates,
        "sources": found.source,
    }
    for name, value in words.items():
        kind = pa.float64() if name == "total" else None
        rows = rows.append_column(name, pa.array([value] * rows.num_rows, kind))
    return rows


def _grid(
    found: Partners, rows: Sequence[dict[str, Any]], question: PartnerQuestion, of: str | None
) -> Grid:
    from entrepot.cli.partner_notes import notes, stretch_words

    unit = f"{rows[0]['currency']} m"
    now, base = stretch_words(question)
    is_mutual, is_sought = question.flow == MUTUAL, bool(question.lost)
    parts = ("exports", "imports") if is_mutual else ()
    columns = (
        Column("rank", is_number=True),
        *([Column("among\nall", is_number=True)] if found.basis != "whole files" else []),
        Column("rank\nbefore", is_number=True),
        Column("partner", is_whole=True),
        Column("name", is_expendable=True),
        *(Column(f"{part}\n{unit}", is_number=True, is_expendable=True) for part in parts),
        Column(f"{now}\n{unit}", is_number=True),
        Column("share of\nthose held, %", is_number=True),
        Column(f"{base}\n{unit}", is_number=True),
        Column("change\n%", is_number=True),
        *([Column("gain of\nloss, %", is_number=True)] if is_sought else []),
    )
    cells = [_cells(row, parts, found.basis != "whole files", is_sought) for row in rows]
    return Grid(columns, cells, notes(found, question, of, len(rows)))


def _cells(
    row: dict[str, Any], parts: tuple[str, ...], has_bounds: bool, is_sought: bool
) -> tuple[str, ...]:
    from entrepot.cli.brackets import NOTHING
    from entrepot.cli.partner_notes import among_all, name_of
    from entrepot.dossier.wording import Scale

    million = Scale(1e6, "m", 2)
    is_declared = row["declaration_count"] > 0

    def percent(value: float | None, form: str) -> str:
        if value is None or not is_declared:
            return NOTHING
        text = f"{value:{form}}".removesuffix("%")
        return "0" if text == "-0" else text

    return (
        NOTHING if row["rank"] is None else str(row["rank"]),
        *([among_all(row)] if has_bounds else []),
        NOTHING if row["base_rank"] is None else str(row["base_rank"]),
        row["partner"],
        name_of(row["partner"]),
        *(million.number(row[part]) for part in parts),
        million.number(row["value"]) if is_declared else NOTHING,
        percent(row["share"], ".1%"),
        million.number(row["base_value"]) if row["base_declaration_count"] else NOTHING,
        percent(row["change"], "+.1%"),
        *([percent(row["of_loss"], ".0%")] if is_sought else []),
    )
