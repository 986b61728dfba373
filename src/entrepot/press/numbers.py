"""Numbers in running text: digits as a language writes them, number words, scale words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language, Span
from entrepot.press.language import LEXICON

_DIGITS: dict[Language, str] = {
    "en": r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d)|\d+[.,]\d{1,2}(?!\d)|"
    r"\d+\.\d+|\d+",
    "de": r"\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:,\d+)?|"
    r"\d+[.,]\d{1,2}(?!\d)|\d+,\d+|\d+",
    "ru": r"\d{1,3}(?: \d{3})+(?!\d)(?:,\d+)?|\d+[.,]\d+|\d+",
}
_GROUPED: dict[Language, str] = {"en": ",", "de": ".", "ru": ""}
# Digits glued to letters are names (S-300, G7), unless the letters are the code of a currency.
_LEFT = (
    r"(?:(?<![\w.,/:-])|(?<=(?-i:[A-Z]{3}))|(?<=[^\w.,/:][.,/:])|(?<=(?<!\w)-)|(?<=\d-)|"
    r"(?<=\btop-)|(?<=\bтоп-))"
)
_LEFT_WORD = r"(?:(?<![\w-])|(?<=\bver))"
_RIGHT_WORD = r"(?:(?![\w])|(?=fold\b|mal\b|fach|tel\b|prozentig|größt|wichtigst|stärkst|grösst))"
_ORDINAL_DIGITS: dict[Language, str] = {
    "en": r"\d{1,4}(?:st|nd|rd|th)(?!\w)",
    "de": r"\d{1,4}\.(?= (?-i:Platz|Rang|Stelle|Position))",
    "ru": r"\d{1,4}-(?:[ыоая]?[йеямю]|го|му|ом)(?!\w)",
}
_HALVES = {
    **{"half": 0.5, "halbe": 0.5, "halben": 0.5, "quarter": 0.25, "viertel": 0.25},
    **{"пол": 0.5, "полу": 0.5, "половиной": 0.5, "четверть": 0.25, "четверти": 0.25},
}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Args:
        span: Its words, scale included.
        value: What they amount to.
        is_ordinal: Whether it is a place in an order: third, 61st.
        is_scaled: Whether a scale word is part of it.
        is_written: Whether it is written in words only.
        scale: The last scale, 1 where there is none.
    """

    span: Span
    value: float
    is_ordinal: bool
    is_scaled: bool
    is_written: bool
    scale: float

    def looks_like_year(self, text: str) -> bool:
        """Whether it is four digits from 1900 to 2100.

        Args:
            text: The text it stands in.
        """
        return re.fullmatch(r"\d{4}", self.span.of(text)) is not None and 1900 <= self.value <= 2100


def numerals(text: str, span: Span, language: Language) -> list[Numeral]:
    """Find the numbers of a stretch of text.

    Args:
        text: The text, or its shadow.
        span: Where to look.
        language: How numbers are written there.

    Returns:
        The numbers in order, none inside another.

    Example:
        >>> words = "два с половиной миллиона тонн, на 1 234,5 тыс. больше, на третьем месте"
        >>> [n.value for n in numerals(words, Span(0, len(words)), "ru")]
        [2500000.0, 1234500.0, 3.0]
    """
    found = []
    for match in _grammar(language).finditer(text, span.start, span.end):
        if match.start() < match.end():
            found.append(_numeral(match, language))
    return found


def _numeral(match: re.Match[str], language: Language) -> Numeral:
    words = match.group()
    span = Span(match.start(), match.end())
    if match.lastgroup == "ordinal":
        digits = re.match(r"\d+", words)
        value = float(digits.group()) if digits else _ordinal_words(language)[words.lower()]
        return Numeral(span, value, True, False, digits is None, 1.0)
    value, scale = _value(words, language)
    is_written = not any(char.isdigit() for char in words)
    return Numeral(span, value, False, scale > 1, is_written, scale)


def _value(words: str, language: Language) -> tuple[float, float]:
    """Add up the parts of a number; the second value is its last scale."""
    total, current, scale, has_current = 0.0, 0.0, 1.0, False
    for token in _tokens(language).finditer(words):
        part = token.group()
        kind = token.lastgroup
        if kind == "scale":
            scale = _scale_value(part, language)
            total += (current if has_current else 1.0) * scale
            current, has_current = 0.0, False
        elif kind == "end" and total and not has_current:
            total += _part_value(part, kind, language) * scale  # a million and a half
        elif kind == "hundred":
            current, has_current = (current if has_current else 1.0) * 100, True
        else:
            current, has_current = current + _part_value(part, kind, language), True
    return _plain(total + current), scale


def _plain(value: float) -> float:
    """Without the dust of binary fractions: 1.07 billion is 1070000000."""
    return float(f"{value:.12g}")


def _part_value(part: str, kind: str | None, language: Language) -> float:
    if kind == "digits":
        return digits_value(part, language)
    if kind in {"half", "end"}:
        return _HALVES[part.lower().split()[-1]]
    return _cardinal_words(language)[part.lower()]


def digits_value(digits: str, language: Language) -> float:
    """Read digits as a language writes them.

    Args:
        digits: Digits with their separators.
        language: How separators are used.

    Example:
        >>> digits_value("1.234,5", "de"), digits_value("1,234.5", "en"), digits_value("2,5", "ru")
        (1234.5, 1234.5, 2.5)
    """
    plain = re.sub(r"[ '’]", "", digits)
    group = _GROUPED[language]
    if group and re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:[.,]\d+)?", plain):
        plain = plain.replace(group, "")
    return float(plain.replace(",", "."))


@cache
def _rows(language: Language, roles: frozenset[str]) -> dict[str, float]:
    rows = read_rows("number_words.csv", ("language", "role", "value", "words", "source"), LEXICON)
    return {
        word: float(row["value"])
        for row in rows
        if row["language"] == language and row["role"] in roles
        for word in row["words"].split()
    }


@cache
def _ordinal_words(language: Language) -> dict[str, float]:
    stems = _rows(language, frozenset({"ordinal"}))
    if language != "de":
        return stems
    ends = ("", "e", "en", "er", "es", "em")
    return {stem + end: value for stem, value in stems.items() for end in ends}


@cache
def _cardinal_words(language: Language) -> dict[str, float]:
    words = dict(_rows(language, frozenset({"ones", "tens", "hundreds", "mixed"})))
    if language == "de":
        words |= _german_compounds()
    return words


def _german_compounds() -> dict[str, float]:
    """einundzwanzig, dreihundert, vierhundertfünfzig: all below one thousand."""
    ones = {w: v for w, v in _rows("de", frozenset({"ones"})).items() if w not in {"zwo", "zweier"}}
    tens = _rows("de", frozenset({"tens"}))
    below = ones | tens
    for ten, value in tens.items():
        below |= {f"{one}und{ten}": value + v for one, v in ones.items() if v < 10}
    hundreds = {f"{one}hundert": v * 100 for one, v in ones.items() if v < 10} | {"hundert": 100.0}
    for hundred, value in hundreds.items():
        if hundred == "hundert" or value in (100.0, 200.0, 300.0, 400.0, 500.0):
            below |= {hundred + word: value + v for word, v in tens.items()}
        below[hundred] = value
    return below


@cache
def _scales(language: Language) -> tuple[tuple[re.Pattern[str], float, str, str], ...]:
    rows = read_rows("scales.csv", ("language", "pattern", "value", "place", "source"), LEXICON)
    return tuple(
        (re.compile(row["pattern"]), float(row["value"]), row["place"], row["pattern"])
        for row in rows
        if row["language"] == language
    )


@cache
def _scale_value(word: str, language: Language) -> float:
    for pattern, value, _, _ in _scales(language):
        if pattern.fullmatch(word) or pattern.fullmatch(word.lower()):
            return value
    return 1.0


def _scale_pattern(language: Language, *places: str) -> str:
    patterns = [text for _, _, place, text in _scales(language) if place in places]
    return "(?:" + "|".join(patterns) + ")"


def _any(words: dict[str, float]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + ")"


def _words_pattern(language: Language) -> str:
    """A cardinal below one thousand, in words."""
    if language == "de":
        return _any(_cardinal_words("de"))
    ones = _any(_rows(language, frozenset({"ones"})))
    tens = _any(_rows(language, frozenset({"tens"})))
    small = rf"(?:{tens}(?:[- ]{ones})?|{ones})"
    if language == "en":
        return rf"(?:{ones} hundred(?: and {small}| {small})?|{small})"
    hundreds = _any(_rows("ru", frozenset({"hundreds"})))
    mixed = _any(_rows("ru", frozenset({"mixed"})))
    return rf"(?:{hundreds}(?: {tens})?(?: {ones})?|{tens}(?: {ones})?|{mixed}|{ones})"


def _ordinal_pattern(language: Language) -> str:
    """An ordinal in words; a bare German stem only in a compound: drittgrößte, but not acht."""
    if language != "de":
        return _any(_ordinal_words(language)) + _RIGHT_WORD
    stems = _any(_rows("de", frozenset({"ordinal"})))
    return rf"{stems}(?:e[nrsm]?(?!\w)|(?=größt|grösst|wichtigst|stärkst|bedeutendst|bevölker))"


_ARTICLES: dict[Language, str] = {
    "en": r"(?:half a|a quarter of a|a|an)",
    "de": r"(?:eine[rn]? halbe[n]?|eine[rnm]? viertel|eine[rn]?|ein)",
    "ru": r"(?:четверт[ьи])",
}
_HALF: dict[Language, str] = {"en": r"(?: and a half)?", "de": "", "ru": r"(?: с половиной)?"}
# A Russian scale word may stand for one of it: "миллион тонн", "около тысячи человек".
_BARE_RU = (
    r"(?:(?<![\w-])(?:миллион|миллиард|триллион|тысяч[ау]|миллиона|миллиарда)(?!\w)|"
    r"(?<![\w-])полу?(?:миллиона|миллиарда|тысячи|сотни)(?!\w)|"
    r"(?:(?<=около )|(?<=более )|(?<=менее )|(?<=свыше )|(?<=больше )|(?<=меньше )|(?<=порядка ))"
    r"(?:тысячи|сотни|десятка)(?!\w))"
)


@cache
def _grammar(language: Language) -> re.Pattern[str]:
    digits = rf"(?:{_LEFT}(?:{_DIGITS[language]})(?![\d]))"
    words = rf"(?:{_LEFT_WORD}{_words_pattern(language)}{_RIGHT_WORD})"
    scale = rf"(?:{_scale_pattern(language, 'any')}(?!\w))"
    glued = rf"(?:(?<=\d){_scale_pattern('en', 'digits')}(?!\w))" if language == "en" else "(?!)"
    article = rf"(?<![\w-]){_ARTICLES[language]} {_scale_pattern(language, 'any', 'article')}(?!\w)"
    half = _HALF[language]
    more = r"(?: \d{1,3} ?(?:thousand|Tausend|тыс\b\.?|тысяч\w?)(?!\w))?"
    lot = r"(?: с лишним| с небольшим)?" if language == "ru" else ""
    amount = rf"(?:{digits}|{words}){half}{lot}(?:(?:[- ]?{scale}){more}|{glued})?"
    tail = r"(?: с половиной)?" if language == "ru" else r"(?: and a half)?"
    bare = rf"|{_BARE_RU}" if language == "ru" else ""
    ordinal = rf"{_LEFT}{_ORDINAL_DIGITS[language]}|{_LEFT_WORD}{_ordinal_pattern(language)}"
    return re.compile(
        rf"(?P<ordinal>{ordinal})|(?P<cardinal>{article}{tail}|{amount}{bare})", re.IGNORECASE
    )


@cache
def _tokens(language: Language) -> re.Pattern[str]:
    halves = {
        "en": r"half|quarter",
        "de": "(?:eine[rnm]? )?(?:halben?|viertel)",
        "ru": r"четверт[ьи]|полу?",
    }
    scale = _scale_pattern(language, "any", "digits", "article")
    hundred = r"(?P<hundred>hundred)(?![\w])|" if language == "en" else ""
    return re.compile(
        rf"(?P<digits>{_DIGITS[language]})|{hundred}(?P<half>(?:{halves[language]})"
        rf"(?= |мил|тыс|сот))|"
        rf"(?P<word>{_any(_cardinal_words(language))})(?!\w)|(?P<scale>{scale})(?!\w)|"
        rf"(?P<end>(?:half|половиной)(?!\w))",
        re.IGNORECASE,
    )
