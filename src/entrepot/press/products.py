"""Goods a text names, by key; what each key means in the Harmonized System is written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from entrepot.codes.high_priority import high_priority
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError
from entrepot.press.article import Language, Page, Span
from entrepot.press.language import LEXICON


class Product(NamedTuple):
    """Goods where the text names them.

    Args:
        span: The words.
        key: Key of the lexicon.
    """

    span: Span
    key: str


@dataclass(frozen=True, slots=True)
class Goods:
    """What a key means.

    Args:
        key: ``crude_oil``, ``machinery``, ``dual_use`` …
        prefixes: Beginnings of HS 2022 codes; none where the key means all goods, or where no
            codes can be given.
        code_list: Control list that stands for the words, or nothing: ``chpl``.
        note: In which way the codes are narrower or wider than the words; may be empty.
        source: Where the mapping can be checked.
    """

    key: str
    prefixes: tuple[str, ...]
    code_list: str
    note: str
    source: str


@cache
def _lexicon() -> dict[str, Goods]:
    rows = read_rows("products.csv", ("key", "prefixes", "code_list", "note", "source"), LEXICON)
    return {
        row["key"]: Goods(
            row["key"],
            tuple(row["prefixes"].split()),
            row["code_list"],
            row["note"],
            row["source"],
        )
        for row in rows
    }


def goods(key: str) -> Goods:
    """What a key of the lexicon means.

    Args:
        key: Key, e.g. ``crude_oil``.

    Returns:
        Its codes, and how they differ from the words.

    Raises:
        CodeError: If the lexicon has no such key.

    Example:
        >>> goods("dual_use").code_list, goods("dual_use").note[:8]
        ('chpl', 'narrower')
    """
    known = _lexicon()
    if key not in known:
        raise CodeError(
            f"press/lexicon/products.csv: no product {key!r}, expected one of {sorted(known)}. "
            "Add a row with its source."
        )
    return known[key]


def prefixes(key: str) -> tuple[str, ...]:
    """Beginnings of the HS 2022 codes that a key means.

    Args:
        key: Key, e.g. ``crude_oil``.

    Returns:
        Prefixes; the codes of its control list where it has one; nothing for all goods and for
        words such as "sanctioned goods", whose codes hang on the day.

    Raises:
        CodeError: If the lexicon has no such key.

    Example:
        >>> prefixes("crude_oil"), prefixes("total"), len(prefixes("high_priority"))
        (('2709',), (), 50)
    """
    meant = goods(key)
    if meant.code_list == "chpl":
        return tuple(code.commodity for code in high_priority())
    return meant.prefixes


@cache
def _patterns(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_rows("product_words.csv", ("key", "language", "pattern", "source"), LEXICON)
    return tuple(
        (row["key"], re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)", re.IGNORECASE))
        for row in rows
        if row["language"] == language
    )


def products(page: Page) -> tuple[Product, ...]:
    """Find the goods a text names.

    Args:
        page: The text.

    Returns:
        In order, none overlapping another; of two that overlap, the longer one.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("The import of microelectronics and oil products has doubled.")
        >>> [(p.span.of(page.text), p.key) for p in products(page)]
        [('microelectronics', 'microelectronics'), ('oil products', 'oil_products')]
    """
    found = [
        Product(Span(match.start(), match.end()), key)
        for key, pattern in _patterns(page.language)
        for paragraph in page.paragraphs
        for match in pattern.finditer(page.shadow, paragraph.start, paragraph.end)
    ]
    kept: list[Product] = []
    taken = bytearray(len(page.shadow))
    for product in sorted(found, key=lambda p: (p.span.start - p.span.end, p.span)):
        start, end = product.span.start, product.span.end
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append(product)
    return tuple(sorted(kept))


def product_in(word: str, language: Language) -> str | None:
    """The goods one word names, as the first part of a compound does.

    Args:
        word: The word.
        language: Its language.

    Returns:
        Key of the lexicon, or nothing.

    Example:
        >>> product_in("Maschinen", "de")
        'machinery'
    """
    found = (key for key, pattern in _patterns(language) if pattern.fullmatch(word))
    return next(found, None)
