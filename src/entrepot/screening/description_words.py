"""Words of a goods description, in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import combinations

from entrepot.codes.rows import read_rows

LONGEST = 4  # words of a phrase
_PIECE = re.compile(r"[^\W_]+")
_PART = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_CYRILLIC = re.compile(r"[а-я]")
_RUSSIAN_ENDING = re.compile(
    r"(?:ами|ями|ого|его|ому|ыми|ими|ная|ный|ной|ные|ных|ное|ов|ев|ей|ий|ый|ой|ая|яя|ое|ее|ые|ие"
    r"|ых|их|ым|им|ам|ям|ах|ях|ом|ем|а|я|о|е|и|ы|у|ю|ь|й)$"
)
_PLURAL = re.compile(r"(?<!s)s$")
_LATIN_ENDING = re.compile(r"(?:en|er|e|n)$")
_SHORTEST = 4  # letters a stem keeps
_STEM = 10  # letters that tell a word in any of its forms
TEXT_LIMIT = 2000  # a description longer than this is a document, and its beginning says enough
_NEGATED = re.compile(
    r"\((?:excl|except|other than|ausg|außer|ohne|кроме|за исключением)[^)]*\)"
    r"|\b(?:excluding|excl\.|except for|other than|ausgenommen|за исключением|кроме)[^,;.]*",
    re.IGNORECASE,
)
_FOLD = str.maketrans({"ё": "е", "ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def stem(word: str) -> str:
    """A word without its ending; words of one stem count as the same.

    Args:
        word: One word as :func:`folded` gives it.

    Returns:
        Its stem, which is no word of any language.

    Example:
        >>> stem("bearings") == stem("bearing"), stem("конденсаторов") == stem("конденсатор")
        (True, True)
    """
    is_russian = _CYRILLIC.search(word) is not None
    if not is_russian and len(word) >= _SHORTEST:
        word = _PLURAL.sub("", word)
    cut = (_RUSSIAN_ENDING if is_russian else _LATIN_ENDING).sub("", word)
    word = cut if len(cut) >= _SHORTEST else word
    return word[:_STEM]


def pieces(text: str) -> tuple[str, ...]:
    """The words of a text as they stand, without words that only join others.

    Args:
        text: Words of the papers.

    Returns:
        Words and numbers in order; hyphens part them, and what a text says it excludes is left
        out.

    Example:
        >>> pieces("Parts for D-Sub connectors")
        ('Parts', 'D', 'Sub', 'connectors')
        >>> pieces("Diodes (excl. photosensitive)")
        ('Diodes',)
    """
    said = _NEGATED.sub(" ", unicodedata.normalize("NFKC", text[:TEXT_LIMIT]))
    return tuple(word for word in _PIECE.findall(said) if folded(word) not in _empty_words())


def folded(word: str) -> str:
    """A word in small letters without umlauts, as it is compared.

    Args:
        word: One word.

    Example:
        >>> folded("Fräsmaschine")
        'frasmaschine'
    """
    return word.casefold().translate(_FOLD)


def terms(text: str) -> dict[str, str]:
    """Stems of a text, and phrases of up to four of them in a row, in whatever order.

    Papers put the thing first or last: "bearings, ball" are ball bearings.

    Args:
        text: Words of the papers.

    Returns:
        Each with the words it stands for, in order.

    Example:
        >>> terms("Ball bearings")
        {'ball': 'Ball', 'bearing': 'bearings', 'ball_bearing': 'Ball bearings'}
    """
    said = pieces(text)
    stems = [stem(folded(word)) for word in said]
    found = {
        one: word
        for one, word in zip(stems, said, strict=True)
        if len(one) > 1 and not one.isdigit()
    }
    for length in range(2, LONGEST + 1):
        for at in range(len(stems) - length + 1):
            joined = "_".join(sorted(stems[at : at + length]))
            found.setdefault(joined, " ".join(said[at : at + length]))
    return found


def phrase(words: str) -> str:
    """A phrase of a list of words as :func:`terms` gives it.

    Args:
        words: Words joined by ``_``.

    Example:
        >>> phrase("ball_bearings") == phrase("bearing_ball")
        True
    """
    return "_".join(sorted(stem(folded(word)) for word in pieces(words.replace("_", " "))))


def numbers(text: str) -> dict[str, str]:
    """Words of a text that may be part numbers: letters and digits mixed.

    Args:
        text: Words of the papers.

    Returns:
        Each in small letters without hyphens, with the number as it stands.

    Example:
        >>> numbers("IC STM32F407-VGT6, 5 pcs")
        {'stm32f407vgt6': 'STM32F407-VGT6'}
    """
    said = _PART.findall(unicodedata.normalize("NFKC", text[:TEXT_LIMIT]))
    joined = {word.replace("-", "").lower(): word for word in said}
    return {
        word: number
        for word, number in joined.items()
        if any(c.isdigit() for c in word) and not word.isdigit()
    }


def own_words(text: str) -> tuple[str, ...]:
    """The words of a description that say what the goods are.

    Args:
        text: Words of the papers.

    Returns:
        Words of two letters or more that are not on the list of vague words, in order.

    Example:
        >>> own_words("spare parts for pumps, 12 pcs"), own_words("Ersatzteile, diverse")
        (('pumps',), ())
    """
    vague = _vague_words()
    said = (word for word in pieces(text) if len(word) > 1 and not word.isdigit())
    return tuple(word for word in said if stem(folded(word)) not in vague)


@cache
def _vague_words() -> frozenset[str]:
    held = (word for words in _vague().values() for word in words)
    return frozenset(stem(folded(word)) for word in held)


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(folded(word) for word in _vague()["none"])


@cache
def _vague() -> dict[str, Sequence[str]]:
    rows = read_rows("vague_words.csv", ("language", "words", "source"))
    return {row["language"]: row["words"].split() for row in rows}


def parts(term: str) -> tuple[str, ...]:
    """Shorter phrases and words within a phrase.

    Args:
        term: A phrase as :func:`phrase` gives it.

    Example:
        >>> parts("ball_bearing")
        ('ball', 'bearing')
    """
    stems = term.split("_")
    found = [one for n in range(1, len(stems)) for one in combinations(stems, n)]
    return tuple("_".join(one) for one in found)
