"""A name as it is compared: words of one meaning made one, legal forms and numbers set apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from entrepot.codes.rows import read_rows
from entrepot.screening.fold import acronyms_of, latin, readable, skeletons, words_of

WORDS = "screening/words"
_LONG_STEM = 6
_ENDING = {True: 5, False: 3}  # letters a stem may go on with, by whether it is long
_PARTICLES = frozenset({"al", "el", "ul", "ur", "ud", "as", "ad", "ar", "an"})
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBER = re.compile(r"\d+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name ready to be compared.

    Args:
        text: The name as it stands.
        tokens: Words in Latin letters; ``=plant`` where several words mean the same.
        skeletons: Consonants of each token; empty for words that mean something and for
            abbreviations, which agree letter for letter or not at all.
        legal: Legal forms.
        numbers: Numbers in it.
        is_latin: Whether it is written in Latin letters.
    """

    text: str
    tokens: tuple[str, ...]
    skeletons: tuple[tuple[str, ...], ...]
    legal: frozenset[str]
    numbers: frozenset[str]
    is_latin: bool


@cache
def _concepts() -> tuple[dict[str, str], dict[str, str]]:
    """Words that stand for a concept, and beginnings of words that do."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    for row in read_rows("concepts.csv", ("concept", "forms", "source"), WORDS):
        for form in row["forms"].split():
            (stems if form.endswith("*") else whole)[form.rstrip("*")] = row["concept"]
    return whole, stems


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    rows = read_rows("abbreviations.csv", ("forms", "concepts", "source"), WORDS)
    return {form: tuple(row["concepts"].split()) for row in rows for form in row["forms"].split()}


@cache
def _legal_forms() -> tuple[dict[tuple[str, ...], str], int]:
    rows = read_rows("legal_forms.csv", ("form", "words", "source"), WORDS)
    known = {words_of(words): row["form"] for row in rows for words in row["words"].split(";")}
    return known, max(len(words) for words in known)


@lru_cache(maxsize=200_000)
def _meaning(word: str) -> tuple[str, ...]:
    """Concepts of a word; the word in Latin letters where it has none."""
    short = _abbreviations().get(word)
    if short is not None:
        return tuple(f"={concept}" for concept in short)
    whole, stems = _concepts()
    for known in (word, latin(word)):
        if known in whole:
            return (f"={whole[known]}",)
        for size in range(len(known), 2, -1):
            concept = stems.get(known[:size])
            if concept is not None and len(known) - size <= _ENDING[size >= _LONG_STEM]:
                return (f"={concept}",)
    ordinal = _ORDINAL.fullmatch(word)
    return (ordinal.group(1) if ordinal else latin(word),)


def _without_legal(words: tuple[str, ...]) -> tuple[list[str], set[str]]:
    known, longest = _legal_forms()
    kept: list[str] = []
    found: set[str] = set()
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            form = known.get(words[at : at + size])
            if form is not None:
                found.add(form)
                at += size
                break
        else:
            kept.append(words[at])
            at += 1
    return kept or list(words), found


@lru_cache(maxsize=100_000)
def name_form(text: str, is_person: bool = False) -> NameForm:
    """Make a name ready to be compared.

    Args:
        text: The name.
        is_person: Whether its words mean nothing but a person.

    Returns:
        Its form.

    Example:
        >>> one = name_form("ОАО «Тульский оружейный завод»")
        >>> one.tokens, sorted(one.legal)
        (('tulskiy', '=arms', '=plant'), ['oao'])
    """
    plain = readable(text)
    words, short = words_of(plain), frozenset(map(latin, acronyms_of(plain)))
    if is_person:
        legal, short = set[str](), frozenset()
        spelt = tuple(filter(None, map(latin, words)))
        tokens = tuple(word for word in spelt if word not in _PARTICLES) or spelt
    else:
        kept, legal = _without_legal(words)
        tokens = tuple(token for word in kept for token in _meaning(word) if token)
    return NameForm(
        text,
        tokens,
        tuple(() if token[0] == "=" or token in short else skeletons(token) for token in tokens),
        frozenset(legal),
        frozenset(number.lstrip("0") for token in tokens for number in _NUMBER.findall(token)),
        latin_share(words) >= 0.5,
    )


def _is_own(text: str) -> bool:
    """Whether a name holds a word of its own, not only words that many names have."""
    return any(token[0] != "=" for token in name_form(text).tokens)


def latin_share(words: tuple[str, ...]) -> float:
    """Share of words that are written in Latin letters.

    Args:
        words: Words of a name; no words count as Latin.
    """
    letters = [word for word in words if not word.isdigit()]
    return sum(map(str.isascii, letters)) / len(letters) if letters else 1.0


def variants(text: str) -> tuple[str, ...]:
    """Names that one entry holds: what stands before brackets, and what in them.

    Args:
        text: An entry of a list, or a name on papers.

    Example:
        >>> variants("Научный центр «Заря» (НЦ «Заря»)")
        ('Научный центр «Заря»', 'НЦ «Заря»')
    """
    inner = [part.strip() for part in _BRACKETS.findall(text)]
    outer = _BRACKETS.sub(" ", text).strip()
    kept = [part for part in (outer, *inner) if len(part) > 1]
    kept = [part for part in kept if _is_own(part)] or kept
    return tuple(dict.fromkeys(" ".join(part.split()) for part in kept)) or (text,)
