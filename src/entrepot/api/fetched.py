"""Fetch publishers' files, and read them into the lake with their address and time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.fetch.addresses import COMEXT, COMTRADE, ECB, EUROSTAT, Publisher, base_url
from entrepot.fetch.call import Call, Fetched
from entrepot.fetch.comext import month_calls
from entrepot.fetch.comtrade import KEY_HEADER, Quota, comtrade_calls
from entrepot.fetch.download import Manners, Report, Visit
from entrepot.fetch.eurostat_sdmx import eurostat_calls
from entrepot.fetch.gather import Planned, gather, plan
from entrepot.fetch.lists import list_call, publisher_of, rates_call
from entrepot.fetch.question import Question
from entrepot.fetch.record import calls_of_day, now
from entrepot.fetch.waiting import PATIENCE, Pace
from entrepot.lake import Lake
from entrepot.settings import Settings
from entrepot.sources.ingest import Ingested, ingest
from entrepot.sources.reading import OnProgress
from entrepot.sources.recognise import reader_for

FOLDER = "fetched"
NOT_READ = "kept as it came; no reader knows it yet"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be fetched from one publisher.

    Args:
        publisher: The publisher.
        calls: The calls, before any is divided.
        per_second: Calls a second at most; open where not limited.
        per_day: Calls a day at most; open where not limited.
        headers: Headers that every call needs; holds the key, so it is never shown.
    """

    publisher: Publisher
    calls: tuple[Call, ...]
    per_second: float | None = None
    per_day: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Fetching:
    """How to fetch.

    Args:
        into: Folder of the files; ``fetched/<publisher>`` in the lake where open.
        is_again: Whether to fetch what is there already.
        patience: Seconds of waiting in all for one answer.
    """

    into: Path | None = None
    is_again: bool = False
    patience: float = PATIENCE


def order_comext(months: Sequence[str], bases: Mapping[str, str]) -> Order:
    """Order Comext's monthly files.

    Args:
        months: Months, ``2022-03``.
        bases: Addresses to ask in place of the publishers' own, by their short names.

    Returns:
        The order.

    Raises:
        SourceError: If a month is before the first one published, or an address is none.
    """
    return Order(COMEXT, month_calls(base_url(COMEXT, bases), months))


def order_eurostat(question: Question, bases: Mapping[str, str]) -> Order:
    """Order selections of Comext from Eurostat's interface.

    Args:
        question: The question.
        bases: Addresses to ask in place of the publishers' own, by their short names.

    Returns:
        The order.

    Raises:
        SourceError: If a code is not one of the dataset's, or an address is none.
        CodeError: If an area is not known.
    """
    # Eurostat names no rate and asks to send questions one after the other.
    calls = eurostat_calls(base_url(EUROSTAT, bases), question)
    return Order(EUROSTAT, tuple(calls), per_second=1.0)


def order_comtrade(
    question: Question, quota: Quota, bases: Mapping[str, str], key: str | None = None
) -> Order:
    """Order answers of UN Comtrade.

    Args:
        question: The question.
        quota: What the plan allows.
        bases: Addresses to ask in place of the publishers' own, by their short names.
        key: The key; without one the preview is asked.

    Returns:
        The order.

    Raises:
        SourceError: If a code is not one of the interface's, or an address is none.
        CodeError: If an area is not known.
    """
    base = base_url(COMTRADE, bases)
    calls = comtrade_calls(base, question, quota, has_key=key is not None)
    headers = {} if key is None else {KEY_HEADER: key}
    return Order(
        COMTRADE, tuple(calls), quota.calls_per_second, quota.calls_per_day, headers=headers
    )


def order_list(name: str, bases: Mapping[str, str]) -> Order:
    """Order a list of parties.

    Args:
        name: ``ofac-sdn``, ``eu-fsf`` or ``un-sc``.
        bases: Addresses to ask in place of the publishers' own, by their short names.

    Returns:
        The order.

    Raises:
        SourceError: If there is no list of that name, or an address is none.
    """
    publisher = publisher_of(name)
    return Order(publisher, (list_call(base_url(publisher, bases), name),))


def order_rates(bases: Mapping[str, str]) -> Order:
    """Order the euro's reference rates.

    Args:
        bases: Addresses to ask in place of the publishers' own, by their short names.

    Returns:
        The order.

    Raises:
        SourceError: If an address is none.
    """
    return Order(ECB, (rates_call(base_url(ECB, bases)),))


def folder_of(order: Order, settings: Settings, fetching: Fetching) -> Path:
    """Where the files of an order go.

    Args:
        order: The order.
        settings: Settings with the lake.
        fetching: How to fetch.
    """
    return fetching.into or settings.lake / FOLDER / order.publisher.key


def fetch(order: Order, folder: Path, fetching: Fetching, report: Report) -> list[Fetched]:
    """Fetch what is not there yet, or has changed.

    Args:
        order: What is to be fetched.
        folder: Folder of the files.
        fetching: How to fetch.
        report: Told how far the work is, in bytes of a file.

    Returns:
        What became of each call.

    Raises:
        SourceError: If the publisher refuses, cannot be reached, or sends something else than
            what was asked for; what was fetched before stays.
    """
    with _visit(order, folder, fetching, report) as visit:
        return gather(visit, order.calls, folder)


def plan_fetch(order: Order, folder: Path, fetching: Fetching) -> list[Planned]:
    """Say what fetching would do, and download nothing.

    Args:
        order: What is to be fetched.
        folder: Folder of the files.
        fetching: How to fetch.

    Returns:
        What would become of each call.

    Raises:
        SourceError: If the publisher cannot be reached.
    """
    with _visit(order, folder, fetching, _ignore) as visit:
        return plan(visit, order.calls, folder)


def ingest_fetched(
    lake: Lake, fetched: Sequence[Fetched], on_progress: OnProgress | None = None
) -> list[Ingested]:
    """Read fetched files into the lake, each with its address, licence and time.

    Args:
        lake: The lake.
        fetched: What was fetched; what was not published is passed over.
        on_progress: Told how far the reading of a file is.

    Returns:
        What became of each file; one that no reader knows is kept where it is.

    Raises:
        SourceError: If a file cannot be read; the files before it stay in the lake.
    """
    found: list[Ingested] = []
    for got in fetched:
        if got.record is None:
            continue
        if reader_for(got.path) is None:
            found.append(Ingested(got.path, "ignored", NOT_READ))
            continue
        record = got.record
        found += ingest(
            lake,
            [got.path],
            on_progress,
            retrieved_at=record.time,
            url=record.url,
            licence=record.licence,
        )
    return found


@contextmanager
def _visit(order: Order, folder: Path, fetching: Fetching, report: Report) -> Iterator[Visit]:
    made = calls_of_day(folder, now()) if order.per_day is not None else 0
    pace = Pace(order.per_second, order.per_day, made_today=made)
    manners = Manners(pace, fetching.patience, order.headers, fetching.is_again)
    with Visit(manners, report) as visit:
        yield visit


def _ignore(done: int, total: int, what: str) -> None:
    """Take no note."""
