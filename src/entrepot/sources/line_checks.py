"""What a line of a text table may say: known codes, plain amounts, each thing once.

Every check looks at a column at once, and at each distinct value once; the first broken line is
named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.errors import CodeError, SourceError
from entrepot.sources.coded import Bools, Coded, Floats, groups_of, has_repeats, key_of
from entrepot.sources.reading import SourceFile

T = TypeVar("T")

_HEADER_LINES = 2  # the header, and lines are counted from one


def meanings_of(source: SourceFile, column: Coded, look_up: Callable[[str], T]) -> list[T]:
    """Look up what each distinct value of a column means.

    Args:
        source: The file.
        column: The column.
        look_up: Gives the meaning, or raises CodeError with what was expected and what to do.

    Returns:
        One meaning per value of the column, in order.

    Raises:
        SourceError: Naming the first line whose value has no meaning.
    """
    found, broken = [], []
    for place, value in enumerate(column.values):
        try:
            found.append(look_up(value))
        except CodeError as error:
            broken.append((line_of(column.codes == place), value, error))
    if broken:
        line, value, why = min(broken, key=lambda entry: entry[0])
        raise SourceError(f"{source.name}, line {line}: {column.name} is {value!r}: {why}") from why
    return found


def one_of(known: Mapping[str, str], advice: str = "") -> Callable[[str], str]:
    """Make a look-up in a closed list.

    Args:
        known: Values and their meanings.
        advice: What to do about any other value.

    Returns:
        A function that gives the meaning of a value.

    Raises:
        CodeError: By that function, where the value is not in the list.

    Example:
        >>> one_of({"1": "M", "2": "X"})("2")
        'X'
    """

    def look_up(value: str) -> str:
        if value not in known:
            raise CodeError(f"expected one of {sorted(known)}.{advice}")
        return known[value]

    return look_up


def refuse_future(source: SourceFile, period: Coded) -> None:
    """Refuse a file about a month or year that had not begun when it was retrieved.

    Args:
        source: The file.
        period: First days, ISO 8601.

    Raises:
        SourceError: Naming the first line of the latest such period.
    """
    latest = max(period.values)
    if latest > f"{source.retrieved_at:%Y-%m-%d}":
        line = line_of(period.among({latest}))
        raise SourceError(
            f"{source.name}, line {line}: {period.name} is about {latest}, expected none after "
            f"{source.retrieved_at:%Y-%m-%d}, the day of retrieval. Check the file."
        )


def line_of(is_broken: Bools) -> int:
    """Number of the first line of the file that is marked.

    Args:
        is_broken: Marks, one per line below the header, shape [n]; at least one.

    Example:
        >>> line_of(np.array([False, True]))
        3
    """
    return int(np.argmax(is_broken)) + _HEADER_LINES


def amounts_of(source: SourceFile, table: pa.Table, name: str) -> Floats:
    """Read a column of amounts.

    Args:
        source: The file.
        table: Its columns.
        name: The column.

    Returns:
        The amounts, NaN where nothing stands, shape [n].

    Raises:
        SourceError: If one is negative or infinite.
    """
    amounts: Floats = table[name].to_numpy()  # null becomes NaN
    is_broken = (amounts < 0) | np.isinf(amounts)
    if is_broken.any():
        raise SourceError(
            f"{source.name}, line {line_of(is_broken)}: {name} is {amounts[is_broken][0]}, "
            "expected a number, zero or more, or nothing. Fetch the file again."
        )
    return amounts


def refuse_twice(
    source: SourceFile, columns: Sequence[Coded], kept: NDArray[np.intp] | None = None
) -> None:
    """Refuse a file that says something twice about one thing.

    Args:
        source: The file.
        columns: What names a line, as it stands in the file.
        kept: Lines to look at; all where left out.

    Raises:
        SourceError: Naming the first line that repeats another.
    """
    places = np.arange(len(columns[0].codes)) if kept is None else kept
    key = key_of([column.taken(places) for column in columns])
    if not has_repeats(key):
        return
    first, group = groups_of(key)
    is_later = np.ones(len(key), np.bool_)
    is_later[first] = False
    at = int(np.argmax(is_later))
    line, earlier = (int(places[i]) + _HEADER_LINES for i in (at, first[group[at]]))
    found = ", ".join(f"{c.name} {c.values[c.codes[places[at]]]!r}" for c in columns)
    raise SourceError(
        f"{source.name}, line {line}: {found} stands in line {earlier} already, expected once. The "
        "file may be put together from downloads that overlap: ingest them one by one."
    )
