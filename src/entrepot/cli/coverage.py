"""``entrepot coverage``: who declared what, and when, as far as the lake holds it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.flows import LEVELS
from entrepot.cli.options import chart_option, row_options
from entrepot.cli.output import Column, Format, Grid, destination, show
from entrepot.settings import Settings
from entrepot.tables import FLOW_CODES

if TYPE_CHECKING:
    from entrepot.api.coverage import Coverage, CoverageQuestion
    from entrepot.dossier.trade_charts import ChartWords

Row = dict[str, Any]
MONTHS = tuple(f"{month:02d}" for month in range(1, 13))


@click.command(
    "coverage",
    epilog="""Examples:

\b
entrepot coverage
entrepot coverage --reporter DE --by level
entrepot coverage --reporter EU --flow X --level CN8 --by month --chart coverage.svg
""",
)
@click.option("--reporter", default="", help="Groupings or areas that declare; all if left out.")
@click.option("--flow", type=click.Choice(FLOW_CODES), help="Only this flow.")
@click.option("--dataset", help="Only this dataset.")
@click.option("--level", type=click.Choice(LEVELS), help="Only rows of this level.")
@click.option(
    "--by",
    type=click.Choice(("level", "month")),
    multiple=True,
    help="level: a line for each level. month: rows held of each month, a line a year.",
)
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
    """List who declared what, and when: first and last month, gaps, vintage.

    Counts, not verdicts. A month between the first and the last that holds no row is missing; one
    with under half the usual rows of the same reporter and flow is listed with its count: it may
    have been published in part, or trade was small. Of several vintages the newest counts.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    by = asked["by"]
    question = api.CoverageQuestion(
        reporters=asked["reporter"],
        flow=asked["flow"],
        dataset=asked["dataset"],
        level=asked["level"],
        has_levels="level" in by,
    )
    with open_lake(settings.lake, settings) as lake:
        found = api.coverage_of(lake, question)
    if "month" in by:
        show(found.periods, lambda: _matrix(found, question), to)
    else:
        show(found.series, lambda: _grid(found, question), to)
    if chart is not None:
        from entrepot.dossier.coverage_chart import chart_of_coverage
        from entrepot.dossier.trade_charts import write_chart

        write_chart(chart_of_coverage(found.periods, _chart_words(found, question)), chart)
        click.echo(f"{chart}: drawn.", err=True)


def _named(question: CoverageQuestion) -> tuple[str, ...]:
    return ("dataset", "reporter", "flow", "freq", *question.by)


def _grid(found: Coverage, question: CoverageQuestion) -> Grid:
    keys = _named(question)
    columns = (
        *(Column(name, is_whole=True) for name in keys),
        *(Column(name, is_whole=True) for name in ("first", "last")),
        *(Column(name, is_number=True) for name in ("held", "missing")),
        *(Column(name, is_number=True) for name in ("rows", "usual\na period")),
        *(Column(name, is_number=True, is_expendable=True) for name in ("partners", "goods")),
        Column("missing periods; few rows"),
        Column("vintage"),
        Column("files", is_number=True),
    )
    rows = found.series.to_pylist()
    return Grid(columns, [_cells(row, keys) for row in rows], _notes(found, question))


def _cells(row: Row, keys: Sequence[str]) -> tuple[str, ...]:
    from entrepot.dossier.wording import counted

    pattern = "%Y" if row["freq"] == "A" else "%Y-%m"
    few = row["few"].replace(":", " ").split(" ") if row["few"] else []
    named = [
        f"{day}: {counted(int(count), 'row', 'rows')}"
        for day, count in zip(few[::2], few[1::2], strict=True)
    ]
    gaps = [row["missing"].replace(" ", ", "), ", ".join(named)]
    return (
        *(row[name] for name in keys),
        f"{row['first']:{pattern}}",
        f"{row['last']:{pattern}}",
        f"{row['period_count']:,}",
        f"{row['missing_count']:,}",
        f"{row['row_count']:,}",
        f"{row['usual_count']:,.0f}",
        f"{row['partner_count']:,}",
        f"{row['commodity_count']:,}",
        "; ".join(filter(None, gaps)),
        row["vintage"] or "",
        f"{row['source_count']:,}",
    )


def _notes(found: Coverage, question: CoverageQuestion) -> tuple[str, ...]:
    levels = f", level {question.level}" if question.level else ""
    return (
        f"rows: declarations by partner and commodity{levels}; usual: their median over the "
        "periods held; few: under half of it. partners, goods: the most in one period. A period "
        "before the first or after the last is not counted as missing.",
        f"{found.source}.",
    )


def _matrix(found: Coverage, question: CoverageQuestion) -> Grid:
    """Rows held of each month, a line for each series and year."""
    keys = _named(question)
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for row in found.periods.to_pylist():
        line = (*(row[name] for name in keys), f"{row['period']:%Y}")
        month = f"{row['period']:%m}"
        lines.setdefault(line, {})[month] = f"{row['row_count']:,}"
    columns = (
        *(Column(name, is_whole=True) for name in (*keys, "year")),
        *(Column(month, is_number=True) for month in MONTHS),
    )
    cells = [(*line, *(held.get(month, "·") for month in MONTHS)) for line, held in lines.items()]
    note = "Rows held of each month; · none; yearly declarations stand under 01."
    return Grid(columns, cells, (note, f"{found.source}."))


def _chart_words(found: Coverage, question: CoverageQuestion) -> ChartWords:
    from entrepot.dossier.trade_charts import ChartWords
    from entrepot.dossier.wording import window

    days = found.periods["period"].to_pylist()
    flow = f", flow {question.flow}" if question.flow else ""
    level = f", level {question.level}" if question.level else ""
    whose = question.reporters or "all reporters"
    return ChartWords(
        title=f"Declarations held of {whose}{flow}{level}",
        now=window(min(days), max(days)),
        base="",
        source=f"Source: {found.source}",
    )
