"""Charts as SVG with a text alternative, and as pictures; nothing is fetched to draw them."""

from __future__ import annotations

import re
from html import escape

import vl_convert

from entrepot.dossier.figure import Figure, Panel
from entrepot.dossier.fonts import register_fonts
from entrepot.dossier.specs import VEGA_LITE, Spec, spec

_TAG = re.compile(r"<[^<>]+>")
_FOREIGN = re.compile(r' (?:xmlns(?::\w+)?|role|aria-[\w-]+)="[^"]*"')
_NAME = re.compile(r'(\bid="|url\(#)([^")]+)')


def to_svg(panel: Panel, figure: Figure, number: int) -> str:
    """Draw one panel of a chart.

    Args:
        panel: The panel.
        figure: The chart it belongs to.
        number: Its place in the chart, which makes ids on the page unique.

    Returns:
        An ``svg`` element with a title and a description, that fills the width it is given.
    """
    return spec_to_svg(spec(panel, figure.mark), panel.title, figure, number)


def spec_to_svg(described: Spec, title: str, figure: Figure, number: int) -> str:
    """Draw a panel that somebody else described.

    Args:
        described: The panel in Vega-Lite.
        title: Its title.
        figure: The chart it belongs to.
        number: Its place in the chart.

    Returns:
        An ``svg`` element as :func:`to_svg` draws it.
    """
    register_fonts()
    drawn = vl_convert.vegalite_to_svg(described, vl_version=VEGA_LITE, allowed_base_urls=[])
    return _described(drawn, f"{figure.key}-{number}", title, figure)


def to_png(panel: Panel, mark: str, *, scale: float = 2.0) -> bytes:
    """Draw one panel as a PNG picture, for use outside the page.

    Args:
        panel: The panel.
        mark: Words drawn under its title; may be empty.
        scale: Pixels a unit of the drawing.

    Returns:
        The bytes of the picture.
    """
    return spec_to_png(spec(panel, mark), scale=scale)


def spec_to_png(described: Spec, *, scale: float = 2.0) -> bytes:
    """Draw a chart that somebody else described as a PNG picture.

    Args:
        described: The chart in Vega-Lite.
        scale: Pixels a unit of the drawing: two are sharp in print and on dense screens.

    Returns:
        The bytes of the picture.
    """
    register_fonts()
    return vl_convert.vegalite_to_png(
        described, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]
    )


def _described(svg: str, key: str, title: str, figure: Figure) -> str:
    """Give an SVG its own ids, the page's width and one text alternative in place of many."""
    names: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        # Numbered anew: the converter counts on from chart to chart, and pages would differ.
        name = names.setdefault(found.group(2), f"{key}-{len(names)}")
        return found.group(1) + name

    def cleaned(tag: re.Match[str]) -> str:
        return _NAME.sub(renamed, _FOREIGN.sub("", tag.group()))

    svg = _TAG.sub(cleaned, svg)
    start = svg.index(">", svg.index("<svg")) + 1
    box = re.search(r'viewBox="[^"]*"', svg[:start])
    named = f'role="img" aria-labelledby="{key}-title {key}-desc"'
    words = f"{figure.title}. {title}"
    return (
        f'<svg class="chart" {box.group() if box else ""} {named}>'
        f'<title id="{key}-title">{escape(words)}</title>'
        f'<desc id="{key}-desc">{escape(figure.subtitle)}. {escape(figure.description)}</desc>'
        f"{svg[start:]}"
    )
