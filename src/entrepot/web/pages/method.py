"""The page of the method: what an estimate can and cannot say, and how that was measured."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from entrepot.api.overview import has_runs, overview_of
from entrepot.codes.caveats import caveats
from entrepot.dossier.benchmark import (
    COMMAND,
    NOT_MEASURED,
    SEEDS,
    SEEN_ON,
    SEEN_WITH,
    Score,
    benchmark,
)
from entrepot.dossier.page import Check
from entrepot.dossier.records import Run
from entrepot.dossier.runs import read_run
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.run import RunQuery, known, run_words
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
_COVERAGE, _WAYS = "Share of 90 % intervals that hold the truth", "Error of the ways"
_HEADS = (
    Heading("Method"),
    Heading("Average precision", is_number=True),
    Heading("False discoveries", "10 % asked", is_number=True),
    Heading("Power", is_number=True),
    Heading("Error of the value", is_number=True),
    Heading("diverted", is_number=True, group=_COVERAGE),
    Heading("flagged", is_number=True, group=_COVERAGE),
    Heading("totals", is_number=True, group=_COVERAGE),
    Heading("went on", is_number=True, group=_WAYS),
    Heading("ghost", is_number=True, group=_WAYS),
)


@router.api_route("/method", **READ)
def method(request: Request, shelf: ShelfDep, run: RunQuery = "") -> Response:
    """What an estimate can say, what it rests on, and how well it does where the truth is known."""
    return answer(request, lambda: _made(shelf, run))


def _made(shelf: Shelf, run: str) -> str:
    found = _run(shelf, run)
    page = Page(
        "What an estimate can say, and what not",
        section="/method",
        run_id=run,
        run_words="" if found is None else run_words(found),
        is_simulated=found is not None and found.is_simulated,
    )
    checks = () if found is None else _placebos(shelf, run)
    shown = {
        "checks": checks,
        "choices": _choices(found),
        "benchmarks": _benchmarks(),
        "seen": (SEEN_ON, SEEN_WITH, SEEDS, COMMAND),
        "caveats": caveats(),
    }
    return render("method.html", page, shown)


def _run(shelf: Shelf, run: str) -> Run | None:
    with known():
        if not run and not shelf.gathered(("has_runs",), has_runs):
            return None
        return shelf.gathered(("run", run), lambda lake: read_run(lake, run or None))


def _placebos(shelf: Shelf, run: str) -> tuple[Check, ...]:
    with known():
        held = shelf.gathered(("overview", run), lambda lake: overview_of(lake, run or None))
    return held.placebos


def _choices(run: Run | None) -> Listing:
    return plain_listing(
        "Choices of the run at hand; another choice is another run",
        [Heading("Parameter"), Heading("Value"), Heading("What it decides")],
        [
            [Cell(one.name), Cell(one.value or "empty"), Cell(one.meaning or NOT_MEASURED)]
            for one in (run.parameters if run else ())
        ],
        "Nothing was estimated yet. Run `entrepot detect`.",
    )


def _benchmarks() -> list[Listing]:
    worlds = dict.fromkeys(row.worlds for row in benchmark())
    return [
        plain_listing(
            f"Simulated, {name}, seeds {SEEDS}: means; all are fractions, each country’s own path",
            _HEADS,
            [_score(row) for row in benchmark() if row.worlds == name],
            "Not measured.",
        )
        for name in worlds
    ]


def _score(row: Score) -> list[Cell]:
    figures = (
        *(row.average_precision, row.false_discovery_proportion, row.power, row.wmape),
        *(row.coverage_diverted, row.coverage_flagged, row.coverage_totals),
        *(row.intermediated_error, row.ghost_error),
    )
    return [Cell(row.method), *(Cell(one or NOT_MEASURED, is_number=True) for one in figures)]
