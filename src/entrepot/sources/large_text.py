"""Text tables larger than memory: read by the engine once, checked in one pass, scanned often."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from entrepot.errors import SourceError
from entrepot.sources.reading import SourceFile

# Enough for a month of Comext; what does not fit is spilled to the workspace.
_MEMORY = "400MB"


@dataclass(frozen=True, slots=True)
class LineRule:
    """One thing that holds for every line.

    Args:
        column: Column it is about.
        expected: What the column should hold, in words.
        holds: Expression that is true where it does; open counts as broken.
        advice: What to do, where that is not plain.
    """

    column: str
    expected: str
    holds: nw.Expr
    advice: str = ""


@contextmanager
def large_text(
    source: SourceFile,
    text: Path,
    columns: Sequence[str],
    workspace: Path,
    kept: Sequence[str] | None = None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, nw.LazyFrame[Any]]]:
    """Open a text table with commas and without quotes.

    Args:
        source: The file, for messages.
        text: The text, perhaps compressed with gzip.
        columns: Names of its columns; the header is not looked at.
        workspace: Folder for what is spilled.
        kept: The columns to keep; all where left out. Each costs time, those left out little.

    Yields:
        The engine, and the lines: every kept column as text, null where nothing stands, and
        ``file_row_number`` counted from 0 below the header.

    Raises:
        SourceError: If a line has another number of columns, or the text is cut short.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": _MEMORY,
    }
    with TemporaryDirectory(dir=workspace) as spill:
        config["temp_directory"] = spill
        with duckdb.connect(config=config) as engine:
            aside = Path(spill) / "lines.parquet"
            _convert(engine, source, text, columns, aside, kept or columns)
            lines = nw.from_native(engine.read_parquet(str(aside), file_row_number=True))
            yield engine, lines


def _convert(
    engine: duckdb.DuckDBPyConnection,
    source: SourceFile,
    text: Path,
    columns: Sequence[str],
    aside: Path,
    kept: Sequence[str],
) -> None:
    """Turn the text into Parquet once, so that it can be scanned often."""
    with text.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    try:
        lines = engine.read_csv(
            str(text),
            header=True,
            sep=",",
            quotechar="",
            escapechar="",
            columns=dict.fromkeys(columns, "VARCHAR"),
            auto_detect=False,
            strict_mode=True,
            null_padding=False,
            compression="gzip" if is_gzip else "none",
        )
        lines.select(*map(duckdb.ColumnExpression, kept)).write_parquet(str(aside))
    except duckdb.Error as error:
        reason = " ".join(str(error).split("\n")[:2])
        raise SourceError(
            f"{source.name}: {reason} Expected {len(columns)} columns in every line. The file may "
            "have been cut short: fetch it again."
        ) from error


def is_known(lines: nw.LazyFrame[Any], column: str, known: Collection[str]) -> nw.Expr:
    """Say where a column holds a known code.

    The engine compares each line with each code of a list: far faster is to look which codes there
    are, and to compare with those that are not known, mostly none.

    Args:
        lines: The lines.
        column: The column.
        known: The known codes.

    Returns:
        An expression that is true where a known code stands, and nowhere else.
    """
    codes = lines.group_by(column).agg(nw.len()).collect()[column].to_list()
    unknown = sorted(code for code in codes if code is not None and code not in known)
    is_there = ~nw.col(column).is_null()
    return is_there & ~nw.col(column).is_in(unknown) if unknown else is_there


def check_rules(
    source: SourceFile, lines: nw.LazyFrame[Any], rules: Sequence[LineRule], what: str
) -> None:
    """Refuse a file with a line that breaks a rule, or without any line.

    Args:
        source: The file.
        lines: Its lines, with ``file_row_number``.
        rules: The rules, all checked in one pass.
        what: What the lines should be about, for the message about a file without any.

    Raises:
        SourceError: Naming the first broken line, its value and what was expected.
    """
    firsts = lines.select(
        nw.len().alias("line_count"),
        *(
            nw.when(~rule.holds.fill_null(value=False))
            .then(nw.col("file_row_number"))
            .min()
            .alias(f"rule_{i}")
            for i, rule in enumerate(rules)
        ),
    )
    ((line_count, *broken),) = firsts.collect().rows()
    if not line_count:
        raise SourceError(f"{source.name}: holds a header and no line, expected {what}.")
    found = [(int(row), i) for i, row in enumerate(broken) if row is not None]
    if found:
        row, i = min(found)
        raise _broken(source, lines, rules[i], row)


def _broken(source: SourceFile, lines: nw.LazyFrame[Any], rule: LineRule, row: int) -> SourceError:
    shown = lines.filter(nw.col("file_row_number") == row).select(rule.column).collect().item()
    advice = f" {rule.advice}" if rule.advice else ""
    return SourceError(
        f"{source.name}, line {row + 2}: {rule.column} is {shown!r}, expected {rule.expected}."
        f"{advice}"
    )
