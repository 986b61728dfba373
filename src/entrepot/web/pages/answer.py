"""Answers to readers: kept, compressed, named by an ETag, without a body where none is asked."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from entrepot.web.pages.shelf import Shelf

HTML = "text/html; charset=utf-8"
# No word of a page may come from elsewhere, and no page may stand inside another.
PAGE_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
READ: dict[str, Any] = {"methods": ["GET", "HEAD"], "include_in_schema": False}
_SMALL = 1_400  # bytes that fit into one packet, compressed or not


def the_shelf(request: Request) -> Shelf:
    """The shelf the pages read from.

    Args:
        request: The request.
    """
    shelf: Shelf = request.app.state.shelf
    return shelf


ShelfDep = Annotated[Shelf, Depends(the_shelf)]


def answer(
    request: Request,
    make: Callable[[], bytes | str],
    kind: str = HTML,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with something that only the lake, the code and the address decide.

    Args:
        request: The request.
        make: Makes the body where it is not kept already.
        kind: Media type.
        headers: Further headers.

    Returns:
        The body, nothing (304) where the reader has it already, headers alone for ``HEAD``.
    """
    shelf = the_shelf(request)
    # A form carries what belongs to one session: what is kept for it is sent to nobody else.
    caller = getattr(request.state, "caller", None)
    session = "" if caller is None else caller.csrf
    where = f"{request.url.path}?{request.url.query} {session}"
    name = hashlib.sha256(f"{shelf.tag} {where}".encode()).hexdigest()[:24]
    about = {
        **PAGE_HEADERS,
        "etag": f'W/"{name}"',
        "cache-control": "private, no-cache",
        "vary": "Accept-Encoding",
        **(headers or {}),
    }
    if is_known(request, name):
        return Response(status_code=304, headers=about)
    plain, zipped = shelf.kept(("answer", name), lambda: _both(make()))
    return sent(request, (plain, zipped), kind, about)


def is_known(request: Request, name: str) -> bool:
    """Whether the reader has this version already.

    Args:
        request: The request.
        name: The version, without quotes.
    """
    given = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") == f'"{name}"' for one in given.split(","))


def sent(
    request: Request, body: tuple[bytes, bytes], kind: str, headers: Mapping[str, str]
) -> Response:
    """Send a body, compressed where the reader takes that.

    Args:
        request: The request.
        body: The body, and the same compressed.
        kind: Media type.
        headers: Further headers.

    Returns:
        The response; without a body for ``HEAD``.
    """
    plain, zipped = body
    takes = "gzip" in request.headers.get("accept-encoding", "") and len(plain) > _SMALL
    chosen = zipped if takes else plain
    about = {**headers, "content-type": kind, "content-length": str(len(chosen))}
    if takes:
        about["content-encoding"] = "gzip"
    return Response(b"" if request.method == "HEAD" else chosen, headers=about)


def _both(made: bytes | str) -> tuple[bytes, bytes]:
    body = made.encode() if isinstance(made, str) else made
    return body, gzip.compress(body, 6, mtime=0)
