"""Who stood on the lists on a day: of every list the newest version of that day, and what it lacks.

A list with listing dates drops who was listed later; one without them is as exact as its versions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.sources.ofac_sdn import PARTS, READER
from entrepot.tables import LISTED_PARTIES, SOURCES

ONLY_NEWER = "only_newer_version"
NO_DATES = "no_listing_dates"


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One version of one list that was searched.

    Args:
        dataset: The list.
        vintage: Day of the version, ISO 8601.
        source_id: The file.
        sha256: Digest of its bytes, 64 hex digits.
        publisher: Who published it.
        reader: Reader that understood it.
        retrieved_at: When it was obtained, UTC, ISO 8601.
        party_count: Parties that stood there on the day.
        caveats: ``only_newer_version``, ``no_listing_dates``, or none.
        detail: One sentence.
    """

    dataset: str
    vintage: str
    source_id: str
    sha256: str
    publisher: str
    reader: str
    retrieved_at: str
    party_count: int
    caveats: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class ListedOn:
    """Who stood on the lists on a day.

    Args:
        day: The day.
        rows: Rows of ``listed_parties``.
        versions: The versions they come from, in order of dataset.
    """

    day: date
    rows: pa.Table
    versions: tuple[ListVersion, ...]


def listed_on(lake: Lake, day: date, datasets: Collection[str] | None = None) -> ListedOn:
    """Read who stood on the lists on a day.

    Of each dataset the newest version published on or before the day is taken; where only newer
    ones are there, the oldest of them, with a caveat. Parties listed after the day or ended before
    it are left out. OFAC's ``alt.csv`` and ``add.csv`` add names and addresses to the parties of
    ``sdn.csv`` and never a party.

    Args:
        lake: The lake.
        day: The day.
        datasets: Lists to read; all where left out.

    Returns:
        The rows with the versions they come from.

    Raises:
        LakeError: If the lake holds no list, or not one that is asked for.
    """
    held = _sources(lake)
    names = sorted({str(row["dataset"]) for row in held})
    wanted = names if datasets is None else sorted(set(datasets))
    missing = sorted(set(wanted) - set(names))
    if missing or not names:
        raise LakeError(
            f"the lake holds the lists of parties {names}, expected {missing or 'at least one'}. "
            "Ingest the list first, e.g. `entrepot ingest sdn.csv`."
        )
    found = [_one_list(lake, day, [r for r in held if r["dataset"] == name]) for name in wanted]
    rows = pa.concat_tables([rows for rows, _ in found])
    return ListedOn(day, rows, tuple(version for _, told in found for version in told))


def _sources(lake: Lake) -> list[dict[str, Any]]:
    if not lake.has(LISTED_PARTIES):
        return []
    units = sorted(lake.units(LISTED_PARTIES))
    rows = lake.table(SOURCES).filter(nw.col("source_id").is_in(units))
    found: list[dict[str, Any]] = rows.collect("pyarrow").to_native().to_pylist()
    return found


def _chosen(day: date, held: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The newest version of the day, else the oldest after it; of two of one day the larger id."""
    before = [row for row in held if row["vintage"] <= day.isoformat()]
    if before:
        return max(before, key=lambda row: (row["vintage"], row["source_id"]))
    oldest = min(row["vintage"] for row in held)
    return max((r for r in held if r["vintage"] == oldest), key=lambda row: str(row["source_id"]))


def _one_list(
    lake: Lake, day: date, held: Sequence[dict[str, Any]]
) -> tuple[pa.Table, list[ListVersion]]:
    whole = [row for row in held if row["reader"] not in PARTS]
    if not whole:
        raise LakeError(
            f"{held[0]['dataset']}: the lake holds {held[0]['path']!r} without sdn.csv, expected "
            "both. Ingest sdn.csv."
        )
    main = _chosen(day, whole)
    rows = _standing(_rows(lake, str(main["source_id"])), day)
    versions = [_version(main, day, rows)]
    for part in PARTS if main["reader"] == READER else ():
        of_part = [row for row in held if row["reader"] == part]
        if of_part:
            chosen = _chosen(day, of_part)
            more = _joined(_rows(lake, str(chosen["source_id"])), rows)
            versions.append(_version(chosen, day, more))
            rows = pa.concat_tables([rows, more])
    return rows, versions


def _rows(lake: Lake, source_id: str) -> pa.Table:
    rows = lake.table(LISTED_PARTIES).filter(nw.col("source_id") == source_id)
    return rows.sort("entity_id", "prop", "value").collect("pyarrow").to_native()


def _standing(rows: pa.Table, day: date) -> pa.Table:
    frame = nw.from_native(rows, eager_only=True)
    listed, ended = nw.col("listing_date"), nw.col("end_date")
    is_there = (listed.is_null() | (listed <= day)) & (ended.is_null() | (ended >= day))
    return frame.filter(is_there).to_native()


def _joined(part: pa.Table, rows: pa.Table) -> pa.Table:
    """Rows of ``alt.csv`` or ``add.csv`` about parties of ``sdn.csv``, with their schema."""
    taken = ("entity_id", "schema", "program_id", "listing_date", "end_date")
    main = nw.from_native(rows, eager_only=True).select(*taken).unique("entity_id")
    frame = nw.from_native(part, eager_only=True).drop(*taken[1:])
    joined = frame.join(main, on="entity_id", how="inner").sort("entity_id", "prop", "value")
    return joined.select(*LISTED_PARTIES.column_names).to_native()


def _version(source: dict[str, Any], day: date, rows: pa.Table) -> ListVersion:
    caveats = []
    words = f"{source['dataset']}, version of {source['vintage']}, as of {day}"
    if source["vintage"] > day.isoformat():
        caveats.append(ONLY_NEWER)
        words += "; only newer versions are in the lake: who was taken off before it is missing"
    if rows.num_rows and rows["listing_date"].null_count == rows.num_rows:
        caveats.append(NO_DATES)
        words += "; the list says no listing dates, so who was added or removed since is not told"
    return ListVersion(
        dataset=str(source["dataset"]),
        vintage=str(source["vintage"]),
        source_id=str(source["source_id"]),
        sha256=str(source["sha256"]),
        publisher=str(source["publisher"]),
        reader=str(source["reader"]),
        retrieved_at=source["retrieved_at"].isoformat(),
        party_count=len(set(rows["entity_id"].to_pylist())),
        caveats=tuple(caveats),
        detail=f"{words}.",
    )
