"""The page of all leads: filtered, sorted and taken away by its address alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from entrepot.api.leads_shown import RANK, SORTS, LeadsAsked, Legs, Order, countries_tested
from entrepot.api.leads_shown import leads_asked as rows_asked
from entrepot.api.overview import has_runs
from entrepot.dossier.records import Run
from entrepot.dossier.runs import read_run
from entrepot.dossier.scene import country_name
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.lead_cells import headings, lead_row, scale_words
from entrepot.web.pages.listing import ROWS, Listing, as_csv, as_parquet, pages_of, query_of
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.run import known, run_words
from entrepot.web.pages.shelf import Shelf

router = APIRouter()


def _open(value: object) -> object:
    """A field that was left empty in a form is open."""
    return None if value == "" else value


Number = Annotated[float | None, BeforeValidator(_open)]
Share = Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_open)]
PARQUET = "application/vnd.apache.parquet"

# Questions that readers come with; any other is an address that they keep themselves.
VIEWS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("flagged", {"flagged": 1}),
    ("all three legs tell", {"legs": "UAD", "sort": "diverted_partner"}),
    ("nearly sure that something was diverted", {"probability": 0.95}),
    ("largest excess first", {"sort": "excess_partner"}),
    ("began last", {"flagged": 1, "sort": "onset_partner"}),
)


class LeadsQuery(BaseModel):
    """What a reader asks for, as it stands in the address."""

    run: str = Field("", pattern=r"^[0-9a-z]{0,64}$")
    country: str = Field("", pattern=r"^([A-Za-z]{2})?$")
    commodity: str = Field("", pattern=r"^[0-9]{0,8}$")
    legs: Legs = ""
    flagged: bool = False
    probability: Share = None
    excess: Number = None
    sort: str = Field(RANK, pattern=f"^({'|'.join((RANK, *SORTS))})$")
    order: Order = "down"
    page: int = Field(1, ge=1, le=100_000)

    def asked(self, run_id: str) -> LeadsAsked:
        """The question of the table.

        Args:
            run_id: The run.
        """
        return LeadsAsked(
            run_id=run_id,
            intermediary=self.country.upper(),
            commodity=self.commodity,
            legs=self.legs,
            is_flagged=self.flagged,
            probability=self.probability,
            excess=self.excess,
            sort=self.sort,
            order=self.order,
        )

    def given(self) -> dict[str, object]:
        """What differs from what is asked by default, by its name in the address."""
        return self.model_dump(exclude_defaults=True)


Asked = Annotated[LeadsQuery, Query()]


@router.api_route("/leads", **READ)
def leads(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The table, a page of it."""
    return answer(request, lambda: _made(shelf, asked))


@router.api_route("/leads.csv", **READ)
def leads_csv(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The same rows and columns as CSV, all pages."""
    return _file(request, shelf, asked, ("csv", "text/csv; charset=utf-8", as_csv))


@router.api_route("/leads.parquet", **READ)
def leads_parquet(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The same rows and columns as Parquet, all pages."""
    return _file(request, shelf, asked, ("parquet", PARQUET, as_parquet))


def _run(shelf: Shelf, run: str) -> Run:
    with known():
        return shelf.gathered(("run", run), lambda lake: read_run(lake, run or None))


def gathered_leads(shelf: Shelf, question: LeadsAsked) -> pa.Table:
    """Leads as a reader asks for them, kept until the lake changes.

    Args:
        shelf: The shelf.
        question: Which, and in which order.

    Returns:
        Rows of :func:`entrepot.api.leads_shown.leads_asked`.

    Raises:
        HTTPException: If the lake is torn.
    """
    with known():
        return shelf.gathered(("leads", question), lambda lake: rows_asked(lake, question))


def _file(
    request: Request,
    shelf: Shelf,
    asked: LeadsQuery,
    how: tuple[str, str, Callable[[pa.Table], bytes]],
) -> Response:
    ending, kind, write = how
    run = _run(shelf, asked.run)
    name = f'attachment; filename="leads-{run.run_id}.{ending}"'

    def body() -> bytes:
        rows = gathered_leads(shelf, asked.asked(run.run_id))
        ids = pa.array([run.run_id] * rows.num_rows, pa.string())
        return write(rows.add_column(0, "run_id", ids))

    return answer(request, body, kind, {"content-disposition": name})


def _made(shelf: Shelf, asked: LeadsQuery) -> str:
    if not shelf.gathered(("has_runs",), has_runs):
        page = Page("Leads", section="/leads")
        return render("empty.html", page, {"lake": shelf.settings.lake.name})
    run = _run(shelf, asked.run)
    page = Page(
        "Leads",
        section="/leads",
        run_id=asked.run,
        run_words=run_words(run),
        is_simulated=run.is_simulated,
    )
    rows = gathered_leads(shelf, asked.asked(run.run_id))
    codes = shelf.gathered(
        ("countries", run.run_id), lambda lake: countries_tested(lake, run.run_id)
    )
    shown: Mapping[str, Any] = {
        "asked": asked,
        "views": [(name, page.at("/leads", **query)) for name, query in VIEWS],
        "countries": [(code, country_name(code)) for code in codes],
        "listing": _listing(rows, run, asked, page),
        "fdr": run.fdr,
        "unit": str(rows["unit"][0]).split()[0] if rows.num_rows else "",
    }
    return render("leads.html", page, shown)


def _listing(rows: pa.Table, run: Run, asked: LeadsQuery, page: Page) -> Listing:
    start, number, has_more = pages_of(rows.num_rows, asked.page)
    held = rows.slice(start, ROWS).to_pylist()
    given = asked.given()
    scale, words = scale_words(rows)
    is_split = any(
        legs != "U" for name in ("legs_common", "legs_partner") for legs in _held(rows, name)
    )
    stay = query_of(given, page=None)
    after = query_of(given, page=number + 1) if has_more else ""
    before = query_of(given, page=number - 1 or None) if number > 1 else ""
    return Listing(
        caption=words or "Leads",
        headings=headings(given, (asked.sort, asked.order), is_split=is_split),
        rows=tuple(lead_row(row, scale, page, is_split=is_split) for row in held),
        count=rows.num_rows,
        first=min(start + 1, rows.num_rows),
        last=start + len(held),
        before=f"/leads{before}" if number > 1 else "",
        after=f"/leads{after}" if has_more else "",
        downloads=(("CSV", f"/leads.csv{stay}"), ("Parquet", f"/leads.parquet{stay}")),
        empty=f"No lead of run {run.run_id} is like that. Widen a filter.",
    )


def _held(rows: pa.Table, name: str) -> list[str]:
    return [value for value in rows[name].unique().to_pylist() if value is not None]
