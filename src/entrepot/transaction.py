"""One write to the lake: rows are staged, checked, and published together by one manifest."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa
import pyarrow.parquet as pq

from entrepot.errors import LakeError
from entrepot.lake_files import (
    RAW,
    file_digest,
    make_durable,
    name_part,
    parquet_name,
    publish,
    staging_folder,
)
from entrepot.manifest import LakeFile, Manifest, write_manifest
from entrepot.row_checks import ENGINE_TYPES, check_columns, check_names, check_rows
from entrepot.rows import arrow_schema
from entrepot.schema import Table
from entrepot.tables import FLOWS

Rows: TypeAlias = (
    pa.Table
    | nw.LazyFrame[Any]
    | nw.DataFrame[Any]
    | duckdb.DuckDBPyRelation
    | Sequence[Mapping[str, object]]
)

_ROW_GROUP = 122_880  # rows; what the engine itself takes


class Transaction:
    """What one writer wants to change; :meth:`Lake.write` opens and commits it.

    Args:
        lake: Folder of the lake; the caller holds its lock.
        connection: Engine that checks and writes the rows.
        manifest: The files that are live now.
    """

    def __init__(
        self, lake: Path, connection: duckdb.DuckDBPyConnection, manifest: Manifest
    ) -> None:
        self._lake = lake
        self._connection = connection
        self._manifest = manifest
        self._staging = staging_folder(lake)
        self._staged: dict[tuple[str, str], list[tuple[Path, LakeFile]]] = {}
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._staging)

    @property
    def workspace(self) -> Path:
        """Folder for what a reader unpacks; the sweep removes it even if the writer dies."""
        folder = self._staging / "workspace"
        folder.mkdir(exist_ok=True)
        return folder

    def row_count(self, table: Table, *, unit: str) -> int:
        """Rows this transaction has staged for one unit.

        Args:
            table: The table.
            unit: Key of the writer.
        """
        return sum(file.row_count for _, file in self._staged.get((table.name, unit), []))

    def put(self, table: Table, rows: Rows, *, unit: str) -> None:
        """Write the rows of one unit; rows the unit had in this table before are replaced.

        Args:
            table: The table.
            rows: An Arrow table, a Narwhals frame, a relation of the engine, or a few mappings.
            unit: Key of the writer, e.g. a source id or a run id.

        Raises:
            LakeError: If the rows break the table.
        """
        rough = self._aside()
        if isinstance(rows, pa.Table):
            pq.write_table(rows, rough)
        elif isinstance(rows, duckdb.DuckDBPyRelation):
            rows.write_parquet(str(rough))
        elif isinstance(rows, nw.LazyFrame):
            rows.sink_parquet(rough)
        elif isinstance(rows, nw.DataFrame):
            pq.write_table(rows.to_arrow(), rough)
        else:
            pq.write_table(_from_mappings(table, rows), rough)
        self._take(table, rough, unit)

    def put_batches(self, table: Table, batches: Iterable[pa.Table], *, unit: str) -> None:
        """Write the rows of one unit batch by batch, in bounded memory.

        Args:
            table: The table.
            batches: Arrow tables with the columns of the table.
            unit: Key of the writer, e.g. a source id.

        Raises:
            LakeError: If the rows break the table.
        """
        rough = self._aside()
        with pq.ParquetWriter(rough, arrow_schema(table)) as writer:
            for rows in _gathered(_cast(table, batches)):
                writer.write_table(rows)
        self._take(table, rough, unit)

    def drop(self, table: Table, *, unit: str) -> None:
        """Remove the rows of one unit; a unit that is not there is no error.

        Args:
            table: The table.
            unit: Key of the writer.
        """
        self._staged[table.name, unit] = []

    def keep(self, path: Path, *, source_id: str) -> None:
        """Keep the bytes of a publisher's file in the lake.

        Args:
            path: The file.
            source_id: First 16 hex digits of its sha256.

        Raises:
            LakeError: If the file changed since the source id was computed.
        """
        aside = self._aside()
        shutil.copyfile(path, aside)
        name = f"{RAW}/{name_part(source_id, 'source_id')}-{path.name}"
        file = self._finish(aside, RAW, source_id, 0, name)
        if not file.sha256.startswith(source_id):
            raise LakeError(
                f"{path.name}: sha256 is {file.sha256}, expected it to begin with {source_id!r}. "
                "The file changed while it was read: ingest it again."
            )
        self._staged[RAW, source_id] = [(aside, file)]

    def commit(self) -> None:
        """Rename the staged files into place and make them live together."""
        if not self._staged:
            return
        staged = [pair for pairs in self._staged.values() for pair in pairs]
        for aside, file in staged:
            publish(aside, self._lake / file.path, self._lake)
        manifest = self._manifest.replace(self._staged, (file for _, file in staged))
        write_manifest(manifest, self._lake, self._staging)
        self._staged = {}

    def _aside(self) -> Path:
        self._count += 1
        return self._staging / str(self._count)

    def _take(self, table: Table, rough: Path, unit: str) -> None:
        """Check staged rows and rewrite them with exact types, a file for each partition."""
        name_part(unit, f"{table.name} unit")
        relation = self._connection.read_parquet(str(rough), hive_partitioning=False)
        check_columns(relation, table)
        typed = relation.select(
            *(
                duckdb.ColumnExpression(c.name).cast(ENGINE_TYPES[c.kind][0]).alias(c.name)
                for c in table.columns
            )
        )
        check_rows(typed, table)
        self._staged[table.name, unit] = [
            self._store(rows, table, unit, folder) for folder, rows in _partitions(typed, table)
        ]
        rough.unlink()

    def _store(
        self, rows: duckdb.DuckDBPyRelation, table: Table, unit: str, folder: str
    ) -> tuple[Path, LakeFile]:
        aside = self._aside()
        rows.write_parquet(str(aside), compression="zstd")
        row_count = pq.read_metadata(aside).num_rows
        return aside, self._finish(aside, table.name, unit, row_count, folder)

    def _finish(self, aside: Path, table: str, unit: str, row_count: int, place: str) -> LakeFile:
        """Make a staged file durable and name it; a place without a name gets one."""
        make_durable(aside)
        sha256 = file_digest(aside)
        path = place if table == RAW else f"{place}/{parquet_name(unit, sha256)}"
        return LakeFile(table, unit, path, row_count, aside.stat().st_size, sha256)


def _cast(table: Table, batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
    schema = arrow_schema(table)
    for batch in batches:
        check_names(batch.column_names, table)
        try:
            yield batch.cast(schema)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
            raise LakeError(f"{table.name}: {error}. Cast it before writing.") from error


def _gathered(batches: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Put small batches together: each row group costs time to write and to scan."""
    held: list[pa.Table] = []
    row_count = 0
    for batch in batches:
        held.append(batch)
        row_count += batch.num_rows
        if row_count >= _ROW_GROUP:
            yield pa.concat_tables(held)
            held, row_count = [], 0
    if held:
        yield pa.concat_tables(held)


def _partitions(
    typed: duckdb.DuckDBPyRelation, table: Table
) -> list[tuple[str, duckdb.DuckDBPyRelation]]:
    """Split flows by dataset and year; every other table is one file per unit."""
    if table.name != FLOWS.name:
        return [(table.name, typed)]
    rows: nw.LazyFrame[Any] = nw.from_native(typed)
    dated = rows.select("dataset", year=nw.col("period").dt.year())
    # Grouping is far faster here than `unique`, which numbers the rows first.
    found = dated.group_by("dataset", "year").agg(nw.len()).drop("len").collect().rows()
    return [
        (
            f"{table.name}/dataset={name_part(dataset, 'dataset')}/year={year}",
            nw.to_native(
                rows.filter(
                    nw.col("dataset") == dataset,
                    nw.col("period") >= date(year, 1, 1),
                    nw.col("period") <= date(year, 12, 31),
                )
            ),
        )
        for dataset, year in sorted(found)
    ]


def _from_mappings(table: Table, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    for row in rows:
        known = [name for name in table.column_names if name in row]
        check_names(known + [name for name in row if name not in known], table)
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(table)])
    try:
        return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise LakeError(f"{table.name}: {error}. Give each value its kind.") from error
