"""Which data and which goods a question means."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.codes.high_priority import high_priority
from entrepot.diversion.inquiry import Inquiry
from entrepot.errors import LakeError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS, LISTED_COMMODITIES
from entrepot.trade.summary import DIGITS, Level

GoodsOption = Literal["--list", "--goods"]


def dataset_in(
    lake: Lake,
    wanted: str,
    *,
    option: str = "--dataset",
    having: nw.Expr | None = None,
    what: str = "such rows",
) -> str:
    """Name the collection of flows to use.

    Args:
        lake: The lake.
        wanted: A dataset of the lake; ``auto`` where there is just one to choose.
        option: The option it came by, for the message.
        having: What rows of it must be; ``auto`` chooses among datasets that hold such rows.
        what: These rows in words, for the message.

    Returns:
        The dataset.

    Raises:
        LakeError: If the lake does not hold it, or of ``auto`` holds several to choose from, or
            several datasets and such rows in none.
    """
    names = _datasets(lake.table(FLOWS))
    if wanted in names:
        return wanted
    if wanted == "auto" and len(names) > 1 and having is not None:
        every, names = names, _datasets(lake.table(FLOWS).filter(having))
        if not names:
            raise LakeError(
                f"{option} is 'auto', expected a dataset with {what}: none of {every}, those in "
                "the lake, holds any. Run `entrepot coverage` to see what they hold."
            )
        if len(names) > 1:
            raise LakeError(
                f"{option} is 'auto', expected one of {names}, those in the lake that hold {what}."
            )
    if wanted == "auto" and len(names) == 1:
        return names[0]
    raise LakeError(f"{option} is {wanted!r}, expected one of {names}, those in the lake.")


def _datasets(rows: nw.LazyFrame[Any]) -> list[str]:
    # Grouping is many times faster than `unique` on this engine.
    found = rows.group_by("dataset").agg(nw.len()).collect("pyarrow").to_native()
    return sorted(found["dataset"].to_pylist())


def list_named(lake: Lake, inquiry: Inquiry) -> str:
    """Name the list of goods that counts.

    Args:
        lake: The lake.
        inquiry: The question; ``auto`` is the one list in the lake.

    Returns:
        The list id.

    Raises:
        LakeError: If the lake holds no list, or several to choose from.
    """
    if inquiry.goods != "auto":
        return inquiry.goods
    names: list[str] = []
    if lake.has(LISTED_COMMODITIES):
        ids = lake.table(LISTED_COMMODITIES).select("list_id").unique().collect("pyarrow")
        names = sorted(ids.to_native()["list_id"].to_pylist())
    if len(names) != 1:
        raise LakeError(
            f"the lake holds the lists {names}, expected exactly one. Ingest a control list, or "
            "name one with --list ('all' takes every commodity in the data as listed)."
        )
    return str(names[0])


def list_rows(
    lake: Lake, goods: str, *, option: GoodsOption = "--list"
) -> nw.LazyFrame[Any] | None:
    """Rows of a list of goods.

    Args:
        lake: The lake.
        goods: List id, ``chpl`` for the Common High Priority codes, ``all`` for no list.
        option: The option it came by, for the message.

    Returns:
        Rows of ``listed_commodities``; ``None`` where every commodity counts.

    Raises:
        LakeError: If the lake does not hold it.
    """
    if goods == "all":
        return None
    if goods == "chpl":
        return lake.frame(_priority_rows())
    held: list[str] = []
    if lake.has(LISTED_COMMODITIES):
        rows = lake.table(LISTED_COMMODITIES)
        named = rows.group_by("list_id").agg(nw.len()).collect("pyarrow").to_native()
        held = sorted(named["list_id"].to_pylist())
    if goods in held:
        return rows.filter(nw.col("list_id") == goods)
    otherwise = "name the first digits of codes" if option == "--goods" else "use --list all"
    raise LakeError(
        f"{option} is {goods!r}, expected one of {['chpl', *held]}, the lists there are. Ingest "
        f"it, or {otherwise}."
    )


def _priority_rows() -> pa.Table:
    codes = [entry.commodity for entry in high_priority()]
    earlier = [entry.hs2017_predecessor for entry in high_priority() if entry.is_new]
    every = sorted({*codes, *earlier})
    columns = {
        "source_id": "codes/chpl.csv",
        "list_id": "chpl",
        "classification": "HS",
        "commodity": every,
        "locator": "codes/chpl.csv",
    }
    return arrow_rows(LISTED_COMMODITIES, len(every), columns)


def list_sources(lists: nw.LazyFrame[Any] | None) -> tuple[str, ...]:
    """Sources of a list.

    Args:
        lists: Rows of ``listed_commodities``, or ``None``.

    Returns:
        Source ids, ascending.
    """
    if lists is None:
        return ()
    ids = lists.select("source_id").unique().collect("pyarrow").to_native()
    return tuple(sorted(ids["source_id"].to_pylist()))


def of_goods(lake: Lake, rows: nw.LazyFrame[Any], goods: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Keep flows of some goods.

    Args:
        lake: The lake.
        rows: Rows of ``flows``.
        goods: Prefixes of commodities, or list ids of the lake; empty keeps all.

    Returns:
        The rows whose commodity begins with one of them.
    """
    return beginning_with(rows, prefixes_of(lake, goods))


def prefixes_of(
    lake: Lake, goods: tuple[str, ...], *, option: GoodsOption = "--goods"
) -> list[str]:
    """Prefixes of the commodities that are meant.

    Args:
        lake: The lake.
        goods: Prefixes of commodities, or list ids of the lake.
        option: The option they came by, for a message.

    Returns:
        The prefixes; none where every commodity is meant.

    Raises:
        LakeError: If the lake does not hold a list.
    """
    prefixes = [good for good in goods if good.isdigit()]
    for name in (good for good in goods if not good.isdigit()):
        entries = list_rows(lake, name, option=option)
        if entries is not None:
            codes = entries.select("commodity").collect("pyarrow").to_native()
            prefixes += codes["commodity"].to_pylist()
    return prefixes


def beginning_with(rows: nw.LazyFrame[Any], prefixes: list[str]) -> nw.LazyFrame[Any]:
    """Keep rows whose commodity begins with one of some prefixes.

    Args:
        rows: Rows with ``commodity``.
        prefixes: The prefixes; none keeps all.

    Returns:
        The rows.
    """
    return rows.filter(begins_with(prefixes)) if prefixes else rows


def monthly_rows(reporter: str, flow: str, level: Level, prefixes: Collection[str]) -> nw.Expr:
    """Whether a row is a reporter's monthly declaration of some goods at one level.

    Args:
        reporter: Who declares.
        flow: Flow letter.
        level: Level of the nomenclature, not ``TOTAL``.
        prefixes: How codes begin; none means all.

    Returns:
        An expression over a row of ``flows``.
    """
    is_monthly = (
        (nw.col("freq") == "M")
        & (nw.col("flow") == flow)
        & (nw.col("reporter") == reporter)
        & (nw.col("commodity") != "TOTAL")
        & (nw.col("commodity").str.len_chars() == DIGITS[level])
    )
    return is_monthly & begins_with(prefixes) if prefixes else is_monthly


def begins_with(prefixes: Collection[str]) -> nw.Expr:
    """Whether a row's commodity begins with one of some prefixes.

    Args:
        prefixes: The prefixes, at least one.

    Returns:
        An expression over ``commodity``.
    """
    fits = [
        nw.col("commodity").str.slice(0, length).is_in([p for p in prefixes if len(p) == length])
        for length in sorted({len(prefix) for prefix in prefixes})
    ]
    return nw.any_horizontal(*fits, ignore_nulls=True)
