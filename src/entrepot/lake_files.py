"""Files of a lake: written aside, made durable, renamed into place, swept up after a crash.

A file gets a name nobody has used for other bytes (its unit and a digest of its content), so a
reader that holds an older manifest still finds the files it names. What no manifest names is left
over from a writer that died, or was replaced; the next writer removes it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from entrepot.errors import LakeError
from entrepot.tables import TABLES

STAGING = ".staging"
RAW = "raw"

_DIGEST_LENGTH = 12
_CHUNK = 1 << 20
_NAME_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_OUR_PARQUET = re.compile(rf".+-[0-9a-f]{{{_DIGEST_LENGTH}}}\.parquet")
_OUR_RAW = re.compile(r"[0-9a-f]{16}-.+")


def name_part(value: str, what: str) -> str:
    """Refuse a value that cannot be part of a file name everywhere.

    Args:
        value: What would become part of a path, e.g. a source id.
        what: Its name, for the message.

    Returns:
        The value, unchanged.

    Raises:
        LakeError: If it holds anything but letters, digits, dot, hyphen and underscore.
    """
    if not _NAME_PART.fullmatch(value):
        raise LakeError(
            f"{what} is {value!r}, expected letters, digits, '.', '_' or '-', at most 100."
        )
    return value


def staging_folder(lake: Path) -> Path:
    """Create a folder of its own for what one writer has not committed yet.

    Args:
        lake: Folder of the lake.
    """
    folder = lake / STAGING / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def file_digest(path: Path) -> str:
    """Compute the sha256 of a file, as 64 hex digits.

    Args:
        path: The file.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def parquet_name(unit: str, sha256: str) -> str:
    """Name a Parquet file after its unit and its content.

    Args:
        unit: Key of the writer.
        sha256: Digest of the content, 64 hex digits.

    Example:
        >>> parquet_name("run1", "ab" * 32)
        'run1-abababababab.parquet'
    """
    return f"{unit}-{sha256[:_DIGEST_LENGTH]}.parquet"


def make_durable(path: Path) -> None:
    """Ask the system to put a file or a folder on the disk before going on.

    Args:
        path: File or folder.
    """
    if path.is_dir() and os.name != "posix":  # Windows cannot open a folder
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(staged: Path, final: Path, lake: Path) -> None:
    """Rename a durable file into place and make its folders durable up to the lake.

    Args:
        staged: The file, already durable, on the same file system.
        final: Where it belongs.
        lake: Folder of the lake.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    os.replace(staged, final)
    folder = final.parent
    while folder != lake:
        make_durable(folder)
        folder = folder.parent
    make_durable(lake)


def our_files(lake: Path) -> list[Path]:
    """List the files under the lake that carry a name only this package gives.

    Anything else in the folder belongs to somebody else and is never touched.

    Args:
        lake: Folder of the lake.
    """
    tables = [lake / table for table in TABLES]
    found = [path for folder in tables for path in folder.rglob("*.parquet")]
    ours = [path for path in found if _OUR_PARQUET.fullmatch(path.name)]
    raw = lake / RAW
    if raw.is_dir():
        ours += [path for path in raw.iterdir() if _OUR_RAW.fullmatch(path.name)]
    return sorted(ours)


def sweep(lake: Path, live: Iterable[str]) -> tuple[str, ...]:
    """Remove what a dead writer left and what no manifest names any more.

    Args:
        lake: Folder of the lake; the caller holds its lock.
        live: Paths in the manifest, relative to the lake.

    Returns:
        What was removed, relative to the lake.
    """
    staging = lake / STAGING
    leftovers = sorted(staging.iterdir()) if staging.is_dir() else []
    for folder in leftovers:
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    named = {lake / path for path in live}
    orphans = [path for path in our_files(lake) if path not in named]
    for path in orphans:
        path.unlink()
        _remove_if_empty(path.parent, lake)
    return tuple(path.relative_to(lake).as_posix() for path in (*leftovers, *orphans))


def _remove_if_empty(folder: Path, lake: Path) -> None:
    while folder != lake and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
