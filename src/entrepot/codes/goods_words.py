"""Words by which goods go: of high priority goods, of all headings, part-number families, units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from entrepot.codes.rows import read_rows

_WORDS = ("commodity", "language", "words", "source")
_HEADINGS = ("commodity", "words", "source")
_PARTS = ("commodity", "family", "pattern", "source")
_UNITS = ("unit", "spellings", "source")


@dataclass(frozen=True, slots=True)
class GoodsWords:
    """Words that goods of one code are called by.

    Args:
        commodity: HS 2022 heading or subheading.
        language: ISO 639-1.
        words: Words; those joined by ``_`` count only together and in this order.
        is_own: Whether the words are ours, and not taken from the nomenclature.
    """

    commodity: str
    language: str
    words: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class PartFamily:
    """A family of makers' part numbers.

    Args:
        commodity: HS 2022 subheading the family's parts are.
        family: What it is called.
        pattern: What its numbers look like, in small letters without hyphens.
    """

    commodity: str
    family: str
    pattern: re.Pattern[str]


@cache
def goods_words() -> tuple[GoodsWords, ...]:
    """Words of every heading of HS 2022, ours for high priority goods and common other goods.

    Headings that hold high priority codes are there by subheading, all others by heading.

    Returns:
        Words, ours first.
    """
    own = [
        GoodsWords(row["commodity"], row["language"], tuple(row["words"].split()), is_own=True)
        for name in ("goods_words.csv", "goods_words_other.csv")
        for row in read_rows(name, _WORDS)
    ]
    of_headings = [
        GoodsWords(row["commodity"], "en", tuple(row["words"].split()), is_own=False)
        for row in read_rows("goods_words_headings.csv", _HEADINGS)
    ]
    return (*own, *of_headings)


@cache
def headings() -> frozenset[str]:
    """Headings of HS 2022, four digits, and 9999, in which statistics put goods not specified.

    Example:
        >>> "8542" in headings(), "1234" in headings(), len(headings())
        (True, False, 1229)
    """
    return frozenset(words.commodity[:4] for words in goods_words() if words.commodity)


@cache
def part_families() -> tuple[PartFamily, ...]:
    """Families of part numbers of high priority goods.

    Returns:
        The families.
    """
    return tuple(
        PartFamily(row["commodity"], row["family"], re.compile(row["pattern"]))
        for row in read_rows("goods_words_parts.csv", _PARTS)
    )


@cache
def _units() -> Mapping[str, str]:
    return {
        spelling: row["unit"]
        for row in read_rows("goods_words_units.csv", _UNITS)
        for spelling in (row["unit"], *row["spellings"].split())
    }


def unit_named(words: str | None) -> str | None:
    """The unit that goes by a spelling.

    Args:
        words: A unit as papers write it.

    Returns:
        Our name of the unit, ``None`` where the spelling is unknown.

    Example:
        >>> unit_named("Stück"), unit_named("PCS."), unit_named("armful")
        ('piece', 'piece', None)
    """
    if words is None:
        return None
    return _units().get(words.strip().rstrip(".").casefold())
