"""Trade by country in one total, whatever office publishes it: from coded lines to rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.rows import arrow_rows
from entrepot.sources.coded import (
    Coded,
    Floats,
    constant,
    groups_of,
    has_repeats,
    key_of,
    sums_of,
)
from entrepot.sources.line_checks import line_of
from entrepot.sources.reading import Batch, SourceFile
from entrepot.tables import FLOWS

NOT_STATED = "not stated in the file"
SUM_OVER_COUNTRIES = "sum over countries (world, region or union)"

_FIRST_YEAR = 1900  # trade by country is nowhere older; a smaller number is no year
_KEY = ("period", "reporter", "partner", "partner2")


@dataclass(frozen=True, slots=True)
class Totals:
    """Lines about one flow; all arrays have shape [n].

    Args:
        same: What every line says, by column of ``flows``: dataset, freq, flow, currency and
            valuation.
        text: ``period``, ``reporter``, ``partner`` and ``partner2``; an empty area marks a sum
            over countries, which is no row.
        value: Declared value in the currency; NaN where not available.
        skipped: Lines that were left out before, by reason.
    """

    same: Mapping[str, str]
    text: Mapping[str, Coded]
    value: Floats
    skipped: Mapping[str, int]


def total_batch(source: SourceFile, totals: Totals) -> Batch:
    """Turn lines into rows of ``flows``; lines of one key, e.g. two of ``_X``, are summed.

    Args:
        source: The file.
        totals: The lines.

    Returns:
        The rows, with commodity ``TOTAL``, and what did not become one.
    """
    text, value = totals.text, totals.value
    is_sum = text["partner"].among({""}) | text["partner2"].among({""})
    is_open, is_zero = np.isnan(value), value == 0
    kept = np.flatnonzero(~(is_sum | is_open | is_zero))
    text = {name: text[name].taken(kept) for name in _KEY}
    value, line_count = value[kept], len(kept)
    key = key_of(list(text.values()))
    if has_repeats(key):
        first, group = groups_of(key)
        text = {name: column.taken(first) for name, column in text.items()}
        value = sums_of(group, value)
    skipped = {
        **totals.skipped,
        SUM_OVER_COUNTRIES: int(is_sum.sum()),
        "value not available": int((~is_sum & is_open).sum()),
        "zero value": int((~is_sum & is_zero).sum()),
        "summed with another line of the same key": line_count - len(value),
    }
    counted = {why: count for why, count in skipped.items() if count}
    return Batch(_rows(source, totals.same, text, value), counted)


def months_of(source: SourceFile, table: pa.Table, year: str, month: str) -> Coded:
    """Read a year and a month that stand in two columns.

    Args:
        source: The file.
        table: Its columns.
        year: Column of the year.
        month: Column of the month, 1 to 12.

    Returns:
        First days of the months, ISO 8601.

    Raises:
        SourceError: If one of them is no year or month.
    """
    years, months = table[year].to_numpy(), table[month].to_numpy()
    is_broken = ~((years >= _FIRST_YEAR) & (years % 1 == 0) & np.isin(months, np.arange(1, 13)))
    if is_broken.any():
        at = int(np.argmax(is_broken))
        raise SourceError(
            f"{source.name}, line {line_of(is_broken)}: {year} is {years[at]:g} and {month} is "
            f"{months[at]:g}, expected a year and a month from 1 to 12."
        )
    distinct, codes = np.unique(years * 12 + months - 1, return_inverse=True)
    days = tuple(f"{int(count) // 12:04d}-{int(count) % 12 + 1:02d}-01" for count in distinct)
    return Coded(f"{year}, {month}", days, codes.astype(np.int32))


def not_broken_down(length: int) -> Coded:
    """The column ``partner`` or ``partner2`` of a table that does not have it.

    Args:
        length: Number of lines.
    """
    return constant("partner2", "_T", length)


def _rows(
    source: SourceFile, same: Mapping[str, str], text: Mapping[str, Coded], value: Floats
) -> pa.Table:
    columns = {
        **{name: column.array() for name, column in text.items() if name != "period"},
        **same,
        "source_id": source.source_id,
        "period": text["period"].dates(),
        "classification": "HS",
        "commodity": "TOTAL",
        "customs_procedure": "_T",
        "value": value,
        "obs_status": "A",
    }
    return arrow_rows(FLOWS, len(value), columns)
