"""A chart for the terminal: months of declared against expected trade, one panel a bracket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from entrepot.dossier import wording
from entrepot.dossier.records import Explanation, SeriesMonth
from entrepot.dossier.scene import BRACKET_NAMES, SIMULATED
from entrepot.dossier.wording import Scale

ROWS = 9  # rows of a panel: two of them and the words fit on a screen of 24 lines
MARGIN = 6  # columns of the axis: 36 months of two columns fit on a line of 80
NARROWEST = 32
WIDEST_MONTH = 3
OBSERVED, EXPECTED, BAND, EVENT, EMPTY = "●", "─", "░", "┊", " "
RESET = "\x1b[0m"
COLOURS = {OBSERVED: "\x1b[1m", EXPECTED: "\x1b[36m", BAND: "\x1b[2;36m", EVENT: "\x1b[2m"}


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where months and amounts fall.

    Args:
        months: Months drawn, in order.
        step: Columns a month takes.
        top: Amount of the uppermost row, in the unit of the series.
        event: Column of the first month of the window; ``None`` where it is not drawn.
    """

    months: tuple[SeriesMonth, ...]
    step: int
    top: float
    event: int | None

    def row(self, value: float | None) -> int | None:
        """Row of an amount, counted from the bottom.

        Args:
            value: The amount; may be open.
        """
        if value is None:
            return None
        return min(ROWS - 1, max(0, round(value / self.top * (ROWS - 1))))


def terminal_chart(explanation: Explanation, width: int, color: bool) -> str:
    """Draw the months of a lead with block characters.

    Args:
        explanation: The lead, from :func:`~entrepot.dossier.explain.explain_lead`.
        width: Columns of the terminal; no line is longer.
        color: Whether the terminal shows colours; without them no control character is written.

    Returns:
        Lines joined by newlines: title, a panel for each bracket, key.

    Raises:
        ValueError: If the width is too small for an axis and a few months.
    """
    if width < NARROWEST:
        raise ValueError(f"width is {width}, expected at least {NARROWEST} columns.")
    if not explanation.months:
        return _fit("The run stored no months for this lead.", width)
    values = _values(explanation.months)
    scale, top = wording.scale(values), max(values, default=0.0) or 1.0
    unit = f"{scale.unit(explanation.unit)} a month, {wording.valuation(explanation.unit)}"
    lines = [SIMULATED] if explanation.is_simulated else []
    for bracket, found in groupby(explanation.months, key=lambda month: month.bracket):
        canvas = _canvas(tuple(found), explanation, width, top)
        lines.append(f"{BRACKET_NAMES[bracket]}, {unit}")
        lines += _panel(canvas, scale, color)
    lines += [_left_out(explanation.months, width)]
    lines += [f"{OBSERVED} declared  {EXPECTED} expected  {BAND} 90 % interval"]
    lines += [f"{EVENT} window from {wording.month(explanation.event)}"]
    # Painted lines are of the canvas and fit; control characters must not be counted or cut.
    return "\n".join(line if RESET in line else _fit(line, width) for line in lines if line)


def _canvas(
    months: tuple[SeriesMonth, ...], explanation: Explanation, width: int, top: float
) -> Canvas:
    room = width - MARGIN - 2
    shown = months[-room:]  # the latest months, where not all of them fit
    periods = [month.period for month in shown]
    event = periods.index(explanation.event) if explanation.event in periods else None
    return Canvas(shown, min(WIDEST_MONTH, room // len(shown)), top, event)


def _left_out(months: Sequence[SeriesMonth], width: int) -> str:
    """What is not drawn where the months are more than the columns."""
    periods = {month.period for month in months}
    room = width - MARGIN - 2
    return f"the latest {room} of {len(periods)} months" if len(periods) > room else ""


def _panel(canvas: Canvas, scale: Scale, color: bool) -> list[str]:
    columns = [_column(canvas, number) for number in range(len(canvas.months))]
    lines = []
    for row in reversed(range(ROWS)):
        is_labelled = row in (0, ROWS // 2, ROWS - 1)
        label = scale.number(canvas.top * row / (ROWS - 1)) if is_labelled else ""
        tick = "┤" if is_labelled else "│"
        cells = "".join(mark for column in columns for mark in _cell(column[row], canvas.step))
        lines.append(f"{label:>{MARGIN}} {tick}" + _painted(cells, color))
    lines.append(" " * MARGIN + " └" + "─" * (len(columns) * canvas.step))
    lines.append(" " * (MARGIN + 2) + _years(canvas))
    return lines


def _column(canvas: Canvas, number: int) -> list[str]:
    """Marks of one month from the bottom up; what was declared lies over what was expected."""
    month = canvas.months[number]
    marks = [EVENT if number == canvas.event else EMPTY] * ROWS
    low, high = canvas.row(month.expected_low), canvas.row(month.expected_high)
    if low is not None and high is not None:
        marks[low : high + 1] = [BAND] * (high + 1 - low)
    for value, mark in ((month.expected, EXPECTED), (month.observed, OBSERVED)):
        row = canvas.row(value)
        if row is not None:
            marks[row] = mark
    return marks


def _cell(mark: str, step: int) -> str:
    """A mark as wide as a month: lines and bands run through, dots and the event do not."""
    if mark in (OBSERVED, EVENT):
        return mark + EMPTY * (step - 1)
    return mark * step


def _painted(cells: str, color: bool) -> str:
    if not color:
        return cells.rstrip()
    runs = ((mark, "".join(run)) for mark, run in groupby(cells.rstrip()))
    return "".join(f"{COLOURS[mark]}{run}{RESET}" if mark in COLOURS else run for mark, run in runs)


def _years(canvas: Canvas) -> str:
    """The year under each January, and under the first month where there is room."""
    line = ""
    for number, month in enumerate(canvas.months):
        place = number * canvas.step
        if (month.period.month == 1 or number == 0) and len(line) <= place:
            line = line.ljust(place) + f"{month.period.year} "
    return line.rstrip()[: len(canvas.months) * canvas.step]


def _values(months: Sequence[SeriesMonth]) -> list[float]:
    found = [
        value for month in months for value in (month.observed, month.expected, month.expected_high)
    ]
    return [value for value in found if value is not None]


def _fit(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"
