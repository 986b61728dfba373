"""Charts as Vega-Lite dictionaries: one function for each kind of panel.

Colours are those of Okabe and Ito (Color Universal Design, 2008), which readers with any of the
common colour deficiencies can tell apart; lines also differ in their dashes, dots in their shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any

from entrepot.dossier.figure import (
    HistogramPanel,
    MonthPoint,
    Panel,
    PathPanel,
    WhiskerPanel,
)
from entrepot.dossier.month_panels import DECLARED, RECORDED, SOLD, USUAL, expected_line
from entrepot.dossier.palette import BLACK, BLUE, VERMILLION
from entrepot.dossier.scene import BRACKET_NAMES
from entrepot.dossier.wording import month

Spec = dict[str, Any]

VEGA_LITE = "6.4"
GREY, INK = "#767676", "#222222"
BRACKET_COLOURS = {"common": BLUE, "partner": VERMILLION}
LINE_COLOURS = {DECLARED: BLACK, RECORDED: BLACK, SOLD: BLACK, USUAL: BLUE} | {
    expected_line(bracket): colour for bracket, colour in BRACKET_COLOURS.items()
}
DASHES = {
    DECLARED: [1, 0],
    RECORDED: [1, 0],
    SOLD: [1, 0],
    USUAL: [7, 3],
    expected_line("common"): [7, 3],
    expected_line("partner"): [2, 2],
}
SHAPES = {"common": "circle", "partner": "diamond"}
# Drawn small and scaled by the page, so that the words stay readable on a phone.
WIDTH, HEIGHT, ROW_HEIGHT = 400, 280, 34
# Not `system-ui`: the converter draws no text at all with it. The third is shipped (see `fonts`).
FONT = "Helvetica, Arial, DejaVu Sans, sans-serif"
CONFIG: Spec = {
    "aria": False,
    "background": "#ffffff",
    "font": FONT,
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e4e4e4",
        "domainColor": GREY,
        "tickColor": GREY,
    },
    "legend": {
        "labelFontSize": 13,
        "labelColor": INK,
        "orient": "bottom",
        "direction": "vertical",
        "symbolStrokeWidth": 2.5,
        "symbolSize": 130,
        "title": None,
        "labelLimit": 400,
        "offset": 6,
    },
    "title": {
        "anchor": "start",
        "fontSize": 15,
        "color": INK,
        "subtitleFontSize": 13,
        "subtitleColor": INK,
        "limit": WIDTH - 20,
        "offset": 8,
    },
}


_MONTHS: Spec = {"field": "period", "type": "temporal", "scale": {"type": "utc"}}
_HALF_YEARS: Spec = {
    "labelExpr": "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%Y' : '%b')",
    "labelOverlap": "greedy",
    "grid": False,
    "tickCount": {"interval": "month", "step": 6},
}


@singledispatch
def spec(panel: Panel, mark: str) -> Spec:
    """Describe one panel of a chart in Vega-Lite.

    Args:
        panel: The panel.
        mark: Words drawn under its title; may be empty.

    Returns:
        The specification.

    Raises:
        TypeError: If the panel is of no known kind.
    """
    raise TypeError(f"panel is {type(panel).__name__}, expected one of figure.Panel.")


@spec.register
def _paths(panel: PathPanel, mark: str) -> Spec:
    lines = list(dict.fromkeys(point.line for point in panel.points))
    colours = {"domain": lines, "range": [LINE_COLOURS[line] for line in lines]}
    dashes = {"domain": lines, "range": [DASHES[line] for line in lines]}
    x = {**_MONTHS, "title": None, "axis": _HALF_YEARS}
    value_axis = {"title": f"{panel.unit} a month", "tickCount": 5}
    scale = {"domain": [0, panel.top], "nice": True}
    y = {"field": "value", "type": "quantitative", "scale": scale, "axis": value_axis}
    colour = {"field": "line", "type": "nominal", "scale": colours}
    dash = {"field": "line", "type": "nominal", "scale": dashes}
    band = {
        # Not filtered: a band must not bridge a month that nobody published.
        "mark": {"type": "area", "opacity": 0.22, "invalid": "break-paths-show-domains"},
        "encoding": {
            "x": x,
            "y": {"field": "low", "type": "quantitative", "scale": scale, "axis": value_axis},
            "y2": {"field": "high"},
            "fill": {**colour, "legend": None},
        },
    }
    line = {
        "mark": {"type": "line", "strokeWidth": 2, "clip": True},
        "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash},
    }
    return _whole(panel.title, mark, HEIGHT) | {
        "data": {"values": [_month(point) for point in panel.points]},
        "layer": [band, line, *_event(panel)],
        # Apart, or the band's missing key would take the key of the lines with it.
        "resolve": {"scale": {"fill": "independent"}, "legend": {"fill": "independent"}},
    }


@spec.register
def _whiskers(panel: WhiskerPanel, mark: str) -> Spec:
    names = [name for name in BRACKET_NAMES.values() if name in {w.line for w in panel.whiskers}]
    codes = {name: code for code, name in BRACKET_NAMES.items()}
    order = list(dict.fromkeys(whisker.label for whisker in panel.whiskers))
    y = {"field": "label", "type": "nominal", "sort": order, "title": panel.axis}
    offset = {"field": "line", "type": "nominal", "sort": names, "scale": {"paddingOuter": 0.7}}
    colours = {"domain": names, "range": [BRACKET_COLOURS[codes[name]] for name in names]}
    shapes = {"domain": names, "range": [SHAPES[codes[name]] for name in names]}
    colour = {"field": "line", "type": "nominal", "scale": colours}
    x = {"field": "low", "type": "quantitative", "title": f"{panel.amount}, {panel.unit}"}
    shared = {"y": y, "yOffset": offset, "color": colour}
    whisker = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": x, "x2": {"field": "high"}, **shared},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {
            "x": {**x, "field": "point"},
            **shared,
            "shape": {"field": "line", "type": "nominal", "scale": shapes},
        },
    }
    zero = {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0}}}
    height = max(2, len(order)) * ROW_HEIGHT + 20
    values = [
        {"label": w.label, "line": w.line, "point": w.point, "low": w.low, "high": w.high}
        for w in panel.whiskers
    ]
    return _whole(panel.title, mark, height + 80) | {
        "data": {"values": values},
        "layer": [zero, whisker, dot],
    }


@spec.register
def _histogram(panel: HistogramPanel, mark: str) -> Spec:
    axis = {"values": [0, 0.2, 0.4, 0.6, 0.8, 1], "grid": False}
    bars = {
        "data": {"values": [{"low": b.low, "high": b.high, "value": b.value} for b in panel.bins]},
        "mark": {"type": "bar", "color": BLUE, "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "low",
                "type": "quantitative",
                "bin": "binned",
                "title": "p-value",
                "axis": axis,
                "scale": {"domain": [0, 1]},
            },
            "x2": {"field": "high"},
            "y": {"field": "value", "type": "quantitative", "title": panel.unit},
        },
    }
    level = {"datum": panel.uniform, "type": "quantitative"}
    uniform = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": VERMILLION, "strokeWidth": 2, "strokeDash": [7, 3]},
        "encoding": {"y": level},
    }
    return _whole(panel.title, mark, HEIGHT - 80) | {"layer": [bars, uniform]}


def _whole(title: str, mark: str, height: int) -> Spec:
    head: Spec = {"text": title}
    if mark:
        head["subtitle"] = mark
    return {
        "$schema": "vega-lite-v6",
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "title": head,
        "config": CONFIG,
    }


def _event(panel: PathPanel) -> Sequence[Spec]:
    """The first month of the window, where the chart reaches it."""
    if (
        not min(p.period for p in panel.points)
        <= panel.event
        <= max(p.period for p in panel.points)
    ):
        return ()
    values = [{"period": panel.event.isoformat(), "label": f"from {month(panel.event)}"}]
    rule = {"type": "rule", "color": GREY, "strokeDash": [4, 4]}
    text = {"type": "text", "align": "right", "dx": -5, "fontSize": 13, "color": "#555555"}
    return (
        {"data": {"values": values}, "mark": rule, "encoding": {"x": _MONTHS}},
        {
            "data": {"values": values},
            "mark": text,
            "encoding": {"x": _MONTHS, "y": {"value": 6}, "text": {"field": "label"}},
        },
    )


def _month(point: MonthPoint) -> Mapping[str, object]:
    return {
        "period": point.period.isoformat(),
        "line": point.line,
        "value": point.value,
        "low": point.low,
        "high": point.high,
    }
