"""Evidence of a finding, part by part, down to the files that hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.codes.areas import areas
from entrepot.codes.groupings import grouping_names, resolve
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES

SHOWN = 12  # files named one by one; the page of sources lists all
_PART = re.compile(r"([a-z0-9_]+)=(\S+)")
_MONTH = re.compile(r"\d{4}-\d\d")


@dataclass(frozen=True, slots=True)
class FileNamed:
    """A file, and the id of its page."""

    source_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One part of a finding's evidence.

    Args:
        key: Table and key, as stored.
        country: Country whose page shows it; empty for none.
        run_id: Run it belongs to; empty for none.
        files: Files that hold its rows.
        left_out: How many more there are.
    """

    key: str
    country: str = ""
    run_id: str = ""
    files: tuple[FileNamed, ...] = ()
    left_out: int = 0


def evidence_of(lake: Lake, text: str) -> tuple[Evidence, ...]:
    """Go from the evidence of a finding to where it stands.

    Args:
        lake: The lake.
        text: Evidence as ``findings`` holds it: tables and keys, separated by ``; ``.

    Returns:
        One record a part; declarations with the files that hold rows of this reporter and flow in
        these months.

    Raises:
        LakeError: If the lake is torn.
    """
    return tuple(_part(lake, one) for one in text.split("; ") if one)


def _part(lake: Lake, key: str) -> Evidence:
    table, _, rest = key.partition(" ")
    named = dict(_PART.findall(rest))
    if table == "totals":
        country = named.get("intermediary", "")
        return Evidence(key, country if len(country) == 2 else "", named.get("run_id", ""))
    if table != FLOWS.name or not lake.has(FLOWS):
        return Evidence(key)
    files = _files(lake, named)
    return Evidence(key, files=tuple(files[:SHOWN]), left_out=max(0, len(files) - SHOWN))


def _files(lake: Lake, named: dict[str, str]) -> list[FileNamed]:
    rows = lake.table(FLOWS)
    for column in ("dataset", "freq"):
        if column in named:
            rows = rows.filter(nw.col(column) == named[column])
    if "flow" in named:
        rows = rows.filter(nw.col("flow").is_in(re.split(r"[,+]", named["flow"])))
    who = _reporters(named.get("reporter", ""))
    if who:
        rows = rows.filter(nw.col("reporter").is_in(sorted(who)))
    months = [
        date(int(one[:4]), int(one[5:]), 1) for one in _MONTH.findall(named.get("period", ""))
    ]
    if months:
        rows = rows.filter(nw.col("period").is_between(min(months), max(months)))
    ids = rows.select("source_id").unique()
    sources = lake.table(SOURCES).select("source_id", "publisher", "dataset", "vintage", "path")
    found: list[dict[str, Any]] = (
        sources.join(ids, on="source_id", how="semi")
        .sort("path", "source_id")
        .collect("pyarrow")
        .to_native()
        .to_pylist()
    )
    return [
        FileNamed(row["source_id"], f"{row['publisher']}, {row['path']}, {row['vintage'][:10]}")
        for row in found
    ]


def _reporters(name: str) -> frozenset[str]:
    if name in {one.alpha2 for one in areas()}:
        return frozenset((name,))
    return resolve(name, date.today()) if name in grouping_names() else frozenset()
