"""Words that say that somebody says something, in every form they take, and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from entrepot.codes.rows import read_rows
from entrepot.press.article import Language
from entrepot.press.language import LEXICON

FormKind = Literal["finite", "base", "gerund", "participle"]
_INSEPARABLE = ("be", "ver", "er", "ent", "zer", "ge", "wider", "unter", "über", "miss")
_VOWELS = "aeiou"
_SIBILANTS = ("s", "sh", "ch", "x", "z")


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a word or phrase that attributes.

    Args:
        words: Its words in small letters.
        act: What it does, of the closed list.
        frames: What may follow it, one letter each: ``c`` a clause, ``n`` a noun phrase, ``i`` an
            infinitive, ``o`` somebody and what is asked of him, ``p`` a preposition, ``a`` what is
            called what, ``t`` who is told, ``d`` only data or bodies say it, ``h`` the source
            stands behind a preposition, ``e`` a noun tells the act, ``x`` the object speaks.
        prepositions: Words that lead to the content and do not belong to it.
        kind: Which form it is.
        particle: The part of a German verb that stands apart.
    """

    words: tuple[str, ...]
    act: str
    frames: str
    prepositions: frozenset[str]
    kind: FormKind
    particle: str = ""


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """Words that name a source without a verb: according to, zufolge, по словам.

    Args:
        words: The words in small letters.
        act: What it does.
        place: Whether the source stands before or behind them, or they are a tag.
    """

    words: tuple[str, ...]
    act: str
    place: str


@cache
def cues(language: Language) -> dict[str, tuple[Cue, ...]]:
    """Cues of a language by their first word, the longest first.

    Args:
        language: The language.

    Returns:
        Lists of cues.

    Example:
        >>> [(cue.words, cue.act) for cue in cues("en")["urged"]]
        [(('urged',), 'call_for')]
    """
    found: dict[str, list[Cue]] = {}
    columns = ("language", "act", "frames", "prepositions", "forms", "source")
    for row in read_rows("cues.csv", columns, LEXICON):
        if row["language"] != language:
            continue
        for words, kind, particle in _forms(row["forms"].split(), language):
            leads = frozenset(row["prepositions"].split())
            cue = Cue(words, row["act"], row["frames"], leads, kind, particle)
            if cue not in found.setdefault(words[0], []):
                found[words[0]].append(cue)
    return {first: tuple(sorted(some, key=_length, reverse=True)) for first, some in found.items()}


def _length(cue: Cue) -> int:
    return len(cue.words)


@cache
def source_phrases(language: Language) -> dict[str, tuple[SourcePhrase, ...]]:
    """Phrases that name a source, by their first word, the longest first.

    Args:
        language: The language.

    Returns:
        Lists of phrases.
    """
    found: dict[str, list[SourcePhrase]] = {}
    for row in read_rows("source_phrases.csv", _SOURCE_COLUMNS, LEXICON):
        for phrase in row["words"].split(";") if row["language"] == language else ():
            words = tuple(phrase.lower().split())
            found.setdefault(words[0], []).append(SourcePhrase(words, row["act"], row["place"]))
    return {
        first: tuple(sorted(some, key=lambda one: len(one.words), reverse=True))
        for first, some in found.items()
    }


_SOURCE_COLUMNS = ("language", "act", "place", "words", "source")


@cache
def clause_words(kind: str, language: Language) -> frozenset[str]:
    """Small words that build clauses.

    Args:
        kind: ``preposition``, ``determiner``, ``coordinator``, ``opener`` …
        language: Their language.

    Returns:
        The words; none where the language has none of that kind.
    """
    rows = read_rows("clause_words.csv", ("kind", "language", "words", "source"), LEXICON)
    return frozenset(
        word
        for row in rows
        if (row["kind"], row["language"]) == (kind, language)
        for word in row["words"].lower().split()
    )


@cache
def word_kinds(language: Language) -> dict[str, frozenset[str]]:
    """Classes of every small word of a language.

    Args:
        language: The language.

    Returns:
        Classes by word.
    """
    found: dict[str, set[str]] = {}
    rows = read_rows("clause_words.csv", ("kind", "language", "words", "source"), LEXICON)
    for row in rows:
        for word in row["words"].lower().split() if row["language"] == language else ():
            found.setdefault(word, set()).add(row["kind"])
    return {word: frozenset(kinds) for word, kinds in found.items()}


Form = tuple[tuple[str, ...], FormKind, str]


def _forms(listed: Iterable[str], language: Language) -> Iterator[Form]:
    for entry in listed:
        if language == "en":
            yield from _english(entry)
        elif language == "de":
            yield from _german(entry)
        else:
            yield from _russian(entry)


def _english(entry: str) -> Iterator[Form]:
    """``*note`` is a regular verb, anything else one form of it."""
    verb, *rest = entry.removeprefix("*").split("_")
    tail = tuple(rest)
    if not entry.startswith("*"):
        yield (verb, *tail), _english_kind(verb), ""
        return
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        past, third = verb[:-1] + "ied", verb[:-1] + "ies"
    else:
        past, third = stem + "ed", verb + ("es" if verb.endswith(_SIBILANTS) else "s")
    gerund = (stem if not verb.endswith("ee") else verb) + "ing"
    double = verb + verb[-1]
    yield (verb, *tail), "base", ""
    for form in (past, third, double + "ed"):
        yield (form, *tail), "finite", ""
    for form in (gerund, double + "ing"):
        yield (form, *tail), "gerund", ""


def _english_kind(form: str) -> FormKind:
    if form.endswith("ing"):
        return "gerund"
    irregular_bases = {"say", "tell", "write", "think", "show", "find", "swear", "call", "speak"}
    return "base" if form in irregular_bases else "finite"


def _german(entry: str) -> Iterator[Form]:
    """``*sagen`` is a weak verb, ``*teilen+mit`` one that parts, ``=schrieb`` a single form."""
    form, _, particle = entry[1:].partition("+") if entry[0] in "*=" else (entry, "", "")
    if entry.startswith("="):
        is_participle = not particle and (form.endswith("en") and "ge" in form)
        yield (form,), "participle" if is_participle else "finite", particle
        if particle:
            yield (particle + form,), "finite", ""
        return
    if not entry.startswith("*"):
        yield tuple(form.split("_")), "finite", ""
        return
    stem = form.removesuffix("n").removesuffix("e") if form.endswith("en") else form[:-1]
    link = "e" if stem[-1] in "td" or stem.endswith(("gn", "chn", "dn", "fn")) else ""
    finite = (stem + link + "t", stem + link + "te", stem + link + "ten", form)
    for one in finite:
        yield (one,), "finite", particle
        if particle:
            yield (particle + one,), "finite", ""
    yield (form,), "finite", particle
    if particle:
        yield (particle + form,), "finite", ""
    is_bare = form.endswith("ieren") or form.startswith(_INSEPARABLE)
    yield (particle + ("" if is_bare else "ge") + stem + link + "t",), "participle", ""


def _russian(entry: str) -> Iterator[Form]:
    """A masculine past or a third person stands for the forms made from it."""
    words = tuple(entry.split("_"))
    if len(words) > 1:
        yield words, "finite", ""
        return
    if entry.endswith("л"):
        for end in ("л", "ла", "ло", "ли"):
            yield (entry[:-1] + end,), "finite", ""
        yield (entry[:-1] + "в",), "gerund", ""
    elif entry.endswith("лся"):
        for end in ("лся", "лась", "лось", "лись"):
            yield (entry[:-3] + end,), "finite", ""
        yield (entry[:-3] + "вшись",), "gerund", ""
    elif entry.endswith(("ет", "ёт")):
        for end in (entry[-2:], "ют", "л", "ла", "ло", "ли"):
            yield (entry[:-2] + end,), "finite", ""
        yield (entry[:-2] + "я",), "gerund", ""
    elif entry.endswith("ит"):
        for end in ("ит", "ят"):
            yield (entry[:-2] + end,), "finite", ""
        yield (entry[:-2] + "я",), "gerund", ""
    else:
        yield (entry,), "finite", ""
