"""Text tables as publishers write them: header, delimiter and compression, read at full speed.

What such files do that a reader must know:

- gzip is recognised by its first bytes, whatever the name says;
- a byte order mark may stand before the header, and names may be quoted;
- bytes of another encoding may stand in descriptions: only columns that are read are decoded;
- lines may end in one more delimiter than the header, as downloads of UN Comtrade do: the value
  behind it must be empty.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile

TEXT = pa.dictionary(pa.int32(), pa.string())
NUMBER = pa.float64()

_GZIP = b"\x1f\x8b"
_LINE = 1 << 16  # longer than any header; a file without line ends is not read whole
_BLOCK = 1 << 20  # bytes a thread parses at once; larger blocks leave the cache and are slower
_NULLS = ["", "NA"]
_COLUMN = re.compile(r"In CSV column #(\d+): (?:Row #\d+: )?(.*)")
_ROW = re.compile(r"Row #(\d+)")


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines of a text table say about it.

    Args:
        names: Names of the columns, in order.
        delimiter: What stands between two values.
        has_open_end: Whether lines end in one more delimiter than the header.
        is_bare: Whether nothing stands below the header.
    """

    names: tuple[str, ...]
    delimiter: str
    has_open_end: bool
    is_bare: bool


def head_of(path: Path) -> Head:
    """Read the header of a text table.

    Args:
        path: The file, perhaps compressed with gzip.

    Returns:
        Its head; of a file that is no table, one with names that mean nothing.

    Raises:
        SourceError: If the file begins like gzip and is not.
    """
    try:
        with gzip.open(path) if _is_gzip(path) else path.open("rb") as file:
            first, second = file.readline(_LINE), file.readline(_LINE)
    except (EOFError, OSError, zlib.error) as error:
        raise _cut_short(path.name, error) from error
    header = first.decode("utf-8-sig", errors="replace").rstrip("\r\n")
    delimiter = "\t" if "\t" in header else ","
    names = _split(header, delimiter)
    values = _split(second.decode("latin-1").rstrip("\r\n"), delimiter)
    has_open_end = len(values) == len(names) + 1 and values[-1] == ""
    return Head(names, delimiter, has_open_end, is_bare=not second)


def read_columns(source: SourceFile, head: Head, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Read some columns of a text table.

    Args:
        source: The file.
        head: Its head.
        types: Columns to read and what they hold, :data:`TEXT` or :data:`NUMBER`; an empty
            value or ``NA`` is null where a number stands.

    Returns:
        One row per line, columns in the order of ``types``.

    Raises:
        SourceError: Naming line, column and value where a line does not fit.
    """
    extra = ("",) if head.has_open_end else ()
    names = (*head.names, *extra)
    wanted = {**types, **dict.fromkeys(extra, TEXT)}
    if head.is_bare:
        raise SourceError(f"{source.name}: holds a header and no line, expected rows of trade.")
    try:
        table = _parse(source, names, head.delimiter, wanted, is_parallel=True)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError):
        table = _parse_again(source, names, head.delimiter, wanted)
    behind = [value for name in extra for value in table[name].unique().to_pylist() if value]
    if behind:
        raise SourceError(
            f"{source.name}: {behind[0]!r} stands behind the last column, expected nothing. A "
            "value holds a delimiter without quotes: fetch the file again."
        )
    return table.select(list(types))


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def _split(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return ()


def _parse(
    source: SourceFile,
    names: tuple[str, ...],
    delimiter: str,
    types: Mapping[str, pa.DataType],
    *,
    is_parallel: bool,
) -> pa.Table:
    compression = "gzip" if _is_gzip(source.path) else None
    with pa.input_stream(source.path, compression=compression) as stream:
        return pacsv.read_csv(
            stream,
            read_options=pacsv.ReadOptions(
                column_names=names, skip_rows=1, block_size=_BLOCK, use_threads=is_parallel
            ),
            parse_options=pacsv.ParseOptions(delimiter=delimiter),
            convert_options=pacsv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=_NULLS
            ),
        )


def _parse_again(
    source: SourceFile, names: tuple[str, ...], delimiter: str, types: Mapping[str, pa.DataType]
) -> pa.Table:
    """Read a broken file on one thread: only then does the parser know the line."""
    try:
        return _parse(source, names, delimiter, types, is_parallel=False)
    except pa.ArrowInvalid as error:
        message = str(error).split("\n")[0]
        found = _COLUMN.match(message)
        row = _ROW.search(message)
        place = f"{source.name}, line {row.group(1)}" if row else source.name
        what = f"{names[int(found.group(1))]}: {found.group(2)}" if found else message
        raise SourceError(
            f"{place}: {what}, expected {len(names)} values in every line, and numbers in "
            f"{[name for name, kind in types.items() if kind == NUMBER]}. Fetch the file again."
        ) from error
    except OSError as error:
        raise _cut_short(source.name, error) from error


def _cut_short(name: str, error: Exception) -> SourceError:
    return SourceError(
        f"{name}: not a whole gzip file ({error}). The download may have been cut short: fetch "
        "the file again."
    )
