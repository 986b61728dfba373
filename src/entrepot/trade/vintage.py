"""Several vintages of one declaration may lie in the lake; this picks the one to count."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

DECLARATION = (
    *("dataset", "freq", "period", "reporter", "partner", "partner2", "flow"),
    *("classification", "commodity"),
)


def latest(flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Keep each declaration once: as the newest vintage has it.

    One source is chosen per declaration, and all its customs procedures are kept: a source that
    breaks procedures down and one that does not are never added. Of two sources of one vintage
    the larger source id wins, so that the choice is repeatable.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``, which know the vintage.

    Returns:
        Rows of ``flows``, each declaration from one source.
    """
    vintages = sources.select("source_id", "vintage")
    ranked = flows.join(vintages, on="source_id", how="left").with_columns(
        _order=nw.concat_str(nw.col("vintage"), nw.col("source_id"), separator=" ")
    )
    newest = ranked.with_columns(_newest=nw.col("_order").max().over(*DECLARATION))
    return newest.filter(nw.col("_order") == nw.col("_newest")).drop("_order", "_newest", "vintage")
