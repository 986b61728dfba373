"""The screen page: a file or pasted lines in, its columns confirmed, a job started."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from entrepot.api.jobs import Job, Wanted
from entrepot.api.jobs_answers import FOLDER
from entrepot.api.jobs_folder import put
from entrepot.api.jobs_look import COLUMNS, LAYOUT, look
from entrepot.api.jobs_uploads import Upload
from entrepot.errors import EntrepotError
from entrepot.screening.policy import read_policy
from entrepot.sources.shipments_lines import KINDS
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import CallerDep, needs
from entrepot.web.pages.answer import READ
from entrepot.web.pages.jobs import job_shown
from entrepot.web.pages.jobs_open import Work, WorkDep, fresh, gone_to
from entrepot.web.pages.listing import Cell, Heading, Listing, plain_listing
from entrepot.web.pages.page import Page, Step
from entrepot.web.pages.run import known
from entrepot.web.pages.screen_columns import chosen_columns, columns_toml, field_groups
from entrepot.web.pages.screen_results import has_answers, results_page
from entrepot.web.pages.uploads import Sent, Terms, read_form, receive, store_text

router = APIRouter(dependencies=[Depends(needs("analyst"))])
POLICY, ORDER = "policy.toml", "order.json"
WAY = (Step("Screen", "/screen"),)
_SETTINGS = ("dates", "decimal", "delimiter", "encoding", "sheet", "header_row")


@router.api_route("/screen", **READ)
def screen(request: Request, work: WorkDep) -> Response:
    """The form, and what was screened before."""
    shown = {
        "most": f"{work.most / 1e6:,.0f} MB",
        "days": work.settings.limits.keep_days,
        "kinds": ", ".join(KINDS),
        "accept": ",".join(KINDS),
        "before": _before(work),
    }
    return fresh(request, "screen.html", Page("Screen shipments", section="/screen"), shown)


def _before(work: Work) -> Listing:
    heads = ("File", "Sent by", "Sent, UTC", "State", "Kept until")
    days = work.settings.limits.keep_days
    return plain_listing(
        "Files that were sent, the newest first",
        [*(Heading(name) for name in heads), Heading("Size", unit="bytes", is_number=True)],
        [
            [
                Cell(one.name, href=f"/screen/{one.upload_id}", small=one.sha256[:16]),
                Cell(one.sent_by),
                Cell(one.sent_at[:16].replace("T", " ")),
                Cell(_state(work, one)),
                Cell(one.removed_on(days)),
                Cell(f"{one.size_bytes:,}", is_number=True),
            ]
            for one in work.uploads.all("screen")
        ],
        "No file was sent yet.",
    )


def _state(work: Work, upload: Upload) -> str:
    job = last_job(work, upload)
    return "columns to be confirmed" if job is None else job_shown(work, job).words


def last_job(work: Work, upload: Upload) -> Job | None:
    """The newest job about an upload.

    Args:
        work: What is at hand.
        upload: The upload.
    """
    found = work.keeper.book.of_upload(upload.upload_id)
    return found[-1] if found else None


@router.post("/screen", include_in_schema=False)
async def sent(request: Request, work: WorkDep, caller: CallerDep) -> Response:
    """Take a file or pasted lines, and look at its columns."""
    terms = Terms("screen", caller.name, KINDS, work.most)
    form = await receive(request, work.uploads, terms)
    upload = await run_in_threadpool(_taken, work, terms, form)
    await run_in_threadpool(audited, request, "upload", upload.upload_id)
    return gone_to(f"/screen/{upload.upload_id}")


def _taken(work: Work, terms: Terms, form: Sent) -> Upload:
    upload = form.upload
    pasted = form.fields.get("lines", "")
    try:
        if upload is not None and pasted.strip():
            raise HTTPException(422, "A file and pasted lines were sent, expected one of them.")
        order = {"as_of": _day(form.fields.get("as_of", ""))}
        policy = form.fields.get("policy", "")
        if policy.strip():
            read_policy(policy, "policy")
        if upload is None:
            if not pasted.strip():
                raise HTTPException(422, "Nothing was sent. Choose a file, or paste lines.")
            upload = store_text(work.uploads, terms, "pasted lines.csv", pasted)
        folder = work.uploads.folder(upload.upload_id)
        if policy.strip():
            put(folder / POLICY, policy)
        put(folder / ORDER, json.dumps(order))
        put(folder / LAYOUT, json.dumps(look(upload, folder)))
    except (EntrepotError, HTTPException):
        if upload is not None:
            work.uploads.remove(upload.upload_id)
        raise
    return upload


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise HTTPException(
            422,
            f"The day is {text.strip()[:20]!r}, expected the day whose lists and acts count, such "
            "as 2024-06-03.",
        ) from None


@router.api_route("/screen/{upload_id}", **READ)
def screening(request: Request, work: WorkDep, upload_id: str) -> Response:
    """What is known of a file: its columns, how far its screening is, or the results."""
    with known():
        upload = work.uploads.upload(upload_id)
    folder = work.uploads.folder(upload_id)
    job = last_job(work, upload)
    if job is not None and job.state == "done" and has_answers(folder):
        return results_page(request, work, upload)
    if job is not None and not job.has_ended:
        shown = {"shown": job_shown(work, job), "upload": upload}
        page = Page(f"Screening of {upload.name}", section="/screen", way=WAY)
        return fresh(request, "screen_wait.html", page, shown)
    return _columns_page(request, work, upload, job)


def _columns_page(request: Request, work: Work, upload: Upload, job: Job | None) -> Response:
    folder = work.uploads.folder(upload.upload_id)
    layout = json.loads((folder / LAYOUT).read_text("utf-8"))
    order = json.loads((folder / ORDER).read_text("utf-8"))
    page = Page(f"Columns of {upload.name}", section="/screen", way=WAY)
    shown = {
        "upload": upload,
        "columns": _columns(layout),
        "notes": layout["notes"],
        "header_row": layout["header_row"],
        "groups": field_groups(),
        "order": order,
        "settings": order.get("settings", {}),
        "has_policy": (folder / POLICY).is_file(),
        "days": work.settings.limits.keep_days,
        "until": upload.removed_on(work.settings.limits.keep_days),
        "before": None if job is None else job_shown(work, job),
    }
    return fresh(request, "screen_columns.html", page, shown)


def _columns(layout: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each heading once: columns of one name are one to the file of columns."""
    return list({one["text"]: one for one in reversed(layout["headings"])}.values())[::-1]


@router.post("/screen/{upload_id}", include_in_schema=False)
async def confirmed(request: Request, work: WorkDep, caller: CallerDep, upload_id: str) -> Response:
    """Take the columns as confirmed or corrected; look again, or start to screen."""
    with known():
        upload = work.uploads.upload(upload_id)
    fields = await read_form(request)
    job = await run_in_threadpool(_confirmed, work, upload, fields, caller.name)
    if job is not None:
        await run_in_threadpool(audited, request, "job_started", job.job_id)
    return gone_to(f"/screen/{upload.upload_id}")


def _confirmed(work: Work, upload: Upload, fields: list[tuple[str, str]], by: str) -> Job | None:
    """Keep the columns; the job that was started, or none where they are only looked at."""
    last = last_job(work, upload)
    if last is not None and not last.has_ended:
        raise HTTPException(409, "This file is being screened. Wait, or cancel the job first.")
    folder = work.uploads.folder(upload.upload_id)
    said = dict(fields)
    order = json.loads((folder / ORDER).read_text("utf-8"))
    order["as_of"] = _day(said.get("as_of", order["as_of"]))
    order["settings"] = {name: said[name] for name in _SETTINGS if said.get(name)}
    order["columns"] = chosen_columns(fields)
    before = (folder / COLUMNS).read_text("utf-8") if (folder / COLUMNS).is_file() else None
    put(folder / COLUMNS, columns_toml(order["columns"], order["settings"]))
    try:
        layout = look(upload, folder)
    except EntrepotError:
        (folder / COLUMNS).unlink() if before is None else put(folder / COLUMNS, before)
        raise
    put(folder / LAYOUT, json.dumps(layout))
    put(folder / ORDER, json.dumps(order))
    if said.get("do") == "look":
        return None
    return work.keeper.ask(_wanted(upload, folder, order["as_of"], by))


def _wanted(upload: Upload, folder: Path, as_of: str, by: str) -> Wanted:
    """The order for a screening: every path is one that was made here."""
    at = folder.absolute()
    words = ["screen", str(at / upload.stored_name), "--as-of", as_of]
    words += ["--columns", str(at / COLUMNS), "--answers", str(at / FOLDER)]
    if (folder / POLICY).is_file():
        words += ["--policy", str(at / POLICY)]
    title = f"Screening of {upload.name} as of {as_of}"
    return Wanted("screen", title, tuple(words), by, upload.upload_id)


@router.post("/screen/{upload_id}/remove", include_in_schema=False)
def remove(request: Request, work: WorkDep, caller: CallerDep, upload_id: str) -> Response:
    """Remove a file with all its results."""
    with known():
        upload = work.uploads.upload(upload_id)
    if caller.name != upload.sent_by and not caller.may("admin"):
        raise HTTPException(
            403, f"{upload.sent_by} sent this file; they or an admin may remove it."
        )
    for job in work.keeper.book.of_upload(upload_id):
        if not job.has_ended:
            raise HTTPException(409, "A job works on this file. Cancel it first.")
    work.uploads.remove(upload_id)
    audited(request, "upload_removed", upload_id)
    return gone_to("/screen")
