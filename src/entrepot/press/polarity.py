"""Whether a claim is denied: by whoever speaks, by words of untruth, or by a negation at its verb.

A negation that stands in the clause and cannot be laid to the claim's own verb, and what is neither
asserted nor denied ("hardly doubled"), leave a claim open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

from entrepot.press.anchors import Anchor, word_of
from entrepot.press.article import Language, Span
from entrepot.press.clause_around import clause_around, is_complement, part_before, without
from entrepot.press.figure_words import directions
from entrepot.press.line import Line
from entrepot.press.told import Claim, Comparison, Figure, Polarity

UNCLEAR = "its negation or reserve leaves open what is denied"
_Negation = Literal["", "negated", "open"]
_VERBS = frozenset({"sends", "takes", "moves"})
_NEAR_NEGATION = 40
_TO_NEAR = 12  # characters before a figure in which "to" stands
_NEXT_WORDS, _NEXT_GAP = 130, 200
_ABOUT_BEFORE = re.compile(r"\W*(?:This|That|It|Das|Dies|Diese|Это|Эт)")
_BOUNDS = frozenset({"<=", ">="})
# What may stand between a negation and the verb, noun of change or figure that it negates.
_LIGHT = {
    "en": r"(?:\s+(?:\w+ly|even|yet|ever|once|been|be|have|has|had|is|was|were|to|by|at|in|of|the|"
    r"an?|its|their|any|actually|again|all|more|than|least|see|seen|show|record(?:ed)?|further|"
    r"\w+'s))*\s+",
    "ru": r"(?:\s+(?:был[аио]?|ещё|еще|даже|так и|на|в|до|за|более|чем|и|фактически|вновь|снова))*"
    r"\s+",
}
# What follows a German "nicht" that negates a part of the clause and not its verb.
_PART = re.compile(
    r"\s+(?:(?i:der|die|das|den|dem|des|ein\w*|im|in|nach|aus|wegen|durch|gegen|aufgrund)\b|"
    r"[A-ZÄÖÜ])"
)
_ATTRIBUTE = re.compile(r"\s+[a-zäöüß]+t(?:e|en|er|es|em)\s+[A-ZÄÖÜ]\w+")


class Said(NamedTuple):
    """How a claim is said.

    Args:
        polarity: Whether it is asserted or denied.
        is_negated: Whether a negation at its verb denies it.
        is_open: Whether it cannot be told.
    """

    polarity: Polarity
    is_negated: bool = False
    is_open: bool = False


def said(at: Line, words: Span, comparison: Comparison = "=") -> Said:
    """Tell whether some words are asserted, denied, or left open.

    Args:
        at: The sentence.
        words: The figure of a claim, or the word that says that trade rose or fell.
        comparison: How the figure is meant: "did not exceed" may be read in it already.
    """
    acts = [x for x in at.statements if x.act in {"deny", "reject"} and x.span.meets(words)]
    stretch = at.stretch(words)
    is_denied = bool(acts) or at.has("untrue", stretch.start, stretch.end)
    found = _negation(at, words, comparison)
    if found == "open":
        return Said("denied" if is_denied else "asserted", is_open=True)
    if found and is_denied:  # "we do not", he denied; but: he denied that they did not
        return Said("denied", is_open=not any(x.mode == "direct" for x in acts))
    return Said("denied" if is_denied or found else "asserted", is_negated=bool(found))


def negated(claim: Claim, at: Line, figure: Figure) -> Claim:
    """A claim whose verb is negated, with what that denies: "did not reach 9" denies 9 or more.

    Args:
        claim: The claim, as asserted.
        at: Its sentence.
        figure: Its figure.
    """
    sign: Comparison = claim.comparison
    if sign == "=" and claim.relation == "ratio" and claim.value is not None:
        sign = ">=" if claim.value > 1 else "<="
    elif sign == "=" and claim.relation == "level":
        sign = _sign_of_level(at, figure)
    return replace(claim, comparison=sign)


def _sign_of_level(at: Line, figure: Figure) -> Comparison:
    """How a negated amount is meant: not to have reached it, passed it, risen or fallen to it."""
    own = clause_around(at, figure.span)
    if at.has("bound", own.start, own.end):
        return ">"
    if at.has("reach", own.start, own.end):
        return ">="
    ahead = at.text[own.start : figure.span.start]
    turns = [one.lastgroup for one in directions(at.scene.language, "any").finditer(ahead)]
    is_target = word_of(at.scene.language, "up_to").search(ahead[-_TO_NEAR:])
    if not turns or is_target is None:
        return "="
    return "<=" if turns[-1] == "down" else ">="


def is_existence_denied(at: Line, found: Sequence[Anchor]) -> bool:
    """By the act, by words of untruth here or right behind, or by a negation at the verb.

    Args:
        at: The sentence.
        found: Its words of trade.
    """
    if any(x.act in {"deny", "reject"} for x in at.statements) or at.has("untrue"):
        return True
    sentences = at.scene.page.sentences
    if at.number + 1 < len(sentences):
        behind = sentences[at.number + 1]
        words = behind.of(at.text)
        is_short = len(words) < _NEXT_WORDS and behind.start - at.span.end < _NEXT_GAP
        if is_short and _ABOUT_BEFORE.match(words) and at.has("untrue", behind.start, behind.end):
            return True
    language = at.scene.language
    text = without(at.words, language, "only_negated", "hedged")
    negation = word_of(language, "denied").search(text)
    if negation is None:
        return False
    where = Span(*(at.span.start + place for place in negation.span()))
    return any(_meets(at, where, x.span) for x in found)


def _meets(at: Line, negation: Span, verb: Span) -> bool:
    """Whether a negation stands near a verb, or before it in the same clause."""
    if abs(negation.start - verb.start) < _NEAR_NEGATION:
        return True
    between = at.text[negation.end : verb.start]
    return negation.start < verb.start and not re.search("[,;:]", between)


@dataclass(frozen=True, slots=True)
class _Part:
    """The clause of some words, with what only looks like a negation hidden.

    Args:
        at: Its sentence.
        text: Its words.
        words: The words of the claim, counted in ``text``.
        offset: Where ``text`` begins in the page.
    """

    at: Line
    text: str
    words: Span
    offset: int

    @property
    def language(self) -> Language:
        """Language of the page."""
        return self.at.scene.language


def _negation(at: Line, words: Span, comparison: Comparison) -> _Negation:
    """What the negations around some words do to them."""
    language, own = at.scene.language, clause_around(at, words)
    text = without(own.of(at.text), language, "only_negated", "untrue")
    if comparison in _BOUNDS:
        text = _bound(language).sub(lambda found: "#" * len(found.group()), text)
    part = _Part(at, text, Span(words.start - own.start, words.end - own.start), own.start)
    until = len(text) if language == "de" else part.words.end
    if word_of(language, "hedged").search(text, 0, until):
        return "open"
    found = _in_german(part) if language == "de" else _beside(part)
    return found or _led(at, own)


@cache
def _bound(language: Language) -> re.Pattern[str]:
    """A negated verb that a figure's comparison has read already: did not exceed."""
    not_, passes = (word_of(language, kind).pattern for kind in ("negator", "bound"))
    other_way = rf"|{passes}[^,;]{{0,80}}{not_}" if language == "de" else ""
    return re.compile(rf"{not_}\s+(?:\w+\s+)?{passes}{other_way}", re.IGNORECASE)


def _led(at: Line, own: Span) -> _Negation:
    """What a negation in the clause on which this one hangs does (nobody believes that …)."""
    language, before = at.scene.language, part_before(at, own)
    if before is None or language == "en" or not is_complement(at, own):
        return ""
    text = without(before.of(at.text), language, "only_negated", "untrue")
    kinds = ("negator", "negator_apart", "hedged")
    return "open" if any(word_of(language, kind).search(text) for kind in kinds) else ""


def _beside(part: _Part) -> _Negation:
    """English and Russian: a negation stands right before what it negates."""
    text, words, language = part.text, part.words, part.language
    joint = word_of(language, "and_then")
    ends = joint.search(text, words.end)
    if word_of(language, "absent").search(text, words.end, ends.start() if ends else len(text)):
        return "negated"
    heads = _heads(part)
    for negation in word_of(language, "negator").finditer(text):
        gaps = [text[negation.end() : head] for head in heads if head >= negation.end()]
        near = [gap for gap in gaps if _light(language).fullmatch(gap)]
        if near and not any(word_of(language, "degree").search(gap) for gap in near):
            return "negated"
    kinds = ("negator", "negator_apart")
    apart = [x for kind in kinds for x in word_of(language, kind).finditer(text, 0, words.start)]
    return "open" if any(not joint.search(text, x.end(), words.start) for x in apart) else ""


@cache
def _light(language: Language) -> re.Pattern[str]:
    return re.compile(_LIGHT[language], re.IGNORECASE)


def _heads(part: _Part) -> list[int]:
    """Where what says the claim begins: its words, and the verb on which they hang.

    That is the last verb of trade, change or amount before them; in Russian the first one behind
    them where none stands before.
    """
    text, words, language = part.text, part.words, part.language
    found = [*directions(language, "any").finditer(text)]
    found += word_of(language, "level_verb").finditer(text)
    starts = sorted(one.start() for one in found)
    starts += [x.span.start - part.offset for x in part.at.anchors if x.role in _VERBS]
    before = [one for one in starts if 0 <= one < words.start]
    if before:
        return [words.start, max(before)]
    behind = [one for one in starts if one >= words.end and language == "ru"]
    return [words.start, *behind[:1]]


def _in_german(part: _Part) -> _Negation:
    """German: a negation stands anywhere in the clause, before the words or behind."""
    text, words = part.text, part.words
    if word_of("de", "absent").search(text):
        return "negated"
    found: _Negation = ""
    for negation in word_of("de", "negator").finditer(text):
        if _is_joined(text, negation, words):
            continue
        if not _negates_less(text[negation.end() :]):
            return "negated"
        found = "open"
    for negation in word_of("de", "negator_apart").finditer(text):
        if _is_joined(text, negation, words):
            continue
        near = re.match(r"\s+(?:[a-zäöüß]+\s+)?", text[negation.end() :])
        if near and negation.end() + near.end() == words.start:
            return "negated"
        noun = directions("de", "any").match(text, negation.end() + (near.end() if near else 0))
        if noun is not None and noun.end() <= words.start + 1:
            return "negated"
        found = "open"
    return found


def _negates_less(behind: str) -> bool:
    """Whether a German "nicht" negates a noun, an attribute or a measure, by what follows it."""
    if _PART.match(behind) or _ATTRIBUTE.match(behind):
        return True
    return word_of("de", "degree").match(behind.lstrip()) is not None


def _is_joined(text: str, negation: re.Match[str], words: Span) -> bool:
    """Whether "und" stands between a negation and the words, so that another verb follows."""
    first, last = sorted([negation.span(), (words.start, words.end)])
    return word_of("de", "and_then").search(text, first[1], last[0]) is not None
