"""A map of corridors as a Vega-Lite dictionary: lines as wide as the excess, nothing invented.

The world is Natural Earth's, drawn as its publisher draws it. A line goes from one label point to
another: it shows who and whom, not the road that goods take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.dossier.palette import BLUE, VERMILLION
from entrepot.dossier.specs import FONT, GREY, INK, Spec

LAND, BORDER, SEA = "#e9e9e2", "#ffffff", "#f7f9fb"
# Degrees within which a map of Europe and Asia shows everything at a readable size.
_WEST, _EAST, _SOUTH, _NORTH = -12.0, 150.0, 0.0, 68.0


@dataclass(frozen=True, slots=True)
class Place:
    """A named point on the map, in degrees."""

    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Line:
    """One third country on the map.

    Args:
        place: Where it is.
        excess: Excess, point estimate in millions; open where there is none.
        words: Its excess in words.
    """

    place: Place
    excess: float | None
    words: str


@dataclass(frozen=True, slots=True)
class CorridorMap:
    """What the map shows.

    Args:
        origin: Where the exporters are marked; ``None`` where they have no mark.
        destination: The destination; ``None`` where it has no mark.
        lines: The third countries.
        unit: Unit of the excess, e.g. ``EUR m``.
        mark: Words that every picture of a simulated world carries; may be empty.
    """

    origin: Place | None
    destination: Place | None
    lines: tuple[Line, ...]
    unit: str
    mark: str


def corridor_map(shown: CorridorMap, world: Spec, *, width: int, height: int) -> Spec:
    """Describe the map in Vega-Lite.

    Args:
        shown: What it shows.
        world: Where the geometry is: a Vega-Lite data source of TopoJSON, object ``countries``.
        width: Width of the drawing.
        height: Height of the drawing.

    Returns:
        The specification.
    """
    land = {
        "data": world,
        "mark": {"type": "geoshape", "fill": LAND, "stroke": BORDER, "strokeWidth": 0.6},
    }
    layers = [land, *_lines(shown), _points(shown), *_names(shown)]
    head: Spec = {"title": {"text": shown.mark, "anchor": "start"}} if shown.mark else {}
    return {
        **head,
        "width": width,
        "height": height,
        "projection": _projection(shown, width, height),
        "layer": layers,
        "resolve": {"scale": {"strokeWidth": "shared", "size": "shared"}},
        "config": {
            "aria": False,
            "background": "#ffffff",
            "font": FONT,
            "padding": {"left": 8, "right": 8, "top": 8, "bottom": 8},
            "view": {"stroke": None, "fill": SEA},
            "title": {"color": VERMILLION, "fontSize": 14},
            "legend": {
                "labelColor": INK,
                "titleColor": INK,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "orient": "bottom",
                "direction": "horizontal",
            },
        },
    }


def _projection(shown: CorridorMap, width: int, height: int) -> Spec:
    held = [line.place for line in shown.lines]
    held += [place for place in (shown.origin, shown.destination) if place]
    is_near = all(
        _WEST <= one.longitude <= _EAST and _SOUTH <= one.latitude <= _NORTH for one in held
    )
    if not is_near:
        return {"type": "equalEarth"}
    middle = (width / 2, height / 2)
    if all(one.longitude <= _MIDDLE for one in held):
        # Europe to Central Asia alone: nearer, so that neighbours do not lie on each other.
        return _azimuthal(-44, -47, width * (0.92 if width > height else 1.1), middle)
    return _azimuthal(-62, -38, width * 0.5, middle)


_MIDDLE = 82.0  # degrees east where Central Asia ends


def _azimuthal(east: float, north: float, scale: float, middle: tuple[float, float]) -> Spec:
    return {
        "type": "azimuthalEqualArea",
        "rotate": [east, north],
        "scale": scale,
        "translate": list(middle),
        "clipAngle": 75,
    }


def _lines(shown: CorridorMap) -> Sequence[Spec]:
    found = [line for line in shown.lines if line.excess is not None and line.excess > 0]
    first = [(shown.origin, line.place, line) for line in found if shown.origin]
    # As thin as it is unknown: how much of the excess went on is not what the width says.
    onward = [(line.place, shown.destination, line) for line in found if shown.destination]
    width = {
        "field": "excess",
        "type": "quantitative",
        "scale": {"type": "linear", "domainMin": 0, "range": [0.8, 10]},
        "legend": {"title": f"excess, {shown.unit}", "tickCount": 3, "symbolStrokeColor": BLUE},
    }
    return (
        _rules(onward, {"strokeWidth": 1.4, "strokeDash": [4, 4], "color": GREY}, {}),
        _rules(first, {"opacity": 0.8, "color": BLUE}, {"strokeWidth": width}),
    )


def _rules(ends: Sequence[tuple[Place | None, Place | None, Line]], look: Spec, more: Spec) -> Spec:
    values = [
        {
            "longitude": start.longitude,
            "latitude": start.latitude,
            "longitude2": end.longitude,
            "latitude2": end.latitude,
            "excess": line.excess,
            "what": f"{line.place.name}: {line.words}",
        }
        for start, end, line in ends
        if start is not None and end is not None
    ]
    over = {"longitude2": {"field": "longitude2"}, "latitude2": {"field": "latitude2"}}
    tooltip = {"tooltip": {"field": "what", "type": "nominal"}}
    return {
        "data": {"values": values},
        "mark": {"type": "rule", **look},
        "encoding": _at() | over | tooltip | more,
    }


def _points(shown: CorridorMap) -> Spec:
    return {
        "data": {"values": [_point(line.place) | {"what": line.words} for line in shown.lines]},
        "mark": {
            "type": "circle",
            "size": 46,
            "color": VERMILLION,
            "opacity": 1,
            "stroke": "#ffffff",
        },
        "encoding": _at() | {"tooltip": {"field": "what", "type": "nominal"}},
    }


def _names(shown: CorridorMap) -> Sequence[Spec]:
    ends = [place for place in (shown.origin, shown.destination) if place]
    through = [line.place for line in shown.lines]
    text = {"type": "text", "fontSize": 13, "color": INK, "stroke": "#ffffff", "strokeWidth": 3}
    halo = text | {"strokeJoin": "round"}
    made = []
    for places, weight, shift in ((through, "normal", -9), (ends, "bold", 0)):
        # Written twice: first the halo, then the letters, so that lines do not cross them out.
        for look in (halo, {"type": "text", "fontSize": 13, "color": INK}):
            mark = {**look, "fontWeight": weight, "dy": shift, "baseline": "bottom"}
            values = [_point(place) for place in places]
            shown_as = {"text": {"field": "name", "type": "nominal"}}
            made.append({"data": {"values": values}, "mark": mark, "encoding": _at() | shown_as})
    return made


def _point(place: Place) -> Spec:
    return {"name": place.name, "longitude": place.longitude, "latitude": place.latitude}


def _at() -> Spec:
    return {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
