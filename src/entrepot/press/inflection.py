"""Forms a listed name takes in a sentence: cases in Russian and German, none in English.

A listed phrase may end in a part that never changes, written behind a bar:
``Министерство| обороны``.
"""

from __future__ import annotations

import itertools
from functools import cache

from entrepot.press.article import Language

# Endings cut off the nominative, and what each case puts there: genitive, dative, accusative,
# instrumental, prepositional. Longer endings stand first.
_RUSSIAN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ское", "ое", ("ого", "ому", "ое", "им", "ом")),
    ("ский", "ий", ("ого", "ому", "ого", "им", "ом")),
    ("кий", "ий", ("ого", "ому", "ий", "им", "ом")),
    ("ний", "ий", ("его", "ему", "ий", "им", "ем")),
    ("ший", "ий", ("его", "ему", "ий", "им", "ем")),
    ("щий", "ий", ("его", "ему", "его", "им", "ем")),
    ("ый", "ый", ("ого", "ому", "ого", "ым", "ом")),
    ("ой", "ой", ("ого", "ому", "ого", "ым", "ом")),
    ("ая", "ая", ("ой", "ой", "ую", "ой", "ой")),
    ("яя", "яя", ("ей", "ей", "юю", "ей", "ей")),
    ("ое", "ое", ("ого", "ому", "ое", "ым", "ом")),
    ("ее", "ее", ("его", "ему", "ее", "им", "ем")),
    ("ые", "ые", ("ых", "ым", "ые", "ыми", "ых")),
    ("кие", "ие", ("их", "им", "ие", "ими", "их")),
    ("ие", "ие", ("ия", "ию", "ие", "ием", "ии")),
    ("ия", "ия", ("ии", "ии", "ию", "ией", "ии")),
    ("ья", "ья", ("ьи", "ье", "ью", "ьей", "ье")),
    ("ка", "а", ("и", "е", "у", "ой", "е")),
    ("га", "а", ("и", "е", "у", "ой", "е")),
    ("ха", "а", ("и", "е", "у", "ой", "е")),
    ("ики", "и", ("ов", "ам", "ов", "ами", "ах")),
    ("тели", "и", ("ей", "ям", "ей", "ями", "ях")),
    ("жа", "а", ("и", "е", "у", "ей", "е")),
    ("ша", "а", ("и", "е", "у", "ей", "е")),
    ("ча", "а", ("и", "е", "у", "ей", "е")),
    ("ца", "а", ("ы", "е", "у", "ей", "е")),
    ("а", "а", ("ы", "е", "у", "ой", "е")),
    ("я", "я", ("и", "е", "ю", "ей", "е")),
    ("о", "о", ("а", "у", "о", "ом", "е")),
    ("ий", "ий", ("ия", "ию", "ия", "ием", "ии")),
    ("й", "й", ("я", "ю", "я", "ем", "е")),
    ("ы", "ы", ("ов", "ам", "ы", "ами", "ах")),
    ("ж", "", ("а", "у", "", "ем", "е")),
    ("ш", "", ("а", "у", "", "ем", "е")),
    ("ч", "", ("а", "у", "", "ем", "е")),
    ("ц", "", ("а", "у", "", "ем", "е")),
)
_SOFT = (("я", "ю", "я", "ем", "е"), ("и", "и", "ь", "ью", "и"), ("я", "ю", "ь", "ём", "е"))
_HARD = ("а", "у", "а", "ом", "е")
_UNCHANGED = "еиуэюё"


@cache
def forms_of(phrase: str, language: Language) -> frozenset[str]:
    """List the forms of a phrase, itself among them.

    Args:
        phrase: Nominative; what follows a bar never changes.
        language: Its language.

    Returns:
        Forms, with the unchanging part and without the bar.

    Example:
        >>> sorted(forms_of("Грузия", "ru"))
        ['Грузией', 'Грузии', 'Грузию', 'Грузия']
        >>> sorted(forms_of("Europäische Kommission", "de"))
        ['Europäische Kommission', 'Europäischen Kommission', 'Europäischer Kommission']
    """
    head, _, tail = phrase.partition("|")
    if language == "en":
        return frozenset({head + tail})
    found = _russian(head) if language == "ru" else _german(head)
    return frozenset(form + tail for form in found)


def _russian(head: str) -> set[str]:
    words = head.split(" ")
    tables = [_cases(word) for word in words]
    found = {head}
    found |= {
        " ".join(case) for table in itertools.product(*tables) for case in zip(*table, strict=True)
    }
    return found


def _cases(word: str) -> list[tuple[str, ...]]:
    """Declensions a word may follow, each as its five oblique cases."""
    same = (word,) * 5
    if len(word) < 3 or not "а" <= word[-1].lower() <= "я":
        return [same]
    if word.isupper():
        return [same, *([tuple(word + end for end in _HARD)] if word == "МИД" else [])]
    if word.endswith("ь"):
        return [tuple(word[:-1] + end for end in ends) for ends in _SOFT]
    for tail, cut, ends in _RUSSIAN:
        if word.endswith(tail):
            stem = word[: len(word) - len(cut)]
            return [tuple(stem + end for end in ends)]
    if word[-1] in _UNCHANGED:
        return [same]
    return [tuple(word + end for end in _HARD)]


def _german(head: str) -> set[str]:
    words = head.split(" ")
    if len(words) == 1:
        return {head, *_genitives(head)}
    if not words[0].endswith(("e", "er", "es", "en")) or not words[1][:1].isupper():
        return {head, *(" ".join([form, *words[1:]]) for form in _genitives(words[0]))}
    found = {head}
    stem = words[0].removesuffix("r").removesuffix("s").removesuffix("n")
    for ending in ("", "n", "r"):
        found.add(" ".join([stem + ending, *words[1:]]))
    if not words[0].endswith("e"):
        found |= {" ".join([stem + "n", *words[1:-1], form]) for form in _genitives(words[-1])}
    return found


def _genitives(word: str) -> set[str]:
    if not word.isalpha() or word.isupper() or word.endswith(("s", "ß", "z", "x")):
        return {word + "es"} if word.isalpha() and word.endswith("z") else set()
    return {word + "s", *({word + "es"} if word.endswith(("amt", "rat", "bund")) else set())}
