"""Every check there is, in the order in which results show them."""

from __future__ import annotations

from entrepot.screening import (
    activity,
    audit,
    commodity,
    contract,
    description_check,
    party_checks,
    party_signs,
    payment,
    price,
    route,
    route_sense,
    shipment_rows,
)
from entrepot.screening.check import Check

# F1 first: what could not be read. Then parties, goods, route, contract, trade, audit.
ORDER = (
    "F1",
    *(f"P{number}" for number in range(1, 11)),
    *(f"G{number}" for number in range(1, 8)),
    *(f"R{number}" for number in range(1, 7)),
    *(f"C{number}" for number in range(1, 6)),
    *("T1", "T2", "A1"),
)
_ROOMS = (
    *(shipment_rows, party_checks, party_signs, activity),
    *(commodity, description_check, price),
    *(route, route_sense, contract, payment, audit),
)
CHECKS: tuple[Check, ...] = tuple(
    sorted((check for room in _ROOMS for check in room.CHECKS), key=lambda one: ORDER.index(one.id))
)
