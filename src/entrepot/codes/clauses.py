"""What contracts must forbid since when, and the countries whose buyers are spared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.rows import open_day, read_rows

_CLAUSES = (
    *("clause", "act", "article", "applies_from", "contracts_before", "until"),
    *("annexes", "locator", "checked"),
)
_PARTNERS = ("area", "from", "until", "act", "annex", "locator", "checked")


@dataclass(frozen=True, slots=True)
class Clause:
    """A duty of contracts for some goods.

    Args:
        name: ``no_russia``, ``no_belarus``, ``know_how`` or ``risk_assessment``.
        act: The act.
        article: Its article.
        applies_from: First day of the duty.
        contracts_before: Contracts concluded before this day have time; open where none have.
        until: Until this day.
        annexes: Annexes of Regulation (EU) No 833/2014 whose goods are meant; ``FIREARMS`` are
            those of Annex I to Regulation (EU) No 258/2012.
        locator: Where it can be checked.
        is_checked: Whether the row was compared with the act.
    """

    name: str
    act: str
    article: str
    applies_from: date
    contracts_before: date | None
    until: date | None
    annexes: frozenset[str]
    locator: str
    is_checked: bool


@cache
def clauses() -> dict[str, Clause]:
    """Every clause, by name.

    Returns:
        The clauses.

    Example:
        >>> clauses()["no_russia"].applies_from.isoformat()
        '2024-03-20'
    """
    return {
        row["clause"]: Clause(
            row["clause"],
            row["act"],
            row["article"],
            date.fromisoformat(row["applies_from"]),
            open_day(row["contracts_before"]),
            open_day(row["until"]),
            frozenset(row["annexes"].split()),
            row["locator"],
            row["checked"] == "yes",
        )
        for row in read_rows("clauses.csv", _CLAUSES)
    }


def is_partner_country(area: str, on: date) -> bool:
    """Whether Annex VIII names a country on a day.

    Args:
        area: ISO 3166-1 alpha-2.
        on: The day.

    Example:
        >>> is_partner_country("CH", date(2024, 1, 1)), is_partner_country("TR", date(2024, 1, 1))
        (True, False)
    """
    for row in read_rows("partner_countries.csv", _PARTNERS):
        until = open_day(row["until"])
        if row["area"] == area and date.fromisoformat(row["from"]) <= on:
            return until is None or on <= until
    return False
