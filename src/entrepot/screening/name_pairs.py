"""Which word of one name is which word of another: by letters, by consonants, by an initial."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA, JaroWinkler

from entrepot.screening.fold import stem
from entrepot.screening.name_form import NameForm

_ALIKE = 0.88  # Jaro-Winkler from which two words may be one misspelt
_SHORT = 4  # letters up to which only equal words are one
_BY_SOUND, _BY_SOUND_ACROSS = 0.86, 0.97  # consonants agree, within a script and across
_HEARD_ACROSS = 2
_FEW_HEARD_ALIKE = 0.7  # share of letters that must agree where only two or three are heard
_MANY_HEARD_ALIKE = 0.5  # and where four or more are, in one script
_INITIAL = 0.7
_LONG = 8  # letters from which two slips are one word misspelt
_PATRONYMIC = re.compile("(?:[vw]i[ct]s?c?h|wicz|[vw]na|i(?:t?s)?chna)$")


def paired(query: NameForm, listed: NameForm, is_across: bool) -> list[tuple[int, int, float]]:
    """Pair words, the most alike first, each at most once.

    Args:
        query: The name asked about.
        listed: The name on a list.
        is_across: Whether the two are written in different scripts.

    Returns:
        Place of a word in one, in the other, and how alike they are, 0 to 1.
    """
    places = {token: to for to, token in reversed(list(enumerate(listed.tokens)))}
    taken: set[int] = set()
    pairs: list[tuple[int, int, float]] = []
    open_words: list[int] = []
    for at, token in enumerate(query.tokens):
        to = places.get(token)
        if to is not None and to not in taken:
            pairs.append((at, to, 1.0))
            taken.add(to)
        elif token[0] != "=":
            open_words.append(at)
    free = [to for to, token in enumerate(listed.tokens) if to not in taken and token[0] != "="]
    found = [
        (alike, at, to)
        for at, to in _worth_comparing(query, open_words, listed, free)
        if (alike := _alike(query, at, listed, to, is_across)) > 0
    ]
    used: set[int] = set()
    for alike, at, to in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if at not in used and to not in taken:
            pairs.append((at, to, alike))
            used.add(at)
            taken.add(to)
    return pairs


def _worth_comparing(
    query: NameForm, open_words: list[int], listed: NameForm, free: list[int]
) -> list[tuple[int, int]]:
    """Pairs of words that :func:`_alike` may find alike; the rest is ruled out in little time."""
    kept: list[tuple[int, int]] = []
    tokens, skeletons = listed.tokens, listed.skeletons
    for at in open_words:
        one, sounds = query.tokens[at], query.skeletons[at]
        if len(one) == 1 or one.isdigit():
            kept += [(at, to) for to in free]
            continue
        first, last = (sounds[0], sounds[-1]) if sounds else ("", "")
        for to in free:
            others = skeletons[to]
            if (
                first in others
                or last in others
                or len(tokens[to]) == 1
                or JaroWinkler.similarity(one, tokens[to]) >= _ALIKE
            ):
                kept.append((at, to))
    return kept


def _alike(query: NameForm, at: int, listed: NameForm, to: int, is_across: bool) -> float:
    one, other = query.tokens[at], listed.tokens[to]
    if one.isdigit() or other.isdigit():
        return float(one.lstrip("0") == other.lstrip("0"))
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] and len(one) != len(other) else 0.0
    sounds, others = query.skeletons[at], listed.skeletons[to]
    if not sounds or not others:
        return 0.0  # equal ones are paired already
    letters = JaroWinkler.similarity(one, other)
    heard = _heard(sounds, others)
    if letters < _ALIKE and not heard:
        return 0.0  # most pairs of words: neither letters nor consonants
    if query.is_person and bool(_PATRONYMIC.search(one)) != bool(_PATRONYMIC.search(other)):
        return 0.0
    by_sound = _by_sound(one, other, heard, letters, is_across) if heard else 0.0
    if by_sound:
        return by_sound
    if letters < _ALIKE or min(len(one), len(other)) < _SHORT:
        return 0.0
    slips = _slips(one, other)
    return letters if is_across or OSA.distance(one, other, score_cutoff=slips) <= slips else 0.0


def _slips(one: str, other: str) -> int:
    return 1 if max(len(one), len(other)) < _LONG else 2


def _heard(sounds: tuple[str, ...], others: tuple[str, ...]) -> int:
    """How many consonants agree, where all do."""
    if len(sounds) == 1 and len(others) == 1:
        return len(sounds[0]) if sounds[0] == others[0] else 0
    return max((len(sound) for sound in sounds if sound in others), default=0)


def _by_sound(one: str, other: str, heard: int, letters: float, is_across: bool) -> float:
    """Likeness of two words whose consonants agree; few of them must agree in letters too."""
    if not is_across:
        near = OSA.normalized_similarity(one, other)
        is_heard = (heard >= _SHORT and near >= _MANY_HEARD_ALIKE) or (
            heard >= _HEARD_ACROSS and letters >= _ALIKE and near >= _FEW_HEARD_ALIKE
        )
        return max(_BY_SOUND, letters) if is_heard else 0.0
    if heard >= _SHORT:
        return _BY_SOUND_ACROSS
    is_near = OSA.normalized_similarity(stem(one), stem(other)) >= _FEW_HEARD_ALIKE
    return _BY_SOUND_ACROSS if heard >= _HEARD_ACROSS and is_near else 0.0
