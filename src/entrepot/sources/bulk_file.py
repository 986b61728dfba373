"""The file around a Comext bulk month: its name, its 7z and its header."""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import py7zr
from py7zr.exceptions import ArchiveError

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile

COLUMNS = (
    *("REPORTER", "PARTNER", "TRADE_TYPE", "PRODUCT_NC", "PRODUCT_SITC", "PRODUCT_CPA21"),
    *("PRODUCT_CPA22", "PRODUCT_BEC", "PRODUCT_BEC5", "PRODUCT_SECTION", "FLOW"),
    *("STAT_PROCEDURE", "SUPPL_UNIT", "PERIOD", "VALUE_EUR", "VALUE_NAC", "QUANTITY_KG"),
    "QUANTITY_SUPPL_UNIT",
)
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"

_NAME = re.compile(r"full(?:_v2)?_((\d{4})(\d\d))\.(?:dat|7z)")
_WHOLE_YEAR = 52


@dataclass(frozen=True, slots=True)
class BulkPeriod:
    """The period a bulk file is about.

    Args:
        text: As the file writes it, e.g. ``202401`` or ``202352``.
        freq: ``M``, or ``A`` for month 52.
        first_day: First day of the month or year.
    """

    text: str
    freq: Literal["A", "M"]
    first_day: date


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The text of a bulk file.

    Args:
        path: Where the text is.
        written_at: When the publisher wrote it, or when it was retrieved where that is unknown.
    """

    path: Path
    written_at: datetime


def period_of(source: SourceFile) -> BulkPeriod:
    """Read the period from the name of a bulk file.

    Args:
        source: The file.

    Returns:
        The period.

    Raises:
        SourceError: If the name is not the publisher's, or the period has not begun.
    """
    found = _NAME.fullmatch(source.name)
    month = int(found.group(3)) if found else 0
    if not found or not (1 <= month <= 12 or month == _WHOLE_YEAR):
        raise SourceError(
            f"{source.name}: expected a name like 'full_v2_202401.dat' or 'full_v2_202401.7z'. "
            "Keep the publisher's name: it is compared with PERIOD in the file."
        )
    is_year = month == _WHOLE_YEAR
    first_day = date(int(found.group(2)), 1 if is_year else month, 1)
    if first_day > source.retrieved_at.date():
        raise SourceError(
            f"{source.name}: period is {first_day}, expected none after "
            f"{source.retrieved_at:%Y-%m-%d}. This is a month in the future: check the name."
        )
    return BulkPeriod(found.group(1), "A" if is_year else "M", first_day)


def unpack(source: SourceFile, workspace: Path) -> Unpacked:
    """Get at the text of a bulk file and check its header.

    Args:
        source: The file, ``.dat`` or ``.7z``.
        workspace: Folder to unpack into.

    Returns:
        The text and its date.

    Raises:
        SourceError: If the archive is damaged or holds another file, or the header differs.
    """
    with source.path.open("rb") as file:
        is_archive = file.read(len(SEVEN_ZIP)) == SEVEN_ZIP
    text = _extract(source, workspace) if is_archive else Unpacked(source.path, source.retrieved_at)
    with text.path.open("rb") as file:
        header = file.readline().decode("ascii", errors="replace").rstrip("\r\n").split(",")
    if tuple(header) != COLUMNS:
        differing = [name for name in COLUMNS if name not in header]
        differing += [name for name in header if name not in COLUMNS]
        raise SourceError(
            f"{source.name}: header differs from Comext v2 in {differing or header}. Eurostat may "
            "have changed the layout: compare it with docs/how-to/comext.md."
        )
    return text


def looks_like_bulk(header: str) -> bool:
    """Whether a first line is the header of a bulk file, perhaps a changed one.

    Args:
        header: The first line.

    Returns:
        True where at least half of the columns are there.

    Example:
        >>> looks_like_bulk(",".join(COLUMNS).replace("TRADE_TYPE", "TYPE"))
        True
        >>> looks_like_bulk("code,product")
        False
    """
    return len(set(header.strip().split(",")) & set(COLUMNS)) * 2 >= len(COLUMNS)


def _extract(source: SourceFile, workspace: Path) -> Unpacked:
    try:
        with py7zr.SevenZipFile(source.path) as archive:
            members = archive.list()
            if len(members) != 1 or not members[0].filename.endswith(".dat"):
                raise SourceError(
                    f"{source.name}: holds {[m.filename for m in members]}, expected one .dat file."
                )
            archive.extractall(workspace)
    except (ArchiveError, lzma.LZMAError, EOFError) as error:
        raise SourceError(
            f"{source.name}: not a whole 7z archive ({str(error) or type(error).__name__}). "
            "The download may have been cut short: fetch the file again."
        ) from error
    return Unpacked(workspace / members[0].filename, members[0].creationtime or source.retrieved_at)
