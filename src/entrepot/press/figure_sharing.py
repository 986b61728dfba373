"""Numbers that take their unit from another: 49 auf 323 Millionen Euro, 310, 140 and 95 percent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from entrepot.press.article import Language, Span
from entrepot.press.figure_units import Measure
from entrepot.press.numbers import Numeral

_QUALIFIER = r"(?:(?:nearly|almost|about|around|over|rund|knapp|etwa|fast|gut|почти|около|до) )?"
_JOINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"(?:,| and| or| to|,? and| ?[–-] ?|,? but| ?/ ?) ?{_QUALIFIER}(?:\$|€)?"),
    "de": re.compile(
        rf"(?:,| und| oder| auf| bis| ?[–-] ?| bis zu| beziehungsweise) ?{_QUALIFIER}"
    ),
    "ru": re.compile(rf"(?:,| и| или| до| ?[–-] ?| либо|, а) ?{_QUALIFIER}"),
}
_COMPARED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:compared (?:with|to)|against|versus|vs\.?|up from|down from|rather than|instead of|"
        r"(?:previous year|year earlier|year ago):?) (?:just |only |about |nearly |over |some )*$",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"(?:gegenüber|verglichen mit|im Vergleich zu|statt|nach|gegen|Vorjahr:?|zuvor|waren es) "
        r"(?:nur |noch |rund |etwa |knapp )*$",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"(?:против|вместо|по сравнению с|годом ранее:?|было|прежних) (?:всего |лишь |около )*$",
        re.IGNORECASE,
    ),
}
# Some of what was counted before: what stands before and behind the number.
_PART: dict[Language, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        re.compile(r"(?:including|among them|of which|of them|,|and|another|with) $"),
        re.compile(r" (?:(?:others )?from|of them|of which|based in|registered in|in [A-Z])"),
    ),
    "de": (
        re.compile(r"(?:darunter|davon|,|und|je|sowie|weitere) $"),
        re.compile(r" (?:weitere )?(?:aus|davon|in [A-Z])"),
    ),
    "ru": (
        re.compile(r"(?:в том числе|из них|из которых|среди них|,|и|по|ещё|еще|[–-]) $"),
        re.compile(r" (?:из [А-Я]|из них|[–-] (?:из|в) [А-Я]|в [А-Я])"),
    ),
}
_LARGEST_PERCENT = 100_000  # a bare number above it is no percentage


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts whose unit a later number may take.

    Args:
        last: The last one.
        scaled: The last one with a scale word: millions of what.
        count: The last count of things or people.
    """

    last: Measure | None = None
    scaled: Measure | None = None
    count: Measure | None = None

    def then(self, text: str, measure: Measure | None) -> Amounts:
        """What holds behind one more number.

        Args:
            text: The text, or its shadow.
            measure: The number; one in brackets only converts the one before it.
        """
        if measure is None or measure.kind in {"rank", "ratio", "duration", "share"}:
            return self
        if text[measure.span.start - 1 : measure.span.start] == "(":
            return self
        return Amounts(
            measure,
            measure if measure.numeral.is_scaled else self.scaled,
            measure if measure.kind == "count" else self.count,
        )


def with_units(
    text: str,
    sentence: Span,
    found: Sequence[tuple[Numeral, Measure | None]],
    language: Language,
    earlier: Amounts,
) -> tuple[list[Measure], Amounts]:
    """Give numbers without a unit that of their neighbours.

    Args:
        text: The text, or its shadow.
        sentence: The sentence.
        found: Its numbers in order, each with its unit where it has one.
        language: Its language.
        earlier: The last amounts of the paragraph before the sentence.

    Returns:
        The numbers that have a unit then, in order; and the last amounts with them.
    """
    measures = [measure for _, measure in found]
    for at in range(len(found) - 2, -1, -1):
        following = measures[at + 1]
        if measures[at] is None and following is not None:
            measures[at] = _from_next(text, found[at][0], following, language)
    last = earlier
    for at, (numeral, _) in enumerate(found):
        measure = measures[at]
        if measure is None or (measure.unit == "item" and numeral.is_scaled):
            measures[at] = _from_last(text, sentence, numeral, last, language) or measure
        last = last.then(text, measures[at])
    return [measure for measure in measures if measure is not None], last


def _from_next(
    text: str, numeral: Numeral, following: Measure, language: Language
) -> Measure | None:
    """Hand a unit, and the scale that goes with it, to the left over a joint."""
    between = text[numeral.span.end : following.span.start]
    if _JOINTS[language].fullmatch(between) is None or following.kind in {"rank", "length"}:
        return _ordinal_from_next(numeral, following, between)
    if numeral.is_ordinal or numeral.looks_like_year(text):
        return None
    if not numeral.is_scaled and following.numeral.is_scaled:
        numeral = replace(
            numeral,
            value=numeral.value * following.numeral.scale,
            scale=following.numeral.scale,
            is_scaled=True,
        )
    return following.given_to(numeral)


def _ordinal_from_next(numeral: Numeral, following: Measure, between: str) -> Measure | None:
    is_pair = numeral.is_ordinal and following.numeral.is_ordinal and len(between) < 8
    return following.given_to(numeral) if is_pair and following.kind == "rank" else None


def _from_last(
    text: str, sentence: Span, numeral: Numeral, amounts: Amounts, language: Language
) -> Measure | None:
    if numeral.is_ordinal or numeral.looks_like_year(text):
        return None
    left = text[max(sentence.start, numeral.span.start - 48) : numeral.span.start]
    if numeral.is_scaled:
        return amounts.scaled.given_to(numeral) if amounts.scaled else None
    if amounts.count is not None and _is_part(text, numeral, left, language):
        return amounts.count.given_to(numeral)
    last = amounts.last
    if last is None or _COMPARED[language].search(left) is None:
        return None
    if last.kind == "percent" and numeral.value > _LARGEST_PERCENT:
        return None
    if last.kind == "money" and last.numeral.is_scaled:
        return None  # "up from 3" of "5 billion": whether 3 billion is meant is not said
    return last.given_to(numeral)


def _is_part(text: str, numeral: Numeral, left: str, language: Language) -> bool:
    """Whether a bare number counts some of what was counted before: 52 firms, 19 from China."""
    before, behind = _PART[language]
    return (
        before.search(left) is not None
        and behind.match(text, numeral.span.end) is not None
        and numeral.value > 1
    )
