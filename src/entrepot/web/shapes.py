"""Entries in the shapes that clients of yente know, and what every answer says of its lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from entrepot.api.decided import Heard
from entrepot.api.desk import Desk, Entry
from entrepot.api.listed import ListVersion
from entrepot.screening.party_search import Match

DEFAULT = "default"


def the_desk(request: Request) -> Desk:
    """The desk that answers; told where it is not ready.

    Args:
        request: The request.

    Returns:
        The desk.

    Raises:
        HTTPException: If no list is there to be searched.
    """
    desk: Desk | None = request.app.state.desk()
    if desk is None:
        raise HTTPException(503, "No list of parties is in the lake: ingest one first.")
    return desk


DeskDep = Annotated[Desk, Depends(the_desk)]


def datasets_in(desk: Desk, dataset: str, more: Iterable[str], without: Iterable[str]) -> list[str]:
    """Names of the lists a caller means.

    Args:
        desk: The desk.
        dataset: A list, or ``default`` for all.
        more: Lists that are searched beside it; with ``default`` the only ones.
        without: Lists that are left out.

    Returns:
        The names.

    Raises:
        HTTPException: If there is no such list.
    """
    extra, left_out = list(more), set(without)
    for name in (dataset, *extra, *left_out):
        if name != DEFAULT and name not in desk.datasets:
            known = [DEFAULT, *desk.datasets]
            raise HTTPException(404, f"There is no dataset {name!r}, expected one of {known}.")
    chosen = extra or list(desk.datasets) if dataset == DEFAULT else [dataset, *extra]
    return [name for name in dict.fromkeys(chosen) if name not in left_out and name != DEFAULT]


def vintage(desk: Desk) -> dict[str, object]:
    """Lists and versions an answer rests on.

    Args:
        desk: The desk.
    """
    return {
        "as_of": desk.on.isoformat(),
        "lists": [_cited(one) for one in desk.versions],
        "control_lists": [{"list": name, "version": said} for name, said in desk.control_lists],
        "policy": desk.policy.version,
        "engine_version": desk.engine_version,
    }


def _cited(version: ListVersion) -> dict[str, object]:
    return {
        "dataset": version.dataset,
        "version": version.vintage,
        "retrieved_at": version.retrieved_at,
        "sha256": version.sha256,
        "source_id": version.source_id,
        "caveats": list(version.caveats),
        "detail": version.detail,
    }


def entity(entry: Entry) -> dict[str, Any]:
    """An entry as an entity.

    Args:
        entry: The entry.
    """
    listed = entry.listed
    day = listed.listing_date
    return {
        "id": listed.id,
        "caption": listed.caption,
        "schema": listed.schema,
        "properties": {prop: list(values) for prop, values in entry.properties.items()},
        "datasets": [listed.dataset],
        "referents": [],
        "target": True,
        # What the list says of the day; when a crawler first saw it is not known here.
        "first_seen": None,
        "last_seen": None,
        "last_change": None,
        "listing_date": None if day is None else day.isoformat(),
        "source_id": listed.source_id,
    }


def scored(entry: Entry, match: Match, heard: Heard, threshold: float) -> dict[str, Any]:
    """A match as a scored entity.

    Args:
        entry: The entry.
        match: The match.
        heard: What was decided about it.
        threshold: Score from which it counts as a match.
    """
    explanations = {name: _explained(part) for name, part in match.explanations.items()}
    if heard.sentence:
        explanations["decision"] = {"score": 0.0, "detail": heard.sentence}
    return {
        **entity(entry),
        "score": match.score,
        "match": heard.is_confirmed or (match.score >= threshold and not heard.is_set_aside),
        "level": match.level,
        "decided": heard.sentence,
        "explanations": explanations,
    }


def _explained(part: Mapping[str, object]) -> dict[str, object]:
    """One part of a score: score, detail, query and candidate are what clients know."""
    score = part.get("score", part.get("change", 0.0))
    rest = {
        name: value
        for name, value in part.items()
        if name not in ("score", "detail", "query", "listed")
    }
    detail = part.get("detail") or (json.dumps(rest, ensure_ascii=False) if rest else None)
    return {
        "score": score,
        "detail": detail,
        "query": part.get("query"),
        "candidate": part.get("listed"),
    }
