"""Which reader a file is for, told by its content and never by its name alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from entrepot.sources import (
    armenia_by_country,
    armenia_with_years,
    eurostat_totals,
    national_imports,
)
from entrepot.sources.baci import read_baci
from entrepot.sources.baci_file import looks_like_baci
from entrepot.sources.code_list import columns_of, first_line, read_code_list
from entrepot.sources.comext import is_bulk
from entrepot.sources.comext_bulk import read_bulk
from entrepot.sources.comtrade_csv import read_comtrade
from entrepot.sources.comtrade_json import looks_like_answer, read_comtrade_json
from entrepot.sources.comtrade_layout import looks_like_comtrade
from entrepot.sources.concordance import OWN, looks_like_concordance, read_concordance
from entrepot.sources.delimited import Head, head_of
from entrepot.sources.derived import why_refused
from entrepot.sources.foreign import why_foreign
from entrepot.sources.known import kinds
from entrepot.sources.party_rows_recognise import party_reader
from entrepot.sources.reading import OnProgress, Reading, SourceFile
from entrepot.sources.reference_rates import (
    looks_like_rates,
    looks_like_rates_archive,
    read_rates_archive,
    read_reference_rates,
)
from entrepot.sources.sdmx_csv import looks_like_comext_sdmx, read_comext_sdmx
from entrepot.sources.uzbekistan_by_country import (
    looks_like_uzbekistan,
    read_uzbekistan_by_country,
)
from entrepot.sources.workbooks import why_workbook_refused, workbook_reader

KNOWN = kinds(
    {
        "Eurostat totals": ",".join(eurostat_totals.HEADER),
        "national imports": ",".join(national_imports.HEADER),
        "Armenia's trade by country": "; ".join(
            ",".join(module.HEADER) for module in (armenia_by_country, armenia_with_years)
        ),
        "a concordance": ",".join(OWN),
    }
)

Reader = Callable[[SourceFile, Path, OnProgress], Reading]

_BY_HEADER: dict[tuple[str, ...], Callable[[SourceFile, OnProgress], Reading]] = {
    eurostat_totals.HEADER: eurostat_totals.read_eurostat_totals,
    national_imports.HEADER: national_imports.read_national_imports,
    armenia_by_country.HEADER: armenia_by_country.read_armenia_by_country,
    armenia_with_years.HEADER: armenia_with_years.read_armenia_with_years,
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
    if looks_like_baci(path):
        return read_baci
    read = workbook_reader(path)
    if read is not None:
        return lambda source, workspace, report: read(source, report)
    if looks_like_rates_archive(path):
        return lambda source, workspace, report: read_rates_archive(source, report)
    if is_bulk(path):
        return read_bulk
    found = party_reader(path, head_of(path).names)
    if found is not None:
        return lambda source, workspace, report: found(source, report)
    if columns_of(first_line(path)) is not None:
        return lambda source, workspace, report: read_code_list(source, list_id=source.path.stem)
    if looks_like_answer(path):
        return lambda source, workspace, report: read_comtrade_json(source, report)
    return _reader_by_header(path.name, head_of(path))


def refusal(path: Path) -> str | None:
    """Say why a file is refused: what it is, where it is no trade statistic.

    Args:
        path: The file.

    Returns:
        The reason, or ``None`` where nothing is known about it.

    Raises:
        SourceError: If the file begins like an archive and is none.
    """
    names = head_of(path).names
    return why_workbook_refused(path) or why_refused(names) or why_foreign(path, names)


def _reader_by_header(name: str, head: Head) -> Reader | None:
    read = _BY_HEADER.get(head.names)
    if read is None and looks_like_comtrade(head):
        read = read_comtrade
    if read is None and looks_like_comext_sdmx(head):
        read = read_comext_sdmx
    if read is None and looks_like_concordance(head.names):
        read = read_concordance
    if read is None and looks_like_rates(head.names):
        read = read_reference_rates
    if read is None and looks_like_uzbekistan(name, head):
        read = read_uzbekistan_by_country
    if read is None:
        return None
    found = read
    return lambda source, workspace, report: found(source, report)
