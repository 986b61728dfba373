"""What nobody expected: told with a number, without a word of the code; the log has the rest."""

from __future__ import annotations

import errno
import logging
import secrets

from fastapi import Request, Response

from entrepot.web.pages.problems import problem
from entrepot.web.problem_details import is_for_people, problem_details

_LOG = logging.getLogger("entrepot.web")
_FULL = (errno.ENOSPC, errno.EDQUOT)
# This answer passes by the guard, so it carries what the guard adds to others.
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def unexpected(request: Request, error: Exception) -> Response:
    """Tell that an error of the program itself ended a request.

    Args:
        request: The request.
        error: The error; it is written to the log, never to the answer.

    Returns:
        A page or problem details, with the number under which the log has the error.
    """
    number = secrets.token_hex(4)
    # The address is left out: it may hold the name of a customer.
    _LOG.error("Error %s at %s %s", number, request.method, _route(request), exc_info=error)
    return _told(
        request,
        500,
        f"An error of the program ended this request. Nothing is known of whether it was carried "
        f"out: look before you send it again. The log of the server has it under {number}; name "
        "that number to whoever runs it.",
    )


def full_disk(request: Request, error: Exception) -> Response:
    """Tell that the disk is full; any other error of the system is unexpected.

    Args:
        request: The request.
        error: The error of the system.

    Returns:
        A page or problem details.
    """
    if not isinstance(error, OSError) or error.errno not in _FULL:
        return unexpected(request, error)
    _LOG.error("The disk is full at %s %s", request.method, _route(request))
    return _told(
        request,
        507,
        "The disk of this server is full, or its share is used up. What was sent was not kept. "
        "Remove files at /screen, or ask whoever runs the server for room; then send it again.",
    )


def _route(request: Request) -> str:
    """The pattern of the route, as the code has it."""
    return str(getattr(request.scope.get("route"), "path", "an unknown route"))


def _told(request: Request, status: int, words: str) -> Response:
    if not is_for_people(request):
        return problem_details(request, status, words, _HEADERS)
    page = problem(status, words)
    for name, value in _HEADERS.items():
        page.headers.setdefault(name, value)
    return page
