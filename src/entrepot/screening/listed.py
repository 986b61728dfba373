"""Who stands on the lists: parties gathered from their statements, with every name they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from entrepot.screening.name_form import NameForm, name_form, variants

Kind = Literal["person", "body", "ship"]
STRONG = ("name", "alias")
PREVIOUS = ("previousName",)
WEAK = ("weakAlias",)
IDENTIFIERS = (
    *("innCode", "ogrnCode", "leiCode", "imoNumber", "registrationNumber", "taxNumber"),
    *("idNumber", "passportNumber", "swiftBic", "okpoCode", "mmsi"),
)
_ADDRESSES = ("address", "full")
_COUNTRIES = ("country", "nationality", "jurisdiction", "citizenship", "mainCountry", "flag")
_BIRTHS = ("birthDate", "incorporationDate")
_PROGRAMS = ("program", "programId")
_PERSONS = frozenset({"Person"})
_SHIPS = frozenset({"Vessel", "Airplane", "Vehicle"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One party on one list.

    Args:
        id: Its id, unique within its dataset.
        dataset: The list.
        schema: FollowTheMoney schema.
        names: Names it goes by, the first one its caption.
        weak_names: Names the list itself calls weak.
        previous_names: Names it went by.
        identifiers: Numbers by property.
        addresses: Addresses, one line each.
        countries: Countries it is connected with, ISO 3166-1 alpha-2 in capitals.
        births: Days or years of birth or incorporation, ISO 8601.
        programs: Programmes or acts.
        listing_date: Day it was listed, where said.
        source_id: The version of the list that says so.
    """

    id: str
    dataset: str
    schema: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    previous_names: tuple[str, ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    listing_date: date | None = None
    source_id: str = ""

    @property
    def kind(self) -> Kind:
        """A human being, a ship or other craft, or a body: company, office, organisation."""
        if self.schema in _PERSONS:
            return "person"
        return "ship" if self.schema in _SHIPS else "body"

    @property
    def caption(self) -> str:
        """The name it is shown under; its address where a list gives nothing else."""
        return next(iter((*self.names, *self.previous_names, *self.weak_names, *self.addresses)))


@dataclass(frozen=True, slots=True)
class ListedName:
    """One form of one name of a listed party.

    Args:
        party: Number of the party among those searched.
        form: The name, ready to be compared.
        is_weak: Whether the list calls it weak.
    """

    party: int
    form: NameForm
    is_weak: bool


def listed_parties(rows: pa.Table, on: date | None = None) -> tuple[Listed, ...]:
    """Gather parties from their statements.

    Args:
        rows: Rows of ``listed_parties``, of one version of each list.
        on: Day as of which they must be listed; a statement that begins later or ended earlier is
            left out. All statements where left out.

    Returns:
        Parties that have a name or an address that day, in order of dataset and id.

    Example:
        >>> row = {"source_id": "s", "dataset": "own", "entity_id": "1", "schema": "Company",
        ...        "prop": "name", "value": "Alpha LLC", "program_id": None,
        ...        "listing_date": date(2024, 2, 23), "end_date": None}
        >>> table = pa.Table.from_pylist([row])
        >>> len(listed_parties(table, date(2024, 2, 23))), listed_parties(table, date(2024, 2, 22))
        (1, ())
    """
    wanted = ("source_id", "dataset", "entity_id", "schema", "prop", "value", "program_id")
    gathered: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.select([*wanted, "listing_date", "end_date"]).to_pylist():
        if on is None or _stands(row, on):
            gathered.setdefault((row["dataset"], row["entity_id"]), []).append(row)
    made = (_listed(gathered[key]) for key in sorted(gathered))
    return tuple(
        one for one in made if one.names or one.previous_names or one.weak_names or one.addresses
    )


def _stands(row: Mapping[str, Any], on: date) -> bool:
    begins, ends = row["listing_date"], row["end_date"]
    return (begins is None or begins <= on) and (ends is None or ends >= on)


def _listed(rows: list[dict[str, Any]]) -> Listed:
    said: dict[str, dict[str, None]] = {}
    for row in rows:
        said.setdefault(row["prop"], {})[row["value"]] = None

    def values(props: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for prop in props for value in said.get(prop, ())))

    dates = [row["listing_date"] for row in rows if row["listing_date"] is not None]
    programs = dict.fromkeys(row["program_id"] for row in rows if row["program_id"])
    first = rows[0]
    return Listed(
        id=first["entity_id"],
        dataset=first["dataset"],
        schema=first["schema"],
        names=values(STRONG),
        weak_names=values(WEAK),
        previous_names=values(PREVIOUS),
        identifiers={prop: tuple(said[prop]) for prop in IDENTIFIERS if prop in said},
        addresses=values(_ADDRESSES),
        countries=tuple(dict.fromkeys(value.upper() for value in values(_COUNTRIES))),
        births=values(_BIRTHS),
        programs=tuple(programs) or values(_PROGRAMS),
        listing_date=min(dates, default=None),
        source_id=first["source_id"],
    )


def listed_names(parties: Iterable[Listed]) -> tuple[ListedName, ...]:
    """Every form of every name of some parties.

    Args:
        parties: The parties, in the order in which they are numbered.

    Returns:
        Names in order; a form that a party has twice is there once.

    Example:
        >>> found = listed_names([Listed("1", "own", "Company", ("Alpha Trade LLC (ATL)",))])
        >>> [name.form.text for name in found]
        ['Alpha Trade LLC', 'ATL']
    """
    made: list[ListedName] = []
    for number, party in enumerate(parties):
        seen: set[str] = set()
        is_person = party.kind == "person"
        for is_weak, names in (
            (False, (*party.names, *party.previous_names)),
            (True, party.weak_names),
        ):
            for name in names:
                for text in (name,) if is_person else variants(name):
                    form = name_form(text, is_person)
                    if text not in seen and form.tokens:
                        made.append(ListedName(number, form, is_weak))
                    seen.add(text)
    return tuple(made)
