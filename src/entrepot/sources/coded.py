"""Text columns as codes: what a line says is looked up once per distinct value, not per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_KEY_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Coded:
    """One text column.

    Args:
        name: Its name in the file.
        values: The distinct values.
        codes: For each line the place of its value in ``values``, shape [n].
    """

    name: str
    values: tuple[str, ...]
    codes: Codes

    def among(self, wanted: set[str]) -> Bools:
        """Tell which lines hold one of some values, shape [n].

        Args:
            wanted: The values.
        """
        is_wanted = np.array([value in wanted for value in self.values], np.bool_)
        if is_wanted.all() or not is_wanted.any():
            return np.full(len(self.codes), is_wanted.all(), np.bool_)
        return is_wanted[self.codes]

    def recoded(self, meanings: Sequence[str]) -> Coded:
        """Put what the values mean in their place; values of one meaning become one.

        Args:
            meanings: What each of ``values`` means, in order.
        """
        distinct = {meaning: place for place, meaning in enumerate(dict.fromkeys(meanings))}
        if len(distinct) == len(self.values):
            return Coded(self.name, tuple(distinct), self.codes)
        places = np.array([distinct[meaning] for meaning in meanings], np.int32)
        return Coded(self.name, tuple(distinct), places[self.codes])

    def taken(self, places: NDArray[np.intp] | slice) -> Coded:
        """Keep some lines.

        Args:
            places: Which, shape [m].
        """
        if len(self.values) == 1 and not isinstance(places, slice):
            return Coded(self.name, self.values, self.codes[: len(places)])  # all alike
        return Coded(self.name, self.values, self.codes[places])

    def array(self) -> pa.Array | str:
        """The column as Arrow knows it, or what it says throughout; empty text is null."""
        if len(self.values) == 1 and self.values[0]:
            return self.values[0]
        values = pa.array([value or None for value in self.values], pa.string())
        return values.take(pa.array(self.codes))

    def dates(self) -> pa.Array:
        """A column of ISO 8601 days as dates."""
        days = pa.array([date.fromisoformat(value) for value in self.values], pa.date32())
        return days.take(pa.array(self.codes))


def coded(name: str, column: pa.ChunkedArray) -> Coded:
    """Take a text column apart.

    Args:
        name: Its name.
        column: Dictionary-encoded text.

    Returns:
        The column; values that stand in no line are left out.
    """
    joined = column.unify_dictionaries().combine_chunks()
    whole = joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined
    codes: Codes = whole.indices.to_numpy().astype(np.int32, copy=False)
    return Coded(name, tuple(whole.dictionary.to_pylist()), codes)


def constant(name: str, value: str, length: int) -> Coded:
    """Make a column that says the same in every line.

    Args:
        name: Its name.
        value: What it says.
        length: Number of lines.

    Example:
        >>> constant("partner2Code", "0", 2).codes
        array([0, 0], dtype=int32)
    """
    return Coded(name, (value,), np.zeros(length, np.int32))


def key_of(columns: Sequence[Coded]) -> NDArray[np.int64]:
    """Number the combinations of some columns: equal numbers are equal lines, shape [n].

    Args:
        columns: The columns, at least one.
    """
    key, size = np.zeros(len(columns[0].codes), np.int64), 1
    for column in columns:
        width = len(column.values)
        if width == 1:
            continue
        if size * width > _KEY_LIMIT:
            distinct, places = np.unique(key, return_inverse=True)
            key, size = places.astype(np.int64), len(distinct)
        key *= width  # in place: fresh memory takes longer than the sum
        key += column.codes
        size *= width
    return key


def has_repeats(key: NDArray[np.int64]) -> bool:
    """Whether a key stands in two lines.

    Args:
        key: What :func:`key_of` gave, shape [n].

    Example:
        >>> has_repeats(np.array([3, 1, 3]))
        True
    """
    in_order = np.sort(key)
    return bool((in_order[1:] == in_order[:-1]).any())


def groups_of(key: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Put lines of one key into one group, groups in the order of their first line.

    Args:
        key: What :func:`key_of` gave, shape [n].

    Returns:
        Place of the first line of each group, shape [m], and the group of each line, shape [n].

    Example:
        >>> first, group = groups_of(np.array([7, 5, 7]))
        >>> first.tolist(), group.tolist()
        ([0, 1], [0, 1, 0])
    """
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[group]


def sums_of(group: NDArray[np.intp], amounts: Floats) -> Floats:
    """Sum amounts by group, shape [m]; a sum with an open amount is open.

    Args:
        group: The group of each line, shape [n].
        amounts: The amounts, NaN where open, shape [n].

    Example:
        >>> sums_of(np.array([0, 1, 0]), np.array([1.0, 2.0, 4.0]))
        array([5., 2.])
    """
    sums: Floats = np.bincount(group, weights=amounts).astype(np.float64)
    return sums
