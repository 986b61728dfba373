"""The server: who may ask, what goes wrong in words, and nothing from elsewhere."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteError

from entrepot.api.desk import Desk
from entrepot.errors import EntrepotError
from entrepot.web import catalog, entities, match, screen

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OPEN = ("/healthz", "/readyz")  # probes say nothing about anybody
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
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


def make_app(desk: Callable[[], Desk | None], door: Door | None = None) -> FastAPI:
    """Make the server.

    Args:
        desk: Gives the desk that answers; ``None`` while no list is there.
        door: Who may ask; callers on this machine where left out.

    Returns:
        The server.
    """
    # The pages FastAPI offers fetch scripts from elsewhere; the description stays.
    app = FastAPI(title="Entrepôt", docs_url=None, redoc_url=None)
    app.state.desk = desk
    for page in (match, entities, catalog, screen):
        app.include_router(page.router)
    entrance = door or Door()

    async def guarded(request: Request, answer: Next) -> Response:
        refusal = entrance.refusal(request)
        if refusal is None:
            response = await answer(request)
        else:
            status, words = refusal
            response = JSONResponse({"detail": words}, status)
            if status == 401:
                response.headers["www-authenticate"] = "Bearer"
        response.headers.update(_HEADERS)
        return response

    app.middleware("http")(guarded)
    app.add_exception_handler(StarletteError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(EntrepotError, _wrong)
    return app


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, StarletteError):
        raise error
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"detail": error.detail}, error.status_code, headers=headers)


def _misshapen(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return JSONResponse({"detail": match.told(error.errors())}, 422)


def _wrong(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 422)
