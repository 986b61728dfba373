"""The server: who may ask, what goes wrong in words, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteError

from entrepot.api.desk import Desk
from entrepot.errors import EntrepotError
from entrepot.settings import Settings
from entrepot.web import catalog, entities, match, screen
from entrepot.web.access import account, audit, login
from entrepot.web.access.door import LOOPBACK, Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.access.guard import guard
from entrepot.web.api.description import describe
from entrepot.web.api.routes import API
from entrepot.web.pages import (
    claim,
    claims,
    country,
    decide,
    dossier_files,
    files,
    jobs,
    jobs_add,
    jobs_open,
    lead,
    leads,
    method,
    overview,
    relations,
    screen_results,
    source,
    sources,
)
from entrepot.web.pages import screen as screen_page
from entrepot.web.pages.problems import problem
from entrepot.web.pages.shelf import Shelf
from entrepot.web.problem_details import is_for_people, problem_details
from entrepot.web.problem_unexpected import full_disk, unexpected

__all__ = ["LOOPBACK", "Door", "Entrance", "make_app"]
_ACCESS = (login, account, audit)
_PAGES = (
    *(overview, leads, lead, decide, country, relations, claims, claim),
    *(jobs_add, jobs, screen_page, screen_results),  # /jobs/detect stands before /jobs/{job_id}
    *(sources, source, method, files, dossier_files),
)


def make_app(
    desk: Callable[[], Desk | None],
    entrance: Entrance | Door | None = None,
    settings: Settings | None = None,
) -> FastAPI:
    """Make the server.

    Args:
        desk: Gives the desk that answers; ``None`` while no list is there.
        entrance: Who may ask; callers on this machine where left out. A door alone keeps no
            accounts and no log.
        settings: Settings with the lake that the pages show; no pages where left out.

    Returns:
        The server.
    """
    shelf = None if settings is None else Shelf(settings)
    known = entrance if isinstance(entrance, Entrance) else Entrance(entrance or Door())

    @asynccontextmanager
    async def open_shelf(app: FastAPI) -> AsyncIterator[None]:
        with nullcontext() if settings is None else jobs_open.open_work(app, settings):
            yield
        if shelf is not None:
            shelf.close()

    # The pages FastAPI offers fetch scripts from elsewhere; the description stays.
    app = FastAPI(title="Entrepôt", docs_url=None, redoc_url=None, lifespan=open_shelf)
    app.state.desk = desk
    app.state.shelf = shelf
    app.state.entrance = known
    for page in (match, entities, catalog, screen, *(() if shelf is None else (*_PAGES, *API))):
        app.include_router(page.router)
    for page in () if shelf is None else _ACCESS:
        app.include_router(page.router)
    if known.provider is not None:
        from entrepot.web.access import oidc  # half a second that others need not wait

        app.state.oidc = oidc.oidc_client(known.provider)
        app.include_router(oidc.router)
    describe(app)
    app.add_middleware(guard, entrance=known, refuse=_refused)
    app.add_exception_handler(StarletteError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(EntrepotError, _wrong)
    app.add_exception_handler(OSError, full_disk)
    app.add_exception_handler(Exception, unexpected)
    return app


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteError):
        raise error
    if is_for_people(request):
        page = problem(error.status_code, str(error.detail))
        page.headers.update(error.headers or {})
        return page
    return problem_details(request, error.status_code, str(error.detail), error.headers)


def _misshapen(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    if is_for_people(request):
        return problem(422, match.told(error.errors()))
    return problem_details(request, 422, match.told(error.errors()))


def _wrong(request: Request, error: Exception) -> Response:
    if is_for_people(request):
        return problem(422, str(error))
    return problem_details(request, 422, str(error))
