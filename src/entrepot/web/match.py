"""Parties by example: yente's ``POST /match/{dataset}``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from entrepot.api.decided import Standing
from entrepot.api.desk import Desk, Entry
from entrepot.screening.party_search import Match
from entrepot.web.body import read_json
from entrepot.web.question import Example, Question, echoed, question
from entrepot.web.shapes import DeskDep, datasets_in, scored, vintage

MOST_QUERIES, MOST_RESULTS, MOST_EXCLUDED = 100, 500, 50
CUTOFF = 0.5  # yente's
BEST, LIGHT = "best", "light"
router = APIRouter()


class MatchBody(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid")

    queries: dict[str, Example]
    weights: dict[str, float] = {}
    config: dict[str, Any] = {}


class MatchFilter(BaseModel):
    """What a caller says in the address; what is not known is refused, never left out."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(5, ge=1, le=MOST_RESULTS)
    threshold: float | None = Field(None, ge=0, le=1)
    cutoff: float | None = Field(None, ge=0, le=1)
    algorithm: str = BEST
    include_dataset: list[str] = []
    exclude_dataset: list[str] = []
    exclude_schema: list[str] = []
    topics: list[str] = []
    changed_since: str | None = None
    exclude_entity_ids: list[str] = Field([], max_length=MOST_EXCLUDED)

    def admits(self, entry: Entry) -> bool:
        """Whether an entry may be told of.

        Args:
            entry: The entry.
        """
        topics = entry.properties.get("topics", ())
        return (
            entry.listed.id not in self.exclude_entity_ids
            and entry.listed.schema not in self.exclude_schema
            and (not self.topics or any(topic in self.topics for topic in topics))
        )


@router.post("/match/{dataset}")
def match(
    dataset: str,
    desk: DeskDep,
    body: Annotated[Any, Depends(read_json)],
    asked: Annotated[MatchFilter, Query()],
    response: Response,
) -> dict[str, Any]:
    """Look for up to 100 parties by example; each answer is under the id of its query."""
    sent = read_body(body)
    _supported(asked, sent)
    datasets = datasets_in(desk, dataset, asked.include_dataset, asked.exclude_dataset)
    decisions = desk.decided()
    questions = {key: question(key, one, datasets) for key, one in sent.queries.items()}
    responses = {
        key: {
            **_answer(desk, one, asked, decisions),
            "query": echoed(sent.queries[key]),
        }
        for key, one in questions.items()
    }
    response.headers["x-batch-size"] = str(len(responses))
    notices = [*_shared_ids(sent), *_unused(questions)]
    return {"responses": responses, "limit": asked.limit, "notices": notices, **vintage(desk)}


def read_body(body: Any) -> MatchBody:
    """Read what a caller sent.

    Args:
        body: The JSON.

    Returns:
        The queries.

    Raises:
        HTTPException: If it has another shape, no query, or too many.
    """
    try:
        sent = MatchBody.model_validate(body)
    except ValidationError as error:
        raise HTTPException(422, told(error.errors())) from None
    if not sent.queries:
        raise HTTPException(400, "No queries: expected at least one under 'queries'.")
    if len(sent.queries) > MOST_QUERIES:
        raise HTTPException(
            400, f"{len(sent.queries)} queries, expected at most {MOST_QUERIES} a call."
        )
    return sent


def told(errors: Iterable[Any]) -> str:
    """Errors of a shape in one sentence each.

    Args:
        errors: What pydantic or FastAPI found.
    """
    return " ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in errors)


def _supported(asked: MatchFilter, sent: MatchBody) -> None:
    """Refuse what would otherwise be left out in silence."""
    if asked.algorithm not in (BEST, LIGHT):
        raise HTTPException(
            400, f"There is no algorithm {asked.algorithm!r}, expected one of {[BEST, LIGHT]}."
        )
    if sent.weights or sent.config:
        raise HTTPException(
            400, "weights and config are not supported: thresholds are in the policy of the server."
        )
    if asked.changed_since is not None:
        raise HTTPException(
            400, "changed_since is not supported: lists do not say when an entry changed."
        )


def _answer(
    desk: Desk, asked: Question, limits: MatchFilter, decisions: Standing
) -> dict[str, Any]:
    threshold = desk.policy.possible_from if limits.threshold is None else limits.threshold
    cutoff = CUTOFF if limits.cutoff is None else limits.cutoff
    found = [
        (entry, one)
        for one in desk.matches(asked.asked, min(cutoff, threshold))
        if limits.admits(entry := entry_of(desk, one))
    ]
    results = [
        scored(entry, one, desk.heard(one, asked.party, decisions), threshold)
        for entry, one in found[: limits.limit]
    ]
    return {
        "status": 200,
        "results": results,
        "total": {"value": len(found), "relation": "eq"},
    }


def entry_of(desk: Desk, found: Match) -> Entry:
    """The entry of a match.

    Args:
        desk: The desk.
        found: The match.
    """
    entries = desk.entries[found.listed.id]
    return next(one for one in entries if one.listed.dataset == found.listed.dataset)


def _shared_ids(sent: MatchBody) -> list[str]:
    counts = Counter(one.id for one in sent.queries.values() if one.id)
    return [
        f"The entity id {name!r} is used by {count} queries; each was answered on its own."
        for name, count in counts.items()
        if count > 1
    ]


def _unused(questions: dict[str, Question]) -> list[str]:
    return [
        f"Query {key!r}: properties {list(one.unused)} play no part in the answer."
        for key, one in questions.items()
        if one.unused
    ]
