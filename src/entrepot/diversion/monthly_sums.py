"""Months that were summed before and rest on the same declarations: they are not summed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.cube import Bools, Coded, Floats, Ints
from entrepot.diversion.layout import Sums

_ORDER = ("reporter", "source_id", "currency", "valuation", "is_total", "is_detailed", "is_hidden")
Stamps = dict[date, str]


@dataclass(frozen=True)
class MonthlySums:
    """Sums by commodity, listing, partner and month, with what each month rests on.

    Args:
        periods: Months that were summed, ascending, shape [m].
        stamp: Digest of what each rests on, shape [m].
        codes: Commodity codes, ascending.
        partners: Areas, ascending.
        code: Index of each row's code, shape [n].
        partner: Index of each row's partner, shape [n].
        month: Months, shape [n].
        is_listed: Whether the goods of the row are listed, shape [n].
        value: Sums, shape [n].
    """

    periods: NDArray[np.datetime64]
    stamp: NDArray[np.str_]
    codes: NDArray[np.str_]
    partners: NDArray[np.str_]
    code: Ints
    partner: Ints
    month: NDArray[np.datetime64]
    is_listed: Bools
    value: Floats


def stamps(stock: pa.Table, listed: str) -> Stamps:
    """Say what each month rests on: which rows of which files, and which codes are listed.

    A file is named by the digest of its bytes, so that the same files and numbers of rows are the
    same declarations.

    Args:
        stock: Numbers of rows by reporter, month, file and kind of row.
        listed: The listed codes, in order.

    Returns:
        A digest by month.
    """
    held: dict[date, list[str]] = {}
    for row in stock.select(["period", *_ORDER, "row_count"]).to_pylist():
        words = (str(row[name]) for name in (*_ORDER, "row_count"))
        held.setdefault(row["period"], []).append(" ".join(words))
    return {
        period: hashlib.sha256("\n".join([listed, *sorted(lines)]).encode()).hexdigest()
        for period, lines in held.items()
    }


def unchanged_months(past: MonthlySums | None, now: Stamps) -> NDArray[np.datetime64]:
    """Months that rest on what they rested on before.

    Args:
        past: What was summed before; ``None`` where nothing was.
        now: What months rest on now.

    Returns:
        The months, ascending.
    """
    if past is None:
        return np.empty(0, dtype="datetime64[M]")
    then = dict(zip(past.periods.tolist(), past.stamp.tolist(), strict=True))
    same = [period for period, stamp in now.items() if then.get(period) == stamp]
    return np.array(sorted(same), dtype="datetime64[M]")


def of_months(past: MonthlySums, same: NDArray[np.datetime64]) -> Sums:
    """Take up months that were summed before.

    Args:
        past: What was summed before.
        same: Months of it that hold.

    Returns:
        Their sums.
    """
    keep = np.isin(past.month, same)
    return Sums(
        commodity=Coded(past.codes, past.code[keep]),
        is_listed=past.is_listed[keep],
        partner=Coded(past.partners, past.partner[keep]),
        month=past.month[keep],
        value=past.value[keep],
    )


def together(parts: list[Sums]) -> Sums:
    """Put sums of different months into one.

    Args:
        parts: Sums of months, at least one; each part is taken out of the list as it is used.

    Returns:
        Sums of all months, as if all had been summed at once.
    """
    codes, partners = (
        _names([getattr(part, side).names for part in parts]) for side in ("commodity", "partner")
    )
    placed = []
    while parts:
        part = parts.pop()
        code = np.searchsorted(codes, part.commodity.names)[part.commodity.place]
        partner = np.searchsorted(partners, part.partner.names)[part.partner.place]
        placed.append((code, part.is_listed, partner, part.month, part.value))
    code, is_listed, partner, month, value = (
        np.concatenate(column) for column in zip(*reversed(placed), strict=True)
    )
    return Sums(Coded(codes, code), is_listed, Coded(partners, partner), month, value)


def _names(lists: list[NDArray[np.str_]]) -> NDArray[np.str_]:
    out: NDArray[np.str_] = np.unique(np.concatenate(lists))
    return out


def kept_sums(sums: Sums, now: Stamps) -> MonthlySums:
    """Sums as the next run of the question may take them up.

    Args:
        sums: The sums of all months.
        now: What each month rests on.

    Returns:
        Sums with digests.
    """
    days = sorted(now)
    return MonthlySums(
        periods=np.array(days, dtype="datetime64[D]"),
        stamp=np.array([now[day] for day in days], dtype=np.str_),
        codes=sums.commodity.names,
        partners=sums.partner.names,
        code=sums.commodity.place,
        partner=sums.partner.place,
        month=sums.month,
        is_listed=sums.is_listed,
        value=sums.value,
    )
