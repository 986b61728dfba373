"""Answers to programs: named by what they rest on, whole or in a stream."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from entrepot.lake import Lake
from entrepot.web.pages.answer import is_known, sent, the_shelf
from entrepot.web.pages.shelf import Shelf

JSON = "application/json"
STREAMS = 2  # at once: each has an engine of its own, so that pages do not wait for it
_STREAMS = threading.BoundedSemaphore(STREAMS)


def headers_of(request: Request, variant: str = "") -> tuple[str, dict[str, str]]:
    """What is said of an answer that only the lake, the code and the address decide.

    Args:
        request: The request.
        variant: What else decides, e.g. the format that was settled on.

    Returns:
        Its version, and headers: ETag, how it may be kept, what it varies by.
    """
    where = f"{request.url.path}?{request.url.query} {variant}"
    name = hashlib.sha256(f"{the_shelf(request).tag} {where}".encode()).hexdigest()[:24]
    return name, {
        "etag": f'W/"{name}"',
        "cache-control": "private, no-cache",
        "vary": "Accept, Accept-Encoding, Authorization",
    }


def told(
    request: Request, make: Callable[[], tuple[bytes, Mapping[str, str]]], kind: str = JSON
) -> Response:
    """Answer with something whole.

    Args:
        request: The request.
        make: Makes the body and its own headers.
        kind: Media type.

    Returns:
        The body, nothing (304) where the caller has it already, headers alone for ``HEAD``.
    """
    name, about = headers_of(request, kind)
    if is_known(request, name):
        return Response(status_code=304, headers=about)
    plain, more = make()
    takes = "gzip" in request.headers.get("accept-encoding", "")
    zipped = gzip.compress(plain, 5, mtime=0) if takes else plain
    return sent(request, (plain, zipped), kind, {**about, **more})


@contextmanager
def own_lake(shelf: Shelf) -> Iterator[Lake]:
    """Open a lake for one stream, which may take as long as its reader does.

    Args:
        shelf: What the server reads from.

    Raises:
        HTTPException: If too many streams run already.
    """
    if not _STREAMS.acquire(blocking=False):
        raise HTTPException(
            503,
            f"{STREAMS} streams of whole tables run already. Ask again later, or for pages.",
            {"retry-after": "10"},
        )
    try:
        with Lake(shelf.settings.lake, shelf.settings) as lake:
            yield lake
    finally:
        _STREAMS.release()


def streamed(
    request: Request, make: Callable[[], Iterator[bytes]], kind: str, headers: Mapping[str, str]
) -> Response:
    """Answer with a stream; what goes wrong before its first piece is told as usual.

    Args:
        request: The request.
        make: Makes the pieces. What goes wrong between them breaks the connection off, so that
            no cut answer is taken for a whole one.
        kind: Media type.
        headers: Further headers.

    Returns:
        The stream, nothing (304) where the caller has it already, headers alone for ``HEAD``.
    """
    name, about = headers_of(request, f"{kind} stream")
    about |= headers
    if is_known(request, name):
        return Response(status_code=304, headers=about)
    if request.method == "HEAD":
        return Response(headers={**about, "content-type": kind})
    pieces = make()
    first = next(pieces, b"")
    return StreamingResponse(_all(first, pieces), headers={**about, "content-type": kind})


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield first
        yield from rest
    finally:
        close = getattr(rest, "close", None)
        if close is not None:
            close()
