"""Entrepôt finds sanctioned goods that take the long way round.

>>> from entrepot import Corridor
>>> Corridor.parse("EU-KG-RU-870324").commodity
'870324'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from entrepot.corridor import Corridor
from entrepot.errors import CodeError, EntrepotError, EstimateError, LakeError, SourceError
from entrepot.finding import Finding

if TYPE_CHECKING:
    from entrepot.api import detect, ingest, summarise_flows, write_world
    from entrepot.diversion.inquiry import Inquiry
    from entrepot.lake import Lake, open_lake

__all__ = [
    "CodeError",
    "Corridor",
    "EntrepotError",
    "EstimateError",
    "Finding",
    "Inquiry",
    "Lake",
    "LakeError",
    "SourceError",
    "detect",
    "ingest",
    "open_lake",
    "summarise_flows",
    "write_world",
]

_ELSEWHERE = {
    "Inquiry": "entrepot.diversion.inquiry",
    "Lake": "entrepot.lake",
    "open_lake": "entrepot.lake",
    "detect": "entrepot.api",
    "ingest": "entrepot.api",
    "summarise_flows": "entrepot.api",
    "write_world": "entrepot.api",
}


def __getattr__(name: str) -> Any:
    """Import what needs the engine only when it is asked for, so that ``--help`` stays quick."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    return getattr(import_module(_ELSEWHERE[name]), name)
