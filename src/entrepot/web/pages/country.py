"""The page of one third country: its dossier, with the charts drawn by the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from entrepot.api.lead_shown import ClaimSaid, claims_about
from entrepot.api.record import record_of
from entrepot.dossier.chart_file import Chart
from entrepot.dossier.gather import gather_country
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.record import RecordQuestion
from entrepot.dossier.record_chart import record_chart
from entrepot.dossier.record_page import RecordView, record_view
from entrepot.dossier.specs import Spec
from entrepot.lake import Lake
from entrepot.tables import ARTICLES
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.figures import (
    Drawing,
    FigureView,
    Size,
    Theme,
    figure_views,
    panel_spec,
    spec_answer,
)
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import RunQuery, known, run_words, usual
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
Code = Annotated[str, Path(pattern="^[A-Za-z]{2}$")]
NARROW = 300  # pixels of a panel on a phone, axis and margins not counted


@dataclass(frozen=True, slots=True)
class Said:
    """What articles say about a country; nothing where the lake holds none."""

    record: RecordView | None
    chart: Chart | None
    claims: tuple[ClaimSaid, ...]


@router.api_route("/country/{code}", **READ)
def singular(code: Code, run: RunQuery = "") -> Response:
    """The address people guess leads to the page."""
    return RedirectResponse(Page("", run_id=run).at(f"/countries/{code.upper()}"), 308)


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
        lambda: panel_spec(gathered_country(shelf, code.upper(), run).figures, key, number),
        theme,
    )


@router.api_route("/countries/{code}/record.json", **READ)
def country_record(
    request: Request,
    shelf: ShelfDep,
    code: Code,
    theme: Theme = "light",
    size: Annotated[Size, Query()] = "wide",
) -> Response:
    """The timeline beneath declared trade as Vega-Lite."""

    def make() -> Spec:
        chart = gathered_said(shelf, code.upper()).chart
        if chart is None:
            raise HTTPException(404, f"There is no record of {code.upper()} to draw.")
        made: Spec = chart.spec if size == "wide" else _narrowed(chart.spec)
        # The page says title and unit in its own words.
        return {name: part for name, part in made.items() if name != "title"}

    return spec_answer(request, make, theme)


def _narrowed(part: Any) -> Any:
    """The same description with panels and years that fit a phone."""
    if isinstance(part, dict):
        made = {name: _narrowed(value) for name, value in part.items()}
        if isinstance(part.get("width"), int):
            made["width"] = min(part["width"], NARROW)
        return made | ({"step": 12} if part.get("interval") == "month" else {})
    return [_narrowed(value) for value in part] if isinstance(part, list) else part


def gathered_country(shelf: Shelf, code: str, run: str) -> CountryDossier:
    """The dossier of a country, kept until the lake changes.

    Args:
        shelf: The shelf.
        code: The country, ISO alpha-2.
        run: Run id; empty for the latest.

    Returns:
        Its figures and words.

    Raises:
        HTTPException: If the country is not known, or the run holds nothing of it.
    """
    which = usual(shelf, run)
    with known():
        return shelf.gathered(
            ("country", code, which), lambda lake: gather_country(lake, code, which or None)
        )


def gathered_said(shelf: Shelf, code: str) -> Said:
    """What articles say about a country, kept until the lake changes.

    Args:
        shelf: The shelf.
        code: The country, ISO alpha-2.

    Returns:
        Its timeline and claims.

    Raises:
        HTTPException: If the country is not known.
    """
    with known():
        return shelf.gathered(("said", code), lambda lake: _said(lake, code))


def _said(lake: Lake, code: str) -> Said:
    if not lake.has(ARTICLES):
        return Said(None, None, ())
    record = record_of(lake, RecordQuestion(code))
    return Said(record_view(record), record_chart(record), claims_about(lake, code))


def _made(shelf: Shelf, code: str, run: str) -> str:
    found = gathered_country(shelf, code, run)
    said = gathered_said(shelf, code)
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
    timeline = None if said.chart is None else _timeline(said.chart, code)
    shown = {"d": found, "figures": figures, "said": said, "timeline": timeline}
    return render("country.html", page, shown)


def _timeline(chart: Chart, code: str) -> FigureView:
    words = chart.figure
    return FigureView(
        key="timeline",
        title=words.title,
        subtitle=words.subtitle,
        description=words.description,
        drawings=(Drawing(words.title, f"/countries/{code}/record.json"),),
        table=words.table,
        is_wide=True,
    )
