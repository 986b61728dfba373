"""Declarations that several sources hold, counted once."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.trade.vintage import contested, latest


def each_once(rows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Choose a source for each declaration, where there is a choice.

    The choice is dear and repeated by every query on its result, so the engine is asked first.

    Args:
        rows: Rows of ``flows``.
        sources: Rows of ``sources``, which know the vintage.

    Returns:
        The rows as they are where no declaration is held twice, else those of the latest source.
    """
    if contested(rows, sources).collect("pyarrow").item() == 0:
        return rows
    return latest(rows, sources)
