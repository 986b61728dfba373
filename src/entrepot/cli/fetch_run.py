"""What ``entrepot fetch`` does once it is known what to fetch, and what it says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from entrepot.cli.options import invocation
from entrepot.cli.progress import progress
from entrepot.settings import Settings

if TYPE_CHECKING:
    from entrepot.api.fetched import Fetching, Order
    from entrepot.fetch.call import Fetched
    from entrepot.fetch.gather import Planned
    from entrepot.sources.ingest import Ingested


def run(
    settings: Settings,
    publisher: str,
    ordered: Callable[[Mapping[str, str]], Order],
    how: Mapping[str, Any],
) -> None:
    """Fetch what was ordered and read it into the lake, or say what would be fetched.

    Args:
        settings: Settings with the lake.
        publisher: Short name of the publisher, for an address given in place of its own.
        ordered: Makes the order from the addresses given.
        how: The options that every publisher's command has.
    """
    from entrepot import api

    own = {} if how["base_url"] is None else {publisher: how["base_url"]}
    order = ordered({**settings.base_urls, **own})
    fetching = api.Fetching(how["into"], how["again"], how["patience"])
    folder = api.folder_of(order, settings, fetching)
    if how["dry_run"]:
        _show_plan(api.plan_fetch(order, folder, fetching), folder)
        return
    found = _fetch(order, folder, fetching)
    if not how["no_ingest"]:
        _ingest(settings, found)


def _fetch(order: Order, folder: Path, fetching: Fetching) -> list[Fetched]:
    from entrepot import api

    with progress(f"asking {order.publisher.name}") as report:
        found = api.fetch(order, folder, fetching, report)
    for got in found:
        size = _size(got.record.size_bytes if got.record else None)
        click.echo(f"{got.call.name}: {got.outcome}{f', {size}' if got.record else ''}")
    counts = Counter(got.outcome for got in found)
    words = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
    click.echo(f"{words}; the files are in {folder}.")
    return found


def _ingest(settings: Settings, fetched: list[Fetched]) -> None:
    from entrepot import api
    from entrepot.lake import open_lake
    from entrepot.tables import FLOWS, SOURCES

    with open_lake(settings.lake, settings) as lake:
        with progress("reading") as report:
            found: list[Ingested] = api.ingest_fetched(lake, fetched, report)
        files, rows = len(lake.units(SOURCES)), lake.row_count(FLOWS)
    for file in found:
        click.echo(f"{file.path.name}: {file.detail}")
    if any(file.outcome != "ignored" for file in found):
        click.echo(f"{settings.lake} now holds {files:,} files and {rows:,} rows of flows.")
        click.echo(f"Next: {invocation(settings)} sources")


def _show_plan(found: list[Planned], folder: Path) -> None:
    for call in found:
        size = f", {_size(call.size_bytes)}" if call.state in {"to fetch", "changed"} else ""
        click.echo(f"{call.call.name}: {call.state}{size}\n  {call.call.url}")
    wanted = [call for call in found if call.state in {"to fetch", "changed"}]
    sizes = [call.size_bytes for call in wanted if call.size_bytes is not None]
    unknown = len(wanted) - len(sizes)
    said = [f"{_size(sum(sizes))} in {len(sizes):,} of them"] if sizes else []
    said += [f"size of {unknown:,} unknown"] if unknown else []
    click.echo(
        f"{len(found):,} calls, {len(wanted):,} to make{': ' if said else ''}{', '.join(said)}. "
        f"Nothing was fetched into {folder}."
    )


def _size(count: int | None) -> str:
    if count is None:
        return "size unknown"
    return f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count:,} bytes"
