"""Names of countries and places as a language writes them outside a sentence."""

from __future__ import annotations

from functools import cache

from entrepot.codes.areas import area
from entrepot.codes.rows import read_rows
from entrepot.press.article import Language
from entrepot.press.inflection import forms_of
from entrepot.press.language import LEXICON
from entrepot.press.phrases import Entry


@cache
def name_of(code: str, language: Language) -> str:
    """Usual name of an area in a language.

    Args:
        code: ISO 3166-1 alpha-2.
        language: The language.
    """
    known = area(code)
    return {"en": known.name_en, "de": known.name_de, "ru": known.name_ru}[language]


def nominative(word: str, entry: Entry, language: Language) -> str:
    """The listed form of a place that stands in a text in some case.

    Args:
        word: The place as written.
        entry: What it stands for.
        language: Language of the text.

    Returns:
        The nominative; the word itself where it is listed as it stands.

    Example:
        >>> nominative("Москве", Entry("capital", "RU", "RU"), "ru")
        'Москва'
    """
    if language != "ru":
        return word
    columns = ("area", "language", "kind", "forms", "source")
    rows = [
        *read_rows("countries.csv", columns, LEXICON),
        *read_rows("cities.csv", ("area", "language", "forms", "source"), LEXICON),
    ]
    for row in rows:
        if row["language"] == language and row["area"] == entry.area:
            for phrase in row["forms"].split(";"):
                if word in forms_of(phrase, language):
                    return phrase.replace("|", "")
    return "Брюссель" if word.startswith("Брюссел") else word
