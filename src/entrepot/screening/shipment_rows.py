"""Rows of ``shipments`` as records, and the check that says whether all of a line was read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from entrepot.screening.check import Check, Known, Result
from entrepot.screening.shipment import (
    ROLES,
    Goods,
    Owner,
    Party,
    Route,
    Shipment,
    Terms,
    Unread,
)

_PARTS = {"goods": Goods, "route": Route, "terms": Terms}
_DAYS = frozenset(
    one.name for kind in (Party, Route, Terms) for one in fields(kind) if "date" in str(one.type)
)


def shipment_of(row: Mapping[str, Any]) -> Shipment:
    """One row as a record.

    A party without a name is known by what else is said of it: its name is empty.

    Args:
        row: A row of ``shipments``.

    Returns:
        The record.

    Example:
        >>> held = '{"consignee.name": "Alpha", "goods.commodity": "854231"}'
        >>> row = {"source_id": "0" * 16, "row": 2, "shipment_id": "S", "line": 1, "record": held,
        ...        "unread": None}
        >>> shipment_of(row).parties[0].role, shipment_of(row).goods.commodity
        ('consignee', '854231')
    """
    held: dict[str, Any] = json.loads(row["record"])
    grouped: dict[str, dict[str, Any]] = {}
    for name, value in held.items():
        group, _, part = name.partition(".")
        if part and name != "extra":
            grouped.setdefault(group, {})[part] = _value(part, value)
    parties = tuple(
        Party(role, **{"name": "", **grouped[role]}) for role in ROLES if role in grouped
    )
    rest = {name: kind(**grouped.get(name, {})) for name, kind in _PARTS.items()}
    declared = held.get("declared_on")
    return Shipment(
        row["source_id"],
        row["row"],
        row["shipment_id"],
        row["line"],
        date.fromisoformat(declared) if declared else None,
        held.get("direction"),
        held.get("incoterm"),
        parties,
        **rest,
        unread=tuple(Unread(**one) for one in json.loads(row["unread"] or "[]")),
        extra=held.get("extra", {}),
    )


def _value(part: str, value: Any) -> Any:
    if part == "owners":
        return tuple(Owner(name, share) for name, share in value)
    if part == "documents":
        return tuple((code, reference) for code, reference in value)
    if part in _DAYS:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def wholly_read(shipment: Shipment, known: Known) -> Result:
    """F1: whether every value of the line could be read.

    Args:
        shipment: The line.
        known: Not used.
    """
    if not shipment.unread:
        return Result("F1", "clear", "review", "Every value of the line was read.", ("line",))
    words = "; ".join(f"{one.field} {one.value!r}: {one.reason}" for one in shipment.unread)
    used = tuple(dict.fromkeys(one.field for one in shipment.unread))
    cited = (f"shipments source_id={shipment.source_id} row={shipment.row}",)
    return Result("F1", "flagged", "review", f"Not read: {words}.", used, cited)


CHECKS = (
    Check(
        *("F1", 1, "Line that could not be read whole", "Entrepôt, docs/how-to/screen.md"),
        (),
        wholly_read,
    ),
)
