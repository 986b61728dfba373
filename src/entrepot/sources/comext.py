"""Bulk files of Comext, recognised by content, never by the file's name."""

from __future__ import annotations

from pathlib import Path

from entrepot.sources.bulk_file import SEVEN_ZIP, looks_like_bulk

_HEAD = 4096


def is_bulk(path: Path) -> bool:
    """Whether a file is a monthly bulk file, as 7z or as text.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    first_line = head.split(b"\n", 1)[0].decode("ascii", errors="replace")
    return head.startswith(SEVEN_ZIP) or looks_like_bulk(first_line)
