"""``entrepot check``: claims of the press against declared trade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import row_options
from entrepot.cli.output import (
    Destination,
    Format,
    destination,
    encode,
    screen_width,
    wrapped,
    write_file,
)
from entrepot.cli.progress import progress
from entrepot.cli.rates import RateType
from entrepot.cli.read import Where, day_option, published_option
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.api.claims_held import ClaimFilter
    from entrepot.api.reading import Reading
    from entrepot.lake import Lake

Row = dict[str, Any]
WORDS = 240  # letters of a claim on the screen; the other formats hold all


@click.command(
    "check",
    epilog="""Examples:

\b
entrepot check
entrepot check --country KZ --since 2023-01-01 --rate USD/EUR:2022=1.05
entrepot check --speaker Tokayev --format csv -o checked.csv
entrepot check visit.txt --date 2023-06-21

Exit codes: 0 done, whatever was found; 1 the lake or an article cannot be read; 2 wrong use.
""",
)
@click.argument("where", metavar="[PATH|URL]...", nargs=-1, type=Where())
@day_option
@published_option
@click.option(
    "--speaker",
    default="",
    help="Only claims of this person or body, in any spelling or script.",
)
@click.option("--country", default="", metavar="AREA", help="Only claims about this area.")
@click.option(
    "--since",
    type=click.DateTime(("%Y-%m-%d",)),
    help="Only articles of this day or later; those whose year is open are kept.",
)
@click.option(
    "--article",
    default="",
    metavar="SOURCE_ID|NAME",
    help="Only claims of articles whose source id begins so, or whose file's name holds this.",
)
@click.option(
    "--rate",
    "rates",
    type=RateType(),
    multiple=True,
    help="Rate to use in place of the reference rates of the lake; once per year and currency. "
    "Where neither is there, an amount in another currency is not checked.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0, max=1),
    help="Share by which a number may miss the claimed one; by the rounding of the claimed figure "
    "where left out.",
)
@row_options
@click.pass_obj
def command(
    settings: Settings,
    /,
    how: Format | None,
    output: Path | None,
    where: tuple[str, ...],
    day: datetime | None,
    **asked: Any,
) -> None:
    """Check claims of the press against the declarations in the lake.

    Without PATH the claims that `entrepot read` put into the lake are checked, and the findings are
    written to it; with PATH articles are read and checked in one go and nothing is written. Each
    finding says supported, contradicted or unknown, in one sentence with both numbers, the months
    held and whose statistics they are; unknown says what is missing. Declarations show what was
    declared, never who used it or what for.
    """
    from entrepot.api.checked import checked
    from entrepot.api.claims_held import checked_rows, keep_findings, to_check
    from entrepot.lake import open_lake
    from entrepot.press.check_records import CheckOptions

    to = destination(how, output)
    options = CheckOptions(rates=asked.pop("rates"), tolerance=asked.pop("tolerance"))
    published = asked.pop("published")
    wanted = _filter(**asked)
    on = day.date() if day else date.today(), published and published.date()
    with open_lake(settings.lake, settings) as lake:
        rows, refused = _claims(lake, where, on, wanted)
        found = checked(lake, to_check(rows), options=options)
        if not where and rows:
            keep_findings(lake, rows, found)
    told = checked_rows(rows, found)
    if rows or not refused:  # where nothing could be read, the reason alone is the answer
        notes = _notes(told.to_pylist(), len(rows), is_read=bool(where))
        is_table = to.format == "table"
        _write(_text(told.to_pylist(), notes, to) if is_table else encode(told, to.format), to)
    if refused:
        raise click.ClickException("; ".join(refused))


def _filter(speaker: str, country: str, since: datetime | None, article: str) -> ClaimFilter:
    from entrepot.api.claims_held import ClaimFilter, area_asked

    first = None if since is None else since.date()
    return ClaimFilter(speaker.strip(), area_asked(country), first, article)


def _claims(
    lake: Lake, where: Sequence[str], on: tuple[date, date | None], wanted: ClaimFilter
) -> tuple[list[Row], list[str]]:
    """The claims asked for, and which articles could not be read."""
    from entrepot.api.claims_held import asked, claims_held, claims_read
    from entrepot.api.reading import readings

    if not where:
        return claims_held(lake, wanted), []
    refused: list[str] = []

    def read() -> Iterator[Reading]:
        for done, one in enumerate(readings(where, on[0], None, on[1]), 1):
            report(done, max(done, len(where)), one.name)
            if one.reason:
                refused.append(f"{one.name}: {one.reason}")
            yield one

    with progress("reading articles") as report:
        return asked(claims_read(read()), wanted), refused


def _write(data: bytes, to: Destination) -> None:
    if to.path is None:
        click.echo(data, nl=False)
    else:
        write_file(to.path, data)
        click.echo(f"{to.path}: written.", err=True)


def _text(rows: Sequence[Row], notes: Sequence[str], to: Destination) -> bytes:
    """Sentences are too long for cells: each finding is a paragraph."""
    width = screen_width() if to.path is None else None
    lines = [line for row in rows for line in _paragraph(row, width)]
    lines += [wrapped(note, width) for note in notes]
    return ("\n".join(lines) + "\n").encode()


def _paragraph(row: Row, width: int | None) -> Iterator[str]:
    words = " ".join(row["text"].split())
    short = words if len(words) <= WORDS else f"{words[: WORDS - 1]}…"
    day = f", {row['said_on']}" if row["said_on"] else ""
    article = f"{row['article']} [{row['char_start']}:{row['char_end']}]"
    yield wrapped(f"{row['outcome'].upper()}: {row['claimant'] or 'nobody named'}{day}", width)
    yield wrapped(f"  “{short}”", width, "  ")
    yield wrapped(f"  {row['detail']}", width, "  ")
    yield wrapped(f"  {row['claim']}; {article}", width, "  ")
    yield ""


def _notes(rows: Sequence[Row], claim_count: int, *, is_read: bool) -> tuple[str, ...]:
    from collections import Counter

    from entrepot.dossier.wording import counted

    if not claim_count and is_read:
        return ("No claim on trade was found, of those asked for, in what was read.",)
    if not claim_count:
        return ("No claim on trade is held of what was asked. Run `entrepot read` first.",)
    counts = Counter(row["outcome"] for row in rows)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
    return (
        f"{counted(claim_count, 'claim', 'claims')}, "
        f"{counted(len(rows), 'finding', 'findings')}: {told}.",
        "Declarations show what was declared; they never show who used it or what for.",
    )
