"""Rows of `flows` that fit on a screen."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from entrepot.tables import FLOWS
from entrepot.transaction import arrow_schema


def flow_row(**changed: object) -> dict[str, object]:
    """One export of Germany to Kyrgyzstan in January 2022, with some columns changed."""
    row: dict[str, object] = {
        "source_id": "s1",
        "dataset": "comext",
        "freq": "M",
        "period": date(2022, 1, 1),
        "reporter": "DE",
        "partner": "KG",
        "partner2": "_T",
        "flow": "X",
        "classification": "CN",
        "commodity": "87032319",
        "customs_procedure": "_T",
        "value": 100.0,
        "currency": "EUR",
        "valuation": "FOB",
        "net_weight_kg": None,
        "quantity": None,
        "quantity_unit": None,
        "obs_status": "A",
    }
    unknown = set(changed) - set(row)
    if unknown:
        raise KeyError(f"flows has no column {sorted(unknown)}")
    return row | changed


def flow_table(*rows: dict[str, object]) -> pa.Table:
    """The rows as an Arrow table."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schema(FLOWS))
