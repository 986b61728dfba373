"""The guard: before any page is reached, who asks is known, and what they may not do is refused."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepot.web.access.caller import ASKING, LOCAL, PROGRAM, Caller, csrf_token
from entrepot.web.access.cookies import session_of
from entrepot.web.access.csrf import SAFE, check_origin, with_token
from entrepot.web.access.door import PROBES, Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.access.limits import (
    ANYBODY,
    KNOWN,
    UPLOADS,
    bounded,
    has_files,
    largest,
    too_often,
)
from entrepot.web.pages.problems import wants_page

_SIGN_IN = ("/login", "/login/oidc", "/login/oidc/back")
# What somebody sees who is not signed in: nothing here says anything about anybody.
OPEN = (*PROBES, *_SIGN_IN, "/static/desk.css", "/static/mark.svg")
# What every account may change: itself.
OWN = ("/logout", "/account/password", "/account/sessions")
# What the token may send: questions. Decisions, jobs and accounts need a person with a name.
QUESTIONS = ("/match/", "/screen/shipment", "/api/")
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    # Not `no-referrer`: with it browsers withhold the Origin of our own forms.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
Refuse = Callable[[Request, HTTPException], Response]


def guard(app: ASGIApp, entrance: Entrance, refuse: Refuse) -> ASGIApp:
    """Stand before a server.

    Args:
        app: The server.
        entrance: What decides who gets in.
        refuse: Puts a refusal into words.

    Returns:
        The server behind its guard.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            return  # nothing here speaks by sockets

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)  # a page has a policy of its own
                if message["status"] == 413:
                    headers["connection"] = "close"  # else the rest of it is read to its end
            await send(message)

        request = Request(scope, receive)
        try:
            body = await _admitted(request, entrance, receive)
        except HTTPException as error:
            await _turned_away(request, entrance, error, refuse)(scope, receive, sent)
            return
        await app(scope, body, sent)

    return guarded


async def _admitted(request: Request, entrance: Entrance, receive: Receive) -> Receive:
    door = entrance.door
    door.check(request)
    caller = await _known(request, entrance)
    request.state.caller = caller
    ASKING.set(caller)
    if caller is None and request.url.path not in OPEN:
        raise HTTPException(401, _needed(entrance))
    if request.method not in SAFE:
        _check_role(request, caller)
    _check_files(request, caller, entrance)
    body = bounded(request, receive, largest(request, entrance.upload))
    if request.method in SAFE or (caller is not None and caller.kind == "token"):
        return body
    # Whoever has no session yet may at most sign in, and only from the page for that.
    check_origin(request, door.origin(request), is_named_needed=caller is not LOCAL)
    if caller is None or caller is LOCAL or request.url.path in _SIGN_IN:
        return body
    return await with_token(request, body, caller.csrf)


async def _known(request: Request, entrance: Entrance) -> Caller | None:
    """Who asks, and whether they asked too often."""
    door = entrance.door
    if door.is_open:
        return LOCAL
    caller = None
    given = request.headers.get("authorization")
    if given is not None:
        caller = _by_token(given, door)
    elif entrance.access is not None:
        session = session_of(request, door)
        found = None
        if session is not None:
            found = await run_in_threadpool(entrance.access.sessions.found, session)
        if session is not None and found is not None:
            caller = Caller(found.name, found.role, "session", csrf_token(session))
    if caller is None:
        seconds = entrance.window.wait(f"address {door.address(request)}", ANYBODY)
    else:
        seconds = entrance.window.wait(f"{caller.kind} {caller.name}", KNOWN)
    if seconds > 0 and request.url.path not in PROBES:
        raise too_often(seconds)
    return caller


def _by_token(given: str, door: Door) -> Caller | None:
    kind, _, token = given.partition(" ")
    is_known = kind.lower() in ("bearer", "apikey")
    return PROGRAM if is_known and door.knows(token.strip()) else None


def _check_role(request: Request, caller: Caller | None) -> None:
    path = request.url.path
    if caller is None or path in (*OWN, *_SIGN_IN):
        return
    if caller.kind == "token" and not path.startswith(QUESTIONS):
        raise HTTPException(
            403, "The token asks, it does not write: a person must sign in to do this."
        )
    if not caller.may("analyst"):
        raise HTTPException(
            403,
            f"{caller.name} is {caller.role} and only reads, expected analyst. An admin changes "
            "roles with `entrepot account role`.",
        )


def _check_files(request: Request, caller: Caller | None, entrance: Entrance) -> None:
    if caller is None or caller is LOCAL or not has_files(request):
        return
    seconds = entrance.window.wait(f"files {caller.kind} {caller.name}", UPLOADS)
    if seconds > 0:
        raise too_often(seconds)


def _needed(entrance: Entrance) -> str:
    if entrance.access is None or not entrance.door.demands_accounts:
        return "A token is needed: Authorization: Bearer …"
    return "Sign in at /login, or send a token: Authorization: Bearer …"


def _turned_away(
    request: Request, entrance: Entrance, error: HTTPException, refuse: Refuse
) -> Response:
    is_unknown = error.status_code == 401
    if is_unknown and entrance.access is not None and entrance.door.demands_accounts:
        if request.headers.get("hx-request") == "true":
            shown = urlsplit(request.headers.get("hx-current-url", ""))
            response = refuse(request, error)
            # The script follows this header to a whole page; the part it asked for is none.
            response.headers["hx-redirect"] = _sign_in(shown.path or "/", shown.query)
            return response
        if request.method in SAFE and wants_page(request):
            address = _sign_in(request.url.path, request.url.query)
            return RedirectResponse(address, 303, {"vary": "Accept, Cookie"})
    response = refuse(request, error)
    if is_unknown:
        response.headers["www-authenticate"] = "Bearer"
    return response


def _sign_in(path: str, query: str) -> str:
    after = f"{path}?{query}" if query else path
    return "/login" if after == "/" else f"/login?next={quote(after, safe='/')}"
