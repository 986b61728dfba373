"""What stands around a figure: how exact it is, whether it is a change, and in which direction."""

from __future__ import annotations

import re

from entrepot.press.article import Language, Span
from entrepot.press.figure_words import directions, group_number, qualifiers
from entrepot.press.told import Comparison

_NEAR = 70  # characters before a figure in which a verb may say "topped"
_CLAUSE = 140  # characters before a figure in which its verb may stand
_CLAUSE_END = re.compile(r"[,;:.!?](?=\s|$)| [–-] | (?:und|and|while|whereas|а|но) ")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ADVERB: dict[Language, str] = {
    "en": r"(?: (?:only|just|another|an?|the|a further|further|some|sharply|\w+ly))*",
    "de": r"(?: (?:nur|noch|weitere|sogar|jeweils|immerhin|rund|gut))*",
    "ru": r"(?: (?:лишь|всего|только|еще|ещё|сразу|даже|аж|целых|более чем|на))*",
}
_BY: dict[Language, str] = {
    "en": r"\b(?:by|of|was|were|is|reached|averaged|hit|at|:)",
    "de": r"\b(?:um|von|betrug|beträgt|bei|erreichte|:)",
    "ru": r"(?:\bна|\bв|\bсоставил\w*|\bдостиг\w*|\bравен|[–:-])",
}
_SURE: dict[Language, str] = {"en": r"\bby", "de": r"\bum", "ru": r"(?!)"}
_NOUN = {
    "en": r"\b(?:growth|increase|rise|jump|surge|gain|drop|decline|decrease|fall|reduction|slump|"
    r"plunge|hike|uptick)\b",
    "de": r"(?:[Ww]achstum\w*|Zuwachs\w*|Anstieg\w*|Plus|Minus|Rückgang\w*|Zunahme|Steigerung\w*|"
    r"Einbruch\w*|Abnahme)\b",
    "ru": r"\b(?:рост\w*|прирост\w*|увеличени\w+|падени\w+|снижени\w+|сокращени\w+|спад\w*|"
    r"уменьшени\w+|прибавк\w+)\b",
}
_TARGET = {"en": r"\bto$", "de": r"\bauf$", "ru": r"\bдо$"}


def comparison(
    text: str, sentence: Span, span: Span, language: Language
) -> tuple[Comparison | None, Span]:
    """Read how exact a figure claims to be.

    Args:
        text: The text, or its shadow.
        sentence: The sentence of the figure.
        span: Number and unit.
        language: Its language.

    Returns:
        The comparison, or nothing where no word says so; and the span with such words beside it.
        A verb ("topped", "превысил") counts but stays outside of the span.
    """
    inside, signs = qualifiers(language, "after")
    within = inside.search(text, span.start, span.end)
    before, before_signs = qualifiers(language, "before")
    left = before.search(text[max(sentence.start, span.start - 40) : span.start])
    if left is not None:
        start = span.start - len(left.group())
        return before_signs[group_number(left)], Span(start, span.end)
    if within is not None:
        return signs[group_number(within)], span
    behind = inside.match(text, span.end, sentence.end)
    if behind is not None:
        return signs[group_number(behind)], Span(span.start, behind.end())
    return _by_verb(text, sentence, span, language), span


def _by_verb(text: str, sentence: Span, span: Span, language: Language) -> Comparison | None:
    verbs, signs = qualifiers(language, "verb")
    left = text[max(sentence.start, span.start - _NEAR) : span.start]
    if re.search(r"\b(?:by|um|на) ?$", left):
        return None  # "exceeded the imports by 5 million" says by how much, not what was exceeded
    for match in reversed(list(verbs.finditer(left))):
        if re.search(r"[\d,;.]", _YEAR.sub("", left[match.end() :])) is None:
            return signs[group_number(match)]
    return None


def change(text: str, sentence: Span, span: Span, language: Language) -> float | None:
    """Tell whether a percentage or a part is a change.

    Args:
        text: The text, or its shadow.
        sentence: The sentence of the figure.
        span: The figure, with the words that say how exact it is.
        language: Its language.

    Returns:
        1 for a rise, -1 for a fall, nothing where it is a share.

    Example:
        >>> words = "Exports fell by 5 percent"
        >>> change(words, Span(0, len(words)), Span(16, 25), "en")
        -1.0
    """
    beside = text[max(sentence.start, span.start - 2 * _CLAUSE) : span.start]
    left = beside.rstrip()
    own = span.of(text)
    if language == "ru" and re.match(r"на ", own, re.IGNORECASE):
        left += " на"
    right = text[span.end : min(sentence.end, span.end + 2 * _CLAUSE)]
    if re.search(r"[+–-]$", beside) and re.match(r"\d", own):
        return -1.0 if left[-1] in "–-" and _is_sign(left) else _plain(left[-1])
    sign = _right(right, language)
    if sign is not None:
        return sign
    return _left(left, right, language)


def _plain(sign: str) -> float | None:
    return 1.0 if sign == "+" else None


def _is_sign(left: str) -> bool:
    """Whether a dash is a minus: nothing, or a bracket or comma, stands right before it."""
    return len(left) < 2 or left[-2] in "(,;: "


def _right(right: str, language: Language) -> float | None:
    words = directions(language, "right")
    match = re.match(r"\W?(?:[\w-]+ )?", right)
    for at in {1, match.end() if match else 1}:
        found = words.match(right, at)
        if found is not None and right[:1] in {" ", "-"}:
            return _sign(found)
    return None


def _sign(match: re.Match[str]) -> float:
    return -1.0 if match.lastgroup == "down" else 1.0


def _left(left: str, right: str, language: Language) -> float | None:
    anywhere = directions(language, "any")
    last = _last(anywhere, left[-_CLAUSE:])
    if re.search(_TARGET[language], left):
        return None
    if re.search(_SURE[language] + r"$", left):
        return _end_of_clause(right, language) or (_sign(last) if last else None) or 1.0
    clause = left[-_CLAUSE:]
    if last is not None and re.fullmatch(_ADVERB[language], clause[last.end() :]):
        return _sign(last)
    if last is None:
        return _end_of_clause(right, language) if re.search(r"\bна$", left) else None
    between = clause[last.end() :]
    if (
        language == "ru"
        and re.search(r"\bна$", between)
        and not re.search(r"\d", _YEAR.sub("", between))
    ):
        return _end_of_clause(right, language) or _sign(last)
    return _by_noun(clause, last, language)


def _by_noun(clause: str, last: re.Match[str], language: Language) -> float | None:
    """A noun of change with the figure as its amount: an increase of 5, рост составил 5."""
    noun = re.fullmatch(_NOUN[language], last.group(), re.IGNORECASE)
    between = clause[last.end() :]
    if noun is None or re.search(r"[\d;.!?]", between) or len(between.split()) > 7:
        return None
    return _sign(last) if re.search(_BY[language] + r"$", between, re.IGNORECASE) else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def _end_of_clause(right: str, language: Language) -> float | None:
    """Direction by the verb at the end of the clause: … Prozent zurück, … процентов упал."""
    if language == "en":
        return None
    end = _CLAUSE_END.search(right)
    clause = right[: end.start() if end else len(right)][:_CLAUSE]
    words = clause.split()
    if words:
        last = directions(language, "end").fullmatch(words[-1])
        if last is not None:
            return _sign(last)
    found = directions(language, "any").search(clause)
    return None if found is None else _sign(found)
