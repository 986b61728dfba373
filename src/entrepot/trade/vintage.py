"""Several vintages of one declaration may lie in the lake; this picks the one to count."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

WHOLE_MONTHS = ("comext_bulk",)  # readers of files that hold all of a reporter's month
MONTH = ("dataset", "freq", "period", "reporter", "flow")
GOODS = ("dataset", "freq", "flow", "classification", "commodity")
DECLARATION = (
    *("dataset", "freq", "period", "reporter", "partner", "partner2", "flow"),
    *("classification", "commodity"),
)


def latest(flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Keep each declaration once: as the newest vintage has it.

    One source is chosen per declaration, and all its customs procedures are kept: a source that
    breaks procedures down and one that does not are never added. Of two sources of one vintage
    the larger source id wins, so that the choice is repeatable. A source that covers all of a
    reporter's month (a bulk file) replaces every older one, so that a declaration it no longer
    holds is gone. Stops being true between extracts of single products: a declaration that was
    taken back since an older extract stays, because a newer extract may not have asked for it.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``, which know the vintage.

    Returns:
        Rows of ``flows``, each declaration from one source.
    """
    named = sources.with_columns(
        _key=nw.concat_str(nw.col("vintage"), nw.col("source_id"), separator=" "), _one=nw.lit(1)
    )
    age = named.select(
        "source_id",
        _order=nw.col("_one").cum_sum().over(order_by="_key"),
        _is_whole=nw.col("reader").is_in(WHOLE_MONTHS),
    )
    ranked = flows.join(age, on="source_id", how="left").with_columns(
        _whole=nw.when(nw.col("_is_whole")).then(nw.col("_order"))
    )
    newest = ranked.with_columns(
        _newest=nw.col("_order").max().over(*DECLARATION),
        _floor=nw.col("_whole").max().over(*MONTH),
    )
    is_kept = (nw.col("_order") == nw.col("_newest")) & (
        nw.col("_floor").is_null() | (nw.col("_order") >= nw.col("_floor"))
    )
    return newest.filter(is_kept).drop("_order", "_is_whole", "_whole", "_newest", "_floor")


def contested(flows: nw.LazyFrame[Any], sources: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Count what :func:`latest` would have to decide; where nothing, it can be left out.

    Args:
        flows: Rows of ``flows``.
        sources: Rows of ``sources``.

    Returns:
        One row: ``count`` of declarations that several sources hold, and of reporters' months that
        a source covers whole beside others.
    """
    # The first and the last tell whether there are two, and are far cheaper than a count; and
    # only where two sources hold one reporter's month, and one product, can they hold one
    # declaration. Extracts are split by one or the other, so that hardly a row is left to compare.
    ends = {"_first": nw.col("source_id").min(), "_last": nw.col("source_id").max()}
    is_shared = nw.col("_first") != nw.col("_last")
    whole = sources.select("source_id", _whole=nw.col("reader").is_in(WHOLE_MONTHS).cast(nw.Int64))
    months = (
        flows.group_by("source_id", *MONTH)
        .agg(nw.len())
        .join(whole, on="source_id", how="left")
        .group_by(*MONTH)
        .agg(**ends, _whole=nw.col("_whole").max())
        .filter(is_shared)
    )
    goods = flows.group_by(*GOODS).agg(**ends).filter(is_shared)
    held = flows.join(months.select(*MONTH), on=list(MONTH), how="semi").join(
        goods.select(*GOODS), on=list(GOODS), how="semi"
    )
    twice = held.group_by(*DECLARATION).agg(**ends).filter(is_shared)
    both = (twice, months.filter(nw.col("_whole") == 1))
    return nw.concat([part.select(nw.len().alias("count")) for part in both]).select(
        nw.col("count").sum()
    )
