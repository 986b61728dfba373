"""Where the rooms meet: what the command line, the web and Python users call alike."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.api.declared import Question, ghost_shares, outflows, summarise_flows
    from entrepot.api.lists import dataset_in
    from entrepot.api.runs import detect, version_of_code
    from entrepot.api.worlds import write_world
    from entrepot.sources.ingest import Ingested, ingest

__all__ = [
    "Ingested",
    "Question",
    "dataset_in",
    "detect",
    "ghost_shares",
    "ingest",
    "outflows",
    "summarise_flows",
    "version_of_code",
    "write_world",
]

# Where each name lives: a command loads what it uses and no more.
_HOMES = {
    "Ingested": "entrepot.sources.ingest",
    "Question": "entrepot.api.declared",
    "dataset_in": "entrepot.api.lists",
    "detect": "entrepot.api.runs",
    "ghost_shares": "entrepot.api.declared",
    "ingest": "entrepot.sources.ingest",
    "outflows": "entrepot.api.declared",
    "summarise_flows": "entrepot.api.declared",
    "version_of_code": "entrepot.api.runs",
    "write_world": "entrepot.api.worlds",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
