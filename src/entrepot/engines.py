"""Engines that add up: DuckDB in this process, or a Spark cluster that others run.

On a cluster lie the declarations and what is joined with them; results are small, are written here
and read here. Everything above this room sees lazy frames, whichever engine is behind them.
"""

from __future__ import annotations

import importlib.util
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.errors import LakeError
from entrepot.schema import Table
from entrepot.settings import DUCKDB, Settings
from entrepot.tables import CONCORDANCES, FLOWS, LISTED_COMMODITIES, RATES, SOURCES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ON_CLUSTER = frozenset(
    table.name for table in (FLOWS, SOURCES, LISTED_COMMODITIES, RATES, CONCORDANCES)
)
_ADDRESS = re.compile(r"(sc|spark)://[^\s/]+\S*|local(\[(\d+|\*)\])?")
_CONNECT = "sc://"
_PORTS = {"sc": 15002, "spark": 7077}
_SECONDS = 10.0  # in which somebody must answer
# A cluster of one machine starts a task for each part of a shuffle; two hundred of nothing take
# longer than the sum.
_LOCAL_PARTS = 8


# Extensions are never fetched: the engine must not reach for the network.
_OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
Config = dict[str, str | bool | int | float | list[str]]


def duckdb_config(settings: Settings, spill: Path) -> Config:
    """How DuckDB is opened in this process.

    Args:
        settings: Settings with threads and memory.
        spill: Folder for what does not fit into memory.

    Returns:
        Its configuration.
    """
    config: Config = {**_OFFLINE, "temp_directory": str(spill)}
    if settings.threads is not None:
        config["threads"] = settings.threads
    if settings.memory_limit is not None:
        config["memory_limit"] = settings.memory_limit
    return config


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Spark cluster, and where it sees the lake.

    Args:
        address: ``sc://host:port`` of Spark Connect, ``spark://host:port`` of a master, or
            ``local[N]`` for N threads of a Java machine of this process.
        lake: Address of the lake as the cluster sees it, e.g. ``s3a://trade/lake``.
    """

    address: str
    lake: str

    @property
    def name(self) -> str:
        """The address without what follows the host: a token may stand there."""
        return self.address.partition(";")[0].rstrip("/")

    @property
    def engine(self) -> str:
        """Engine and version, as a run records it.

        Raises:
            LakeError: If the cluster cannot be reached.
        """
        return f"spark {_session(self.address).version}"

    def table(self, table: Table, paths: Sequence[str]) -> nw.LazyFrame[Any]:
        """Open the files of one table on the cluster.

        Args:
            table: The table.
            paths: Its live files, relative to the lake.

        Returns:
            A lazy frame with the columns of the table, in order.

        Raises:
            LakeError: If the cluster cannot be reached, or does not see the files.
        """
        spark = _session(self.address)
        files = [f"{self.lake.rstrip('/')}/{path}" for path in paths]
        try:
            rows = spark.read.parquet(*files)
            found = rows.columns
        except _spark_errors() as error:
            raise LakeError(
                f"{self.name} cannot read {self.lake}/{table.name}: {_first_line(error)} Put the "
                "lake where the cluster sees it, and name that place with --cluster-lake."
            ) from error
        if set(found) != set(table.column_names):
            raise LakeError(
                f"{self.lake}/{table.name} has columns {sorted(found)}, expected "
                f"{sorted(table.column_names)}. It was written by another version: ingest into a "
                "new lake."
            )
        frame: nw.LazyFrame[Any] = nw.from_native(rows.select(*table.column_names))
        return frame

    def frame(self, rows: pa.Table) -> nw.LazyFrame[Any]:
        """Send rows that are in memory to the cluster.

        Args:
            rows: An Arrow table.

        Returns:
            A lazy frame on the cluster.

        Raises:
            LakeError: If the cluster cannot be reached.
        """
        frame: nw.LazyFrame[Any] = nw.from_native(_session(self.address).createDataFrame(rows))
        return frame


def cluster_of(settings: Settings, lake: str) -> Cluster | None:
    """The cluster that the settings name.

    Args:
        settings: Settings with engine and address of the lake on the cluster.
        lake: The lake as this machine sees it, which the cluster sees too where nothing is said.

    Returns:
        The cluster; ``None`` for DuckDB in this process.

    Raises:
        LakeError: If the engine is none.
    """
    if settings.engine == DUCKDB:
        return None
    if not _ADDRESS.fullmatch(settings.engine):
        raise LakeError(
            f"engine is {settings.engine.partition(';')[0]!r}, expected 'duckdb', an address of "
            "Spark Connect ('sc://host:15002'), of a Spark master ('spark://host:7077'), or "
            "'local[2]'. Correct --engine or ENTREPOT_ENGINE."
        )
    return Cluster(settings.engine, settings.cluster_lake or lake)


@cache
def _session(address: str) -> SparkSession:
    """One session a process and address; what it is set to holds for this session alone."""
    _check_installed(address)
    _check_answers(address)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    try:
        if address.startswith(_CONNECT):
            # Another session of this process is no answer to this address.
            spark = builder.remote(address).create()
        else:
            options = {"spark.ui.enabled": "false", "spark.log.level": "ERROR"}
            if address.startswith("local"):
                options["spark.sql.shuffle.partitions"] = str(_LOCAL_PARTS)
            spark = builder.master(address).appName("entrepot").config(map=options).getOrCreate()
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        spark.conf.set("spark.sql.ansi.enabled", "true")
    except _spark_errors() as error:
        raise _no_answer(address, error) from error
    return spark


def _check_installed(address: str) -> None:
    if importlib.util.find_spec("pyspark") is None:
        extra = "spark" if address.startswith(_CONNECT) else "spark-local"
        raise LakeError(
            f"{address.partition(';')[0]}: pyspark is not installed. Install entrepot[{extra}]."
        )
    if not address.startswith(_CONNECT) and importlib.util.find_spec("py4j") is None:
        raise LakeError(
            f"{address}: the Spark Connect client alone reaches addresses with sc:// only. Install "
            "entrepot[spark-local], or name the cluster's Connect server."
        )


def _check_answers(address: str) -> None:
    """Spark's client tries for ten minutes; whether anybody listens is known at once."""
    scheme, _, rest = address.partition("://")
    if scheme not in _PORTS:
        return
    parts = urlsplit(f"//{rest.split(',')[0].partition(';')[0]}")
    try:
        with socket.create_connection((parts.hostname, parts.port or _PORTS[scheme]), _SECONDS):
            return
    except (OSError, ValueError) as error:
        raise _no_answer(address, error) from error


def _no_answer(address: str, error: Exception) -> LakeError:
    return LakeError(
        f"{address.partition(';')[0]}: no Spark answers there ({_first_line(error)}) Start it, "
        "correct --engine, or leave the option out to use DuckDB."
    )


def _spark_errors() -> tuple[type[Exception], ...]:
    """What Spark raises where it cannot be reached or does not find a file."""
    from pyspark.errors import PySparkException

    known: list[type[Exception]] = [PySparkException, OSError, RuntimeError]
    if importlib.util.find_spec("grpc") is not None:
        from grpc import RpcError

        known.append(RpcError)
    return tuple(known)


def _first_line(error: Exception) -> str:
    line = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    return f"{line[:300]}."
