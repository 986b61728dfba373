"""The page of one lead: its legs, both brackets, what was said, down to the file."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
from fastapi import APIRouter, HTTPException, Request, Response

from entrepot.api.lead_shown import LeadShown, lead_shown
from entrepot.api.leads_shown import RANK, LeadsAsked
from entrepot.corridor import Corridor
from entrepot.tables import BRACKETS
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.figures import Theme, figure_views, panel_spec, spec_answer
from entrepot.web.pages.lead_cells import headings, lead_row, scale_words
from entrepot.web.pages.leads import gathered_leads
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import RunQuery, known, run_words, usual
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
CHAPTER = 2  # digits of a chapter of the HS
BESIDE = 15  # leads shown beside one; the table of leads holds all


@router.api_route("/leads/{lead}", **READ)
def lead(request: Request, shelf: ShelfDep, lead: str, run: RunQuery = "") -> Response:
    """One lead."""
    return answer(request, lambda: made(shelf, gathered_lead(shelf, lead, run), run))


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
        request, lambda: panel_spec(gathered_lead(shelf, lead, run).figures, key, number), theme
    )


def gathered_lead(shelf: Shelf, lead: str, run: str) -> LeadShown:
    """One lead with all that the lake says of it, kept until the lake changes.

    Args:
        shelf: The shelf.
        lead: The lead, as ``EU-KG-RU-870324``.
        run: Run id; empty for the latest.

    Returns:
        What its page shows.

    Raises:
        HTTPException: If it is no lead, or the run holds none like it.
    """
    try:
        corridor = Corridor.parse(lead)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error
    which = usual(shelf, run)
    with known():
        return shelf.gathered(
            ("lead", corridor, which), lambda lake: lead_shown(lake, corridor, which or None)
        )


def lead_way(shown: LeadShown, run: str, *, is_below: bool = False) -> tuple[Step, ...]:
    """The way to a lead, or to a page below it.

    Args:
        shown: The lead.
        run: Run id; empty for the latest.
        is_below: Whether the lead itself is a step of the way.

    Returns:
        The steps, from the first page down.
    """
    there, country = Page("", run_id=run), shown.corridor.intermediary
    way = (
        Step("Overview", there.at("/")),
        Step(shown.scene.country, there.at(f"/countries/{country}")),
        Step("Leads", there.at("/leads", country=country)),
    )
    lead = Step(str(shown.corridor), there.at(f"/leads/{shown.corridor}"))
    return (*way, lead) if is_below else way


def made(shelf: Shelf, shown: LeadShown, run: str) -> str:
    """The page, with the leads beside it, out of the table of all.

    Args:
        shelf: The shelf.
        shown: The lead.
        run: Run id; empty for the latest.

    Returns:
        HTML.
    """
    page = Page(
        shown.told.title,
        section="/leads",
        way=lead_way(shown, run),
        run_id=run,
        run_words=run_words(shown.run),
        is_simulated=shown.told.is_simulated,
        has_charts=bool(shown.figures),
    )
    own, code = shown.corridor, shown.corridor.commodity
    held = gathered_leads(shelf, LeadsAsked(shown.run.run_id))
    is_chapter = pc.starts_with(held["commodity"], code[:CHAPTER])
    here = pc.and_(pc.equal(held["intermediary"], own.intermediary), is_chapter)
    same = pc.equal(held["commodity"], code)
    about = {
        "shown": shown,
        "told": shown.told,
        "country": own.intermediary,
        "figures": figure_views(shown.figures, page, f"/leads/{own}/charts"),
        "members": _members(shown),
        "similar": _beside(
            held.filter(here), shown, page, f"Listed goods of chapter {code[:CHAPTER]}"
        ),
        "elsewhere": _beside(held.filter(same), shown, page, f"{code} through other countries"),
    }
    return render("lead.html", page, about)


def _members(shown: LeadShown) -> Listing:
    found = shown.members
    numbers = ("Declared", "Share", "Earlier", "Share earlier", "Months declared, now and earlier")
    return plain_listing(
        found.caption,
        [Heading("Member"), *(Heading(name, is_number=True) for name in numbers)],
        [
            [
                Cell(one.name),
                *(
                    Cell(text, is_number=True)
                    for text in (one.value, one.share, one.base_value, one.base_share)
                ),
                Cell(one.reported, is_number=True),
            ]
            for one in found.lines
        ],
        found.caption,
    )


def _beside(held: pa.Table, shown: LeadShown, page: Page, words: str) -> Listing:
    """Leads of the same run beside this one, which is left out."""
    own = shown.corridor
    rows = [
        row
        for row in held.to_pylist()
        if (row["intermediary"], row["commodity"]) != (own.intermediary, own.commodity)
    ][:BESIDE]
    scale, unit = scale_words(held)
    is_split = any(row[f"legs_{one}"] not in (None, "U") for row in rows for one in BRACKETS)
    plain = [
        replace(one, href="", order="") for one in headings({}, (RANK, "down"), is_split=is_split)
    ]
    return plain_listing(
        f"{words}. {unit}" if rows else words,
        plain,
        [lead_row(row, scale, page, is_split=is_split) for row in rows],
        "The run tested no other.",
    )
