"""``/api/v1/sources``: the files every number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field, create_model

from entrepot.api.tables_shown import rows_from, sources_held
from entrepot.tables import SOURCES
from entrepot.web.api.answers import told
from entrepot.web.api.fields import row_model
from entrepot.web.api.formats import as_json, columns_told, plain_value
from entrepot.web.api.shapes import LAKE_VERSION, ColumnTold
from entrepot.web.pages.answer import ShelfDep

router = APIRouter(prefix="/api/v1", tags=["sources"])
_Row = row_model(SOURCES.name, SOURCES.columns, SOURCES.row)


class SourceList(BaseModel):
    """Files of the lake."""

    lake_version: str = LAKE_VERSION
    columns: list[ColumnTold] = Field(description="Columns of the rows, with units.")
    rows: list[_Row] = Field(description="The files.")  # type: ignore[valid-type]


SourceTold = create_model(
    "SourceTold",
    __base__=_Row,
    __doc__="One file, and the rows of each table that came from it.",
    rows_by_table=(
        dict[str, int],
        Field(description="Rows of each table that were written from this file."),
    ),
)


@router.get("/sources", response_model=SourceList, summary="Files of the lake")
@router.head("/sources", include_in_schema=False)
def sources(request: Request, shelf: ShelfDep) -> Response:
    """Every file: publisher, vintage, licence, address, digest, size."""

    def make() -> tuple[bytes, Mapping[str, str]]:
        rows = shelf.gathered(("api sources",), sources_held)
        told_rows = [{name: plain_value(one) for name, one in row.items()} for row in rows]
        columns = columns_told(SOURCES.columns)
        body = {"lake_version": shelf.tag, "columns": columns, "rows": told_rows}
        return as_json(body), {}

    return told(request, make)


@router.get("/sources/{source_id}", response_model=SourceTold, summary="One file")
@router.head("/sources/{source_id}", include_in_schema=False)
def source(
    request: Request,
    shelf: ShelfDep,
    source_id: Annotated[
        str, Path(pattern="^[0-9a-f]{16}$", description="First 16 hex digits of its sha256.")
    ],
) -> Response:
    """One file, and how many rows of which tables came from it."""

    def make() -> tuple[bytes, Mapping[str, str]]:
        rows = shelf.gathered(("api sources",), sources_held)
        found = next((row for row in rows if row["source_id"] == source_id), None)
        if found is None:
            raise HTTPException(404, f"The lake holds no file {source_id!r}. See /api/v1/sources.")
        counts = shelf.gathered(("api rows", source_id), lambda lake: rows_from(lake, source_id))
        body = {name: plain_value(one) for name, one in found.items()}
        return as_json({**body, "rows_by_table": counts}), {}

    return told(request, make)
