"""The address of styles, scripts and the world: kept by browsers for as long as they like."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from entrepot.web.pages.answer import PAGE_HEADERS, READ, is_known, sent
from entrepot.web.pages.assets import assets

router = APIRouter()
_FOR_EVER = "public, max-age=31536000, immutable"


@router.api_route("/static/{name:path}", **READ)
def static(request: Request, name: str) -> Response:
    """One file, by a name from a closed list: nothing is looked up on the disk."""
    found = assets().get(name)
    if found is None:
        raise HTTPException(404, f"There is no file {name!r}.")
    is_exact = request.query_params.get("v") == found.digest
    about = {
        **PAGE_HEADERS,
        "etag": f'W/"{found.digest}"',
        "cache-control": _FOR_EVER if is_exact else "no-cache",
        "vary": "Accept-Encoding",
    }
    if is_known(request, found.digest):
        return Response(status_code=304, headers=about)
    return sent(request, (found.body, found.zipped), found.kind, about)
