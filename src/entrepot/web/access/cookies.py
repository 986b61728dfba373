"""The cookie of a session: out of reach of scripts, of other sites and of requests without TLS."""

from __future__ import annotations

from fastapi import Request, Response

from entrepot.api.accounts_sessions import LONGEST
from entrepot.web.access.door import Door

_NAME = "entrepot"


def session_of(request: Request, door: Door) -> str | None:
    """What the cookie of a request holds.

    Args:
        request: The request.
        door: Whether TLS stands in front.
    """
    return request.cookies.get(_named(door)) or None


def hand_over(response: Response, session: str, door: Door) -> None:
    """Give a browser its session.

    Args:
        response: The answer.
        session: The session.
        door: Whether TLS stands in front: then the cookie never travels without.
    """
    response.set_cookie(
        _named(door),
        session,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=door.is_behind_tls,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, door: Door) -> None:
    """Take the session from a browser, and what it kept of pages.

    Args:
        response: The answer.
        door: Whether TLS stands in front.
    """
    response.delete_cookie(
        _named(door), path="/", secure=door.is_behind_tls, httponly=True, samesite="lax"
    )
    response.headers["clear-site-data"] = '"cache"'


def _named(door: Door) -> str:
    # Browsers take a cookie of this prefix only with TLS, from this very host, for all of it.
    return f"__Host-{_NAME}" if door.is_behind_tls else _NAME
