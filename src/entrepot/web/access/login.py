"""Signing in and out."""

from __future__ import annotations

import re

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from entrepot.api.accounts import Account, folded
from entrepot.api.accounts_open import Access
from entrepot.web.access.caller import Caller
from entrepot.web.access.cookies import hand_over, session_of, take_back
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import AccessDep, Entrance, EntranceDep
from entrepot.web.access.forms import FormDep
from entrepot.web.access.limits import too_often
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ
from entrepot.web.pages.page import Page, render

router = APIRouter()
# A place on this server: one slash, no back slash, which browsers take for one, and no blank.
_PLACE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
_WRONG = "Name or password is wrong, or the account was closed."


@router.api_route("/login", **READ)
def login(request: Request, entrance: EntranceDep) -> Response:
    """The page to sign in."""
    after = place(request.query_params.get("next", "/"))
    caller: Caller | None = request.state.caller
    if caller is not None:
        return RedirectResponse(after, 303)
    return login_page(entrance, after)


@router.post("/login", include_in_schema=False)
async def sign_in(
    request: Request, entrance: EntranceDep, access: AccessDep, form: FormDep
) -> Response:
    """Sign in with name and password."""
    after = place(form.get("next", "/"))
    name, address = folded(form.get("name", "")[:100]), entrance.door.address(request)
    seconds = entrance.attempts.wait(name, address)
    if seconds > 0:
        told = too_often(seconds)
        page = login_page(entrance, after, told.detail, told.status_code)
        page.headers.update(told.headers or {})
        return page
    account = await run_in_threadpool(access.accounts.check, name, form.get("password", ""))
    if account is None:
        await run_in_threadpool(_note_failure, access, name, address)
        return login_page(entrance, after, _WRONG, 401)
    entrance.attempts.forget(name, address)
    return await run_in_threadpool(begun, request, entrance, account, after)


@router.post("/logout", include_in_schema=False)
def sign_out(request: Request, entrance: EntranceDep, access: AccessDep) -> Response:
    """Sign out: the session ends on the server, not only in the browser."""
    session = session_of(request, entrance.door)
    caller: Caller | None = request.state.caller
    if session is not None and caller is not None:
        access.sessions.end(session)
        access.audit.append(caller.name, "logout", "", entrance.door.address(request))
    response = RedirectResponse("/login", 303)
    take_back(response, entrance.door)
    return response


def _note_failure(access: Access, name: str, address: str) -> None:
    # Some type a password where the name belongs: only names of accounts are written down.
    who = name if name in {one.name for one in access.accounts.rows()} else "unknown"
    access.audit.append(who, "login_failed", "", address)


def login_page(entrance: Entrance, after: str, words: str = "", status: int = 200) -> Response:
    """The page to sign in.

    Args:
        entrance: What decides who gets in.
        after: Where to go then.
        words: What went wrong; empty for nothing.
        status: Status of the answer.
    """
    shown = {
        "after": after,
        "words": words,
        "has_provider": entrance.provider is not None,
        "is_plain": not entrance.door.is_behind_tls,
    }
    page = Page("Sign in", status=status)
    return Response(render("login.html", page, shown), status, {**PAGE_HEADERS, **_KIND})


_KIND = {"content-type": HTML, "cache-control": "no-store"}


def begun(request: Request, entrance: Entrance, account: Account, after: str) -> Response:
    """Begin a session and lead on; a session there was before ends.

    Args:
        request: The request.
        entrance: What decides who gets in.
        account: Who signed in.
        after: Where to go.

    Returns:
        The way on, with the session's cookie.

    Raises:
        HTTPException: If this server keeps no accounts.
    """
    access = entrance.access
    if access is None:
        raise HTTPException(404, "This server keeps no accounts.")
    _end_before(request, access, entrance.door)
    session = access.sessions.start(account)
    access.audit.append(account.name, "login", "", entrance.door.address(request))
    response = RedirectResponse(after, 303)
    hand_over(response, session, entrance.door)
    return response


def _end_before(request: Request, access: Access, door: Door) -> None:
    before = session_of(request, door)
    if before is not None:
        access.sessions.end(before)


def place(given: str) -> str:
    """Where to go on this server after signing in.

    Args:
        given: What the address says.

    Returns:
        A path with its query; the first page where the address says anything else.

    Example:
        >>> place("/leads?country=KG"), place("//evil.example"), place("https://evil.example")
        ('/leads?country=KG', '/', '/')
    """
    return given if _PLACE.fullmatch(given) and len(given) <= 2_000 else "/"
