"""Files to take away: the dossier of a country as HTML and PDF, each chart as file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request, Response

from entrepot.api.dossier_whole import WholeDossier, decisions_on, whole_dossier
from entrepot.api.lead_shown import lead_shown
from entrepot.corridor import Corridor
from entrepot.dossier.chart_file import chart_bytes
from entrepot.dossier.figure import Figure
from entrepot.dossier.figure_file import figure_chart, figure_csv
from entrepot.dossier.gather import gather_country
from entrepot.dossier.render import render_country, render_paper
from entrepot.lake import Lake
from entrepot.web.pages.answer import (
    HTML,
    PAGE_HEADERS,
    READ,
    ShelfDep,
    answer,
    is_known,
    the_shelf,
)
from entrepot.web.pages.run import RunQuery, known
from entrepot.web.pages.shelf import Shelf

router = APIRouter()
Code = Annotated[str, Path(pattern="^[A-Za-z]{2}$")]
Kind = Literal["svg", "png", "json", "csv"]
_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
# The file brings its own style and drawings along, and may ask for nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
PATIENCE = 300  # seconds after which a PDF that is not there is given up
_ONE_AT_A_TIME = threading.Lock()  # one takes a core for most of a minute


@router.api_route("/countries/{code}/dossier.html", **READ)
def dossier_page(request: Request, shelf: ShelfDep, code: Code, run: RunQuery = "") -> Response:
    """The dossier of a country as one self-contained HTML file."""
    whole = _whole(shelf, code.upper(), run)
    about = {"content-security-policy": _POLICY, **_named(f"dossier-{code.upper()}.html")}

    def make() -> bytes:
        return render_country(whole.dossier, whole.beside.record, beside=whole.beside).encode()

    return _kept(request, whole, make, {"content-type": HTML, **about})


@router.api_route("/countries/{code}/dossier.pdf", **READ)
def dossier_pdf(request: Request, shelf: ShelfDep, code: Code, run: RunQuery = "") -> Response:
    """The dossier of a country as a tagged PDF file; the first reader waits for it."""
    whole = _whole(shelf, code.upper(), run)

    def make() -> bytes:
        return pdf_beside(render_paper(whole.dossier, whole.beside))

    about = {"content-type": "application/pdf", **_named(f"dossier-{code.upper()}.pdf")}
    return _kept(request, whole, make, about)


@router.api_route("/figures/countries/{code}/{key}.{kind}", **READ)
def country_figure(
    request: Request, shelf: ShelfDep, code: Code, key: str, kind: Kind, run: RunQuery = ""
) -> Response:
    """One chart of a country as a file."""

    def gather(lake: Lake) -> tuple[Figure, ...]:
        return gather_country(lake, code.upper(), run or None).figures

    return _figure(
        request,
        f"{code.upper()}-{key}.{kind}",
        lambda: _held(shelf, ("figures", code.upper(), run), gather),
        key,
        kind,
    )


@router.api_route("/figures/leads/{lead}/{key}.{kind}", **READ)
def lead_figure(
    request: Request, shelf: ShelfDep, lead: str, key: str, kind: Kind, run: RunQuery = ""
) -> Response:
    """One chart of a lead as a file."""
    try:
        corridor = Corridor.parse(lead)
    except ValueError as error:
        raise HTTPException(404, str(error)) from error

    def gather(lake: Lake) -> tuple[Figure, ...]:
        return lead_shown(lake, corridor, run or None).figures

    return _figure(
        request,
        f"{corridor}-{key}.{kind}",
        lambda: _held(shelf, ("figures", corridor, run), gather),
        key,
        kind,
    )


def pdf_beside(page: str) -> bytes:
    """Have a page set for paper by a process of its own, so that other readers need not wait.

    Args:
        page: HTML from :func:`~entrepot.dossier.render.render_paper`.

    Returns:
        The PDF file.

    Raises:
        HTTPException: If it cannot be made; the message says what to do.
    """
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "entrepot.dossier.pdf"],
                input=page.encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise HTTPException(
                503, f"The PDF file was not there after {PATIENCE} s. Take the HTML file."
            ) from error
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise HTTPException(503, words[-1] if words else "The PDF file could not be made.")
    return done.stdout


def _whole(shelf: Shelf, code: str, run: str) -> WholeDossier:
    """What the dossier holds now: decisions come and go while the lake stays as it is."""
    url = shelf.settings.decisions
    with known():
        whole = shelf.gathered(
            ("whole", code, run), lambda lake: whole_dossier(lake, code, run or None, decisions=url)
        )
        decided = decisions_on(shelf.settings.lake, url, whole)
    return replace(whole, beside=replace(whole.beside, decisions=decided))


def _kept(
    request: Request, whole: WholeDossier, make: Callable[[], bytes], headers: dict[str, str]
) -> Response:
    """Send a file, and keep it for as long as lake, code and decisions stay as they are."""
    shelf = the_shelf(request)
    rests_on = (shelf.tag, request.url.path, request.url.query, *whole.beside.decisions)
    name = hashlib.sha256("\n".join(rests_on).encode()).hexdigest()[:24]
    about = {**PAGE_HEADERS, "etag": f'W/"{name}"', "cache-control": "private, no-cache", **headers}
    if is_known(request, name):
        return Response(status_code=304, headers=about)
    body = shelf.kept(("file", name), make)
    return Response(b"" if request.method == "HEAD" else body, headers=about)


def _held(
    shelf: Shelf, what: tuple[object, ...], gather: Callable[[Lake], tuple[Figure, ...]]
) -> tuple[Figure, ...]:
    with known():
        return shelf.gathered(what, gather)


def _figure(
    request: Request,
    name: str,
    figures: Callable[[], Sequence[Figure]],
    key: str,
    kind: Kind,
) -> Response:
    def make() -> bytes | str:
        held = figures()
        found = next((one for one in held if one.key == key), None)
        if found is None:
            expected = [one.key for one in held]
            raise HTTPException(404, f"There is no chart {key!r}, expected one of {expected}.")
        return figure_csv(found) if kind == "csv" else chart_bytes(figure_chart(found), kind)

    return answer(request, make, _TYPES[kind], _named(name))


def _named(name: str) -> dict[str, str]:
    """A file name without anything that ends a header."""
    safe = "".join(letter for letter in name if letter.isascii() and letter not in '"\\\r\n;')
    return {"content-disposition": f'attachment; filename="{safe}"'}
