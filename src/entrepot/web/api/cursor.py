"""Where a page of rows ends, in letters that mean nothing to who carries them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from fastapi import HTTPException, Request

LONGEST = 2_000  # letters


def question_of(asked: Mapping[str, object]) -> str:
    """A digest of a question, so that a place in one answer is not taken for one in another.

    Args:
        asked: What was asked, without the place and without the length of a page.

    Returns:
        Ten letters.

    Example:
        >>> question_of({"a": 1}) == question_of({"a": 2})
        False
    """
    text = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def cursor_of(question: str, key: Sequence[object]) -> str:
    """Write down the last row of a page.

    Args:
        question: What was asked, as :func:`question_of` has it.
        key: The row's key.

    Returns:
        Letters that are safe in an address.

    Example:
        >>> key_of(cursor_of("q", ["KG", date(2022, 1, 1)]), "q", (str, date))
        ('KG', datetime.date(2022, 1, 1))
    """
    text = json.dumps([question, *key], ensure_ascii=False, default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(cursor: str, question: str, kinds: Sequence[type]) -> tuple[str | int | date, ...]:
    """Read the last row of a page back.

    Args:
        cursor: What :func:`cursor_of` wrote.
        question: What is asked now.
        kinds: Types of the key's columns.

    Returns:
        The row's key.

    Raises:
        HTTPException: If nobody wrote it here, or for another question.
    """
    try:
        filled = cursor + "=" * (-len(cursor) % 4)
        held = json.loads(base64.b64decode(filled, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _foreign() from None
    if not isinstance(held, list) or len(held) != 1 + len(kinds):
        raise _foreign()
    if held[0] != question:
        raise HTTPException(
            400, "cursor belongs to another question: begin again without it, or ask the same."
        )
    return tuple(_value(value, kind) for value, kind in zip(held[1:], kinds, strict=True))


def _value(value: object, kind: type) -> str | int | date:
    try:
        if kind is date and isinstance(value, str):
            return date.fromisoformat(value)
        if kind is str and isinstance(value, str):
            value.encode()  # half characters are none
            return value
        if kind is int and isinstance(value, int) and abs(value) < 2**63:
            return value
    except ValueError:
        pass
    raise _foreign()


def _foreign() -> HTTPException:
    return HTTPException(
        400, "cursor was not written by this server, expected one from 'next'. Begin without it."
    )


def next_link(request: Request, cursor: str | None) -> str:
    """The header that says where an answer goes on (RFC 8288).

    Args:
        request: The request that is answered.
        cursor: Where it goes on; nothing at the end.

    Returns:
        Addresses on this server, without its name: who asked knows by which they reached it.
    """
    asked = [(name, value) for name, value in request.query_params.multi_items()]
    first = [pair for pair in asked if pair[0] != "cursor"]
    links = [_link(request, first, "first")]
    if cursor is not None:
        links.append(_link(request, [*first, ("cursor", cursor)], "next"))
    return ", ".join(links)


def _link(request: Request, asked: Sequence[tuple[str, str]], relation: str) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return f'<{request.url.path}{query}>; rel="{relation}"'
