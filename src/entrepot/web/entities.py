"""Entries of the lists: yente's ``/search/{dataset}`` and ``/entities/{id}``."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from entrepot.api.desk import Desk, Entry
from entrepot.screening.party_search import Asked
from entrepot.web.match import MOST_RESULTS, entry_of
from entrepot.web.question import SCHEMAS
from entrepot.web.shapes import DeskDep, datasets_in, entity, vintage

_FACETS = ("countries", "topics", "datasets", "schema")
_SHIPS = ("Vessel", "Airplane", "Vehicle")
# Below a schema stand those that are of its kind, as in FollowTheMoney.
_BELOW = {
    "Organization": ("Organization", "Company", "PublicBody"),
    "LegalEntity": ("LegalEntity", "Person", "Organization", "Company", "PublicBody"),
}
router = APIRouter()


class SearchFilter(BaseModel):
    """What a caller says in the address; what is not known is refused, never left out."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=1_000)
    schema_: str = Field("Thing", alias="schema")
    countries: list[str] = []
    topics: list[str] = []
    include_dataset: list[str] = []
    exclude_dataset: list[str] = []
    exclude_schema: list[str] = []
    facets: list[str] = list(_FACETS[:3])
    limit: int = Field(10, ge=0, le=MOST_RESULTS)
    offset: int = Field(0, ge=0, le=9_499)
    fuzzy: bool = False  # names are always compared by likeness,
    simple: bool = False  # and words are never read as a query language

    def admits(self, entry: Entry) -> bool:
        """Whether an entry may be told of.

        Args:
            entry: The entry.
        """
        listed = entry.listed
        below = _BELOW.get(self.schema_, (self.schema_,))
        countries = {code.upper() for code in self.countries}
        topics = set(entry.properties.get("topics", ()))
        return (
            (self.schema_ == "Thing" or listed.schema in below)
            and listed.schema not in self.exclude_schema
            and (not countries or bool(countries & set(listed.countries)))
            and (not self.topics or bool(topics & set(self.topics)))
        )


@router.get("/search/{dataset}")
def search(dataset: str, desk: DeskDep, asked: Annotated[SearchFilter, Query()]) -> dict[str, Any]:
    """Look for entries by the words of a name; without words, all entries in order."""
    if asked.schema_ not in SCHEMAS:
        raise HTTPException(
            400, f"There is no schema {asked.schema_!r} here, expected one of {list(SCHEMAS)}."
        )
    unknown = sorted(set(asked.facets) - set(_FACETS))
    if unknown:
        raise HTTPException(400, f"There are no facets {unknown}, expected of {list(_FACETS)}.")
    datasets = datasets_in(desk, dataset, asked.include_dataset, asked.exclude_dataset)
    found = [entry for entry in _found(desk, asked.q, datasets) if asked.admits(entry)]
    page = found[asked.offset : asked.offset + asked.limit]
    return {
        "results": [entity(entry) for entry in page],
        "facets": {name: _facet(name, found) for name in asked.facets},
        "total": {"value": len(found), "relation": "eq"},
        "limit": asked.limit,
        "offset": asked.offset,
        **vintage(desk),
    }


def _found(desk: Desk, words: str, datasets: list[str]) -> list[Entry]:
    if not datasets:
        return []
    if words.strip():
        asked = [Asked(words, kind, datasets=tuple(datasets)) for kind in (None, "person", "ship")]
        found = desk.matches(asked, desk.policy.possible_from)
        return [entry_of(desk, match) for match in found]
    every = (entry for entries in desk.entries.values() for entry in entries)
    return [entry for entry in every if entry.listed.dataset in datasets]


def _facet(name: str, entries: list[Entry]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(_values(name, entry))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    values = [{"name": value, "label": value, "count": count} for value, count in ranked]
    return {"label": name, "values": values}


def _values(name: str, entry: Entry) -> tuple[str, ...]:
    if name == "countries":
        return tuple(code.lower() for code in entry.listed.countries)
    if name == "topics":
        return tuple(entry.properties.get("topics", ()))
    return (entry.listed.dataset if name == "datasets" else entry.listed.schema,)


@router.get("/entities/{entity_id:path}/adjacent")
def adjacent(entity_id: str, desk: DeskDep) -> dict[str, Any]:
    """Relations between entries are not kept: told, not answered with none."""
    raise HTTPException(
        404, f"{entity_id!r}: relations between entries are not kept by this server."
    )


@router.get("/entities/{entity_id:path}")
def fetch(
    entity_id: str, desk: DeskDep, dataset: str | None = None, nested: bool = True
) -> dict[str, Any]:
    """One entry with all that its list says of it."""
    entries = desk.entries.get(entity_id, ())
    chosen = [one for one in entries if dataset is None or one.listed.dataset == dataset]
    if not chosen:
        raise HTTPException(404, f"There is no entry {entity_id!r} on the lists of {desk.on}.")
    if len(chosen) > 1:
        names = [one.listed.dataset for one in chosen]
        raise HTTPException(400, f"{entity_id!r} stands on {names}: name one with ?dataset=.")
    return {**entity(chosen[0]), **vintage(desk)}
