"""The first page: what went through whom, how sure that is, and what is new in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from entrepot.api.overview import CountryLine, Overview, has_runs, overview_of
from entrepot.api.overview_map import map_of, map_table, map_words
from entrepot.dossier.map_specs import corridor_map
from entrepot.dossier.specs import Spec
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.assets import address
from entrepot.web.pages.figures import Drawing, FigureView, Size, Theme, spec_answer
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.run import RunQuery, known, run_words, usual
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
_SIZES = {"wide": (860, 460), "narrow": (380, 380)}


@router.api_route("/", **READ)
def overview(request: Request, shelf: ShelfDep, run: RunQuery = "") -> Response:
    """Totals, countries, placebos and what is new; what to do where nothing was estimated."""
    return answer(request, lambda: _made(shelf, run))


@router.api_route("/overview/map.json", **READ)
def overview_map(
    request: Request,
    shelf: ShelfDep,
    run: RunQuery = "",
    theme: Theme = "light",
    size: Annotated[Size, Query()] = "wide",
) -> Response:
    """The map as Vega-Lite."""

    def make() -> Spec:
        width, height = _SIZES[size]
        world = {
            "url": address("vendor/countries-110m.json"),
            "format": {"type": "topojson", "feature": "countries"},
        }
        return corridor_map(
            map_of(gathered_overview(shelf, run)), world, width=width, height=height
        )

    return spec_answer(request, make, theme)


def gathered_overview(shelf: Shelf, run: str) -> Overview:
    """What the first page shows, kept until the lake changes.

    Args:
        shelf: The shelf.
        run: Run id; empty for the latest.

    Returns:
        Totals, countries, placebos and what is new.

    Raises:
        HTTPException: If there is no such run.
    """
    which = usual(shelf, run)
    with known():
        return shelf.gathered(("overview", which), lambda lake: overview_of(lake, which or None))


def _made(shelf: Shelf, run: str) -> str:
    if not shelf.gathered(("has_runs",), has_runs):
        page = Page("Overview", section="/")
        return render("empty.html", page, {"lake": shelf.settings.lake.name})
    shown = gathered_overview(shelf, run)
    scene = shown.scene
    title = f"{scene.coalition} exports of listed goods that may have gone on to "
    page = Page(
        f"{title}{scene.destination}, {scene.window}",
        section="/",
        run_id=run,
        run_words=run_words(shown.run),
        is_simulated=shown.run.is_simulated,
        has_charts=True,
    )
    return render(
        "overview.html",
        page,
        {
            "shown": shown,
            "map": _figure(shown, page),
            "countries": _countries(shown, page),
            "changes": _changes(shown, page),
        },
    )


def _figure(shown: Overview, page: Page) -> FigureView:
    facts, how = map_words(shown)
    return FigureView(
        key="map",
        title="Corridors with their excess",
        subtitle=how,
        description=facts,
        drawings=(Drawing("Corridors with their excess", page.at("/overview/map.json")),),
        table=map_table(shown),
        is_wide=True,
    )


def _countries(shown: Overview, page: Page) -> Listing:
    names = [total.conclusion.name for total in shown.countries[0].totals]
    heads = [Heading("Third country"), Heading("Declared", is_number=True)]
    for name in names:
        heads += [
            Heading("Excess", is_number=True, group=name),
            Heading("Consistent with diverted", is_number=True, group=name),
            Heading("Leads flagged", is_number=True, group=name),
        ]
    return plain_listing(
        f"Third countries, {shown.scene.window}, the largest excess first; ranges are 90 % "
        "intervals",
        heads,
        [_country(line, page, len(names)) for line in shown.countries],
        "The run tested no country.",
    )


def _country(line: CountryLine, page: Page, count: int) -> list[Cell]:
    first = line.totals[0].conclusion
    cells = [
        Cell(line.name, href=page.at(f"/countries/{line.code}")),
        Cell(first.observed.point_text, is_number=True),
    ]
    for total in line.totals:
        row = total.conclusion
        gone = row.diverted.text if row.is_split else f"at most {row.diverted.text}"
        where = page.at("/leads", country=line.code, flagged=1)
        flags = f"{total.flagged_count:,} of {total.cell_count:,}"
        cells += [
            Cell(row.excess.text, is_number=True),
            Cell(gone, is_number=True),
            Cell(flags, is_number=True, href=where if total.flagged_count else ""),
        ]
    return cells + [Cell("not computed")] * 3 * (count - len(line.totals))


def _changes(shown: Overview, page: Page) -> Listing:
    then = next((change.months_before for change in shown.changes if change.months_before), "")
    return plain_listing(
        "Excess in the run before that asked the same, and in this one. On the command line, "
        "entrepot changes tells which leads are new, grown, shrunk or vanished",
        [
            Heading("Third country"),
            Heading("Bracket"),
            Heading(f"Before, {then}" if then else "Before", is_number=True),
            Heading(f"Now, {shown.scene.window.partition(' (')[0]}", is_number=True),
        ],
        [
            [
                Cell(change.name, href=page.at(f"/countries/{change.code}")),
                Cell(change.bracket),
                Cell(change.before, is_number=True),
                Cell(change.now, is_number=True),
            ]
            for change in shown.changes
        ],
        "No earlier run asked the same question, so there is nothing to compare with.",
    )
