"""The part of a sentence that a mark or conjunction parts from the rest, around some words."""

from __future__ import annotations

import re
from functools import cache

from entrepot.press.anchors import word_of
from entrepot.press.article import Language, Span
from entrepot.press.line import Line

_MARK = r"[,;:](?!\d)|[()\[\]\"„“”«»?!]|\s[–—-](?=\s)"
_INFINITIVE = re.compile(r"(?:\bzu \w+e?n|\w{2}zu\w+en)\W*$")
_REACH = 400  # characters; no clause of the articles read is longer
_HIDDEN = "#"  # stands for words that are no negation, so that nothing is near over them


@cache
def _break(language: Language) -> re.Pattern[str]:
    return re.compile(rf"{_MARK}|{word_of(language, 'clause_break').pattern}", re.IGNORECASE)


def pieces(at: Line, words: Span) -> tuple[Span, ...]:
    """The parts of a sentence near some words, without the marks and conjunctions between them.

    Args:
        at: The sentence.
        words: The words.

    Returns:
        Parts in order; an empty one is left out. A sentence is looked at as far as clauses reach.
    """
    start, end = max(at.span.start, words.start - _REACH), min(at.span.end, words.end + _REACH)
    found = []
    for match in _break(at.scene.language).finditer(at.text, start, end):
        found.append(Span(start, match.start()))
        start = match.end()
    found.append(Span(start, end))
    return tuple(one for one in found if one.of(at.text).strip())


def clause_around(at: Line, words: Span) -> Span:
    """The part of a sentence around some words, the words themselves whole.

    Args:
        at: The sentence.
        words: The words.
    """
    parts = [one for one in pieces(at, words) if one.meets(words)]
    if not parts:
        return words
    return Span(min(parts[0].start, words.start), max(parts[-1].end, words.end))


def part_before(at: Line, part: Span) -> Span | None:
    """The part of a sentence before another one.

    Args:
        at: The sentence.
        part: The other.
    """
    ahead = [one for one in pieces(at, part) if one.end <= part.start]
    return ahead[-1] if ahead else None


def is_complement(at: Line, part: Span) -> bool:
    """Whether a part hangs on the words before it: dass …, что …, to …, um … zu.

    Args:
        at: The sentence.
        part: The part.
    """
    words = part.of(at.text).lstrip()
    if word_of(at.scene.language, "complement").match(words):
        return True
    return at.scene.language == "de" and _INFINITIVE.search(words) is not None


def is_leading(at: Line, part: Span) -> bool:
    """Whether a part ends with the word that leads to what hangs on it, as in "hopes that, ".

    Args:
        at: The sentence.
        part: The part.
    """
    last = part.of(at.text).rstrip().rpartition(" ")[2]
    return word_of(at.scene.language, "leading").fullmatch(last) is not None


def without(text: str, language: Language, *kinds: str) -> str:
    """A text of equal length in which words of some kinds are hidden.

    Args:
        text: The text.
        language: Its language.
        kinds: Kinds of the list of asserting words.

    Example:
        >>> without("not only rose", "en", "only_negated")
        '######## rose'
    """
    for kind in kinds:
        text = word_of(language, kind).sub(lambda found: _HIDDEN * len(found.group()), text)
    return text
