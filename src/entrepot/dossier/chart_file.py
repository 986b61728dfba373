"""A chart of its own in a file: a drawing, a picture or a page, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from entrepot.dossier.draw import spec_to_png, spec_to_svg
from entrepot.dossier.figure import Figure
from entrepot.dossier.palette import dark_rules
from entrepot.dossier.specs import Spec
from entrepot.errors import EstimateError

KINDS = (".svg", ".png", ".html")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that stands alone.

    Args:
        figure: Its words, its text alternative and the numbers behind it.
        spec: Its drawing in Vega-Lite.
    """

    figure: Figure
    spec: Spec


def write_chart(chart: Chart, path: Path) -> None:
    """Write a chart: drawn as SVG or PNG, or a page with the drawing and the numbers behind it.

    SVG and page carry a title and a description for readers who cannot see it; a PNG cannot, so
    give its page along.

    Args:
        chart: The chart.
        path: File that ends in ``.svg``, ``.png`` or ``.html``; one that is there is replaced.

    Raises:
        EstimateError: If the name ends otherwise, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise EstimateError(
            f"the chart's file is {path.name!r}, expected a name that ends in one of {KINDS}."
        )
    data = chart_bytes(chart, kind.removeprefix("."))
    try:
        with tempfile.TemporaryDirectory(prefix=".entrepot-", dir=path.parent) as beside:
            staged = Path(beside) / path.name
            staged.write_bytes(data)
            staged.replace(path)
    except OSError as error:
        raise EstimateError(
            f"{path}: the chart cannot be written ({error.strerror}). Name a file in a folder "
            "that is there."
        ) from error


def chart_bytes(chart: Chart, kind: str) -> bytes:
    """A chart as the bytes of a file.

    Args:
        chart: The chart.
        kind: ``svg`` or ``html`` with a title and a description, ``png``, or ``json``, its
            description in Vega-Lite with the numbers in it.

    Returns:
        The bytes.
    """
    made = {"svg": _drawing, "png": _picture, "html": _page, "json": _description}
    return made[kind](chart)


def _description(chart: Chart) -> bytes:
    return (json.dumps(chart.spec, ensure_ascii=False, indent=1) + "\n").encode()


def _drawing(chart: Chart) -> bytes:
    # A file of its own must say what it is; inside a page it need not.
    drawn = _svg(chart).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return (drawn + "\n").encode()


def _picture(chart: Chart) -> bytes:
    return spec_to_png(chart.spec)


def _page(chart: Chart) -> bytes:
    # Safe: the converter escapes what it draws, and `spec_to_svg` the words it adds.
    drawn = Markup(_svg(chart))
    page = (
        _templates()
        .get_template("chart.html")
        .render(figure=chart.figure, drawn=drawn, dark_rules=Markup(dark_rules()))
    )
    return page.encode()


def _svg(chart: Chart) -> str:
    return spec_to_svg(chart.spec, "Chart of declared trade", chart.figure, 0)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("entrepot.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
