"""The statements of one sentence that a verb attributes."""

from __future__ import annotations

from dataclasses import replace

from entrepot.press.article import Span
from entrepot.press.clauses import Node, main_subject, siblings
from entrepot.press.content_parts import Content
from entrepot.press.contents import forward
from entrepot.press.cue_places import Hit
from entrepot.press.drafts import Draft, content_span, quoted_spans
from entrepot.press.noun_phrases import Subject
from entrepot.press.passages import Passage
from entrepot.press.set_off import is_set_off
from entrepot.press.small_words import is_content_word, segment
from entrepot.press.tagged import tagged
from entrepot.press.told_by import quoting

_SPARE_WORDS = 2  # words that a clause in the middle of its content may hold besides


def attributed(passage: Passage) -> list[Draft]:
    """Find what the verbs of a sentence attribute.

    Args:
        passage: The sentence.

    Returns:
        Drafts in order.
    """
    nodes = siblings(passage)
    found: list[Draft] = []
    for number, node in enumerate(nodes):
        limit = nodes[number + 1].start if number + 1 < len(nodes) else len(passage.items)
        said_by = node.subject or _inherited(passage, node, found)
        if said_by is None:
            continue
        if found and _is_told_by_person(node, found[-1]) and _ends_sentence(passage, node, limit):
            found.pop()
        elif found and _ends_sentence(passage, node, limit):
            found[-1] = replace(found[-1], via=(*found[-1].via, *_some(node.subject)))
            continue
        draft = _draft(passage, replace(node, subject=said_by), limit, found)
        if draft is None:
            continue
        if _passes_on(passage, node, draft, found):
            found[-1] = replace(found[-1], via=(*found[-1].via, *_some(said_by)))
            continue
        found.append(draft)
    return found


def _is_told_by_person(node: Node, before: Draft) -> bool:
    """Whether somebody tells what his country or a body holds: Norway opposes it, he said."""
    if node.subject is None or before.subject is None or not before.subject.entities:
        return False
    is_country = before.subject.entities[0].startswith(("cty:", "grp:"))
    return is_country and all(one.startswith("per:") for one in node.subject.entities)


def _ends_sentence(passage: Passage, node: Node, limit: int) -> bool:
    """Whether a clause only names who passed on what an earlier one attributes."""
    if any(passage.is_mark(at, ";") for at in range(node.start)):
        return False
    if not passage.is_mark(node.start - 1, ",–"):
        return False
    if node.subject is None or not node.subject.entities:
        return False
    if node.hit.options[0].act not in {"say", "report"}:
        return False
    return forward(passage, node.hit, node.subject, limit) is None


def _some(one: Subject | None) -> tuple[Subject, ...]:
    return () if one is None else (one,)


def _inherited(passage: Passage, node: Node, found: list[Draft]) -> Subject | None:
    if found:
        return found[-1].subject
    if node.is_linked or node.hit.is_gerund or passage.is_mark(node.hit.verb - 1, ","):
        return main_subject(passage, node.start)
    return None


def _draft(passage: Passage, node: Node, limit: int, found: list[Draft]) -> Draft | None:
    hit = node.hit
    content = None
    quoted = quoting(passage, hit, node.subject) if "x" in hit.options[0].frames else None
    if quoted is not None:
        return quoted
    if hit.is_gerund and passage.is_quote(node.start - 1):
        return None
    if not _is_tag_of_quote(passage, node):
        content = forward(passage, hit, node.subject, limit)
    if node.is_as and node.start == 0 and content is None:
        content = _behind_clause(passage, node, limit)
    if content is not None and not _is_as_tag(passage, node, content):
        return _forward_draft(passage, node, content)
    if hit.is_gerund:
        return None
    if any(passage.is_word(at, "no_content") for at in range(hit.last, hit.last + 4)):
        return None  # refused to comment
    object_before = _object_before(passage, node)
    if object_before is not None:
        return _forward_draft(passage, node, object_before)
    return _tag_draft(passage, node, found)


def _tag_draft(passage: Passage, node: Node, found: list[Draft]) -> Draft | None:
    """What stands before a clause that holds nothing to say itself."""
    hit = node.hit
    floor = max((one.order for one in found), default=0)
    end = _tag_end(passage, node)
    group = tagged(passage, node.start, end, floor, is_short=_is_short(passage, node, end))
    frames = set(hit.options[0].frames)
    if group is not None and not group.is_direct and "t" in frames and not _is_told(passage, hit):
        return None
    if group is None or not frames & set("cnqtda") or (frames == {"q"} and not group.is_direct):
        return None
    return Draft(
        passage,
        group.span,
        hit.options[0].act,
        node.subject,
        passage.span(hit.first, hit.last),
        group.quotes,
        group.is_direct,
        order=hit.last,
        has_data=_has_data(hit),
    )


def _is_short(passage: Passage, node: Node, end: int) -> bool:
    """Whether a clause holds little more than a subject and a verb."""
    held = node.hit.last - node.hit.first
    if node.subject is not None:
        held += node.subject.last - node.subject.first
    return end - node.start - held <= _SPARE_WORDS


def _behind_clause(passage: Passage, node: Node, limit: int) -> Content | None:
    """What follows a clause like As X said at the head of a sentence."""
    first = _tag_end(passage, node)
    first, last = passage.trimmed(first, limit)
    if first >= last or not set(node.hit.options[0].frames) & set("ct"):
        return None
    return Content(first, last, node.hit.options[0], True)


def _is_told(passage: Passage, hit: Hit) -> bool:
    """Whether somebody is told: told Reuters, told him."""
    near = range(hit.last, min(hit.last + 3, len(passage.items)))
    return any(passage.named[at] is not None or passage.is_word(at, "addressee") for at in near)


def _object_before(passage: Passage, node: Node) -> Content | None:
    """A Russian object between the subject and its verb: Анкара обвинения отвергает."""
    said_by, hit = node.subject, node.hit
    takes_object = "n" in hit.options[0].frames and passage.language == "ru"
    if said_by is None or said_by.order != "before" or not takes_object:
        return None
    words = [at for at in range(said_by.last, hit.first) if is_content_word(passage, at)]
    if not words or passage.is_word(words[0] - 1, "preposition"):
        return None
    return Content(words[0], hit.first, hit.options[0], False)


def _has_data(hit: Hit) -> bool:
    return all("d" in cue.frames for cue in hit.options)


def _is_as_tag(passage: Passage, node: Node, content: Content) -> bool:
    return node.is_as and not content.is_clause


def _is_tag_of_quote(passage: Passage, node: Node) -> bool:
    """Whether the words before a clause are speech that only it can attribute."""
    at = node.start - 1
    if node.subject is not None and node.subject.order == "before":
        at = node.start - 1
    while at >= 0 and passage.is_mark(at):
        at -= 1
    if not passage.is_quote(at) or not passage.items[at].is_utterance:
        return False
    return not node.hit.is_gerund and not node.is_linked


def _tag_end(passage: Passage, node: Node) -> int:
    _, last = segment(passage, node.hit.verb)
    while last + 1 < len(passage.items) and passage.is_mark(last, ","):
        start, stop = segment(passage, last + 1)
        is_closed = stop < len(passage.items)
        if not (is_closed and is_set_off(passage, start, stop) and _is_description(passage, start)):
            break
        last = stop
    return last


def _is_description(passage: Passage, start: int) -> bool:
    """Whether a segment is a relative clause or participle, not one more statement."""
    low = passage.low(start)
    return passage.is_word(start, "relative") or low.endswith(("щая", "щий", "вший", "вшая"))


def _forward_draft(passage: Passage, node: Node, content: Content) -> Draft | None:
    first, last = content.first, content.last
    hit, said_by = node.hit, node.subject
    is_called = "a" in content.cue.frames
    is_own = said_by is not None and said_by.order == "before" and not hit.is_gerund
    if is_called and said_by is not None and is_own:
        first = _object_first(passage, said_by, hit, first)
    quotes = quoted_spans(passage, first, last)
    is_somebody = said_by is not None and bool(said_by.entities)
    speech = [at for at in range(first, last) if not passage.is_mark(at)]
    is_direct = (
        content.is_clause
        and bool(speech)
        and all(passage.is_quote(at) and passage.items[at].is_utterance for at in speech)
    )
    return Draft(
        passage,
        content_span(passage, first, last),
        content.cue.act,
        said_by,
        passage.span(hit.first, hit.last),
        quotes,
        is_direct,
        addressee=_addressee(passage, hit, content),
        order=last,
        has_data="d" in content.cue.frames and not (is_somebody and content.is_clause),
    )


def _object_first(passage: Passage, said_by: Subject, hit: Hit, first: int) -> int:
    """Where the content begins if what is called something stands before the verb."""
    if passage.language != "ru":
        return first
    start, _ = segment(passage, hit.verb)
    if said_by.first > start + 1 and not passage.is_word(start, "preposition"):
        return start
    return said_by.last if hit.first > said_by.last else first


def _addressee(passage: Passage, hit: Hit, content: Content) -> tuple[str, ...]:
    if "t" not in content.cue.frames and "o" not in content.cue.frames:
        return ()
    name = passage.named[hit.last] if hit.last < len(passage.items) else None
    return name.entities if name is not None else ()


def _passes_on(passage: Passage, node: Node, draft: Draft, found: list[Draft]) -> bool:
    """Whether a clause at the end only says who passed on what is attributed already."""
    if not found or node.subject is None or draft.subject is found[-1].subject:
        return False
    if draft.span.start >= found[-1].order and draft.span.start >= found[-1].span.end:
        return False
    return draft.span.meets(found[-1].span) or Span(0, draft.span.end).holds(found[-1].span)
