"""The file around a year of BACI: its name, which says what it is, its zip and its header."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from entrepot.errors import SourceError
from entrepot.sources.delimited import head_of
from entrepot.sources.reading import SourceFile

COLUMNS = ("t", "i", "j", "k", "v", "q")
# Editions of the HS, as BACI and as UN Comtrade name them.
EDITION = {"92": "H0", "96": "H1", "02": "H2", "07": "H3", "12": "H4", "17": "H5", "22": "H6"}

_ZIP = b"PK\x03\x04"
_YEAR = re.compile(r"BACI_HS(\d\d)_Y(\d{4})_V(\d{6}[a-z]?)\.csv(?:\.gz)?")
_BESIDE = re.compile(r"(country_codes|product_codes).*\.csv|.*\.(txt|md|pdf|html)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one edition and version.

    Args:
        member: Its name, in the archive where there is one.
        year: The year.
        classification: Edition of the HS, e.g. ``H5``.
        version: CEPII's version, e.g. ``202401b``.
    """

    member: str
    year: int
    classification: str
    version: str


def looks_like_baci(path: Path) -> bool:
    """Whether a file is BACI by its content: the columns, or an archive with years of it.

    Args:
        path: The file.

    Raises:
        SourceError: If the file begins like gzip and is not.
    """
    with path.open("rb") as file:
        head = file.read(1 << 8)
    if not head.startswith(_ZIP):
        return len(set(head_of(path).names) & set(COLUMNS)) * 2 > len(COLUMNS)
    try:
        with zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(name).name.startswith("BACI_") for name in archive.namelist())
    except zipfile.BadZipFile:  # cut short: the name of the first member stands in front
        return b"BACI_" in head or b"_codes_" in head


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def years_of(source: SourceFile) -> list[Year]:
    """Name the years that a file holds: one, or all in the publisher's zip.

    Args:
        source: The file.

    Returns:
        The years of one edition of the HS and one version, in order of name.

    Raises:
        SourceError: If the zip is damaged, a name is not the publisher's, or the years are of
            several editions or versions.
    """
    if not _is_zip(source.path):
        return [_year_of(source, source.name)]
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [info.filename for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        raise _damaged(source, error) from error
    names = [name for name in members if not _BESIDE.fullmatch(PurePosixPath(name).name)]
    years = [_year_of(source, name) for name in sorted(names)]
    kinds = sorted({(year.classification, year.version) for year in years})
    if len(kinds) != 1:
        raise SourceError(
            f"{source.name}: holds editions and versions {kinds}, expected years of one edition of "
            "the HS and one version. Use the publisher's zip."
        )
    return years


def _year_of(source: SourceFile, member: str) -> Year:
    found = _YEAR.fullmatch(PurePosixPath(member).name)
    if found is None or found.group(1) not in EDITION:
        raise SourceError(
            f"{source.name}: {PurePosixPath(member).name!r} is no name of BACI, expected one like "
            "'BACI_HS17_Y2022_V202401b.csv'. Keep the publisher's names: edition and version stand "
            "nowhere else."
        )
    year = int(found.group(2))
    if year > source.retrieved_at.year:
        raise SourceError(
            f"{source.name}: year of {member!r} is {year}, expected none after "
            f"{source.retrieved_at:%Y}, the year of retrieval. Check the name."
        )
    return Year(member, year, EDITION[found.group(1)], found.group(3))


@contextmanager
def text_of(source: SourceFile, year: Year, workspace: Path) -> Iterator[Path]:
    """Get at the text of a year, unpacked from the archive where it is in one.

    Args:
        source: The file.
        year: The year.
        workspace: Folder to unpack into.

    Yields:
        The text, perhaps compressed with gzip; what was unpacked is removed afterwards.

    Raises:
        SourceError: If the archive is damaged, or the header differs.
    """
    if not _is_zip(source.path):
        _check_header(source, source.path)
        yield source.path
        return
    with TemporaryDirectory(dir=workspace) as folder:
        text = Path(folder) / "year.csv"
        try:
            with (
                zipfile.ZipFile(source.path) as archive,
                archive.open(year.member) as member,
                text.open("wb") as file,
            ):
                shutil.copyfileobj(member, file)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _damaged(source, error) from error
        _check_header(source, text)
        yield text


def _check_header(source: SourceFile, text: Path) -> None:
    names = head_of(text).names
    if names != COLUMNS:
        raise SourceError(
            f"{source.name}: header is {list(names)}, expected {list(COLUMNS)}. CEPII may have "
            "changed the layout: compare it with docs/how-to/baci.md."
        )


def _damaged(source: SourceFile, error: Exception) -> SourceError:
    return SourceError(
        f"{source.name}: not a whole zip archive ({error}). The download may have been cut short: "
        "fetch the file again."
    )
