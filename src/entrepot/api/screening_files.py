"""The two files a user writes for screening: settings, and which column is what."""

from __future__ import annotations

from pathlib import Path

from entrepot.errors import SourceError
from entrepot.screening.policy import Policy, read_policy
from entrepot.sources.shipments_columns import ColumnsFile, read_mapping


def policy_file(path: Path) -> Policy:
    """Read a policy file.

    Args:
        path: The file.

    Returns:
        The policy.

    Raises:
        SourceError: If it cannot be read.
    """
    return read_policy(_text(path), path.name)


def columns_file_at(path: Path) -> ColumnsFile:
    """Read a file of columns.

    Args:
        path: The file.

    Returns:
        What it says.

    Raises:
        SourceError: If it cannot be read.
    """
    return read_mapping(_text(path), path.name)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error}), expected TOML in UTF-8.") from error
