"""The lexica of figures, compiled: what stands before, behind and instead of a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language
from entrepot.press.language import LEXICON
from entrepot.press.told import Comparison

# ``percent`` becomes a share or a change by what stands around it.
WordKind = Literal["count", "money", "percent", "share", "ratio", "rank", "length", "duration"]
_KINDS: dict[str, WordKind] = {
    kind: kind
    for kind in ("count", "money", "percent", "share", "ratio", "rank", "length", "duration")
}
_COMPARISONS: dict[str, Comparison] = {c: c for c in ("=", "~", ">", ">=", "<", "<=", "~<")}
Place = Literal["before", "after", "verb"]
Side = Literal["any", "right", "end"]


@dataclass(frozen=True, slots=True)
class UnitWord:
    """What gives a number its unit.

    Args:
        before: Pattern of what ends where the number begins; nothing where nothing need stand.
        after: Pattern of what begins where the number ends.
        unit: The unit.
        kind: What kind of quantity.
        factor: What the number is multiplied with; 0 for one part in so many.
        comparison: Comparison that the words imply, or nothing.
    """

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unit: str
    kind: WordKind
    factor: float
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class WholeWord:
    """Words that are a figure without a number: doubled, a third.

    Args:
        kind: What kind of quantity.
        value: What they amount to.
        comparison: Comparison that the words imply, or nothing.
    """

    kind: WordKind
    value: float
    comparison: Comparison | None


def _of(name: str, columns: tuple[str, ...], language: Language) -> list[dict[str, str]]:
    rows = read_rows(name, columns, LEXICON)
    return [row for row in rows if row["language"] in {language, "*"}]


def comparison_of(text: str) -> Comparison | None:
    """Read a comparison of a lexicon.

    Args:
        text: The sign, or nothing.
    """
    return _COMPARISONS[text] if text else None


@dataclass(frozen=True, slots=True)
class UnitWords:
    """All that gives a number its unit, in one pattern for each side.

    Args:
        words: In the order in which they are tried.
        after: Pattern of the words that need nothing before the number.
        after_words: Place in ``words`` of each of its alternatives.
        before: Pattern of the words that need nothing behind the number.
        before_words: Place in ``words`` of each of its alternatives.
        both: Places of the words that need something on both sides.
    """

    words: tuple[UnitWord, ...]
    after: re.Pattern[str]
    after_words: tuple[int, ...]
    before: re.Pattern[str]
    before_words: tuple[int, ...]
    both: tuple[int, ...]


@cache
def unit_words(language: Language, is_ordinal: bool) -> UnitWords:
    """What gives a number its unit.

    Args:
        language: Language of the text.
        is_ordinal: Whether the number is a place in an order.
    """
    columns = (
        *("language", "number", "before", "after", "unit", "kind"),
        *("factor", "comparison", "source"),
    )
    number = "ordinal" if is_ordinal else "cardinal"
    rows = [row for row in _of("units.csv", columns, language) if row["number"] == number]
    after = tuple(at for at, row in enumerate(rows) if not row["before"])
    before = tuple(at for at, row in enumerate(rows) if not row["after"])
    return UnitWords(
        tuple(map(_unit_word, rows)),
        re.compile(_joined([rows[at]["after"] for at in after]) or "(?!)", re.IGNORECASE),
        after,
        re.compile(
            rf"(?:{_joined([rows[at]['before'] for at in before]) or '(?!)'})$", re.IGNORECASE
        ),
        before,
        tuple(at for at, row in enumerate(rows) if row["before"] and row["after"]),
    )


def _unit_word(row: dict[str, str]) -> UnitWord:
    return UnitWord(
        re.compile(rf"(?:{row['before']})$", re.IGNORECASE) if row["before"] else None,
        re.compile(row["after"], re.IGNORECASE) if row["after"] else None,
        row["unit"],
        _KINDS[row["kind"]],
        0.0 if row["factor"] == "inverse" else float(row["factor"]),
        comparison_of(row["comparison"]),
    )


def _joined(patterns: list[str]) -> str:
    return "|".join(f"(?P<g{at}>{pattern})" for at, pattern in enumerate(patterns))


def group_number(match: re.Match[str]) -> int:
    """Which alternative of a joined pattern matched.

    Args:
        match: A match of a pattern made here.
    """
    return int((match.lastgroup or "g0")[1:])


@cache
def counted(language: Language) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Nouns that are counted: one pattern, and the unit of each alternative.

    Args:
        language: Language of the text.
    """
    rows = _of("counted.csv", ("language", "unit", "pattern", "source"), language)
    nouns = _joined([row["pattern"] for row in rows])
    units = tuple(row["unit"] for row in rows)
    if language == "de":
        # A noun has a capital ("Waren" are goods, "waren" is a verb) and may end a compound.
        return re.compile(rf"(?=[A-ZÄÖÜ])[\w-]*?(?i:{nouns})(?!\w)"), units
    hyphen = r"(?!-[^\W\d])" if language == "en" else ""
    return re.compile(rf"(?:{nouns})(?!\w){hyphen}", re.IGNORECASE), units


@cache
def whole_words(language: Language) -> tuple[re.Pattern[str], tuple[WholeWord, ...]]:
    """Words that are a figure by themselves.

    Args:
        language: Language of the text.
    """
    columns = ("language", "kind", "value", "comparison", "pattern", "source")
    rows = _of("ratios.csv", columns, language)
    words = tuple(
        WholeWord(_KINDS[row["kind"]], float(row["value"]), comparison_of(row["comparison"]))
        for row in rows
    )
    return re.compile(_joined([row["pattern"] for row in rows]), re.IGNORECASE), words


@cache
def qualifiers(language: Language, place: Place) -> tuple[re.Pattern[str], tuple[Comparison, ...]]:
    """Words that say how exact a number is.

    Args:
        language: Language of the text.
        place: Before the number, after it, or a verb somewhere before it.
    """
    columns = ("language", "place", "comparison", "pattern", "source")
    rows = [row for row in _of("qualifiers.csv", columns, language) if row["place"] == place]
    joined = _joined([row["pattern"] for row in rows])
    pattern = {
        "before": rf"(?<![\w-])(?:{joined})(?<!~)\s?(?:the |a |an |als |чем |на |в )?$",
        "after": rf"(?:{joined})(?!\w)",
        "verb": rf"(?<!\w)(?:{joined})(?!\w)",
    }[place]
    return re.compile(pattern, re.IGNORECASE), tuple(
        _COMPARISONS[row["comparison"]] for row in rows
    )


@cache
def directions(language: Language, place: Side) -> re.Pattern[str]:
    """Words of rising and falling; a fall is the group ``down``.

    Args:
        language: Language of the text.
        place: Anywhere in the clause, right of the number, or at the end of the clause.
    """
    columns = ("language", "direction", "place", "pattern", "source")
    rows = [row for row in _of("directions.csv", columns, language) if row["place"] == place]
    parts = "|".join(f"(?P<{row['direction']}>{row['pattern']})" for row in rows) or "(?!)"
    flags = re.IGNORECASE if language != "de" else re.NOFLAG
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", flags)


@cache
def excluded(language: Language) -> re.Pattern[str]:
    """Numbers that are no figures: dates, times, ages, acts, codes, names.

    Args:
        language: Language of the text.
    """
    rows = _of("excluded.csv", ("language", "reason", "pattern", "source"), language)
    return re.compile("|".join(f"(?:{row['pattern']})" for row in rows))


@cache
def phrase_ends(language: Language) -> frozenset[str]:
    """Words that end the noun phrase behind a number.

    Args:
        language: Language of the text.
    """
    rows = _of("phrase_ends.csv", ("language", "words", "source"), language)
    return frozenset(word for row in rows for word in row["words"].split())
