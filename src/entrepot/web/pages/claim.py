"""The page of one claim, and the one on which a sentence is checked at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from entrepot.api.claim_shown import ClaimShown, claim_shown
from entrepot.api.claim_told import Checked
from entrepot.api.sentence_checked import LONGEST, SentenceChecked, check_sentence
from entrepot.codes.caveats import caveat
from entrepot.web.pages.answer import HTML, PAGE_HEADERS, READ, ShelfDep, answer
from entrepot.web.pages.page import Page, Step, render
from entrepot.web.pages.run import known
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
LANGUAGES = {"en": "English", "de": "German", "ru": "Russian"}
_WAY = (Step("Claims", "/claims"),)
Id = Annotated[str, Path(pattern=r"^[0-9a-z]{1,64}-[a-z][0-9]{1,9}$")]


def _open(value: object) -> object:
    """A field that was left empty in a form is open."""
    return None if value == "" else value


class SentenceQuery(BaseModel):
    """A sentence to be checked, as it stands in the address."""

    text: str = Field("", max_length=LONGEST)
    on: Annotated[date | None, BeforeValidator(_open)] = None
    language: str = Field("", pattern="^(en|de|ru)?$")


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence that was checked; ``other`` names the language where it was not the one said."""

    found: SentenceChecked | None
    other: str = ""


@router.api_route("/claims/check", **READ)
def check(request: Request, shelf: ShelfDep, asked: Annotated[SentenceQuery, Query()]) -> Response:
    """A sentence, read and checked at once; nothing of it is kept, not even the answer."""
    text = "" if request.method == "HEAD" else _checked(shelf, asked)
    return Response(text, headers={**PAGE_HEADERS, "content-type": HTML})


@router.api_route("/claims/{claim_id}", **READ)
def claim(request: Request, shelf: ShelfDep, claim_id: Id) -> Response:
    """One claim."""
    return answer(request, lambda: _made(shelf, claim_id))


def _gathered(shelf: Shelf, claim_id: str) -> ClaimShown:
    with known():
        return shelf.gathered(("claim", claim_id), lambda lake: claim_shown(lake, claim_id))


def _made(shelf: Shelf, claim_id: str) -> str:
    shown = _gathered(shelf, claim_id)
    page = Page(
        shown.title,
        section="/claims",
        way=_WAY,
        is_simulated=_is_simulated(shown.checks),
    )
    return render("claim.html", page, {"shown": shown})


def _checked(shelf: Shelf, asked: SentenceQuery) -> str:
    read = Read(None)
    if asked.text.strip():
        with shelf.lake() as lake:
            found = check_sentence(lake, asked.text, asked.on)
        is_other = asked.language not in ("", found.language)
        read = Read(found, LANGUAGES[found.language] if is_other else "")
    claims = read.found.claims if read.found else ()
    page = Page(
        "Check a sentence",
        section="/claims",
        way=_WAY,
        is_simulated=_is_simulated(tuple(one for claim in claims for one in claim.checks)),
    )
    shown = {"asked": asked, "read": read, "languages": LANGUAGES, "longest": LONGEST}
    return render("claim_check.html", page, shown)


def _is_simulated(checks: tuple[Checked, ...]) -> bool:
    return any(caveat("simulated").sentence in one.caveats for one in checks)
