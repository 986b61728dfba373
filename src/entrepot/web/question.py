"""What a client of yente asks by example, in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from entrepot.screening.listed import Kind
from entrepot.screening.party_numbers import NUMBER
from entrepot.screening.party_search import Asked
from entrepot.screening.shipment import Party
from entrepot.sources.shipments_habits import Unreadable
from entrepot.sources.shipments_values import read_country

# Which kinds of listed party an example may be; schemas of FollowTheMoney that are not here are
# documents, relations and values, for which nobody is listed.
SCHEMAS: dict[str, tuple[Kind | None, ...]] = {
    "Thing": (None, "ship"),
    "LegalEntity": (None,),
    "Person": ("person",),
    **dict.fromkeys(("Organization", "Company", "PublicBody", "Asset"), ("body",)),
    **dict.fromkeys(("Vessel", "Airplane", "Vehicle"), ("ship",)),
}
_NAMES = ("name", "alias", "previousName", "weakAlias")
_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_COUNTRIES = ("jurisdiction", "country", "nationality", "citizenship", "mainCountry", "flag")
_ADDRESSES = ("address",)
_BIRTHS = ("birthDate", "incorporationDate")
_NUMBERS = {
    **dict.fromkeys(("registrationNumber", "ogrnCode"), NUMBER),
    **dict.fromkeys(("taxNumber", "innCode", "idNumber", "okpoCode", "vatCode"), NUMBER),
    "leiCode": "lei",
    "imoNumber": "imo",
    "swiftBic": "bic",
}
_REGISTER, _TAX = ("registrationNumber", "ogrnCode"), ("taxNumber", "innCode", "vatCode")
_USED = {*_NAMES, *_PARTS, *_COUNTRIES, *_ADDRESSES, *_BIRTHS, *_NUMBERS}


class Example(BaseModel):
    """One entity to be looked for."""

    model_config = ConfigDict(extra="ignore")

    id: str | None = None
    schema_: str = Field(alias="schema")
    properties: dict[str, str | list[str | int | float | None] | None]

    def values(self, *props: str) -> list[str]:
        """Values of some properties, each once, without blanks.

        Args:
            props: The properties, in order.
        """
        found: dict[str, None] = {}
        for prop in props:
            given = self.properties.get(prop)
            for value in given if isinstance(given, list) else [given]:
                text = "" if value is None else str(value).strip()
                if text:
                    found[text] = None
        return list(found)


@dataclass(frozen=True, slots=True)
class Question:
    """An example as the desk is asked.

    Args:
        asked: One description for each kind of party it may be.
        party: The party, as decisions know it.
        unused: Properties that play no part in the answer.
    """

    asked: tuple[Asked, ...]
    party: Party
    unused: tuple[str, ...]


def question(key: str, example: Example, datasets: list[str]) -> Question:
    """Read an example.

    Args:
        key: Id of the query, for messages.
        example: The example.
        datasets: Lists to look on.

    Returns:
        The question.

    Raises:
        HTTPException: If nobody can be looked for by it; no hits would look like a clearance.
    """
    kinds = SCHEMAS.get(example.schema_)
    if kinds is None:
        raise HTTPException(
            400,
            f"Query {key!r}: schema {example.schema_!r} is not matched, expected one of "
            f"{list(SCHEMAS)}.",
        )
    names, addresses = _names(example), example.values(*_ADDRESSES)
    numbers = tuple(
        (heading, value) for prop, heading in _NUMBERS.items() for value in example.values(prop)
    )
    if not (names or numbers or addresses):
        raise HTTPException(
            400,
            f"Query {key!r}: no name, number or address, expected at least one of {sorted(_USED)}.",
        )
    countries = [code for said in example.values(*_COUNTRIES) if (code := _country(said))]
    births = tuple(day for said in example.values(*_BIRTHS) if (day := _day(said)))
    made = tuple(
        Asked(
            name=names[0] if names else "",
            kind=kind,
            others=tuple(names[1:]),
            country=countries[0] if countries else None,
            address=address,
            numbers=numbers,
            births=births,
            datasets=tuple(datasets),
        )
        for kind in kinds
        for address in _or_none(addresses)
    )
    used = {prop for prop in example.properties if prop in _USED}
    unread = {
        *(prop for prop in _COUNTRIES if not all(map(_country, example.values(prop)))),
        *(prop for prop in _BIRTHS if not all(map(_day, example.values(prop)))),
    }
    unused = sorted(set(example.properties) - used | unread)
    return Question(made, _party(example, names, countries), tuple(unused))


def _names(example: Example) -> list[str]:
    """Names, or what parts of a name make one."""
    given = example.values(*_NAMES)
    parts = [" ".join(found) for prop in _PARTS if (found := example.values(prop))]
    if not given and len(parts) > 1:
        given = [" ".join(parts)]
    return given


def _country(said: str) -> str | None:
    """A country as people and programs write it: kg, KGZ, Kyrgyzstan."""
    try:
        return read_country(said)
    except Unreadable:
        return None


def _day(said: str) -> str | None:
    """A year, month or day of ISO 8601, or a day with points."""
    if re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", said[:10]) and said[10:11] in ("", "T", " "):
        return said[:10]
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", said)
    return None if found is None else f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"


def _party(example: Example, names: list[str], countries: list[str]) -> Party:
    def first(*props: str) -> str | None:
        return next(iter(example.values(*props)), None)

    return Party(
        role="query",
        name=names[0] if names else "",
        country=countries[0] if countries else None,
        registration_number=first(*_REGISTER),
        tax_id=first(*_TAX),
        lei=first("leiCode"),
        imo=first("imoNumber"),
        bic=first("swiftBic"),
    )


def _or_none(values: list[str]) -> tuple[str | None, ...]:
    return tuple(values) or (None,)


def echoed(example: Example) -> Mapping[str, object]:
    """The example as it was understood.

    Args:
        example: The example.
    """
    props = {name: values for name in example.properties if (values := example.values(name))}
    return {"id": example.id, "schema": example.schema_, "properties": props}
