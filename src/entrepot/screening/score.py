"""How alike two names are, in parts that explain themselves; no dictionary but our word lists.

``words``: words are paired one to one, each pair as alike as its letters or consonants are, and
weighed by how rare the word is on the lists: ``2 sum(w s) / (sum(w of one) + sum(w of other))``.
``letters``: few letters of the whole name differ. ``sound``: where a script leaves vowels open, the
consonants of the whole name agree. ``beginning``: the name was cut where a form ends. ``within``:
the listed name stands whole beside words that say little. The best part is the score.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from entrepot.screening.fold import lacks_vowels
from entrepot.screening.name_form import NameForm
from entrepot.screening.name_pairs import paired
from entrepot.screening.name_within import within_score

_OTHER_NUMBER = 0.6  # no score above this where numbers differ
_WEAK = 0.65  # no score above this where only an abbreviation agrees
_OTHER_LEGAL_FORM = 0.97  # of the score, where both have a legal form and not the same
_ONE_WORD = 0.84  # no score above this for one word with another legal form: many firms have it
_SHORT_NAME = 4  # letters of such a word from which forms of one law count as one
_RUSSIAN_LAW = frozenset(
    {"llc", "ao", "pao", "oao", "zao", "fgup", "fgbu", "fkp", "gup", "ip", "ltd"}
)
_LONG_WORD = 4  # letters from which a word that agrees is a name of its own
_ENOUGH_COMMON = 4
_ANOTHER = 0.9  # of the score by words, where each of two people has a name the other lacks
_FEWEST_LETTERS = 4  # of the shorter name, where one has a slip
_FEWEST_SPELT, _SPELT = 4, 0.8  # shorter names that are equal when spelt in Latin letters
_SLIPS = ((20, 3), (12, 2), (5, 1))  # letters of the whole name, and how many of them may differ
_FEWEST_SOUNDS = 6
_PER_SOUND = 3.5  # how much faster than the share of consonants that differ the score falls
_SOUND = 0.95  # no more than this: what is not written was not compared
_CUT = range(34, 37)  # length of a name that a form of 35 characters cut
_CUT_SCORE = 0.9


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
        parts: What each part found, by name; the score is the best of them, held down.
        share: Share of what the name asked about is made of that was found, by weight.
    """

    score: float
    is_across: bool
    pairs: tuple[tuple[str, str, float], ...]
    capped: str = ""
    parts: Mapping[str, float] | None = None
    share: float = 0.0


def name_score(query: NameForm, listed: NameForm, known: Weights) -> NameScore:
    """Compare two names.

    Args:
        query: The name asked about.
        listed: The name on a list.
        known: Weights of words.

    Returns:
        The score with what it rests on.

    Example:
        >>> from entrepot.screening.name_form import name_form
        >>> one, other = name_form("Tulamashzavod PAO"), name_form("Tulamashzavd JSC")
        >>> found = name_score(one, other, weights([other]))
        >>> round(found.score, 2), round(found.parts["letters"], 2), found.capped
        (0.96, 0.92, 'legal forms differ')
    """
    is_across = query.is_latin != listed.is_latin
    pairs = paired(query, listed, is_across)
    words, share = _words_score(query, listed, pairs, known)
    parts = {"words": words}
    if pairs and query.is_person and _is_another(query, listed, pairs):
        parts["words"] *= _ANOTHER
    if parts["words"] > _WEAK and _is_weak(query, listed, pairs):
        parts["words"] = _WEAK
    parts["letters"] = letters_score(query, listed)
    if is_across and (lacks_vowels(query.text) or lacks_vowels(listed.text)):
        parts["sound"] = sound_score(query.sound, listed.sound)
    if within := within_score(query, listed, pairs, known.of):
        parts["within"] = within
    if len(query.text) in _CUT:
        parts["beginning"] = _beginning(query, listed)
    score, capped = _held(max(parts.values()), query, listed)
    told = tuple((query.tokens[at], listed.tokens[to], round(alike, 3)) for at, to, alike in pairs)
    return NameScore(score, is_across, told, capped, parts, share)


def _words_score(
    query: NameForm, listed: NameForm, pairs: list[tuple[int, int, float]], known: Weights
) -> tuple[float, float]:
    """Score by words, and the share of the name asked about that was found."""
    if not pairs:
        return 0.0, 0.0
    own = [known.of(token) for token in query.tokens]
    other = [known.of(token) for token in listed.tokens]
    shared = sum((own[at] + other[to]) * alike for at, to, alike in pairs)
    share = sum(own[at] * alike for at, _, alike in pairs) / sum(own)
    return min(shared / (sum(own) + sum(other)), 1.0), share


def _held(score: float, query: NameForm, listed: NameForm) -> tuple[float, str]:
    if query.numbers != listed.numbers and score > _OTHER_NUMBER:
        return _OTHER_NUMBER, "numbers differ"
    if query.legal and listed.legal and not query.legal & listed.legal:
        if len(query.tokens) == 1 and (
            len(query.letters) <= _SHORT_NAME or _order(query) != _order(listed)
        ):
            return min(score, _ONE_WORD), "one word, and legal forms differ"
        return score * _OTHER_LEGAL_FORM, "legal forms differ"
    return score, ""


def _order(name: NameForm) -> bool:
    """Whether a legal form is one of Russian law, or a usual translation of one."""
    return bool(name.legal & _RUSSIAN_LAW)


def letters_score(query: NameForm, listed: NameForm) -> float:
    """Share of the letters of two whole names that agree, where hardly any differ.

    Args:
        query: The name asked about; its first or last word may stand at the other end.
        listed: The name on a list.

    Returns:
        ``1 - slips / length``, a slip being a letter more, less, other, or swapped with the next;
        0 where there are more slips than a careful writer makes.
    """
    here, there = len(query.letters), len(listed.letters)
    size = max(here, there)
    allowed = next((slips for fewest, slips in _SLIPS if size >= fewest), 0)
    if abs(here - there) > allowed:
        return 0.0
    slips = min(
        OSA.distance(letters, listed.letters, score_cutoff=allowed)
        for letters in _orders(query.spelt)
    )
    if slips == 0:
        return 1.0 if size >= _FEWEST_SPELT or query.is_latin == listed.is_latin else _SPELT
    return 1 - slips / size if slips <= allowed and min(here, there) >= _FEWEST_LETTERS else 0.0


@lru_cache(maxsize=1_000)
def _orders(spelt: tuple[str, ...]) -> tuple[str, ...]:
    """Letters of a name as it stands, with its first word last, and with its last word first."""
    if len(spelt) < 2:
        return ("".join(spelt),)
    turned = ((*spelt[1:], spelt[0]), (spelt[-1], *spelt[:-1]))
    return tuple(dict.fromkeys(map("".join, (spelt, *turned))))


def sound_score(one: str, other: str) -> float:
    """How far the consonants of two whole names agree.

    Args:
        one: What is heard of the first, :func:`entrepot.screening.fold.sound_of`.
        other: What is heard of the second.

    Returns:
        ``1 - 3.5 (1 - share that agrees)``, at most .95; 0 for names of too few consonants.
    """
    if min(len(one), len(other)) < _FEWEST_SOUNDS:
        return 0.0
    share = Indel.normalized_similarity(one, other)
    return max(0.0, min(_SOUND, 1 - _PER_SOUND * (1 - share)))


def _beginning(query: NameForm, listed: NameForm) -> float:
    """Whether the name asked about is the beginning of a longer one, cut where a form ends."""
    cut, whole = query.letters, listed.letters
    if len(whole) <= len(cut) or len(listed.text) <= len(query.text):
        return 0.0
    return _CUT_SCORE if whole.startswith(cut) else 0.0


def _is_another(query: NameForm, listed: NameForm, pairs: list[tuple[int, int, float]]) -> bool:
    """Whether each of two people has a name that the other lacks."""
    here = {at for at, _, _ in pairs}
    there = {to for _, to, _ in pairs}
    lacks = any(at not in here for at in range(len(query.tokens)))
    return lacks and any(to not in there for to in range(len(listed.tokens)))


def _is_weak(query: NameForm, listed: NameForm, pairs: list[tuple[int, int, float]]) -> bool:
    """Whether nothing of its own agrees but an abbreviation, or few words that many names have."""
    names = [query.tokens[at] for at, _, _ in pairs if query.tokens[at][0] != "="]
    is_one_of_many = query.is_person and 1 == len(pairs) < len(query.tokens)
    if not is_one_of_many and any(len(name) >= _LONG_WORD for name in names):
        return False
    is_whole = len(pairs) == len(query.tokens) == len(listed.tokens)
    return len(pairs) < (2 if is_whole else _ENOUGH_COMMON if not names else 3)
