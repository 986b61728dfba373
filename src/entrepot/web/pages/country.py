"""The page of one third country: its dossier, with the charts drawn by the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from entrepot.api.lead_shown import ClaimSaid, claims_about
from entrepot.api.record import record_of
from entrepot.dossier.gather import gather_country
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.record import RecordQuestion
from entrepot.dossier.record_page import RecordView, record_view
from entrepot.lake import Lake
from entrepot.tables import ARTICLES
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.figures import Theme, figure_views, panel_spec, spec_answer
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import RunQuery, known, run_words
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
Code = Annotated[str, Path(pattern="^[A-Za-z]{2}$")]


@dataclass(frozen=True, slots=True)
class Said:
    """What articles say about a country; nothing where the lake holds none."""

    record: RecordView | None
    claims: tuple[ClaimSaid, ...]


@router.api_route("/countries/{code}", **READ)
def country(request: Request, shelf: ShelfDep, code: Code, run: RunQuery = "") -> Response:
    """One country."""
    return answer(request, lambda: _made(shelf, code.upper(), run))


@router.api_route("/countries/{code}/charts/{key}/{number}.json", **READ)
def country_chart(  # noqa: PLR0913 - one parameter per part of the address
    request: Request,
    shelf: ShelfDep,
    code: Code,
    key: str,
    number: int,
    run: RunQuery = "",
    theme: Theme = "light",
) -> Response:
    """One picture of it as Vega-Lite."""
    return spec_answer(
        request,
        lambda: panel_spec(_gathered(shelf, code.upper(), run).figures, key, number),
        theme,
    )


def _gathered(shelf: Shelf, code: str, run: str) -> CountryDossier:
    with known():
        return shelf.gathered(
            ("country", code, run), lambda lake: gather_country(lake, code, run or None)
        )


def _said(lake: Lake, code: str) -> Said:
    if not lake.has(ARTICLES):
        return Said(None, ())
    return Said(record_view(record_of(lake, RecordQuestion(code))), claims_about(lake, code))


def _made(shelf: Shelf, code: str, run: str) -> str:
    found = _gathered(shelf, code, run)
    said = shelf.gathered(("said", code), lambda lake: _said(lake, code))
    page = Page(
        found.title,
        section="/",
        way=(Step("Overview", Page("", run_id=run).at("/")),),
        run_id=run,
        run_words=run_words(found.run),
        is_simulated=found.run.is_simulated,
        has_charts=bool(found.figures),
    )
    figures = {
        one.key: one for one in figure_views(found.figures, page, f"/countries/{code}/charts")
    }
    return render("country.html", page, {"d": found, "figures": figures, "said": said})
