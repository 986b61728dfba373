"""Which run a page is about, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import HTTPException, Query

from entrepot.dossier.records import Run
from entrepot.dossier.runs import read_run, vintage_words
from entrepot.errors import CodeError, LakeError
from entrepot.web.pages.shelf import Shelf

RunQuery = Annotated[
    str, Query(pattern=r"^[0-9a-z]{0,64}$", description="Run id; the latest where left out.")
]


@contextmanager
def known() -> Iterator[None]:
    """Answer 404 where the lake holds nothing of what is asked; the message names what it holds.

    Raises:
        HTTPException: If what is asked for is not there.
    """
    try:
        yield
    except (LakeError, CodeError) as error:
        raise HTTPException(404, str(error)) from error


def run_words(run: Run) -> str:
    """A run in words: its name, when it was made, by what, from which vintage.

    Args:
        run: The run.
    """
    made = f"Run {run.run_id}, {run.created}, Entrepôt {run.code_version}"
    return f"{made}. {vintage_words(run)}."


def usual(shelf: Shelf, run: str) -> str:
    """The run as what is kept names it: one record, whether readers name the latest run or not.

    Args:
        shelf: The shelf.
        run: Run id; empty for the latest.

    Returns:
        Empty for the latest run, else its id.

    Raises:
        HTTPException: If the lake holds no run.
    """
    with known():
        latest = shelf.gathered(("run", ""), lambda lake: read_run(lake, None))
    return "" if run == latest.run_id else run
