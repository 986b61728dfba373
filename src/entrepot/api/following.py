"""What can be done next with what was just read into a lake."""

from __future__ import annotations

from collections.abc import Collection

import narwhals.stable.v2 as nw

from entrepot.diversion.member_sums import CN8
from entrepot.lake import Lake
from entrepot.tables import CONCORDANCES, FLOWS, LISTED_COMMODITIES, RATES

DETECT = "{entrepot} detect"
COVERAGE = "{entrepot} coverage"


def next_step(lake: Lake, tables: Collection[str]) -> str:
    """Name the command that fits what was read.

    Args:
        lake: The lake, after reading.
        tables: Tables whose rows were read; none where nothing new was.

    Returns:
        The command with ``{entrepot}`` where its name and lake go.
    """
    if {FLOWS.name, LISTED_COMMODITIES.name} & set(tables):
        if not lake.has(FLOWS):
            return "{entrepot} ingest PATH, with the trade to which the list is applied"
        return DETECT if _can_detect(lake) else COVERAGE
    if RATES.name in tables:
        return "{entrepot} flows … --in CURRENCY, which turns each month at its own rate"
    if CONCORDANCES.name in tables:
        return "{entrepot} flows … --concord family, which brings codes under one edition"
    return "{entrepot} sources"


def _can_detect(lake: Lake) -> bool:
    """Whether there is a list, and monthly exports at the level lists name goods at."""
    if not lake.has(LISTED_COMMODITIES):
        return False
    exports = lake.table(FLOWS).filter(
        nw.col("freq") == "M",
        nw.col("flow") == "X",
        nw.col("commodity").str.len_chars() == CN8,
    )
    return bool(exports.head(1).collect("pyarrow").to_native().num_rows > 0)
