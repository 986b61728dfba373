"""Who stands on the lists: parties gathered from their statements, with every name they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from entrepot.screening.name_form import NameForm, name_form, variants

STRONG = ("name", "alias", "previousName")
WEAK = ("weakAlias",)
IDENTIFIERS = (
    *("innCode", "ogrnCode", "leiCode", "imoNumber", "registrationNumber", "taxNumber"),
    *("idNumber", "passportNumber", "swiftBic", "okpoCode", "mmsi"),
)
PERSONS = frozenset({"Person"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One party on one list.

    Args:
        id: Its id, unique within its dataset.
        dataset: The list.
        schema: FollowTheMoney schema.
        names: Names it goes by, the first one its caption.
        weak_names: Names the list itself calls weak.
        identifiers: Numbers by property.
        addresses: Addresses, one line each.
        countries: Countries it is connected with, ISO 3166-1 alpha-2 in capitals.
        births: Days or years of birth or incorporation, ISO 8601.
        programs: Programmes or acts.
        listing_date: Day it was listed, where said.
    """

    id: str
    dataset: str
    schema: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] | None = None
    addresses: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    listing_date: date | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is a human being."""
        return self.schema in PERSONS


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
        for is_weak, names in ((False, party.names), (True, party.weak_names)):
            for text in (part for name in names for part in variants(name)):
                form = name_form(text, party.is_person)
                if text not in seen and form.tokens:
                    made.append(ListedName(number, form, is_weak))
                seen.add(text)
    return tuple(made)
