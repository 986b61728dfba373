"""Russia's trade with its main partners by month, 2006 to 2021: workbook ``96stran.xlsx``.

Sheets ``Экспорт`` and ``Импорт`` hold partners across and months down, below a row for each year,
in million US dollars, after the Federal Customs Service.

What the workbook does that a reader must know:

- It holds 29 main partners. Of any other country it says nothing, which is no zero.
- ``…`` is "not available".
- Names hold Latin letters among Cyrillic ones (the ``a`` of "Китaй"); in a word with a Cyrillic
  letter, Latin letters of the same shape are taken for Cyrillic ones, any other stops the import.
- Trade with Belarus, and since July 2010 with Kazakhstan, crosses no customs border: firms report
  it to statistics.
- It does not say whether imports are booked by origin or by consignment; their country is
  ``partner``. Exports are FOB and imports CIF (Bank of Russia, commentary to the comparison of
  mirror data of external trade).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from entrepot.codes.national import one_alphabet
from entrepot.errors import CodeError, SourceError
from entrepot.sources.comext_sheet import Sheet
from entrepot.sources.country_totals import NOT_STATED
from entrepot.sources.national_sheet import (
    Block,
    amounts,
    block_batch,
    load_sheets,
    partners_of,
    read_header,
    squeezed,
    vintage_of,
)
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "russia_by_country"
DATASET = "customs-ru"
PUBLISHER = "Federal Customs Service of Russia"
TITLES = {
    "Экспорт": "Экспорт Российской Федерации в основные страны",
    "Импорт": "Импорт Российской Федерации из основных стран",
}

_CONTENTS = "Содержание"
_FLOWS = {"Экспорт": ("X", "FOB"), "Импорт": ("M", "CIF")}
_UNITS = ("(млн доллалов США)", "(млн долларов США)")  # the first is how the office prints it
_NAMES, _FIRST_ROW = 4, 5  # rows, counted from 0
_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_OPEN = frozenset({"…"})
_DOLLARS = 1_000_000  # the table is in millions


def read_russia_by_country(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Russia's exports and imports by main partner and month.

    Args:
        source: The file.
        on_progress: Told after exports and imports.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars, one row per partner, flow and
        month.

    Raises:
        SourceError: If a heading is not as documented above, months are not in order, or a label
            is not known.
    """
    sheets = {sheet.name: sheet for sheet in load_sheets(source)}
    if set(sheets) - {_CONTENTS} != set(TITLES):
        raise SourceError(
            f"{source.name}: sheets are {list(sheets)}, expected {[_CONTENTS, *TITLES]}."
        )
    periods = {name: _periods(sheets[name]) for name in TITLES}
    last = date.fromisoformat(max(day for days in periods.values() for day in days.values()))
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=vintage_of(source.path, after),
        publisher=PUBLISHER,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, sheets, periods, on_progress),
    )


def _batches(
    source: SourceFile,
    sheets: dict[str, Sheet],
    periods: dict[str, dict[int, str]],
    on_progress: OnProgress,
) -> Iterator[Batch]:
    for done, (name, (flow, valuation)) in enumerate(_FLOWS.items(), start=1):
        sheet, days = sheets[name], periods[name]
        labels = _labels(sheet)
        rows = range(_FIRST_ROW, sheet.row_count)
        columns = range(1, len(sheet.columns))
        grid = np.vstack([amounts(sheet, rows, c, open_marks=_OPEN) for c in columns])
        is_month = np.isin(np.arange(rows.start, rows.stop), list(days))
        is_stray = ~np.isnan(grid).all(axis=0) & ~is_month
        if is_stray.any():
            row = _FIRST_ROW + int(np.argmax(is_stray))
            raise sheet.refuse(row, "values beside a year", "values beside months only")
        block = Block(
            same={
                **{"dataset": DATASET, "freq": "M", "flow": flow},
                **{"currency": "USD", "valuation": valuation},
            },
            reporter="RU",
            labels=labels,
            partners=partners_of(sheet, "RU", labels, [_NAMES] * len(labels)),
            periods=list(days.values()),
            value=grid[:, is_month] * _DOLLARS,
        )
        yield block_batch(source, block, totals=frozenset())
        on_progress(done, len(_FLOWS), f"{source.name}: {name}")


def _labels(sheet: Sheet) -> list[str]:
    """Read the names across, in one alphabet."""
    names = [squeezed(sheet.cell(_NAMES, column)) for column in range(1, len(sheet.columns))]
    try:
        return [one_alphabet(name) for name in names]
    except CodeError as error:
        raise sheet.refuse(_NAMES, names, "names of countries", str(error)) from error


def _periods(sheet: Sheet) -> dict[int, str]:
    """Check title and unit, and read the months down: all twelve of each year, in order."""
    read_header(sheet, 1, {0: TITLES[sheet.name]})
    read_header(sheet, 3, {0: _UNITS})
    year, days = 0, {}
    for row in range(_FIRST_ROW, sheet.row_count):
        at = (row - _FIRST_ROW) % (len(_MONTHS) + 1)
        text = squeezed(sheet.cell(row, 0))
        expected = _MONTHS[at - 1] if at else str(year + 1 if year else "a year")
        if at == 0 and _YEAR.fullmatch(text) and year in {0, int(text) - 1}:
            year = int(text)
        elif at and text == expected:
            days[row] = f"{year}-{at:02d}-01"
        else:
            raise sheet.refuse(row, text, repr(expected))
    if not days:
        raise sheet.refuse(_FIRST_ROW, sheet.cell(_FIRST_ROW, 0), "a year, and months below it")
    return days
