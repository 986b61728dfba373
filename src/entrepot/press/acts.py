"""What can be done by saying something: the closed list of acts and what PLOVER 2021 calls them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.language import LEXICON


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the closed list.

    Args:
        name: ``say``, ``deny``, ``call_for`` …
        plover: Type of PLOVER 2021; empty where the manual has none.
        mode: Mode of that type; may be empty.
        cameo: Code of CAMEO.
        source: Where the mapping comes from.
    """

    name: str
    plover: str
    mode: str
    cameo: str
    source: str


@cache
def acts() -> dict[str, Act]:
    """The closed list, by name.

    Returns:
        Acts in the order of the list.

    Example:
        >>> acts()["deny"].plover, acts()["accuse"].mode
        ('REJECT', 'allege')
    """
    columns = ("act", "plover", "mode", "cameo", "source")
    rows = read_rows("acts.csv", columns, LEXICON)
    return {row["act"]: Act(*(row[name] for name in columns)) for row in rows}
