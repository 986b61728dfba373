"""Names to ask the lists about: names of nobody in particular, and names with a slip of the pen."""

from __future__ import annotations

import random
from collections.abc import Sequence

from entrepot.codes.rows import read_rows
from entrepot.screening.listed import Listed
from entrepot.screening.name_form import WORDS

_COLUMNS = ("country", "script", "given", "family", "source")
_WRITTEN_TOGETHER = ("Hans", "Jpan")  # scripts without spaces between family and given name
_LATIN = "Latn"
_SHORTEST = 6  # letters below which a slip makes another name
_CONSONANTS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "z")
_VOWELS = "aeiou"
_TRADES = ("Trading", "Plant", "Shipping", "Electronics", "Institute", "Logistics", "Industries")
_FORMS = ("LLC", "JSC", "Ltd", "GmbH", "OOO", "FZE")
_LETTERS = "abcdefghijklmnoprstuvyz"


def innocent_names(count: int, seed: int, *, is_latin: bool = True) -> tuple[str, ...]:
    """Names put together by chance from common first and family names of many countries.

    A first name, in every third a second one, and a family name of the same country. None of them
    is anybody's in particular, so what the lists say of them is a false alert, or a namesake.

    Args:
        count: How many, all different.
        seed: The same seed gives the same names.
        is_latin: Names in Latin letters; in other scripts otherwise.

    Returns:
        The names.

    Example:
        >>> innocent_names(2, 1) == innocent_names(2, 1), len(set(innocent_names(500, 1)))
        (True, 500)
    """
    rows = [
        row
        for row in read_rows("innocent_names.csv", _COLUMNS, WORDS)
        if (row["script"] == _LATIN) == is_latin
    ]
    chance = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        row = rows[chance.randrange(len(rows))]
        given = chance.sample(row["given"].split(), 2 if chance.random() < 1 / 3 else 1)
        family = chance.choice(row["family"].split())
        if row["script"] in _WRITTEN_TOGETHER:
            made[f"{family}{given[0]}"] = None
        else:
            made[" ".join((*given, family))] = None
    return tuple(made)


def invented_parties(count: int, seed: int) -> tuple[Listed, ...]:
    """Parties that do not exist, to be asked for where there is no list.

    Their names are syllables put together by chance; companies have a word of many companies and a
    legal form besides. Every second one is a person.

    Args:
        count: How many.
        seed: The same seed gives the same parties.

    Returns:
        The parties.

    Example:
        >>> one, other = invented_parties(2, 1)
        >>> one.kind, other.kind, invented_parties(2, 1) == (one, other)
        ('person', 'body', True)
    """
    chance = random.Random(seed)

    def word(syllables: int) -> str:
        made = (chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))
        return ("".join(made) + chance.choice(_CONSONANTS)).capitalize()

    made = []
    for at in range(count):
        if at % 2 == 0:
            schema, name = "Person", f"{word(2)} {word(2)} {word(3)}"
        else:
            kind, form = chance.choice(_TRADES), chance.choice(_FORMS)
            schema, name = "Company", f"{word(3)} {word(2)} {kind} {form}"
        made.append(Listed(str(at), "invented", schema, (name,)))
    return tuple(made)


def with_a_slip(name: str, chance: random.Random) -> str | None:
    """A name with one slip: a letter left out, doubled, taken for another, or swapped.

    Args:
        name: The name.
        chance: Where and which.

    Returns:
        The misspelt name; ``None`` where the name has fewer than six letters, or no two letters
        side by side.
    """
    places = [
        at
        for at in range(1, len(name) - 1)
        if name[at].isalpha() and name[at + 1].isalpha() and name[at] != name[at + 1]
    ]
    if sum(map(str.isalpha, name)) < _SHORTEST or not places:
        return None
    at = chance.choice(places)
    before, sign, after = name[:at], name[at], name[at + 1 :]
    other = chance.choice([letter for letter in _LETTERS if letter != sign.casefold()])
    return chance.choice(
        (
            before + after,
            before + sign + sign + after,
            before + (other.upper() if sign.isupper() else other) + after,
            before + after[0] + sign + after[1:],
        )
    )


def slips(names: Sequence[str], seed: int) -> tuple[tuple[int, str], ...]:
    """Misspell names.

    Args:
        names: The names.
        seed: The same seed makes the same slips.

    Returns:
        Place of each name that can be misspelt, and the misspelt name.
    """
    chance = random.Random(seed)
    made = ((at, with_a_slip(name, chance)) for at, name in enumerate(names))
    return tuple((at, name) for at, name in made if name is not None)
