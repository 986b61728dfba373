"""How alike two names are, in parts that explain themselves; no dictionary but our word lists.

Words are paired one to one, each pair as alike as its letters or consonants are, and weighed by how
rare the word is on the lists: ``score = 2 sum(w s) / (sum(w of one) + sum(w of other))``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from entrepot.screening.name_form import NameForm

_ALIKE = 0.88  # Jaro-Winkler from which two words may be one misspelt
_SHORT = 4  # letters up to which only equal words are one
_BY_SOUND, _BY_SOUND_ACROSS = 0.86, 0.97  # consonants agree, within a script and across
_HEARD_ACROSS = 2
_INITIAL = 0.7
_OTHER_NUMBER = 0.6  # no score above this where numbers differ
_WEAK = 0.65  # no score above this where only an abbreviation agrees
_ENOUGH_COMMON = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """How rare words are: ``log(1 + N / n)``, of names on the lists.

    Args:
        rarity: Weight by token.
        unseen: Weight of a token that no list has.
    """

    rarity: Mapping[str, float]
    unseen: float

    def of(self, token: str) -> float:
        """Weight of one token.

        Args:
            token: The token.
        """
        return self.rarity.get(token, self.unseen if not token.startswith("=") else 1.0)


def weights(forms: Iterable[NameForm]) -> Weights:
    """Weigh the words of some names.

    Args:
        forms: The names of the lists.

    Returns:
        Their weights; with no names every word weighs 1.
    """
    counts: Counter[str] = Counter()
    total = 0
    for form in forms:
        counts.update(set(form.tokens))
        total += 1
    if not total:
        return Weights({}, 1.0)
    rarity = {token: math.log1p(total / count) for token, count in counts.items()}
    return Weights(rarity, math.log1p(total))


@dataclass(frozen=True, slots=True)
class NameScore:
    """How alike two names are.

    Args:
        score: 0 to 1.
        is_across: Whether the two are written in different scripts.
        pairs: Words that were paired, with their likeness.
        capped: Why the score was held down; empty where not.
    """

    score: float
    is_across: bool
    pairs: tuple[tuple[str, str, float], ...]
    capped: str = ""


def name_score(query: NameForm, listed: NameForm, known: Weights) -> NameScore:
    """Compare two names.

    Args:
        query: The name asked about.
        listed: The name on a list.
        known: Weights of words.

    Returns:
        The score with what it rests on.
    """
    is_across = query.is_latin != listed.is_latin
    pairs = _paired(query, listed, is_across)
    own = [known.of(token) for token in query.tokens]
    other = [known.of(token) for token in listed.tokens]
    whole = sum(own) + sum(other)
    shared = sum((own[at] + other[to]) * alike for at, to, alike in pairs)
    score = shared / whole if whole else 0.0
    capped = ""
    if query.numbers != listed.numbers and score > _OTHER_NUMBER:
        score, capped = _OTHER_NUMBER, "numbers differ"
    elif score > _WEAK and _is_weak(query, listed, pairs):
        score, capped = _WEAK, "only a short or common name agrees"
    words = tuple((query.tokens[at], listed.tokens[to], round(alike, 3)) for at, to, alike in pairs)
    return NameScore(min(score, 1.0), is_across, words, capped)


def _is_weak(query: NameForm, listed: NameForm, pairs: list[tuple[int, int, float]]) -> bool:
    """Whether nothing of its own agrees but an abbreviation, or few words that many names have."""
    names = [query.tokens[at] for at, _, _ in pairs if query.tokens[at][0] != "="]
    if any(len(name) >= _SHORT for name in names):
        return False
    is_whole = len(pairs) == len(query.tokens) == len(listed.tokens)
    return len(pairs) < (2 if is_whole else _ENOUGH_COMMON if not names else 3)


def _paired(query: NameForm, listed: NameForm, is_across: bool) -> list[tuple[int, int, float]]:
    """Pair words, the most alike first, each at most once."""
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
        for at in open_words
        for to in free
        if (alike := _alike(query, at, listed, to, is_across)) > 0
    ]
    used: set[int] = set()
    for alike, at, to in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if at not in used and to not in taken:
            pairs.append((at, to, alike))
            used.add(at)
            taken.add(to)
    return pairs


def _alike(query: NameForm, at: int, listed: NameForm, to: int, is_across: bool) -> float:
    one, other = query.tokens[at], listed.tokens[to]
    if one.isdigit() or other.isdigit():
        return float(one.lstrip("0") == other.lstrip("0"))
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] and len(one) != len(other) else 0.0
    sounds, others = query.skeletons[at], listed.skeletons[to]
    if not sounds or not others:
        return 0.0  # equal ones are paired already
    letters = JaroWinkler.similarity(one, other)
    heard = max(map(len, set(sounds) & set(others)), default=0)
    if heard >= (_HEARD_ACROSS if is_across else _SHORT) or (heard >= 2 and letters >= _ALIKE):
        return _BY_SOUND_ACROSS if is_across else max(_BY_SOUND, letters)
    if min(len(one), len(other)) < _SHORT:
        return 0.0
    if is_across and min(len(sounds[0]), len(others[0])) >= _SHORT:
        letters = max(letters, _BY_SOUND * JaroWinkler.similarity(sounds[0], others[0]))
    return letters if letters >= _ALIKE else 0.0
