"""Whom he, she and they mean: the last speaker of that gender and number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepot.press.article import Language
from entrepot.press.reading import Reading
from entrepot.press.resolve import speaks

_REACH = 12  # sentences back in which a pronoun looks for whom it means
_REACH_OF_THEY = 10
_REACH_OF_GROUPS = 2
_SIDES = {"en": {"sides", "parties"}, "de": {"seiten"}, "ru": {"стороны"}}
_BOTH = {"the", "both", "two", "beide", "beiden", "обе"}
_NEAR = 40  # namings back; keeps a text without sentence ends linear
_GENDER: dict[Language, dict[str, str]] = {
    "en": {"he": "m", "she": "f"},
    "de": {"er": "m", "sie": "f"},
    "ru": {"он": "m", "она": "f", "его": "m", "ее": "f", "её": "f"},
}
_PLURAL = {"they", "они", "их"}
_OWN_WORDS = {  # "nach seinen Worten", "по его словам": the owner speaks
    "de": (
        {"nach", "zufolge", "laut"},
        {"seinen", "ihren", "seiner", "ihrer", "seine", "ihre"},
        {"worten", "angaben", "einschätzung", "aussage", "darstellung", "ansicht", "meinung"},
    ),
    "ru": (
        {"по"},
        {"его", "ее", "её", "их"},
        {"словам", "данным", "мнению", "оценке", "оценкам", "утверждению", "информации"},
    ),
}
_ACCORDING = {"him": "m", "her": "f", "them": ""}
_QUOTED = {  # "quoted him as saying", "цитирует его агентство"
    "en": (("quot", "cit"), {"him": "m", "her": "f"}),
    "de": (("zitier",), {"ihn": "m", "sie": "f"}),
    "ru": (("цитир",), {"его": "m", "ее": "f", "её": "f"}),
}
_POSSESSIVE_GENDER = {"seinen": "m", "seiner": "m", "seine": "m"}
_PLURAL_VERBS = {"sind", "seien", "waren", "haben", "hätten", "wollen", "würden"}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a pronoun may mean.

    Args:
        first: First word that names them.
        last: The word behind the last.
        who: Number in the cast, or the id of somebody without a name.
        gender: ``m``, ``f``, or nothing where it is not known.
        is_plural: Whether the words speak of several.
    """

    first: int
    last: int
    who: int | str
    gender: str
    is_plural: bool = False


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun that may mean a speaker.

    Args:
        place: The word.
        gender: ``m``, ``f``, or nothing.
        is_plural: Whether it means several.
        is_pair: Whether it means the two sides of a meeting.
    """

    place: int
    gender: str
    is_plural: bool
    is_pair: bool = False


def pronouns(reading: Reading) -> Iterable[Pronoun]:
    """Find the pronouns outside quotations that stand for a subject, or for who says something.

    Args:
        reading: The words of a page.

    Yields:
        Pronouns in order.
    """
    for place, word in enumerate(reading.words):
        if reading.is_quoted[place] and not _is_inserted(reading, place):
            continue
        if (owner := _owner(reading, place)) is not None:
            yield owner
        elif word.low in _GENDER[reading.language] and word.low not in {"его", "ее", "её"}:
            if word.low == "sie" and reading.is_one_of(place - 2, "pronoun"):
                continue  # er halte sie für wirkungslos
            is_plural = word.low == "sie" and _is_plural_sie(reading, place)
            gender = "" if is_plural else _GENDER[reading.language][word.low]
            yield Pronoun(place, gender, is_plural)
        elif word.low in _PLURAL and word.low != "их":
            yield Pronoun(place, "", True)
        elif _is_compatriot(reading, place):
            yield Pronoun(place, "m" if reading.language == "de" else "", False)
        elif word.low in _SIDES[reading.language] and _speaks_for_both(reading, place):
            yield Pronoun(place, "", True, True)


def _is_compatriot(reading: Reading, place: int) -> bool:
    """Whether a nationality stands for somebody named before: the Belgian said."""
    found = reading.chunk(place, "people", "adjective")
    if found is None or found.last - found.first > 1 or reading.language == "ru":
        return False
    is_told = place > 0 and reading.words[place - 1].text in {"The", "Der"}
    return is_told and reading.is_one_of(place + 1, "reporting")


def _speaks_for_both(reading: Reading, place: int) -> bool:
    """Whether the two sides say something: the parties agreed, стороны отметили."""
    near = [place + 1, place + 2] if reading.language != "de" else [place - 2, place + 1]
    is_said = any(reading.is_one_of(one, "reporting") for one in near)
    is_both = place > 0 and reading.words[place - 1].low in _BOTH
    is_own = reading.words[place - 1].low.endswith(("ой", "ей", "с")) if place else False
    return is_said and (is_both or (reading.language == "ru" and not is_own))


def _is_inserted(reading: Reading, place: int) -> bool:
    """Whether a pronoun in a quotation stands beside who says it: «…,— отметила она.— …»."""
    is_behind = reading.is_one_of(place - 1, "reporting") and reading.words[place].gap == " "
    return is_behind and place > 1 and reading.words[place - 1].gap not in {" ", "-"}


def _owner(reading: Reading, place: int) -> Pronoun | None:
    starts, objects = _QUOTED[reading.language]
    is_cited = place > 0 and reading.words[place - 1].low.startswith(starts)
    if is_cited and reading.words[place].low in objects:
        return Pronoun(place, objects[reading.words[place].low], False)
    if reading.language == "en":
        return _according(reading, place)
    if reading.language not in _OWN_WORDS or not 0 < place < len(reading.words) - 1:
        return None
    leads, owns, nouns = _OWN_WORDS[reading.language]
    low, following = reading.words[place].low, reading.words[place + 1].low
    if low not in owns or following not in nouns | {"слова"}:
        return None
    if reading.words[place - 1].low not in leads and following != "слова":
        return None
    gender = _POSSESSIVE_GENDER.get(low, _GENDER["ru"].get(low, ""))
    return Pronoun(place, gender, low == "их")


def _according(reading: Reading, place: int) -> Pronoun | None:
    low = reading.words[place].low
    if low not in _ACCORDING or place < 2:
        return None
    if (reading.words[place - 2].low, reading.words[place - 1].low) != ("according", "to"):
        return None
    return Pronoun(place, _ACCORDING[low], low == "them")


def _is_plural_sie(reading: Reading, place: int) -> bool:
    """Whether German ``sie`` means several, told by the verb beside it."""
    verbs = []
    if place + 1 < len(reading.words) and reading.words[place + 1].gap == " ":
        verbs.append(reading.words[place + 1])
    if place > 0 and reading.words[place].gap == " ":
        verbs.append(reading.words[place - 1])
    for verb in verbs:
        if verb.low in _PLURAL_VERBS or (
            verb.text.islower() and verb.low.endswith(("ten", "nnen"))
        ):
            return True
        if verb.text.islower() and verb.low.endswith(("te", "t", "sei", "habe", "kann", "will")):
            return False
    return False


def antecedents(
    reading: Reading, pronoun: Pronoun, named: Sequence[Named]
) -> tuple[int | str, ...]:
    """Whom a pronoun means.

    Args:
        reading: The words of a page.
        pronoun: The pronoun.
        named: Who is named before it, in order.

    Returns:
        One for he and she, one plural or two persons for they; nothing where nobody fits.
    """
    number = reading.sentence[pronoun.place]
    before = [
        one
        for one in named[-_NEAR:]
        if one.first < pronoun.place and not reading.is_quoted[one.first]
    ]
    for back in range(_REACH_OF_THEY if pronoun.is_plural else _REACH):
        here = [one for one in before if reading.sentence[one.first] == number - back]
        if pronoun.is_plural:
            found = _several(here, is_near=back < _REACH_OF_GROUPS and not pronoun.is_pair)
        else:
            found = _single(reading, here, pronoun.gender)
        if found:
            return found
    return ()


def _single(reading: Reading, here: Sequence[Named], gender: str) -> tuple[int | str, ...]:
    fitting = [
        one for one in here if not one.is_plural and (not one.gender or one.gender == gender)
    ]

    def rank(one: Named) -> int:
        is_subject = not _is_oblique(reading, one)
        return 2 * (not is_subject) + (not speaks(reading, one.first, one.last))

    return (min(fitting, key=rank).who,) if fitting else ()


def _is_oblique(reading: Reading, one: Named) -> bool:
    """Whether words are no subject: with Tokayev, Tokayev's, с Токаевым."""
    if reading.words[one.last - 1].is_possessive:
        return True
    if reading.words[one.first].gap == " " and reading.is_one_of(one.first - 1, "oblique"):
        return True
    return reading.language == "ru" and reading.words[one.last - 1].low.endswith(
        ("ым", "ом", "ем", "ому", "ему")
    )


def _several(here: Sequence[Named], *, is_near: bool) -> tuple[int | str, ...]:
    plural = [one.who for one in here if one.is_plural]
    if plural and is_near:
        return (plural[0],)
    here = [one for one in here if not one.is_plural]
    persons = list(dict.fromkeys(one.who for one in here))
    shared = {one.first for one in here if sum(one.first == two.first for two in here) > 1}
    if shared:
        return tuple(one.who for one in here if one.first == min(shared))
    return tuple(persons[:2]) if len(persons) == 2 else ()
