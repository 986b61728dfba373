"""A dossier as one self-contained HTML page: no script, no request, nothing computed."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from entrepot.dossier.draw import to_svg
from entrepot.dossier.figure import Figure
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.record_page import RecordView

# The space between currency and number, and between number and scale or percent sign.
_IN_AMOUNT = re.compile(r"(?<=\b[A-Z]{3}) (?=[\d−])|(?<=\d) (?=(?:bn|m|thousand|%)(?:\W|$))")


def render_country(dossier: CountryDossier, record: RecordView | None = None) -> str:
    """Arrange a dossier on a page.

    Args:
        dossier: What :func:`~entrepot.dossier.gather.gather_country` gathered.
        record: The record of the country's relations; nothing where the lake holds no article.

    Returns:
        HTML with its style and its charts inside; everything that is text is escaped.
    """
    charts = {figure.key: _charts(figure) for figure in dossier.figures}
    page = _templates().get_template("country.html")
    return page.render(d=dossier, charts=charts, record=record)


def page_template(name: str) -> Template:
    """A template of this room: escaping is on, and an unknown name is an error.

    Args:
        name: File name in ``templates``.
    """
    return _templates().get_template(name)


def _charts(figure: Figure) -> tuple[Markup, ...]:
    # Safe: the converter escapes what it draws, and `to_svg` the words it adds.
    return tuple(
        Markup(to_svg(panel, figure, number)) for number, panel in enumerate(figure.panels)
    )


def _unbreakable(value: object) -> object:
    """Keep a number on one line with its unit; what is not plain text stays as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _IN_AMOUNT.sub("\N{NO-BREAK SPACE}", value)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("entrepot.dossier"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_unbreakable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
