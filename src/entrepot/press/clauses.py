"""The clauses of a sentence that attribute, each with its cue and its subject."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.contents import forward
from entrepot.press.cue_places import Hit, hits
from entrepot.press.noun_phrases import Subject, head_of
from entrepot.press.passages import Named, Passage
from entrepot.press.set_off import is_set_off
from entrepot.press.small_words import back, segment
from entrepot.press.subjects import region, subject

_JOINT = 6  # items within which a second speaker is named
_BY_ORDER = frozenset({"while", "whilst", "während", "wobei"})


@dataclass(frozen=True, slots=True)
class Node:
    """A cue with its subject and the place where its clause begins.

    Args:
        hit: The cue.
        subject: Its subject.
        start: First item of its clause, the mark or coordinator before it included.
        is_linked: Whether it goes on with the subject of an earlier cue.
        is_as: Whether it is a clause of the kind as X said, wie X sagte, как сказал X.
    """

    hit: Hit
    subject: Subject | None
    start: int
    is_linked: bool
    is_as: bool


def siblings(passage: Passage) -> list[Node]:
    """Find the cues that attribute on their own, not those inside what another attributes.

    Args:
        passage: The sentence.

    Returns:
        Clauses in order.
    """
    nodes: list[Node] = []
    for hit in hits(passage):
        node = _node(passage, hit)
        if node is None:
            continue
        if nodes and _is_inside(passage, nodes[-1], node):
            continue
        nodes.append(node)
    return nodes


def main_subject(passage: Passage, stop: int) -> Subject | None:
    """Find the first subject of a sentence, which a verb without its own goes on with.

    Args:
        passage: The sentence.
        stop: The item to stop at.

    Returns:
        The subject, or ``None``.
    """
    at = 0
    while at < stop:
        first, last = segment(passage, at)
        names = (passage.named[n] for n in range(first, last))
        name = next((one for one in names if one and not _is_in_compound(passage, one)), None)
        is_led = passage.is_word(first, "preposition", "subordinator", "relative")
        if name is not None and not is_led:
            found = head_of(passage, first, _joint_end(passage, name), "inherited")
            if found is not None and found.entities:
                return found
        at = last + 1
    return None


def _is_in_compound(passage: Passage, name: Named) -> bool:
    """Whether a hyphen ties a name to the word behind it: the Vienna-based institute."""
    end = passage.items[name.last - 1].span.end
    return passage.page.shadow[end : end + 1] == "-"


def _joint_end(passage: Passage, name: Named) -> int:
    """The item behind a name and whoever is named together with it."""
    if passage.low(name.last) not in {"and", "und", "и"}:
        return name.last
    for at in range(name.last + 1, min(name.last + _JOINT, len(passage.items))):
        other = passage.named[at]
        if other is not None and other.form != "demonym" and not passage.is_mark(at):
            following = passage.named[other.last] if other.last < len(passage.items) else None
            return following.last if following is not None else other.last
    return name.last


def _node(passage: Passage, hit: Hit) -> Node | None:
    first = region(passage, hit.verb)
    before = back(passage, hit.verb, "adverb", "auxiliary")
    is_as = passage.is_word(first, "as")
    is_linked = before >= 0 and passage.is_word(before, "coordinator")
    is_linked = is_linked or (passage.language == "de" and _is_german_link(passage, hit))
    if _is_relative(passage, hit, first):
        return None
    said_by = subject(passage, hit)
    start = first
    if said_by is None and _is_linked_apart(passage, first, hit):
        is_linked = True
    elif is_linked and said_by is None:
        start = before
    elif said_by is not None and said_by.order == "apart":
        start = segment(passage, said_by.first)[0]
    elif hit.is_gerund or (said_by is not None and said_by.order == "after"):
        start = max(first, before + 1) if hit.is_gerund else first
    return Node(hit, said_by, start, is_linked and said_by is None, is_as)


def _is_linked_apart(passage: Passage, first: int, hit: Hit) -> bool:
    """Whether only what is set off parts a verb from its coordinator: and, he said, warned."""
    at = first - 1
    while first == hit.verb and at > 0 and passage.is_mark(at, ","):
        if passage.is_word(at - 1, "coordinator"):
            return True
        start, stop = segment(passage, at - 1)
        if not is_set_off(passage, start, stop):
            return False
        at = start - 1
    return False


def _is_german_link(passage: Passage, hit: Hit) -> bool:
    """Whether a German verb goes on with an earlier subject: …, sicherte aber Hilfe zu."""
    return passage.is_mark(hit.verb - 1, ",") and passage.is_word(hit.end, "coordinator")


def _is_relative(passage: Passage, hit: Hit, first: int) -> bool:
    """Whether a cue stands in a clause that describes a noun."""
    if hit.is_gerund or first == 0 or not passage.is_mark(first - 1, ","):
        return passage.is_word(back(passage, hit.verb, "adverb", "auxiliary"), "relative") and (
            passage.language == "en" and not passage.is_word(hit.verb - 1, "anaphor")
        )
    if not passage.is_word(first, "relative"):
        return False
    if passage.language != "de":
        return True
    _, last = segment(passage, hit.verb)
    return hit.last >= last and hit.first > first


def _is_inside(passage: Passage, before: Node, node: Node) -> bool:
    """Whether a cue belongs to the content of the one before."""
    content = forward(passage, before.hit, before.subject, len(passage.items))
    if content is None or content.first > node.hit.first:
        return False
    if any(passage.is_mark(at, ";") for at in range(before.hit.last, node.hit.first)):
        return False
    if node.hit.is_gerund or node.is_linked or node.is_as:
        return False
    if node.subject is None:
        return not passage.is_mark(node.hit.verb - 1, ",")
    if node.subject == before.subject and node.start <= before.hit.first:
        return True  # a verb of what is said: replied that trade was continuing
    is_after_mark = passage.is_mark(node.start - 1)
    head = passage.low(node.start)
    if passage.is_word(node.start, "coordinator") or head in _BY_ORDER:
        return not is_after_mark
    if node.subject.order == "before" and passage.is_word(node.start, "subordinator"):
        return True
    first, _ = segment(passage, before.hit.verb)
    if passage.low(first) in _BY_ORDER and is_after_mark:
        return False
    ends = forward(passage, node.hit, node.subject, len(passage.items)) is None
    return not (is_after_mark and ends)
