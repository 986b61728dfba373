"""Files of the pages that never change while the server runs: style, scripts, the world."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ROOT = "static"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent.

    Args:
        body: Its bytes.
        zipped: The same, compressed with gzip.
        kind: Media type.
        digest: First letters of its sha256, which its address carries.
    """

    body: bytes
    zipped: bytes
    kind: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """All files by their path below ``static``; read and compressed once.

    Returns:
        E.g. ``desk.css`` and ``vendor/vega.min.js``.
    """
    root = files("entrepot.web").joinpath(_ROOT)
    found = {}
    for folder in ("", "vendor"):
        for entry in root.joinpath(folder).iterdir():
            kind = _KINDS.get(f".{entry.name.rpartition('.')[2]}")
            if entry.is_file() and kind is not None:
                body = entry.read_bytes()
                digest = hashlib.sha256(body).hexdigest()[:12]
                # No time of day in the stream: the same file is the same bytes.
                zipped = gzip.compress(body, 9, mtime=0)
                found[f"{folder}/{entry.name}".lstrip("/")] = Asset(body, zipped, kind, digest)
    return found


def address(name: str) -> str:
    """The address of a file, which changes with its content.

    Args:
        name: Its path below ``static``.

    Returns:
        A path with the digest as its query.

    Raises:
        KeyError: If there is no such file.

    Example:
        >>> address("desk.css").startswith("/static/desk.css?v=")
        True
    """
    return f"/static/{name}?v={assets()[name].digest}"


@cache
def version_of_looks() -> str:
    """Digest of templates and files, so that a changed page has another ETag.

    Returns:
        Twelve letters.
    """
    digest = hashlib.sha256("".join(one.digest for one in assets().values()).encode())
    templates = files("entrepot.web.pages").joinpath("templates")
    for entry in sorted(templates.iterdir(), key=lambda entry: entry.name):
        digest.update(entry.read_bytes())
    return digest.hexdigest()[:12]
