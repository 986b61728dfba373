"""What a business does, by NACE or ISIC code or in words, and which goods go with it.

The list is wide on purpose: a business also buys what every business or every works needs. What
does not fit calls for a question to the customer and says nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from entrepot.codes.rows import read_rows
from entrepot.codes.shipment_words import folded

_COLUMNS = ("nace", "activity", "judged", "language", "words", "goods", "also", "source")
_CHAPTER, _HEADING = 2, 4
# A number is a code where it is all that is said, is named as one, or begins a part with its point.
_EDITION = re.compile(r"\brev\.?\s*\d(?:\.\d)?\b|(?<=wz )20\d\d\b", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:nace|isic|wz|оквэд2?)\D{0,12}(\d{2})\.?(\d{0,3})"
    r"|^\s*[A-U]?\s?(\d{2})\.?(\d{0,3})\s*$"
    r"|(?:^|[,;(])\s*[A-U]?\s?(\d{2})\.(\d{1,2})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Activity:
    """A branch of business.

    Args:
        nace: Division of NACE Rev. 2 and ISIC Rev. 4, or a group of NACE such as ``46.6``.
        title: What it is, in a few words.
        is_judged: Whether goods are compared with it; no for trade in anything, for forwarders
            and for those who may need anything.
        goods: Chapters and headings that go with it, as first and last number.
    """

    nace: str
    title: str
    is_judged: bool
    goods: tuple[tuple[str, str], ...]

    def takes(self, code: str) -> bool:
        """Whether goods of a code go with the branch.

        A short code goes with it where any code below it may.

        Args:
            code: HS or CN code, two digits at least.
        """
        return any(first <= code[: len(first)] <= last for first, last in self._cut(code))

    def _cut(self, code: str) -> Iterator[tuple[str, str]]:
        for first, last in self.goods:
            yield first[: len(code)], last[: len(code)]


def _span(text: str) -> tuple[str, str]:
    first, _, last = text.partition("-")
    return first, last or first


@cache
def activities() -> dict[str, Activity]:
    """Every branch of the list, by code."""
    rows = [row for row in read_rows("activities.csv", _COLUMNS) if row["language"] in ("", "en")]
    own = {row["nace"]: tuple(map(_span, row["goods"].split())) for row in rows}
    return {
        row["nace"]: Activity(
            row["nace"],
            row["activity"],
            row["judged"] == "yes",
            (*own[row["nace"]], *(span for name in row["also"].split() for span in own[name])),
        )
        for row in rows
        if row["nace"][:1].isdigit()
    }


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    found: dict[str, list[str]] = {}
    for row in read_rows("activities.csv", _COLUMNS):
        found.setdefault(row["nace"], []).extend(filter(None, row["words"].split("|")))
    return tuple((_either(words), nace) for nace, words in found.items() if words)


def _either(words: list[str]) -> re.Pattern[str]:
    parts = [
        re.escape(folded(word.removesuffix("*"))) + (r"\w*" if word.endswith("*") else r"\b")
        for word in words
    ]
    return re.compile(rf"\b(?:{'|'.join(parts)})")


@lru_cache(maxsize=4096)
def activities_said(text: str) -> tuple[Activity, ...]:
    """Branches that a text names, by code or, where it gives none, in words.

    Args:
        text: What a business is said to do: ``florist``, ``NACE 26.11``, ``производство мебели``.

    Returns:
        The branches in the order of the list; none where the list knows none of it.

    Example:
        >>> [one.title for one in activities_said("NACE 26.11, electronic components")]
        ['Electronics']
        >>> [one.title for one in activities_said("Blumenhandel")]
        ['Farming']
        >>> activities_said("founded 1995")
        ()
    """
    matches = _CODE.finditer(_EDITION.sub("", text))
    codes = [[part for part in match.groups() if part is not None] for match in matches]
    found = [_by_code(division, rest) for division, rest in codes]
    known = dict.fromkeys(one for one in found if one is not None)
    if codes:
        return tuple(known)
    plain = folded(text)
    return tuple(activities()[nace] for pattern, nace in _patterns() if pattern.search(plain))


def _by_code(division: str, rest: str) -> Activity | None:
    held = activities()
    return held.get(f"{division}.{rest[:1]}") or held.get(division)
