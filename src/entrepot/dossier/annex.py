"""Tables behind charts, set narrow for the annex of a paper: the same numbers in fewer columns."""

from __future__ import annotations

from entrepot.dossier.figure import DataTable
from entrepot.dossier.wording import DASH, MINUS

_ENDS = ("Low", "High")
INTERVAL = "90 % interval"
FEW_ROWS = 20  # of a table that need not be set in two columns


def narrow(table: DataTable) -> DataTable:
    """Join the ends of an interval, and say once in the caption what all rows have in common.

    Args:
        table: A table behind a chart.

    Returns:
        The same numbers, as they were written.

    Example:
        >>> months = DataTable("x", ("Month", "Bracket", "Low", "High"), (("2022", "A", "1", "2"),
        ... ("2023", "A", "3", "4")))
        >>> narrow(months).rows, narrow(months).caption
        ((('2022', '1–2'), ('2023', '3–4')), 'x Bracket: A.')
    """
    shared = {
        at: table.rows[0][at]
        for at in range(1, len(table.header))
        if table.header[at] not in _ENDS
        and len(table.rows) > 1
        and len({row[at] for row in table.rows}) == 1
    }
    told = "".join(f" {table.header[at]}: {value}." for at, value in shared.items())
    kept = [at for at, name in enumerate(table.header) if at not in shared and name not in _ENDS]
    has_ends = all(end in table.header for end in _ENDS)
    ends = [table.header.index(end) for end in _ENDS] if has_ends else []
    return DataTable(
        f"{table.caption}{told}",
        (*(table.header[at] for at in kept), *([INTERVAL] if ends else [])),
        tuple(
            (*(row[at] for at in kept), *([_range(row[ends[0]], row[ends[1]])] if ends else []))
            for row in table.rows
        ),
    )


def column_count(table: DataTable) -> int:
    """In how many columns a table is set: a long one in two.

    Args:
        table: The table.
    """
    return 2 if len(table.rows) > FEW_ROWS else 1


def _range(low: str, high: str) -> str:
    if low == high:
        return low
    return f"{low} to {high}" if MINUS in low + high else f"{low}{DASH}{high}"
