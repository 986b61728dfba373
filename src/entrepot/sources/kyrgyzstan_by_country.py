"""Kyrgyzstan's trade by country and year since 1994: tables 4.03.00.18 and 4.03.00.20.

Workbooks of the National Statistical Committee, one for exports (18) and one for imports (20):
title and unit in Kyrgyz, Russian and English, years across, countries down, thousand US dollars.
The direction is read from the title, never from the name of the file.

What the tables do that a reader must know:

- Sums over the EU, the CIS, the SCO, the EAEU and five parts of the world stand between the
  countries: counted, not kept. Since 2019 the parts of the world leave out the members of the CIS
  that stand below them, so Europe and Asia are no sum of their lines.
- ``-`` and an empty cell are "not available", never zero.
- A figure beside a year is a footnote. The only one known says that the year is preliminary; such
  rows are kept as all others are, and a later edition of the table replaces them.
- Where one country of Africa, America or Oceania shows exactly the sum of all, while others hold
  something too, the lines have slipped by a row (imports from Oceania in 2023): which is whose is
  not known, and those of that year are left out.
- Countries may hold less than the total: 60 % of exports in 2021. The outcome of the ingest says
  so. What is missing is no zero.
- The tables do not say whether imports are booked by origin or by consignment; their country is
  ``partner``. Nor do they say the valuation: exports are FOB and imports CIF, as chapter IV of the
  UN's IMTS 2010 has it, on which the union's methodology says it is based (decision 525 of the
  Commission of the Customs Union, 28 January 2011; since 2019 decision 210 of the Board of the
  Eurasian Economic Commission).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import numpy as np

from entrepot.sources.coded import Bools, Floats
from entrepot.sources.comext_sheet import Sheet
from entrepot.sources.country_totals import NOT_STATED
from entrepot.sources.national_sheet import (
    Block,
    amounts,
    block_batch,
    only_sheet,
    partners_of,
    read_header,
    squeezed,
    vintage_of,
    whole_year,
)
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "kyrgyzstan_by_country"
DATASET = "stat-kg"
PUBLISHER = "National Statistical Committee of the Kyrgyz Republic"

_TITLES = {
    "4.03.00.18: Geographic distribution of exports of goods": ("X", "FOB"),
    "4.03.00.20: Geographic distribution of imports of goods": ("M", "CIF"),
}
_ENGLISH, _FIRST_YEAR = 2, 3  # columns
_REGIONS = {"Europe", "Asia", "America", "Africa", "Australia and Oceania"}
_REGIONS_OF_CIS = {"Europe", "Asia"}  # since 2019 no sum of the lines below them
_OUTSIDE = {"Undefined country"}  # stands below the last region and in none
_TOTAL = frozenset({"Total"})
_OPEN = frozenset({"-"})
_YEAR = re.compile(r"((?:19|20)\d\d)(?: (\d))?")
_FOOTNOTE = re.compile(r"(\d) (.*)")
_PRELIMINARY = "Предварительные данные"
_DOLLARS = 1000  # the table is in thousands


def looks_like_kyrgyzstan(title: str) -> bool:
    """Whether a cell is the English title of one of the tables.

    Args:
        title: The cell, white space squeezed.

    Example:
        >>> looks_like_kyrgyzstan("4.03.00.20: Geographic distribution of imports of goods")
        True
    """
    return title in _TITLES


def read_kyrgyzstan_by_country(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read Kyrgyzstan's exports or imports by country and year.

    Args:
        source: The file.
        on_progress: Told when it is read.

    Returns:
        A reading of ``flows``: commodity ``TOTAL`` in US dollars, one row per country and year.

    Raises:
        SourceError: If title, unit, years or footnotes are not as documented above, a label is
            not known, or a year was not over.
    """
    sheet = only_sheet(source)
    head = _head_row(sheet)
    years = _years(sheet, head, source)
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=vintage_of(source.path, date(int(years[-1][:4]) + 1, 1, 1)),
        publisher=PUBLISHER,
        licence=NOT_STATED,
        reader=READER,
        batches=_batches(source, sheet, head, years, on_progress),
    )


def _batches(
    source: SourceFile, sheet: Sheet, head: int, years: list[str], on_progress: OnProgress
) -> Iterator[Batch]:
    flow, valuation = _TITLES[squeezed(sheet.cell(0, _ENGLISH))]
    last = _check_footnotes(sheet, head)
    rows = range(head + 1, last + 1)
    columns = range(_FIRST_YEAR, _FIRST_YEAR + len(years))
    grid = np.column_stack([amounts(sheet, rows, c, open_marks=_OPEN) for c in columns])
    labels = {row: squeezed(sheet.cell(row, _ENGLISH)) for row in rows}
    for row, label in labels.items():
        if not label and not np.isnan(grid[row - rows.start]).all():
            raise sheet.refuse(row, "values without a label", "a country or an empty row")
    labels = {row: label for row, label in labels.items() if label}
    value = grid[[row - rows.start for row in labels]] * _DOLLARS
    names = list(labels.values())
    block = Block(
        same={
            **{"dataset": DATASET, "freq": "A", "flow": flow},
            **{"currency": "USD", "valuation": valuation},
        },
        reporter="KG",
        labels=names,
        partners=partners_of(sheet, "KG", names, list(labels)),
        periods=years,
        value=value,
        left_out=_slipped(names, value, years),
    )
    yield block_batch(source, block, totals=_TOTAL)
    on_progress(1, 1, f"{source.name}: {len(names)} labels, {len(years)} years")


def _head_row(sheet: Sheet) -> int:
    """Check title and unit, and find the row of the years below them."""
    read_header(sheet, 0, {_ENGLISH: tuple(_TITLES)})
    read_header(sheet, 1, {_ENGLISH: "(thousand US dollars)"})
    for row in (2, 3):
        if _YEAR.fullmatch(squeezed(sheet.cell(row, _FIRST_YEAR))):
            return row
    raise sheet.refuse(2, sheet.cell(2, _FIRST_YEAR), "years from column 4 on, here or one below")


def _years(sheet: Sheet, head: int, source: SourceFile) -> list[str]:
    years: list[int] = []
    for column in range(_FIRST_YEAR, len(sheet.columns)):
        text = squeezed(sheet.cell(head, column))
        found = _YEAR.fullmatch(text)
        if not found or (years and int(found.group(1)) != years[-1] + 1):
            raise sheet.refuse(head, text, f"the year after {years[-1:]} in column {column + 1}")
        years.append(int(found.group(1)))
    return [whole_year(sheet, head, year, source) for year in years]


def _check_footnotes(sheet: Sheet, head: int) -> int:
    """Check that every mark beside a year is explained, and find the last row above the notes."""
    texts = (squeezed(sheet.cell(head, c)) for c in range(_FIRST_YEAR, len(sheet.columns)))
    marks = {found.group(2) for text in texts if (found := _YEAR.fullmatch(text))} - {None}
    last: int = sheet.row_count - 1
    while last > head and not _is_country(sheet, last):
        found = _FOOTNOTE.fullmatch(squeezed(sheet.cell(last, 1)))
        if found and found.group(2) == _PRELIMINARY:
            marks.discard(found.group(1))
        elif found or squeezed(sheet.cell(last, 0)):
            raise sheet.refuse(last, sheet.cell(last, 1), f"a footnote {_PRELIMINARY!r}")
        last -= 1
    if marks:
        raise sheet.refuse(
            head, sorted(marks), "a footnote below the table for each of these marks"
        )
    return last


def _is_country(sheet: Sheet, row: int) -> bool:
    label = squeezed(sheet.cell(row, _ENGLISH))
    return bool(label) and not _FOOTNOTE.fullmatch(label)


def _slipped(labels: list[str], value: Floats, years: list[str]) -> dict[str, Bools]:
    """Cells of a region and year whose sum one country repeats though others hold something."""
    found = {}
    starts = [at for at, label in enumerate(labels) if label in _REGIONS]
    for start, end in pairwise([*starts, len(labels)]):
        if labels[start] in _REGIONS_OF_CIS:
            continue
        members = [at for at in range(start + 1, end) if labels[at] not in _OUTSIDE]
        repeats = (value[members] == value[start]) & (value[members] > 0)
        is_slipped = repeats.any(axis=0) & ((value[members] > 0).sum(axis=0) > 1)
        for at in np.flatnonzero(is_slipped).tolist():
            mask = np.zeros(value.shape, np.bool_)
            mask[members, at] = value[members, at] > 0
            reason = f"{labels[start]} in {years[at][:4]}: one line repeats the sum of the region"
            found[reason] = mask
    return found
