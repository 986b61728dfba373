"""Runs, leads, totals and countries: the records that the pages show, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import TypeAdapter

from entrepot.api.lead_shown import ClaimSaid, LeadShown, claims_about, lead_shown
from entrepot.api.overview import Overview, RunLine, overview_of, runs_held
from entrepot.api.record import record_of
from entrepot.corridor import Corridor
from entrepot.dossier.gather import gather_country
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.record import CountryRecord, RecordQuestion
from entrepot.lake import Lake
from entrepot.tables import ARTICLES
from entrepot.web.api.answers import told
from entrepot.web.pages.answer import ShelfDep
from entrepot.web.pages.run import RunQuery, known

router = APIRouter(prefix="/api/v1", tags=["results"])


@dataclass(frozen=True, slots=True)
class RunList:
    """Runs of the lake.

    Args:
        lake_version: Digest of the lake and the code.
        runs: The runs, the latest first.
    """

    lake_version: str
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True)
class CountryTold:
    """One third country.

    Args:
        dossier: Its totals, leads, product groups, checks, charts and caveats.
        record: What was said and done, day by day; nothing where the lake holds no article.
        claims: Claims about its trade, and what the check of each found.
    """

    dossier: CountryDossier
    record: CountryRecord | None
    claims: tuple[ClaimSaid, ...]


_RUNS = TypeAdapter(RunList)
_OVERVIEW = TypeAdapter(Overview)
_LEAD = TypeAdapter(LeadShown)
_COUNTRY = TypeAdapter(CountryTold)
_NONE: Mapping[str, str] = {}


@router.get("/runs", response_model=RunList, summary="Runs of the estimator")
@router.head("/runs", include_in_schema=False)
def runs(request: Request, shelf: ShelfDep) -> Response:
    """Every run, the latest first; none where nothing was estimated yet."""

    def make() -> tuple[bytes, Mapping[str, str]]:
        held = shelf.gathered(("api runs",), runs_held)
        return _RUNS.dump_json(RunList(shelf.tag, held)), _NONE

    return told(request, make)


@router.get("/runs/{run_id}", response_model=Overview, summary="One run")
@router.head("/runs/{run_id}", include_in_schema=False)
def run(
    request: Request,
    shelf: ShelfDep,
    run_id: Annotated[str, Path(pattern="^[0-9a-z]{1,64}$", description="Run id, or `latest`.")],
) -> Response:
    """Its parameters and sources, totals with intervals, countries, placebos, what changed."""
    wanted = None if run_id == "latest" else run_id

    def make() -> tuple[bytes, Mapping[str, str]]:
        with known():
            found = shelf.gathered(("api run", run_id), lambda lake: overview_of(lake, wanted))
        return _OVERVIEW.dump_json(found), _NONE

    return told(request, make)


@router.get("/leads/{corridor}", response_model=LeadShown, summary="One lead")
@router.head("/leads/{corridor}", include_in_schema=False)
def lead(
    request: Request,
    shelf: ShelfDep,
    corridor: Annotated[
        str,
        Path(
            max_length=100,
            description="Coalition, third country, destination and commodity with hyphens, as in "
            "EU-KG-RU-870324.",
        ),
    ],
    run: RunQuery = "",
) -> Response:
    """Both brackets with intervals, legs month by month, checks, claims, caveats, source files."""
    try:
        wanted = Corridor.parse(corridor)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error

    def make() -> tuple[bytes, Mapping[str, str]]:
        with known():
            found = shelf.gathered(
                ("api lead", wanted, run), lambda lake: lead_shown(lake, wanted, run or None)
            )
        return _LEAD.dump_json(found), _NONE

    return told(request, make)


@router.get("/countries/{code}", response_model=CountryTold, summary="One third country")
@router.head("/countries/{code}", include_in_schema=False)
def country(
    request: Request,
    shelf: ShelfDep,
    code: Annotated[str, Path(pattern="^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2, e.g. KG.")],
    run: RunQuery = "",
) -> Response:
    """Its dossier: totals with intervals, leads, groups, checks, caveats; what was said of it."""
    area = code.upper()

    def make() -> tuple[bytes, Mapping[str, str]]:
        with known():
            found = shelf.gathered(
                ("api country", area, run), lambda lake: _country(lake, area, run or None)
            )
        return _COUNTRY.dump_json(found), _NONE

    return told(request, make)


def _country(lake: Lake, code: str, run_id: str | None) -> CountryTold:
    dossier = gather_country(lake, code, run_id)
    if not lake.has(ARTICLES):
        return CountryTold(dossier, None, ())
    record = record_of(lake, RecordQuestion(code))
    return CountryTold(dossier, record, claims_about(lake, code))
