"""What a lake holds of some reporters: periods, codes and partners by dataset, asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.checked_goods import TOTAL
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.trade.partners import by_partner
from entrepot.trade.vintage import WHOLE_MONTHS

Rows = nw.LazyFrame[Any]
Key = tuple[str, str]  # dataset and frequency


@dataclass(frozen=True, slots=True)
class Holding:
    """What one dataset holds of some reporters in one frequency.

    Args:
        dataset: The dataset.
        freq: ``M`` or ``A``.
        is_whole: Whether its files hold all codes and partners of a month.
        codes: Codes by flow letter.
        partners: Partners by flow letter.
        currencies: Currencies of its amounts.
        periods: Who declared what: flow, reporter, length of the code (0 for totals) and period.
    """

    dataset: str
    freq: str
    is_whole: bool
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    partners: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    currencies: set[str] = field(default_factory=set)
    periods: set[tuple[str, str, int, date]] = field(default_factory=set)

    def held(self, flows: Collection[str], lengths: Collection[int]) -> dict[date, set[str]]:
        """Who declared every flow, by period.

        Args:
            flows: Flow letters.
            lengths: Lengths of codes that count.
        """
        found: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for flow, reporter, length, period in self.periods:
            if flow in flows and length in lengths:
                found[period][reporter].add(flow)
        return {
            period: {name for name, there in by_name.items() if there >= set(flows)}
            for period, by_name in found.items()
            if any(there >= set(flows) for there in by_name.values())
        }


class Shelf:
    """Remembers what a lake holds, so that many claims ask for it once.

    Args:
        lake: The lake.
        dataset: Dataset to use; ``auto`` for all.
    """

    def __init__(self, lake: Lake, dataset: str) -> None:
        self._lake = lake
        self._dataset = dataset
        self._known: dict[tuple[frozenset[str], tuple[str, ...]], list[Holding]] = {}
        self._whole = _whole_datasets(lake)

    def rows(self, reporters: frozenset[str], flows: tuple[str, ...], freq: str) -> Rows:
        """Declarations of some reporters about single partners, reconciled ones left out.

        Args:
            reporters: Who declares.
            flows: Flow letters.
            freq: ``M`` or ``A``.
        """
        declared = self._lake.table(FLOWS).filter(nw.col("obs_status") != "E")
        if self._dataset != "auto":
            declared = declared.filter(nw.col("dataset") == self._dataset)
        return by_partner(declared, reporters, flows, freq)

    def holdings(self, reporters: frozenset[str], flows: tuple[str, ...]) -> list[Holding]:
        """What each dataset holds of some reporters.

        Args:
            reporters: Who declares.
            flows: Flow letters.
        """
        key = (reporters, flows)
        if key not in self._known:
            self._known[key] = self._read(reporters, flows)
        return self._known[key]

    def _read(self, reporters: frozenset[str], flows: tuple[str, ...]) -> list[Holding]:
        found: dict[Key, Holding] = {}
        length = nw.col("commodity").str.len_chars()
        is_total = nw.col("commodity") == TOTAL
        for freq in ("M", "A"):
            rows = self.rows(reporters, flows, freq).with_columns(
                length=nw.when(is_total).then(0).otherwise(length)
            )
            for row in _groups(rows, "dataset", "flow", "commodity"):
                self._of(found, row, freq).codes[row["flow"]].add(row["commodity"])
            for row in _groups(rows, "dataset", "currency"):
                self._of(found, row, freq).currencies.add(row["currency"])
            for row in _groups(rows, "dataset", "flow", "partner"):
                self._of(found, row, freq).partners[row["flow"]].add(row["partner"])
            for row in _groups(rows, "dataset", "flow", "reporter", "length", "period"):
                place = (row["flow"], row["reporter"], row["length"], row["period"])
                self._of(found, row, freq).periods.add(place)
        return [found[key] for key in sorted(found)]

    def _of(self, found: dict[Key, Holding], row: dict[str, Any], freq: str) -> Holding:
        name = row["dataset"]
        return found.setdefault((name, freq), Holding(name, freq, name in self._whole))


def _groups(rows: Rows, *columns: str) -> list[dict[str, Any]]:
    found = rows.group_by(*columns).agg(nw.len()).collect("pyarrow").to_native()
    groups: list[dict[str, Any]] = found.to_pylist()
    return groups


def _whole_datasets(lake: Lake) -> frozenset[str]:
    """Datasets whose every file holds all of a reporter's month."""
    rows = _groups(lake.table(SOURCES), "dataset", "reader")
    others = {row["dataset"] for row in rows if row["reader"] not in WHOLE_MONTHS}
    return frozenset({row["dataset"] for row in rows} - others)
