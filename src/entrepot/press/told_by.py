"""Who passes on what another said, and what stands in a paper: citing X, heißt es in Y."""

from __future__ import annotations

from dataclasses import replace

from entrepot.press.cue_places import Hit, hits
from entrepot.press.cues import clause_words, cues
from entrepot.press.drafts import Draft, content_span, quoted_spans
from entrepot.press.noun_phrases import Subject, head_of
from entrepot.press.passages import Passage
from entrepot.press.small_words import segment
from entrepot.press.tagged import tagged

_APPEALS = frozenset({"beruft", "berufen", "berief", "beriefen"})
_QUOTED = 8  # items within which the object of a verb of quoting stands


def sourced(passage: Passage, drafts: list[Draft]) -> list[Draft]:
    """Give what is reported on somebody's word to him: X said, citing Y.

    Args:
        passage: The sentence.
        drafts: What its verbs attribute.

    Returns:
        The same, with the source as the speaker and the reporter as who passed it on.
    """
    source = _cited(passage)
    if source is None or not drafts:
        return drafts
    near = min(range(len(drafts)), key=lambda at: abs(drafts[at].order - source.first))
    one = drafts[near]
    if one.subject is None or source.first == one.subject.first:
        return drafts
    drafts[near] = replace(one, subject=source, via=(one.subject, *one.via))
    return drafts


def cited_in(passage: Passage, first: int, last: int) -> Subject | None:
    """Find the source to which a relative clause says that somebody appeals.

    Args:
        passage: The sentence.
        first: First item of the clause.
        last: The item behind its last.

    Returns:
        The source: ``das Amt`` in ``die sich auf das Amt beruft``.
    """
    if not any(passage.low(at) in _APPEALS for at in range(first, last)):
        return None
    names = [passage.named[at] for at in range(first, last)]
    name = next((one for one in names if one is not None and one.form != "demonym"), None)
    return None if name is None else Subject(name.first, name.last, name.entities, "before")


def _cited(passage: Passage) -> Subject | None:
    for phrase in clause_words("citing", passage.language):
        words = phrase.split("_")
        for at in range(len(passage.items) - len(words)):
            if any(passage.low(at + n) != word for n, word in enumerate(words)):
                continue
            first = at + len(words)
            return _source(passage, first)
    return None


def _source(passage: Passage, first: int) -> Subject | None:
    _, last = segment(passage, first)
    for at in range(first, last):
        name = passage.named[at]
        if name is not None and name.form != "demonym":
            return Subject(name.first, name.last, name.entities, "before")
    return head_of(passage, first, min(last, first + 4), "before")


def quoting(passage: Passage, hit: Hit, said_by: Subject | None) -> Draft | None:
    """Read a verb whose object speaks: the agency quoted him as saying; приводит его слова.

    Args:
        passage: The sentence.
        hit: The verb.
        said_by: Its subject, who passes on the words.

    Returns:
        What is quoted, or ``None``.
    """
    if passage.language == "en":
        return _quoted_as_saying(passage, hit, said_by)
    whose: Subject | None = None
    for at in range(hit.last, min(hit.last + _QUOTED, len(passage.items))):
        name = passage.named[at]
        if passage.is_mark(at):
            break
        is_other = name is not None and (said_by is None or name.first != said_by.first)
        if name is not None and is_other and whose is None and name.form != "demonym":
            whose = Subject(name.first, name.last, name.entities, "after")
    first, last = segment(passage, hit.first)
    group = tagged(passage, first, last, 0)
    if group is None:
        return None
    via = (said_by,) if said_by is not None else ()
    cue = passage.span(hit.first, hit.last)
    return Draft(passage, group.span, "say", whose, cue, group.quotes, group.is_direct, via)


def _quoted_as_saying(passage: Passage, hit: Hit, said_by: Subject | None) -> Draft | None:
    """Read he was quoted as saying, and the agency quoted him as saying."""
    first, last = segment(passage, hit.first)
    saying = next((at for at in range(hit.last, last) if passage.low(at) == "saying"), -1)
    if saying < 0:
        return None
    names = [passage.named[at] for at in range(hit.last, last)]
    other = next((one for one in names if one is not None and one.form != "demonym"), None)
    behind = Subject(other.first, other.last, other.entities, "after") if other else None
    is_passive = passage.low(hit.last) == "as"
    whose, via = (said_by, behind) if is_passive else (behind, said_by)
    if not is_passive and behind is None and saying - hit.last > 1:
        whose = head_of(passage, hit.last, saying - 1, "after")
    passed = () if via is None else (via,)
    cue = passage.span(hit.first, hit.last)
    group = tagged(passage, first, last, 0) if first > 0 else None
    if group is not None:
        return Draft(passage, group.span, "say", whose, cue, group.quotes, group.is_direct, passed)
    start = next((at + 1 for at in range(saying, last) if passage.low(at) == "that"), saying + 1)
    start, end = passage.trimmed(start, len(passage.items))
    if start >= end:
        return None
    span, quotes = content_span(passage, start, end), quoted_spans(passage, start, end)
    return Draft(passage, span, "say", whose, cue, quotes, False, passed)


def impersonal(passage: Passage) -> list[Draft]:
    """Find what stands in a paper or is heard from somewhere: hieß es aus, говорится в.

    Args:
        passage: The sentence.

    Returns:
        Drafts in order.
    """
    found: list[Draft] = []
    known = cues(passage.language)
    if not any("h" in cue.frames for item in passage.items for cue in known.get(item.low, ())):
        return found
    for hit in hits(passage):
        if "h" not in hit.options[0].frames:
            continue
        draft = _heard(passage, hit, heard_from(passage, hit))
        if draft is not None:
            found.append(draft)
    return found


def heard_from(passage: Passage, hit: Hit) -> Subject | None:
    """Where something is heard from: aus einem Entwurf, в сообщении.

    Args:
        passage: The sentence.
        hit: The verb.

    Returns:
        The paper or the people, or ``None``.
    """
    first, last = segment(passage, hit.first)
    if hit.particle >= 0:
        last = min(last, hit.particle)
    at = hit.last
    while passage.is_word(at, "adverb", "coordinator"):
        at += 1
    if passage.low(hit.last - 1) == "из":
        return _named_place(passage, at, last)
    if passage.is_word(at, "quoted_place"):
        return _named_place(passage, at + 1, last)
    if at < last and (passage.is_word(at, "oblique_determiner") or passage.named[at] is not None):
        return _named_place(passage, at, last)
    while first < hit.first and passage.is_word(first, "coordinator", "adverb", "as"):
        first += 1
    if passage.is_word(first, "quoted_place"):
        return _named_place(passage, first + 1, hit.first)
    return None


def _named_place(passage: Passage, first: int, last: int) -> Subject | None:
    while first < last and passage.is_word(first, "determiner", "oblique_determiner"):
        first += 1
    for at in range(first, last):
        name = passage.named[at]
        is_owner = at == first or any(passage.is_word(n, "data") for n in range(first, at))
        if name is not None and name.form != "demonym" and is_owner:
            return Subject(name.first, name.last, name.entities, "before")
    return Subject(first, last, (), "before") if first < last else None


def _heard(passage: Passage, hit: Hit, place: Subject | None) -> Draft | None:
    first, last = segment(passage, hit.first)
    cue = passage.span(hit.first, hit.last)
    act = hit.options[0].act
    group = tagged(passage, first, last, 0) if first > 0 else None
    if group is not None:
        return Draft(passage, group.span, act, place, cue, group.quotes, group.is_direct)
    start = last + 1
    if place is None:
        return None
    if passage.is_word(start, "opener"):
        start += 1
    start, end = passage.trimmed(start, len(passage.items))
    if start >= end or passage.is_word(start, "preposition"):
        return None
    span, quotes = content_span(passage, start, end), quoted_spans(passage, start, end)
    speech = [at for at in range(start, end) if not passage.is_mark(at)]
    is_direct = all(passage.is_quote(at) and passage.items[at].is_utterance for at in speech)
    return Draft(passage, span, act, place, cue, quotes, is_direct, order=end)
