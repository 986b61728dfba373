"""What most readers ask first, gathered while nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import HTTPException

from entrepot.api.tables_shown import is_contested
from entrepot.errors import EntrepotError
from entrepot.web.pages.overview import gathered_overview
from entrepot.web.pages.relations import gathered_relations
from entrepot.web.pages.shelf import Shelf

_PATIENCE = 20.0  # seconds a server that stops waits for what is being gathered


def gather_ahead(shelf: Shelf, is_stopped: Callable[[], bool]) -> int:
    """Gather the overview, the check for several vintages, and each country's relations.

    What is gathered is kept until the lake changes; a lake that holds none of it leaves nothing to
    gather, and the pages themselves say why.

    Args:
        shelf: The shelf that keeps it.
        is_stopped: Asked between two pieces; whether to leave off.

    Returns:
        Pieces gathered.
    """
    done = 0
    try:
        shown = gathered_overview(shelf, "")
        shelf.gathered(("contested",), is_contested)
        done = 2
        for line in shown.countries:
            if is_stopped():
                break
            gathered_relations(shelf, line.code, "")
            done += 1
    except (EntrepotError, HTTPException):
        return done
    return done


@contextmanager
def gathering_ahead(shelf: Shelf) -> Iterator[None]:
    """Gather in the background for as long as the server runs.

    Args:
        shelf: The shelf that keeps it.

    Yields:
        Nothing; the work has begun.
    """
    stop = threading.Event()
    work = threading.Thread(target=gather_ahead, args=(shelf, stop.is_set), daemon=True)
    work.start()
    try:
        yield
    finally:
        stop.set()
        work.join(_PATIENCE)
