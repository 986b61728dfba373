"""The page of one lead: its legs, both brackets, what was said, down to the file."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from entrepot.api.lead_shown import LeadShown, lead_shown
from entrepot.corridor import Corridor
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.figures import Theme, figure_views, panel_spec, spec_answer
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import RunQuery, known, run_words
from entrepot.web.pages.shelf import Shelf

router = APIRouter()


@router.api_route("/leads/{lead}", **READ)
def lead(request: Request, shelf: ShelfDep, lead: str, run: RunQuery = "") -> Response:
    """One lead."""
    return answer(request, lambda: _made(_gathered(shelf, lead, run), run))


@router.api_route("/leads/{lead}/charts/{key}/{number}.json", **READ)
def lead_chart(  # noqa: PLR0913 - one parameter per part of the address
    request: Request,
    shelf: ShelfDep,
    lead: str,
    key: str,
    number: int,
    run: RunQuery = "",
    theme: Theme = "light",
) -> Response:
    """One picture of it as Vega-Lite."""
    return spec_answer(
        request, lambda: panel_spec(_gathered(shelf, lead, run).figures, key, number), theme
    )


def _gathered(shelf: Shelf, lead: str, run: str) -> LeadShown:
    try:
        corridor = Corridor.parse(lead)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error
    with known():
        return shelf.gathered(
            ("lead", corridor, run), lambda lake: lead_shown(lake, corridor, run or None)
        )


def _made(shown: LeadShown, run: str) -> str:
    there = Page("", run_id=run)
    page = Page(
        shown.told.title,
        section="/leads",
        way=(
            Step("Overview", there.at("/")),
            Step(shown.scene.country, there.at(f"/countries/{shown.corridor.intermediary}")),
            Step("Leads", there.at("/leads", country=shown.corridor.intermediary)),
        ),
        run_id=run,
        run_words=run_words(shown.run),
        is_simulated=shown.told.is_simulated,
        has_charts=bool(shown.figures),
    )
    figures = figure_views(shown.figures, page, f"/leads/{shown.corridor}/charts")
    return render("lead.html", page, {"shown": shown, "told": shown.told, "figures": figures})
