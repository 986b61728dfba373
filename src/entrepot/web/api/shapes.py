"""What answers look like, for the description of the interface."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from entrepot.schema import Kind, Table
from entrepot.web.api.fields import row_model
from entrepot.web.api.formats import KINDS

LAKE_VERSION = Field(
    description="Digest of the lake and the code; another one means that answers may differ."
)
NEXT = Field(description="Cursor of the next page; nothing on the last.")


class ColumnTold(BaseModel):
    """One column of a table."""

    name: str = Field(description="Its name.")
    kind: Kind = Field(description="Its type; `time` is UTC.")
    unit: str = Field(description="Its unit, or the column that holds it; empty for none.")
    is_nullable: bool = Field(description="Whether it may be open.")
    meaning: str = Field(description="One sentence.")


class TableTold(BaseModel):
    """One table."""

    name: str = Field(description="Its name.")
    row: str = Field(description="What one row is.")
    row_count: int = Field(description="Rows in the lake, of all vintages and runs.")
    key: list[str] = Field(description="Columns that are unique together.")
    columns: list[ColumnTold] = Field(description="Its columns, in order.")
    address: str = Field(description="Where its rows are.")


class TableList(BaseModel):
    """Every table of the lake."""

    lake_version: str = LAKE_VERSION
    tables: list[TableTold]


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; `detail` alone is enough for clients of yente."""

    type: Literal["about:blank"] = Field(description="What the status means is all it means.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status.")
    detail: str = Field(description="What was found, what was expected, what to do.")
    instance: str = Field(description="Path that was asked.")


def described_rows(table: Table) -> dict[int | str, dict[str, Any]]:
    """Answers that rows of a table are given in, for the description.

    Args:
        table: The table.

    Returns:
        The answer by its status, with one media type a format.
    """
    row = row_model(table.name, table.columns, table.row)
    # Formats other than JSON are bytes; the Arrow schema in them says the rest.
    files = {kind: {"schema": {"type": "string"}} for kind in KINDS.values() if "json" not in kind}
    name: Any = Literal[table.name]
    page = create_model(
        f"{row.__name__}s",
        __doc__=f"A page of {table.name}.",
        table=(name, Field(description="Name of the table.")),
        lake_version=(str, LAKE_VERSION),
        columns=(list[ColumnTold], Field(description="Columns of the rows, in order.")),
        rows=(list[row], Field(description=f"Each row is {table.row}.")),  # type: ignore[valid-type]
        next=(str | None, NEXT),
    )
    link = {
        "description": "Addresses of the first and the next page (RFC 8288).",
        "schema": {"type": "string"},
    }
    return {
        200: {
            "model": page,
            "description": "Rows, in the format asked for.",
            "content": files,
            "headers": {"Link": link},
        }
    }
