"""Listed parties found for everybody who takes part in a shipment: parties, owners, the ship."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.screening.check import Hit
from entrepot.screening.listed import Kind
from entrepot.screening.party_register import Register
from entrepot.screening.party_search import NUMBER, Asked, Match, Scorer, search
from entrepot.screening.policy import Policy
from entrepot.screening.shipment import Party, Shipment

VESSEL = "vessel"
OWNER = "owner of "  # before the role of the party that is owned


def hits_of(
    known: Register, shipment: Shipment, policy: Policy, scorer: Scorer | None = None
) -> tuple[Hit, ...]:
    """Find listed parties for all who take part in a shipment.

    Args:
        known: Listed parties.
        shipment: The line.
        policy: Thresholds.
        scorer: Second opinion, where wanted.

    Returns:
        Hits, the surest first within each party; parties in their order.
    """
    return tuple(
        _hit(role, asked.name, match)
        for role, asked in asked_of(shipment)
        for match in search(known, asked, policy, scorer)
    )


def asked_of(shipment: Shipment) -> tuple[tuple[str, Asked], ...]:
    """Everybody of a shipment who is looked for, with the role.

    Args:
        shipment: The line.

    Returns:
        Role and party; owners as ``owner of`` a role, the ship as ``vessel``.

    Example:
        >>> from entrepot.screening.shipment import Owner
        >>> buyer = Party("buyer", "Alpha LLC", owners=(Owner("Ivan Sample", 0.6),))
        >>> [(role, one.name) for role, one in asked_of(Shipment("s", 1, "1", parties=(buyer,)))]
        [('buyer', 'Alpha LLC'), ('owner of buyer', 'Ivan Sample')]
    """
    made: list[tuple[str, Asked]] = []
    for party in shipment.parties:
        made.append((party.role, asked_party(party)))
        made += [(f"{OWNER}{party.role}", Asked(owner.name)) for owner in party.owners or ()]
    route = shipment.route
    if route.vessel_name or route.imo:
        numbers = (("imo", route.imo),) if route.imo else ()
        name = route.vessel_name or f"IMO {route.imo}"
        made.append((VESSEL, Asked(name, "ship", country=route.flag, numbers=numbers)))
    return tuple(made)


def asked_party(party: Party, kind: Kind | None = None) -> Asked:
    """A party of a shipment as it is looked for.

    Args:
        party: The party.
        kind: Person, body or ship, where known.
    """
    numbers = [
        *((NUMBER, value) for value in (party.registration_number, party.tax_id) if value),
        *((heading, value) for heading, value in _one_to_a_party(party) if value),
    ]
    others = (*((party.name_original,) if party.name_original else ()), *party.aliases)
    return Asked(
        party.name,
        kind,
        others,
        party.country,
        party.address,
        tuple(numbers),
        (party.incorporated_on.isoformat(),) if party.incorporated_on else (),
    )


def _one_to_a_party(party: Party) -> Iterable[tuple[str, str | None]]:
    return (("lei", party.lei), ("imo", party.imo), ("bic", party.bic))


def _hit(role: str, name: str, match: Match) -> Hit:
    listed = match.listed
    return Hit(
        role,
        name,
        listed.id,
        listed.caption,
        listed.dataset,
        match.level,
        match.score,
        match.explanations,
        next(iter(listed.programs), None),
        listed.listing_date,
    )
