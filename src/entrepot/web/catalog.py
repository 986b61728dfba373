"""What the server holds and whether it answers: yente's catalogue, algorithms and probes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from entrepot.web.match import BEST, LIGHT
from entrepot.web.shapes import DEFAULT, DeskDep, vintage

router = APIRouter()
# Parts of a score, as explanations name them.
_PARTS = {
    "identifier": "A tax, register, LEI, IMO or BIC number that is on the list.",
    "words": "Words paired one to one, weighed by how rare they are on the lists.",
    "letters": "Likeness of the whole names, letter by letter.",
    "sound": "Likeness of the consonants, across scripts.",
    "birth_date": "Day or year of birth or incorporation: raises or lowers the score.",
    "country": "Country: raises or lowers the score.",
    "numbers": "Another number of the same kind lowers the score.",
    "held_down": "Why a score was held down: numbers in the names differ, only a common word …",
    "weak_alias": "The list itself calls the name weak.",
    "address": "Only the address agrees.",
    "decision": "What an analyst decided about this pair.",
}


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Whether the server runs."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(desk: DeskDep) -> dict[str, str]:
    """Whether lists are there to be searched; 503 where not."""
    return {"status": "ok"}


@router.get("/algorithms")
def algorithms() -> dict[str, Any]:
    """How names are scored, and what the parts of a score mean."""
    docs = {name: {"description": words} for name, words in _PARTS.items()}
    words = "Numbers first, then names by word, letter and sound across scripts, then addresses."
    light = {"name": LIGHT, "description": words, "docs": docs}
    return {"algorithms": [light], "default": LIGHT, "best": LIGHT, "aliases": [BEST]}


@router.get("/catalog")
def catalog(desk: DeskDep) -> dict[str, Any]:
    """Lists that are searched, with their versions."""
    counts = {name: 0 for name in desk.datasets}
    for entries in desk.entries.values():
        for entry in entries:
            counts[entry.listed.dataset] += 1
    datasets: list[dict[str, Any]] = [
        {
            "name": one.dataset,
            "title": one.dataset,
            "version": one.vintage,
            "index_version": one.vintage,
            "index_current": True,
            "load": True,
            "children": [],
            "entity_count": counts[one.dataset],
            "thing_count": counts[one.dataset],
            "last_export": one.retrieved_at or None,
            "publisher": {"name": one.publisher} if one.publisher else None,
            "summary": one.detail or None,
        }
        # Parts of a list carry its name; the first is the list itself.
        for one in {part.dataset: part for part in reversed(desk.versions)}.values()
    ]
    datasets.sort(key=lambda one: str(one["name"]))
    every = {
        "name": DEFAULT,
        "title": "All lists that are searched",
        "version": desk.on.isoformat(),
        "load": False,
        "children": list(desk.datasets),
        "entity_count": sum(counts.values()),
    }
    # Current means: the newest that the lake holds for the day; publishers are not asked.
    return {
        "datasets": [*datasets, every],
        "current": list(desk.datasets),
        "outdated": [],
        "index_stale": False,
        **vintage(desk),
    }
