"""The lake: Parquet folders, one engine, and writes that are seen whole or not at all.

::

    lake/manifest.json                                   which files are live: the commit
    lake/flows/dataset=comext/year=2022/<unit>-….parquet
    lake/<table>/<unit>-….parquet
    lake/raw/<source_id>-<name>                          the publisher's bytes
    lake/.staging/                                       what a writer has not committed yet
    lake/.lock                                           one writer at a time

The partition folders are for other engines that prune by path; every column is in the file too, so
nothing is ever read back from a folder name. Readers never wait: they read the files of the
manifest they opened. A replaced file stays until the next writer comes.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import filelock
import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.engines import ON_CLUSTER, Config, cluster_of, duckdb_config
from entrepot.errors import LakeError
from entrepot.lake_files import STAGING, sweep
from entrepot.manifest import MANIFEST, Manifest, read_manifest, write_manifest
from entrepot.schema import Table
from entrepot.settings import DUCKDB, Settings
from entrepot.transaction import Transaction

_UTC = "SET TimeZone = 'UTC'"


class Lake:
    """An open lake and the one engine connection that reads it.

    Args:
        path: Folder of the lake; it need not exist, the first write creates it.
        settings: How much the engine may take and how long a writer waits.

    Example:
        >>> import tempfile
        >>> from entrepot.tables import FLOWS
        >>> with tempfile.TemporaryDirectory() as folder, Lake(folder) as lake:
        ...     lake.has(FLOWS)
        False
    """

    def __init__(self, path: Path | str, settings: Settings | None = None) -> None:
        self.path = Path(path)
        self._settings = Settings() if settings is None else settings
        self._cluster = cluster_of(self._settings, str(self.path.absolute()))
        self._spill = tempfile.TemporaryDirectory(prefix="entrepot-")
        self._connection = duckdb.connect(config=self._config("reader"))
        self._connection.execute(_UTC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine; frames taken from this lake can no longer be collected."""
        self._connection.close()
        self._spill.cleanup()

    @property
    def engine(self) -> str:
        """The engine that adds up declarations, with its version where others run it."""
        return DUCKDB if self._cluster is None else self._cluster.engine

    def table(self, table: Table) -> nw.LazyFrame[Any]:
        """Open the live rows of one table; those on a cluster are named in :mod:`.engines`.

        Args:
            table: The table.

        Returns:
            A lazy frame with the columns of the table, in order.

        Raises:
            LakeError: If there are none, or a live file is gone or has other columns.
        """
        files = read_manifest(self.path).of(table.name)
        if not files:
            raise LakeError(
                f"{self.path.name}/{table.name} holds no Parquet file. Run `entrepot ingest` first."
            )
        if self._cluster is not None and table.name in ON_CLUSTER:
            return self._cluster.table(table, [file.path for file in files])
        for file in files:
            path = self.path / file.path
            if not path.is_file() or path.stat().st_size != file.size_bytes:
                raise LakeError(
                    f"{path} is named by {MANIFEST} but is gone or cut short. Restore it from a "
                    "backup, or ingest into a new lake."
                )
        paths = [str(self.path / file.path) for file in files]
        relation = self._connection.read_parquet(paths, hive_partitioning=False)
        if tuple(relation.columns) != table.column_names:
            raise LakeError(
                f"{self.path.name}/{table.name} has columns {relation.columns}, expected "
                f"{list(table.column_names)}. It was written by another version: ingest into a "
                "new lake."
            )
        return nw.from_native(relation)

    def has(self, table: Table) -> bool:
        """Say whether the table holds any live file.

        Args:
            table: The table.
        """
        return bool(read_manifest(self.path).of(table.name))

    def units(self, table: Table) -> frozenset[str]:
        """Name the live units of the table, e.g. source ids or run ids.

        Args:
            table: The table.
        """
        return frozenset(file.unit for file in read_manifest(self.path).of(table.name))

    def row_count(self, table: Table) -> int:
        """Count the live rows of the table, from the manifest.

        Args:
            table: The table.
        """
        return sum(file.row_count for file in read_manifest(self.path).of(table.name))

    def frame(self, rows: pa.Table) -> nw.LazyFrame[Any]:
        """Put rows that are in memory beside the tables, so that they can be joined.

        Args:
            rows: An Arrow table.

        Returns:
            A lazy frame on the engine of this lake.
        """
        if self._cluster is not None:
            return self._cluster.frame(rows)
        return nw.from_native(self._connection.from_arrow(rows))

    def batches(
        self, rows: nw.LazyFrame[Any], row_count: int, seconds: float
    ) -> Iterator[pa.RecordBatch]:
        """Collect rows piece by piece, so that no more than a piece of them is held.

        Args:
            rows: A lazy frame of this lake.
            row_count: Rows of a piece, at most.
            seconds: How long the engine may work on one piece.

        Yields:
            The pieces, in order.

        Raises:
            LakeError: If a piece takes longer, or the rows are on a cluster.
        """
        if not rows.implementation.is_duckdb():
            raise LakeError(
                "A cluster reads no rows in pieces, expected DuckDB: leave out --engine."
            )
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._connection.interrupt()

        def piece(source: Iterator[pa.RecordBatch] | None) -> Any:
            clock = threading.Timer(seconds, stop)
            clock.start()
            try:
                if source is None:
                    return rows.to_native().to_arrow_reader(row_count)
                return next(source, None)
            except (duckdb.Error, pa.ArrowException, OSError) as error:
                if not late.is_set():
                    raise
                raise LakeError(
                    f"{self.path.name}: the question took longer than {seconds:g} s and was "
                    "stopped. Ask for less: name areas, goods or periods."
                ) from error
            finally:
                clock.cancel()

        reader = piece(None)
        while (found := piece(reader)) is not None:
            yield found

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Write to the lake; everything is committed together when the block ends cleanly.

        An exception in the block leaves the lake as it was. What a writer that died left behind
        is removed first.

        Returns:
            The transaction.

        Raises:
            LakeError: If another writer keeps the lake longer than the lock timeout.

        Example:
            >>> from entrepot.tables import FINDINGS
            >>> with tempfile.TemporaryDirectory() as folder, Lake(folder) as lake:
            ...     with lake.write() as tx:
            ...         tx.put(FINDINGS, [], unit="run1")
            ...     sorted(lake.units(FINDINGS))
            ['run1']
        """
        with self._locked():
            manifest, _ = self._sweep()
            # One thread writes Parquet as fast as two, in a quarter of the memory, and the same
            # rows give the same bytes.
            with (
                duckdb.connect(config={**self._config("writer"), "threads": 1}) as writer,
                Transaction(self.path, writer, manifest) as transaction,
            ):
                writer.execute(_UTC)
                yield transaction
                transaction.commit()

    def repair(self) -> tuple[str, ...]:
        """Remove what a writer that died left behind, and files that were replaced.

        Returns:
            What was removed, relative to the lake; empty where the lake was tidy.

        Raises:
            LakeError: If another writer keeps the lake longer than the lock timeout.
        """
        if not self.path.is_dir():
            return ()
        with self._locked():
            _, removed = self._sweep()
        return removed

    def _sweep(self) -> tuple[Manifest, tuple[str, ...]]:
        manifest = read_manifest(self.path)
        removed = sweep(self.path, (file.path for file in manifest.files))
        if not (self.path / MANIFEST).exists():
            # From here on files without a manifest mean a lost one, never a first write cut short.
            (self.path / STAGING).mkdir(exist_ok=True)
            write_manifest(manifest, self.path, self.path / STAGING)
        return manifest, removed

    @contextmanager
    def _locked(self) -> Iterator[None]:
        timeout = self._settings.lock_timeout
        lock = filelock.FileLock(self.path / ".lock", timeout=timeout)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError) as error:
            raise LakeError(
                f"{self.path}: cannot be made or written ({error.strerror}), expected a folder of "
                "yours. Name another with --lake."
            ) from error
        except filelock.Timeout as error:
            raise LakeError(
                f"{self.path}: another process has been writing to this lake for {timeout:g} s. "
                "Wait until it is done, or raise ENTREPOT_LOCK_TIMEOUT."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _config(self, engine: str) -> Config:
        return duckdb_config(self._settings, Path(self._spill.name) / engine)


def open_lake(path: Path | str, settings: Settings | None = None) -> Lake:
    """Open a lake for reading and writing; use it as a context manager.

    Args:
        path: Folder of the lake; it need not exist.
        settings: How much the engine may take and how long a writer waits.

    Returns:
        The lake.
    """
    return Lake(path, settings)
