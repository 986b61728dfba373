"""Which periods are asked for, and who published none of one, or a part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.trade.mirror import MONTHS
from entrepot.trade.mirror_sums import Freq

SILENT = {"X": "silent_exporters", "M": "silent_importers"}
_AREA = {"X": "exporter", "M": "importer"}


@dataclass(frozen=True, slots=True)
class Span:
    """Years or months from first to last, both included.

    Args:
        first: First day of the first period.
        last: First day of the last period.
        freq: ``A`` for years, ``M`` for months.
    """

    first: date
    last: date
    freq: Freq

    @property
    def last_month(self) -> date:
        """First day of the last month: the day on which groupings are read."""
        return self.last.replace(month=MONTHS) if self.freq == "A" else self.last

    @property
    def month_count(self) -> int:
        """Months that make a period whole."""
        return MONTHS if self.freq == "A" else 1

    def periods(self) -> tuple[date, ...]:
        """First days of all periods, ascending."""
        if self.freq == "A":
            years = range(self.first.year, self.last.year + 1)
            return tuple(date(year, 1, 1) for year in years)
        ends = (day.year * MONTHS + day.month - 1 for day in (self.first, self.last))
        first, last = ends
        months = (divmod(month, MONTHS) for month in range(first, last + 1))
        return tuple(date(year, month + 1, 1) for year, month in months)

    def typed(self, day: date) -> str:
        """A period as it is typed.

        Args:
            day: Its first day.
        """
        return f"{day:%Y}" if self.freq == "A" else f"{day:%Y-%m}"

    def inside(self) -> nw.Expr:
        """Whether a row of ``flows`` lies in the span, whatever its frequency."""
        is_due = nw.col("period").is_between(self.first, self.last_month)
        return is_due if self.freq == "A" else is_due & (nw.col("freq") == "M")


@dataclass(frozen=True, slots=True)
class Gap:
    """A period that a reporter did not publish in full.

    Args:
        flow: ``X`` or ``M``.
        reporter: Who did not.
        period: First day of the period.
        month_count: Months of it that were published.
    """

    flow: str
    reporter: str
    period: date
    month_count: int


def gaps(
    counts: pa.Table, span: Span, exporters: Collection[str], importers: Collection[str]
) -> tuple[Gap, ...]:
    """Find the periods that somebody did not publish in full.

    Args:
        counts: Rows of :func:`entrepot.trade.mirror_sums.month_counts`.
        span: The periods asked for.
        exporters: Areas that should have declared exports.
        importers: Areas that should have declared imports.

    Returns:
        The gaps, by flow, reporter and period.
    """
    periods = span.periods()
    days = np.array(periods, dtype="datetime64[D]")
    found: list[Gap] = []
    for flow, areas in (("X", exporters), ("M", importers)):
        names = np.array(sorted(areas))
        rows = counts.filter(
            pc.and_(pc.equal(counts["flow"], flow), pc.is_in(counts["reporter"], pa.array(names)))
        )
        held = np.zeros((len(names), len(days)), dtype=np.int64)
        at = np.searchsorted(names, rows["reporter"].to_numpy().astype(str))
        on = np.searchsorted(days, rows["period"].to_numpy().astype("datetime64[D]"))
        np.maximum.at(held, (at, on), rows["month_count"].to_numpy())
        found += [
            Gap(flow, str(names[row]), periods[column], int(held[row, column]))
            for row, column in np.argwhere(held < span.month_count).tolist()
        ]
    return tuple(found)


def whole_of(counts: pa.Table, span: Span) -> pa.Table:
    """Keep what was published in full, from months where all of them are there.

    Args:
        counts: Rows of :func:`entrepot.trade.mirror_sums.month_counts`.
        span: The periods asked for.

    Returns:
        ``flow``, ``reporter``, ``period`` and ``freq``, one row a reporter and period.
    """
    full = counts.filter(pc.equal(counts["month_count"], span.month_count))
    # Of the two letters "M" comes last: months replace the yearly row of the same year.
    grouped = full.group_by(["flow", "reporter", "period"]).aggregate([("freq", "max")])
    return grouped.rename_columns({"freq_max": "freq"})


def with_silent(rows: pa.Table, found: tuple[Gap, ...], per: tuple[str, ...]) -> pa.Table:
    """Name in each row who did not publish in full what the row adds up.

    Args:
        rows: Sums of mirrored trade.
        found: The gaps.
        per: Columns that name a row.

    Returns:
        The rows with ``silent_exporters`` and ``silent_importers``: areas separated by blanks,
        null where nobody was silent.
    """
    for flow, name in SILENT.items():
        keys = [key for key in ("period", _AREA[flow]) if key in per]
        named: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for gap in (gap for gap in found if gap.flow == flow):
            at = {"period": gap.period, _AREA[flow]: gap.reporter}
            named[tuple(at[key] for key in keys)].add(gap.reporter)
        words = [" ".join(sorted(areas)) for areas in named.values()]
        if not keys:
            text = pa.scalar(words[0] if words else None, pa.string())
            rows = rows.append_column(name, pa.repeat(text, rows.num_rows))
            continue
        columns = {
            key: pa.array([at[place] for at in named], rows.schema.field(key).type)
            for place, key in enumerate(keys)
        }
        labels = pa.table(columns | {name: pa.array(words, pa.string())})
        rows = rows.join(labels, keys=keys, join_type="left outer")
    return rows
