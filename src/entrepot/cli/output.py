"""Rows on the screen or in a file, in four formats."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table

Format = Literal["table", "csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json", "parquet")
# A pipe has no width: tables are as wide as they need to be, so that `grep` sees whole rows.
_UNBOUNDED = 10_000


@dataclass(frozen=True, slots=True)
class Destination:
    """Where rows go.

    Args:
        format: The format.
        path: The file; stdout where open.
    """

    format: Format
    path: Path | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table on the screen.

    Args:
        header: Name and unit; a line break keeps it narrow.
        is_number: Whether it is aligned to the right and never broken.
        is_whole: Whether it is never broken, because people copy it.
        is_expendable: Whether it is left out where the terminal is too narrow.
        turn: When it is, among the expendable: those of the lowest turn go first.
    """

    header: str
    is_number: bool = False
    is_whole: bool = False
    is_expendable: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on the screen, all cells in words.

    Args:
        columns: Its columns.
        rows: Its rows.
        notes: Lines under it: units, period, run.
    """

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = ()


def destination(chosen: Format | None, path: Path | None) -> Destination:
    """Settle the format: as chosen, else by the end of the file's name, else a table.

    Args:
        chosen: What ``--format`` says.
        path: What ``-o`` says.

    Returns:
        Where rows go.

    Raises:
        UsageError: If binary rows would be written to a terminal.
    """
    named = {f".{name}": name for name in FORMATS}
    by_name = named.get(path.suffix.lower()) if path is not None else None
    settled = chosen or by_name or "table"
    if settled == "parquet" and path is None and sys.stdout.isatty():
        raise click.UsageError("parquet is binary: name a file with -o, or pipe it.")
    return Destination(settled, path)


def show(rows: pa.Table, draw: Callable[[], Grid], to: Destination) -> None:
    """Write rows.

    Args:
        rows: The rows in full, for the formats that programs read.
        draw: Makes the table for the screen; called only where one is wanted.
        to: Where they go.
    """
    if to.format == "table":
        data = (render(draw(), to.path is None) + "\n").encode()
    else:
        data = encode(rows, to.format)
    if to.path is None:
        click.echo(data, nl=False)
        return
    write_file(to.path, data)
    click.echo(f"{to.path}: {rows.num_rows:,} rows.", err=True)


def encode(rows: pa.Table, how: Format) -> bytes:
    """Rows for a program.

    Args:
        rows: The rows.
        how: ``csv``, ``json`` or ``parquet``.

    Returns:
        The bytes of a file.
    """
    if how == "json":
        text = json.dumps(rows.to_pylist(), default=_iso, ensure_ascii=False, indent=1)
        return (text + "\n").encode()
    buffer = io.BytesIO()
    if how == "csv":
        from pyarrow import csv

        csv.write_csv(rows, buffer)
    else:
        from pyarrow import parquet

        parquet.write_table(rows, buffer, compression="zstd")
    return buffer.getvalue()


def _iso(value: date) -> str:
    return value.isoformat()


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Args:
        path: The file; one that is there is replaced.
        data: Its bytes.

    Raises:
        FileError: If it cannot be written; click prints it and exits with 1.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".entrepot-", dir=path.parent) as beside:
            staged = Path(beside) / path.name
            staged.write_bytes(data)
            staged.replace(path)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror) from error


def render(grid: Grid, is_for_screen: bool = True) -> str:
    """Draw a table.

    Args:
        grid: The table.
        is_for_screen: Whether it must fit the terminal, where there is one.

    Returns:
        Lines joined by newlines, without trailing blanks.
    """
    from rich.console import Console
    from rich.measure import Measurement

    width = screen_width() if is_for_screen else None
    room = _UNBOUNDED if width is None else width
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=_UNBOUNDED,
        color_system=None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for form in _forms(grid):
        table = _rich_table(*form)
        needed = Measurement.get(console, console.options, table)
        if needed.maximum <= room:
            break
    # Better a line the terminal breaks than a number that lost its last digits.
    console.print(table, width=max(room, needed.minimum) if needed.maximum > room else None)
    lines = [line.rstrip() for line in buffer.getvalue().splitlines()]
    return "\n".join([*lines, *(wrapped(note, width) for note in grid.notes)])


def _forms(grid: Grid) -> Iterator[tuple[Grid, int]]:
    """A table and the blanks between its columns: as it should be, then closer, then narrower."""
    yield grid, 2
    yield grid, 1
    for turn in sorted({column.turn for column in grid.columns if column.is_expendable}):
        kept = [
            place
            for place, column in enumerate(grid.columns)
            if not column.is_expendable or column.turn > turn
        ]
        columns = tuple(grid.columns[place] for place in kept)
        yield Grid(columns, [tuple(row[place] for place in kept) for row in grid.rows]), 1


def _rich_table(grid: Grid, gap: int) -> Table:
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table

    # The box puts one blank between columns, padding the others.
    padding = (0, gap - 1, 0, 0)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=padding)
    for place, column in enumerate(grid.columns):
        lines = [*column.header.split("\n"), *(row[place] for row in grid.rows)]
        is_whole = column.is_number or column.is_whole
        table.add_column(
            column.header,
            justify="right" if column.is_number else "left",
            no_wrap=is_whole,
            min_width=max(map(cell_len, lines)) if is_whole else None,
            overflow="fold",
        )
    for row in grid.rows:
        table.add_row(*row)
    return table


def screen_width() -> int | None:
    """Columns of the terminal; ``None`` where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def has_colour() -> bool:
    """Whether stdout shows colours and nobody asked to leave them out (NO_COLOR)."""
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain


def wrapped(text: str, width: int | None, indent: str = "") -> str:
    """A sentence broken to a width.

    Args:
        text: The sentence.
        width: Columns; one line where open.
        indent: What lines after the first begin with.

    Returns:
        Lines joined by newlines.
    """
    if width is None:
        return text
    return click.wrap_text(text, max(width, 20), "", indent)


def say(lines: Iterable[str], indent: str = "") -> None:
    """Print sentences, broken to the width of the terminal.

    Args:
        lines: The sentences.
        indent: What their lines after the first begin with.
    """
    width = screen_width()
    for line in lines:
        click.echo(wrapped(line, width, indent))
