"""Arrow rows of a table, built from columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from entrepot.errors import LakeError
from entrepot.schema import Kind, Table

ARROW: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
    "float": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
}


def arrow_schema(table: Table) -> pa.Schema:
    """Give the columns of a table as Arrow knows them.

    Args:
        table: The table.

    Returns:
        The schema, with types and open columns.

    Example:
        >>> from entrepot.tables import TRUTH
        >>> str(arrow_schema(TRUTH).field("period").type)
        'date32[day]'
    """
    return pa.schema([pa.field(c.name, ARROW[c.kind], nullable=c.nullable) for c in table.columns])


def arrow_rows(table: Table, length: int, columns: Mapping[str, object]) -> pa.Table:
    """Build rows of a table: arrays as they are, scalars repeated, open columns null.

    NaN becomes null in columns that may be open.

    Args:
        table: The table.
        length: Number of rows.
        columns: Arrays of that length, or scalars, by column name.

    Returns:
        An Arrow table with the columns of the table, in order.

    Raises:
        LakeError: If a column is unknown, or one that must be filled is left out.

    Example:
        >>> from entrepot.tables import TRUTH
        >>> arrow_rows(TRUTH, 0, {name: [] for name in TRUTH.column_names}).num_columns
        9
    """
    unknown = sorted(set(columns) - set(table.column_names))
    missing = sorted(
        column.name
        for column in table.columns
        if not column.nullable and column.name not in columns
    )
    if unknown or missing:
        raise LakeError(
            f"{table.name}: columns {unknown} are unknown and {missing} are left out, expected "
            f"{list(table.column_names)}. Correct the rows, or declare the column in tables.py."
        )
    arrays = {
        column.name: _array(columns.get(column.name), ARROW[column.kind], length)
        for column in table.columns
    }
    return pa.table(arrays)


def _array(value: object, kind: pa.DataType, length: int) -> pa.Array:
    if value is None:
        return pa.nulls(length, kind)
    if isinstance(value, str) or not hasattr(value, "__len__"):
        return pa.repeat(pa.scalar(value, kind), length)
    if isinstance(value, pa.Array | pa.ChunkedArray):
        return value.cast(kind)
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        value = value.astype(object)
    if isinstance(value, np.ndarray) and value.dtype.kind == "M":
        value = value.astype("datetime64[D]")
    return pa.array(value, kind, from_pandas=True)
