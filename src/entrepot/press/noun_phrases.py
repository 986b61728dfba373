"""Noun phrases that may be whoever says something: a name, somebody with others, plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from entrepot.press.passages import Named, Passage
from entrepot.press.small_words import is_content_word, is_cue_word

Order = Literal["before", "after", "apart", "inherited"]
_WITH = {
    "en": (("and",), ("together", "with"), ("along", "with"), ("as", "well", "as")),
    "de": (("und",), ("sowie",), ("gemeinsam", "mit"), ("zusammen", "mit")),
    "ru": (("и",), ("вместе", "с"), ("совместно", "с")),
}
_NO_SUBJECT = frozenset(
    {
        *("there", "this", "that", "these", "those", "what", "which", "who", "you", "i"),
        *("we", "es", "das", "dies", "ich", "wir", "sich", "ihm", "ihr", "ihnen", "это", "мы", "я"),
        *("его", "ее", "её", "их", "ей", "ему", "им", "нам", "вам", "ею", "him", "them", "us"),
        *("me", "himself", "herself", "themselves", "ihn", "ihm", "ihnen", "euch", "einander"),
        *("что", "который", "которая", "которые", "nothing", "everyone", "man", "mir", "uns"),
    }
)
_LONGEST = 14  # items of a noun phrase that may be a speaker
_OBLIQUE = ("ую", "юю", "ию", "ого", "его", "ому", "ему", "ыми", "ими", "ым", "ых")
_SHORT_WORD = 4  # letters; он, его, им have endings of their own


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever a cue attributes its content to.

    Args:
        first: First item of the words.
        last: The item behind their last.
        entities: Who it is; nobody where no name fits and the words must do.
        order: Whether it stands before the verb, behind it, parted by commas or with another cue.
    """

    first: int
    last: int
    entities: tuple[str, ...]
    order: Order


def head_of(
    passage: Passage, first: int, stop: int, order: Order, *, may_be_place: bool = False
) -> Subject | None:
    """Read a stretch of words as the subject that fills it.

    Args:
        passage: The sentence.
        first: First item.
        stop: The item behind the last.
        order: Where the stretch stands.
        may_be_place: Whether somebody may be named as a place: в МИД сообщили.

    Returns:
        The first name that nothing governs; else the words themselves; ``None`` where they cannot
        be a subject.
    """
    at = first
    while at < stop:
        name = passage.named[at]
        if name is None or name.first != at:
            at += 1
            continue
        name = _closest(passage, name, stop)
        is_place = may_be_place and passage.low(name.first - 1) in {"в", "во"}
        if name.last <= stop and (is_place or _may_head(passage, name, first, stop)):
            return _joined(passage, name, stop, order)
        at = name.last
    return _words(passage, first, stop, order)


def _closest(passage: Passage, name: Named, stop: int) -> Named:
    """The name behind a common noun: the regulator EPDK, die Agentur Armenpress."""
    following = passage.named[name.last] if name.last < stop else None
    if following is None or name.form not in {"office", "demonym"}:
        return name
    return following if following.first == name.last and following.form == "name" else name


def _may_head(passage: Passage, name: Named, first: int, stop: int) -> bool:
    is_person = name.entities[0].startswith("per:")
    told = name.last - 1 if is_person else name.first  # Касым-Жомарт Токаевым
    if name.form == "demonym" or is_oblique(passage, told):
        return False
    if passage.language == "ru" and passage.is_word(name.first, "addressee"):
        return False
    before = name.first - 1
    if passage.low(before) == "einer" and passage.low(name.first) in {"der", "von"}:
        return True
    if before >= first and passage.is_word(before, "preposition", "oblique_determiner"):
        return False
    if before >= first and is_content_word(passage, before):
        is_det = passage.is_word(before, "determiner")
        if not is_det and not _is_label(passage, name, stop):
            return False
    end = passage.items[name.last - 1].span.end
    if passage.page.shadow[end : end + 1] in {"'", "’"}:
        return False
    is_open = name.last < stop and is_content_word(passage, name.last)
    while is_open and passage.is_word(name.last, "body_noun"):
        name = Named(name.first, name.last + 1, name.entities, name.form)
        is_open = name.last < stop and is_content_word(passage, name.last)
    return not is_open or is_cue_word(passage, name.last)


def is_oblique(passage: Passage, place: int) -> bool:
    """Whether the ending of a Russian word tells that it is no subject: казахстанскую, Сербию.

    Args:
        passage: The sentence.
        place: Number of the item.
    """
    if passage.language != "ru" or passage.items[place].kind != "word":
        return False
    low = passage.low(place)
    return len(low) > _SHORT_WORD and low.endswith(_OBLIQUE)


def _is_label(passage: Passage, name: Named, stop: int) -> bool:
    """Whether a name stands behind a common noun that describes it, or beside its verb."""
    if passage.language == "ru" and name.form in {"office", "pronoun"}:
        return name.last == stop
    if passage.language == "ru" and not name.entities[0].startswith("per:"):
        is_latin = passage.low(name.first)[0].isascii()
        if not is_latin and not passage.is_word(name.first - 1, "label"):
            return False
    is_country = name.entities[0].startswith("cty:")
    is_proper = passage.is_capital(name.first) or passage.is_quote(name.first)
    return name.form == "name" and is_proper and not is_country


def _joined(passage: Passage, name: Named, stop: int, order: Order) -> Subject:
    """Add whoever speaks together with somebody."""
    entities, last = name.entities, name.last
    for words in _WITH[passage.language]:
        at = last + len(words)
        if at >= stop or any(passage.low(last + n) != word for n, word in enumerate(words)):
            continue
        ending = passage.named[stop - 1]
        if order != "after" and ending is not None and ending.entities[0].startswith("per:"):
            at = ending.first
        while at < stop and passage.is_word(at, "determiner", "oblique_determiner"):
            at += 1
        while at < stop and passage.named[at] is None and passage.items[at].kind == "word":
            at += 1
        other = passage.named[at] if at < stop else None
        if other is not None and other.last <= stop and other.form != "demonym":
            entities = tuple(dict.fromkeys((*entities, *other.entities)))
            last = other.last
    return Subject(name.first, last, entities, order)


def _words(passage: Passage, first: int, stop: int, order: Order) -> Subject | None:
    """Read words that name nobody as a speaker."""
    while first < stop and passage.is_word(first, "adverb", "coordinator"):
        first += 1
    is_alone = stop - first == 1 or not passage.is_word(first, "determiner")
    if first >= stop or (passage.low(first) in _NO_SUBJECT and is_alone):
        return None
    longest = _LONGEST * (2 if passage.is_word(first, "data") or _has_data(passage, first) else 1)
    if stop - first > longest:
        return None
    if passage.is_word(first, "preposition", "subordinator", "time", "auxiliary"):
        return None
    if is_oblique(passage, first) or (order == "after" and passage.low(first).endswith("им")):
        return None
    if passage.items[first].kind != "word" or passage.low(first)[0].isdigit():
        return None
    if not any(is_content_word(passage, at) for at in range(first, stop)):
        return None
    return Subject(first, stop, (), order)


def _has_data(passage: Passage, first: int) -> bool:
    return any(passage.is_word(at, "data") for at in range(first, first + 4))


def phrase_at(passage: Passage, first: int, stop: int) -> Subject | None:
    """Read the subject that begins at an item; the words behind it tell where it ends.

    Args:
        passage: The sentence.
        first: The item.
        stop: The item to stop at.

    Returns:
        The subject, or ``None``.
    """
    is_one_of = passage.low(first) == "einer" and passage.low(first + 1) in {"der", "von"}
    if passage.is_word(first, "oblique_determiner", "subordinator", "opener") and not is_one_of:
        return None
    at = first
    while at < stop and at - first < _LONGEST:
        name = passage.named[at]
        if name is not None and name.first == at:
            name = _closest(passage, name, stop)
            if _may_head(passage, name, first, name.last):
                return _joined(passage, name, stop, "after")
            at = name.last
            continue
        if at > first and _ends_phrase(passage, at):
            break
        at += 1
    return _words(passage, first, at, "after") if at > first else None


def _ends_phrase(passage: Passage, at: int) -> bool:
    if passage.is_word(at, "preposition", "adverb", "coordinator", "time", "auxiliary", "opener"):
        return not (passage.language == "en" and passage.low(at) == "of")
    if passage.language == "de" and passage.is_capital(at - 1):
        return passage.low(at) in {"die", "das", "den", "dem", "einen", "einem", "eine", "ein"}
    return passage.items[at].kind != "word"


def behind_lead(passage: Passage, first: int, stop: int) -> int:
    """Step over what may stand before a subject: and, later, while.

    Args:
        passage: The sentence.
        first: First item.
        stop: The item to stop at.

    Returns:
        Where the subject may begin.
    """
    while first < stop and (
        passage.is_word(first, "coordinator", "adverb", "auxiliary", "as")
        or passage.low(first) in {"while", "whilst", "when", "after", "während", "once"}
    ):
        first += 1
    return first
