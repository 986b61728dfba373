"""Addresses: the words that name a place, whatever its kinds of street are called, and numbers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from entrepot.codes.rows import read_rows
from entrepot.screening.fold import latin, readable, skeletons, words_of
from entrepot.screening.listed import Listed
from entrepot.screening.name_form import WORDS

_DIGIT = re.compile(r"\d")
_FEWEST = 3  # words without which an address names no house
_MOST_SHARED = 400  # parties in a place above which its word finds nobody
_SAME_SOUND = 3  # consonants from which a word is known by them


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of the lists, ready to be searched.

    Args:
        words: Words of each address.
        parties: Whose it is.
        texts: The address as the list has it.
        places: Addresses that hold a word.
    """

    words: tuple[frozenset[str], ...]
    parties: tuple[int, ...]
    texts: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]

    def weight(self, word: str) -> float:
        """How rare a word is.

        Args:
            word: The word.
        """
        return math.log1p(len(self.words) / (1 + len(self.places.get(word, ()))))


@cache
def _street_words() -> frozenset[str]:
    rows = read_rows("street_words.csv", ("words", "source"), WORDS)
    return frozenset(latin(word) for row in rows for word in row["words"].split())


def address_words(text: str) -> frozenset[str]:
    """Words that name a place: numbers, and other words by their consonants.

    Args:
        text: An address in one line.

    Example:
        >>> sorted(address_words("ул. Ленина, д. 12, Москва"))
        ['12', 'lenina', 'mskv']
    """
    found = set()
    for word in map(latin, words_of(readable(text))):
        if not word or word in _street_words():
            continue
        sound = "" if _DIGIT.search(word) else skeletons(word)[0]
        found.add(sound if len(sound) >= _SAME_SOUND else word)
    return frozenset(found)


def addresses_of(parties: Iterable[Listed]) -> Addresses:
    """Gather the addresses of some parties.

    Args:
        parties: Listed parties, in the order in which they are numbered.

    Returns:
        Addresses that name a house; a bare country or city finds nobody.
    """
    words: list[frozenset[str]] = []
    owners: list[int] = []
    texts: list[str] = []
    places: dict[str, list[int]] = {}
    for at, party in enumerate(parties):
        for text in party.addresses:
            folded = address_words(text)
            if len(folded) < _FEWEST or not any(map(_DIGIT.search, folded)):
                continue
            for word in folded:
                places.setdefault(word, []).append(len(words))
            words.append(folded)
            owners.append(at)
            texts.append(text)
    kept = {word: tuple(found) for word, found in places.items()}
    return Addresses(tuple(words), tuple(owners), tuple(texts), kept)


def same_address(text: str, known: Addresses) -> list[tuple[float, int, str]]:
    """Addresses on the lists that are most like one.

    Args:
        text: The address.
        known: Addresses of the lists.

    Returns:
        Score, number of the party and the list's words, best first. The score is the weight of
        the words both have over that of all words of either; 0 where no number agrees.
    """
    asked = address_words(text)
    if len(asked) < _FEWEST:
        return []
    counts: Counter[int] = Counter()
    for word in asked:
        found = known.places.get(word, ())
        if len(found) <= _MOST_SHARED:
            counts.update(found)
    made = []
    for at, shared in counts.items():
        if shared < 2 or not any(_DIGIT.search(word) for word in asked & known.words[at]):
            continue
        weight = {word: known.weight(word) for word in asked | known.words[at]}
        score = sum(weight[word] for word in asked & known.words[at]) / sum(weight.values())
        made.append((round(score, 4), known.parties[at], known.texts[at]))
    return sorted(made, key=lambda one: (-one[0], one[1], one[2]))
