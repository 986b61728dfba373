"""The log of access: what other pages write to it, and its page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from entrepot.api.audit import Entry, What
from entrepot.web.access.caller import Caller, needs
from entrepot.web.access.entrance import AccessDep, the_entrance
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ
from entrepot.web.pages.listing import Cell, Heading, plain_listing
from entrepot.web.pages.page import Page, Step, render

router = APIRouter()
ON_A_PAGE = 200
_WORDS: dict[What, str] = {
    "login": "signed in",
    "login_failed": "failed to sign in",
    "logout": "signed out",
    "account_added": "added an account",
    "account_disabled": "closed an account",
    "account_enabled": "opened an account again",
    "role_changed": "changed a role",
    "password_changed": "changed a password",
    "decision": "decided",
    "job_started": "started a job",
    "job_cancelled": "cancelled a job",
    "download": "downloaded results",
    "upload": "sent a file",
    "upload_removed": "removed a file and its results",
}


def audited(request: Request, what: What, about: str = "") -> None:
    """Write down that a caller did something.

    Args:
        request: The request by which they did it.
        what: What they did.
        about: What they did it to: a number, a digest or an account; never a name from a file.

    Raises:
        LakeError: If ``about`` holds words, or the log cannot be written.
    """
    entrance = the_entrance(request)
    caller: Caller | None = request.state.caller
    if entrance.access is None:
        return
    who = "unknown" if caller is None else caller.name
    entrance.access.audit.append(who, what, about, entrance.door.address(request))


@router.api_route("/audit", dependencies=[Depends(needs("admin"))], **READ)
def log(access: AccessDep, before: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """The log, newest first."""
    rows = access.audit.rows(ON_A_PAGE + 1, before)
    found, more = rows[:ON_A_PAGE], rows[ON_A_PAGE:]
    older = f"/audit?before={found[-1].entry_id}" if more else ""
    shown = {"listing": _listing(found), "older": older, "is_newest": before is None}
    page = Page("Log of access", way=(Step("Account", "/account"),))
    headers = {**PAGE_HEADERS, "content-type": HTML, "cache-control": "no-store"}
    return Response(render("audit.html", page, shown), headers=headers)


def _listing(rows: tuple[Entry, ...]) -> object:
    heads = ("Entry", "When, UTC", "Who", "What", "About", "From address")
    return plain_listing(
        "Entries of the log, the newest first; none can be changed or removed",
        [Heading(name) for name in heads],
        [
            [
                Cell(str(row.entry_id)),
                Cell(f"{row.at:%Y-%m-%d %H:%M:%S}"),
                Cell(row.who),
                Cell(_WORDS[row.what]),
                Cell(row.about or "–"),
                Cell(row.address or "command line"),
            ]
            for row in rows
        ],
        "Nothing was written down yet.",
    )
