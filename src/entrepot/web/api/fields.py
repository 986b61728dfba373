"""What a table may be asked and what it answers, made from its declaration alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from types import GenericAlias
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from entrepot.api.tables_shown import VINTAGED, TableAsked, filters_of, has_prefix, order_of
from entrepot.schema import Column, Kind, Table
from entrepot.web.api.cursor import LONGEST

LIMIT, MOST = 1_000, 10_000  # rows of a page
FORMATS = ("json", "csv", "arrow", "parquet")
TYPES: dict[Kind, Any] = {
    "text": str,
    "date": date,
    "time": datetime,
    "float": float,
    "int": int,
    "bool": bool,
}
# Codes and names are short; what is longer than this is none.
_TEXT = Annotated[str, Field(max_length=300)]
_MANY = 200  # values of one filter

Format = Literal["json", "csv", "arrow", "parquet"]


class TableQuery(BaseModel):
    """What may be asked of any table; what is not known is refused, never left out."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        LIMIT,
        ge=0,
        le=MOST,
        description="Rows of a page. 0 asks for all rows in one stream, which CSV, Arrow and "
        "Parquet give and JSON does not.",
    )
    cursor: str = Field(
        "",
        max_length=LONGEST,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Where to go on: `next` of the page before, with all else asked the same.",
    )
    format: Format | None = Field(
        None, description="Format of the answer; by the Accept header where left out, else JSON."
    )
    excel: bool = Field(
        False,
        description="CSV only: put an apostrophe before text that a spreadsheet would run as a "
        "formula. Data for programs are not changed.",
    )


def query_model(table: Table) -> type[TableQuery]:
    """What may be asked of one table, as its address has it.

    Args:
        table: The table.

    Returns:
        A model with a field for each filter; its names are those of the address by their alias.
    """
    fields: dict[str, Any] = {}
    for column in filters_of(table):
        fields |= _filters(column)
    chosen: Any = Literal[table.column_names]
    either: Any = Literal[tuple(f"{sign}{name}" for name in table.key for sign in ("", "-"))]
    fields["columns"] = (
        _list(chosen),
        Field(
            [],
            max_length=len(table.columns),
            description="Columns of the answer, repeated; all where left out.",
        ),
    )
    fields["order"] = (
        _list(either),
        Field(
            [],
            max_length=len(table.key),
            description="Columns of the key to sort by, repeated; a minus sign before one lets it "
            "fall. The rest of the key follows, so that no two rows stand level.",
        ),
    )
    if table.name in VINTAGED:
        fields["vintage"] = (
            Literal["latest", "all"],
            Field("latest", description=_vintage_words(table)),
        )
    title = f"{''.join(part.title() for part in table.name.split('_'))}Query"
    return create_model(title, __base__=TableQuery, **fields)


def _list(kind: Any) -> Any:
    """A list of a kind that is known only when the program runs."""
    return GenericAlias(list, (kind,))


def _vintage_words(table: Table) -> str:
    if table.name == "flows":
        return (
            "`latest`: each declaration once, as the newest vintage has it. `all`: every vintage; "
            "never add them."
        )
    return "`latest`: the run made last, unless `run_id` names one. `all`: every run; never add."


def _filters(column: Column) -> dict[str, Any]:
    name = column.name
    kind: Any = TYPES[column.kind]
    if column.choices:
        kind = Literal[column.choices]
    elif column.kind == "text":
        kind = _TEXT
    about = f"{column.meaning} One of these, repeated."
    made: dict[str, Any] = {
        f"is_{name}": (
            _list(kind),
            Field([], alias=name, max_length=_MANY, description=about),
        )
    }
    if column.kind == "date":
        made[f"from_{name}"] = (
            date | None,
            Field(None, alias=f"{name}_from", description=f"{name}: this day or later."),
        )
        made[f"to_{name}"] = (
            date | None,
            Field(None, alias=f"{name}_to", description=f"{name}: this day or earlier."),
        )
    if has_prefix(column):
        made[f"like_{name}"] = (
            _list(_TEXT),
            Field(
                [],
                max_length=_MANY,
                alias=f"{name}_prefix",
                description=f"{name}: begins with one of these, e.g. a chapter; repeated.",
            ),
        )
    return made


def table_asked(table: Table, asked: TableQuery) -> TableAsked:
    """The question to the lake, still from the beginning.

    Args:
        table: The table.
        asked: What the address says.

    Returns:
        The question.
    """
    said = asked.model_dump()
    columns = filters_of(table)

    def under(prefix: str) -> tuple[tuple[str, Any], ...]:
        pairs = ((column.name, said.get(f"{prefix}_{column.name}")) for column in columns)
        return tuple((name, value) for name, value in pairs if value)

    return TableAsked(
        table,
        equal=tuple((name, tuple(values)) for name, values in under("is")),
        since=under("from"),
        until=under("to"),
        prefixes=tuple((name, tuple(values)) for name, values in under("like")),
        order=order_of(table, tuple(said["order"])),
        is_latest=said.get("vintage") == "latest",
    )


def row_model(name: str, columns: Sequence[Column], row: str) -> type[BaseModel]:
    """What one row is, for the description of the interface.

    Args:
        name: Name of the table.
        columns: Its columns.
        row: What one row is, in words.

    Returns:
        A model with every column; each may be left out, because columns can be chosen.
    """
    fields: dict[str, Any] = {}
    for column in columns:
        kind = Literal[column.choices] if column.choices else TYPES[column.kind]
        if column.nullable:
            kind = kind | None
        unit = f" Unit: {column.unit}." if column.unit else ""
        fields[f"c_{column.name}"] = (
            kind,
            Field(None, alias=column.name, description=f"{column.meaning}{unit}"),
        )
    title = f"{''.join(part.title() for part in name.split('_'))}Row"
    said = f"{row[0].upper()}{row[1:]}."
    model: type[BaseModel] = create_model(title, __doc__=said, **fields)
    return model
