"""Names of persons over spellings and scripts: Tokayev, Tokajew and Токаев are one name.

A name is written in Latin letters, sounds that transliterations write differently are made one,
and what is left are its consonants. Such a skeleton says that two spellings may be one name; that
two persons are one also needs an office or a country that agree, and no first names that differ.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language
from entrepot.press.language import LEXICON

_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        (
            *("a", "b", "v", "g", "d", "e", "yo", "zh", "z", "i", "y", "k", "l", "m", "n", "o"),
            *("p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e"),
            *("yu", "ya", "i", "yi", "ye", "g", "u"),
        ),
        strict=True,
    )
)
_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ə": "a", "æ": "ae", "þ": "th", "ð": "d"}
)
_CYRILLIC = re.compile("[а-яёіїєґў]", re.IGNORECASE)
_RUSSIAN_CASE = re.compile(
    "(?<=[а-яё]{3})(?:ого|его|ому|ему|ыми|ими|ым|им|ом|ем|ём|ой|ою|ей|ую|ых|их|[аеиоуыюя])$"
)
_SOUNDS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("ch", "s"), ("dj", "s"), ("j", "s")),
    "de": (("ch", "h"), ("j", "y")),
    "ru": (("ch", "s"),),
}
_ALIKE = (
    *(("schtsch", "s"), ("shch", "s"), ("dsch", "s"), ("tsch", "s"), ("sch", "s"), ("dzh", "s")),
    *(("tch", "s"), ("zh", "s"), ("sh", "s"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("th", "t")),
    *(("gh", "g"), ("wh", "v")),
)
_LETTERS_ALIKE = (("q", "k"), ("w", "v"), ("tz", "s"), ("ts", "s"), ("z", "s"))
_SIBILANTS = str.maketrans("çşčćšžś", "sssssss")
_SOFT_C = re.compile("c(?=[eiy]|$)")
_SILENT_H = re.compile("(?<=[aeiouy])h(?![aeiouy])")
_STARTS_WITH_VOWEL = re.compile("[aeiouy]")
_LONG_ENOUGH = 3  # consonants; shorter skeletons agree by chance
_ALIKE_ENOUGH = 0.5  # of the letters, where a skeleton is short


def latin(name: str) -> str:
    """Write a name in small Latin letters without accents.

    Args:
        name: A name in Latin or Cyrillic letters.

    Example:
        >>> latin("Токаев"), latin("Vučić")
        ('tokaev', 'vucic')
    """
    spelled = "".join(_LETTERS.get(letter, letter) for letter in name.lower())
    folded = unicodedata.normalize("NFKD", spelled.translate(_SPECIAL))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def skeleton(name: str, language: Language = "en") -> str:
    """Consonants of a name, equal over transliterations.

    Args:
        name: One name or several; Russian case endings of each are left out.
        language: Language of the text it stands in: German ``ch`` and ``j`` sound otherwise.

    Returns:
        One skeleton per name, a leading vowel shown as ``a``.

    Example:
        >>> skeleton("Tokayev"), skeleton("Tokajew", "de"), skeleton("Токаева", "ru")
        ('tkv', 'tkv', 'tkv')
        >>> skeleton("Scholz"), skeleton("Шольцем", "ru"), skeleton("Orbán")
        ('sls', 'sls', 'arbn')
    """
    return " ".join(filter(None, (_skeleton(word, language) for word in re.split(r"[\s-]+", name))))


@cache
def _skeleton(word: str, language: Language) -> str:
    low = word.lower()
    is_cyrillic = _CYRILLIC.search(low) is not None
    if is_cyrillic:
        low = _RUSSIAN_CASE.sub("", low)
        low = re.sub("^у(?=[аеиоуыэюя])", "в", low)
    letters = re.sub("[^a-z]", "", latin(low.translate(_SIBILANTS)))
    sounds = "ru" if is_cyrillic else language
    for written, sound in (*_ALIKE, *_SOUNDS[sounds], *_LETTERS_ALIKE):
        letters = letters.replace(written, sound)
    letters = _SOFT_C.sub("s", letters).replace("c", "k").replace("x", "ks")
    letters = _SILENT_H.sub("", letters)
    lead = "a" if _STARTS_WITH_VOWEL.match(letters) else ""
    kept = re.sub(r"(.)\1+", r"\1", re.sub("[aeiouy]", "", letters))
    return lead + kept if kept else letters


def skeletons(name: str, language: Language) -> frozenset[str]:
    """Every skeleton one word may have: with and without a case ending that may be part of it.

    Args:
        name: One name.
        language: Language of its text.

    Example:
        >>> sorted(skeletons("Tokajews", "de"))
        ['tkv', 'tkvs']
    """
    found = {_skeleton(name, language)}
    if language == "de" and len(name) > 4 and name.endswith("s"):
        found.add(_skeleton(name[:-1], language))
    if language == "ru" and re.search("[иыое]м$", name):
        found.add(_skeleton(name + "ом", language))  # Рахим is no instrumental
    return frozenset(found)


def may_be_one_name(one: str, other: str, language: Language) -> bool:
    """Whether two spellings may be the same name: one skeleton, and if short, like letters.

    Args:
        one: A name.
        other: Another one.
        language: Language of their text.

    Example:
        >>> may_be_one_name("Vassilenko", "Wassilenko", "de"), may_be_one_name("Li", "Lao", "en")
        (True, False)
    """
    shared = skeletons(one, language) & skeletons(other, language)
    if not shared:
        return False
    if one.lower() == other.lower() or max(map(len, shared)) > _LONG_ENOUGH:
        return True
    first, second = sorted((latin(one), latin(other)))  # the matcher is not mutual
    letters = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return letters.ratio() >= _ALIKE_ENOUGH


@cache
def _genders() -> dict[str, str]:
    rows = read_rows("first_names.csv", ("gender", "script", "names", "source"), LEXICON)
    return {name.lower(): row["gender"] for row in rows for name in row["names"].split()}


def gender_of_first_name(name: str, language: Language) -> str:
    """Whether a listed first name is a man's or a woman's.

    Args:
        name: The name, in any Russian case.
        language: Language of its text.

    Returns:
        ``m``, ``f``, or nothing where the name is not listed.

    Example:
        >>> gender_of_first_name("Annalena", "de"), gender_of_first_name("Александром", "ru")
        ('f', 'm')
    """
    known = _genders()
    low = name.lower()
    spelled = (low, *(_nominatives(low) if language == "ru" else ()))
    genders = {known[form] for form in spelled if form in known}
    if genders:
        return genders.pop() if len(genders) == 1 else ""  # Роберта may be Роберт
    parts = re.split("-", low)
    return known.get(parts[0], "") if len(parts) > 1 else ""


def _nominatives(low: str) -> list[str]:
    found = []
    for ending, nominatives in (
        ("ом", ("",)),
        ("ем", ("ь", "й", "")),
        ("ей", ("я", "а")),
        ("ой", ("а",)),
        ("а", ("",)),
        ("я", ("й", "ь")),
        ("у", ("", "а")),
        ("ю", ("й", "ь", "я")),
        ("ы", ("а",)),
        ("и", ("а", "я")),
        ("е", ("", "а", "я", "й")),
    ):
        if low.endswith(ending):
            found += [low.removesuffix(ending) + nominative for nominative in nominatives]
    return found


_SURNAME = re.compile(
    "(?:ov|ev|yev|ova|eva|in|ina|sky|ski|skiy|skaya|enko|chuk|uk|yan|ian|ants|shvili|dze|dse|"
    "oglu|oğlu|zade|bekov|bayev|baev|uly|kyzy|vich|vic|vić|ić|ic|iuk|ko|ow|ew|owa|ewa|jew|jewa|"
    "jan|schwili|witsch|enka|ски|ова|ев|ов|ева|ин|ина|ский|ская|ский|енко|чук|юк|ян|янц|швили|"
    "дзе|оглу|заде|улы|кызы|вич|ич|ко|баев|беков|ер|ман|сон)$"
)
_FEMALE = re.compile("(?:ova|eva|skaya|ina|owa|ewa|ова|ева|ина|ская|kyzy|кызы)$")


def looks_like_surname(name: str, language: Language) -> bool:
    """Whether a word ends as surnames of Eastern Europe, the Caucasus and Central Asia do.

    Args:
        name: A word with a capital.
        language: Language of its text.

    Example:
        >>> looks_like_surname("Asanbekov", "en"), looks_like_surname("Handel", "de")
        (True, False)
    """
    low = name.lower()
    if language != "ru":
        return len(low) > 4 and _SURNAME.search(low) is not None
    return len(low) > 3 and any(map(_SURNAME.search, (low, *_nominatives(low))))


def gender_of_surname(name: str) -> str:
    """``f`` where a surname has a woman's ending in its nominative, else nothing.

    Args:
        name: A surname.

    Example:
        >>> gender_of_surname("Zakharova"), gender_of_surname("Peskov")
        ('f', '')
    """
    return "f" if _FEMALE.search(name.lower()) else ""
