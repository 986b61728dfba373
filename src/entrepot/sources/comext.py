"""Comext in both layouts its users have: recognised by content, never by the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from entrepot.sources.bulk_file import SEVEN_ZIP, looks_like_bulk
from entrepot.sources.comext_bulk import read_bulk
from entrepot.sources.comext_workbook import read_workbook
from entrepot.sources.reading import OnProgress, Reading, SourceFile

Layout = Literal["workbook", "bulk"]

# An xlsx is a zip; which workbook it is, its reader finds out.
_ZIP = b"PK\x03\x04"
_HEAD = 4096


def layout_of(path: Path) -> Layout | None:
    """Recognise a Comext file by its first bytes.

    Args:
        path: The file.

    Returns:
        ``workbook`` for a spreadsheet, ``bulk`` for a monthly file (7z or text), ``None`` for
        anything else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return "workbook"
    if head.startswith(SEVEN_ZIP):
        return "bulk"
    first_line = head.split(b"\n", 1)[0].decode("ascii", errors="replace")
    return "bulk" if looks_like_bulk(first_line) else None


def read_comext(
    source: SourceFile, layout: Layout, workspace: Path, on_progress: OnProgress
) -> Reading:
    """Read a Comext file in the layout it was recognised in.

    Args:
        source: The file.
        layout: What :func:`layout_of` said.
        workspace: Folder for what is unpacked; the caller removes it.
        on_progress: Told after every sheet or reporter.

    Returns:
        A reading of ``flows``.

    Raises:
        SourceError: If the file is damaged or not as its reader documents.
    """
    if layout == "workbook":
        return read_workbook(source, on_progress)
    return read_bulk(source, workspace, on_progress)
