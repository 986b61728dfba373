"""Which reader a file is for, told by its content and never by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from entrepot.sources import armenia_by_country, eurostat_totals, national_imports
from entrepot.sources.code_list import columns_of, first_line, read_code_list
from entrepot.sources.comext import layout_of, read_comext
from entrepot.sources.comtrade_csv import read_comtrade
from entrepot.sources.comtrade_layout import looks_like_comtrade
from entrepot.sources.delimited import Head, head_of
from entrepot.sources.derived import why_refused
from entrepot.sources.reading import OnProgress, Reading, SourceFile

KNOWN = (
    "a Eurostat data-browser workbook (.xlsx), a Comext bulk file (full_v2_YYYYMM.dat or .7z), "
    "UN Comtrade (CSV or bulk text, plain or .gz), Eurostat totals "
    f"({','.join(eurostat_totals.HEADER)}), national imports "
    f"({','.join(national_imports.HEADER)}), Armenia's trade by country "
    f"({','.join(armenia_by_country.HEADER)}), a control list (CSV with code,product or "
    "commodity,…)"
)

Reader = Callable[[SourceFile, Path, OnProgress], Reading]

_BY_HEADER: dict[tuple[str, ...], Callable[[SourceFile, OnProgress], Reading]] = {
    eurostat_totals.HEADER: eurostat_totals.read_eurostat_totals,
    national_imports.HEADER: national_imports.read_national_imports,
    armenia_by_country.HEADER: armenia_by_country.read_armenia_by_country,
}


def reader_for(path: Path) -> Reader | None:
    """Find the reader of a file.

    Args:
        path: The file.

    Returns:
        A function of the file, a folder for what is unpacked and a progress report; ``None``
        where no reader knows the file.

    Raises:
        SourceError: If the file begins like an archive and is none.
    """
    layout = layout_of(path)
    if layout is not None:
        return lambda source, workspace, report: read_comext(source, layout, workspace, report)
    if columns_of(first_line(path)) is not None:
        return lambda source, workspace, report: read_code_list(source, list_id=source.path.stem)
    return _reader_by_header(head_of(path))


def refusal(path: Path) -> str | None:
    """Say why a table is refused though it is about trade.

    Args:
        path: The file.

    Returns:
        The reason, or ``None`` where nothing is known about it.

    Raises:
        SourceError: If the file begins like an archive and is none.
    """
    return why_refused(head_of(path).names)


def _reader_by_header(head: Head) -> Reader | None:
    read = _BY_HEADER.get(head.names)
    if read is None and looks_like_comtrade(head):
        read = read_comtrade
    if read is None:
        return None
    found = read
    return lambda source, workspace, report: found(source, report)
