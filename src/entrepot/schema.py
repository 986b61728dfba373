"""What a table and a column are, in words light enough to import anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "time", "float", "int", "bool"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Args:
        name: The name, as the field says it.
        kind: ``text``, ``date``, ``time`` (UTC), ``float``, ``int`` or ``bool``.
        meaning: One sentence.
        unit: The unit, or the name of the column that holds it; empty where there is none.
        nullable: Whether the publisher or the method may leave it open.
        choices: The closed list of values, where there is one.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, and the columns that name a row.

    Args:
        name: Folder of the table in the lake.
        row: What one row is.
        columns: The columns, in order.
        key: Names of the columns that are unique together.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)
