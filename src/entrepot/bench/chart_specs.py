"""The benchmark's panels as Vega-Lite, in the manner of the dossier's."""

from __future__ import annotations

from entrepot.bench.charts import COVERAGES, NOMINAL, BenchPanel, CoveragePanel, CurvePanel
from entrepot.dossier.draw import spec_to_svg
from entrepot.dossier.figure import Figure
from entrepot.dossier.palette import BLACK, BLUE, VERMILLION
from entrepot.dossier.specs import CONFIG, GREY, HEIGHT, WIDTH, Spec

GREEN, PURPLE, SKY, ORANGE = "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
COLOURS = (BLACK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, GREY)
DASHES = ([1, 0], [7, 3], [2, 2], [7, 2, 2, 2], [4, 2], [10, 3], [1, 3], [5, 5])
SHAPES = ("circle", "square", "triangle-up", "diamond")
ROW_HEIGHT = 26


def draw(panel: BenchPanel, figure: Figure, number: int) -> str:
    """Draw one panel.

    Args:
        panel: The panel.
        figure: The chart it belongs to.
        number: Its place in the chart.

    Returns:
        An ``svg`` element with a title and a description.
    """
    described = _curves(panel) if isinstance(panel, CurvePanel) else _coverages(panel)
    return spec_to_svg(described, panel.title, figure, number)


def _curves(panel: CurvePanel) -> Spec:
    names = list(dict.fromkeys(point.method for point in panel.points))
    unit = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    axis = {"values": [0, 0.2, 0.4, 0.6, 0.8, 1]}
    colours = {"domain": names, "range": [COLOURS[n % 8] for n in range(len(names))]}
    dashes = {"domain": names, "range": [DASHES[n % 8] for n in range(len(names))]}
    # The key shows lines, also where points lie on them.
    named = {"field": "method", "type": "nominal", "legend": {"symbolType": "stroke"}}
    line: Spec = {
        "data": {"values": [{"method": p.method, "x": p.x, "y": p.y} for p in panel.points]},
        "mark": {"type": "line", "strokeWidth": 2, "point": panel.is_calibration},
        "encoding": {
            "x": {"field": "x", **unit, "title": panel.x_title, "axis": axis},
            "y": {"field": "y", **unit, "title": panel.y_title, "axis": axis},
            "color": {**named, "scale": colours},
            "strokeDash": {**named, "scale": dashes},
        },
    }
    diagonal = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": GREY, "strokeWidth": 1},
        "encoding": {"x": {"field": "x", **unit}, "y": {"field": "y", **unit}},
    }
    layers = [diagonal, line] if panel.is_calibration else [line]
    # A row of the legend for each method, below a square that stays square.
    return _whole(panel.title, HEIGHT + 70 + 18 * len(names)) | {"layer": layers}


def _coverages(panel: CoveragePanel) -> Spec:
    methods = list(dict.fromkeys(method for method, _, _ in panel.rows))
    kinds = [kind for kind in COVERAGES.values() if kind in {k for _, k, _ in panel.rows}]
    colours = {"domain": kinds, "range": [BLUE, GREY, VERMILLION, GREEN][: len(kinds)]}
    shapes = {"domain": kinds, "range": SHAPES[: len(kinds)]}
    dots = {
        "data": {"values": [{"method": m, "kind": k, "value": v} for m, k, v in panel.rows]},
        "mark": {"type": "point", "filled": True, "size": 75, "opacity": 0.9},
        "encoding": {
            "x": {
                "field": "value",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "title": "Share of intervals that hold the truth",
            },
            "y": {"field": "method", "type": "nominal", "sort": methods, "title": None},
            "color": {"field": "kind", "type": "nominal", "scale": colours},
            "shape": {"field": "kind", "type": "nominal", "scale": shapes},
        },
    }
    rule = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": BLACK, "strokeDash": [6, 3]},
        "encoding": {"x": {"datum": NOMINAL, "type": "quantitative"}},
    }
    height = len(methods) * ROW_HEIGHT + 100 + 18 * len(kinds)
    return _whole(panel.title, height) | {"layer": [rule, dots]}


def _whole(title: str, height: int) -> Spec:
    return {
        "$schema": "vega-lite-v6",
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "title": {"text": title},
        "config": CONFIG,
    }
