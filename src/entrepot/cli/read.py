"""``entrepot read``: articles into the lake, or what they say onto the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import invocation
from entrepot.cli.output import say
from entrepot.cli.progress import progress
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.api.reading import Reading, Stored
    from entrepot.fetch.endpoint import Endpoint

FORMATS = ("table", "csv", "json", "jsonl", "parquet")
TABLES = ("articles", "quotes", "figures", "events", "claims")
SHOWN = 20  # files named one by one; the lake holds all of them


class Where(click.ParamType[str]):
    """An argument that is a file, a folder or an address."""

    name = "PATH|URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check that a file or folder is there; an address is asked later.

        Args:
            value: What was typed.
            param: The argument.
            ctx: The context.

        Returns:
            The same.
        """
        is_address = value.startswith(("http://", "https://"))
        if not is_address and not Path(value).exists():
            self.fail(
                f"{value!r} is no file or folder, expected one that is there, or an address that "
                "begins with https://.",
                param,
                ctx,
            )
        return value


published_option = click.option(
    "--date",
    "published",
    type=click.DateTime(("%Y-%m-%d",)),
    help="Day of publication, where you know it: taken for articles whose text leaves their day or "
    'year open, so that "last year" has one.',
)
day_option = click.option(
    "--on",
    "day",
    type=click.DateTime(("%Y-%m-%d",)),
    help="Day after which no article can have been written; today where left out. It decides "
    "which years a weekday may stand for.",
)


@click.command(
    "read",
    epilog="""Examples:

\b
entrepot read articles/
entrepot read visit.txt https://example.org/report.html --on 2023-12-31
entrepot read visit.txt --format table --date 2023-06-21
entrepot read articles/ --format jsonl -o articles.jsonl
entrepot read articles/ --format csv --table claims -o claims.csv

Exit codes: 0 done, 1 some could not be read (the rest is done), 2 wrong use.
""",
)
@click.argument("where", metavar="PATH|URL...", nargs=-1, required=True, type=Where())
@day_option
@published_option
@click.option(
    "--format",
    "how",
    type=click.Choice(FORMATS),
    help="Write what was read here and not into the lake: table to be read, json and jsonl a "
    "record an article, csv and parquet one table.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to, by the end of its name in one of the formats; stdout where left out.",
)
@click.option(
    "--table",
    "table",
    type=click.Choice(TABLES),
    default="quotes",
    show_default=True,
    help="Table that csv and parquet hold.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Ask a language model behind this OpenAI-compatible address too; the whole text of each "
    "article is sent there. Only what the text bears out letter for letter is taken.",
)
@click.option("--model", help="Name of the model there.")
@click.option("--key-env", metavar="VARIABLE", help="Environment variable with the key to it.")
@click.pass_obj
def command(
    settings: Settings,
    /,
    where: tuple[str, ...],
    day: datetime | None,
    how: str | None,
    output: Path | None,
    **asked: Any,
) -> None:
    """Read press articles: who said what, figures, events, claims on trade.

    PATH is a text, a web page, a feed, JSON lines, or a folder of them, which is searched to the
    bottom; English, German and Russian are read. Every word found stands on a span of the text, and
    a year that the text leaves open stays open. No model is asked unless you name one with
    --endpoint.

    Without --format the articles go into the lake: one that is there already is replaced, and one
    statement told in two articles or languages gets one statement_id. A file that cannot be read is
    named with its reason, kept as a finding, and the run goes on.
    """
    from entrepot.api.reading import FOLDER, readings

    chosen = _format(how, output)
    into = settings.lake / FOLDER if chosen is None else None
    table, published = asked.pop("table"), asked.pop("published")
    endpoint = _endpoint(**asked)
    on = day.date() if day else date.today()
    found = readings(where, on, into, published and published.date())
    if endpoint is not None:
        from entrepot.api.second_reading import read_twice

        found = read_twice(found, endpoint)
    total = _count(where)
    with progress("reading articles") as report:
        counted = _counting(found, lambda done, name: report(done, max(total, done), name))
        if chosen is None:
            stored = _store(settings, counted)
            refused = stored.refused
        else:
            from entrepot.cli.read_output import write_readings

            refused = write_readings(counted, chosen, table, output)
    if chosen is None:
        _say_stored(settings, stored)
    _end(refused)


def _endpoint(endpoint: str | None, model: str | None, key_env: str | None) -> Endpoint | None:
    if endpoint is None:
        if model or key_env:
            raise click.UsageError("--model and --key-env belong to --endpoint, expected it too.")
        return None
    if not model:
        raise click.UsageError("--endpoint needs the name of a model there, expected --model too.")
    from entrepot.fetch.endpoint import Endpoint
    from entrepot.settings import read_key

    return Endpoint(endpoint, model, read_key(key_env) if key_env else "")


def _format(how: str | None, output: Path | None) -> str | None:
    if how is None and output is not None:
        by_name = output.suffix.lower().removeprefix(".")
        how = by_name if by_name in FORMATS else "table"
    if how == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("parquet is binary: name a file with -o, or pipe it.")
    return how


def _count(where: Sequence[str]) -> int:
    """Files to come, as far as they can be counted: a feed holds several articles."""
    paths = [Path(one) for one in where if not one.startswith(("http://", "https://"))]
    return sum(
        sum(file.is_file() for file in path.rglob("*")) if path.is_dir() else 1 for path in paths
    )


def _counting(found: Iterable[Reading], report: Callable[[int, str], None]) -> Iterator[Reading]:
    for done, one in enumerate(found, 1):
        report(done, one.name)
        yield one


def _store(settings: Settings, found: Iterable[Reading]) -> Stored:
    from entrepot.api.reading import store_readings
    from entrepot.lake import open_lake

    with open_lake(settings.lake, settings) as lake:
        return store_readings(lake, found)


def _say_stored(settings: Settings, stored: Stored) -> None:
    from entrepot.dossier.wording import counted

    counts = [
        counted(count, name.removesuffix("s"), name) for name, count in stored.row_counts.items()
    ]
    say([f"{counts[0]} read: {', '.join(counts[1:])}."])
    if stored.linked_count:
        tell = "quote tells" if stored.linked_count == 1 else "quotes tell"
        say([f"{stored.linked_count:,} {tell} a statement that another article tells too."])
    if stored.article_count:
        say([f"Next: {invocation(settings)} check"])


def _end(refused: Sequence[Reading]) -> None:
    """Name what could not be read; the exit code says that there is some."""
    if not refused:
        return
    for one in refused[:SHOWN]:
        click.echo(f"{one.name}: {one.reason}", err=True)
    if len(refused) > SHOWN:
        click.echo(f"… and {len(refused) - SHOWN:,} more.", err=True)
    raise click.ClickException(
        f"{len(refused):,} of the files could not be read; the others are done."
    )
