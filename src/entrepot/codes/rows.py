"""The rows of a CSV that comes with the code, read once."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from importlib.resources import files

from entrepot.errors import CodeError

CODES = "codes"


@cache
def read_rows(name: str, columns: tuple[str, ...], room: str = CODES) -> tuple[dict[str, str], ...]:
    """Read a CSV of a room; a second call costs nothing.

    Args:
        name: File name, e.g. ``areas.csv``.
        columns: The header it must have, in order.
        room: Folder of the package that holds it, e.g. ``codes`` or ``press/lexicon``.

    Returns:
        One dictionary per row, all values text.

    Raises:
        CodeError: If the header differs or a row has too few or too many values.
    """
    text = files("entrepot").joinpath(room, name).read_text("utf-8")
    header, *lines = csv.reader(io.StringIO(text))
    if tuple(header) != columns:
        raise CodeError(
            f"{room}/{name}, line 1: header is {header!r}, expected {list(columns)!r}. "
            "Restore the file of this version of Entrepôt."
        )
    for number, values in enumerate(lines, start=2):
        if len(values) != len(columns):
            raise CodeError(
                f"{room}/{name}, line {number}: {len(values)} values, expected {len(columns)}. "
                "Quote a value that holds a comma."
            )
    return tuple(dict(zip(columns, values, strict=True)) for values in lines)


def open_day(text: str) -> date | None:
    """Read a day that may be left open.

    Args:
        text: ISO 8601, or empty.

    Returns:
        The day, or ``None`` where the text is empty.

    Example:
        >>> open_day("2022-02-26"), open_day("")
        (datetime.date(2022, 2, 26), None)
    """
    return date.fromisoformat(text) if text else None
