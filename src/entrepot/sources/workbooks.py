"""Which table a workbook holds, told by its sheets and their first cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import fastexcel

from entrepot.errors import SourceError
from entrepot.sources import kazakhstan_by_country, russia_by_country
from entrepot.sources.comext_workbook import read_workbook
from entrepot.sources.concordance import looks_like_workbook, read_concordance_workbook
from entrepot.sources.kazakhstan_by_country import read_kazakhstan_by_country
from entrepot.sources.kyrgyzstan_by_country import looks_like_kyrgyzstan, read_kyrgyzstan_by_country
from entrepot.sources.national_sheet import squeezed
from entrepot.sources.reading import OnProgress, Reading, SourceFile
from entrepot.sources.russia_by_country import read_russia_by_country

WorkbookReader = Callable[[SourceFile, OnProgress], Reading]
Cells = list[list[str]]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS, _ROWS = 8, 6  # what is looked at: no known table begins below
_DATASET = re.compile(r"\[([\w-]+?)(__custom_\d+)?\]$")
_COMEXT = "DS-045409"
_TITLES_ABOVE = {
    "Внешняя торговля Российской Федерации": (
        "Russia's trade by chapters and groups of chapters, summed over all partners: sums over "
        "countries never enter flows"
    ),
}
_NOMENCLATURE = {"id", "text", "parent", "aggrlevel"}


def workbook_reader(path: Path) -> WorkbookReader | None:
    """Find the reader of a workbook.

    Args:
        path: The file.

    Returns:
        Its reader; ``None`` where the file is no workbook, or holds no table a reader knows.

    Raises:
        SourceError: If the file is a workbook that cannot be opened.
    """
    sheets = _first_cells(path)
    if looks_like_workbook(sheets):
        return read_concordance_workbook
    for cells in sheets.values():
        title = squeezed(_at(cells, 0, 0))
        if title == kazakhstan_by_country.TITLE:
            return read_kazakhstan_by_country
        if looks_like_kyrgyzstan(squeezed(_at(cells, 0, 2))):
            return read_kyrgyzstan_by_country
    if all(_is_russia(name, sheets) for name in russia_by_country.TITLES):
        return read_russia_by_country
    return read_workbook if _dataset(sheets) == _COMEXT else None


def why_workbook_refused(path: Path) -> str | None:
    """Say why a workbook is refused.

    Args:
        path: The file.

    Returns:
        The reason, or ``None`` where nothing is known about it.

    Raises:
        SourceError: If the file is a workbook that cannot be opened.
    """
    sheets = _first_cells(path)
    dataset = _dataset(sheets)
    if dataset is not None and dataset != _COMEXT:
        return f"Eurostat's data set {dataset}; of the data browser only {_COMEXT} is read"
    for cells in sheets.values():
        if set(_row(cells, 0)) >= _NOMENCLATURE:
            return "a nomenclature: codes and texts, no declared trade"
        reason = _TITLES_ABOVE.get(squeezed(_at(cells, 0, 0)))
        if reason:
            return reason
    return None


def _first_cells(path: Path) -> dict[str, Cells]:
    """The first rows of the first sheets; none where the file is no workbook."""
    if not _may_be_workbook(path):
        return {}
    try:
        book = fastexcel.read_excel(path)
        # A data-browser workbook holds a hundred sheets, and its Summary says all.
        names = book.sheet_names[: 1 if book.sheet_names[:1] == ["Summary"] else _SHEETS]
        return {name: _cells(book, name) for name in names}
    except fastexcel.FastExcelError as error:
        raise SourceError(
            f"{path.name}: not a whole workbook ({str(error).splitlines()[0]}). The download may "
            "have been cut short: fetch the file again."
        ) from error


def _may_be_workbook(path: Path) -> bool:
    """Whether the file is a workbook, or a zip cut short, which may have been one."""
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head == _OLE:
        return "Workbook".encode("utf-16-le") in path.read_bytes()
    if not head.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return True


def _cells(book: fastexcel.ExcelReader, name: str) -> Cells:
    loaded = book.load_sheet(name, header_row=None, dtypes="string", n_rows=_ROWS).to_arrow()
    columns = [column.to_pylist() for column in loaded.columns]
    return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]


def _row(cells: Cells, row: int) -> list[str]:
    return cells[row] if row < len(cells) else []


def _at(cells: Cells, row: int, column: int) -> str:
    texts = _row(cells, row)
    return texts[column] if column < len(texts) else ""


def _dataset(sheets: dict[str, Cells]) -> str | None:
    """The data set a workbook of Eurostat's data browser says it holds."""
    found = _DATASET.search(squeezed(_at(sheets.get("Summary", []), 0, 0)))
    return found.group(1) if found else None


def _is_russia(name: str, sheets: dict[str, Cells]) -> bool:
    return squeezed(_at(sheets.get(name, []), 1, 0)) == russia_by_country.TITLES[name]
