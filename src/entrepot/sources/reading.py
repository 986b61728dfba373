"""What every reader takes and gives: a source file in, a reading of one table out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.lake_files import file_digest
from entrepot.schema import Table

SOURCE_ID_LENGTH = 16


class OnProgress(Protocol):
    """Told after every step of a long reading."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note that ``done`` of ``total`` steps are done, the last being ``what``."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it came in.

    Args:
        path: Where it is.
        sha256: Digest of its bytes, 64 hex digits.
        size_bytes: Its size.
        retrieved_at: When it was obtained, UTC.
        url: Address it was fetched from; open where it came from a folder.
        licence: Terms of reuse where it was fetched; open where only its reader knows them.
    """

    path: Path
    sha256: str
    size_bytes: int
    retrieved_at: datetime
    url: str | None = None
    licence: str | None = None

    @property
    def source_id(self) -> str:
        """First 16 hex digits of the sha256: the same bytes always have the same id."""
        return self.sha256[:SOURCE_ID_LENGTH]

    @property
    def name(self) -> str:
        """File name, for messages."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, and what of it did not become a row.

    Args:
        rows: Rows with the columns of the table.
        skipped: Cells or lines that are no rows, by reason.
    """

    rows: pa.Table
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader understood of a file before it reads the rows.

    Args:
        table: The table its rows belong to.
        dataset: Name of the collection.
        vintage: The publisher's own date of the data, ISO 8601.
        publisher: Who published it.
        licence: Terms of reuse.
        reader: Name of the reader.
        batches: The rows, read as they are taken.
    """

    table: Table
    dataset: str
    vintage: str
    publisher: str
    licence: str
    reader: str
    batches: Iterator[Batch]


def source_file(
    path: Path, retrieved_at: datetime, *, url: str | None = None, licence: str | None = None
) -> SourceFile:
    """Look at a file and compute its digest.

    Args:
        path: The file.
        retrieved_at: When it was obtained, UTC.
        url: Address it was fetched from.
        licence: Terms of reuse where it was fetched.

    Returns:
        The file with its identity.

    Raises:
        SourceError: If there is no such file.
    """
    if not path.is_file():
        raise SourceError(f"{path}: no such file, expected a file or a folder of files.")
    sha256, size = file_digest(path), path.stat().st_size
    return SourceFile(path, sha256, size, retrieved_at, url, licence)


def no_progress(done: int, total: int, what: str) -> None:
    """Take no note of anything.

    Args:
        done: Steps that are done.
        total: Steps there are.
        what: The last step.
    """


def lost_zero(code: str) -> bool:
    """Whether a commodity code has an odd number of digits, so that a leading zero is lost.

    The levels of HS and CN have 2, 4, 6 and 8 digits; a spreadsheet that takes a code for a
    number turns ``01012100`` into ``1012100``.

    Args:
        code: The code.

    Example:
        >>> lost_zero("1012100"), lost_zero("01012100"), lost_zero("TOTAL")
        (True, False, False)
    """
    return code.isascii() and code.isdigit() and len(code) % 2 == 1
