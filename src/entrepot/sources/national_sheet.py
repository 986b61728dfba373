"""Sheets of national offices, countries down and periods or flows across: from cells to rows.

What such tables do that a reader must know:

- Totals and sums over regions stand between the countries. They are counted, not kept; where the
  countries add up to something else than the total, the outcome says how much they hold of it.
- The title, the unit and the years are cells like all others: each is compared with what its
  reader expects, since a moved row would put values beside the wrong country or year.
- A workbook seldom says when it was published. An ``.xlsx`` says when it was last saved, which
  comes before publication by days; where that is open, the vintage is the first day after the
  last period in it, before which it cannot have been published. So a later edition always wins.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entrepot.codes.national import national_partner
from entrepot.errors import CodeError, SourceError
from entrepot.sources.coded import Bools, Coded, Floats, constant
from entrepot.sources.comext_sheet import Sheet, damaged, load_sheet
from entrepot.sources.country_totals import Totals, not_broken_down, total_batch
from entrepot.sources.reading import Batch, SourceFile

_NUMBER = r"^\d+(\.\d+)?([eE][+-]?\d+)?$"
_SAVED = re.compile(r"<dcterms:modified[^>]*>(\d{4}-\d\d-\d\d)T")
_TOLERANCE = 0.01  # share of the total; tables that are whole differ by less than half of it


@dataclass(frozen=True, slots=True)
class Block:
    """Values of one flow, L labels by P periods.

    Args:
        same: What every line says, by column of ``flows``: dataset, freq, flow, currency and
            valuation.
        reporter: Area that declares.
        labels: Labels as printed, [L].
        partners: Their areas, [L]; empty for a sum over countries.
        periods: First days, ISO 8601, [P].
        value: Values in the currency, NaN where not available, shape [L, P].
        left_out: Cells that cannot be trusted, shape [L, P], by reason.
    """

    same: Mapping[str, str]
    reporter: str
    labels: Sequence[str]
    partners: Sequence[str]
    periods: Sequence[str]
    value: Floats
    left_out: Mapping[str, Bools] = field(default_factory=dict)


def squeezed(text: str | None) -> str:
    r"""Put one space for all white space, and none at the ends.

    Args:
        text: A cell; ``None`` where it is empty.

    Example:
        >>> squeezed(" Республика \nКорея")
        'Республика Корея'
    """
    return " ".join((text or "").split())


def load_sheets(source: SourceFile) -> list[Sheet]:
    """Load all sheets of a small workbook, xlsx or xls.

    Args:
        source: The file.

    Returns:
        Sheets that hold a cell, in order.

    Raises:
        SourceError: If the workbook cannot be opened.
    """
    try:
        book = fastexcel.read_excel(source.path)
        sheets = [load_sheet(source, book, name) for name in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise damaged(source, error) from error
    return [sheet for sheet in sheets if sheet.row_count]


def amounts(sheet: Sheet, rows: range, column: int, *, open_marks: frozenset[str]) -> Floats:
    """Read numbers of one column, all cells at once.

    Args:
        sheet: The sheet.
        rows: Rows, counted from 0.
        column: Column, counted from 0.
        open_marks: What stands where a value is not available; an empty cell always does.

    Returns:
        The numbers as printed, NaN where not available, one per row.

    Raises:
        SourceError: Naming the first cell that is neither a number, zero or more, nor such a mark.
    """
    cells = sheet.columns[column].slice(rows.start, len(rows))
    is_open = pc.or_(pc.is_null(cells), pc.is_in(cells, pa.array(sorted(open_marks), pa.string())))
    is_number = pc.fill_null(pc.match_substring_regex(cells, _NUMBER), False)
    known = pc.or_(is_open, is_number)
    if not pc.all(known, min_count=0).as_py():
        at = pc.index(known, False).as_py()
        raise sheet.refuse(
            rows.start + at,
            cells[at].as_py(),
            f"a number, zero or more, in column {column + 1}, or one of {sorted(open_marks)}",
        )
    numbers = pc.cast(pc.if_else(is_number, cells, None), pa.float64())
    found: Floats = numbers.to_numpy(zero_copy_only=False)
    return found


def partners_of(
    sheet: Sheet, reporter: str, labels: Sequence[str], rows: Sequence[int]
) -> list[str]:
    """Say which area each label of a sheet stands for.

    Args:
        sheet: The sheet.
        reporter: The country whose table it is.
        labels: The labels.
        rows: The row each stands in, counted from 0.

    Returns:
        Areas, in the order of the labels; empty for a sum over countries.

    Raises:
        SourceError: If a label is not known or stands there twice.
    """
    seen: set[str] = set()
    partners = []
    for row, label in zip(rows, labels, strict=True):
        if label in seen:
            raise sheet.refuse(row, label, "each label once")
        seen.add(label)
        try:
            partners.append(national_partner(reporter, label) or "")
        except CodeError as error:
            raise sheet.refuse(row, label, "an area of codes/areas.csv", str(error)) from error
    return partners


def whole_year(sheet: Sheet, row: int, year: int, source: SourceFile) -> str:
    """First day of a year that was over when the file was retrieved.

    Args:
        sheet: The sheet.
        row: Row the year stands in.
        year: The year.
        source: The file.

    Raises:
        SourceError: If the year was not over.
    """
    if year >= source.retrieved_at.year:
        raise sheet.refuse(
            row, year, f"a year that was over on {source.retrieved_at:%Y-%m-%d}, when retrieved"
        )
    return f"{year}-01-01"


def vintage_of(path: Path, after: date) -> str:
    """When a workbook was last saved, as it says itself.

    Args:
        path: The file.
        after: First day after the last period in it, where the file does not say.

    Returns:
        A day, ISO 8601.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = _SAVED.search(archive.read("docProps/core.xml").decode("utf-8", "replace"))
    except (zipfile.BadZipFile, KeyError):  # an .xls, or an .xlsx without properties
        found = None
    return found.group(1) if found else after.isoformat()


def block_batch(source: SourceFile, block: Block, *, totals: frozenset[str]) -> Batch:
    """Turn a block into rows of ``flows``.

    ``share = sum of the countries / total``, of one period. It stops being a check where the
    office keeps a country under no line of its own; the rows are kept, and the outcome names the
    period and the share.

    Args:
        source: The file.
        block: The block.
        totals: Labels of the sum over all partners; none where the table has none.

    Returns:
        The rows, and what did not become one; a total that its countries miss by more than one
        part in a hundred is counted under a reason of its own.
    """
    shape = block.value.shape
    out = {**block.left_out, **_missed_totals(block, totals)}
    is_out = np.logical_or.reduce([np.zeros(shape, np.bool_), *out.values()])
    kept = np.flatnonzero(~is_out.ravel())
    lines, columns = np.indices(shape, np.int32).reshape(2, -1)
    partner = Coded("partner", tuple(block.labels), lines).recoded(block.partners)
    text = {
        "period": Coded("period", tuple(block.periods), columns),
        "reporter": constant("reporter", block.reporter, block.value.size),
        "partner": partner,
        "partner2": not_broken_down(block.value.size),
    }
    lines_kept = Totals(
        same=block.same,
        text={name: column.taken(kept) for name, column in text.items()},
        value=block.value.ravel()[kept],
        skipped={reason: int(mask.sum()) for reason, mask in out.items()},
    )
    return total_batch(source, lines_kept)


def _missed_totals(block: Block, totals: frozenset[str]) -> dict[str, Bools]:
    is_total: NDArray[np.bool_] = np.isin(np.array(block.labels), sorted(totals))
    if not is_total.any():
        return {}
    is_country = np.array([bool(partner) for partner in block.partners])
    total = np.nansum(block.value[is_total], axis=0)
    held = np.nansum(block.value[is_country], axis=0)
    missed = {}
    for at in np.flatnonzero(np.abs(held - total) > _TOLERANCE * total).tolist():
        mask = np.zeros(block.value.shape, np.bool_)
        mask[is_total, at] = True
        share = f"{held[at] / total[at]:.1%}"
        missed[f"total of {block.periods[at][:4]}, of which the countries hold {share}"] = mask
    return missed


def read_header(sheet: Sheet, row: int, expected: Mapping[int, str | tuple[str, ...]]) -> None:
    """Compare cells of one row with what must stand there; case and white space do not count.

    Args:
        sheet: The sheet.
        row: Row, counted from 0.
        expected: What must stand in each column, or one of what.

    Raises:
        SourceError: Naming the first cell that differs.
    """
    for column, text in expected.items():
        known = (text,) if isinstance(text, str) else text
        found = squeezed(sheet.cell(row, column))
        if found.casefold() not in {one.casefold() for one in known}:
            raise sheet.refuse(row, found, f"one of {list(known)} in column {column + 1}")


def only_sheet(source: SourceFile) -> Sheet:
    """Load the one sheet that holds a table.

    Args:
        source: The file.

    Returns:
        The sheet.

    Raises:
        SourceError: If no sheet or several hold cells.
    """
    sheets = load_sheets(source)
    if len(sheets) != 1:
        raise SourceError(
            f"{source.name}: sheets with cells are {[sheet.name for sheet in sheets]}, expected "
            "one. Ingest the publisher's file as it was downloaded."
        )
    return sheets[0]
