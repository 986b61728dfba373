"""Writing from a browser: only from a page of this server, and only with the session's token."""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qs

from fastapi import HTTPException, Request
from starlette.types import Message, Receive

from entrepot.web.access.caller import FIELD, HEADER
from entrepot.web.access.door import same_origin

SAFE = ("GET", "HEAD", "OPTIONS")
_PEEK = 8_000  # bytes of an upload in which its first field must end
_WORDS = (
    "The form was not sent from a page of this session. Open the page again and send it from "
    "there; an upload names its field of the session first."
)


def check_origin(request: Request, own: str, is_named_needed: bool) -> None:
    """Look whether what writes comes from a page of this server.

    Args:
        request: The request.
        own: Address of this server.
        is_named_needed: Whether the browser must say where it comes from. Programs do not, and
            every browser does for a page from elsewhere.

    Raises:
        HTTPException: If it comes from elsewhere, or does not say where from.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_own = origin is not None and same_origin(origin, own)
    # An origin that is withheld (null) is one from elsewhere, unless the browser says otherwise.
    is_elsewhere = not is_own and origin is not None and (origin != "null" or site is None)
    if is_elsewhere or site not in (None, "same-origin"):
        raise HTTPException(
            403,
            f"The request comes from {(origin or site)!r}, expected a page of this server, {own}.",
        )
    if is_named_needed and origin is None and site is None:
        raise HTTPException(403, "The request says by no Origin where it comes from.")


async def with_token(request: Request, receive: Receive, token: str) -> Receive:
    """Look for the session's token in a header or in the form, and give back what was read.

    Args:
        request: The request.
        receive: Receives the next piece of its body.
        token: What is expected.

    Returns:
        Receives the body from its beginning.

    Raises:
        HTTPException: If the token is not there.
    """
    given = request.headers.get(HEADER)
    if given is not None:
        _check(given, token)
        return receive
    kind, _, more = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == "application/x-www-form-urlencoded":
        taken = await _taken(receive, None)
        _check(_field(_joined(taken)), token)
    elif kind == "multipart/form-data":
        taken = await _taken(receive, _PEEK)
        _check(_first_part(_joined(taken)[:_PEEK], more), token)
    else:
        raise HTTPException(403, _WORDS)
    return _again(taken, receive)


def _check(given: str, token: str) -> None:
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise HTTPException(403, _WORDS)


async def _taken(receive: Receive, enough: int | None) -> list[Message]:
    """Pieces of the body: all, or until there are enough bytes."""
    taken: list[Message] = []
    size = 0
    while enough is None or size < enough:
        message = await receive()
        taken.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    return taken


def _joined(taken: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in taken)


def _field(form: bytes) -> str:
    try:
        found = parse_qs(form.decode("ascii"), max_num_fields=1_000).get(FIELD, [])
    except ValueError:
        raise HTTPException(400, "The form cannot be read: it is no list of fields.") from None
    return found[0] if len(found) == 1 else ""


def _first_part(beginning: bytes, parameters: str) -> str:
    """The value of the first field of an upload, where it is the token's."""
    boundary = re.search(r'boundary="?([^";,\s]{1,70})"?', parameters)
    if boundary is None:
        return ""
    line = re.escape(boundary.group(1).encode())
    name = re.escape(FIELD.encode())
    found = re.match(
        rb'(?:\r\n)?--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n([0-9a-f]{64})\r\n--%s'
        % (line, name, line),
        beginning,
        re.IGNORECASE,
    )
    return "" if found is None else found.group(1).decode("ascii")


def _again(taken: list[Message], receive: Receive) -> Receive:
    left = iter(taken)

    async def replayed() -> Message:
        for message in left:
            return message
        return await receive()

    return replayed
