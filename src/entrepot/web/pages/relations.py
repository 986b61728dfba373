"""Relations of one third country: partners by rank; apart, because they take seconds to sum up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from entrepot.api.country_shown import PartnerLine, RelationTable, relations_of
from entrepot.dossier.runs import read_run
from entrepot.dossier.scene import country_name
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import RunQuery, known, run_words, usual
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
Code = Annotated[str, Path(pattern="^[A-Za-z]{2}$")]


@router.api_route("/countries/{code}/relations", **READ)
def relations(request: Request, shelf: ShelfDep, code: Code, run: RunQuery = "") -> Response:
    """Partners of one country, and its rank among others' partners."""
    return answer(request, lambda: _made(shelf, code.upper(), run))


def gathered_relations(shelf: Shelf, code: str, run: str) -> tuple[RelationTable, ...]:
    """Partners of one country, kept until the lake changes.

    Args:
        shelf: The shelf.
        code: The country, ISO alpha-2.
        run: Run id; empty for the latest.

    Returns:
        Its tables.

    Raises:
        HTTPException: If the country is not known, or the run holds nothing of it.
    """
    which = usual(shelf, run)
    with known():
        return shelf.gathered(
            ("relations", code, which), lambda lake: relations_of(lake, code, which or None)
        )


def _made(shelf: Shelf, code: str, run: str) -> str:
    with known():
        name = country_name(code)
        held = shelf.gathered(("run", run), lambda lake: read_run(lake, run or None))
    tables = gathered_relations(shelf, code, run)
    there = Page("", run_id=run)
    page = Page(
        f"{name}: trade relations",
        section="/",
        way=(Step("Overview", there.at("/")), Step(name, there.at(f"/countries/{code}"))),
        run_id=run,
        run_words=run_words(held),
        is_simulated=held.is_simulated,
    )
    return render("relations.html", page, {"tables": [(one, _listing(one)) for one in tables]})


def _listing(table: RelationTable) -> Listing:
    return plain_listing(
        table.caption,
        [
            Heading("Partner"),
            Heading("Rank, of those held", is_number=True),
            Heading("Rank, of all", is_number=True),
            Heading("Value", is_number=True),
            Heading("Share", is_number=True),
            Heading("Earlier", is_number=True),
            Heading("Rank earlier", is_number=True),
            Heading("Change", is_number=True),
        ],
        [_row(line) for line in table.lines],
        table.absent or "No partner is held.",
    )


def _row(line: PartnerLine) -> list[Cell]:
    numbers = (
        *(line.rank, line.among_all, line.value, line.share),
        *(line.base_value, line.base_rank, line.change),
    )
    first = Cell(line.name, small="of this page" if line.is_asked else "")
    return [first, *(Cell(one, is_number=True) for one in numbers)]
