"""How fast publishers' files are read and ingested, beside plain reading of the same file.

Speeds of one machine say little on another, and less where others work on it: what can be compared
is the ratio, taken in one process in turn, the best of a few.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv

from entrepot.bench.io_files import (
    YEAR,
    pack_7z,
    pack_gzip,
    write_comext_month,
    write_comtrade,
    write_comtrade_bulk,
)
from entrepot.bench.memory import peak
from entrepot.errors import SourceError
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.sources.bulk_file import SEVEN_ZIP
from entrepot.sources.delimited import head_of
from entrepot.sources.ingest import ingest
from entrepot.sources.reading import SourceFile, no_progress, source_file
from entrepot.sources.recognise import KNOWN, reader_for

OnFile = Callable[[int, int, str], None]

OURS = "entrepot"

_MB = 1e6
_NO_TEXT_TABLE = (SEVEN_ZIP, b"PK", b"{", b"[")  # archives, workbooks, JSON


@dataclass(frozen=True, slots=True)
class FileTrial:
    """One file, read and ingested; seconds are wall time, reading is the best of some.

    Args:
        file: Its name.
        size_mb: Its size, MB of a million bytes.
        reader: Reader that understood it.
        line_count: Lines below the header; ``None`` in a 7z archive, which plain readers cannot
            open.
        row_count: Rows of the lake it gave.
        read_seconds: Our reader alone: unpacked, parsed, checked, made into rows, none written.
        duckdb_seconds: DuckDB's ``read_csv`` of the whole file into memory, types guessed.
        pyarrow_seconds: The same with ``pyarrow.csv``.
        polars_seconds: The same with Polars; ``None`` where it is not installed.
        ingest_seconds: The whole way into an empty lake, with digest, checks and the kept copy.
        peak_mb: Memory of the process that ingested, at its peak; ``None`` where the system keeps
            no count.
    """

    file: str
    size_mb: float
    reader: str
    line_count: int | None
    row_count: int
    read_seconds: float
    duckdb_seconds: float | None
    pyarrow_seconds: float | None
    polars_seconds: float | None
    ingest_seconds: float
    peak_mb: float | None

    @property
    def lines_per_second(self) -> float | None:
        """Lines our reader took in a second."""
        return None if self.line_count is None else self.line_count / self.read_seconds

    def ratio(self, plain_seconds: float | None) -> float | None:
        """Time of our reader over that of a plain one; below 1 ours was faster.

        Args:
            plain_seconds: What the plain reader took.
        """
        return None if plain_seconds is None else self.read_seconds / plain_seconds


def run_io(
    row_count: int,
    files: Sequence[Path] = (),
    on_progress: OnFile | None = None,
    *,
    repeats: int = 3,
) -> list[FileTrial]:
    """Measure files that are made up, or some of one's own.

    Each file is read in one fresh process and ingested in another. Times hold for a file that the
    system has in its cache: it has just been written, or is read once before.

    Args:
        row_count: Lines of each made-up file.
        files: Files to measure in their place.
        on_progress: Told which file is done.
        repeats: How often each is read.

    Returns:
        One trial a file.

    Raises:
        SourceError: If no reader knows a file, or its reader refuses it.
    """
    tell = no_progress if on_progress is None else on_progress
    with TemporaryDirectory(prefix="entrepot-io-") as name:
        folder = Path(name)
        tell(0, 1, "making up files")
        chosen = list(files) or _made_up(folder, row_count)
        trials: list[FileTrial] = []
        for path in chosen:
            tell(len(trials), len(chosen), path.name)
            trials.append(_measured(path, folder / path.name.replace(".", "-"), repeats))
        tell(len(trials), len(chosen), trials[-1].file)
    return trials


def trial_rows(trials: Sequence[FileTrial]) -> pa.Table:
    """Trials as rows for programs.

    Args:
        trials: The trials.

    Returns:
        One row a file: the fields of :class:`FileTrial`, ``lines_per_second``, and seconds of our
        reader over those of plain ones.
    """
    ratios = ("duckdb", "pyarrow", "polars")
    rows = [
        {
            **asdict(trial),
            "lines_per_second": trial.lines_per_second,
            **{f"ratio_{n}": trial.ratio(getattr(trial, f"{n}_seconds")) for n in ratios},
        }
        for trial in trials
    ]
    kinds = {"file": pa.string(), "reader": pa.string()}
    kinds |= dict.fromkeys(("line_count", "row_count"), pa.int64())
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in rows[0]])
    return pa.Table.from_pylist(rows, schema=schema)


def _made_up(folder: Path, row_count: int) -> list[Path]:
    month, trade, bulk = (
        folder / name for name in (f"full_v2_{YEAR}01.dat", "comtrade.csv", "comtrade-bulk.txt")
    )
    write_comext_month(month, row_count)
    write_comtrade(trade, row_count)
    write_comtrade_bulk(bulk, row_count)
    pack_7z(month, month.with_suffix(".7z"))
    pack_gzip(bulk, bulk.with_suffix(".txt.gz"))
    return [month, month.with_suffix(".7z"), trade, bulk, bulk.with_suffix(".txt.gz")]


def _measured(path: Path, lake: Path, repeats: int) -> FileTrial:
    """Measure one file in processes of its own: what came before takes no memory and no time."""
    pool = ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=_silence, max_tasks_per_child=1
    )
    with pool:
        line_count, seconds = pool.submit(_read_in_turn, path, repeats).result()
        reader, row_count, ingest_seconds, peak_mb = pool.submit(_ingest, path, lake).result()
    return FileTrial(
        file=path.name,
        size_mb=path.stat().st_size / _MB,
        reader=reader,
        line_count=line_count,
        row_count=row_count,
        read_seconds=seconds[OURS],
        duckdb_seconds=seconds.get("duckdb"),
        pyarrow_seconds=seconds.get("pyarrow"),
        polars_seconds=seconds.get("polars"),
        ingest_seconds=ingest_seconds,
        peak_mb=peak_mb,
    )


def _silence() -> None:
    """Keep the engine's own progress bars, which it draws on stdout, from among our rows."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read_in_turn(path: Path, repeats: int) -> tuple[int | None, dict[str, float]]:
    """Lines of a file, and seconds by reader; plain ones that cannot read it are left out."""
    source = source_file(path, datetime.now(UTC))
    readers: dict[str, Callable[[], int | None]] = {OURS: lambda: _by_us(source)}
    if _is_text_table(path):
        readers["duckdb"] = lambda: _by_duckdb(path)
        readers["pyarrow"] = lambda: _by_pyarrow(path)
        if importlib.util.find_spec("polars") is not None:
            readers["polars"] = lambda: _by_polars(path)
    best: dict[str, float] = {}
    line_count = None
    for _ in range(repeats):
        for name, read in readers.items():
            begun = time.perf_counter()
            count = read()
            seconds = time.perf_counter() - begun
            if count is not None:
                best[name] = min(best.get(name, seconds), seconds)
                line_count = line_count if name == OURS else count
    return line_count, best


def _is_text_table(path: Path) -> bool:
    with path.open("rb") as file:
        return not file.read(len(SEVEN_ZIP)).startswith(_NO_TEXT_TABLE)


def _by_us(source: SourceFile) -> int:
    read = reader_for(source.path)
    if read is None:
        raise SourceError(f"{source.name}: not a file any reader knows. Known: {KNOWN}.")
    with TemporaryDirectory(prefix="entrepot-io-") as workspace:
        reading = read(source, Path(workspace), no_progress)
        return sum(batch.rows.num_rows for batch in reading.batches)


def _by_duckdb(path: Path) -> int | None:
    with duckdb.connect() as engine:
        try:
            count: int = engine.read_csv(str(path)).to_arrow_table().num_rows
        except duckdb.Error:
            return None
    return count


def _by_pyarrow(path: Path) -> int | None:
    delimiter = head_of(path).delimiter
    try:
        table = pacsv.read_csv(path, parse_options=pacsv.ParseOptions(delimiter=delimiter))
    except pa.ArrowInvalid:
        return None
    count: int = table.num_rows
    return count


def _by_polars(path: Path) -> int | None:
    polars = importlib.import_module("polars")
    delimiter = head_of(path).delimiter
    try:
        table = polars.read_csv(path, separator=delimiter, infer_schema_length=10_000)
    except polars.exceptions.PolarsError:
        return None
    count: int = table.height
    return count


def _ingest(path: Path, folder: Path) -> tuple[str, int, float, float | None]:
    """Reader, rows, seconds and MB at the peak of one ingest into a new lake."""
    begun = time.perf_counter()
    with open_lake(folder, Settings()) as lake:
        (done,) = ingest(lake, [path])
    return done.reader, done.row_count, time.perf_counter() - begun, peak()
