"""From files to the lake: each file recognised by its content, read strictly, kept whole.

One file is one transaction, so an ingest that is killed goes on where it stopped: files that are in
the lake already are known by their sha256. A bad file stops the ingest with an error; the files
before it stay in the lake. A file of a folder that is no trade statistic is refused with a reason,
and the folder goes on; a reason is an error where the file itself was named.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa

from entrepot.errors import SourceError
from entrepot.lake import Lake
from entrepot.sources.code_list import first_line
from entrepot.sources.reading import OnProgress, Reading, SourceFile, no_progress, source_file
from entrepot.sources.recognise import KNOWN, reader_for, refusal
from entrepot.tables import SOURCES

Outcome = Literal["ingested", "already there", "ignored", "refused"]

# What publishers and people put beside data; anything else unknown is refused.
_NOT_DATA = {".txt", ".md", ".pdf", ".html", ".license"} | {".record", ".part"}
_SHOWN = 40  # letters of a file that tell a person what it is


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    Args:
        path: The file.
        outcome: ``ingested``, ``already there``, ``ignored`` (no data), or ``refused``: a file of
            a folder that is no trade statistic, or none a reader knows; the detail says why.
        detail: One sentence that says why, or what was read.
        source_id: Its source id; empty where it was ignored or refused.
        dataset: Its collection; empty unless it was ingested.
        reader: Reader that understood it; empty unless it was ingested.
        row_count: Rows it gave.
        table: Table of the lake that its rows are in; empty unless it was ingested.
        skipped: What of it did not become a row, and how often, by reason.
        seconds: How long it took.
    """

    path: Path
    outcome: Outcome
    detail: str
    source_id: str = ""
    dataset: str = ""
    reader: str = ""
    row_count: int = 0
    table: str = ""
    skipped: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where files came from.

    Args:
        retrieved_at: When they were obtained, UTC; open is now.
        url: Address they were fetched from.
        licence: Terms of reuse where they were fetched; open is what their reader knows.
    """

    retrieved_at: datetime | None = None
    url: str | None = None
    licence: str | None = None


def ingest(
    lake: Lake,
    paths: Iterable[Path | str],
    on_progress: OnProgress | None = None,
    *,
    retrieved_at: datetime | None = None,
    url: str | None = None,
    licence: str | None = None,
) -> list[Ingested]:
    """Read files into the lake.

    As :func:`ingest_each`, all at once.

    Args:
        lake: The lake.
        paths: Files and folders; folders are searched to the bottom.
        on_progress: Told after every sheet, reporter or list.
        retrieved_at: When the files were obtained, UTC; now where left out.
        url: Address they were fetched from.
        licence: Terms of reuse where they were fetched; what their reader knows where left out.

    Returns:
        What became of each file, in order of path.

    Raises:
        SourceError: If a file that a reader knows cannot be read, a file is named that none
            knows, or a folder holds none that can be read; the files before it stay in the lake.
    """
    told = Origin(retrieved_at, url, licence)
    return list(ingest_each(lake, paths, on_progress, origin=told))


def ingest_each(
    lake: Lake,
    paths: Iterable[Path | str],
    on_progress: OnProgress | None = None,
    *,
    origin: Origin | None = None,
) -> Iterator[Ingested]:
    """Read files into the lake one by one, and say of each what became of it before the next.

    Args:
        lake: The lake.
        paths: Files and folders; folders are searched to the bottom.
        on_progress: Told after every sheet, reporter or list.
        origin: Where the files came from.

    Yields:
        What became of each file, in order of path.

    Raises:
        SourceError: As :func:`ingest`; what became of the files before it was told.
    """
    told = origin or Origin()
    begun_at = datetime.now(UTC) if told.retrieved_at is None else told.retrieved_at
    progress = no_progress if on_progress is None else on_progress
    for given in dict.fromkeys(map(Path, paths)):
        has_data = False
        for path in _expand(given):
            source = source_file(path, begun_at, url=told.url, licence=told.licence)
            result = _ingest_file(lake, source, is_named=path == given, progress=progress)
            has_data |= result.outcome not in {"ignored", "refused"}
            yield result
        if not has_data:
            raise SourceError(f"{given}: holds no file a reader knows. Known: {KNOWN}.")


def _expand(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    files = sorted(
        path
        for path in given.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(given).parts)
    )
    if not files:
        raise SourceError(f"{given}: the folder is empty, expected {KNOWN}.")
    return files


def _ingest_file(
    lake: Lake, source: SourceFile, *, is_named: bool, progress: OnProgress
) -> Ingested:
    begun = time.monotonic()
    source_id = source.source_id
    if source_id in lake.units(SOURCES):
        detail = f"already in the lake as {source_id}"
        return Ingested(source.path, "already there", detail, source_id)
    read = reader_for(source.path)
    if read is None:
        return _without_reader(source, is_named=is_named)
    skipped: Counter[str] = Counter()
    with lake.write() as transaction:
        reading = read(source, transaction.workspace, progress)
        transaction.put_batches(reading.table, _counted(reading, skipped), unit=source_id)
        row_count = transaction.row_count(reading.table, unit=source_id)
        transaction.put(SOURCES, [_source_row(source, reading, row_count)], unit=source_id)
        transaction.keep(source.path, source_id=source_id)
    return Ingested(
        path=source.path,
        outcome="ingested",
        detail=f"{row_count:,} rows of {reading.table.name}",
        source_id=source_id,
        dataset=reading.dataset,
        reader=reading.reader,
        row_count=row_count,
        table=reading.table.name,
        skipped=tuple(sorted(skipped.items())),
        seconds=time.monotonic() - begun,
    )


def _without_reader(source: SourceFile, *, is_named: bool) -> Ingested:
    """Say why a file of a folder is passed over; stop where it was named."""
    reason = refusal(source.path)
    if reason is not None and not is_named:
        return Ingested(source.path, "refused", f"refused: holds {reason}")
    if reason is not None:
        raise SourceError(
            f"{source.name}: holds {reason}; expected what a reporter declared about a partner."
        )
    if not is_named and source.path.suffix.lower() in _NOT_DATA:
        detail = f"no data: {source.path.suffix} beside data files"
        return Ingested(source.path, "ignored", detail)
    if not is_named:
        begins = " ".join(first_line(source.path)[:_SHOWN].split())
        what = f"it begins {begins!r}" if begins.isprintable() else "it is no text"
        detail = f"refused: not a file any reader knows; {what}"
        return Ingested(source.path, "refused", detail)
    raise SourceError(f"{source.name}: not a file any reader knows. Known: {KNOWN}.")


def _counted(reading: Reading, skipped: Counter[str]) -> Iterator[pa.Table]:
    """Hand on the rows of each batch and add up what was skipped."""
    for batch in reading.batches:
        skipped.update(batch.skipped)
        yield batch.rows


def _source_row(source: SourceFile, reading: Reading, row_count: int) -> dict[str, object]:
    return {
        "source_id": source.source_id,
        "dataset": reading.dataset,
        "vintage": reading.vintage,
        "publisher": reading.publisher,
        "url": source.url,
        "licence": reading.licence if source.licence is None else source.licence,
        "retrieved_at": source.retrieved_at,
        "path": source.name,
        "sha256": source.sha256,
        "size_bytes": source.size_bytes,
        "reader": reading.reader,
        "row_count": row_count,
    }
