"""Small workbooks in the layouts of national offices, made up here, for tests of the readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from entrepot.sources.reading import OnProgress, Reading, SourceFile, no_progress, source_file

NOW = datetime(2024, 11, 5, tzinfo=UTC)
SAVED = datetime(2024, 10, 1, 8, 6, tzinfo=UTC)

Cell = str | float | None
Rows = list[list[Cell]]
Reader = Callable[[SourceFile, OnProgress], Reading]


def write_sheets(path: Path, sheets: dict[str, Rows], saved: datetime = SAVED) -> Path:
    """Write a workbook cell by cell.

    Args:
        path: Where to.
        sheets: Rows of each sheet.
        saved: When it says it was last saved.
    """
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": saved})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if value is not None:
                        sheet.write(i, j, value)
    return path


def rows_of(reader: Reader, path: Path) -> tuple[list[dict[str, object]], dict[str, int]]:
    """Read a file: its rows as dictionaries, and what was skipped."""
    rows: list[dict[str, object]] = []
    skipped: Counter[str] = Counter()
    for batch in reader(source_file(path, NOW), no_progress).batches:
        rows += batch.rows.to_pylist()
        skipped.update(batch.skipped)
    return rows, dict(skipped)


def vintage(reader: Reader, path: Path) -> str:
    """The vintage a reader gives a file."""
    return reader(source_file(path, NOW), no_progress).vintage


def picked(rows: Iterable[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    """Some columns of each row."""
    return [tuple(row[name] for name in names) for row in rows]


def kyrgyz(
    *lines: Sequence[Cell], flow: str = "imports", years: Sequence[Cell] = (2022, 2023)
) -> Rows:
    """A table of Kyrgyzstan: an English label and one value per year in each line."""
    code, title = {"exports": ("18", "экспорта"), "imports": ("20", "импорта")}[flow]
    return [
        [
            f"4.03.00.{code}: Товарлар",
            f"4.03.00.{code}: Географическое распределение {title} товаров",
            f"4.03.00.{code}:  Geographic distribution of {flow} of goods ",
        ],
        ["(миң АКШ доллары)", "(тыс. долларов США)", "(thousand US dollars)"],
        [None, None, None, *years],
        *([label, label, label, *values] for label, *values in lines),
    ]


def kazakh(period: str, *lines: Sequence[Cell], label: str = "Наименование области") -> Rows:
    """A sheet of Kazakhstan: a label, exports and imports in each line; turnover is their sum."""
    share = "удельный вес страны в общем объеме"
    words = ("товарооборота", "экспорта", "импорта")
    table: Rows = [
        [" Основные показатели внешней торговли Республики Казахстан"],
        [period],
        [],
        [None, None, None, None, "тыс. долларов США"],
        [label, "Товарооборот", None, "экспорт", None, "Импорт"],
        [None, *(text for word in words for text in ("Всего", f"{share} {word}, %"))],
    ]
    for name, sold, bought in lines:
        turnover = float(sold or 0) + float(bought or 0)
        table.append([name, turnover, 1.0, sold, None if sold is None else 1.0, bought, 1.0])
    return table
