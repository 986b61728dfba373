"""Lists of parties as CSV with a header: exact columns, whole lines, one encoding."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile

csv.field_size_limit(1 << 24)  # statements of reasons are longer than the default 128 KiB


def csv_lines(
    source: SourceFile, known: Collection[str], *, delimiter: str = ",", above: int = 0
) -> Iterator[tuple[str, dict[str, str]]]:
    """Read the lines of a CSV.

    Args:
        source: The file.
        known: Columns it may have; another one stops the reading.
        delimiter: What stands between two values.
        above: Lines above the header.

    Yields:
        Where a line is, for messages, and its values by column, stripped.

    Raises:
        SourceError: If a column is unknown or stands there twice, a line has another width, or
            the text is not UTF-8.
    """
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for _ in range(above):
                next(reader, [])
            names = _names(source, [name.strip() for name in next(reader, [])], known)
            for values in reader:
                if not any(value.strip() for value in values):
                    continue
                place = f"{source.name}, line {reader.line_num}"
                if len(values) != len(names):
                    raise SourceError(
                        f"{place}: {len(values)} values, expected {len(names)} as in the header. "
                        "The download may have been cut short: fetch the file again."
                    )
                stripped = (value.strip() for value in values)
                yield place, dict(zip(names, stripped, strict=True))
        except (csv.Error, UnicodeDecodeError) as error:
            raise SourceError(
                f"{source.name}, line {reader.line_num}: {error}, expected CSV in UTF-8. The "
                "download may have been cut short: fetch the file again."
            ) from error


def _names(source: SourceFile, names: list[str], known: Collection[str]) -> list[str]:
    """Check the header; a name that stands there twice is told apart by ``.2``."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SourceError(
            f"{source.name}: column {unknown[0]!r} is unknown, expected {sorted(known)}. The "
            "publisher may have changed the layout: compare it with docs/how-to/party-lists.md."
        )
    return [f"{n}.2" if n in names[:at] else n for at, n in enumerate(names)]


def need(source: SourceFile, names: Collection[str], wanted: Collection[str]) -> None:
    """Refuse a header that lacks columns.

    Args:
        source: The file.
        names: Its columns.
        wanted: Columns it must have.

    Raises:
        SourceError: Naming them.
    """
    missing = sorted(set(wanted) - set(names))
    if missing:
        raise SourceError(
            f"{source.name}: columns {missing} are missing, expected {sorted(wanted)}. Compare "
            "the file with docs/how-to/party-lists.md."
        )
