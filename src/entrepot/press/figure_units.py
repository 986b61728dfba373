"""The unit of a number: by the words before and behind it, or by the noun it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from entrepot.press.article import Language, Span
from entrepot.press.figure_words import (
    WordKind,
    counted,
    group_number,
    phrase_ends,
    unit_words,
)
from entrepot.press.numbers import Numeral
from entrepot.press.told import Comparison

_BEFORE = 48  # characters in which words before a number are looked for
_LONGEST_SIGN = 24  # characters of the longest words that alone give a unit: "multiplied by "
_MODIFIERS = 4  # words between a number and the noun it counts
_WORD = re.compile(r"[ \n]([^\W\d_][\w'’./-]*)")
_NEXT_NOUN = re.compile(r" (?=[^\W\d_])")
# Fewest that a number in words must count for a noun no list knows to be a figure.
_FEWEST_UNKNOWN = 2
_UNKNOWN: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"[a-z][a-z-]*[^s\W\d_]e?s"),
    "de": re.compile(r"[A-ZÄÖÜ][\wäöüß-]{3,}"),
    "ru": re.compile(
        r"(?!\w*(?:ли|ла|ло|ть|ся|ая|ую|ем|ым|им)$)[а-яё-]{2,}(?:ов|[её]в|ей|ий|[нтжчшслвр]ок|ек|ых|их|а|я|и|ы|ий|ок|ь|ц)"
    ),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit.

    Args:
        numeral: The number.
        span: Number and unit, without words that say how exact it is.
        value: The number in the unit.
        unit: The unit.
        kind: What kind of quantity.
        comparison: Comparison the words of the unit imply, or nothing.
        what: What is counted, as written; may be empty.
    """

    numeral: Numeral
    span: Span
    value: float
    unit: str
    kind: WordKind
    comparison: Comparison | None = None
    what: str = ""

    def given_to(self, numeral: Numeral) -> Measure:
        """The same unit for another number.

        Args:
            numeral: The other number.
        """
        factor = self.value / self.numeral.value if self.numeral.value else 1.0
        return replace(
            self,
            numeral=numeral,
            span=numeral.span,
            value=float(f"{numeral.value * factor:.12g}"),
            what="",
        )


def measure(text: str, sentence: Span, numeral: Numeral, language: Language) -> Measure | None:
    """Find the unit of a number.

    Args:
        text: The text, or its shadow.
        sentence: The sentence the number stands in.
        numeral: The number.
        language: Its language.

    Returns:
        The number with its unit, or nothing where no word gives it one.

    Example:
        >>> from entrepot.press.numbers import numerals
        >>> words = "nearly three EU diplomats"
        >>> whole = Span(0, len(words))
        >>> found = measure(words, whole, numerals(words, whole, "en")[0], "en")
        >>> found.unit, found.span.of(words)
        ('person', 'three EU diplomats')
    """
    is_one = numeral.is_written and numeral.value == 1 and not numeral.is_ordinal
    found = _by_words(text, sentence, numeral, language)
    if found is not None:
        return found if not is_one or found.kind in {"percent", "money"} else None
    if numeral.is_ordinal or is_one or _is_glued(text, numeral):
        return None
    return _by_noun(text, sentence, numeral, language)


def _is_glued(text: str, numeral: Numeral) -> bool:
    """Whether letters or a hyphen stand right beside the number."""
    start, end = numeral.span.start, numeral.span.end
    return text[start - 1 : start].isalpha() or text[end : end + 1] not in {" ", "\n"}


def _by_words(text: str, sentence: Span, numeral: Numeral, language: Language) -> Measure | None:
    known = unit_words(language, numeral.is_ordinal)
    start, end = numeral.span.start, numeral.span.end
    left = text[max(sentence.start, start - _BEFORE) : start]
    found: list[tuple[int, Span]] = []
    behind = known.after.match(text, end, sentence.end)
    if behind is not None:
        found.append((known.after_words[group_number(behind)], Span(start, behind.end())))
    sign = left[-_LONGEST_SIGN:]
    before = known.before.search(sign)
    if before is not None:
        place = Span(start - len(sign) + before.start(), end)
        found.append((known.before_words[group_number(before)], place))
    for at in known.both:
        word = known.words[at]
        after = word.after.match(text, end, sentence.end) if word.after else None
        lead = word.before.search(left) if word.before and after else None
        if after is not None and lead is not None:
            found.append((at, Span(start - len(left) + lead.start(), after.end())))
            break
    if not found:
        return None
    at, span = min(found)
    word = known.words[at]
    value = numeral.value * word.factor if word.factor else 100 / max(numeral.value, 1.0)
    return Measure(numeral, span, value, word.unit, word.kind, word.comparison)


def _by_noun(text: str, sentence: Span, numeral: Numeral, language: Language) -> Measure | None:
    pattern = counted(language)[0]
    ends = phrase_ends(language)
    at, first_unknown = numeral.span.end, None
    for _ in range(_MODIFIERS + 1):
        word = _WORD.match(text, at, sentence.end)
        if word is None:
            break
        noun = pattern.match(text, word.start(1), sentence.end)
        if noun is not None:
            return _counted(text, sentence, numeral, noun, language)
        if word.group(1).lower() in ends or word.group(1).endswith("."):
            break
        if first_unknown is None and _UNKNOWN[language].fullmatch(word.group(1)):
            first_unknown = word
        at = word.end()
    if first_unknown is None or not _may_be_unknown(text, sentence, numeral):
        return None
    return _of(text, numeral, first_unknown.end(1), "item")


def _counted(
    text: str, sentence: Span, numeral: Numeral, noun: re.Match[str], language: Language
) -> Measure | None:
    """Of two nouns in a row an English phrase counts the last: company executives."""
    pattern, units = counted(language)
    unit, end = units[group_number(noun)], noun.end()
    gap = _NEXT_NOUN.match(text, end, sentence.end) if language == "en" else None
    following = pattern.match(text, gap.end(), sentence.end) if gap else None
    if following is not None:
        unit, end = units[group_number(following)], following.end()
    if numeral.looks_like_year(text) and unit == "item":
        return None
    return _of(text, numeral, end, unit)


def _of(text: str, numeral: Numeral, end: int, unit: str) -> Measure:
    span = Span(numeral.span.start, end)
    what = text[numeral.span.end : end].strip()
    return Measure(numeral, span, numeral.value, unit, "count", None, what)


def _may_be_unknown(text: str, sentence: Span, numeral: Numeral) -> bool:
    """Whether a noun that no list knows may be counted by the number.

    Behind a capital letter the number is part of a name: Nord Stream 2 pipelines.
    """
    before = text[max(sentence.start, numeral.span.start - _BEFORE) : numeral.span.start].split()
    is_name = bool(before) and before[-1][:1].isupper() and len(before) > 1
    return numeral.value >= _FEWEST_UNKNOWN and not numeral.looks_like_year(text) and not is_name
