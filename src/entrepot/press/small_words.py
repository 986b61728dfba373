"""Steps over the small words of a sentence, and what its other words are."""

from __future__ import annotations

from entrepot.press.cues import cues, word_kinds
from entrepot.press.passages import Passage

_MANNER = {
    "en": ("ly",),
    "de": ("weise",),
    "ru": ("ко", "ро", "чно", "льно", "тно", "сто", "вно", "нно", "ско"),
}
_NOT_MANNER = frozenset(
    {
        *("family", "assembly", "supply", "reply", "ally", "anomaly", "monopoly", "rally"),
        *("сколько", "столько", "серебро", "метро", "ведро", "молоко", "войско", "бюро"),
    }
)
_CORRELATES = frozenset({"darauf", "daran", "davor", "dazu", "davon", "darum", "damit", "dafür"})


def segment(passage: Passage, place: int) -> tuple[int, int]:
    """The items around one that no mark and no spoken quotation parts from it.

    Args:
        passage: The sentence.
        place: Number of the item.

    Returns:
        The first of them and the one behind the last.
    """
    return passage.segments[place]


def back(passage: Passage, place: int, *kinds: str) -> int:
    """Step over small words to the left.

    Args:
        passage: The sentence.
        place: The item to start before.
        kinds: Classes of words to step over.

    Returns:
        The first item to the left that is none of them; -1 at the head of the sentence.
    """
    place -= 1
    while place >= 0 and (passage.is_word(place, *kinds) or is_manner(passage, place)):
        place -= 1
    return place


def is_content_word(passage: Passage, place: int) -> bool:
    """Whether an item is a word of no small class: a noun, a verb, an adjective.

    Args:
        passage: The sentence.
        place: Number of the item.
    """
    if not 0 <= place < len(passage.items) or passage.items[place].kind != "word":
        return False
    small = ("adverb", "auxiliary", "preposition", "coordinator", "time", "subordinator")
    if passage.low(place)[0].isdigit() or is_manner(passage, place):
        return False
    return not passage.is_word(place, *small, "passive")


def is_manner(passage: Passage, place: int) -> bool:
    """Whether a word ends as adverbs do that say how: strongly, решительно.

    Args:
        passage: The sentence.
        place: Number of the item.
    """
    if not 0 <= place < len(passage.items) or passage.items[place].kind != "word":
        return False
    low = passage.low(place)
    if passage.named[place] is not None or passage.is_capital(place) or low in _NOT_MANNER:
        return False
    if low in word_kinds(passage.language):
        return False
    return low.endswith(_MANNER[passage.language])


def is_correlate(passage: Passage, place: int) -> bool:
    """Whether a German word only points at the clause to come: darauf, dass.

    Args:
        passage: The sentence.
        place: Number of the item.
    """
    return passage.low(place) in _CORRELATES


def is_cue_word(passage: Passage, place: int) -> bool:
    """Whether an item is a form of a listed verb.

    Args:
        passage: The sentence.
        place: Number of the item.
    """
    if not 0 <= place < len(passage.items) or passage.named[place] is not None:
        return False
    return passage.low(place) in cues(passage.language)
