"""``POST /api/v1/claims/check``: a claim, in words or in fields, beside declared trade."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from entrepot.api.claims_answered import (
    LONGEST,
    ClaimFields,
    ClaimsAnswer,
    TextAsked,
    answer_claim,
    answer_text,
)
from entrepot.press.article import Language
from entrepot.press.told import Comparison, Polarity, Relation
from entrepot.web.api.answers import JSON
from entrepot.web.body import read_json
from entrepot.web.match import told
from entrepot.web.pages.answer import ShelfDep

router = APIRouter(prefix="/api/v1", tags=["claims"])
_PART = r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_AREA = Annotated[str, Field(pattern=r"^([A-Z]{2,12}|W0)$")]
_PERIOD = Annotated[str, Field(pattern=rf"^{_PART}(/{_PART})?$")]
_UNIT = Annotated[str, Field(pattern=r"^([A-Za-z]{1,12}|%)$")]
_TOLERANCE = Field(
    None,
    ge=0,
    le=1,
    description="Share by which a number may miss the claimed one; by the "
    "rounding of the claimed figure where left out.",
)


class ClaimInWords(BaseModel):
    """A text; every claim on trade in it is checked."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1, max_length=LONGEST, description="A sentence or an article in en, de or ru."
    )
    date: Day | None = Field(
        None, description="Day it was published, for words such as 'last year'."
    )
    language: Language | None = Field(
        None, description="Language it must be in; told by its words where left out."
    )
    tolerance: float | None = _TOLERANCE


class ClaimGiven(BaseModel):
    """One claim, field by field."""

    model_config = ConfigDict(extra="forbid")

    exporter: _AREA = Field(description="ISO 3166-1 alpha-2, a grouping such as EU, W0: world.")
    importer: _AREA = Field(description="Who imports, likewise.")
    via: _AREA | None = Field(None, description="Third country the goods are said to pass.")
    flow: Literal["export", "import", "trade", "re-export"] = Field(
        description="Whose direction: `trade` is both."
    )
    product: str = Field("total", max_length=60, description="Key of the lexicon of goods.")
    relation: Relation = Field(description="What is said of the amount.")
    comparison: Comparison = Field("=", description="How the value is meant.")
    value: float | None = Field(
        None,
        ge=-1e15,
        le=1e15,
        allow_inf_nan=False,
        description="The number; negative for a fall; open where only a direction is claimed.",
    )
    unit: _UNIT | None = Field(None, description="A currency, %, t, kg, ratio …")
    period: _PERIOD | None = Field(
        None, description="Year, month, day, or two of them with a slash."
    )
    baseline: _PERIOD | None = Field(None, description="The same, of what it is compared with.")
    polarity: Polarity = Field("asserted", description="Whether it is asserted or denied.")
    said_on: _PERIOD | None = Field(None, description="Day it was said.")
    words: str = Field("", max_length=2_000, description="Its words; they show the rounding.")


class ClaimInFields(BaseModel):
    """A claim that somebody read already."""

    model_config = ConfigDict(extra="forbid")

    claim: ClaimGiven
    tolerance: float | None = _TOLERANCE


BODIES: tuple[type[BaseModel], ...] = (ClaimInWords, ClaimInFields)
_ANSWER = TypeAdapter(ClaimsAnswer)


@router.post("/claims/check", response_model=ClaimsAnswer, summary="Check a claim")
def check(shelf: ShelfDep, body: Annotated[Any, Depends(read_json)]) -> Response:
    """Read a text, or take a claim in fields, and lay it beside declared trade.

    Each finding says supported, contradicted or unknown, in one sentence with both numbers, the
    months held and whose statistics they are; unknown says what is missing. Declarations show what
    was declared, never who used it or what for. Nothing is kept.
    """
    asked = _asked(body)
    with shelf.lake() as lake:
        if isinstance(asked, ClaimInWords):
            found = answer_text(lake, _text(asked))
        else:
            fields = ClaimFields(**asked.claim.model_dump())
            found = answer_claim(lake, fields, asked.tolerance)
    return Response(_ANSWER.dump_json(found), media_type=JSON)


def _asked(body: Any) -> ClaimInWords | ClaimInFields:
    if not isinstance(body, dict) or ("claim" in body) == ("text" in body):
        raise HTTPException(422, "Expected an object with either 'text' or 'claim'.")
    try:
        if "claim" in body:
            return ClaimInFields.model_validate(body)
        return ClaimInWords.model_validate(body)
    except ValidationError as error:
        raise HTTPException(422, told(error.errors())) from None


def _text(asked: ClaimInWords) -> TextAsked:
    return TextAsked(asked.text, asked.date, asked.language, asked.tolerance)
