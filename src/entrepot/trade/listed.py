"""Which commodities stood on a control list, and since when."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

PREFIX_LENGTHS = (2, 4, 6, 8)


def listing(commodities: nw.LazyFrame[Any], listed: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Find for each commodity the list entries whose code it begins with.

    Args:
        commodities: One column, ``commodity``, codes of at least as many digits as the lists'.
        listed: Rows of ``listed_commodities``.

    Returns:
        ``commodity`` and ``valid_from`` (the earliest, null where no list knows the day), one row
        for each commodity that is listed.
    """
    matches = [
        commodities.with_columns(prefix=nw.col("commodity").str.slice(0, length)).join(
            listed.filter(nw.col("commodity").str.len_chars() == length).select(
                nw.col("commodity").alias("prefix"), "valid_from"
            ),
            on="prefix",
            how="inner",
        )
        for length in PREFIX_LENGTHS
    ]
    return (
        nw.concat([match.select("commodity", "valid_from") for match in matches])
        .group_by("commodity")
        .agg(nw.col("valid_from").min())
    )
