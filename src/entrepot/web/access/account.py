"""The page of one's own account: what it may do, another password, signing out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from entrepot.api.accounts_passwords import SHORTEST
from entrepot.errors import LakeError
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import Caller, CallerDep, csrf_field
from entrepot.web.access.cookies import take_back
from entrepot.web.access.entrance import AccessDep, EntranceDep
from entrepot.web.access.forms import FormDep
from entrepot.web.access.limits import too_often
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ
from entrepot.web.pages.page import Page, render

router = APIRouter()
_MAY = {
    "reader": "read every page and download what is shown",
    "analyst": "read, decide on hits and leads, screen shipments and start jobs",
    "admin": "read, decide, screen, start jobs, add files to the lake and read the log of access",
}


@router.api_route("/account", **READ)
def account(request: Request, caller: CallerDep, entrance: EntranceDep) -> Response:
    """The page of one's own account."""
    access = entrance.access
    has_password = (
        caller.kind == "session"
        and access is not None
        and access.accounts.named(caller.name).issuer is None
    )
    return _page(request, caller, has_password=has_password)


@router.post("/account/password", include_in_schema=False)
def password(
    request: Request, caller: CallerDep, entrance: EntranceDep, access: AccessDep, form: FormDep
) -> Response:
    """Change one's own password; all sessions end, this one too."""
    address = entrance.door.address(request)
    seconds = entrance.attempts.wait(caller.name, address)
    if seconds > 0:
        raise too_often(seconds)
    if access.accounts.check(caller.name, form.get("current", "")) is None:
        audited(request, "login_failed", caller.name)
        return _page(request, caller, "The current password is wrong.", 422, has_password=True)
    entrance.attempts.forget(caller.name, address)
    wanted = form.get("wanted", "")
    if wanted != form.get("again", ""):
        words = "The new password was not the same both times."
        return _page(request, caller, words, 422, has_password=True)
    try:
        access.accounts.set_password(caller.name, wanted)
    except LakeError as error:
        return _page(request, caller, str(error), 422, has_password=True)
    audited(request, "password_changed", caller.name)
    return _gone(entrance)


@router.post("/account/sessions", include_in_schema=False)
def end_sessions(
    request: Request, caller: CallerDep, entrance: EntranceDep, access: AccessDep
) -> Response:
    """Sign out everywhere."""
    access.sessions.end_all(access.accounts.named(caller.name))
    audited(request, "logout", "all")
    return _gone(entrance)


def _gone(entrance: EntranceDep) -> Response:
    response = RedirectResponse("/login", 303)
    take_back(response, entrance.door)
    return response


def _page(
    request: Request, caller: Caller, words: str = "", status: int = 200, *, has_password: bool
) -> Response:
    shown = {
        "caller": caller,
        "may": _MAY[caller.role],
        "words": words,
        "has_password": has_password,
        "shortest": SHORTEST,
        "csrf": csrf_field(request),
    }
    headers = {**PAGE_HEADERS, "content-type": HTML, "cache-control": "no-store"}
    return Response(render("account.html", Page("Account", status=status), shown), status, headers)
