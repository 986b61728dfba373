"""Kazakhstan's trade by country and year: "Основные показатели внешней торговли", .xls.

Workbooks of the Bureau of National Statistics: one sheet per year, each workbook with the year
before it as revised; columns are turnover, exports and imports in thousand US dollars, each with
its share of the whole. Sheets of cover, signs, contents and notes stand before them since 2024.

What the workbooks do that a reader must know:

- Sums over the CIS, the EAEU, the EU, the rest of the world and parts of the world stand between
  the countries: counted, not kept. An empty cell is "not available", never zero.
- Turnover is exports and imports together. It is never a row; a line where it is not their sum
  stops the import.
- Only whole years are taken: "за январь-декабрь 2019 года", "за 2022 год", "2022 год".
- The cover, where there is one, gives the day of publication, which is the vintage of both years.
  Other workbooks do not say it: their vintage is the first day after their last year. So the
  revision of a year in a later workbook wins over an earlier one.
- Countries add up to the total, to the rounding, in every year since 2018.
- The notes define country of origin, destination and consignment and do not say which of them an
  import is booked by; its country is ``partner``. (The IMF's metadata of 2009 say: of origin.) Nor
  do they say the valuation: exports are FOB and imports CIF, as chapter IV of the UN's IMTS 2010
  has it, on which the union's methodology says it is based (decision 525 of the Commission of the
  Customs Union, 28 January 2011; since 2019 decision 210 of the Board of the Eurasian Economic
  Commission).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from entrepot.errors import SourceError
from entrepot.sources.coded import Floats
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
    whole_year,
)
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "kazakhstan_by_country"
DATASET = "stat-kz"
PUBLISHER = "Bureau of National Statistics of Kazakhstan"
TITLE = "Основные показатели внешней торговли Республики Казахстан"

_BESIDE = {"Обложка", "Усл.обозначения", "Содержание", "Метод.пояснения"}
_YEAR = re.compile(r"(?:(?:за )?(\d{4}) год|за январь-декабрь (\d{4}) года)")
_PUBLISHED = re.compile(r"Дата опубликования: (\d\d)\.(\d\d)\.(\d{4})")
_LABEL = ("Наименование", "Наименование области", "Наименование страны")
_GROUPS: dict[int, str | tuple[str, ...]] = {
    0: _LABEL,
    1: "Товарооборот",
    3: "Экспорт",
    5: "Импорт",
}
_SHARE = "удельный вес страны в общем объеме"
_COLUMNS = {
    **dict.fromkeys((1, 3, 5), "Всего"),
    **{2: f"{_SHARE} товарооборота, %", 4: f"{_SHARE} экспорта, %", 6: f"{_SHARE} импорта, %"},
}
_TURNOVER, _WIDTH = 1, 7
_FLOWS = {3: ("X", "FOB"), 5: ("M", "CIF")}  # by column
_TOTAL = frozenset({"Всего", "Всего в том числе"})
_DOLLARS = 1000  # the table is in thousands
_ROUNDING = 0.2  # thousand dollars: the sum of three values rounded to 0.1, and some room


def read_kazakhstan_by_country(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Kazakhstan's exports and imports by country, one year per sheet.

    Args:
        source: The file.
        on_progress: Told after every year.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars, one row per country, flow and
        year.

    Raises:
        SourceError: If a heading is not as documented above, a sheet is about part of a year, a
            label is not known, or turnover is not the sum of exports and imports.
    """
    sheets = load_sheets(source)
    tables = {_year(sheet, source): sheet for sheet in sheets if is_table(sheet)}
    beside = [sheet for sheet in sheets if not is_table(sheet)]
    unknown = [sheet.name for sheet in beside if sheet.name not in _BESIDE]
    if unknown or len(tables) + len(beside) != len(sheets):
        raise SourceError(
            f"{source.name}: sheets are {[sheet.name for sheet in sheets]}, expected one per year "
            f"and {sorted(_BESIDE)}. Look at {unknown or 'the year that stands there twice'}."
        )
    after = date(int(max(tables)[:4]) + 1, 1, 1)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=_vintage(beside, after),
        publisher=PUBLISHER,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, tables, on_progress),
    )


def is_table(sheet: Sheet) -> bool:
    """Whether a sheet holds the table of a year.

    Args:
        sheet: The sheet.
    """
    return squeezed(sheet.cell(0, 0)) == TITLE


def _year(sheet: Sheet, source: SourceFile) -> str:
    found = _YEAR.fullmatch(squeezed(sheet.cell(1, 0)))
    if not found:
        raise sheet.refuse(
            1,
            sheet.cell(1, 0),
            "a whole year like 'за 2022 год'",
            "A part of a year must not enter as one: take the workbook of December.",
        )
    return whole_year(sheet, 1, int(found.group(1) or found.group(2)), source)


def _vintage(beside: list[Sheet], after: date) -> str:
    covers = [sheet for sheet in beside if sheet.name == "Обложка"]
    if not covers:
        return after.isoformat()
    found = _PUBLISHED.fullmatch(squeezed(covers[0].cell(0, 0)))
    if not found:
        raise covers[0].refuse(0, covers[0].cell(0, 0), "'Дата опубликования: 25.07.2024'")
    return "-".join(reversed(found.groups()))


def _batches(
    source: SourceFile, tables: dict[str, Sheet], on_progress: OnProgress
) -> Iterator[Batch]:
    for done, (year, sheet) in enumerate(sorted(tables.items()), start=1):
        rows = _check_header(sheet)
        labels = [squeezed(sheet.cell(row, 0)) for row in rows]
        partners = partners_of(sheet, "KZ", labels, rows)
        value = {
            column: amounts(sheet, rows, column, open_marks=frozenset())
            for column in (_TURNOVER, *_FLOWS)
        }
        _check_turnover(sheet, rows, value)
        for column, (flow, valuation) in _FLOWS.items():
            block = Block(
                same={
                    **{"dataset": DATASET, "freq": "A", "flow": flow},
                    **{"currency": "USD", "valuation": valuation},
                },
                reporter="KZ",
                labels=labels,
                partners=partners,
                periods=[year],
                value=value[column][:, None] * _DOLLARS,
            )
            yield block_batch(source, block, totals=_TOTAL)
        on_progress(done, len(tables), f"{source.name}: {year[:4]}")


def _check_header(sheet: Sheet) -> range:
    """Check the three rows of header, which begin in row 3 or 4, and find the rows below them."""
    unit = 2 if sheet.cell(2, 4) else 3
    read_header(sheet, unit, {4: "тыс. долларов США"})
    read_header(sheet, unit + 1, _GROUPS)
    read_header(sheet, unit + 2, _COLUMNS)
    rows = range(unit + 3, sheet.row_count)
    read_header(sheet, rows.start, {0: tuple(_TOTAL)})
    for column, cells in enumerate(sheet.columns[_WIDTH:], start=_WIDTH + 1):
        stray = {squeezed(text) for text in cells.unique().to_pylist()} - {""}
        if stray:
            raise sheet.refuse(unit, sorted(stray)[:3], f"nothing in column {column}")
    return rows


def _check_turnover(sheet: Sheet, rows: range, value: dict[int, Floats]) -> None:
    both = sum(np.nan_to_num(value[column]) for column in _FLOWS)
    is_broken = np.abs(np.nan_to_num(value[_TURNOVER]) - both) > _ROUNDING
    if is_broken.any():
        at = int(np.argmax(is_broken))
        raise sheet.refuse(
            rows.start + at,
            float(value[_TURNOVER][at]),
            f"a turnover of {np.asarray(both)[at]:,.1f}, the sum of exports and imports",
        )
