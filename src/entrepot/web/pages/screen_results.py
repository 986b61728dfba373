"""The results of a screening: counted, filtered, each line explained, decided, taken away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from entrepot.api.decisions import open_decisions
from entrepot.api.jobs_answers import FOLDER
from entrepot.api.jobs_results import VERDICTS, Asked, JudgedHit, Results, Sort
from entrepot.api.jobs_uploads import Upload
from entrepot.api.screening_files import policy_file
from entrepot.dossier.screen_file import WRITERS
from entrepot.dossier.screen_rows import hit_words
from entrepot.screening.policy import Policy
from entrepot.screening.verdict import Screened
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import CallerDep, needs
from entrepot.web.pages.answer import PAGE_HEADERS, READ
from entrepot.web.pages.jobs_open import Work, WorkDep, fresh, gone_to
from entrepot.web.pages.listing import Cell, Heading, Listing, Sorted, pages_of, query_of
from entrepot.web.pages.page import Page, Step
from entrepot.web.pages.run import known
from entrepot.web.pages.screen_rulings import append_ruling
from entrepot.web.pages.uploads import read_form

router = APIRouter(dependencies=[Depends(needs("analyst"))])
_WORDS = {
    "block": "stop until settled",
    "review": "to be looked at",
    "clear": "nothing found by the checks that were made",
    "not_assessed": "a required check could not be made",
}
_FIRST = ("flagged", "not_assessed", "clear")  # in which checks of a line are shown
_ORDERS: dict[Sort, Sorted] = {"row": "ascending", "answer": "descending", "score": "descending"}
_FILES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


def has_answers(folder: Path) -> bool:
    """Whether the results of an upload are there.

    Args:
        folder: Folder of the upload.
    """
    return (folder / FOLDER).is_dir()


def results_of(work: Work, upload: Upload) -> Results:
    """The results of an upload, with the decisions of now.

    Args:
        work: What is at hand.
        upload: The upload.

    Returns:
        The results.
    """
    folder = work.uploads.folder(upload.upload_id)
    policy = folder / "policy.toml"
    settings = work.settings
    with open_decisions(settings.lake, settings.decisions) as decisions:
        rows = decisions.rows()
    with known():
        return Results(folder / FOLDER, policy_file(policy) if policy.is_file() else Policy(), rows)


def results_page(request: Request, work: Work, upload: Upload) -> Response:
    """The page of results.

    Args:
        request: The request, whose query filters and sorts.
        work: What is at hand.
        upload: The upload.

    Returns:
        The page.
    """
    asked, page_number = _asked(request)
    results = results_of(work, upload)
    found = results.find(asked)
    first, number, has_next = pages_of(len(found.places), page_number)
    lines = results.lines(found.places[first : first + 50])
    query = {"verdict": asked.verdict, "check": asked.check, "said": asked.said, "sort": asked.sort}
    rows = tuple(
        tuple(_cells(upload, place, line))
        for place, line in zip(found.places[first : first + 50], lines, strict=True)
    )
    listing = Listing(
        caption=f"Lines of {upload.name} as of {results.about.heading.as_of}",
        headings=_headings(asked, query),
        rows=rows,
        count=len(found.places),
        first=min(first + 1, len(found.places)),
        last=first + len(rows),
        before=query_of(query, page=number - 1) if number > 1 else "",
        after=query_of(query, page=number + 1) if has_next else "",
        downloads=(),
        empty="No line answers to these filters.",
    )
    shown = {
        "upload": upload,
        "h": results.heading(upload.name),
        "checks": results.about.checks,
        "counts": [(one, _WORDS[one], found.counts[one]) for one in VERDICTS],
        "total": sum(found.counts.values()),
        "flagged": found.flagged,
        "asked": asked,
        "listing": listing,
        "files": [ending.removeprefix(".") for ending in WRITERS],
        "days": work.settings.limits.keep_days,
        "until": upload.removed_on(work.settings.limits.keep_days),
    }
    page = Page(f"Screening of {upload.name}", section="/screen", way=(Step("Screen", "/screen"),))
    return fresh(request, "screen_results.html", page, shown)


def _asked(request: Request) -> tuple[Asked, int]:
    query = request.query_params
    verdict, check = query.get("verdict", ""), query.get("check", "")
    said, sort = query.get("said", "flagged"), query.get("sort", "answer")
    if verdict not in ("", *VERDICTS) or said not in ("flagged", "not_assessed"):
        raise HTTPException(422, f"verdict or said: expected one of {list(VERDICTS)}.")
    if sort not in _ORDERS or not query.get("page", "1").isdigit() or len(check) > 8:
        raise HTTPException(422, f"sort is {sort[:20]!r}, expected one of {list(_ORDERS)}.")
    kind: Literal["flagged", "not_assessed"] = "flagged" if said == "flagged" else "not_assessed"
    order: Sort = next(one for one in _ORDERS if one == sort)
    return Asked(verdict, check, kind, order), int(query.get("page", "1")[:9])


def _headings(asked: Asked, query: dict[str, str]) -> tuple[Heading, ...]:
    def head(label: str, sort: Sort, *, is_number: bool = False) -> Heading:
        order: Sorted = _ORDERS[sort] if asked.sort == sort else ""
        href = query_of(query, sort=sort)
        return Heading(label, is_number=is_number, href=href, order=order)

    return (
        head("Row", "row"),
        head("Answer", "answer"),
        Heading("Goods, parties"),
        Heading("What was found"),
        head("Best hit", "score", is_number=True),
        Heading("Not assessed"),
    )


def _cells(upload: Upload, place: int, line: Screened) -> list[Cell]:
    shipment = line.shipment
    goods = f"{shipment.goods.commodity or '(open)'} to {shipment.route.destination or '(open)'}"
    parties = "; ".join(f"{one.role}: {one.name}" for one in shipment.parties)
    flagged = [one for one in line.results if one.answer == "flagged"]
    scores = [hit.score for one in line.results for hit in one.hits]
    return [
        Cell(
            f"{shipment.row}",
            href=f"/screen/{upload.upload_id}/lines/{place}",
            small=f"{shipment.shipment_id}, line {shipment.line}",
        ),
        Cell(
            line.verdict.replace("_", " "),
            small=f"decided by {' '.join(line.deciding)}" if line.deciding else "",
            is_flag=line.verdict == "block",
        ),
        Cell(goods, small=parties),
        Cell(" ".join(f"{one.check_id}: {one.detail}" for one in flagged) or "nothing flagged"),
        Cell(f"{max(scores):.2f}" if scores else "–", is_number=True),
        Cell(" ".join(line.open_checks) or "none"),
    ]


@router.api_route("/screen/{upload_id}/lines/{place}", **READ)
def line(request: Request, work: WorkDep, upload_id: str, place: int) -> Response:
    """One line: every check, every hit with its reasons, and what was decided."""
    with known():
        upload = work.uploads.upload(upload_id)
        results = results_of(work, upload)
        (found,) = results.lines((place,))
    shown = {
        "upload": upload,
        "place": place,
        "line": found,
        "results": sorted(found.results, key=lambda one: _FIRST.index(one.answer)),
        "hits": [_hit_shown(results, one) for one in results.hits(found)],
        "checks": {one.id: one for one in results.about.checks},
        "h": results.heading(upload.name),
        "verdict_words": _WORDS[found.verdict],
    }
    shipment = found.shipment
    way = (Step("Screen", "/screen"), Step(upload.name, f"/screen/{upload_id}"))
    title = f"Row {shipment.row}: {shipment.shipment_id}, line {shipment.line}"
    return fresh(request, "screen_line.html", Page(title, section="/screen", way=way), shown)


def _hit_shown(results: Results, one: JudgedHit) -> dict[str, object]:
    return {
        "one": one,
        "words": hit_words(one.hit),
        "version": results.list_version(one.hit.dataset) or "not named",
        "particulars": "; ".join(f"{name} {text}" for name, text in one.judged.particulars.items()),
    }


@router.post("/screen/{upload_id}/lines/{place}", include_in_schema=False)
async def decide(
    request: Request, work: WorkDep, caller: CallerDep, upload_id: str, place: int
) -> Response:
    """Write down what was decided about a hit; it is honoured at once."""
    with known():
        upload = work.uploads.upload(upload_id)
    said = dict(await read_form(request))
    number = await run_in_threadpool(_decided, work, upload, place, said, caller.name)
    await run_in_threadpool(audited, request, "decision", f"{upload_id}/{place}/{number}")
    return gone_to(f"/screen/{upload_id}/lines/{place}#hit-{number}")


def _decided(work: Work, upload: Upload, place: int, said: dict[str, str], by: str) -> int:
    results = results_of(work, upload)
    with known():
        (found,) = results.lines((place,))
    # The entry is named too: a page that stands open while decisions change the order of hits
    # must not decide about another one.
    wanted = (said.get("dataset"), said.get("entity_id"), said.get("party"))
    for one in results.hits(found):
        if (one.hit.dataset, one.hit.entity_id, one.hit.party) == wanted:
            settings = work.settings
            with open_decisions(settings.lake, settings.decisions) as decisions:
                append_ruling(decisions, one, said, (by, results.list_version(one.hit.dataset)))
            return one.number
    raise HTTPException(404, "This line has no such hit. Reload the page and decide again.")


@router.api_route("/screen/{upload_id}/result.{kind}", **READ)
def result(
    request: Request,
    work: WorkDep,
    upload_id: str,
    kind: str,
) -> Response:
    """All lines as a file, the same that `entrepot screen -o` writes, with the decisions of now."""
    ending = f".{kind}"
    if ending not in WRITERS:
        raise HTTPException(404, f"There is no {ending!r}, expected one of {list(WRITERS)}.")
    with known():
        upload = work.uploads.upload(upload_id)
    room = tempfile.TemporaryDirectory(prefix="entrepot-")
    path = Path(room.name) / f"result{ending}"
    results_of(work, upload).write(path, upload.name)
    if request.method == "GET":
        audited(request, "download", f"{upload_id}{ending}")
    about = {
        **PAGE_HEADERS,
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="screening-{upload_id}{ending}"',
    }
    return FileResponse(
        path, media_type=_FILES[ending], headers=about, background=BackgroundTask(room.cleanup)
    )
