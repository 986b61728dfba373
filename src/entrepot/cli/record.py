"""``entrepot record``: what was said and done about a country, beside its trade."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import Column, Format, Grid, destination, show, write_file
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.dossier.record import CountryRecord, Entry, Leg, RecordQuestion

DAY = click.DateTime(("%Y-%m-%d",))
WORDS = 160  # letters of a statement that a table shows; the other formats hold all


@click.command(
    "record",
    epilog="""Examples:

\b
entrepot record KZ
entrepot record KZ --with RU,DE --since 2022-01-01 --until 2023-12-31
entrepot record KZ --format csv -o kz.csv
entrepot record KZ --page kz.html

Exit codes: 0 done, 1 the lake or a code is not what it should be, 2 wrong use.
""",
)
@click.argument("country")
@click.option("--since", type=DAY, help="First day; all days where left out.")
@click.option("--until", type=DAY, help="Last day; all days where left out.")
@click.option(
    "--with",
    "beside",
    default="",
    metavar="AREAS",
    help="Only relations with these areas or groupings, separated by commas: RU,DE. Trade is "
    "shown both ways; without it, exports of EU and DE to the country, and its own to RU.",
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one self-contained file too: .html, or .pdf, which needs the extra `pdf`.",
)
@row_options
@click.pass_obj
def command(
    settings: Settings,
    /,
    how: Format | None,
    output: Path | None,
    page: Path | None,
    **asked: Any,
) -> None:
    """Lay what was said, done and decided about a country beside its declared trade.

    COUNTRY is an ISO 3166-1 alpha-2 code. The timeline holds statements, events and claims of the
    articles that `entrepot read` put into the lake, findings of `entrepot check`, the EU's acts
    against Russia, and days on which goods entered a control list of the lake. Trade is as
    declared, by month, or by year where no months are held (column freq); csv, json and parquet
    hold it as rows of kind trade.
    """
    from entrepot import api
    from entrepot.lake import open_lake

    to = destination(how, output)
    question = _question(**asked)
    with open_lake(settings.lake, settings) as lake:
        found = api.record_of(lake, question)
    show(api.record_rows(found), lambda: _grid(found), to)
    if page is not None:
        from entrepot.dossier.pdf import to_pdf
        from entrepot.dossier.record_page import render_record, render_record_paper

        is_paper = page.suffix.lower() == ".pdf"
        data = to_pdf(render_record_paper(found)) if is_paper else render_record(found).encode()
        write_file(page, data)
        click.echo(f"{page}: written.", err=True)


def _question(
    country: str, since: datetime | None, until: datetime | None, beside: str
) -> RecordQuestion:
    from entrepot.dossier.record import RecordQuestion

    first, last = _day(since), _day(until)
    if first and last and last < first:
        raise click.UsageError(f"--until is {last}, expected {first} or a later day.")
    areas = tuple(one.strip().upper() for one in beside.split(",") if one.strip())
    return RecordQuestion(country.upper(), areas, first, last)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _grid(found: CountryRecord) -> Grid:
    columns = (
        Column("day", is_whole=True),
        Column("kind", is_whole=True),
        Column("who"),
        Column("what"),
        Column("words"),
        Column("source", is_expendable=True),
    )
    lines = [(*entry.place, 0, _cells(entry)) for entry in found.entries]
    lines += [(False, month, 1, cells) for month, cells in _trade_lines(found.legs)]
    ordered = sorted(lines, key=lambda line: line[:3])
    return Grid(columns, [cells for *_, cells in ordered], _notes(found))


def _cells(entry: Entry) -> tuple[str, ...]:
    day = entry.day or "open"
    outcome = f" [{entry.outcome}]" if entry.outcome else ""
    words = entry.text if len(entry.text) <= WORDS else f"{entry.text[: WORDS - 1]}…"
    told = f", told in {entry.telling_count} articles" if entry.telling_count > 1 else ""
    return (
        f"({day})" if entry.is_of_article else day,
        entry.kind,
        entry.who,
        entry.what,
        f"{words}{outcome}",
        f"{entry.source}{told}",
    )


def _trade_lines(legs: tuple[Leg, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """A line for each month or year: what was declared each way; a year stands at its end."""
    from entrepot.dossier.wording import amount

    months: dict[str, list[str]] = {}
    for leg in legs:
        for month in leg.months:
            few = f" ({month.reporter_count} of {leg.usual_count} reporters)"
            mark = few if month.reporter_count < leg.usual_count else ""
            whole = " in all of the year" if leg.freq == "A" else ""
            words = f"{leg.name} {amount(month.value, leg.unit)}{whole}{mark}"
            months.setdefault(leg.period(month), []).append(words)
    return [
        (f"{month}-99", (month, "trade", "", "exports", "; ".join(words), ""))
        for month, words in months.items()
    ]


def _notes(found: CountryRecord) -> tuple[str, ...]:
    sources = tuple(dict.fromkeys(f"{leg.name}: {leg.goods}, {leg.source}." for leg in found.legs))
    left_out = f"{found.left_out:,} entries are left out because their year is open."
    return (
        "A day in brackets is the article's: the text gives none of its own.",
        *sources,
        *found.absent,
        *([left_out] if found.left_out else []),
    )
