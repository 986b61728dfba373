"""The panel as arrays: commodities x partners x months, sparse, read a chapter at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CHAPTER_DIGITS = 2
HEADING_DIGITS = 4


@dataclass(frozen=True)
class Cube:
    """Declared trade of a coalition, by commodity (K), partner (V) and month (T).

    Only non-zero cells are held, sorted by commodity; :meth:`dense` lays out one chapter at a
    time, so memory is bound by the largest HS chapter and not by the panel.

    Args:
        commodities: Codes, sorted, shape [K].
        partners: Areas, shape [V].
        periods: First days of months, ``datetime64[M]``, consecutive, shape [T].
        values: Non-zero values in the unit of the panel, shape [n].
        rows: Index of the commodity of each value, ascending, shape [n].
        columns: Index of the partner of each value, shape [n].
        months: Index of the month of each value, shape [n].
        is_alive: Whether the code was in force, shape [K, T].
        is_reported: Whether the reporters published about the partner that month, shape [V, T].
    """

    commodities: NDArray[np.str_]
    partners: NDArray[np.str_]
    periods: NDArray[np.datetime64]
    values: Floats
    rows: Ints
    columns: Ints
    months: Ints
    is_alive: Bools
    is_reported: Bools

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of commodities, partners and months."""
        return len(self.commodities), len(self.partners), len(self.periods)

    @cached_property
    def chapters(self) -> Ints:
        """Index of the HS chapter of each commodity, ascending, shape [K]."""
        return group_index(self.commodities, CHAPTER_DIGITS)

    @cached_property
    def headings(self) -> Ints:
        """Index of the HS heading of each commodity, ascending, shape [K]."""
        return group_index(self.commodities, HEADING_DIGITS)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """Runs of commodities of one HS chapter; formulas that pool within a chapter stay whole."""
        starts = np.flatnonzero(np.diff(self.chapters, prepend=-1))
        ends = np.append(starts[1:], len(self.commodities))
        return tuple(slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True))

    @cached_property
    def _offsets(self) -> Ints:
        return np.searchsorted(self.rows, np.arange(len(self.commodities) + 1))

    def dense(self, block: slice) -> Floats:
        """Lay out one block, zeros included.

        Args:
            block: Run of commodities.

        Returns:
            Values, shape [block, V, T].
        """
        lo, hi = int(self._offsets[block.start]), int(self._offsets[block.stop])
        partners, months = self.shape[1:]
        out = np.zeros((block.stop - block.start) * partners * months)
        out[self._cells[lo:hi] - block.start * partners * months] = self.values[lo:hi]
        return out.reshape(-1, partners, months)

    @cached_property
    def _cells(self) -> Ints:
        """Place of each value in the panel laid out whole, row after row."""
        _, partners, months = self.shape
        return (self.rows * partners + self.columns) * months + self.months

    def each(self) -> Iterator[tuple[slice, Floats]]:
        """Every block with its dense values."""
        for block in self.blocks:
            yield block, self.dense(block)

    def sums_from(self, start: Ints) -> Floats:
        """Sum each pair's trade over reported months from its commodity's own month on.

        Args:
            start: First month to sum of each commodity, shape [K].

        Returns:
            Sums in the unit of the panel, shape [K, V]; not to be written to, since every fold
            asks for the same windows and they are added up once.
        """
        key = start.tobytes()
        if key not in self._sums:
            inside = self.is_reported.ravel()[self.columns * self.shape[2] + self.months]
            inside &= self.months >= start[self.rows]
            k, v, _ = self.shape
            pair = self.rows[inside] * v + self.columns[inside]
            sums = np.bincount(pair, weights=self.values[inside], minlength=k * v)
            self._sums[key] = sums.astype(np.float64).reshape(k, v)
        return self._sums[key]

    @cached_property
    def _sums(self) -> dict[bytes, Floats]:
        return {}

    def until(self, end: int) -> Cube:
        """The panel as it stood before month ``end``.

        Args:
            end: Number of months to keep.

        Returns:
            A panel with ``end`` months.
        """
        keep = self.months < end
        return replace(
            self,
            periods=self.periods[:end],
            values=self.values[keep],
            rows=self.rows[keep],
            columns=self.columns[keep],
            months=self.months[keep],
            is_alive=self.is_alive[:, :end],
            is_reported=self.is_reported[:, :end],
        )


class Coded(NamedTuple):
    """A column of names as numbers.

    Args:
        names: Distinct names, sorted.
        place: Place of each row's name among them, shape [n].
    """

    names: NDArray[np.str_]
    place: Ints


def coded(column: pa.ChunkedArray) -> Coded:
    """Number the names of a column.

    Args:
        column: A column of text without nulls.

    Returns:
        Distinct names and where each row has which.

    Example:
        >>> coded(pa.chunked_array([["KZ", "AM", "KZ"]])).place.tolist()
        [1, 0, 1]
    """
    encoded = column.combine_chunks().dictionary_encode()
    names = np.array(encoded.dictionary.to_pylist(), dtype=np.str_)
    ordered, rank = np.unique(names, return_inverse=True)
    return Coded(ordered, rank[encoded.indices.to_numpy()].astype(np.int64))


def group_index(codes: NDArray[np.str_], digits: int) -> Ints:
    """Number the groups that sorted codes form by their first digits.

    Args:
        codes: Sorted codes, shape [K].
        digits: How many digits make a group.

    Returns:
        Index of each code's group, ascending, shape [K].

    Example:
        >>> group_index(np.array(["010121", "010129", "020110"]), 2).tolist()
        [0, 0, 1]
    """
    prefixes = codes.astype(f"U{digits}")
    return np.unique(prefixes, return_inverse=True)[1].astype(np.int64)


def from_dense(
    values: Floats,
    commodities: NDArray[np.str_],
    partners: NDArray[np.str_],
    periods: NDArray[np.datetime64],
) -> Cube:
    """Make a panel of dense values in which everyone reported every month.

    A code is alive from its first to its last month with any trade.

    Args:
        values: Values, shape [K, V, T].
        commodities: Sorted codes, shape [K].
        partners: Areas, shape [V].
        periods: Months, shape [T].

    Returns:
        The panel.
    """
    rows, columns, months = np.nonzero(values)
    return Cube(
        commodities=commodities,
        partners=partners,
        periods=periods,
        values=values[rows, columns, months],
        rows=rows,
        columns=columns,
        months=months,
        is_alive=alive_between_first_and_last(values.sum(axis=1) > 0),
        is_reported=np.ones(values.shape[1:], dtype=bool),
    )


def alive_between_first_and_last(is_traded: Bools) -> Bools:
    """Take a code to be in force from its first to its last month with any trade.

    Args:
        is_traded: Whether anyone traded the code that month, shape [K, T].

    Returns:
        Whether it was alive, shape [K, T].

    Example:
        >>> alive_between_first_and_last(np.array([[False, True, False, True, False]])).astype(int)
        array([[0, 1, 1, 1, 0]])
    """
    begun = np.maximum.accumulate(is_traded, axis=1)
    not_over = np.maximum.accumulate(is_traded[:, ::-1], axis=1)[:, ::-1]
    alive: Bools = begun & not_over
    return alive
