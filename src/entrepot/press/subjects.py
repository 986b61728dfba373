"""Who is the subject of a verb that attributes."""

from __future__ import annotations

from entrepot.press.cue_places import Hit
from entrepot.press.noun_phrases import Subject, behind_lead, head_of, phrase_at
from entrepot.press.passages import Passage
from entrepot.press.set_off import look_back
from entrepot.press.small_words import back, is_cue_word, segment

_DATIVES = frozenset({"sich", "ihm", "мне", "нам"})
_LONGEST = 14  # items of a noun phrase that may be a speaker


def subject(passage: Passage, hit: Hit) -> Subject | None:
    """Find the subject of a cue in its own clause.

    Args:
        passage: The sentence.
        hit: The cue.

    Returns:
        The subject; ``None`` where the clause has none and an earlier one must be meant.
    """
    if hit.is_gerund:
        return None
    left = back(passage, hit.verb, "adverb", "auxiliary", "goes_on") + 1
    first = region(passage, hit.verb)
    is_linked = passage.is_word(first, "coordinator")
    start = behind_lead(passage, first, left)
    if passage.language == "de":
        return _german(passage, hit, start, is_linked)
    before = head_of(passage, start, left, "before", may_be_place=_is_impersonal(passage, hit))
    if before is not None:
        return before
    if passage.language == "ru":
        return None if is_linked and start >= left else _russian(passage, hit, first)
    return _english(passage, hit, start, left)


def _english(passage: Passage, hit: Hit, start: int, left: int) -> Subject | None:
    """Look behind a phrase of time, across what commas set off, and behind the verb."""
    first = region(passage, hit.verb)
    if start < left and passage.is_word(start, "preposition"):
        start = _behind_adverbial(passage, start, left)
        before = head_of(passage, start, left, "before") if start < left else None
        if before is not None:
            return before
    if start < left and not passage.is_word(start, "preposition", "time", "as"):
        return None
    if passage.is_word(first, "coordinator") and start >= left:
        return None
    apart = look_back(passage, first)
    if apart is not None and apart.entities:
        return apart
    if "t" in hit.options[0].frames:
        return apart
    behind = behind_verb(passage, hit.last)
    return behind if behind is not None and (behind.entities or apart is None) else apart


def _behind_adverbial(passage: Passage, first: int, stop: int) -> int:
    """Where a subject may begin behind a phrase of time or place: in March the ministry said."""
    for at in range(first + 1, stop):
        name = passage.named[at]
        is_start = passage.is_word(at, "determiner") or (name is not None and name.first == at)
        if is_start and not passage.is_word(at - 1, "preposition", "determiner", "coordinator"):
            return at
    return stop


def _russian(passage: Passage, hit: Hit, first: int) -> Subject | None:
    """Order is free: what is no clause of its own stands behind the verb or before a comma."""
    is_place = _is_impersonal(passage, hit)
    apart = look_back(passage, first, may_be_place=is_place)
    frames = set(hit.options[0].frames)
    takes_object = bool(frames & set("noai")) and not frames & set("cd")
    is_head = first == hit.verb and passage.is_mark(first - 1, ",")
    if takes_object and is_head and (apart is None or not apart.entities):
        return None  # …, поблагодарил Сербию: the subject is that of an earlier verb
    behind = behind_verb(passage, hit.last, is_impersonal=is_place)
    if apart is None or not apart.entities:
        return behind or apart
    is_unnamed = behind is None or not behind.entities
    return apart if takes_object or is_unnamed or _leads_on(passage, hit) else behind


def _leads_on(passage: Passage, hit: Hit) -> bool:
    """Whether that or a colon follows the segment of a verb."""
    _, last = segment(passage, hit.verb)
    return passage.is_mark(last, ":") or passage.is_word(last + 1, "opener")


def region(passage: Passage, verb: int) -> int:
    """The first item that may belong to the subject before a verb.

    Args:
        passage: The sentence.
        verb: The verb.

    Returns:
        The head of its segment, or the coordinator behind an earlier cue there.
    """
    first, _ = segment(passage, verb)
    before = back(passage, verb, "adverb", "auxiliary")
    if before > first and passage.is_word(before, "coordinator"):
        return before
    earlier = [at for at in range(first, verb) if is_cue_word(passage, at)]
    for at in range(verb - 1, earlier[-1] if earlier else verb, -1):
        if passage.is_word(at, "coordinator"):
            return at
    if passage.language == "en":
        for at in range(verb - 2, first, -1):
            if passage.is_word(at, "relative") and passage.is_word(at - 1, "preposition"):
                return at + 1
    return first


def _is_impersonal(passage: Passage, hit: Hit) -> bool:
    """Whether a Russian verb stands in the plural, as of people somewhere: в МИД сообщили."""
    low = passage.low(hit.last - 1)
    return passage.language == "ru" and low.endswith(("ли", "ют", "ят", "ают", "лись"))


def _german(passage: Passage, hit: Hit, start: int, is_linked: bool) -> Subject | None:
    _, last = segment(passage, hit.verb)
    first = region(passage, hit.verb)
    if passage.is_word(start, "preposition") and passage.is_word(start + 1, "relative"):
        start += 1
    is_final = start < hit.verb and passage.is_word(start, "subordinator", "relative")
    if is_final and hit.last >= last and passage.low(start) not in {"der", "die", "das"}:
        return head_of(passage, start + 1, hit.first, "before")
    behind = behind_verb(passage, hit.end)
    if start >= hit.verb:
        is_linked = is_linked or passage.is_word(hit.end, "coordinator")
        if is_linked and not _is_pronoun(passage, behind):
            return None
        apart = None if is_linked else look_back(passage, first)
        return apart or (behind if _is_nominal(passage, behind) else None)
    is_oblique = passage.is_word(start, "preposition", "oblique_determiner", "anaphor", "time")
    if passage.low(start) == "einer" and passage.low(start + 1) in {"der", "von", "dieser"}:
        is_oblique = False
    if passage.is_word(start, "anaphor") and start + 1 < hit.verb:
        is_oblique = False
    before = None if is_oblique else head_of(passage, start, hit.verb, "before")
    is_object_first = not set(hit.options[0].frames) & set("c")
    is_named = behind is not None and bool(behind.entities)
    if before is not None and (before.entities or not (is_object_first and is_named)):
        return before
    return behind or look_back(passage, first)


def _is_pronoun(passage: Passage, found: Subject | None) -> bool:
    name = passage.named[found.first] if found is not None else None
    return name is not None and name.form == "pronoun"


def _is_nominal(passage: Passage, found: Subject | None) -> bool:
    """Whether German words behind a verb may be its subject: a name, die Delegation."""
    if found is None or found.entities:
        return found is not None
    return passage.is_word(found.first, "determiner") or passage.is_capital(found.first)


def behind_verb(passage: Passage, start: int, *, is_impersonal: bool = False) -> Subject | None:
    """Find the subject behind its verb.

    Args:
        passage: The sentence.
        start: The item behind the verb.
        is_impersonal: Whether somebody named as a place may be meant.

    Returns:
        The subject, or ``None``.
    """
    at = start
    if passage.is_mark(start, ",") and start + 1 < len(passage.items):
        first, last = segment(passage, start + 1)
        if passage.language == "ru" and passage.low(first).endswith(("ая", "яя", "уя", "ясь")):
            at = start = min(last + 1, len(passage.items) - 1)
    stop = min(
        start + _LONGEST * 2, segment(passage, start)[1] if start < len(passage.items) else 0
    )
    place = _place(passage, start, stop) if is_impersonal else None
    if place is not None:
        return place
    while at < stop:
        low = passage.low(at)
        name = passage.named[at]
        is_small = passage.is_word(at, "adverb", "addressee", "time") or low in _DATIVES
        if is_small or low[:1].isdigit() or passage.is_quote(at):
            at += 1
        elif passage.is_word(at, "preposition"):
            at = _behind_phrase(passage, at, stop)
        elif passage.language == "ru" and name is not None and name.form == "pronoun":
            return Subject(at, name.last, name.entities, "after")
        else:
            return phrase_at(passage, at, stop)
    return None


def _place(passage: Passage, start: int, stop: int) -> Subject | None:
    """Those who speak somewhere: сообщили журналистам в МИД."""
    for at in range(start, stop - 1):
        near = range(at + 1, min(at + 4, stop))
        if passage.low(at) not in {"в", "во"} or passage.is_word(at + 1, "time"):
            continue
        if passage.low(at + 1)[0].isdigit():
            continue
        name = next((passage.named[n] for n in near if passage.named[n] is not None), None)
        if name is not None and name.form != "capital" and name.form != "demonym":
            return head_of(passage, at + 1, stop, "after")
    return None


def _behind_phrase(passage: Passage, at: int, stop: int) -> int:
    """The item behind a phrase that a preposition opens."""
    at += 1
    while at < stop and passage.is_word(at, "determiner", "oblique_determiner"):
        at += 1
    if at < stop:
        name = passage.named[at]
        at = name.last if name is not None else at + 1
    while at < stop and (passage.is_word(at, "time") or passage.low(at)[0].isdigit()):
        at += 1
    return at
