"""What a chart shows, before anybody draws it: its words, its points, the table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DataTable:
    """A plain table: the numbers behind a chart."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of one line of a chart, in the chart's scale; open ends are gaps."""

    period: date
    line: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PathPanel:
    """Months of declared against expected trade; ``top`` is the end of the axis."""

    title: str
    unit: str
    points: tuple[MonthPoint, ...]
    event: date
    top: float


@dataclass(frozen=True, slots=True)
class Whisker:
    """One amount with its interval, in the chart's scale."""

    label: str
    line: str
    point: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WhiskerPanel:
    """Amounts with intervals, one row a label, in the order given.

    Args:
        title: Its title.
        unit: Scale and currency of the amounts.
        axis: What the labels are; empty where they speak for themselves.
        amount: What the amounts are.
        whiskers: The amounts.
    """

    title: str
    unit: str
    axis: str
    amount: str
    whiskers: tuple[Whisker, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram."""

    low: float
    high: float
    value: float


@dataclass(frozen=True, slots=True)
class HistogramPanel:
    """Bars, and the height all of them would have if p-values were uniform."""

    title: str
    unit: str
    bins: tuple[Bin, ...]
    uniform: float


Panel = PathPanel | WhiskerPanel | HistogramPanel


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in one or more panels, its words and the table behind it.

    Args:
        key: Short name, unique on the page.
        title: The fact it shows.
        subtitle: Unit, source and vintage.
        description: What a reader who cannot see it should know.
        mark: Words drawn into each panel, so that a cut-out still says it; may be empty.
        panels: The panels.
        table: The numbers.
    """

    key: str
    title: str
    subtitle: str
    description: str
    mark: str
    panels: tuple[Panel, ...]
    table: DataTable
