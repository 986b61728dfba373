"""Sheets of a data-browser workbook: which there are, and what their headers say.

Every cell of the header is compared with what Eurostat wrote in January 2023; a difference stops
the import, since a moved row or column would put values beside the wrong product or month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import fastexcel
import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile, lost_zero

SHEET_FLOWS = {"EXPORT": ("X", "FOB"), "IMPORT": ("M", "CIF")}
_INDICATOR = "VALUE_IN_EUROS"
_FIXED = {
    (1, 0): "Dataset: ",
    (2, 0): "Last updated: ",
    (4, 0): "PRODUCT [PRODUCT]",
    (5, 0): "FLOW",
    (6, 0): "INDICATORS",
    (8, 0): "TIME",
    (8, 1): "TIME",
    (9, 0): "FREQ (Labels)",
    (9, 1): "FREQ (Labels)",
    (10, 0): "REPORTER (Labels)",
    (10, 1): "PARTNER (Labels)",
}
FIRST_ROW = 11
FIRST_MONTH = 2
_EXTRACTED = re.compile(r"Data extracted on (\d\d/\d\d/\d{4} \d\d:\d\d:\d\d) from \[ESTAT\]")
_DATASET = re.compile(r"EU trade since 1988 by HS2-4-6 and CN8 \[DS-045409(__custom_\d+)?\]")
_PRODUCT = re.compile(r".*\[([^\[\]]*)\]", re.DOTALL)
_CODE = re.compile(r"TOTAL|(\d\d){1,4}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the contents in ``Summary``."""

    sheet: str
    product: str
    flow: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Header:
    """What the first eleven rows of a sheet say.

    Args:
        extracted: When the file was made, in the publisher's local time.
        updated: The publisher's date of the data, in its local time.
        listed: Product, flow and indicator.
        commodity: Code in the brackets of the product.
        months: First day of each month, one per column.
    """

    extracted: datetime
    updated: datetime
    listed: Listed
    commodity: str
    months: tuple[date, ...]


class Sheet:
    """The cells of one sheet as text, with the place of each for messages.

    Args:
        file: Name of the workbook.
        name: Name of the sheet.
        cells: Its columns.
    """

    def __init__(self, file: str, name: str, cells: pa.RecordBatch) -> None:
        self.file = file
        self.name = name
        self.columns = [column.cast(pa.string()) for column in cells.columns]
        self.row_count = cells.num_rows

    def cell(self, row: int, column: int) -> str | None:
        """Read the text of one cell; ``None`` where it is empty or outside.

        Args:
            row: Row, counted from 0.
            column: Column, counted from 0.
        """
        if row >= self.row_count or column >= len(self.columns):
            return None
        text: str | None = self.columns[column][row].as_py()
        return text or None

    def refuse(self, row: int, found: object, expected: str, advice: str = "") -> SourceError:
        """Word an error at one row, which is shown as the spreadsheet counts it.

        Args:
            row: Row, counted from 0.
            found: What stands there.
            expected: What should, in words.
            advice: What to do about it.
        """
        place = f"{self.file}, sheet {self.name!r}, row {row + 1}"
        return SourceError(
            f"{place}: found {found!r}, expected {expected}.{advice and ' '}{advice}"
        )


LAYOUT_ADVICE = (
    "Eurostat may have changed the layout: compare it with docs/how-to/comext.md, or download the "
    "table again in the data browser's default form."
)


def damaged(source: SourceFile, error: Exception) -> SourceError:
    """Word the error for a file the spreadsheet library cannot open.

    Args:
        source: The file.
        error: What the library said.
    """
    reason = str(error).splitlines()[0]
    return SourceError(
        f"{source.name}: not a whole workbook ({reason}). The download may have been cut short: "
        "fetch the file again."
    )


def load_sheet(source: SourceFile, book: fastexcel.ExcelReader, name: str) -> Sheet:
    """Load the cells of one sheet as text.

    Args:
        source: The file.
        book: The open workbook.
        name: Name of the sheet.
    """
    loaded = book.load_sheet(name, header_row=None, dtypes="string")
    return Sheet(source.name, name, loaded.to_arrow())


def read_contents(source: SourceFile, book: fastexcel.ExcelReader) -> tuple[Listed, ...]:
    """Read the contents in ``Summary`` and compare them with the sheets that are there.

    Args:
        source: The file.
        book: The open workbook.

    Returns:
        One line per sheet, in order.

    Raises:
        SourceError: If the workbook is another one, lacks a sheet or holds a product twice.
    """
    names = book.sheet_names
    if names[:2] != ["Summary", "Structure"]:
        raise SourceError(
            f"{source.name}: sheets begin with {names[:2]}, expected ['Summary', 'Structure'] as "
            f"in a data-browser workbook. {LAYOUT_ADVICE}"
        )
    summary = load_sheet(source, book, "Summary")
    rows = range(summary.row_count)
    heads = [row for row in rows if summary.cell(row, 1) == "Contents"]
    if len(heads) != 1:
        raise summary.refuse(0, f"{len(heads)} rows 'Contents'", "one", LAYOUT_ADVICE)
    head = tuple(summary.cell(heads[0], column) for column in (2, 3, 4))
    if head != ("PRODUCT [PRODUCT]", "FLOW", "INDICATORS"):
        raise summary.refuse(
            heads[0], head, "('PRODUCT [PRODUCT]', 'FLOW', 'INDICATORS')", LAYOUT_ADVICE
        )
    listed = tuple(
        Listed(*(summary.cell(row, column) or "" for column in (1, 2, 3, 4)))
        for row in rows[heads[0] + 1 :]
    )
    expected, found = [line.sheet for line in listed], names[2:]
    if expected != found or not listed:
        missing = [name for name in expected if name not in found]
        raise SourceError(
            f"{source.name}: Summary lists {len(expected)} sheets, the workbook holds "
            f"{len(found)}; missing: {missing[:5]}. The workbook is not whole: fetch it again."
        )
    _refuse_twice(source, listed)
    return listed


def _refuse_twice(source: SourceFile, listed: tuple[Listed, ...]) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for line in listed:
        first = seen.setdefault((line.product, line.flow, line.indicator), line.sheet)
        if first != line.sheet:
            raise SourceError(
                f"{source.name}: sheets {first!r} and {line.sheet!r} both hold "
                f"{line.product[-40:]!r}, {line.flow}; expected each product and flow once."
            )


def read_header(sheet: Sheet, listed: Listed) -> Header:
    """Check every cell of the header.

    Args:
        sheet: The sheet.
        listed: What ``Summary`` says of it.

    Returns:
        When it was extracted and updated, its commodity and its months.

    Raises:
        SourceError: Naming the row, what it holds and what was expected.
    """
    for (row, column), expected in _FIXED.items():
        if sheet.cell(row, column) != expected:
            raise sheet.refuse(row, sheet.cell(row, column), repr(expected), LAYOUT_ADVICE)
    for row in (3, 7):
        if sheet.cell(row, 0) is not None:
            raise sheet.refuse(row, sheet.cell(row, 0), "an empty row", LAYOUT_ADVICE)
    extracted = sheet.cell(0, 0) or ""
    found = _EXTRACTED.fullmatch(extracted)
    if not found:
        raise sheet.refuse(0, extracted, "'Data extracted on … from [ESTAT]'", LAYOUT_ADVICE)
    dataset = sheet.cell(1, 1) or ""
    if not _DATASET.fullmatch(dataset):
        expected = "'EU trade since 1988 by HS2-4-6 and CN8 [DS-045409…]'"
        raise sheet.refuse(1, dataset, expected, LAYOUT_ADVICE)
    on = _time(sheet, 0, found.group(1), "%d/%m/%Y %H:%M:%S")
    return Header(
        extracted=on,
        updated=_time(sheet, 2, sheet.cell(2, 1) or "", "%d/%m/%Y %H:%M"),
        listed=_named(sheet, listed),
        commodity=_commodity(sheet),
        months=_months(sheet, on),
    )


def _time(sheet: Sheet, row: int, text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        raise sheet.refuse(row, text, "a date like 13/01/2023 11:00", LAYOUT_ADVICE) from None


def _named(sheet: Sheet, listed: Listed) -> Listed:
    """Check that the sheet holds what ``Summary`` says and that the reader can express it."""
    for row, expected in ((4, listed.product), (5, listed.flow), (6, listed.indicator)):
        if sheet.cell(row, 2) != expected:
            advice = "Summary and sheet differ: fetch the workbook again."
            raise sheet.refuse(row, sheet.cell(row, 2), repr(expected), advice)
    if listed.flow not in SHEET_FLOWS:
        raise sheet.refuse(5, listed.flow, f"one of {sorted(SHEET_FLOWS)}")
    if listed.indicator != _INDICATOR:
        advice = "Other indicators are not supported: choose VALUE_IN_EUROS in the data browser."
        raise sheet.refuse(6, listed.indicator, repr(_INDICATOR), advice)
    return listed


def _commodity(sheet: Sheet) -> str:
    label = sheet.cell(4, 2) or ""
    found = _PRODUCT.fullmatch(label)
    code = found.group(1) if found else ""
    if lost_zero(code):
        advice = "A leading zero was lost, probably in a spreadsheet: use the publisher's file."
        raise sheet.refuse(4, code, "a code of 2, 4, 6 or 8 digits", advice)
    if not _CODE.fullmatch(code):
        expected = "a label that ends in [TOTAL] or a code of 2, 4, 6 or 8 digits"
        raise sheet.refuse(4, label[-60:], expected)
    return code


def _months(sheet: Sheet, extracted: datetime) -> tuple[date, ...]:
    columns = range(FIRST_MONTH, len(sheet.columns))
    months = []
    for column in columns:
        text = sheet.cell(8, column) or ""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            raise sheet.refuse(8, text, "a month like '2022-11'", LAYOUT_ADVICE)
        if sheet.cell(9, column) != "Monthly":
            raise sheet.refuse(9, sheet.cell(9, column), "'Monthly'", LAYOUT_ADVICE)
        months.append(date(int(text[:4]), int(text[5:]), 1))
        if months[-1] > extracted.date():
            raise sheet.refuse(
                8,
                text,
                f"no month after the extraction on {extracted:%Y-%m-%d}",
                "This is a month in the future: fetch the file again.",
            )
    if not months or sorted(set(months)) != months:
        raise sheet.refuse(8, [f"{m:%Y-%m}" for m in months], "each month once, in order")
    return tuple(months)
