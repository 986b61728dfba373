"""Where the rooms meet: what the command line, the web and Python users call alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.codes.groupings import resolve
from entrepot.codes.high_priority import high_priority
from entrepot.diversion.estimate import estimate
from entrepot.diversion.evidence import Progress
from entrepot.diversion.inquiry import Inquiry
from entrepot.diversion.panel import build
from entrepot.diversion.run import Circumstances, rows_of_run, run_id
from entrepot.errors import EstimateError, LakeError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.simulate.rows import flows, listed, source, truth
from entrepot.simulate.world import World
from entrepot.sources.ingest import Ingested, ingest
from entrepot.tables import FLOWS, LISTED_COMMODITIES, RUNS, SOURCES, TRUTH
from entrepot.trade.summary import Level, Stretch, against, between, published_at
from entrepot.trade.vintage import latest

__all__ = ["Ingested", "Question", "detect", "ingest", "summarise_flows", "write_world"]

SIMULATED = "simulated"


def detect(lake: Lake, inquiry: Inquiry, on_progress: Progress | None = None) -> str:
    """Run the estimator on a lake and write all its rows in one commit.

    A run that is in the lake already, by question, version and sources, is not repeated.

    Args:
        lake: The lake.
        inquiry: The question.
        on_progress: Told how far the fits are.

    Returns:
        The run id.

    Raises:
        LakeError: If the lake holds no flows, or no list or several to choose from.
        EstimateError: If the data cannot carry the estimate, or are two simulated worlds.
    """
    asked = replace(inquiry, dataset=dataset_in(lake, inquiry.dataset), goods=_goods(lake, inquiry))
    lists = _list_rows(lake, asked.goods)
    if on_progress is not None:
        on_progress(0, 1, "panel")
    sources = lake.table(SOURCES)
    panel = build(lake.table(FLOWS), sources, lists, asked)
    if asked.dataset == SIMULATED and len(panel.source_ids) > 1:
        raise EstimateError(
            f"the lake holds {len(panel.source_ids)} simulated worlds, expected one: added up they "
            "are no world at all. Simulate each into a lake of its own."
        )
    source_ids = (*panel.source_ids, *_list_sources(lists))
    code_version = version_of_code()
    name = run_id(asked, code_version, source_ids)
    if name in lake.units(RUNS):
        return name
    around = Circumstances(
        code_version=code_version,
        engine="duckdb",
        is_simulated=asked.dataset == SIMULATED,
        created_at=datetime.now(UTC),
    )
    result = estimate(panel, asked, on_progress)
    with lake.write() as transaction:
        for table, rows in rows_of_run(result, name, around, source_ids):
            transaction.put(table, rows, unit=name)
    return name


@cache
def version_of_code() -> str:
    """Version of Entrepôt with a digest of its code and codes, so that a changed line is a new run.

    Returns:
        E.g. ``0.1.0+3f2a9c1e``.
    """
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".csv"}):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{version('entrepot')}+{digest.hexdigest()[:8]}"


def dataset_in(lake: Lake, wanted: str) -> str:
    """Name the collection of flows to use.

    Args:
        lake: The lake.
        wanted: A dataset of the lake; ``auto`` where it holds just one.

    Returns:
        The dataset.

    Raises:
        LakeError: If the lake does not hold it, or holds several to choose from.
    """
    found = lake.table(FLOWS).select("dataset").unique().collect("pyarrow").to_native()
    names = sorted(found["dataset"].to_pylist())
    if wanted in names:
        return wanted
    if wanted == "auto" and len(names) == 1:
        return str(names[0])
    raise LakeError(f"--dataset is {wanted!r}, expected one of {names}, those in the lake.")


def _goods(lake: Lake, inquiry: Inquiry) -> str:
    if inquiry.goods != "auto":
        return inquiry.goods
    names: list[str] = []
    if lake.has(LISTED_COMMODITIES):
        ids = lake.table(LISTED_COMMODITIES).select("list_id").unique().collect("pyarrow")
        names = sorted(ids.to_native()["list_id"].to_pylist())
    if len(names) != 1:
        raise LakeError(
            f"the lake holds the lists {names}, expected exactly one. Ingest a control list, or "
            "name one with --list ('all' takes every commodity in the data as listed)."
        )
    return names[0]


def _list_rows(lake: Lake, goods: str) -> nw.LazyFrame[Any] | None:
    if goods == "all":
        return None
    if goods == "chpl":
        return lake.frame(_priority_rows())
    if not lake.has(LISTED_COMMODITIES):
        raise LakeError(f"the lake holds no list {goods!r}. Ingest it, or use --list all.")
    rows = lake.table(LISTED_COMMODITIES).filter(nw.col("list_id") == goods)
    if rows.select(nw.len()).collect("pyarrow").item() == 0:
        raise LakeError(f"the lake holds no list {goods!r}. Ingest it, or use --list all.")
    return rows


def _priority_rows() -> pa.Table:
    codes = [entry.commodity for entry in high_priority()]
    earlier = [entry.hs2017_predecessor for entry in high_priority() if entry.is_new]
    every = sorted({*codes, *earlier})
    columns = {
        "source_id": "codes/chpl.csv",
        "list_id": "chpl",
        "classification": "HS",
        "commodity": every,
        "locator": "codes/chpl.csv",
    }
    return arrow_rows(LISTED_COMMODITIES, len(every), columns)


def _list_sources(lists: nw.LazyFrame[Any] | None) -> tuple[str, ...]:
    if lists is None:
        return ()
    ids = lists.select("source_id").unique().collect("pyarrow").to_native()
    return tuple(sorted(ids["source_id"].to_pylist()))


def write_world(lake: Lake, world: World) -> str:
    """Write a simulated world to a lake as if a publisher had sent it.

    Args:
        lake: The lake.
        world: The world.

    Returns:
        Its source id.
    """
    row = source(world, datetime.now(UTC))
    unit = str(row["source_id"])
    with lake.write() as transaction:
        transaction.put(FLOWS, flows(world), unit=unit)
        transaction.put(LISTED_COMMODITIES, listed(world), unit=unit)
        transaction.put(TRUTH, truth(world), unit=unit)
        transaction.put(SOURCES, [row], unit=unit)
    return unit


@dataclass(frozen=True, slots=True)
class Question:
    """Which declared trade to add up.

    Args:
        reporters: Groupings or areas that declare, separated by commas.
        partners: Groupings or areas declared about.
        flow: Flow letter.
        level: Level of the nomenclature as published; levels are never added.
        goods: Prefixes of commodities, or a list id of the lake; all where empty.
        now: The stretch of interest.
        base: The stretch it is compared with.
    """

    reporters: str
    partners: str
    flow: str
    level: Level
    goods: tuple[str, ...]
    now: Stretch
    base: Stretch


def summarise_flows(lake: Lake, question: Question, by: tuple[str, ...]) -> pa.Table:
    """Add up declared trade over two stretches of months.

    Args:
        lake: The lake.
        question: Which trade.
        by: Columns to sum by: any of ``reporter``, ``partner``, ``commodity``, ``period``.

    Returns:
        The columns of ``by``, ``currency``, ``valuation``, ``value``, ``base_value``, ``change``,
        ``month_count`` and the counts of reporters' months, largest value first.

    Raises:
        EstimateError: If the lake holds no such rows.
    """
    on = question.now.last
    reporters, partners = resolve(question.reporters, on), resolve(question.partners, on)
    chosen = between(lake.table(FLOWS), reporters, partners, question.flow)
    chosen = published_at(chosen, question.level)
    if question.goods:
        chosen = _of_goods(lake, chosen, question.goods)
    rows = against(latest(chosen, lake.table(SOURCES)), question.now, question.base, by)
    table: pa.Table = rows.collect("pyarrow").to_native()
    if table.num_rows == 0:
        raise EstimateError(
            f"the lake holds no {question.level} rows of {question.reporters} about "
            f"{question.partners} with flow {question.flow!r} in these months. "
            "Run `entrepot sources` to see what it holds."
        )
    return table.sort_by([("value", "descending")])


def _of_goods(lake: Lake, rows: nw.LazyFrame[Any], goods: tuple[str, ...]) -> nw.LazyFrame[Any]:
    prefixes = [good for good in goods if good.isdigit()]
    named = [good for good in goods if not good.isdigit()]
    for name in named:
        entries = _list_rows(lake, name)
        if entries is not None:
            codes = entries.select("commodity").collect("pyarrow").to_native()
            prefixes += codes["commodity"].to_pylist()
    lengths = sorted({len(prefix) for prefix in prefixes})
    if not lengths:
        return rows
    fits = [
        nw.col("commodity").str.slice(0, length).is_in([p for p in prefixes if len(p) == length])
        for length in lengths
    ]
    return rows.filter(nw.any_horizontal(*fits, ignore_nulls=True))
