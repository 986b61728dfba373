"""A second opinion on a pair: ``logic-v2`` of nomenklatura, where ``ftm`` is installed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from entrepot.errors import CodeError
from entrepot.screening.listed import Listed
from entrepot.screening.party_numbers import NUMBER
from entrepot.screening.party_search import Asked
from entrepot.screening.policy import Policy

_SCHEMAS = {"person": "Person", "body": "LegalEntity", "ship": "Vessel", None: "LegalEntity"}
_NUMBERS = {NUMBER: "registrationNumber", "lei": "leiCode", "imo": "imoNumber", "bic": "swiftBic"}
_KEPT = 50_000  # entities of the lists held ready
# logic-v2 keeps what it read of a name under the id of its entity, for the whole process: an id
# used for a second name is answered for the first. So every entity made here has an id of its own.
_NUMBERED = itertools.count(1)


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise CodeError(
            f"logic-v2: {error.name} is not installed, expected the extra `ftm`. "
            "Install entrepot[ftm], or use the light score."
        ) from None


@dataclass(slots=True)
class LogicScore:
    """Scores of ``logic-v2``.

    Args:
        name: As the score is called in explanations.
    """

    name: str = "logic-v2"
    _algorithm: Any = field(init=False, repr=False)
    _config: Any = field(init=False, repr=False)
    _entity: Any = field(init=False, repr=False)
    _listed: dict[tuple[str, str], tuple[Listed, Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        matching = _module("nomenklatura.matching")
        self._algorithm = matching.get_algorithm("logic-v2")
        self._config = matching.ScoringConfig.defaults()
        self._entity = _module("followthemoney").ValueEntity
        self._listed = {}

    def score(self, asked: Asked, listed: Listed) -> tuple[float, Mapping[str, object]]:
        """Score one pair.

        Args:
            asked: The party asked about.
            listed: The listed party.

        Returns:
            0 to 1, and each feature of the algorithm that counted.
        """
        entry = self._entry(listed)
        schema = _SCHEMAS[asked.kind or listed.kind]
        query = self._made(schema, _properties_asked(asked))
        result = self._algorithm.compare(query, entry, self._config)
        told = {
            feature: round(float(found.score), 4)
            for feature, found in result.explanations.items()
            if found.score
        }
        return float(result.score), {"features": told}

    def _entry(self, listed: Listed) -> Any:
        key = (listed.dataset, listed.id)
        held = self._listed.get(key)
        # One party reads differently in another version of its list, or on another day.
        if held is not None and (held[0] is listed or held[0] == listed):
            return held[1]
        if len(self._listed) >= _KEPT:
            self._listed.clear()
        made = self._made(listed.schema, _properties_listed(listed))
        self._listed[key] = (listed, made)
        return made

    def _made(self, schema: str, properties: dict[str, list[str]]) -> Any:
        number = f"entrepot-{next(_NUMBERED)}"
        data = {"id": number, "schema": schema, "properties": properties}
        return self._entity.from_dict(data, cleaned=False)


def _properties_asked(asked: Asked) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {"name": [asked.name, *asked.others]}
    if asked.country:
        made["country"] = [asked.country.lower()]
    if asked.address:
        made["address"] = [asked.address]
    for heading, value in asked.numbers:
        made.setdefault(_NUMBERS[heading], []).append(value)
    if asked.births:
        made["birthDate" if asked.kind == "person" else "incorporationDate"] = list(asked.births)
    return made


def _properties_listed(listed: Listed) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {
        "name": list(listed.names),
        "previousName": list(listed.previous_names),
        "weakAlias": list(listed.weak_names),
        "address": list(listed.addresses),
        "country": [country.lower() for country in listed.countries],
        "birthDate" if listed.kind == "person" else "incorporationDate": list(listed.births),
    }
    made |= {prop: list(values) for prop, values in listed.identifiers.items()}
    return {prop: values for prop, values in made.items() if values}


@cache
def _logic() -> LogicScore:
    return LogicScore()


def second_opinion(policy: Policy) -> LogicScore | None:
    """The score a policy wants beside our own.

    Args:
        policy: The policy.

    Returns:
        The score; nothing where our own is enough.

    Raises:
        CodeError: If the extra ``ftm`` is not installed.

    Example:
        >>> second_opinion(Policy()) is None
        True
    """
    return _logic() if policy.scorer == "logic-v2" else None
