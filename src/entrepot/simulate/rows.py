"""A world as rows: what the lake and the estimator read, and what was planted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.rows import arrow_rows
from entrepot.simulate.levels import TARGET, Floats
from entrepot.simulate.world import World
from entrepot.tables import FLOWS, LISTED_COMMODITIES, TRUTH

SIMULATOR_VERSION = "1"  # counts up whenever the same scenario and seed give another world
DATASET = "simulated"
LIST_ID = "simulated"
COALITION = "EU"
UNIT = "EUR FOB"
# Members that declare the coalition's trade, and their fixed shares of it.
MEMBERS = {"DE": 0.5, "IT": 0.3, "LT": 0.2}

Names = NDArray[np.str_]


def recipe(world: World) -> bytes:
    """All that decides a world: scenario, seed, cut and version of the simulator, as sorted JSON.

    Args:
        world: The world.

    Returns:
        UTF-8 bytes; their digest is the world's source id.
    """
    parts = {"scenario": asdict(world.scenario), "seed": world.seed, "version": SIMULATOR_VERSION}
    if world.cut is not None:
        parts["cut"] = asdict(world.cut) | {"month": world.cut.month.isoformat()}
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def source_id(world: World) -> str:
    """The source id of a world: first 16 hex digits of the sha256 of its recipe.

    Args:
        world: The world.

    Returns:
        16 hex digits.
    """
    return hashlib.sha256(recipe(world)).hexdigest()[:16]


def source(world: World, retrieved_at: datetime) -> dict[str, object]:
    """The world's row of ``sources``; the file it names is its recipe.

    Args:
        world: The world.
        retrieved_at: When it enters the lake, UTC.

    Returns:
        One row, by column name.
    """
    text = recipe(world)
    members = len(MEMBERS)
    exports = np.count_nonzero(world.upstream) + np.count_nonzero(world.direct)
    imports = np.count_nonzero(world.arrival)
    return {
        "source_id": source_id(world),
        "dataset": DATASET,
        "vintage": str(world.periods[-1].astype("datetime64[D]")),
        "publisher": "Entrepôt simulator",
        "url": None,
        "licence": "CC0",
        "retrieved_at": retrieved_at,
        "path": f"simulated-{world.scenario.name}-{world.seed}",
        "sha256": hashlib.sha256(text).hexdigest(),
        "size_bytes": len(text),
        "reader": "simulate",
        "row_count": int(members * (exports + imports) + np.count_nonzero(world.downstream)),
    }


def flows(world: World) -> pa.Table:
    """The world's declarations as rows of ``flows``.

    The coalition's exports (to destinations and to the target) are CN8 rows of its members, HS6
    code and ``00``; destinations' imports from each member are HS6 rows, CIF; destinations'
    exports to the target are HS6 rows, FOB. Zeros are not written. Members' shares are fixed, so
    sums over them equal the world's arrays.

    Args:
        world: The world.

    Returns:
        Rows of ``flows``, EUR.
    """
    direct = world.direct[:, None, :]
    target = np.array([TARGET])
    return pa.concat_tables(
        [
            *(_exports(world, world.upstream, world.destinations, member) for member in MEMBERS),
            *(_exports(world, direct, target, member) for member in MEMBERS),
            *(_imports(world, member) for member in MEMBERS),
            _resales(world),
        ]
    )


def listed(world: World) -> pa.Table:
    """The world's control list as rows of ``listed_commodities``.

    Args:
        world: The world.

    Returns:
        One row per listed HS6 code, in force from the first day of its month of listing.
    """
    codes = world.commodities[world.is_sanctioned]
    since = world.periods[world.listing_month[world.is_sanctioned]].astype("datetime64[D]")
    columns = {
        "source_id": source_id(world),
        "list_id": LIST_ID,
        "classification": "HS",
        "commodity": pa.array(codes.tolist(), pa.string()),
        "description": "Invented: trade under this code is simulated.",
        "valid_from": pa.array(since, pa.date32()),
        "locator": pa.array(np.char.add("product ", codes).tolist(), pa.string()),
    }
    return arrow_rows(LISTED_COMMODITIES, len(codes), columns)


def truth(world: World) -> pa.Table:
    """What the world diverted, as rows of ``truth``; cells and months without are not written.

    Args:
        world: The world.

    Returns:
        Rows of ``truth``, EUR FOB; hidden intermediaries are among them.
    """
    where = np.nonzero(world.diverted)
    columns = {
        "source_id": source_id(world),
        "coalition": COALITION,
        "intermediary": _names(world.destinations, where[1]),
        "destination": TARGET,
        "commodity": _names(world.commodities, where[0]),
        "period": _dates(world, where[2]),
        "intermediated": pa.array(world.intermediated[where]),
        "ghost": pa.array(world.ghost[where]),
        "unit": UNIT,
    }
    return arrow_rows(TRUTH, len(where[0]), columns)


def _exports(world: World, value: Floats, partners: Names, member: str) -> pa.Table:
    where = np.nonzero(value)
    return _flows(
        world,
        where,
        reporter=member,
        partner=_names(partners, where[1]),
        flow="X",
        classification="CN",
        commodity=_names(np.char.add(world.commodities, "00"), where[0]),
        value=pa.array(value[where] * MEMBERS[member]),
        valuation="FOB",
    )


def _imports(world: World, member: str) -> pa.Table:
    where = np.nonzero(world.arrival)
    return _flows(
        world,
        where,
        reporter=_names(world.destinations, where[1]),
        partner=member,
        flow="M",
        classification="HS",
        commodity=_names(world.commodities, where[0]),
        value=pa.array(world.arrival[where] * MEMBERS[member]),
        valuation="CIF",
    )


def _resales(world: World) -> pa.Table:
    where = np.nonzero(world.downstream)
    return _flows(
        world,
        where,
        reporter=_names(world.destinations, where[1]),
        partner=TARGET,
        flow="X",
        classification="HS",
        commodity=_names(world.commodities, where[0]),
        value=pa.array(world.downstream[where]),
        valuation="FOB",
    )


def _flows(
    world: World, where: tuple[NDArray[np.intp], ...], **columns: pa.Array | str
) -> pa.Table:
    fixed: dict[str, pa.Array | str] = {
        "source_id": source_id(world),
        "dataset": DATASET,
        "freq": "M",
        "period": _dates(world, where[2]),
        "partner2": "_T",
        "customs_procedure": "_T",
        "currency": "EUR",
        "obs_status": "A",
    }
    return arrow_rows(FLOWS, len(where[0]), fixed | columns)


def _names(names: Names, index: NDArray[np.intp]) -> pa.Array:
    return pa.array(names.tolist(), pa.string()).take(pa.array(index))


def _dates(world: World, index: NDArray[np.intp]) -> pa.Array:
    return pa.array(world.periods.astype("datetime64[D]"), pa.date32()).take(pa.array(index))
