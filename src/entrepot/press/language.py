"""Which language a text is in, told by its commonest words and its script."""

from __future__ import annotations

import re
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import LANGUAGES, Language

_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_GERMAN = re.compile(r"[äöüßÄÖÜ]")
LEXICON = "press/lexicon"
_LOOKED_AT = 4000  # words; more of one text says nothing new


@cache
def _function_words() -> dict[str, frozenset[str]]:
    rows = read_rows("function_words.csv", ("language", "words", "source"), LEXICON)
    return {row["language"]: frozenset(row["words"].split()) for row in rows}


def language_of(text: str) -> Language:
    """Tell the language of a text; of an empty one, and where nothing is known, English.

    Args:
        text: The text.

    Returns:
        Russian where most letters are Cyrillic; else the language whose commonest words stand there
        most often.

    Example:
        >>> language_of("Der Minister sagte, dass die Waren nicht in das Land kommen.")
        'de'
    """
    head = text[: _LOOKED_AT * 8]
    if len(_CYRILLIC.findall(head)) * 2 > len(_LETTER.findall(head)):
        return "ru"
    words = [found.group().lower() for found in _WORD.finditer(head)]
    counts = {lang: sum(word in known for word in words) for lang, known in _known()}
    if counts["de"] == counts["en"] and _GERMAN.search(head):
        return "de"
    return max(LANGUAGES, key=lambda lang: counts[lang])


def _known() -> tuple[tuple[Language, frozenset[str]], ...]:
    words = _function_words()
    return tuple((lang, words[lang]) for lang in LANGUAGES)
