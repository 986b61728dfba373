"""The page that explains the interface for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from entrepot.web.api.operations import sections
from entrepot.web.pages.answer import READ, answer
from entrepot.web.pages.page import Page, render

router = APIRouter()


@router.api_route("/api", **READ)
def page(request: Request) -> Response:
    """Every address with its parameters, answers and a command to try it."""

    def make() -> str:
        shown = {"sections": sections(request.app.openapi())}
        return render("api.html", Page("Interface for programs", section="/api"), shown)

    return answer(request, make)
