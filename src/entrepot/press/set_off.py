"""What commas set off between a subject and its verb: appositions, relative clauses."""

from __future__ import annotations

from entrepot.press.noun_phrases import Subject, behind_lead, head_of
from entrepot.press.passages import Passage
from entrepot.press.small_words import segment

# English words that open a description: a participle without -ed among them.
_DESCRIBING = frozenset(
    {
        *("a", "an", "the", "himself", "herself", "seen", "known", "led", "held", "written"),
        *("sent", "made", "drawn", "shown", "run", "founded"),
    }
)
_APART = 4  # segments between commas that may part a subject from its verb


def look_back(passage: Passage, first: int, *, may_be_place: bool = False) -> Subject | None:
    """Find a subject that an apposition or a relative clause parts from its verb.

    Args:
        passage: The sentence.
        first: First item of the verb's segment.
        may_be_place: Whether somebody may be named as a place: в МИД, в свою очередь, сообщили.

    Returns:
        The subject, or ``None`` where what stands before is a clause of its own.
    """
    at = first - 1
    nearest: Subject | None = None
    for _ in range(_APART):
        if at <= 0 or not passage.is_mark(at, ",–)"):
            return None
        start, stop = segment(passage, at - 1)
        if passage.is_mark(at, ")"):
            start, stop = start - 1, start - 1
            at = start
            continue
        is_somewhere = may_be_place and _is_somebody(passage, start, stop)
        is_aside = is_set_off(passage, start, stop) and not is_somewhere
        if is_aside or _is_title(passage, start):
            at = start - 1
            alone = passage.named[start]
            if nearest is None and alone is not None and alone.last == stop:
                nearest = head_of(passage, start, stop, "apart")
            continue
        lead = behind_lead(passage, start, stop)
        found = head_of(passage, lead, stop, "apart", may_be_place=is_somewhere)
        if found is None or at == first - 1 or not _is_whole(passage, found, stop):
            return None
        if passage.is_word(start, "subordinator") or (
            start > 0 and not found.entities and not passage.is_quote(start - 1)
        ):
            return None
        if nearest is None or not nearest.entities[0].startswith("per:"):
            return found
        return _with_both(passage, found, nearest, stop)
    return nearest


def _is_somebody(passage: Passage, start: int, stop: int) -> bool:
    """Whether a body is named as the place where something is said: в министерстве."""
    name = passage.named[start + 1] if start + 1 < stop else None
    is_body = name is not None and name.entities[0].startswith("org:")
    return is_body and passage.low(start) in {"в", "во"}


def _is_title(passage: Passage, start: int) -> bool:
    """Whether a segment stands behind a name alone: Robin Brooks, chief economist at the bank."""
    if start < 2 or not passage.is_mark(start - 1, ","):
        return False
    first, last = segment(passage, start - 2)
    name = passage.named[first]
    is_person = name is not None and name.entities[0].startswith("per:")
    return is_person and name is not None and name.first == first and name.last == last


def _with_both(passage: Passage, found: Subject, nearest: Subject, stop: int) -> Subject:
    """Read a person between commas as the second of two, or as the name of the first."""
    is_joint = any(passage.low(at) in {"and", "und", "и"} for at in range(found.first, stop))
    alone = Subject(found.first, nearest.last, nearest.entities, "apart")
    if not is_joint or nearest.entities[0] in found.entities:
        return alone
    first = passage.named[found.first]
    if first is None or not first.entities[0].startswith("per:"):
        return alone
    both = tuple(dict.fromkeys((*first.entities, *nearest.entities)))
    return Subject(found.first, nearest.last, both, "apart")


def is_set_off(passage: Passage, start: int, stop: int) -> bool:
    """Whether a segment between commas only describes what stands before it.

    Args:
        passage: The sentence.
        start: First item of the segment.
        stop: The item behind its last.
    """
    if start == 0:
        return False
    name = passage.named[start]
    if name is not None and name.first == start and name.last == stop:
        return True
    if passage.is_word(start, "relative", "preposition", "adverb", "subordinator"):
        return True
    low = passage.low(start)
    if passage.language == "en":
        return low in _DESCRIBING or low.endswith(("ing", "ed"))
    if passage.language == "ru":
        return passage.is_word(start, "described") or low.endswith(
            ("ший", "шая", "щий", "щая", "щие", "шие", "ясь", "уя", "ая", "вая")
        )
    return low in {"ein", "eine", "der", "die", "das", "so"}


def _is_whole(passage: Passage, found: Subject, stop: int) -> bool:
    """Whether nothing but phrases with prepositions stands behind a subject in its segment."""
    at = found.last
    return at >= stop or passage.is_word(at, "preposition") or passage.is_mark(at)
