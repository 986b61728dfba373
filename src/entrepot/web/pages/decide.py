"""The decision box of a lead: what was decided, by whom and when, and a form to decide."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from entrepot.api.lead_decisions import (
    LONGEST,
    VERDICTS,
    WORDS,
    LeadDecision,
    Verdict,
    decisions_about,
    open_lead_decisions,
    standing,
)
from entrepot.api.lead_shown import LeadShown
from entrepot.web.access.audit import audited
from entrepot.web.access.caller import Caller, CallerDep, csrf_field, needs
from entrepot.web.access.forms import FormDep
from entrepot.web.match import told
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ, ShelfDep
from entrepot.web.pages.lead import gathered_lead, lead_way
from entrepot.web.pages.page import Page, render
from entrepot.web.pages.run import RunQuery, run_words

router = APIRouter()


def _open(value: object) -> object:
    """A field that was left empty in a form is open."""
    return None if value == "" else value


class Sent(BaseModel):
    """What the form sends."""

    decision: Annotated[Verdict | None, BeforeValidator(_open)] = None
    withdraws: Annotated[int | None, BeforeValidator(_open)] = None
    by: str = Field("", max_length=120)
    reason: str = Field(max_length=LONGEST)
    run: str = Field("", pattern=r"^[0-9a-z]{0,64}$")


@router.api_route("/leads/{lead}/decisions", **READ)
def decisions(
    request: Request, shelf: ShelfDep, caller: CallerDep, lead: str, run: RunQuery = ""
) -> Response:
    """What was decided about a lead; never kept, since it changes without the lake."""
    shown = gathered_lead(shelf, lead, run)
    settings = shelf.settings
    rows = decisions_about(settings.lake, settings.decisions, shown.corridor)
    page = Page(
        f"Decisions about {shown.corridor}",
        section="/leads",
        way=lead_way(shown, run, is_below=True),
        run_id=run,
        run_words=run_words(shown.run),
        is_simulated=shown.told.is_simulated,
    )
    box = _box(shown, rows, caller) | {"csrf": csrf_field(request)}
    text = "" if request.method == "HEAD" else render("decisions.html", page, box)
    return Response(text, headers={**PAGE_HEADERS, "content-type": HTML})


@router.post("/leads/{lead}/decisions", include_in_schema=False)
def decide(
    request: Request,
    shelf: ShelfDep,
    caller: Annotated[Caller, Depends(needs("analyst"))],
    form: FormDep,
    lead: str,
) -> Response:
    """Write down a decision, or withdraw one; then show the box again."""
    sent = _sent(form)
    shown = gathered_lead(shelf, lead, sent.run)
    # On this machine nobody has an account: whoever decides says who they are.
    by = (sent.by if caller.kind == "loopback" else caller.name, sent.reason)
    settings = shelf.settings
    with open_lead_decisions(settings.lake, settings.decisions) as held:
        if sent.withdraws is not None:
            made = held.withdraw(shown.corridor, sent.withdraws, by)
        elif sent.decision is not None:
            made = held.append(shown.corridor, shown.run.run_id, sent.decision, by)
        else:
            raise HTTPException(422, f"decision is missing, expected one of {list(VERDICTS)}.")
    audited(request, "decision", f"lead:{made.decision_id}")
    there = Page("", run_id=sent.run).at(f"/leads/{shown.corridor}/decisions")
    return RedirectResponse(there, 303)


def _sent(form: Any) -> Sent:
    try:
        return Sent.model_validate({name: form[name] for name in Sent.model_fields if name in form})
    except ValidationError as error:
        raise HTTPException(422, told(error.errors())) from error


def _box(shown: LeadShown, rows: tuple[LeadDecision, ...], caller: Caller) -> dict[str, object]:
    withdrawn = {row.withdraws for row in rows}
    return {
        "lead": str(shown.corridor),
        "run_id": shown.run.run_id,
        "rows": tuple(reversed(rows)),
        "withdrawn": withdrawn,
        "stands": standing(rows),
        "words": {verdict: WORDS[verdict] for verdict in VERDICTS},
        "may_decide": caller.may("analyst"),
        "name": "" if caller.kind == "loopback" else caller.name,
        "longest": LONGEST,
    }
