"""Reading what a caller sent: bounded, strict, and nothing lost to a key that is there twice."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from fastapi import HTTPException, Request

LARGEST = 16_000_000  # bytes of a body
_TYPE = "application/json"


async def read_json(request: Request) -> Any:
    """The body of a request.

    JSON leaves open what a key means that is there twice, and parsers drop the first: here it is
    told, because a query would vanish unanswered.

    Args:
        request: The request.

    Returns:
        The value.

    Raises:
        HTTPException: If it is no JSON, too large, or holds a key twice.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != _TYPE:
        # A page from elsewhere may send other types to this machine unasked, but not this one.
        raise HTTPException(400, f"Content-Type is {sent!r}, expected {_TYPE!r}.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(
                400, f"The body is larger than {LARGEST:,} bytes: send it in parts."
            )
    try:
        value = json.loads(body, object_pairs_hook=_each_once, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode()  # an escaped half of a letter is no text
        return value
    except RecursionError:
        raise HTTPException(400, "The body is nested too deeply to be read.") from None
    except ValueError as error:  # no JSON, or no UTF-8
        raise HTTPException(400, f"The body is no JSON in UTF-8: {error}.") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise HTTPException(
                400, f"{key!r} is there twice in one object: give every query an id of its own."
            )
        made[key] = value
    return made


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
