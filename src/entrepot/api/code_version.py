"""Which code gave an answer."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import entrepot


@cache
def version_of_code() -> str:
    """Version of Entrepôt with a digest of its code and codes, so that a changed line is a new run.

    Returns:
        E.g. ``0.1.0+3f2a9c1e``.
    """
    folder = Path(entrepot.__path__[0])
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".csv"}):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{version('entrepot')}+{digest.hexdigest()[:8]}"
