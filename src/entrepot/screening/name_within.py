"""A listed name that stands whole inside a longer one: a branch, a works, the name with its trade.

``Rosneft Oil Company`` beside a listed ``ROSNEFT``. What is added must say little: a word of many
names, a country, a word of three letters. Then the two may be one body or a body and its branch,
which is a question and never a match.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from entrepot.codes.areas import area_labels
from entrepot.screening.fold import latin, words_of
from entrepot.screening.name_form import NameForm

WITHIN = 0.75  # below a match whatever else agrees, and above what is no question
_OWN = 5  # letters from which a word can be the name of one body
_SHORT = 3  # letters up to which a word that is added says little
_UNSEEN = ""  # a word that is on no list
_RARER = 2.7  # weight of an unseen word less that of one on some 15 names


def within_score(
    query: NameForm,
    listed: NameForm,
    pairs: list[tuple[int, int, float]],
    weigh: Callable[[str], float],
) -> float:
    """Whether a listed name stands whole in the one asked about, beside words that say little.

    Args:
        query: The name asked about.
        listed: The name on a list.
        pairs: Words that were paired, with their likeness.
        weigh: How rare a word is on the lists.

    Returns:
        .75 where it does, else 0; people have no such names.
    """
    exact = [(at, to) for at, to, alike in pairs if alike == 1]
    if query.is_person or len(exact) < len(listed.tokens) or len(query.tokens) == len(exact):
        return 0.0
    if not any(len(one) >= _OWN and one[0] != "=" and one not in places() for one in listed.tokens):
        return 0.0
    taken = {at for at, _ in exact}
    added = [one for at, one in enumerate(query.tokens) if at not in taken]
    common = weigh(_UNSEEN) - _RARER
    says_little = all(
        one[0] == "=" or len(one) <= _SHORT or one in places() or weigh(one) <= common
        for one in added
    )
    return WITHIN if says_little else 0.0


@cache
def places() -> frozenset[str]:
    """Words of the names of countries, in Latin letters.

    Example:
        >>> {"kazakhstan", "kirgisien"} <= places()
        True
    """
    return frozenset(latin(word) for label in area_labels() for word in words_of(label))
