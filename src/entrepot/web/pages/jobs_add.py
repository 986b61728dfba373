"""Pages that change the lake: files that admins add, and a new estimate."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from pathlib import Path

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from entrepot.api.jobs import Job, Wanted
from entrepot.api.jobs_uploads import Upload
from entrepot.errors import EntrepotError
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import CallerDep, needs
from entrepot.web.pages.answer import READ
from entrepot.web.pages.jobs_open import Work, WorkDep, fresh, gone_to
from entrepot.web.pages.page import Page, Step
from entrepot.web.pages.uploads import Sent, Terms, read_form, receive

router = APIRouter(dependencies=[Depends(needs("admin"))])
_STATISTICS = (
    *(".csv", ".csv.gz", ".tsv", ".tsv.gz", ".json", ".json.gz", ".jsonl", ".xml", ".xlsx"),
    *(".xls", ".ods", ".7z", ".dat", ".zip", ".parquet"),
)
_ARTICLES = (".txt", ".html", ".htm", ".json", ".jsonl", ".ndjson", ".xml", ".rss")
_COLLECTION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_DETECT = {
    "intermediaries": ("--intermediaries", re.compile(r"[A-Z_]{2,30}(?:,[A-Z_]{2,30}){0,30}")),
    "since": ("--since", re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")),
    "list": ("--list", re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,39}")),
}


@router.api_route("/sources/add", **READ)
def add_files(request: Request, work: WorkDep) -> Response:
    """The form for files."""
    page = Page("Add files", section="/sources", way=(Step("Sources", "/sources"),))
    return fresh(request, "add_files.html", page, {"most": f"{work.most / 1e6:,.0f} MB"})


@router.post("/sources/add", include_in_schema=False)
async def added(request: Request, work: WorkDep, caller: CallerDep) -> Response:
    """Take a file and start to read it into the lake."""
    endings = tuple(dict.fromkeys((*_STATISTICS, *_ARTICLES)))
    sent = await receive(request, work.uploads, Terms("add", caller.name, endings, work.most))
    if sent.upload is None:
        raise HTTPException(422, "No file was chosen. Choose one and send the form again.")
    try:
        job = await run_in_threadpool(_ordered, work, sent, sent.upload, caller.name)
    except (EntrepotError, HTTPException):
        work.uploads.remove(sent.upload.upload_id)
        raise
    await run_in_threadpool(audited, request, "upload", sent.upload.upload_id)
    await run_in_threadpool(audited, request, "job_started", job.job_id)
    return gone_to(f"/jobs/{job.job_id}")


def _ordered(work: Work, sent: Sent, upload: Upload, by: str) -> Job:
    purpose = sent.fields.get("purpose", "")
    taken = {"ingest": _STATISTICS, "read": _ARTICLES}
    if purpose not in taken:
        raise HTTPException(422, "Say what the file is: statistics or a list, or press articles.")
    if upload.ending not in taken[purpose]:
        raise HTTPException(
            422, f"{upload.name}: expected one of {', '.join(taken[purpose])} for this."
        )
    named = _named(work.uploads.folder(upload.upload_id), upload, sent)
    words = [purpose, str(named)]
    day = _day(sent)
    if day:
        words += ["--retrieved-at" if purpose == "ingest" else "--date", day]
    title = f"Read {upload.name} into the lake"
    return work.keeper.ask(Wanted(purpose, title, tuple(words), by, upload.upload_id))


def _named(folder: Path, upload: Upload, sent: Sent) -> Path:
    """The file under a name made here: readers of own lists take collection and day from it."""
    collection = sent.fields.get("collection", "").strip()
    if collection and not _COLLECTION.fullmatch(collection):
        raise HTTPException(
            422,
            f"The collection is {collection[:40]!r}, expected small letters, digits and hyphens, "
            "at most 40.",
        )
    day = _day(sent)
    stem = "_".join(filter(None, (collection or f"upload-{upload.upload_id}", day)))
    (folder / "named").mkdir(exist_ok=True)
    path = folder / "named" / f"{stem}{upload.ending}"
    try:
        os.link(folder / upload.stored_name, path)
    except OSError:  # some file systems have no second names
        shutil.copyfile(folder / upload.stored_name, path)
    return path.absolute()


def _day(sent: Sent) -> str:
    text = sent.fields.get("day", "").strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise HTTPException(
            422, f"The day is {text[:20]!r}, expected such as 2024-06-03."
        ) from None


@router.api_route("/jobs/detect", **READ)
def detect(request: Request) -> Response:
    """The form for a new estimate."""
    page = Page("Estimate anew", section="/jobs", way=(Step("Jobs", "/jobs"),))
    return fresh(request, "detect.html", page)


@router.post("/jobs/detect", include_in_schema=False)
async def detected(request: Request, work: WorkDep, caller: CallerDep) -> Response:
    """Start a new estimate."""
    fields = dict(await read_form(request))
    words = ["detect"]
    for name, (option, pattern) in _DETECT.items():
        value = fields.get(name, "").strip()
        if value and not pattern.fullmatch(value):
            raise HTTPException(422, f"{name} is {value[:40]!r}; see the example in its field.")
        words += [option, value] if value else []
    title = " ".join(("Estimate", *words[1:]))
    job = await run_in_threadpool(
        work.keeper.ask, Wanted("detect", title, tuple(words), caller.name)
    )
    await run_in_threadpool(audited, request, "job_started", job.job_id)
    return gone_to(f"/jobs/{job.job_id}")
