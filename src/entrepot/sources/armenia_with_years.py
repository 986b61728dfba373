"""Armenia's trade by country and month, with sums over the year between the months.

Columns ``country,export,import_consigment,import_origin,timeperiod,year`` (the misprint is the
file's), thousand US dollars rounded to 0.1, all goods in one figure, as Armstat published it until
January 2023. Exports are FOB, imports CIF. It holds the same declarations as the table that
:mod:`entrepot.sources.armenia_by_country` reads, in an earlier vintage.

What the table does that a reader must know:

- ``timeperiod`` is a month, 1 to 12, or ``Year``: the sum over that country's months of the year,
  counted and not kept. Each ``Year`` is compared with its months: one that is smaller stops the
  import, one that is larger tells that a month is missing and is counted so (exports to
  Afghanistan in 2020 lack April). 2023 is January alone.
- Imports stand there by origin (``partner``) and by consignment (``partner2``). Never add the two.
- ``-`` is "not available". Empty lines stand between the lines; messages do not count them.
- One country has no name; its values are those of Nagorno-Karabakh in the other table: ``_X``.
- It does not say when it was published: its vintage is the first day after its last month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa

from entrepot.codes.national import national_partner
from entrepot.errors import CodeError, SourceError
from entrepot.sources.armenia_by_country import DATASET, PUBLISHER
from entrepot.sources.coded import Bools, Coded, Floats, coded, constant, groups_of, key_of
from entrepot.sources.country_totals import NOT_STATED, Totals, not_broken_down, total_batch
from entrepot.sources.delimited import TEXT, head_of, read_columns
from entrepot.sources.line_checks import meanings_of, refuse_future, refuse_twice
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "armenia_with_years"
HEADER = ("country", "export", "import_consigment", "import_origin", "timeperiod", "year")

_FLOWS = {
    "export": ("X", "FOB"),
    "import_origin": ("M", "CIF"),
    "import_consigment": ("M", "CIF"),
}
_YEAR, _OPEN = "Year", "-"
_DOLLARS = 1000  # the table is in thousands
_ROUNDING = 0.65  # thousand dollars: thirteen values rounded to 0.1
_MISSING = "sum over a year that is larger than its months: a month is missing"


def read_armenia_with_years(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Armenia's trade by country and month, and leave the sums over years out.

    Args:
        source: The file.
        on_progress: Told after exports, imports by origin and imports by consignment.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars.

    Raises:
        SourceError: If a country or period is not known, a line stands there twice, or a sum over
            a year is smaller than its months.
    """
    table = read_columns(source, head_of(source.path), dict.fromkeys(HEADER, TEXT))
    period = _periods(source, table)
    refuse_future(source, period)
    last = date.fromisoformat(max(period.values))
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=after.isoformat(),
        publisher=PUBLISHER,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, table, period, on_progress),
    )


def _batches(
    source: SourceFile, table: pa.Table, period: Coded, on_progress: OnProgress
) -> Iterator[Batch]:
    label = coded("country", table["country"])
    is_year = coded("timeperiod", table["timeperiod"]).among({_YEAR})
    year = coded("year", table["year"])
    for places in (np.flatnonzero(is_year), np.flatnonzero(~is_year)):
        refuse_twice(source, (label, period), places)
    country = label.recoded(
        meanings_of(source, label, lambda name: national_partner("AM", name) or "")
    )
    kept = np.flatnonzero(~is_year)
    whole = not_broken_down(len(kept))
    for done, (name, (flow, valuation)) in enumerate(_FLOWS.items(), start=1):
        value = _values(source, table, name)
        missing = _check_years(source, (label, year), is_year, value, name)
        area = country.taken(kept)
        is_origin = name != "import_consigment"
        text = {
            "period": period.taken(kept),
            "reporter": constant("reporter", "AM", len(kept)),
            "partner": area if is_origin else whole,
            "partner2": whole if is_origin else area,
        }
        same = {"dataset": DATASET, "freq": "M", "flow": flow, "currency": "USD"}
        skipped = {"sum over a year": int(is_year.sum()) - missing, _MISSING: missing}
        lines = {**same, "valuation": valuation}
        yield total_batch(source, Totals(lines, text, value[kept] * _DOLLARS, skipped))
        on_progress(done, len(_FLOWS), f"{source.name}: {name}")


def _periods(source: SourceFile, table: pa.Table) -> Coded:
    """First days: of the month, or of the year where the line is a sum over it."""
    month, year = (coded(name, table[name]) for name in ("timeperiod", "year"))
    months = {str(number): number for number in range(1, 13)} | {_YEAR: 1}

    def look_up(text: str) -> int:
        if text not in months:
            raise CodeError(f"expected a month from 1 to 12, or {_YEAR!r}.")
        return months[text]

    def year_of(text: str) -> int:
        if not (len(text) == len("2022") and text.isdigit()):
            raise CodeError("expected a year.")
        return int(text)

    by_month = np.array(meanings_of(source, month, look_up))[month.codes]
    by_year = np.array(meanings_of(source, year, year_of))[year.codes]
    distinct, codes = np.unique(by_year * 12 + by_month - 1, return_inverse=True)
    days = tuple(f"{count // 12:04d}-{count % 12 + 1:02d}-01" for count in distinct.tolist())
    return Coded("year, timeperiod", days, codes.astype(np.int32))


def _values(source: SourceFile, table: pa.Table, name: str) -> Floats:
    def look_up(text: str) -> float:
        if text == _OPEN:
            return np.nan
        if not text.replace(".", "", 1).isdecimal():
            raise CodeError(f"expected a number, zero or more, or {_OPEN!r}.")
        return float(text)

    column = coded(name, table[name])
    found: Floats = np.array(meanings_of(source, column, look_up), np.float64)[column.codes]
    return found


def _check_years(
    source: SourceFile, names: tuple[Coded, Coded], is_year: Bools, value: Floats, column: str
) -> int:
    """Compare each sum over a year with its months, and count those that are larger."""
    first, group = groups_of(key_of(names))
    amount = np.nan_to_num(value)
    of_months = np.bincount(group, np.where(is_year, 0.0, amount), len(first))
    of_year = np.bincount(group, np.where(is_year, amount, 0.0), len(first))
    is_smaller = of_year < of_months - _ROUNDING
    if is_smaller.any():
        at = int(np.argmax(is_smaller))
        label, year = (name.values[name.codes[first[at]]] for name in names)
        raise SourceError(
            f"{source.name}: {column} of {label!r} in {year} is {of_year[at]:,.1f} for the year, "
            f"expected the sum of its months, {of_months[at]:,.1f}. Fetch the file again."
        )
    return int((of_year > of_months + _ROUNDING).sum())
