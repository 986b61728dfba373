"""The page of sources: which files, of which vintage, under which licence, and what they cover."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from entrepot.api.coverage import Coverage, CoverageQuestion, coverage_of
from entrepot.api.overview import RunLine, runs_held
from entrepot.dossier.wording import counted
from entrepot.lake import Lake
from entrepot.tables import FLOWS, SOURCES
from entrepot.web.pages.answer import READ, ShelfDep, answer
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.shelf import Shelf

router = APIRouter()


@router.api_route("/sources", **READ)
def sources(request: Request, shelf: ShelfDep) -> Response:
    """Files and runs of the lake."""
    return answer(request, lambda: _made(shelf))


@router.api_route("/sources/coverage", **READ)
def coverage(request: Request, shelf: ShelfDep) -> Response:
    """Who declared what and when; apart, because a large lake takes seconds to count."""
    return answer(request, lambda: _covered(shelf))


def gathered_coverage(shelf: Shelf) -> Coverage:
    """Who declared what and when, kept until the lake changes.

    Args:
        shelf: The shelf.
    """
    return shelf.gathered(("coverage",), lambda lake: coverage_of(lake, CoverageQuestion()))


def _files(lake: Lake) -> list[dict[str, Any]]:
    if not lake.has(SOURCES):
        return []
    found = lake.table(SOURCES).sort("dataset", "path", "source_id")
    rows: list[dict[str, Any]] = found.collect("pyarrow").to_native().to_pylist()
    return rows


def _made(shelf: Shelf) -> str:
    page = Page("Sources", section="/sources")
    files = shelf.gathered(("sources",), _files)
    runs = shelf.gathered(("runs",), runs_held)
    has_flows = shelf.gathered(("has_flows",), lambda lake: lake.has(FLOWS))
    shown = {"files": _file_listing(files), "runs": _run_listing(runs), "has_flows": has_flows}
    return render("sources.html", page, shown)


def _covered(shelf: Shelf) -> str:
    page = Page("What the lake covers", section="/sources")
    if not shelf.gathered(("has_flows",), lambda lake: lake.has(FLOWS)):
        return render("coverage.html", page, {"listing": None, "words": ""})
    held = gathered_coverage(shelf)
    return render("coverage.html", page, {"listing": _series(held), "words": held.source})


def _file_listing(rows: list[dict[str, Any]]) -> Listing:
    heads = ("File", "Collection", "Publisher", "Vintage", "Licence")
    return plain_listing(
        f"{counted(len(rows), 'file', 'files')}; the digest is the sha256 of the file as published",
        [*(Heading(name) for name in heads), Heading("Rows", is_number=True), Heading("Digest")],
        [
            [
                Cell(row["path"], href=f"/sources/{row['source_id']}", small=row["url"] or ""),
                Cell(row["dataset"]),
                Cell(row["publisher"]),
                Cell(row["vintage"].partition("T")[0]),
                Cell(row["licence"]),
                Cell(f"{row['row_count']:,}", is_number=True),
                Cell(row["source_id"], small=row["sha256"]),
            ]
            for row in rows
        ],
        "The lake holds no file yet. Run `entrepot ingest`, or try `entrepot demo`.",
    )


def _run_listing(runs: tuple[RunLine, ...]) -> Listing:
    return plain_listing(
        "Runs, the latest first; pages show the latest unless another is chosen here",
        [Heading("Run"), Heading("Question"), Heading("Made"), Heading("Entrepôt")],
        [
            [
                Cell(run.run_id, href=f"/?run={run.run_id}"),
                Cell(run.asked, small="SIMULATED DATA" if run.is_simulated else ""),
                Cell(run.created),
                Cell(run.code_version),
            ]
            for run in runs
        ],
        "Nothing was estimated yet. Run `entrepot detect`.",
    )


def _series(held: Coverage) -> Listing:
    return plain_listing(
        f"{counted(held.series.num_rows, 'series', 'series')} of declarations",
        [
            *(Heading(name) for name in ("Collection", "Reporter", "Flow", "First", "Last")),
            Heading("Periods", is_number=True),
            Heading("Rows", is_number=True),
            Heading("Periods missing"),
            Heading("Periods with few rows"),
            Heading("Newest vintage"),
        ],
        [
            [
                Cell(row["dataset"]),
                Cell(row["reporter"]),
                Cell(f"{row['flow']}, {'yearly' if row['freq'] == 'A' else 'monthly'}"),
                Cell(f"{row['first']:%Y-%m}"),
                Cell(f"{row['last']:%Y-%m}"),
                Cell(f"{row['period_count']:,}", is_number=True),
                Cell(f"{row['row_count']:,}", is_number=True),
                Cell(row["missing"] or "none"),
                Cell(row["few"] or "none"),
                Cell((row["vintage"] or "not recorded").partition("T")[0]),
            ]
            for row in held.series.to_pylist()
        ],
        "The lake holds no declarations yet.",
    )
