"""The manifest of a lake: which files are live. Replacing it is the commit.

One manifest covers every table, so a writer that touches several of them is seen whole or not at
all. Readers read the files it names and nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from entrepot.errors import LakeError
from entrepot.lake_files import make_durable, our_files

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True, order=True)
class LakeFile:
    """One live file of the lake.

    Args:
        table: Table it belongs to; ``raw`` for the bytes of a publisher.
        unit: Key of the writer, e.g. a source id: the same unit replaces its files.
        path: Where it is, relative to the lake, with forward slashes.
        row_count: Rows in it.
        size_bytes: Its size.
        sha256: Digest of its bytes, 64 hex digits.
    """

    table: str
    unit: str
    path: str
    row_count: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The live files of all tables.

    Args:
        files: The files, sorted.
    """

    files: tuple[LakeFile, ...] = ()

    def of(self, table: str) -> tuple[LakeFile, ...]:
        """Pick the live files of one table.

        Args:
            table: Name of the table, or ``raw``.
        """
        return tuple(file for file in self.files if file.table == table)

    def replace(self, gone: Iterable[tuple[str, str]], new: Iterable[LakeFile]) -> Manifest:
        """The manifest after a commit.

        Args:
            gone: Pairs of table and unit whose files are no longer live.
            new: Files that are live from now on.

        Returns:
            A new manifest.
        """
        replaced = set(gone)
        kept = (file for file in self.files if (file.table, file.unit) not in replaced)
        return Manifest(tuple(sorted((*kept, *new))))


def read_manifest(lake: Path) -> Manifest:
    """Read which files are live.

    Args:
        lake: Folder of the lake.

    Returns:
        The manifest; an empty one where there is no lake yet.

    Raises:
        LakeError: If the manifest cannot be read, or is gone although the lake holds files.
    """
    path = lake / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        _refuse_files_without_manifest(lake)
        return Manifest()
    except OSError as error:
        raise LakeError(
            f"{lake}: cannot be read as a lake ({error.strerror}), expected a folder. Name another "
            "with --lake."
        ) from error
    try:
        return _from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LakeError(
            f"{path}: not a manifest of format {_FORMAT} ({error}). Restore the file from a "
            "backup, or ingest into a new lake."
        ) from error


def write_manifest(manifest: Manifest, lake: Path, staging: Path) -> None:
    """Write the manifest aside, make it durable, rename it into place: the commit.

    Args:
        manifest: The live files from now on.
        lake: Folder of the lake; the caller holds its lock.
        staging: Folder for what is not committed yet.
    """
    aside = staging / MANIFEST
    aside.write_text(_to_json(manifest), encoding="utf-8")
    make_durable(aside)
    os.replace(aside, lake / MANIFEST)
    make_durable(lake)


def _refuse_files_without_manifest(lake: Path) -> None:
    """A writer puts a manifest there before anything else, so files without one lost theirs."""
    files = our_files(lake)
    if files:
        raise LakeError(
            f"{lake / MANIFEST} is missing although the lake holds {len(files)} files. Restore "
            "it from a backup, or move the lake away and ingest again."
        )


def _to_json(manifest: Manifest) -> str:
    tables: dict[str, list[dict[str, object]]] = {}
    for file in manifest.files:
        entry = asdict(file)
        tables.setdefault(entry.pop("table"), []).append(entry)
    return json.dumps({"format": _FORMAT, "tables": tables}, indent=1, sort_keys=True) + "\n"


def _from_json(text: str) -> Manifest:
    content = json.loads(text)
    if content["format"] != _FORMAT:
        raise ValueError(f"format is {content['format']!r}")
    files = (
        LakeFile(table=table, **entry)
        for table, entries in content["tables"].items()
        for entry in entries
    )
    return Manifest(tuple(sorted(files)))
