"""Workbooks of Eurostat's data browser: EU trade since 1988 by HS2-4-6 and CN8 (DS-045409).

A sheet ``Summary`` lists the others, ``Structure`` repeats the labels, and each further sheet holds
one product and flow: eleven rows of header, one row per reporter and partner, one column per month.

What the layout does that a reader must know:

- ``:`` ("not available") stands both for no trade reported and for a month that is not published
  yet; neither is a row, and neither is a zero.
- ``:c`` stands for a confidential value; it is counted, not guessed.
- A product's code stands in brackets at the end of its label: ``TOTAL`` or 2, 4, 6 or 8 digits.
  Levels overlap, so they keep apart by ``classification``: CN for 8 digits, HS above.
- Areas are named by labels with historical remarks ("Czechia", "Ireland (Eire)"), not by codes.
- The data browser writes its files with a wrong sheet size, which some readers believe: they see
  one cell per sheet. Calamine, used here, counts the cells itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entrepot.codes.areas import area_from_label
from entrepot.errors import CodeError
from entrepot.rows import arrow_schema
from entrepot.sources.comext_sheet import (
    FIRST_MONTH,
    FIRST_ROW,
    LAYOUT_ADVICE,
    SHEET_FLOWS,
    Header,
    Listed,
    Sheet,
    damaged,
    load_sheet,
    read_contents,
    read_header,
)
from entrepot.sources.eurostat import DATASET, LICENCE, PUBLISHER
from entrepot.sources.reading import Batch, OnProgress, Reading, SourceFile
from entrepot.tables import FLOWS

READER = "comext_workbook"

_NUMBER = r"^\d+(\.\d+)?([eE]\+?\d+)?$"
_NOT_AVAILABLE, _CONFIDENTIAL = ":", ":c"
_LEGEND = {
    (None, None),
    ("Special value", None),
    (_NOT_AVAILABLE, "not available"),
    (_CONFIDENTIAL, "confidential"),
}


def read_workbook(source: SourceFile, on_progress: OnProgress) -> Reading:
    """Read a workbook of the data browser.

    Args:
        source: The file.
        on_progress: Told after every sheet.

    Returns:
        A reading of ``flows``: exports in EUR FOB, imports in EUR CIF.

    Raises:
        SourceError: If the file is damaged or anything in it is not as documented above.
    """
    try:
        book = fastexcel.read_excel(source.path)
        contents = read_contents(source, book)
        first = read_header(load_sheet(source, book, contents[0].sheet), contents[0])
    except fastexcel.FastExcelError as error:
        raise damaged(source, error) from error
    return Reading(
        table=FLOWS,
        dataset=DATASET,
        vintage=first.updated.isoformat(),
        publisher=PUBLISHER,
        licence=LICENCE,
        reader=READER,
        batches=_batches(source, book, contents, first, on_progress),
    )


def _batches(
    source: SourceFile,
    book: fastexcel.ExcelReader,
    contents: tuple[Listed, ...],
    first: Header,
    on_progress: OnProgress,
) -> Iterator[Batch]:
    areas: dict[str, str] = {}
    for done, listed in enumerate(contents, start=1):
        try:
            sheet = load_sheet(source, book, listed.sheet)
        except fastexcel.FastExcelError as error:
            raise damaged(source, error) from error
        header = read_header(sheet, listed)
        if header.updated != first.updated:
            raise sheet.refuse(2, header.updated, f"{first.updated} as in the first sheet")
        yield _batch(source, sheet, header, areas)
        on_progress(done, len(contents), f"{source.name}: {listed.sheet}")


def _batch(source: SourceFile, sheet: Sheet, header: Header, areas: dict[str, str]) -> Batch:
    """Turn a sheet of reporters by months into rows, for all its cells at once."""
    row_count = _body_length(sheet)
    reporters = _areas(sheet, 0, row_count, areas)
    partners = _areas(sheet, 1, row_count, areas)
    months = sheet.columns[FIRST_MONTH : FIRST_MONTH + len(header.months)]
    cells = pa.concat_arrays([column.slice(FIRST_ROW, row_count) for column in months])
    number = pc.fill_null(pc.match_substring_regex(cells, _NUMBER), False)
    unavailable = pc.fill_null(pc.equal(cells, _NOT_AVAILABLE), False)
    confidential = pc.fill_null(pc.equal(cells, _CONFIDENTIAL), False)
    known = pc.or_(pc.or_(number, unavailable), confidential)
    if not pc.all(known, min_count=0).as_py():
        at = pc.index(known, False).as_py()
        raise sheet.refuse(
            FIRST_ROW + at % row_count,
            cells[at].as_py(),
            f"a number, ':' or ':c' under {header.months[at // row_count]:%Y-%m}",
            LAYOUT_ADVICE,
        )
    places = np.flatnonzero(number.to_numpy(zero_copy_only=False))
    values = pc.cast(cells.take(pa.array(places)), pa.float64()).to_numpy()
    places, values = places[values != 0], values[values != 0]
    skipped = {
        "not available (':'): no trade reported, or month not published": pc.sum(unavailable),
        "confidential (':c')": pc.sum(confidential),
        "zero": pa.scalar(int(pc.sum(number).as_py() or 0) - len(places)),
    }
    rows = _rows(
        source,
        header,
        {
            "period": pa.array(header.months, pa.date32()).take(pa.array(places // row_count)),
            "reporter": reporters.take(pa.array(places % row_count)),
            "partner": partners.take(pa.array(places % row_count)),
            "value": pa.array(values),
        },
    )
    return Batch(rows, {why: count.as_py() for why, count in skipped.items() if count.as_py()})


def _body_length(sheet: Sheet) -> int:
    """Count the rows of data and check what stands below them."""
    row = FIRST_ROW
    while sheet.cell(row, 0) is not None:
        row += 1
    for below in range(row, sheet.row_count):
        found = (sheet.cell(below, 0), sheet.cell(below, 1))
        if found not in _LEGEND:
            raise sheet.refuse(below, found, "an explanation of ':' or ':c'", LAYOUT_ADVICE)
    pairs = set(zip(*(sheet.columns[i][FIRST_ROW:row].to_pylist() for i in (0, 1)), strict=True))
    if row == FIRST_ROW or len(pairs) != row - FIRST_ROW:
        expected = "at least one row, and each reporter and partner once"
        raise sheet.refuse(row - 1, f"{row - FIRST_ROW} rows, {len(pairs)} pairs", expected)
    return row - FIRST_ROW


def _areas(sheet: Sheet, column: int, row_count: int, areas: dict[str, str]) -> pa.Array:
    """Turn labels into ISO codes, looking each label up once per workbook."""
    labels = sheet.columns[column].slice(FIRST_ROW, row_count).dictionary_encode()
    for label in labels.dictionary.to_pylist():
        if label in areas:
            continue
        try:
            areas[label] = area_from_label(label).alpha2
        except CodeError as error:
            row = FIRST_ROW + pc.index(labels.cast(pa.string()), label).as_py()
            raise sheet.refuse(row, label, "an area of codes/areas.csv", str(error)) from error
    codes = pa.array([areas[label] for label in labels.dictionary.to_pylist()], pa.string())
    return codes.take(labels.indices)


def _rows(source: SourceFile, header: Header, columns: dict[str, pa.Array]) -> pa.Table:
    flow, valuation = SHEET_FLOWS[header.listed.flow]
    constant = {
        "source_id": source.source_id,
        "dataset": DATASET,
        "freq": "M",
        "partner2": "_T",
        "flow": flow,
        "classification": "CN" if len(header.commodity) == 8 else "HS",
        "commodity": header.commodity,
        "customs_procedure": "_T",
        "currency": "EUR",
        "valuation": valuation,
        "net_weight_kg": None,
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "A",
    }
    schema = arrow_schema(FLOWS)
    length = len(columns["value"])
    filled = [
        columns[field.name]
        if field.name in columns
        else pa.repeat(pa.scalar(constant[field.name], field.type), length)
        for field in schema
    ]
    return pa.Table.from_arrays(filled, schema=schema)
