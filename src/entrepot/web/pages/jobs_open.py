"""What pages of jobs and uploads work with while the server runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response

from entrepot.api.jobs import open_jobs
from entrepot.api.jobs_keep import Keeper
from entrepot.api.jobs_uploads import Uploads
from entrepot.settings import Settings
from entrepot.web.access.caller import csrf_field
from entrepot.web.pages.answer import HTML, PAGE_HEADERS
from entrepot.web.pages.page import Page, render

_FRESH = {**PAGE_HEADERS, "content-type": HTML, "cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Work:
    """What is at hand.

    Args:
        keeper: Who looks after jobs.
        uploads: Files that people sent.
        settings: Settings of the server.
        most: Bytes of the largest upload.
    """

    keeper: Keeper
    uploads: Uploads
    settings: Settings
    most: int


@contextmanager
def open_work(app: FastAPI, settings: Settings) -> Iterator[None]:
    """Look after the jobs of a lake while the server runs.

    Args:
        app: The server.
        settings: Settings with the lake.
    """
    with open_jobs(settings.lake) as book:
        most = int(settings.limits.upload_megabytes * 1e6)
        keeper = Keeper(book, settings.limits)
        app.state.work = Work(keeper, Uploads(settings.lake), settings, most)
        keeper.open()
        try:
            yield
        finally:
            keeper.close()


def the_work(request: Request) -> Work:
    """What is at hand.

    Args:
        request: The request.

    Returns:
        The keeper of jobs and the uploads.

    Raises:
        HTTPException: If the server is not fully started.
    """
    found: Work | None = getattr(request.app.state, "work", None)
    if found is None:
        raise HTTPException(503, "The server is starting. Try again in a moment.")
    return found


WorkDep = Annotated[Work, Depends(the_work)]


def fresh(
    request: Request, template: str, page: Page, shown: Mapping[str, object] | None = None
) -> Response:
    """A page that may be another a moment later, or for another caller: nobody keeps it.

    Args:
        request: The request.
        template: File name of the template.
        page: What every page has.
        shown: What this one shows; the field of its forms is added.

    Returns:
        The page.
    """
    text = render(template, page, {**(shown or {}), "csrf": csrf_field(request)})
    return Response(b"" if request.method == "HEAD" else text, page.status, _FRESH)


def gone_to(address: str) -> Response:
    """Send a reader on after something was written, so that a reload writes nothing twice.

    Args:
        address: Where to, on this server.
    """
    return Response(status_code=303, headers={**PAGE_HEADERS, "location": address})
