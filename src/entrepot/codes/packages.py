"""The EU's packages against Russia: which act reached which goods, and from which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError

COLUMNS = (
    *("package", "act", "celex", "adopted", "in_force", "applies_from", "direction", "article"),
    *("annex", "level", "coverage", "prefixes", "goods", "locator", "act_checked", "checked"),
)
CODE_LENGTHS = (2, 4, 6, 8)


@dataclass(frozen=True, slots=True)
class Measure:
    """What one act did to the goods of one annex of Regulation (EU) No 833/2014.

    Args:
        package: Number of the package.
        act: The amending act.
        celex: Its number in EUR-Lex.
        adopted: Day of adoption.
        in_force: Day of entry into force.
        applies_from: First day on which the goods are reached; later where the act says so.
        direction: ``export`` to Russia, ``import`` from Russia, ``none`` where no goods.
        article: Article of Regulation (EU) No 833/2014; empty where not known for sure.
        annex: Annex of that Regulation; empty where there is none or not known for sure.
        level: How fine ``prefixes`` are: ``chapter``, ``heading``, ``subheading``; ``annex``
            where only the annex is known.
        coverage: ``whole`` if every code under the prefixes is reached, ``part`` if some are.
        prefixes: Prefixes of the codes reached; empty at the level of the annex.
        goods: What they are, in our words.
        locator: Official Journal.
        is_act_checked: Whether number and day of the act were found in EUR-Lex or a page quoting
            it when the row was written.
        is_checked: The same for the goods and their first day.
    """

    package: int
    act: str
    celex: str
    adopted: date
    in_force: date
    applies_from: date
    direction: str
    article: str
    annex: str
    level: str
    coverage: str
    prefixes: tuple[str, ...]
    goods: str
    locator: str
    is_act_checked: bool
    is_checked: bool


@cache
def packages() -> tuple[Measure, ...]:
    """Every measure of every package, in the order of the acts."""
    return tuple(_measure(row) for row in read_rows("eu_packages.csv", COLUMNS))


def measures_reaching(commodity: str, on: date) -> tuple[Measure, ...]:
    """The measures whose prefixes reach a code on a day, the finest prefix first.

    Measures known only by their annex are never returned, so an empty answer does not say that
    the code was free. ``coverage`` says whether all codes under the prefix are reached.

    Args:
        commodity: HS or CN code of two, four, six or eight digits.
        on: The day.

    Returns:
        Measures in force on that day, by length of the prefix, then by first day.

    Raises:
        CodeError: If the code is no code, for instance one that lost its leading zero.

    Example:
        >>> [m.act for m in measures_reaching("880240", date(2022, 3, 1))]
        ['Regulation (EU) 2022/328']
    """
    if len(commodity) not in CODE_LENGTHS or not (commodity.isascii() and commodity.isdigit()):
        raise CodeError(
            f"commodity is {commodity!r}, expected 2, 4, 6 or 8 digits. "
            "A leading zero may have been lost: read codes as text."
        )
    matches = [
        (-max(lengths), measure.applies_from, order, measure)
        for order, measure in enumerate(packages())
        if measure.applies_from <= on
        and (lengths := [len(p) for p in measure.prefixes if commodity.startswith(p)])
    ]
    return tuple(measure for *_, measure in sorted(matches, key=lambda match: match[:3]))


def _measure(row: dict[str, str]) -> Measure:
    return Measure(
        package=int(row["package"]),
        act=row["act"],
        celex=row["celex"],
        adopted=date.fromisoformat(row["adopted"]),
        in_force=date.fromisoformat(row["in_force"]),
        applies_from=date.fromisoformat(row["applies_from"]),
        direction=row["direction"],
        article=row["article"],
        annex=row["annex"],
        level=row["level"],
        coverage=row["coverage"],
        prefixes=() if row["level"] == "annex" else tuple(row["prefixes"].split(" ")),
        goods=row["goods"],
        locator=row["locator"],
        is_act_checked=row["act_checked"] == "yes",
        is_checked=row["checked"] == "yes",
    )
