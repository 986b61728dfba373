"""What most readers ask first, gathered while nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import HTTPException

from entrepot.api.leads_shown import LeadsAsked, countries_tested
from entrepot.api.tables_shown import is_contested
from entrepot.errors import EntrepotError
from entrepot.web.pages import lead
from entrepot.web.pages.country import gathered_country, gathered_said
from entrepot.web.pages.lead_cells import corridor_of
from entrepot.web.pages.leads import gathered_leads
from entrepot.web.pages.listing import ROWS
from entrepot.web.pages.overview import gathered_overview
from entrepot.web.pages.relations import gathered_relations
from entrepot.web.pages.shelf import Shelf
from entrepot.web.pages.sources import gathered_coverage

_PATIENCE = 20.0  # seconds a server that stops waits for what is being gathered
_Piece = Callable[[], object]


def gather_ahead(
    shelf: Shelf, is_stopped: Callable[[], bool], describe: _Piece | None = None
) -> int:
    """Gather what stands on the pages that readers open first.

    These are the overview, the check for several vintages, the table of leads, each country with
    its relations and what was said of it, the first leads of the table, and the coverage. What is
    gathered is kept until the lake changes; a lake that holds none of it leaves nothing to
    gather, and the pages themselves say why.

    Args:
        shelf: The shelf that keeps it.
        is_stopped: Asked between two pieces; whether to leave off.
        describe: Makes the description of the HTTP interface, if there is one.

    Returns:
        Pieces gathered.
    """
    done = 0
    try:
        for piece in _pieces(shelf, describe):
            if is_stopped():
                break
            piece()
            done += 1
    except (EntrepotError, HTTPException):
        return done
    return done


def _pieces(shelf: Shelf, describe: _Piece | None) -> Iterator[_Piece]:
    """The pieces in the order of use; each is named when the one before is there."""
    if describe is not None:
        yield describe
    shown = gathered_overview(shelf, "")
    run_id = shown.run.run_id
    yield partial(shelf.gathered, ("contested",), is_contested)
    yield partial(
        shelf.gathered, ("countries", run_id), lambda lake: countries_tested(lake, run_id)
    )
    for line in shown.countries:
        yield partial(gathered_country, shelf, line.code, "")
        yield partial(gathered_said, shelf, line.code)
    rows = gathered_leads(shelf, LeadsAsked(run_id))
    for row in rows.slice(0, ROWS).to_pylist():
        yield partial(_lead, shelf, str(corridor_of(row)))
    for line in shown.countries:
        yield partial(gathered_relations, shelf, line.code, "")
    yield partial(gathered_coverage, shelf)


def _lead(shelf: Shelf, name: str) -> None:
    lead.made(shelf, lead.gathered_lead(shelf, name, ""), "")


@contextmanager
def gathering_ahead(
    shelf: Shelf, tell: Callable[[str], None], describe: _Piece | None = None
) -> Iterator[None]:
    """Gather in the background for as long as the server runs.

    Args:
        shelf: The shelf that keeps it.
        tell: Told, in a sentence, when all is gathered.
        describe: Makes the description of the HTTP interface, if there is one.

    Yields:
        Nothing; the work has begun.
    """
    stop = threading.Event()

    def gather() -> None:
        count = gather_ahead(shelf, stop.is_set, describe)
        if not stop.is_set():
            tell(f"Gathered ahead: {count} pieces of the pages that are opened first.")

    work = threading.Thread(target=gather, daemon=True)
    work.start()
    try:
        yield
    finally:
        stop.set()
        work.join(_PATIENCE)
