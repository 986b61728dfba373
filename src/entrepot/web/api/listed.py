"""Leads and totals of a run, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import pyarrow as pa
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from entrepot.api.leads_shown import KEYS, OWN, RANK, SHARED, SORTS, LeadsAsked, leads_asked
from entrepot.corridor import Corridor
from entrepot.dossier.records import Note
from entrepot.dossier.runs import read_run, rows_of
from entrepot.dossier.scene import notes
from entrepot.lake import Lake
from entrepot.schema import Column
from entrepot.tables import BRACKETS, LEADS, TOTALS
from entrepot.web.api.answers import told
from entrepot.web.api.cursor import LONGEST, cursor_of, key_of, next_link, question_of
from entrepot.web.api.fields import row_model
from entrepot.web.api.formats import as_json, columns_told, plain_value
from entrepot.web.api.shapes import LAKE_VERSION, NEXT, ColumnTold
from entrepot.web.pages.answer import ShelfDep
from entrepot.web.pages.run import known
from entrepot.web.pages.shelf import Shelf

router = APIRouter(prefix="/api/v1", tags=["results"])
LIMIT, MOST = 100, 1_000  # rows of a page
Rows = list[dict[str, Any]]


class PageQuery(BaseModel):
    """What may be asked of any list; what is not known is refused, never left out."""

    model_config = ConfigDict(extra="forbid")

    run: str = Field(
        "", pattern=r"^[0-9a-z]{0,64}$", description="Run id; the latest where left out."
    )
    limit: int = Field(LIMIT, ge=1, le=MOST, description="Rows of a page.")
    cursor: str = Field(
        "",
        max_length=LONGEST,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Where to go on: `next` of the page before, with all else asked the same.",
    )


_SORTS = Literal[(RANK, *SORTS)]  # type: ignore[valid-type]


class LeadsQuery(PageQuery):
    """Which leads are asked for."""

    country: str = Field("", pattern="^([A-Za-z]{2})?$", description="Third country; all if empty.")
    commodity: str = Field(
        "", pattern="^[0-9]{0,8}$", description="How the commodity code begins, e.g. a chapter."
    )
    legs: Literal["", "U", "UA", "UD", "UAD"] = Field(
        "", description="Legs that tell, in either bracket: upstream, arrival, downstream."
    )
    flagged: bool = Field(False, description="Only those flagged in either bracket.")
    probability: float | None = Field(
        None, ge=0, le=1, description="Least probability of diversion, in either bracket."
    )
    excess: float | None = Field(
        None,
        allow_inf_nan=False,
        description="Least excess in either bracket, in the unit of the run.",
    )
    sort: _SORTS = Field(
        RANK,
        description=f"`{RANK}`: flagged in both brackets first, then in one, then by excess. Else "
        "the lower end of the interval of the bracket named.",
    )
    order: Literal["down", "up"] = Field("down", description="`down` begins with the largest.")


class TotalsQuery(PageQuery):
    """Which totals are asked for."""

    intermediary: list[Annotated[str, Field(pattern="^(_T|[A-Za-z]{2})$")]] = Field(
        [], max_length=200, description="Third countries, repeated; `_T` for all together."
    )
    group: list[Annotated[str, Field(pattern="^(_T|[0-9]{2})$")]] = Field(
        [], max_length=200, description="HS chapters, repeated; `_T` for all listed goods."
    )
    bracket: Literal["", "common", "partner"] = Field("", description="Bracket; both if empty.")


def _lead_columns() -> tuple[Column, ...]:
    held = {column.name: column for column in LEADS.columns}
    own = [
        Column(
            f"{name}_{bracket}",
            held[name].kind,
            f"Bracket {bracket}: {held[name].meaning}",
            held[name].unit,
            nullable=True,
            choices=held[name].choices,
        )
        for bracket in BRACKETS
        for name in OWN
    ]
    return (*(held[name] for name in (*KEYS, *SHARED)), *own)


LEAD_COLUMNS = _lead_columns()


def _page_model(name: str, row: type[BaseModel]) -> type[BaseModel]:
    return create_model(
        name,
        __doc__="A page of rows of one run.",
        lake_version=(str, LAKE_VERSION),
        run_id=(str, Field(description="The run.")),
        is_simulated=(bool, Field(description="Whether any source is a simulated world.")),
        count=(int, Field(description="Rows of all pages.")),
        columns=(list[ColumnTold], Field(description="Columns of the rows, with units.")),
        rows=(list[row], Field(description="The rows.")),  # type: ignore[valid-type]
        caveats=(list[Note], Field(description="Sentences of the caveat codes on this page.")),
        next=(str | None, NEXT),
    )


_ALSO: dict[str, Any] = {
    "address": (str, Field(description="Where all that is known of it stands.")),
    "evidence": (str, Field(description="Table and key of the rows behind it.")),
}
LeadsPage = _page_model(
    "LeadsPage",
    create_model("LeadLine", __base__=row_model(LEADS.name, LEAD_COLUMNS, "one lead"), **_ALSO),
)
TotalsPage = _page_model(
    "TotalsPage",
    create_model("TotalLine", __base__=row_model(TOTALS.name, TOTALS.columns, TOTALS.row), **_ALSO),
)


@router.get("/leads", response_model=LeadsPage, summary="Leads of a run")
@router.head("/leads", include_in_schema=False)
def leads(request: Request, shelf: ShelfDep, asked: Annotated[LeadsQuery, Query()]) -> Response:
    """Corridors and commodities with both brackets beside each other, as the page of leads."""

    def find(lake: Lake, run_id: str) -> Rows:
        question = LeadsAsked(
            run_id=run_id,
            intermediary=asked.country.upper(),
            **asked.model_dump(include={"commodity", "legs", "probability", "excess"}),
            is_flagged=asked.flagged,
            sort=asked.sort,
            order=asked.order,
        )
        found: pa.Table = leads_asked(lake, question)
        return [_lead(row, run_id) for row in found.to_pylist()]

    return _listed(request, shelf, asked, (KEYS, LEAD_COLUMNS, find))


def _lead(row: dict[str, Any], run_id: str) -> dict[str, Any]:
    corridor = Corridor(*(row[name] for name in KEYS[:4]))
    return {
        **row,
        "address": f"/api/v1/leads/{corridor}?run={run_id}",
        "evidence": f"leads run_id={run_id}, intermediary={corridor.intermediary}, "
        f"commodity={corridor.commodity}",
    }


@router.get("/totals", response_model=TotalsPage, summary="Totals of a run")
@router.head("/totals", include_in_schema=False)
def totals(request: Request, shelf: ShelfDep, asked: Annotated[TotalsQuery, Query()]) -> Response:
    """Sums by third country, by HS chapter and both, with the shock that products share."""
    areas = {name.upper() for name in asked.intermediary}

    def find(lake: Lake, run_id: str) -> Rows:
        return [
            _total(row)
            for row in rows_of(lake, TOTALS, run_id)
            if (not areas or row["intermediary"] in areas)
            and (not asked.group or row["group"] in asked.group)
            and asked.bracket in ("", row["bracket"])
        ]

    return _listed(request, shelf, asked, (TOTALS.key[1:], TOTALS.columns, find))


def _total(row: dict[str, Any]) -> dict[str, Any]:
    run_id, area = row["run_id"], row["intermediary"]
    where = f"runs/{run_id}" if area == "_T" else f"countries/{area}?run={run_id}"
    key = ", ".join(f"{name}={row[name]}" for name in TOTALS.key)
    return {**row, "address": f"/api/v1/{where}", "evidence": f"totals {key}"}


def _listed(
    request: Request, shelf: Shelf, asked: PageQuery, what: tuple[Sequence[str], Any, Any]
) -> Response:
    """A page of what was found; the place it begins at is a key, not a number of rows."""
    keys, columns, find = what

    def make() -> tuple[bytes, Mapping[str, str]]:
        with known():
            run = shelf.gathered(
                ("api read_run", asked.run), lambda lake: read_run(lake, asked.run or None)
            )
            said = asked.model_dump(exclude={"run", "limit", "cursor"})
            question = question_of({**said, "run": run.run_id, "path": request.url.path})
            rows: Rows = shelf.gathered(
                ("api listed", question), lambda lake: find(lake, run.run_id)
            )
        start = _start(rows, asked.cursor, question, keys)
        page = rows[start : start + asked.limit]
        place = None
        if start + asked.limit < len(rows):
            place = cursor_of(question, [page[-1][name] for name in keys])
        body = {
            "lake_version": shelf.tag,
            "run_id": run.run_id,
            "is_simulated": run.is_simulated,
            "count": len(rows),
            "columns": columns_told(columns),
            "rows": [{name: plain_value(one) for name, one in row.items()} for row in page],
            "caveats": _caveats(page),
            "next": place,
        }
        return as_json(body), {"link": next_link(request, place)}

    return told(request, make)


def _start(rows: Rows, cursor: str, question: str, keys: Sequence[str]) -> int:
    if not cursor:
        return 0
    last = key_of(cursor, question, [str] * len(keys))
    places = (n for n, row in enumerate(rows, 1) if tuple(row[name] for name in keys) == last)
    return next(places, len(rows))


def _caveats(rows: Rows) -> list[dict[str, str]]:
    codes = [
        code
        for row in rows
        for name in ("caveats", *(f"caveats_{bracket}" for bracket in BRACKETS))
        for code in (row.get(name) or "").split()
    ]
    return [{"code": one.code, "sentence": one.sentence} for one in notes(codes)]
