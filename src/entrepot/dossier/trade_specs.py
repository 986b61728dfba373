"""Charts of declared trade in Vega-Lite, drawn to stand alone: words above, unit on the axis.

Colours, font and axes are those of :mod:`entrepot.dossier.specs`, with more of Okabe's and Ito's
colours where a chart has more than two lines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.dossier.palette import BLACK, BLUE, SERIES, VERMILLION
from entrepot.dossier.specs import CONFIG, GREY, INK, Spec

Values = Sequence[Mapping[str, Any]]
Head = tuple[str, str]

WIDE, BAR_HEIGHT, LINE_HEIGHT, PAIR_HEIGHT, CELL_HEIGHT = 640, 15, 300, 170, 22
# Letters that fit the width of a chart at the sizes of the theme.
TITLE_LETTERS, SUBTITLE_LETTERS = 80, 96
COLOURS = SERIES
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [1, 1])
SHADES = ("#cfe3f1", "#0b4a75")  # from few rows to the usual number, of one hue
_SHADE: Spec = {
    "field": "share",
    "type": "quantitative",
    "scale": {"domain": [0, 1], "range": list(SHADES), "clamp": True},
    "title": "rows held / usual rows of a period",
    "legend": {
        "direction": "horizontal",
        "format": ".0%",
        "gradientLength": 220,
        "titleFontWeight": "normal",
        "titleFontSize": 12,
        "titleLimit": 300,
        "values": [0, 0.5, 1],
    },
}
_PERIODS: Spec = {"field": "period", "type": "temporal", "scale": {"type": "utc"}, "title": None}


def bars(values: Values, names: Sequence[str], unit: str, head: Head) -> Spec:
    """Bars of one or two stretches of months, one row a label, in the order given.

    Args:
        values: ``label``, ``line`` (one of ``names``), ``value``, open where not declared, ``end``,
            the value or nil, and ``text`` beside the bar.
        names: The stretches, the one of interest first.
        unit: Scale, currency and valuation.
        head: Title and subtitle.

    Returns:
        The specification.
    """
    order = list(dict.fromkeys(value["label"] for value in values))
    line = {"field": "line", "type": "nominal", "sort": list(names)}
    colours = {"domain": list(names), "range": [BLUE, "#b5b5b5"][: len(names)]}
    height = max(2, len(order)) * (BAR_HEIGHT * len(names) + 10)
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"labelLimit": 230, "ticks": False, "domain": False},
        "scale": {"paddingInner": 0.25},
    }
    shared = {"y": y, "yOffset": line}
    amount = {"field": "value", "type": "quantitative", "title": unit}
    bar = {
        "mark": {"type": "bar"},
        "encoding": {
            **shared,
            "x": {**amount, "axis": {"tickCount": 5}},
            "color": {**line, "scale": colours},
        },
    }
    number = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "color": INK},
        "encoding": {**shared, "x": {**amount, "field": "end"}, "text": {"field": "text"}},
    }
    return _whole(head) | {
        "data": {"values": list(values)},
        "width": WIDE - 190,
        "height": height,
        "layer": [bar, number],
    }


def months(values: Values, names: Sequence[str], unit: str, head: Head) -> Spec:
    """Lines by month, broken where nothing was declared.

    Args:
        values: ``period``, ``line`` (one of ``names``) and ``value``, open in a gap.
        names: The lines, at most six.
        unit: Scale, currency and valuation.
        head: Title and subtitle.

    Returns:
        The specification.
    """
    colours = {"domain": list(names), "range": list(COLOURS[: len(names)])}
    dashes = {"domain": list(names), "range": list(DASHES[: len(names)])}
    key = {"columns": 3, "symbolType": "stroke", "symbolSize": 500} if len(names) > 1 else None
    line = {"field": "line", "type": "nominal", "legend": key}
    place = {
        "x": {**_PERIODS, "axis": _period_axis(values)},
        "y": {"field": "value", "type": "quantitative", "title": unit, "axis": {"tickCount": 6}},
    }
    colour = {**line, "scale": colours}
    path = {
        "mark": {
            "type": "line",
            "strokeWidth": 2,
            "strokeJoin": "round",
            "invalid": "break-paths-show-domains",
        },
        "encoding": {**place, "color": colour, "strokeDash": {**line, "scale": dashes}},
    }
    # A month between two gaps has no line; the dot shows it.
    dot = {
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "point", "filled": True, "size": 14, "opacity": 1},
        "encoding": {**place, "fill": {**colour, "legend": None}},
    }
    return _whole(head) | {
        "data": {"values": list(values)},
        "width": WIDE - 70,
        "height": LINE_HEIGHT,
        "layer": [path, dot],
        # Apart, or the key of the dots would hide the dashes.
        "resolve": {"scale": {"fill": "independent"}, "legend": {"fill": "independent"}},
    }


def pairs(
    panels: Sequence[tuple[str, Values]], sides: Sequence[str], unit: str, head: Head
) -> Spec:
    """Two declarations of each pair, and beside them the import over the export.

    Args:
        panels: Name of a pair, and its ``period``, ``export``, ``import`` and ``ratio``.
        sides: What to call export and import.
        unit: Scale and currency.
        head: Title and subtitle.

    Returns:
        The specification.
    """
    top = max((v["ratio"] for _, values in panels for v in values if v["ratio"]), default=1.0)
    rows = [
        {
            "hconcat": [_declared(name, values, sides, unit), _ratio(values, top)],
            "spacing": 30,
        }
        for name, values in panels
    ]
    # One key for all pairs, above the first: their scales are shared.
    return _whole(head) | {"vconcat": rows, "spacing": 24}


def _declared(name: str, values: Values, sides: Sequence[str], unit: str) -> Spec:
    colours = {"domain": list(sides), "range": [BLACK, VERMILLION]}
    shapes = {"domain": list(sides), "range": ["circle", "diamond"]}
    long = [
        {"period": value["period"], "line": word, "value": value[side]}
        for value in values
        for side, word in zip(("export", "import"), sides, strict=True)
    ]
    key = {"orient": "top", "direction": "horizontal"}
    line = {"field": "line", "type": "nominal", "legend": key}
    return {
        "title": {"text": name, "fontSize": 13},
        "width": 320,
        "height": PAIR_HEIGHT,
        "data": {"values": long},
        "mark": {
            "type": "line",
            "strokeWidth": 2,
            "invalid": "break-paths-show-domains",
            "point": {"filled": True, "size": 30},
        },
        "encoding": {
            "x": {**_PERIODS, "axis": _period_axis(values)},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": unit,
                "axis": {"tickCount": 4, "minExtent": 36},
            },
            "color": {**line, "scale": colours},
            "shape": {**line, "scale": shapes},
        },
    }


def _ratio(values: Values, top: float) -> Spec:
    scale = {"domain": [0, max(1.1, top)], "nice": True}
    path = {
        "mark": {
            "type": "line",
            "color": BLUE,
            "strokeWidth": 2,
            "invalid": "break-paths-show-domains",
            "point": {"filled": True, "size": 30, "color": BLUE},
        },
        "encoding": {
            "x": {**_PERIODS, "axis": _period_axis(values)},
            "y": {
                "field": "ratio",
                "type": "quantitative",
                "scale": scale,
                "title": "import / export",
                "axis": {"tickCount": 4},
            },
        },
    }
    one = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 4]},
        "encoding": {"y": {"datum": 1}},
    }
    return {
        "width": 220,
        "height": PAIR_HEIGHT,
        "data": {"values": list(values)},
        "layer": [one, path],
    }


def heat_map(values: Values, names: Sequence[str], head: Head) -> Spec:
    """Months held of each series, shaded by how much of the usual number of rows is there.

    Args:
        values: ``line``, ``period`` and ``share`` of the usual rows, open where nothing is held.
        names: The series, from top to bottom.
        head: Title and subtitle.

    Returns:
        The specification.
    """
    span = sorted({value["period"] for value in values})
    ticks = [period for period in span if period[5:7] == "01"] or span[:1]
    y = {"field": "line", "type": "nominal", "sort": list(names), "title": None}
    x = {"field": "period", "type": "ordinal", "title": None}
    axis = {
        "values": ticks,
        "labelExpr": "slice(datum.value, 0, 4)",
        "labelAngle": 0,
        "labelAlign": "left",
        "labelOverlap": "greedy",
        "grid": False,
    }
    nothing = {
        "transform": [{"filter": "datum.share === null"}],
        "mark": {"type": "text", "text": "×", "color": GREY, "fontSize": 13},
        "encoding": {"x": {**x, "axis": axis}, "y": y},
    }
    cell = {
        "transform": [{"filter": "datum.share !== null"}],
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 0.6},
        "encoding": {"x": {**x, "axis": axis}, "y": y, "color": _SHADE},
    }
    return _whole(head) | {
        "data": {"values": list(values)},
        "width": max(240, min(WIDE - 110, 24 * len(span))),
        "height": CELL_HEIGHT * max(1, len(names)),
        "layer": [cell, nothing],
    }


def _period_axis(values: Values) -> Spec:
    """Ticks at years; at months too where the chart is shorter than three years."""
    span = sorted({value["period"] for value in values})
    is_yearly = all(period[5:7] == "01" for period in span)
    step = 12 if is_yearly or len(span) > 40 else 6 if len(span) > 14 else 2
    words = "utcmonth(datum.value) == 0 ? '%Y' : '%b'"
    return {
        "labelExpr": f"utcFormat(datum.value, {words})",
        "labelOverlap": "greedy",
        "labelFlush": not is_yearly,
        "grid": False,
        "tickCount": {"interval": "month", "step": step},
    }


def _whole(head: Head) -> Spec:
    title, subtitle = head
    words = {
        "text": textwrap.wrap(title, TITLE_LETTERS),
        "subtitle": textwrap.wrap(subtitle, SUBTITLE_LETTERS),
    }
    theme = {**CONFIG, "title": {**CONFIG["title"], "limit": WIDE + 60, "subtitlePadding": 5}}
    return {"$schema": "vega-lite-v6", "title": words, "config": {**theme, "padding": 14}}
