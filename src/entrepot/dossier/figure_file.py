"""A chart of a dossier as a file of its own: drawing, picture, description, numbers."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator
from typing import Any

from entrepot.dossier.chart_file import Chart
from entrepot.dossier.figure import Figure, Panel, PathPanel, WhiskerPanel
from entrepot.dossier.specs import CONFIG, WIDTH, Spec, spec

TITLE_LETTERS, SUBTITLE_LETTERS = 100, 130  # of a line over two panels
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER = ("chart", "panel", "unit", "item", "series", "value", "low", "high", "about")


def figure_chart(figure: Figure) -> Chart:
    """A chart of a dossier, ready to be written or sent as a file.

    Args:
        figure: The chart.

    Returns:
        The chart with the description of all its panels.
    """
    return Chart(figure, figure_spec(figure))


def figure_spec(figure: Figure) -> Spec:
    """Describe all panels of a chart in one picture, under its title and its source.

    Args:
        figure: The chart, with one panel or more.

    Returns:
        Vega-Lite; scales and keys belong to each panel.
    """
    columns = 1 if len(figure.panels) == 1 else 2
    parts = ("$schema", "config", "autosize")
    panels = [
        {name: part for name, part in spec(panel, figure.mark).items() if name not in parts}
        for panel in figure.panels
    ]
    apart = ("color", "strokeDash", "shape", "fill")
    config = {**CONFIG, "title": {**CONFIG["title"], "limit": columns * (WIDTH + 200)}}
    return {
        "$schema": "vega-lite-v6",
        "title": {
            "text": textwrap.wrap(figure.title, TITLE_LETTERS * columns // 2),
            "subtitle": textwrap.wrap(figure.subtitle, SUBTITLE_LETTERS * columns // 2),
            "fontSize": 17,
            "offset": 16,
        },
        "concat": panels,
        "columns": columns,
        "spacing": 24,
        "config": config,
        "resolve": {
            "scale": dict.fromkeys(apart, "independent"),
            "legend": dict.fromkeys(apart, "independent"),
        },
    }


def figure_csv(figure: Figure) -> str:
    """The numbers that a chart draws, in full and one a row, or its table where it has no panels.

    Args:
        figure: The chart.

    Returns:
        CSV; each row names its unit, and its period and source in the column ``about``. Open values
        are empty. No text can be taken for a formula.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    if figure.panels:
        writer.writerow(_HEADER)
        for panel in figure.panels:
            head = (figure.title, panel.title, panel.unit)
            for item, series, *numbers in panel_numbers(panel):
                texts = [_harmless(text) for text in (*head, item, series)]
                writer.writerow([*texts, *numbers, _harmless(figure.subtitle)])
    else:
        writer.writerow([*figure.table.header, "about"])
        writer.writerows(
            [*(_harmless(cell) for cell in row), _harmless(figure.subtitle)]
            for row in figure.table.rows
        )
    return made.getvalue()


def panel_numbers(panel: Panel) -> Iterator[tuple[Any, ...]]:
    """What a panel draws: what each point is of, its series, its value and its interval.

    Args:
        panel: The panel.

    Yields:
        Item (month, label or bin), series, value, low, high, in the scale of the panel.
    """
    if isinstance(panel, PathPanel):
        for point in panel.points:
            yield f"{point.period:%Y-%m}", point.line, point.value, point.low, point.high
    elif isinstance(panel, WhiskerPanel):
        for one in panel.whiskers:
            yield one.label, one.line, one.point, one.low, one.high
    else:
        for found in panel.bins:
            yield f"{found.low:.2f}-{found.high:.2f}", "p-values", found.value, None, None


def _harmless(text: str) -> str:
    """Text that a spreadsheet reads as text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
