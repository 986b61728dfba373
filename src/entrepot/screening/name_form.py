"""A name as it is compared: words of one meaning made one, legal forms and numbers set apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from entrepot.codes.rows import read_rows
from entrepot.screening.fold import (
    acronyms_of,
    is_of_syllables,
    latin,
    readable,
    skeletons,
    sound_of,
    words_of,
)

WORDS = "screening/words"
_LONG_STEM = 6
_LONG_FORM = 7  # letters from which a legal form with one slip is still known
_ENDING = {True: 5, False: 3}  # letters a stem may go on with, by whether it is long
_PARTICLES = frozenset({"al", "el", "ul", "ur", "ud", "as", "ad", "ar", "an"})
_COURTESIES = re.compile(
    r"^\s*(?:(?:mr|mrs|ms|miss|mister|mme|mlle|monsieur|madame|dr|doctor|prof|professor|herr|frau|sr|sra|"
    r"г-н[аи]?|г-ж[аеу]|господин|госпожа|пан|пані|доктор|профессор)[\s.]+)+(?=\S)",
    re.IGNORECASE,
)
_ENOUGH_COMMON = 3  # words that many names have, from which they are a name
# MilitaryTechnical, as some lists print what stood on two lines.
_RUN_TOGETHER = re.compile("(?<=[a-zа-яё]{4})(?=[A-ZА-ЯЁ][a-zа-яё]{3})")
_BRACKETS = re.compile(r"\(([^()]*)\)")
# Two parties in one line of an address or an entry.
_ON_BEHALF = re.compile(
    r"\b(?:on behalf of|for (?:the )?account of|o/b/o|c/o|in care of|im auftrag(?: von| der| des)?|"
    r"по поручению|от имени)\b",
    re.IGNORECASE,
)
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
        spelt: All words but legal forms, in Latin letters, in order.
        letters: ``spelt``, run together.
        sound: What is heard of the whole name, run together; see :func:`sound_of`.
        is_person: Whether it was read as the name of a human being.
    """

    text: str
    tokens: tuple[str, ...]
    skeletons: tuple[tuple[str, ...], ...]
    legal: frozenset[str]
    numbers: frozenset[str]
    is_latin: bool
    spelt: tuple[str, ...] = ()
    letters: str = ""
    sound: str = ""
    is_person: bool = False


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


@cache
def _misspelt_forms() -> dict[str, dict[str, str]]:
    """Long legal forms, run together, by their first and by their last letters."""
    made: dict[str, dict[str, str]] = {}
    for words, form in _legal_forms()[0].items():
        whole = "".join(words)
        if len(whole) >= _LONG_FORM:
            made.setdefault(f"^{whole[:3]}", {})[whole] = form
            made.setdefault(f"{whole[-3:]}$", {})[whole] = form
    return made


def _legal_form(words: tuple[str, ...]) -> str | None:
    """Legal form that some words are, one slip of the pen allowed in a long one."""
    form = _legal_forms()[0].get(words)
    whole = "".join(words)
    if form is not None or len(whole) < _LONG_FORM:
        return form
    known = _misspelt_forms()
    for key in (f"^{whole[:3]}", f"{whole[-3:]}$"):
        for other, meant in known.get(key, {}).items():
            if OSA.distance(whole, other, score_cutoff=1) <= 1:
                return meant
    return None


def _without_legal(words: tuple[str, ...]) -> tuple[list[str], set[str]]:
    longest = _legal_forms()[1]
    kept: list[str] = []
    found: set[str] = set()
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            form = _legal_form(words[at : at + size])
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
    if is_person:
        words = words_of(_untitled(_given_first(_untitled(plain))))
        legal, short = set[str](), frozenset[str]()
        spelt = tuple(filter(None, map(latin, words)))
        tokens = tuple(word for word in spelt if word not in _PARTICLES) or spelt
    else:
        plain = _RUN_TOGETHER.sub(" ", plain)
        words, short = words_of(plain), frozenset(map(latin, acronyms_of(plain)))
        kept, legal = _without_legal(words)
        spelt = tuple(filter(None, map(latin, kept)))
        tokens = tuple(token for word in kept for token in _meaning(word) if token)
    short |= {latin(word) for word in words if is_of_syllables(word)}
    return NameForm(
        text,
        tokens,
        tuple(() if token[0] == "=" or token in short else skeletons(token) for token in tokens),
        frozenset(legal),
        frozenset(number.lstrip("0") for token in tokens for number in _NUMBER.findall(token)),
        latin_share(words) >= 0.5,
        spelt,
        "".join(spelt),
        "" if is_of_syllables(plain) else sound_of(spelt),
        is_person,
    )


def _untitled(name: str) -> str:
    return _COURTESIES.sub("", name)


def _given_first(name: str) -> str:
    """``SURNAME, Given`` in the order in which it is spoken."""
    family, comma, given = name.partition(",")
    return f"{given} {family}" if comma and "," not in given else name


def _is_own(text: str) -> bool:
    """Whether a name holds a word of its own, or enough of those that many names have."""
    tokens = name_form(text).tokens
    return len(tokens) >= _ENOUGH_COMMON or any(token[0] != "=" for token in tokens)


def latin_share(words: tuple[str, ...]) -> float:
    """Share of words that are written in Latin letters.

    Args:
        words: Words of a name; no words count as Latin.
    """
    letters = [word for word in words if not word.isdigit()]
    return sum(map(str.isascii, letters)) / len(letters) if letters else 1.0


def _has_legal_form(text: str) -> bool:
    """Whether a name has a legal form, and is not one."""
    form = name_form(text)
    return bool(form.legal) and len(form.spelt) < len(words_of(readable(text)))


def variants(text: str) -> tuple[str, ...]:
    """Names that one entry holds: what stands before brackets, in them, and between commas.

    A part between commas counts where it has a legal form of its own.

    Args:
        text: An entry of a list, or a name on papers.

    Example:
        >>> variants("Научный центр «Заря» (НЦ «Заря»)")
        ('Научный центр «Заря»', 'НЦ «Заря»')
        >>> variants("Arms Corporation, JSC Vanguard")
        ('Arms Corporation, JSC Vanguard', 'JSC Vanguard')
    """
    apart = [part.strip() for part in _ON_BEHALF.split(text) if part.strip()]
    if len(apart) > 1:
        return tuple(dict.fromkeys((text, *(one for part in apart for one in variants(part)))))
    if "(" not in text and "," not in text:
        return (text,)
    inner = [part.strip() for part in _BRACKETS.findall(text)]
    outer = _BRACKETS.sub(" ", text).strip()
    kept = [part for part in (outer, *inner) if len(part) > 1]
    kept = [part for part in kept if _is_own(part)] or kept
    parts = [part.strip() for one in kept if "," in one for part in one.split(",")]
    kept += [part for part in parts if _has_legal_form(part) and _is_own(part)]
    return tuple(dict.fromkeys(" ".join(part.split()) for part in kept)) or (text,)
