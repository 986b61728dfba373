"""Rows on whichever engine the tests run on: DuckDB, or the one that ENTREPOT_TEST_ENGINE names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from entrepot.lake import Lake

IS_DUCKDB = os.environ.get("ENTREPOT_TEST_ENGINE", "duckdb") == "duckdb"


@contextmanager
def rows_on_engine() -> Iterator[Callable[[pa.Table], nw.LazyFrame[Any]]]:
    """Gives what puts rows on the engine, for as long as the engine is open."""
    with TemporaryDirectory() as folder, Lake(f"{folder}/lake") as lake:
        yield lake.frame


def examples(count: int) -> int:
    """So many examples of a law on DuckDB, a fifth of them where each question takes a while."""
    return count if IS_DUCKDB else max(count // 5, 3)
