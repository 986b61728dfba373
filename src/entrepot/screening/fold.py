"""Letters of a name written one way: no hidden characters, no letters that only look like others.

A name may mix scripts to slip through: ``АО`` in Cyrillic beside Latin words, or one Cyrillic ``о``
inside a Latin word. Such letters are read as what they look like; a name in one script stays in it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_LATIN_ALIKE = "AaBEeKMHOoPpCcTXxYyIiJjSsaeopcyxijsdqwh"
_CYRILLIC_ALIKE = "АаВЕеКМНОоРрСсТХхУуІіЈјЅѕаеорсухіјѕԁԛԝһ"
_GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυχ", "ABEZHIKMNOPTYXaivopux")
_TO_LATIN = str.maketrans(_CYRILLIC_ALIKE, _LATIN_ALIKE)
_TO_CYRILLIC = str.maketrans(_LATIN_ALIKE, _CYRILLIC_ALIKE)
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ALPHABETIC = re.compile("[A-Za-zÀ-ɏ\u0370-\u03ff\u0400-\u052f]")
_ARABIC_ARTICLE = re.compile("^ال(?=..)")
_SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_VOWELLESS = re.compile("[\u0590-\u08ff]")
_ONLY_ALIKE = re.compile(f"[{_CYRILLIC_ALIKE}]+")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_DIGRAPHS = re.compile("sch|sh|ch|zh|kh|ph|th|ck|gh|ts|tz|dj|dz|dh")
_SOUNDS = {
    **{"sch": "s", "sh": "s", "ch": "s", "zh": "s", "kh": "h", "ph": "f", "th": "t", "ck": "k"},
    **{"gh": "g", "ts": "s", "tz": "s", "dj": "s", "dz": "s", "dh": "d"},
}
_ARTICLES = frozenset({"al", "el", "ul", "ur", "ud"})
_SERVANT = re.compile("^abd[aeu]l(?=.)")
_HEARD = {"sch": "s", "sh": "s", "ch": "s", "zh": "j", "kh": "k", "ph": "f", "dj": "j", "ts": "s"}
_HEARD |= {"th": "t", "gh": "g", "tz": "s", "dz": "s", "dh": "s", "ck": "k"}
_WHOLE = str.maketrans("qczgp", "kkskb")
_UNHEARD = re.compile("[aeiouyhw]")
_LETTERS = str.maketrans("qwzcx", "kvsks")
_VOWELS = re.compile("[aeiouy]")
_ADJECTIVE = re.compile("(?<=[a-z]{3})sk(?:iy|ij|ii|yi|y|i|aya|aja|oe|oye|oje|ogo|oi|oy|om|ie|)$")
_LONGEST_ACRONYM = 7
_FEW_VOWELS = 0.15
_AGAIN = re.compile(r"(.)\1+")


def readable(text: str) -> str:
    """Write a name without hidden characters and with letters of one script in each word.

    Args:
        text: A name as on the papers.

    Returns:
        The name; case and script are kept, look-alikes are read as the letters around them.

    Example:
        >>> readable("SВЕRВАNК") == "SBERBANK", readable("Al\u200bpha")
        (True, 'Alpha')
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc"))
    if plain.isascii():
        return plain
    latin, cyrillic = len(_LATIN.findall(plain)), len(_CYRILLIC.findall(plain))
    if latin and not cyrillic:
        return plain.translate(_GREEK)
    if not latin:
        return plain
    return _WORD.sub(lambda found: _one_script(found.group(), latin >= cyrillic), plain)


def _one_script(word: str, is_latin_name: bool) -> str:
    latin, cyrillic = len(_LATIN.findall(word)), len(_CYRILLIC.findall(word))
    if not cyrillic:
        return word
    if not latin:
        return word.translate(_TO_LATIN) if is_latin_name and _ONLY_ALIKE.fullmatch(word) else word
    own = cyrillic - sum(sign in _CYRILLIC_ALIKE for sign in word if _CYRILLIC.match(sign))
    return word.translate(_TO_CYRILLIC if own > latin / 2 else _TO_LATIN)


def is_mixed(text: str) -> bool:
    """Whether a word of a name mixes scripts, or hides characters.

    Args:
        text: A name as on the papers.

    Example:
        >>> is_mixed("Ѕberbank"), is_mixed("ООО Альфа (Alpha LLC)")
        (True, False)
    """
    if any(unicodedata.category(sign) == "Cf" for sign in text):
        return True
    words = _WORD.findall(text)
    return any(_LATIN.search(word) and _CYRILLIC.search(word) for word in words)


def acronyms_of(text: str) -> frozenset[str]:
    """Words of a name that are put together from initials; they have no spelling to get wrong.

    Args:
        text: A name, readable.

    Returns:
        Words in small letters: short ones in capitals beside others that are not, and such as
        hold hardly a vowel.

    Example:
        >>> sorted(acronyms_of("АО НИИ «Вектор» VNIIRT")), sorted(acronyms_of("ALMAZ VNT"))
        (['vniirt', 'ао', 'нии'], ['vnt'])
    """
    words = [word for word in _WORD.findall(text) if _ALPHABETIC.match(word)]
    has_small = any(not word.isupper() for word in words if len(word) > 1)
    return frozenset(
        word.casefold()
        for word in words
        if 1 < len(word) <= _LONGEST_ACRONYM
        and ((has_small and word.isupper()) or _is_unspeakable(latin(word.casefold())))
    )


def _is_unspeakable(word: str) -> bool:
    return len(word) > 1 and len(_VOWELS.findall(word)) / len(word) < _FEW_VOWELS


def words_of(text: str) -> tuple[str, ...]:
    """Words of a name, in small letters of their own script.

    Args:
        text: A name, readable.

    Example:
        >>> words_of("ЗАО «Заря-2»")
        ('зао', 'заря', '2')
    """
    return tuple(word.replace("'", "").casefold() for word in _WORD.findall(text))


@lru_cache(maxsize=200_000)
def latin(word: str) -> str:
    """Write a word in small Latin letters.

    Args:
        word: A word of any script.

    Example:
        >>> latin("москва"), latin("çelik")
        ('moskva', 'celik')
    """
    if word.isascii():
        return word
    plain = _ARABIC_ARTICLE.sub("", word.casefold())
    return re.sub("[^a-z0-9]", "", anyascii(plain).casefold())


def is_of_syllables(word: str) -> bool:
    """Whether a word is written in signs of syllables or meanings: Chinese, Japanese, Korean.

    Such words are short and many sound alike, so they agree sign for sign or spelt, never by sound.

    Args:
        word: A word of any script.

    Example:
        >>> is_of_syllables("张伟"), is_of_syllables("Вектор")
        (True, False)
    """
    return _SYLLABLES.search(word) is not None


def lacks_vowels(text: str) -> bool:
    """Whether a name is in a script that leaves vowels open: Hebrew, Syriac, Arabic.

    Args:
        text: A name.

    Example:
        >>> lacks_vowels("طارق"), lacks_vowels("Тарик")
        (True, False)
    """
    return _VOWELLESS.search(text) is not None


def stem(word: str) -> str:
    """A word without the ending of an adjective of place.

    Args:
        word: A word in small Latin letters.

    Example:
        >>> stem("tulskiy"), stem("tula")
        ('tul', 'tula')
    """
    return _ADJECTIVE.sub("", word)


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> tuple[str, ...]:
    """Consonants of a word, with sounds that transliterations write differently made one.

    Args:
        word: A word of any script.

    Returns:
        Small Latin letters; of a word of vowels its letters. Adjectives of places lose their
        ending: ``Tulskiy`` and ``Tula`` are one. Two where the word holds a ``j``, which is a
        consonant in Jamal and a vowel in Tokajew.

    Example:
        >>> skeletons("кузнецов") == skeletons("kusnezow"), skeletons("tokajew")
        (True, ('tksv', 'tkv'))
    """
    letters = stem(latin(word))
    sounds = _DIGRAPHS.sub(lambda found: _SOUNDS[found.group()], letters).translate(_LETTERS)
    forms = {sounds.replace("j", "s"): None, sounds.replace("j", ""): None}
    return tuple(
        dict.fromkeys(_AGAIN.sub(r"\1", _VOWELS.sub("", form)) or letters for form in forms)
    )


def sound_of(words: tuple[str, ...]) -> str:
    """What is heard of a whole name, whatever alphabet it came from and however it was parted.

    Scripts without vowels leave open what stands between consonants, and transliterations of them
    part the article or not: ``Abd al-Rahman`` and ``Abdulrahman`` are one. So the words are run
    together, and ``h`` and ``w``, which are consonants in one spelling only, are left out.

    Args:
        words: Words in small Latin letters.

    Returns:
        Consonants; sounds that transliterations write differently are one.

    Example:
        >>> sound_of(("abd", "al", "rahman")) == sound_of(("abdulrahman",))
        True
        >>> sound_of(("qasim", "dhahir")), sound_of(("kassem", "zaher"))
        ('ksmsr', 'ksmsr')
    """
    spoken = "".join(_SERVANT.sub("abd", word) for word in words if word not in _ARTICLES)
    whole = _DIGRAPHS.sub(lambda found: _HEARD.get(found.group(), found.group()[0]), spoken)
    return _AGAIN.sub(r"\1", _UNHEARD.sub("", whole.translate(_WHOLE)))
