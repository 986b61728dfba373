"""Forms without files: their fields, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from entrepot.web.access.limits import FORM, bounded

_TYPE = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form.

    Args:
        request: The request.

    Returns:
        Their values by name.

    Raises:
        HTTPException: If it is no form, too large, or names a field twice.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != _TYPE:
        raise HTTPException(400, f"Content-Type is {sent!r}, expected {_TYPE!r}.")
    receive = bounded(request, request.receive, FORM)
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise HTTPException(400, "The form was cut off.")
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=1_000)
    except ValueError:
        raise HTTPException(400, "The form cannot be read: it is no list of fields.") from None
    if len(dict(pairs)) < len(pairs):
        raise HTTPException(400, "The form names a field twice.")
    return dict(pairs)


FormDep = Annotated[Mapping[str, str], Depends(read_form)]
