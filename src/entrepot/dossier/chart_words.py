"""Words of a chart that stands alone: title, period and source, names of rows, its months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from entrepot.codes.areas import area
from entrepot.codes.groupings import UNNAMED
from entrepot.dossier.figure import DataTable, Figure

Row = dict[str, Any]

NAMING = ("reporter", "partner", "exporter", "importer")
KEYS = (*NAMING, "commodity")


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What the rows of a chart do not say themselves.

    Args:
        title: What it shows, e.g. ``Exports of DE to KZ, chapter 27``.
        now: The months of interest in words, e.g. ``March–November 2022``.
        base: The months they are compared with; empty where there are none.
        source: Publisher, dataset and vintage, without a full stop.
    """

    title: str
    now: str
    base: str
    source: str

    @property
    def subtitle(self) -> str:
        """Period and source, in one line without a full stop."""
        against = f" against {self.base}" if self.base else ""
        return f"{self.now}{against}. {self.source}"


def label(row: Row) -> str:
    """Name a row by the columns it is summed by, areas with their names.

    Args:
        row: A row with any of ``reporter``, ``partner``, ``exporter``, ``importer``,
            ``commodity``.

    Returns:
        Words such as ``Kazakhstan (KZ)``; ``All`` where the row names nothing.

    Example:
        >>> label({"partner": "KZ", "commodity": "27"}), label({"value": 1.0})
        ('Kazakhstan (KZ), 27', 'All')
    """
    words = [
        _area_words(row[key]) if key in NAMING else row[key]
        for key in KEYS
        if row.get(key) is not None
    ]
    return ", ".join(words) or "All"


def _area_words(code: str) -> str:
    if code.startswith("_"):
        return {"_T": "All (_T)", "_X": "Not specified (_X)"}[code]
    group, is_member, _ = code.partition(UNNAMED)
    if is_member:
        return f"{group}, member not named ({code})"
    return f"{area(code).name_en.split(' (')[0]} ({code})"


def figure_of(key: str, words: ChartWords, description: str, table: DataTable) -> Figure:
    """The words of a chart that stands alone.

    Args:
        key: Short name of its kind.
        words: Title, period and source.
        description: What a reader who cannot see it should know.
        table: The numbers.
    """
    return Figure(key, words.title, words.subtitle, description, "", (), table)


def every_month(periods: Iterable[date]) -> Sequence[date]:
    """Every month from the first to the last, or every year where only years are known.

    Args:
        periods: First days of periods, at least one.

    Returns:
        First days, ascending, with those in between that are not among ``periods``.

    Example:
        >>> [day.month for day in every_month([date(2022, 3, 1), date(2022, 1, 1)])]
        [1, 2, 3]
    """
    known = sorted(set(periods))
    step = 12 if all(day.month == 1 for day in known) and len(known) > 1 else 1
    first, last = (day.year * 12 + day.month - 1 for day in (known[0], known[-1]))
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1, step)]
