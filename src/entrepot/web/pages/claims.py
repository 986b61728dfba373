"""The page of all claims: who said what of trade, and what declared trade says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from entrepot.api.claims_held import area_asked
from entrepot.api.claims_shown import (
    NEWEST,
    SORTS,
    ClaimsAsked,
    Order,
    Outcome,
    claims_asked,
    products_claimed,
)
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.leads import PARQUET
from entrepot.web.pages.listing import (
    ROWS,
    Cell,
    Heading,
    Listing,
    Sorted,
    as_csv,
    as_parquet,
    pages_of,
    query_of,
)
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.run import known
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
OUTCOMES = ("supported", "contradicted", "unknown", "not assessed")
_HEADS = (
    ("Said by", "claimant"),
    ("Day", NEWEST),
    ("Words", ""),
    ("What is claimed", "product"),
    ("Outcome", "outcome"),
    ("Article", "article"),
)


def _open(value: object) -> object:
    """A field that was left empty in a form is open."""
    return None if value == "" else value


Day = Annotated[date | None, BeforeValidator(_open)]


class ClaimsQuery(BaseModel):
    """What a reader asks for, as it stands in the address."""

    country: str = Field("", pattern=r"^[A-Za-z0-9]{0,24}$")
    product: str = Field("", pattern=r"^[a-z0-9_]{0,64}$")
    claimant: str = Field("", max_length=120)
    outcome: Outcome = ""
    since: Day = None
    until: Day = None
    sort: str = Field(NEWEST, pattern=f"^({'|'.join(SORTS)})$")
    order: Order = "down"
    page: int = Field(1, ge=1, le=100_000)

    def asked(self) -> ClaimsAsked:
        """The question of the table."""
        same = self.model_dump(exclude={"page", "country", "claimant"})
        return ClaimsAsked(country=area_asked(self.country), claimant=self.claimant.strip(), **same)

    def given(self) -> dict[str, object]:
        """What differs from what is asked by default, by its name in the address."""
        return self.model_dump(exclude_defaults=True)


Asked = Annotated[ClaimsQuery, Query()]


@router.api_route("/claims", **READ)
def claims(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The table, a page of it."""
    return answer(request, lambda: _made(shelf, asked))


@router.api_route("/claims.csv", **READ)
def claims_csv(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The same claims as CSV, all pages."""
    return _file(request, shelf, asked, ("csv", "text/csv; charset=utf-8", as_csv))


@router.api_route("/claims.parquet", **READ)
def claims_parquet(request: Request, shelf: ShelfDep, asked: Asked) -> Response:
    """The same claims as Parquet, all pages."""
    return _file(request, shelf, asked, ("parquet", PARQUET, as_parquet))


def _rows(shelf: Shelf, asked: ClaimsQuery) -> pa.Table:
    with known():
        question = asked.asked()
        return shelf.gathered(("claims", question), lambda lake: claims_asked(lake, question))


def _file(
    request: Request,
    shelf: Shelf,
    asked: ClaimsQuery,
    how: tuple[str, str, Callable[[pa.Table], bytes]],
) -> Response:
    ending, kind, write = how
    name = {"content-disposition": f'attachment; filename="claims.{ending}"'}
    return answer(request, lambda: write(_rows(shelf, asked)), kind, name)


def _made(shelf: Shelf, asked: ClaimsQuery) -> str:
    rows = _rows(shelf, asked)
    page = Page("Claims on trade", section="/claims", is_simulated=_is_simulated(rows))
    shown: Mapping[str, Any] = {
        "asked": asked,
        "outcomes": OUTCOMES,
        "products": shelf.gathered(("products_claimed",), products_claimed),
        "listing": _listing(rows, asked, page),
    }
    return render("claims.html", page, shown)


def _is_simulated(rows: pa.Table) -> bool:
    return any("simulated" in (codes or "").split() for codes in rows["caveats"].to_pylist())


def _listing(rows: pa.Table, asked: ClaimsQuery, page: Page) -> Listing:
    start, number, has_more = pages_of(rows.num_rows, asked.page)
    held = rows.slice(start, ROWS).to_pylist()
    given = asked.given()
    stay = query_of(given, page=None)
    after = query_of(given, page=number + 1) if has_more else ""
    before = query_of(given, page=number - 1 or None) if number > 1 else ""
    return Listing(
        caption="Claims on trade in articles, each with the outcome of its newest check against "
        "declared trade",
        headings=tuple(_heading(asked, label, sort) for label, sort in _HEADS),
        rows=tuple(_row(row, page) for row in held),
        count=rows.num_rows,
        first=min(start + 1, rows.num_rows),
        last=start + len(held),
        before=f"/claims{before}" if number > 1 else "",
        after=f"/claims{after}" if has_more else "",
        downloads=(("CSV", f"/claims.csv{stay}"), ("Parquet", f"/claims.parquet{stay}")),
        empty="No claim is like that. Widen a filter, or run `entrepot read` on articles.",
    )


def _heading(asked: ClaimsQuery, label: str, sort: str) -> Heading:
    if not sort:
        return Heading(label)
    is_own = asked.sort == sort
    order: Sorted = ""
    if is_own:
        order = "descending" if asked.order == "down" else "ascending"
    turned = "up" if is_own and asked.order == "down" else None
    given = {name: value for name, value in asked.given().items() if name != "order"}
    href = f"/claims{query_of(given, sort=sort, order=turned, page=None)}"
    return Heading(label, href=href, order=order)


def _row(row: Mapping[str, Any], page: Page) -> tuple[Cell, ...]:
    words = " ".join(row["text"].split())
    return (
        Cell(row["claimant_name"] or "nobody named", href=page.at(f"/claims/{row['claim_id']}")),
        Cell(row["said_on"] or "left open"),
        Cell(f"“{words}”"),
        Cell(row["claim"]),
        Cell(row["outcome"]),
        Cell(row["title"], small=f"{row['publisher']}, {row['language']}"),
    )
