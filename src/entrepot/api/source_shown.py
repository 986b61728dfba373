"""One source file: what it is, what rows it gave, which leads rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.claims_shown import publisher_words
from entrepot.corridor import Corridor
from entrepot.dossier.runs import latest_run
from entrepot.dossier.scene import country_name
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.schema import Table
from entrepot.tables import (
    ARTICLES,
    CLAIMS,
    FLOWS,
    LEADS,
    RUNS,
    SOURCES,
    TABLES,
)

Row = dict[str, Any]
LEADS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class TableRows:
    """How many rows of a table a file gave."""

    table: str
    count: int
    meaning: str


@dataclass(frozen=True, slots=True)
class LeadNamed:
    """A flagged lead whose evidence names a file."""

    corridor: str
    country: str
    commodity: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """One source file.

    Args:
        title: Its name.
        fields: What is known of it, by name.
        url: Address it was fetched from; empty for none.
        rows: Rows of each table.
        periods: First and last period of its declarations, in words; empty where it holds none.
        runs: Runs that saw it, the latest first.
        leads: Flagged leads of the latest run whose evidence names it.
        lead_count: How many those are.
        claims: Claims read from it, by id and words.
        is_simulated: Whether it is a simulated world.
    """

    title: str
    fields: tuple[tuple[str, str], ...]
    url: str
    rows: tuple[TableRows, ...]
    periods: str
    runs: tuple[str, ...]
    leads: tuple[LeadNamed, ...]
    lead_count: int
    claims: tuple[tuple[str, str], ...]
    is_simulated: bool


def source_shown(lake: Lake, source_id: str) -> SourceShown:
    """Gather what the lake knows of one source file.

    Args:
        lake: The lake.
        source_id: First 16 hex digits of its sha256.

    Returns:
        What it is, what rows it gave, and what rests on it.

    Raises:
        LakeError: If the lake holds no such file.
    """
    files, articles = (_named(lake, one, source_id) for one in (SOURCES, ARTICLES))
    if not files and not articles:
        raise LakeError(
            f"The lake holds no source {source_id!r}, expected one of those that /sources lists."
        )
    runs = _runs(lake, source_id)
    leads = _leads(lake, source_id) if runs else []
    return SourceShown(
        title=files[0]["path"] if files else articles[0]["name"],
        fields=_fields(files[0]) if files else _article_fields(articles[0]),
        url=(files or articles)[0]["url"] or "",
        rows=_counts(lake, source_id),
        periods=_periods(lake, source_id),
        runs=tuple(row["run_id"] for row in runs),
        leads=tuple(leads[:LEADS_SHOWN]),
        lead_count=len(leads),
        claims=_claims(lake, source_id),
        is_simulated=any(row["is_simulated"] for row in runs),
    )


def _named(lake: Lake, table: Table, source_id: str) -> list[Row]:
    if not lake.has(table):
        return []
    held = lake.table(table).filter(nw.col("source_id") == source_id)
    rows: list[Row] = held.collect("pyarrow").to_native().to_pylist()
    return rows


def _fields(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    when = row["retrieved_at"].astimezone(UTC)
    return (
        ("Publisher", row["publisher"]),
        ("Collection", row["dataset"]),
        ("Vintage, the publisher’s own date", row["vintage"]),
        ("Licence", row["licence"]),
        ("Retrieved", f"{when:%d %B %Y, %H:%M UTC}"),
        ("Digest, sha256 of the file as published", row["sha256"]),
        ("Size", f"{row['size_bytes']:,} bytes"),
        ("Read by", row["reader"]),
        ("Rows it gave", f"{row['row_count']:,}"),
        ("Id on these pages", row["source_id"]),
    )


def _article_fields(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        ("What it is", "an article of the press"),
        ("Title", row["title"] or "none"),
        ("Publisher", publisher_words(dict(row))),
        ("Day", f"{row['date'] or 'left open'} ({row['date_basis']})"),
        ("Language", row["language"]),
        ("Licence", "of the publisher; read for analysis, not redistributed"),
        ("Read as of", row["read_on"].isoformat()),
        ("Digest, sha256 of the article as it came", row["sha256"]),
        ("Id on these pages", row["source_id"]),
    )


def _counts(lake: Lake, source_id: str) -> tuple[TableRows, ...]:
    found = []
    for table in TABLES.values():
        names = {column.name for column in table.columns}
        if table is SOURCES or "source_id" not in names or not lake.has(table):
            continue
        count = _count(lake, table, source_id)
        if count:
            found.append(TableRows(table.name, count, table.row))
    return tuple(found)


def _count(lake: Lake, table: Table, source_id: str) -> int:
    held = lake.table(table).filter(nw.col("source_id") == source_id)
    return int(held.select(nw.len()).collect("pyarrow").item())


def _periods(lake: Lake, source_id: str) -> str:
    if not lake.has(FLOWS):
        return ""
    rows = lake.table(FLOWS).filter(nw.col("source_id") == source_id)
    ends = rows.select(nw.col("period").min().alias("first"), nw.col("period").max().alias("last"))
    (row,) = ends.collect("pyarrow").to_native().to_pylist()
    return "" if row["first"] is None else f"{row['first']:%Y-%m} to {row['last']:%Y-%m}"


def _runs(lake: Lake, source_id: str) -> list[Row]:
    if not lake.has(RUNS):
        return []
    rows = lake.table(RUNS).select("run_id", "created_at", "source_ids", "is_simulated")
    held = rows.collect("pyarrow").to_native().to_pylist()
    saw = [row for row in held if source_id in row["source_ids"].split()]
    return sorted(saw, key=lambda row: (row["created_at"], row["run_id"]), reverse=True)


def _leads(lake: Lake, source_id: str) -> list[LeadNamed]:
    """Flagged leads of the latest run of whose trade the file holds declarations."""
    if not lake.has(LEADS) or not lake.has(FLOWS):
        return []
    keys = ("coalition", "intermediary", "destination", "commodity")
    flagged = (
        lake.table(LEADS)
        .filter(nw.col("run_id") == latest_run(lake), nw.col("is_flagged"))
        .select(*keys)
        .unique()
        .collect("pyarrow")
        .to_native()
        .to_pylist()
    )
    held = (
        lake.table(FLOWS)
        .filter(nw.col("source_id") == source_id)
        .select("partner", "commodity")
        .unique()
        .collect("pyarrow")
        .to_native()
        .to_pylist()
    )
    trade = {(row["partner"], row["commodity"][:length]) for row in held for length in (2, 4, 6, 8)}
    named = [
        Corridor(*(row[key] for key in keys))
        for row in flagged
        if trade & {(row[key], row["commodity"]) for key in ("intermediary", "destination")}
    ]
    return [
        LeadNamed(str(one), country_name(one.intermediary), one.commodity)
        for one in sorted(named, key=str)
    ]


def _claims(lake: Lake, source_id: str) -> tuple[tuple[str, str], ...]:
    if not lake.has(CLAIMS):
        return ()
    rows = lake.table(CLAIMS).filter(nw.col("source_id") == source_id, ~nw.col("is_optional"))
    held = rows.sort("char_start").collect("pyarrow").to_native().to_pylist()
    return tuple((row["claim_id"], " ".join(row["text"].split())) for row in held)
