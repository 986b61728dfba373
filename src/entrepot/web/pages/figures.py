"""Figures of a page: each chart at an address of its own, with words and a table beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import HTTPException, Request, Response

from entrepot.dossier.figure import DataTable, Figure
from entrepot.dossier.palette import dark
from entrepot.dossier.specs import Spec, spec
from entrepot.web.pages.answer import answer
from entrepot.web.pages.page import Page

Theme = Literal["light", "dark"]
Size = Literal["narrow", "wide"]
FILES = (("SVG", "svg"), ("PNG", "png"), ("Vega-Lite", "json"), ("CSV", "csv"))


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture of a figure: what it is, and where its description is."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as a page shows it.

    Args:
        key: Short name, unique on the page.
        title: The fact it shows.
        subtitle: Unit, source and vintage.
        description: What a reader who cannot see it should know.
        drawings: Its pictures.
        table: The numbers.
        is_wide: Whether it is described for wide and narrow pages apart.
        files: Kinds of file it can be taken away as, and where they are.
    """

    key: str
    title: str
    subtitle: str
    description: str
    drawings: tuple[Drawing, ...]
    table: DataTable
    is_wide: bool = False
    files: tuple[Drawing, ...] = ()


def figure_views(figures: Sequence[Figure], page: Page, base: str) -> tuple[FigureView, ...]:
    """Figures with the addresses of their pictures.

    Args:
        figures: The figures.
        page: The page they stand on.
        base: Address below which its charts are.

    Returns:
        One view per figure, in order.
    """
    return tuple(
        FigureView(
            key=one.key,
            title=one.title,
            subtitle=one.subtitle,
            description=one.description,
            drawings=tuple(
                Drawing(panel.title, page.at(f"{base}/{one.key}/{number}.json"))
                for number, panel in enumerate(one.panels)
            ),
            table=one.table,
            files=tuple(
                Drawing(name, page.at(f"/figures{base.removesuffix('/charts')}/{one.key}.{kind}"))
                for name, kind in FILES
            ),
        )
        for one in figures
    )


def panel_spec(figures: Sequence[Figure], key: str, number: int) -> Spec:
    """The description of one picture.

    Args:
        figures: The figures of the page.
        key: Name of the figure.
        number: Which of its pictures.

    Returns:
        Vega-Lite.

    Raises:
        HTTPException: If there is no such picture.
    """
    found = next((one for one in figures if one.key == key), None)
    if found is None or not 0 <= number < len(found.panels):
        held = [one.key for one in figures]
        raise HTTPException(404, f"There is no chart {key}/{number}, expected one of {held}.")
    return spec(found.panels[number], found.mark)


def spec_answer(request: Request, make: Callable[[], Spec], theme: Theme) -> Response:
    """Send the description of a picture.

    Args:
        request: The request.
        make: Makes it.
        theme: Colours of the page it will stand on.

    Returns:
        JSON.
    """

    def body() -> str:
        made = {name: part for name, part in make().items() if name != "$schema"}
        return json.dumps(themed(made, theme), ensure_ascii=False, separators=(",", ":"))

    return answer(request, body, "application/json")


def themed(part: Any, theme: Theme) -> Any:
    """A description in the colours of a page.

    Args:
        part: Vega-Lite, or a part of it.
        theme: ``light`` leaves it as it is.

    Returns:
        The same with other colours.

    Example:
        >>> themed({"color": "#0072B2", "size": 3}, "dark")
        {'color': '#56b4e9', 'size': 3}
    """
    if theme == "light":
        return part
    if isinstance(part, dict):
        return {name: themed(value, theme) for name, value in part.items()}
    if isinstance(part, list):
        return [themed(value, theme) for value in part]
    return dark(part) if isinstance(part, str) else part
