"""The annexes of Regulation (EU) No 833/2014 that list goods going to Russia."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.rows import read_rows

_COLUMNS = ("annex", "act", "article", "title", "in_force", "decided_by", "locator", "checked")


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex.

    Args:
        annex: Its number.
        act: The act it belongs to.
        article: Article that refers to it; ``unverified`` where we are not sure.
        title: What it lists, in our words.
        in_force: First day on which it listed goods, as far as we know.
        decided_by: What decides whether goods are on it: codes, technical parameters, prices.
        locator: Where it can be checked.
        is_checked: Whether the row was compared with the act.
    """

    annex: str
    act: str
    article: str
    title: str
    in_force: date
    decided_by: str
    locator: str
    is_checked: bool


@cache
def annexes() -> dict[str, Annex]:
    """Every annex, by number.

    Returns:
        The annexes.

    Example:
        >>> annexes()["XXIII"].article
        '3k'
    """
    return {
        row["annex"]: Annex(
            row["annex"],
            row["act"],
            row["article"],
            row["title"],
            date.fromisoformat(row["in_force"]),
            row["decided_by"],
            row["locator"],
            row["checked"] == "yes",
        )
        for row in read_rows("annexes.csv", _COLUMNS)
    }
