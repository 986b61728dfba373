"""Months that were summed before and rest on the same declarations: they are not summed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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


def together(parts: Iterable[Sums]) -> Sums:
    """Put sums of different months into one.

    Args:
        parts: Sums of months; each is written away before the next is asked for.

    Returns:
        Sums of all months, as if all had been summed at once.
    """
    code, partner, month = (np.empty(0, dtype=np.int64) for _ in range(3))
    value, is_listed = np.empty(0), np.empty(0, dtype=bool)
    codes, partners = _Names(), _Names()
    for part in parts:
        to = slice(len(value), len(value) + len(part.value))
        for column in (code, partner, month, value, is_listed):
            column.resize(to.stop, refcheck=False)  # grows where it lies, without a second copy
        code[to] = codes.numbers(part.commodity)
        partner[to] = partners.numbers(part.partner)
        month[to] = part.month.astype("datetime64[M]").view(np.int64)
        value[to], is_listed[to] = part.value, part.is_listed
    return Sums(
        commodity=codes.sorted(code),
        is_listed=is_listed,
        partner=partners.sorted(partner),
        month=month.view("datetime64[M]"),
        value=value,
    )


class _Names:
    """Names numbered as they come."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def numbers(self, column: Coded) -> Ints:
        names = column.names.tolist()
        own = [self._number.setdefault(name, len(self._number)) for name in names]
        return np.array(own, dtype=np.int64)[column.place]

    def sorted(self, place: Ints) -> Coded:
        names, rank = np.unique(np.array(list(self._number), dtype=np.str_), return_inverse=True)
        np.take(rank, place, out=place)
        return Coded(names, place)


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
