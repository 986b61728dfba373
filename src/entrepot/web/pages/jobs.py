"""Pages of long jobs: what waits, what runs and how far it is, how it ended, a way to end it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from entrepot.api.jobs import Job
from entrepot.api.jobs_folder import Progress, output_of, progress_of
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import Caller, CallerDep, needs
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ
from entrepot.web.pages.jobs_open import Work, WorkDep, fresh, gone_to
from entrepot.web.pages.listing import Cell, Heading, Listing, pages_of, plain_listing, query_of
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import known

router = APIRouter(dependencies=[Depends(needs("analyst"))])
AdminDep = Annotated[Caller, Depends(needs("admin"))]
_WORDS = {
    "queued": "waits",
    "running": "runs",
    "cancelling": "is being cancelled",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
    "lost": "lost",
}
_AGAIN = ("failed", "cancelled", "lost")


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job as a page shows it.

    Args:
        job: The job.
        words: Its state in words.
        progress: How far it is; ``None`` where it said nothing or has ended.
        output: The last lines it printed.
        seen: Digest of all that, so that an unchanged page is not sent again.
        results: Address of what came of it; empty for none.
    """

    job: Job
    words: str
    progress: Progress | None
    output: tuple[str, ...]
    seen: str
    results: str


def job_shown(work: Work, job: Job) -> JobShown:
    """Gather what a page shows of a job.

    Args:
        work: What is at hand.
        job: The job.

    Returns:
        What is shown.
    """
    folder = work.keeper.book.folder(job.job_id)
    is_running = job.state in ("running", "cancelling")
    progress = progress_of(folder) if is_running else None
    output = output_of(folder)
    seen = hashlib.sha256(repr((job.changes, progress, output)).encode()).hexdigest()[:12]
    is_there = job.wanted.kind == "screen" and job.state == "done"
    results = f"/screen/{job.wanted.upload_id}" if is_there else ""
    return JobShown(job, _WORDS[job.state], progress, output, seen, results)


def may_cancel(caller: Caller, job: Job) -> bool:
    """Whether a caller may cancel a job: their own, or any where they are an admin.

    Args:
        caller: The caller.
        job: The job.
    """
    return not job.has_ended and (caller.name == job.wanted.asked_by or caller.may("admin"))


@router.api_route("/jobs", **READ)
def jobs(request: Request, work: WorkDep, page: int = 1) -> Response:
    """All jobs, the newest first."""
    found = work.keeper.book.jobs()[::-1]
    is_open = any(not job.has_ended for job in found)
    shown = {"listing": _listing(found, page), "is_open": is_open, "limits": work.keeper.limits}
    return fresh(request, "jobs.html", Page("Jobs", section="/jobs"), shown)


def _listing(found: tuple[Job, ...], page: int) -> Listing:
    first, number, has_next = pages_of(len(found), page)
    part = found[first : first + 50]
    made = plain_listing(
        "Jobs, the newest first; times are UTC",
        [Heading(name) for name in ("Job", "State", "Asked for by", "Asked for", "Last change")],
        [
            [
                Cell(job.wanted.title, href=f"/jobs/{job.job_id}", small=job.wanted.kind),
                Cell(_WORDS[job.state], small=job.last.detail),
                Cell(job.wanted.asked_by),
                Cell(f"{job.asked_at:%Y-%m-%d %H:%M}"),
                Cell(f"{job.last.said_at:%Y-%m-%d %H:%M}"),
            ]
            for job in part
        ],
        "No job was started yet. Screen a file, or add files to the lake.",
    )
    return Listing(
        made.caption,
        made.headings,
        made.rows,
        len(found),
        min(first + 1, len(found)),
        first + len(part),
        query_of({}, page=number - 1) if number > 1 else "",
        query_of({}, page=number + 1) if has_next else "",
        (),
        made.empty,
    )


@router.api_route("/jobs/{job_id}", **READ)
def job(request: Request, work: WorkDep, caller: CallerDep, job_id: str) -> Response:
    """One job."""
    with known():
        found = work.keeper.book.job(job_id)
    page = Page(found.wanted.title, section="/jobs", way=(Step("Jobs", "/jobs"),))
    shown = {
        "shown": job_shown(work, found),
        "may_cancel": may_cancel(caller, found),
        "may_repeat": found.state in _AGAIN,
        "changes": _changes(found),
    }
    return fresh(request, "job.html", page, shown)


def _changes(found: Job) -> Listing:
    return plain_listing(
        "What became of it; times are UTC",
        [Heading(name) for name in ("State", "When", "By", "What happened")],
        [
            [
                Cell(_WORDS[one.state]),
                Cell(f"{one.said_at:%Y-%m-%d %H:%M:%S}"),
                Cell(one.said_by),
                Cell(one.detail or "–"),
            ]
            for one in found.changes
        ],
        "",
    )


@router.api_route("/jobs/{job_id}/state", **READ)
def state(request: Request, work: WorkDep, job_id: str, seen: str = "") -> Response:
    """How far a job is: part of a page, asked for again and again while it runs."""
    with known():
        found = job_shown(work, work.keeper.book.job(job_id))
    about = {**PAGE_HEADERS, "content-type": HTML, "cache-control": "no-store"}
    if seen == found.seen:
        return Response(status_code=204, headers=about)
    text = render("job_state.html", Page("", section="/jobs"), {"shown": found})
    return Response(b"" if request.method == "HEAD" else text, headers=about)


@router.post("/jobs/{job_id}/cancel", include_in_schema=False)
def cancel(request: Request, work: WorkDep, caller: CallerDep, job_id: str) -> Response:
    """Cancel a job."""
    with known():
        found = work.keeper.book.job(job_id)
    if not found.has_ended and not may_cancel(caller, found):
        raise HTTPException(
            403, f"{found.wanted.asked_by} asked for this job; they or an admin may."
        )
    if work.keeper.cancel(found, caller.name):
        audited(request, "job_cancelled", job_id)
    return gone_to(f"/jobs/{job_id}")


@router.post("/jobs/{job_id}/again", include_in_schema=False)
def again(request: Request, work: WorkDep, caller: CallerDep, job_id: str) -> Response:
    """Start a job again that did not end well."""
    with known():
        found = work.keeper.book.job(job_id)
    if found.state not in _AGAIN:
        raise HTTPException(409, "This job waits, runs or is done: there is nothing to repeat.")
    if found.wanted.kind != "screen" and not caller.may("admin"):
        raise HTTPException(403, "Only an admin changes the lake.")
    if found.wanted.upload_id is not None:
        with known():
            work.uploads.folder(found.wanted.upload_id)
    wanted = found.wanted
    job = work.keeper.ask(
        type(wanted)(wanted.kind, wanted.title, wanted.arguments, caller.name, wanted.upload_id)
    )
    audited(request, "job_started", job.job_id)
    return gone_to(f"/jobs/{job.job_id}")
