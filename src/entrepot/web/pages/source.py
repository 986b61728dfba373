"""The page of one source file: publisher, licence, vintage, digest, rows, and what rests on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from entrepot.api.source_shown import SourceShown, source_shown
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import known
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


@router.api_route("/sources/{source_id}", **READ)
def source(request: Request, shelf: ShelfDep, source_id: Id) -> Response:
    """One source file."""
    return answer(request, lambda: _made(shelf, source_id))


def _made(shelf: Shelf, source_id: str) -> str:
    shown = _gathered(shelf, source_id)
    page = Page(
        f"Source: {shown.title}",
        section="/sources",
        way=(Step("Sources", "/sources"),),
        is_simulated=shown.is_simulated,
    )
    return render("source.html", page, {"shown": shown})


def _gathered(shelf: Shelf, source_id: str) -> SourceShown:
    with known():
        return shelf.gathered(("source", source_id), lambda lake: source_shown(lake, source_id))
