"""Which goods a description may mean: a second opinion that raises questions and clears nothing.

A description is compared with words of all headings of HS 2022, English ones of the nomenclature
and English, German and Russian ones of ours for high priority and common other goods. The score is
Okapi BM25 (Robertson and Zaragoza, 2009) over words and phrases that either are there or not; a
part number of a known family counts as one more word.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from entrepot.codes.goods_words import goods_words, part_families
from entrepot.codes.high_priority import high_priority
from entrepot.screening.description_words import TEXT_LIMIT, folded, numbers, parts, phrase, terms

HEADING = 4
TOP_GOODS = 5
_K1 = 1.2
_B = 0.4  # code lists differ in length by how much we wrote, which says little of the goods
_OWN = 1.5  # our words name goods; words of the nomenclature also describe them
_PART_NUMBER = 12.0  # about the weight of a phrase that one code alone has
_NEAR_BEST = 0.4  # share of the best score from which a suggestion is taken seriously
_INSIDE = 7  # letters from which a word of ours may stand inside a German compound
_ENDING = 3  # letters of a German ending
_STRONG = 4.5  # score of a suggestion that rests on one rare word at least


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Goods that a description may mean.

    Args:
        commodity: HS 2022 heading, or subheading where the heading holds high priority goods.
        score: BM25 score; only its order and its ratio to others mean something.
        words: Words and part numbers it rests on.
        is_named: Whether one of our own words or a part number is among them.
    """

    commodity: str
    score: float
    words: tuple[str, ...]
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Index:
    """Weights of the codes by word, the words that are ours, and languages by word and heading."""

    weights: Mapping[str, Mapping[str, float]]
    named: Mapping[str, frozenset[str]]
    compounds: tuple[str, ...]
    languages: Mapping[str, frozenset[str]]


@cache
def _index() -> _Index:
    held: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    languages: dict[str, set[str]] = defaultdict(set)
    compounds: set[str] = set()
    for row in goods_words():
        for term in filter(None, map(phrase, row.words)):
            held[row.commodity].add(term)
            languages[term].add(row.language)
            if row.is_own:
                named[term].add(row.commodity)
            if row.language == "de" and "_" not in term and len(term) >= _INSIDE:
                compounds.add(term)
        languages[row.commodity[:HEADING]].add(row.language)
    return _Index(
        _weights(held, named),
        {term: frozenset(codes) for term, codes in named.items()},
        tuple(sorted(compounds)),
        {key: frozenset(found) for key, found in languages.items()},
    )


def _weights(
    held: Mapping[str, set[str]], named: Mapping[str, set[str]]
) -> dict[str, dict[str, float]]:
    """BM25 weight of each word for each code that has it; a word is there once or not at all."""
    usual = sum(len(words) for words in held.values()) / len(held)
    counts: dict[str, int] = defaultdict(int)
    for words in held.values():
        for term in words:
            counts[term] += 1
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for code, words in held.items():
        length = _K1 * (1 - _B + _B * len(words) / usual)
        for term in words:
            rarity = math.log(1 + (len(held) - counts[term] + 0.5) / (counts[term] + 0.5))
            share = _OWN if code in named.get(term, ()) else 1.0
            weights[term][code] = share * rarity * (_K1 + 1) / (1 + length)
    return weights


def suggestions(text: str) -> tuple[Suggestion, ...]:
    """Goods that a description may mean, best first.

    Args:
        text: Words of the papers, English, German or Russian.

    Returns:
        Suggestions; equal scores in the order of their codes. None where no word is known.

    Example:
        >>> suggestions("Rillenkugellager 6204-2RS")[0].commodity
        '848210'
    """
    return _suggestions(text[:TEXT_LIMIT])


@lru_cache(maxsize=64)  # a check asks several times for one line
def _suggestions(text: str) -> tuple[Suggestion, ...]:
    index = _index()
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    named: set[str] = set()
    found_terms = _with_compounds(terms(text), index)
    within = _within_phrases(found_terms, index)
    for term, said in found_terms.items():
        for code, weight in index.weights.get(term, {}).items():
            if code not in within.get(term, (code,)):
                continue
            scores[code] += weight
            words[code].append(said)
            if code in index.named.get(term, ()):
                named.add(code)
    for code, number in _families(text):
        scores[code] += _PART_NUMBER
        words[code].append(number)
        named.add(code)
    found = [
        Suggestion(code, score, tuple(dict.fromkeys(words[code])), code in named)
        for code, score in scores.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.commodity)))


def _with_compounds(said: Mapping[str, str], index: _Index) -> dict[str, str]:
    """Words said, and words of ours inside a German compound that we do not know as a whole."""
    found = dict(said)
    for term, words in said.items():
        if "_" not in term and term not in index.weights and len(words) > _INSIDE:
            whole = folded(words)
            found |= {inner: words for inner in index.compounds if _ends(whole, inner)}
    return found


def _within_phrases(said: Iterable[str], index: _Index) -> dict[str, set[str]]:
    """Words that are part of a phrase of ours, and the codes they still speak for.

    The longest match counts: a camera bag is no camera.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for term in said:
        if "_" in term and term in index.named:
            for inner in parts(term):
                found[inner] |= index.named[term]
    return found


def _ends(whole: str, inner: str) -> bool:
    """Whether a compound ends with a word: the last part says what the thing is."""
    at = whole.rfind(inner)
    return at >= 0 and at + len(inner) >= len(whole) - _ENDING


def _families(text: str) -> tuple[tuple[str, str], ...]:
    """Codes of part numbers in a text, a code once for all its numbers."""
    found: dict[str, str] = {}
    for number, as_written in numbers(text).items():
        for family in part_families():
            if family.pattern.fullmatch(number):
                found.setdefault(family.commodity, as_written)
    return tuple(found.items())


@cache
def _priority_codes() -> frozenset[str]:
    return frozenset(entry.commodity for entry in high_priority())


def high_priority_suggestions(text: str) -> tuple[Suggestion, ...]:
    """High priority goods among the five likeliest that a description may mean.

    Args:
        text: Words of the papers.

    Returns:
        Those that rest on a word of ours or a part number and come near the best suggestion.

    Example:
        >>> [one.commodity for one in high_priority_suggestions("Осциллограф цифровой")]
        ['903020']
        >>> high_priority_suggestions("Ball pens, blue")
        ()
    """
    found = suggestions(text)[:TOP_GOODS]
    return tuple(
        one
        for one in found
        if one.commodity in _priority_codes()
        and one.is_named
        and one.score >= max(_STRONG, _NEAR_BEST * found[0].score)
    )


def headings(text: str) -> tuple[Suggestion, ...]:
    """Headings that a description may mean, each by its best suggestion.

    Args:
        text: Words of the papers.

    Returns:
        Suggestions, best first, one a heading.
    """
    best: dict[str, Suggestion] = {}
    for one in suggestions(text):
        best.setdefault(one.commodity[:HEADING], one)
    return tuple(best.values())


def speaks_of(heading: str, text: str) -> bool:
    """Whether the words held for a heading are in a language of a description.

    Args:
        heading: HS 2022 heading.
        text: Words of the papers.

    Returns:
        False also for a heading that HS 2022 does not have.

    Example:
        >>> speaks_of("9401", "Bürostühle"), speaks_of("0501", "Bürostühle")
        (True, False)
    """
    index = _index()
    said = [index.languages[term] for term in terms(text) if term in index.weights]
    spoken = frozenset().union(*said) if said else frozenset()
    if "en" in spoken and all("en" in one for one in said):
        spoken = frozenset({"en"})
    return bool(spoken) and spoken <= index.languages.get(heading, frozenset())
