"""Both declarations of listed goods, summed by exporting member, before and in the window."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.cube import Floats
from entrepot.trade.summary import Stretch

HS6 = 6  # members declare CN8, intermediaries HS6: the finest level they share
CN8 = 8


@dataclass(frozen=True)
class MemberTrade:
    """Declared trade of listed goods, by member (M) and intermediary (V).

    Args:
        members: Exporting members, shape [M].
        intermediaries: Importing areas, shape [V].
        exports_before: Members' declared exports before the event, shape [M, V].
        exports: The same in the window, shape [M, V].
        arrivals_before: Intermediaries' declared imports before the event, shape [M, V].
        arrivals: The same in the window, shape [M, V].
    """

    members: NDArray[np.str_]
    intermediaries: NDArray[np.str_]
    exports_before: Floats
    exports: Floats
    arrivals_before: Floats
    arrivals: Floats


def declared_exports(
    flows: nw.LazyFrame[Any], members: Collection[str], codes: Collection[str]
) -> nw.LazyFrame[Any]:
    """Keep members' monthly exports of some goods.

    Args:
        flows: Rows of ``flows`` of one dataset, each declaration from one source.
        members: Areas that export.
        codes: HS6 codes.

    Returns:
        ``member``, ``intermediary``, ``period`` and ``value``.
    """
    return flows.filter(
        nw.col("flow") == "X",
        nw.col("freq") == "M",
        nw.col("reporter").is_in(sorted(members)),
        nw.col("commodity").str.len_chars() == CN8,
        nw.col("commodity").str.slice(0, HS6).is_in(sorted(codes)),
        nw.col("obs_status") != "C",
    ).select("period", "value", member=nw.col("reporter"), intermediary=nw.col("partner"))


def declared_arrivals(
    flows: nw.LazyFrame[Any], members: Collection[str], codes: Collection[str]
) -> nw.LazyFrame[Any]:
    """Keep others' monthly imports of some goods from members.

    Args:
        flows: Rows of ``flows`` of one dataset, each declaration from one source.
        members: Areas the goods came from, by origin or by consignment as the importer books.
        codes: HS6 codes.

    Returns:
        ``member``, ``intermediary``, ``period`` and ``value``.
    """
    return flows.filter(
        nw.col("flow") == "M",
        nw.col("freq") == "M",
        nw.col("partner").is_in(sorted(members)),
        nw.col("partner2") == "_T",
        nw.col("commodity").str.len_chars() == HS6,
        nw.col("commodity").is_in(sorted(codes)),
        nw.col("obs_status") != "C",
    ).select("period", "value", member=nw.col("partner"), intermediary=nw.col("reporter"))


def published_months(flows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Months in which areas published any imports.

    Args:
        flows: Rows of ``flows``.

    Returns:
        ``intermediary`` and ``period``, each pair once.
    """
    imports = flows.filter(nw.col("flow") == "M", nw.col("freq") == "M")
    named = imports.select("period", intermediary=nw.col("reporter"))
    return named.group_by("intermediary", "period").agg(nw.len().alias("row_count"))


def member_sums(
    declared: nw.LazyFrame[Any],
    published: nw.LazyFrame[Any],
    before: Stretch,
    window: Stretch,
) -> nw.LazyFrame[Any]:
    """Sum one side's declarations over the two stretches, in months the other side published.

    A month that the intermediary did not publish is dropped from both sides: it is no gap.

    Args:
        declared: Rows of :func:`declared_exports` or :func:`declared_arrivals`.
        published: Rows of :func:`published_months`.
        before: Months before the event.
        window: Months from the event on.

    Returns:
        ``member``, ``intermediary``, ``value_before`` and ``value``, in the currency of the rows.
    """
    value_before = nw.when(before.inside()).then(nw.col("value")).otherwise(0.0)
    value = nw.when(window.inside()).then(nw.col("value")).otherwise(0.0)
    return (
        declared.join(published, on=["intermediary", "period"], how="semi")
        .with_columns(_before=value_before, _window=value)
        .group_by("member", "intermediary")
        .agg(nw.col("_before").sum().alias("value_before"), nw.col("_window").sum().alias("value"))
    )


def member_trade(
    exports: pa.Table,
    arrivals: pa.Table,
    members: NDArray[np.str_],
    intermediaries: NDArray[np.str_],
) -> MemberTrade:
    """Lay both sides out as arrays; what nobody declared is zero.

    Args:
        exports: Collected rows of :func:`member_sums` of exports.
        arrivals: The same of arrivals; no rows where there is no mirror.
        members: Members, sorted, shape [M].
        intermediaries: Intermediaries, sorted, shape [V].

    Returns:
        The arrays, in the currency of the rows.
    """
    out = _laid_out(exports, members, intermediaries)
    back = _laid_out(arrivals, members, intermediaries)
    return MemberTrade(members, intermediaries, out[0], out[1], back[0], back[1])


def _laid_out(rows: pa.Table, members: NDArray[np.str_], others: NDArray[np.str_]) -> Floats:
    table = np.zeros((2, len(members), len(others)))
    if rows.num_rows == 0:
        return table
    member = rows["member"].to_numpy().astype(np.str_)
    other = rows["intermediary"].to_numpy().astype(np.str_)
    mine = np.isin(member, members) & np.isin(other, others)
    at = (np.searchsorted(members, member[mine]), np.searchsorted(others, other[mine]))
    for place, name in enumerate(("value_before", "value")):
        np.add.at(table[place], at, rows[name].to_numpy()[mine])
    return table
