"""Where goods may not go or pass: transit bans, occupied regions, goods barred to a country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from entrepot.codes.areas import area_from_label
from entrepot.codes.rows import open_day, read_rows
from entrepot.errors import CodeError

_TRANSIT = ("country", "applies_from", "until", "annexes", "act", "article", "locator", "checked")
_REGIONS = ("region", "words", "from", "act", "locator", "checked")
_PAIRS = ("area", "prefixes", "from", "until", "act", "article", "locator", "checked")
_WORD = re.compile(r"[^\W\d_]+")
# Acts that bar goods to a country under Article 12f were read up to this day.
BARRED_READ_UNTIL = date(2025, 12, 31)


@dataclass(frozen=True, slots=True)
class TransitBan:
    """Goods that may not pass through a country on their way from the Union.

    Args:
        country: The country passed.
        applies_from: First day.
        until: Last day; open while it stands.
        annexes: Lists whose goods are meant.
        citation: Act and article, and where it can be checked.
    """

    country: str
    applies_from: date
    until: date | None
    annexes: frozenset[str]
    citation: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region under a regime of its own.

    Args:
        name: Its name.
        words: Words of an address that mean it.
        since: First day of the regime.
        citation: The act, and where it can be checked.
    """

    name: str
    words: frozenset[str]
    since: date
    citation: str


@cache
def _transit_bans() -> tuple[TransitBan, ...]:
    return tuple(
        TransitBan(
            row["country"],
            date.fromisoformat(row["applies_from"]),
            open_day(row["until"]),
            frozenset(row["annexes"].split()),
            f"{row['act']}, Article {row['article']} ({row['locator']})",
        )
        for row in read_rows("transit_bans.csv", _TRANSIT)
    )


def transit_bans(country: str, on: date) -> tuple[TransitBan, ...]:
    """Bans on passing through a country on a day.

    Args:
        country: ISO 3166-1 alpha-2.
        on: The day.

    Returns:
        Bans in force.

    Example:
        >>> len(transit_bans("RU", date(2023, 3, 1))), transit_bans("KZ", date(2024, 1, 1))
        (1, ())
    """
    return tuple(
        ban
        for ban in _transit_bans()
        if ban.country == country
        and ban.applies_from <= on
        and (ban.until is None or on <= ban.until)
    )


@cache
def _regions() -> tuple[Region, ...]:
    return tuple(
        Region(
            row["region"],
            frozenset(row["words"].split()),
            date.fromisoformat(row["from"]),
            f"{row['act']} ({row['locator']})",
        )
        for row in read_rows("occupied_regions.csv", _REGIONS)
    )


def occupied_region(address: str, on: date) -> Region | None:
    """The region under a regime of its own that an address names.

    Args:
        address: An address in any of three languages.
        on: The day.

    Returns:
        The region, or nothing where no word of it is on the list.

    Example:
        >>> found = occupied_region("ul. Lenina 1, Simferopol", date(2024, 1, 1))
        >>> found.name if found else None
        'Crimea'
    """
    words = {word.casefold() for word in _WORD.findall(address)}
    return next(
        (region for region in _regions() if words & region.words and region.since <= on), None
    )


def named_country(address: str) -> str | None:
    """The country that an address ends with.

    Args:
        address: An address in one line.

    Returns:
        ISO 3166-1 alpha-2; nothing where its last words are no country.

    Example:
        >>> named_country("Tverskaya 1, Moscow, Russia"), named_country("Russian Street 1, Almaty")
        ('RU', None)
    """
    last = re.split(r"[,;\n]", address.strip().rstrip("."))[-1].strip()
    for words in dict.fromkeys((last, last.rpartition(" ")[2])):
        if len(words) > len("RU"):
            try:
                return area_from_label(words).alpha2
            except CodeError:
                continue
    return None


def barred(area: str, commodity: str, on: date) -> str | None:
    """What bars a code to a country under Article 12f on a day.

    Args:
        area: ISO 3166-1 alpha-2.
        commodity: HS or CN code.
        on: The day; after ``BARRED_READ_UNTIL`` nothing found says nothing.

    Returns:
        Act and article, or nothing where none is recorded.
    """
    for row in read_rows("barred_pairs.csv", _PAIRS):
        until = open_day(row["until"])
        is_on = date.fromisoformat(row["from"]) <= on and (until is None or on <= until)
        if row["area"] == area and is_on and commodity.startswith(tuple(row["prefixes"].split())):
            return f"{row['act']}, Article {row['article']} ({row['locator']})"
    return None
