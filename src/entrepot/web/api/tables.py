"""``/api/v1/tables``: every table of the lake, row by row, as its declaration has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from entrepot.api.tables_shown import TableAsked, batches_of_table, is_contested
from entrepot.rows import arrow_schema
from entrepot.schema import Table
from entrepot.tables import TABLES
from entrepot.web.api.answers import JSON, own_lake, streamed, told
from entrepot.web.api.cursor import cursor_of, key_of, next_link, question_of
from entrepot.web.api.fields import TYPES, Format, TableQuery, query_model, table_asked
from entrepot.web.api.formats import (
    KINDS,
    as_json,
    columns_told,
    encoded,
    format_of,
    plain_rows,
)
from entrepot.web.api.shapes import TableList, described_rows
from entrepot.web.pages.answer import ShelfDep
from entrepot.web.pages.shelf import Shelf

router = APIRouter(prefix="/api/v1", tags=["tables"])
_ROWS = "/tables"


@router.get("/tables", response_model=TableList, summary="Every table of the lake")
@router.head("/tables", include_in_schema=False)
def tables(request: Request, shelf: ShelfDep) -> Response:
    """What each table holds: rows, what a row is, its key, its columns with unit and meaning."""

    def make() -> tuple[bytes, Mapping[str, str]]:
        with shelf.lake() as lake:
            held = [
                {
                    "name": table.name,
                    "row": table.row,
                    "row_count": lake.row_count(table),
                    "key": list(table.key),
                    "columns": columns_told(table.columns),
                    "address": f"/api/v1/tables/{table.name}",
                }
                for table in TABLES.values()
            ]
        return as_json({"lake_version": shelf.tag, "tables": held}), {}

    return told(request, make)


def _endpoint(table: Table) -> Callable[..., Response]:
    """What answers for one table; its parameters are those that the table can be asked by."""

    def rows(request: Request, shelf: ShelfDep, asked: TableQuery) -> Response:
        return _answer(request, shelf, table, asked)

    rows.__annotations__["asked"] = Annotated[query_model(table), Query()]
    rows.__name__ = f"rows_of_{table.name}"
    rows.__doc__ = f"One row is {table.row}. Key: {', '.join(f'`{name}`' for name in table.key)}."
    return rows


for _table in TABLES.values():
    _made = _endpoint(_table)
    router.add_api_route(
        f"{_ROWS}/{_table.name}",
        _made,
        methods=["GET"],
        summary=f"Rows of {_table.name}",
        responses=described_rows(_table),
        response_model=None,
    )
    router.add_api_route(f"{_ROWS}/{_table.name}", _made, methods=["HEAD"], include_in_schema=False)


@router.get("/tables/{name}", include_in_schema=False)
def no_table(name: Annotated[str, Path(max_length=100)]) -> Response:
    """A table that is not there; the message names those that are."""
    raise HTTPException(404, f"There is no table {name!r}, expected one of {list(TABLES)}.")


def _answer(request: Request, shelf: Shelf, table: Table, asked: TableQuery) -> Response:
    how = format_of(request, asked.format)
    said = asked.model_dump(exclude={"limit", "cursor", "format", "excel", "columns"})
    question = question_of({**said, "table": table.name})
    wanted = table_asked(table, asked)
    if wanted.is_latest and table.name == "flows":
        wanted = replace(wanted, is_latest=shelf.gathered(("contested",), is_contested))
    if asked.cursor:
        wanted = replace(wanted, after=key_of(asked.cursor, question, _kinds(wanted)))
    columns = _columns(table, asked)
    if asked.limit == 0:
        return _stream(request, shelf, (wanted, columns), (how, asked.excel))
    return told(
        request,
        lambda: _page(request, shelf, (wanted, columns, question), (how, asked)),
        KINDS[how],
    )


def _kinds(wanted: TableAsked) -> list[type]:
    kinds = {column.name: TYPES[column.kind] for column in wanted.table.columns}
    return [kinds[name] for name, _ in wanted.order]


def _columns(table: Table, asked: TableQuery) -> tuple[str, ...]:
    chosen: list[str] = asked.model_dump()["columns"]
    return tuple(dict.fromkeys(chosen)) or table.column_names


def _schema(table: Table, columns: tuple[str, ...]) -> pa.Schema:
    held = arrow_schema(table)
    # The engine does not say which columns are never open; the format must not promise it.
    return pa.schema([pa.field(name, held.field(name).type) for name in columns])


def _stream(
    request: Request,
    shelf: Shelf,
    what: tuple[TableAsked, tuple[str, ...]],
    how: tuple[Format, bool],
) -> Response:
    (wanted, columns), (name, is_harmless) = what, how
    if name == "json":
        raise HTTPException(
            422,
            "limit=0 asks for all rows in one stream, which JSON does not give: ask for "
            "format=csv, arrow or parquet, or for pages.",
        )
    schema = _schema(wanted.table, columns)

    def make() -> Iterator[bytes]:
        with own_lake(shelf) as lake:
            batches = (one.cast(schema) for one in batches_of_table(lake, wanted, columns, 0))
            yield from encoded(batches, schema, name, is_harmless=is_harmless)

    return streamed(request, make, KINDS[name], {**_attached(wanted.table, name)})


def _page(
    request: Request,
    shelf: Shelf,
    what: tuple[TableAsked, tuple[str, ...], str],
    how: tuple[Format, TableQuery],
) -> tuple[bytes, Mapping[str, str]]:
    (wanted, columns, question), (name, asked) = what, how
    keys = [column for column, _ in wanted.order]
    every = tuple(dict.fromkeys((*columns, *keys)))
    with shelf.lake() as lake:
        held = list(batches_of_table(lake, wanted, every, asked.limit + 1))
    found = pa.Table.from_batches(held)
    rows = found.slice(0, asked.limit)
    place = None
    if found.num_rows > asked.limit:
        last = rows.slice(asked.limit - 1, 1).select(keys).to_pylist()[0]
        place = cursor_of(question, [last[key] for key in keys])
    schema = _schema(wanted.table, columns)
    chosen = rows.select(list(columns)).cast(schema).combine_chunks()
    batch = (chosen.to_batches() or [pa.RecordBatch.from_pylist([], schema)])[0]
    headers = {"link": next_link(request, place), "x-lake-version": shelf.tag}
    if KINDS[name] == JSON:
        body = _told(wanted.table, batch, place, shelf.tag)
        return as_json(body), headers
    body_parts = encoded([batch], schema, name, is_harmless=asked.excel)
    return b"".join(body_parts), {**headers, **_attached(wanted.table, name)}


def _told(table: Table, batch: pa.RecordBatch, place: str | None, tag: str) -> dict[str, Any]:
    known = {column.name: column for column in table.columns}
    return {
        "table": table.name,
        "lake_version": tag,
        "columns": columns_told(known[name] for name in batch.schema.names),
        "rows": plain_rows(batch),
        "next": place,
    }


def _attached(table: Table, how: Format) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{table.name}.{how}"'}
