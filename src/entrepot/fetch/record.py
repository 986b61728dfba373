"""What is known of a fetched file: a small JSON file beside it, written whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.lake_files import make_durable

ENDING = ".record"


@dataclass(frozen=True, slots=True)
class Record:
    """Where a file came from, when, and how to ask whether it changed.

    Args:
        url: Address it was fetched from; never holds a key.
        publisher: Who published it.
        licence: Terms of reuse.
        retrieved_at: When it was there whole, UTC, ISO 8601.
        etag: The publisher's own name of this version; open where none was given.
        last_modified: The publisher's date of this version, as sent; open where none was given.
        size_bytes: Size of the file, or the size announced while it is not whole.
        sha256: Digest of its bytes, 64 hex digits; open while it is not whole.
    """

    url: str
    publisher: str
    licence: str
    retrieved_at: str
    etag: str | None = None
    last_modified: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None

    @property
    def time(self) -> datetime:
        """When it was there whole, UTC."""
        return datetime.fromisoformat(self.retrieved_at)

    @property
    def has_version(self) -> bool:
        """Whether the publisher can be asked if it changed."""
        return self.etag is not None or self.last_modified is not None


def now() -> str:
    """This second, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def record_path(file: Path) -> Path:
    """Name the record of a file.

    Args:
        file: The file.

    Example:
        >>> record_path(Path("full_v2_202401.7z")).name
        'full_v2_202401.7z.record'
    """
    return file.with_name(file.name + ENDING)


def read_record(file: Path) -> Record | None:
    """Read the record beside a file.

    Args:
        file: The file; it need not exist.

    Returns:
        The record, or ``None`` where there is none.

    Raises:
        SourceError: If it is not a record.
    """
    path = record_path(file)
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        record = Record(**found)
        datetime.fromisoformat(record.retrieved_at)
    except (ValueError, TypeError) as error:
        raise SourceError(
            f"{path}: not the record of a fetched file ({error}), expected JSON with "
            f"{[field.name for field in fields(Record)]}. Remove it: the file is fetched again."
        ) from error
    return record


def write_record(file: Path, record: Record) -> None:
    """Write the record beside a file, replacing the one that is there.

    Args:
        file: The file.
        record: What is known of it.
    """
    path = record_path(file)
    staged = path.with_name(path.name + ".new")
    staged.write_text(json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n", "utf-8")
    make_durable(staged)
    os.replace(staged, path)
    make_durable(path.parent)


def calls_of_day(folder: Path, moment: str) -> int:
    """Count the answers of one day, as far as their records say.

    Args:
        folder: Folder of the files; it need not exist.
        moment: A time of that day, UTC, ISO 8601.

    Returns:
        Answers whose record is of that day; those that failed left none.

    Raises:
        SourceError: If a record is damaged.
    """
    files = [path.with_suffix("") for path in folder.glob(f"*{ENDING}")]
    records = [read_record(file) for file in files if file.suffix != ".part"]
    day = moment[: len("2024-01-31")]
    return sum(record is not None and record.retrieved_at.startswith(day) for record in records)
