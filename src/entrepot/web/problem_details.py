"""What went wrong, for programs: problem details as RFC 9457 has them.

``detail`` is what clients of yente read, so that one answer satisfies both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import Request, Response

from entrepot.web.pages.problems import wants_page

KIND = "application/problem+json"
API = "/api/v1"


def is_for_people(request: Request) -> bool:
    """Whether what went wrong is told on a page: never to who asks the interface for programs.

    Args:
        request: The request.
    """
    return wants_page(request) and not request.url.path.startswith(f"{API}/")


def problem_details(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Tell a program what went wrong.

    Args:
        request: The request.
        status: Status of the answer.
        detail: What was found, expected, and what to do.
        headers: Further headers.

    Returns:
        The answer; ``type`` is ``about:blank``, which means what the status means.
    """
    held = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    body = json.dumps(held, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, dict(headers or {}), KIND)
