"""The server: who may ask, what goes wrong in words, and nothing from elsewhere."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteError

from entrepot.api.desk import Desk
from entrepot.errors import EntrepotError
from entrepot.settings import Settings
from entrepot.web import catalog, entities, match, screen
from entrepot.web.pages import country, files, lead, leads, overview, sources
from entrepot.web.pages.problems import problem, wants_page
from entrepot.web.pages.shelf import Shelf

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OPEN = ("/healthz", "/readyz")  # probes say nothing about anybody
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_PAGES = (overview, leads, lead, country, sources, files)
Next = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """Who may ask.

    Args:
        token: What callers must present; nobody needs to where open.
        hosts: Names under which the server is reached; any where empty.
    """

    token: str | None = None
    hosts: tuple[str, ...] = LOOPBACK

    def refusal(self, request: Request) -> tuple[int, str] | None:
        """Why a request is refused; ``None`` where it is not.

        Args:
            request: The request.
        """
        # A page from elsewhere may point a name of its own at this machine.
        host = _bare(request.headers.get("host", ""))
        if self.hosts and host not in self.hosts:
            return 400, f"Host is {host!r}, expected one of {list(self.hosts)}."
        if self.token is None or request.url.path in _OPEN:
            return None
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        is_known = kind.lower() in ("bearer", "apikey")
        if is_known and hmac.compare_digest(given.strip().encode(), self.token.encode()):
            return None
        return 401, "A token is needed: Authorization: Bearer …"


def _bare(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def make_app(
    desk: Callable[[], Desk | None], door: Door | None = None, settings: Settings | None = None
) -> FastAPI:
    """Make the server.

    Args:
        desk: Gives the desk that answers; ``None`` while no list is there.
        door: Who may ask; callers on this machine where left out.
        settings: Settings with the lake that the pages show; no pages where left out.

    Returns:
        The server.
    """
    shelf = None if settings is None else Shelf(settings)

    @asynccontextmanager
    async def open_shelf(app: FastAPI) -> AsyncIterator[None]:
        yield
        if shelf is not None:
            shelf.close()

    # The pages FastAPI offers fetch scripts from elsewhere; the description stays.
    app = FastAPI(title="Entrepôt", docs_url=None, redoc_url=None, lifespan=open_shelf)
    app.state.desk = desk
    app.state.shelf = shelf
    for page in (match, entities, catalog, screen, *(() if shelf is None else _PAGES)):
        app.include_router(page.router)
    _guard(app, door or Door())
    app.add_exception_handler(StarletteError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(EntrepotError, _wrong)
    return app


def _guard(app: FastAPI, entrance: Door) -> None:

    async def guarded(request: Request, answer: Next) -> Response:
        refusal = entrance.refusal(request)
        if refusal is None:
            response = await answer(request)
        else:
            status, words = refusal
            response = JSONResponse({"detail": words}, status)
            if status == 401:
                response.headers["www-authenticate"] = "Bearer"
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)  # a page has a policy of its own
        return response

    app.middleware("http")(guarded)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteError):
        raise error
    if wants_page(request):
        return problem(error.status_code, str(error.detail))
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"detail": error.detail}, error.status_code, headers=headers)


def _misshapen(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    if wants_page(request):
        return problem(422, match.told(error.errors()))
    return JSONResponse({"detail": match.told(error.errors())}, 422)


def _wrong(request: Request, error: Exception) -> Response:
    if wants_page(request):
        return problem(422, str(error))
    return JSONResponse({"detail": str(error)}, 422)
