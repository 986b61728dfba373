"""A dossier as one self-contained HTML page: no script, no request, nothing computed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from entrepot.dossier.annex import column_count, narrow
from entrepot.dossier.beside import Beside
from entrepot.dossier.draw import to_svg
from entrepot.dossier.figure import Figure
from entrepot.dossier.fonts import FAMILY
from entrepot.dossier.glossary import GLOSSARY, METHOD
from entrepot.dossier.page import CountryDossier
from entrepot.dossier.palette import dark_rules
from entrepot.dossier.record_page import RecordView
from entrepot.dossier.specs import FONT

# The space between currency and number, and between number and scale or percent sign.
_IN_AMOUNT = re.compile(r"(?<=\b[A-Z]{3}) (?=[\d−])|(?<=\d) (?=(?:bn|m|thousand|%)(?:\W|$))")

DRAWING = "data:image/svg+xml;base64,"  # how the address of an inner image begins


class Section(NamedTuple):
    """A line of the table of contents: a section's id and its heading."""

    id: str
    title: str


def render_country(
    dossier: CountryDossier,
    record: RecordView | None = None,
    *,
    beside: Beside | None = None,
) -> str:
    """Arrange a dossier on a page for screens, which prints well too.

    Args:
        dossier: What :func:`~entrepot.dossier.gather.gather_country` gathered.
        record: The record of the country's relations; nothing where the lake holds no article.
        beside: Leads in full, claims, decisions; left out where nobody gathered them.

    Returns:
        HTML with its style and its charts inside; everything that is text is escaped.
    """
    return _arranged(dossier, record, beside, is_paper=False)


def render_paper(dossier: CountryDossier, beside: Beside) -> str:
    """Arrange a dossier for :func:`~entrepot.dossier.pdf.to_pdf`.

    Args:
        dossier: What was gathered about the country.
        beside: What stands beside it.

    Returns:
        HTML as from :func:`render_country`; numbers behind the charts stand in an annex.
    """
    return _arranged(dossier, beside.record, beside, is_paper=True)


def page_template(name: str) -> Template:
    """A template of this room: escaping is on, and an unknown name is an error.

    Args:
        name: File name in ``templates``.
    """
    return _templates().get_template(name)


def _arranged(
    dossier: CountryDossier, record: RecordView | None, beside: Beside | None, *, is_paper: bool
) -> str:
    if is_paper and record is not None and record.figure is not None:
        words = f"{record.figure.title}. {record.figure.description}"
        record = replace(record, drawn=picture(record.drawn, words))
    figures = (*dossier.figures, *(() if beside is None else beside.figures))
    return page_template("country.html").render(
        d=dossier,
        charts=pictures(figures) if is_paper else drawn(figures),
        figures={figure.key: figure for figure in figures},
        record=record,
        beside=beside,
        paper=is_paper,
        sections=tuple(_sections(beside, record, is_paper=is_paper)),
        method=METHOD,
        glossary=GLOSSARY,
        narrow=narrow,
        column_count=column_count,
        dark_rules=Markup(dark_rules()),
    )


def drawn(figures: Iterable[Figure]) -> dict[str, tuple[Markup, ...]]:
    """Draw charts.

    Args:
        figures: The charts, each with a key of its own.

    Returns:
        Drawings of the panels of each, by its key.
    """
    return {figure.key: _charts(figure) for figure in figures}


def pictures(figures: Iterable[Figure]) -> dict[str, tuple[Markup, ...]]:
    """Draw charts as images, whose words a reader of a PDF file is told.

    Args:
        figures: The charts, each with a key of its own.

    Returns:
        The same drawings as :func:`drawn`, each an ``img`` that holds its drawing.
    """
    return {
        figure.key: tuple(
            picture(drawing, f"{figure.title}. {panel.title}. {figure.description}")
            for drawing, panel in zip(_charts(figure), figure.panels, strict=True)
        )
        for figure in figures
    }


def picture(drawing: str, words: str) -> Markup:
    """A drawing as an image inside a page.

    Args:
        drawing: An ``svg`` element.
        words: What a reader who cannot see it is told.

    Returns:
        An ``img`` element.
    """
    # Plain text: what is put into markup would be escaped.
    whole = str(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    # One family in text and charts: what a machine calls Helvetica differs from one to the next.
    whole = whole.replace(f'font-family="{FONT}"', f'font-family="{FAMILY}"')
    data = base64.b64encode(whole.encode()).decode()
    return Markup('<img class="chart" alt="{}" src="{}{}">').format(words, DRAWING, data)


def _sections(
    beside: Beside | None, record: RecordView | None, *, is_paper: bool
) -> Iterable[Section]:
    """The table of contents, in the order of the page."""
    yield Section("found", "What was found")
    yield Section("totals", "What went through, in both brackets")
    yield Section("charts", "Charts: months and ways")
    yield Section("leads-table", "Products")
    if beside is not None:
        yield Section("leads-in-full", "Leads in full")
    yield Section("groups-table", "Product groups")
    yield Section("checks", "How sure: the run's own checks")
    if record is not None:
        yield Section("record-of-relations", "Relations: what was said and done")
    if beside is not None:
        yield Section("claims", "Claims and what came of them")
        yield Section("decisions", "Decisions of analysts")
    yield Section("meaning", "What this can say, and what not")
    yield Section("method", "The method on one page")
    yield Section("run", "The run")
    yield Section("sources", "Sources")
    yield Section("glossary", "Glossary")
    if is_paper:
        yield Section("numbers", "Annex: the numbers behind the charts")


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
