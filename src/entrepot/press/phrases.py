"""Listed words found in a text: countries, bodies, offices and the small words around them.

Every list is read once and kept as one dictionary per language from a first word to its phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from entrepot.codes.areas import areas
from entrepot.codes.rows import read_rows
from entrepot.press.article import Language
from entrepot.press.inflection import forms_of
from entrepot.press.language import LEXICON
from entrepot.press.tokens import Token, tokens

Kind = Literal[
    "country", "people", "adjective", "capital", "city", "body", "noun", "office", "anonymous"
]
_GERMAN_NOUN = ("", "s", "es", "e", "en", "n", "er", "em", "in", "innen", "ern")
_ADJECTIVES: dict[Language, tuple[str, ...]] = {
    "en": ("",),
    "de": ("", "e", "en", "er", "es", "em"),
    "ru": ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими", "ою"),
}
_LEAST_OFFICE = 5  # letters; a German compound may end in an office of that length


@dataclass(frozen=True, slots=True)
class Entry:
    """What a listed phrase stands for.

    Args:
        kind: Which list it is of.
        key: An area, the id of a body, the kind of a body noun, an office …
        area: Country it belongs to, ISO 3166-1 alpha-2; empty where it has none.
        detail: ``group`` or the kind of a body; the office an office counts as.
    """

    kind: Kind
    key: str
    area: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A listed phrase in a text, as places of words.

    Args:
        first: Its first word.
        last: The word behind its last one.
        entry: What it stands for.
    """

    first: int
    last: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Form:
    words: tuple[str, ...]
    lows: tuple[str, ...]
    entry: Entry

    def fits(self, found: Sequence[Token]) -> bool:
        """Whether words of a text are this form, small and capital letters considered."""
        if tuple(token.low for token in found) != self.lows:
            return False
        if not all(map(_is_joined, found, found[1:])):
            return False
        return all(map(_is_cased, self.words, (token.text for token in found)))


def _is_joined(before: Token, token: Token) -> bool:
    if token.gap.strip() in {"", "-"}:
        return "\n" not in token.gap
    if token.gap == ". ":
        return len(before.text) <= 2 or "." in before.text
    return token.gap in {", ", " & "}


def _is_cased(listed: str, found: str) -> bool:
    if listed.isupper() and len(listed) <= 6:
        return found.isupper()
    return found[0].isupper() or not listed[0].isupper()


@cache
def _forms(language: Language) -> dict[str, tuple[_Form, ...]]:
    listed: dict[str, list[_Form]] = {}
    known: set[tuple[str, ...]] = set()
    for phrase, entry in _listed(language):
        words = tuple(token.text for token in tokens(phrase))
        if not words or (*words, entry.kind) in known:
            continue
        known.add((*words, entry.kind))
        form = _Form(words, tuple(word.lower() for word in words), entry)
        listed.setdefault(form.lows[0], []).append(form)
    return {
        first: tuple(sorted(forms, key=lambda form: -len(form.words)))
        for first, forms in listed.items()
    }


def _listed(language: Language) -> Iterator[tuple[str, Entry]]:
    yield from _bodies(language)
    yield from _countries(language)
    yield from _offices(language)
    yield from _cities(language)
    for row in read_rows("body_nouns.csv", ("kind", "language", "forms", "source"), LEXICON):
        if row["language"] == language:
            nouns = row["forms"] if language == "de" else _in_small_letters(row["forms"])
            yield from _all_forms(nouns, language, Entry("noun", row["kind"]))
    for row in read_rows("anonymous.csv", ("kind", "language", "forms", "source"), LEXICON):
        if row["language"] == language:
            yield from _all_forms(row["forms"], language, Entry("anonymous", row["kind"]))


def _in_small_letters(listed: str) -> str:
    """Nouns as they may stand; an abbreviation keeps its capitals."""
    kept = (noun if noun.isupper() else noun.lower() for noun in listed.split(";"))
    return ";".join(kept)


def _all_forms(listed: str, language: Language, entry: Entry) -> Iterator[tuple[str, Entry]]:
    for phrase in listed.split(";"):
        for form in forms_of(phrase, language):
            yield form, entry


def _countries(language: Language) -> Iterator[tuple[str, Entry]]:
    columns = ("area", "language", "kind", "forms", "source")
    for row in read_rows("countries.csv", columns, LEXICON):
        if row["language"] == language:
            yield from _country_forms(row, language)
    for known in areas():
        name = {"en": known.name_en, "de": known.name_de, "ru": known.name_ru}[language]
        if known.status == "iso":
            plain = re.sub(r"\s*\(.*?\)|\s+SAR China", "", name)
            yield from _all_forms(plain, language, Entry("country", known.alpha2, known.alpha2))


def _cities(language: Language) -> Iterator[tuple[str, Entry]]:
    for row in read_rows("cities.csv", ("area", "language", "forms", "source"), LEXICON):
        if row["language"] == language:
            city = Entry("city", row["forms"].split(";")[0], row["area"])
            yield from _all_forms(row["forms"], language, city)


def _country_forms(row: dict[str, str], language: Language) -> Iterator[tuple[str, Entry]]:
    code, kind = row["area"], row["kind"]
    if kind == "adjective":
        for stem in row["forms"].split(";"):
            for ending in _ADJECTIVES[language]:
                yield stem + ending, Entry("adjective", code, code)
        return
    as_kind: Kind = "country"
    if kind in {"capital", "nickname"}:
        as_kind = "capital"
    elif kind == "people":
        as_kind = "people"
    yield from _all_forms(row["forms"], language, Entry(as_kind, code, code))


def _bodies(language: Language) -> Iterator[tuple[str, Entry]]:
    columns = ("id", "type", "kind", "area", "language", "forms", "source")
    for row in read_rows("bodies.csv", columns, LEXICON):
        entry = Entry("body", row["id"], row["area"], row["kind"])
        if row["language"] == language:
            yield from _all_forms(row["forms"], language, entry)
        elif row["language"] == "en" and row["kind"] in {"agency", "media", "company"}:
            yield from _all_forms(row["forms"], "en", entry)
    union = Entry("capital", "org:eu", "EU", "union")
    capital = {"en": "Brussels", "de": "Brüssel", "ru": "Брюссель"}[language]
    yield from _all_forms(capital, language, union)


def _offices(language: Language) -> Iterator[tuple[str, Entry]]:
    columns = ("office", "rank", "same_as", "language", "forms", "source")
    for row in read_rows("offices.csv", columns, LEXICON):
        if row["language"] != language:
            continue
        entry = Entry("office", row["office"], "", row["same_as"])
        for phrase in row["forms"].split(";"):
            for form in _office_forms(phrase, language):
                yield form, entry


def _office_forms(phrase: str, language: Language) -> Iterable[str]:
    if language == "de" and phrase.endswith("*"):
        return [phrase[:-1] + ending for ending in _GERMAN_NOUN]
    if language == "en":
        is_soft = phrase.endswith("y") and phrase[-2] not in "aeiou"
        return [phrase, phrase[:-1] + "ies" if is_soft else phrase + "s"]
    plural = {phrase + "ы"} if language == "ru" and phrase[-1] in "тдрнк" else set()
    return {*forms_of(phrase, language), *plural}


@cache
def words_of(kind: str, language: Language) -> frozenset[str]:
    """Small words of one kind.

    Args:
        kind: ``portfolio``, ``modifier``, ``reporting``, ``oblique`` …
        language: Their language.

    Returns:
        The words in small letters; none where the language has none of that kind.
    """
    rows = read_rows("mention_words.csv", ("kind", "language", "words", "source"), LEXICON)
    return frozenset(
        word.lower()
        for row in rows
        if (row["kind"], row["language"]) == (kind, language)
        for word in row["words"].split()
    )


@cache
def classes_of(language: Language) -> dict[str, frozenset[str]]:
    """Small words of a language with the kinds each is of.

    Args:
        language: The language.

    Example:
        >>> sorted(classes_of("de")["vize"])
        ['deputy', 'modifier']
    """
    found: dict[str, set[str]] = {}
    for row in read_rows("mention_words.csv", ("kind", "language", "words", "source"), LEXICON):
        for word in row["words"].lower().split() if row["language"] == language else ():
            found.setdefault(word, set()).add(row["kind"])
    return {word: frozenset(kinds) for word, kinds in found.items()}


def chunks(found: Sequence[Token], language: Language) -> tuple[Chunk, ...]:
    """Find listed phrases; of two that meet, the longer one, else the one listed first.

    Args:
        found: Words of a text.
        language: Their language.

    Returns:
        Phrases in order; a phrase of two kinds stands there once for each.

    Example:
        >>> words = tokens("the European Commission and Kazakh observers")
        >>> [(c.entry.kind, c.entry.key) for c in chunks(words, "en")]
        [('body', 'org:european_commission'), ('adjective', 'KZ'), ('anonymous', 'observer')]
    """
    forms = _forms(language)
    listed: list[Chunk] = []
    at = 0
    while at < len(found):
        here = [form for form in forms.get(found[at].low, ()) if _reaches(form, found, at)]
        if not here and language == "de":
            here = _compound(found[at])
        length = len(here[0].words) if here else 1
        same = [form for form in here if len(form.words) == length]
        listed += [Chunk(at, at + length, form.entry) for form in same]
        at += length
    return tuple(listed)


def _reaches(form: _Form, found: Sequence[Token], at: int) -> bool:
    return form.fits(found[at : at + len(form.words)])


def _compound(token: Token) -> list[_Form]:
    """The office or body a German compound ends in: Energieminister, Zollbehörde."""
    if not token.is_capital or len(token.low) < _LEAST_OFFICE + 3:
        return []
    forms = _forms("de")
    least = _LEAST_OFFICE - token.low.endswith("chef")
    for cut in range(2, len(token.low) - least + 1):
        for form in forms.get(token.low[cut:], ()):
            is_single = len(form.words) == 1
            if is_single and form.entry.kind in {"office", "noun"} and form.words[0][0].isupper():
                entry = _of_owner(form.entry, forms.get(token.low[:cut], ()))
                return [_Form((token.text,), (token.low,), entry)]
    return []


def _of_owner(entry: Entry, owners: Iterable[_Form]) -> Entry:
    """An office with the country its compound begins with: Kremlchef, Kremlsprecher."""
    for owner in owners:
        if len(owner.words) == 1 and owner.entry.kind in {"capital", "country"}:
            is_leader = (owner.entry.kind, entry.key) == ("capital", "head")
            key, detail = ("leader", "leader") if is_leader else (entry.key, entry.detail)
            return Entry(entry.kind, key, owner.entry.area, detail)
    return entry
