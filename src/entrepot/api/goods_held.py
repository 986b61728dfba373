"""Which sources can say something of some goods: nil is only what somebody was asked for."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from entrepot.api.lists import beginning_with, prefixes_of
from entrepot.lake import Lake
from entrepot.tables import SOURCES
from entrepot.trade.vintage import WHOLE_MONTHS

# Of the 97 chapters of the Harmonized System the broadest list of sanctioned goods reaches into 63,
# and the exports of a small country in one month may miss a dozen.
ALL_CHAPTERS = 80


def can_tell(
    lake: Lake, rows: nw.LazyFrame[Any], goods: tuple[str, ...], within: nw.LazyFrame[Any]
) -> nw.LazyFrame[Any]:
    """Keep rows of the sources that can say something of some goods.

    A source can, if it holds such goods in any period and about any partner: it was asked for them,
    so a period in which it holds other rows of a reporter and none of these is one without trade in
    them. So can a source that holds all goods: a publisher's file of whole months, or one with
    rows in nearly all chapters. An extract of other goods says nothing of these, and a period that
    is only there stays open. Stops being true where several goods are asked for and a source holds
    some of them.

    Args:
        lake: The lake.
        rows: Rows of ``flows`` to choose from.
        goods: Prefixes of commodities, or list ids of the lake; empty keeps all.
        within: Rows of ``flows`` by which sources are judged, of any period.

    Returns:
        The rows of such sources.

    Raises:
        LakeError: If the lake does not hold a list.
    """
    prefixes = prefixes_of(lake, goods)
    if not prefixes:
        return rows
    such = beginning_with(within, prefixes).group_by("source_id").agg(nw.len()).select("source_id")
    whole = lake.table(SOURCES).filter(nw.col("reader").is_in(WHOLE_MONTHS)).select("source_id")
    chapter = nw.col("commodity").str.slice(0, 2)
    broad = (
        within.filter(nw.col("commodity") != "TOTAL")
        .with_columns(_chapter=chapter)
        .group_by("source_id")
        .agg(nw.col("_chapter").n_unique())
        .filter(nw.col("_chapter") >= ALL_CHAPTERS)
        .select("source_id")
    )
    named = nw.concat([such, whole, broad])
    return rows.join(named, on="source_id", how="semi")
