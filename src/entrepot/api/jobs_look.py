"""What is understood of the columns of a file that somebody sent, told by a process of its own.

A file made to harm a reader harms that process only: its memory and time are bounded. It is
``python -m entrepot.api.jobs_look FILE [COLUMNS]`` and prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from entrepot.api.jobs_uploads import Upload
from entrepot.errors import EntrepotError, SourceError

LAYOUT = "layout.json"
COLUMNS = "columns.toml"
_SECONDS = 60
_BYTES = 3 << 30  # a workbook of 50,000,000 cells takes some 2 GB
_MOST_COLUMNS = 300
_UNKNOWN = "no heading we know"  # of the message where no column is understood
_DEEP, _WIDE = 30, 200


def look(upload: Upload, folder: Path) -> dict[str, Any]:
    """Understand the columns of an upload, as its file of columns says where there is one.

    Args:
        upload: The upload.
        folder: Its folder.

    Returns:
        ``header_row``, ``headings`` (text, field, how, suggestion, currency, example), ``notes``.

    Raises:
        SourceError: If the file cannot be read, or takes too long or too much memory.
    """
    columns = folder / COLUMNS
    words = [str(folder / upload.stored_name), *([str(columns)] if columns.is_file() else [])]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "entrepot.api.jobs_look", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"{upload.name}: its columns could not be understood within {_SECONDS} seconds. Save "
            "it as CSV."
        ) from None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise SourceError(
            f"{upload.name}: cannot be read within {_BYTES / 1e9:.0f} GB of memory, or is damaged. "
            "Save it as CSV."
        ) from None
    if "refused" in found:
        raise SourceError(found["refused"].replace(upload.stored_name, upload.name, 1))
    return found


def _bounded() -> None:
    """Bound memory and time of this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # not on Windows; the time is bounded from outside
        return
    resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def _unknown(path: Path, settings: Mapping[str, str]) -> list[tuple[int, str]]:
    """The first line with more than one value: a header, perhaps, whose headings nobody knows."""
    from entrepot.sources.shipments_fields import shown
    from entrepot.sources.shipments_lines import file_lines

    for line in islice(file_lines(path, settings), _DEEP):
        texts = [shown(cell).strip()[:_WIDE] for cell in line.cells]
        if sum(map(bool, texts)) > 1 and all(text.isprintable() for text in texts):
            return [(line.row, text) for text in texts]
    return []


def _to_be_named(texts: list[tuple[int, str]]) -> dict[str, Any]:
    row = texts[0][0]
    note = f"No heading is known. Line {row} is taken to be the header: say which column is what."
    open_ones = {"field": None, "how": "", "suggestion": None, "currency": None, "example": ""}
    headings = [{"text": text, **open_ones} for _, text in texts[:_MOST_COLUMNS]]
    return {"header_row": row, "headings": headings, "notes": [note]}


def _told(path: Path, columns: Path | None) -> dict[str, Any]:
    from entrepot.api.screening_files import columns_file_at
    from entrepot.sources.shipments import open_shipments
    from entrepot.sources.shipments_columns import ColumnsFile

    said = ColumnsFile()
    try:
        said = said if columns is None else columns_file_at(columns)
        layout = open_shipments(path, said).layout
    except EntrepotError as error:
        words = str(error).replace(str(path), path.name)
        texts = _unknown(path, said.settings) if _UNKNOWN in words else []
        return _to_be_named(texts) if len(texts) > 1 else {"refused": words}
    except MemoryError:
        return {"refused": f"{path.name}: takes more than {_BYTES / 1e9:.0f} GB of memory."}
    if len(layout.headings) > _MOST_COLUMNS:
        return {
            "refused": f"{path.name}: {len(layout.headings):,} columns, expected at most "
            f"{_MOST_COLUMNS}. Delete those that are not needed."
        }
    return {
        "header_row": layout.header_row,
        "headings": [asdict(one) for one in layout.headings],
        "notes": list(layout.notes),
    }


if __name__ == "__main__":
    _bounded()
    given = [Path(one) for one in sys.argv[1:3]]
    print(json.dumps(_told(given[0], given[1] if len(given) > 1 else None)))
