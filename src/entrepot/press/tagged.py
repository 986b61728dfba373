"""What stands before a clause that only attributes: “…,” he said; …, sagte X; …, заявил X."""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.press.article import Span
from entrepot.press.drafts import content_span, inner, quoted_spans
from entrepot.press.passages import Passage

# German verbs whose form tells that somebody else speaks.
_REPORTED = frozenset(
    {
        *("sei", "seien", "habe", "werde", "könne", "müsse", "solle", "wolle", "dürfe", "gebe"),
        *("gehe", "komme", "stehe", "liege", "bleibe", "wisse", "halte", "bestehe", "lasse"),
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """A content before its attribution.

    Args:
        span: The content.
        quotes: What of it stands between marks.
        is_direct: Whether all of it does.
    """

    span: Span
    quotes: tuple[Span, ...]
    is_direct: bool


def tagged(
    passage: Passage, start: int, end: int, floor: int, *, is_short: bool = True
) -> Group | None:
    """Find what a clause in brackets of marks attributes.

    Args:
        passage: The sentence.
        start: First item of the clause.
        end: The item behind it.
        floor: First item that may belong to the content.
        is_short: Whether the clause is little enough to stand inside its content.

    Returns:
        The content, which goes on behind the clause where its first part is no whole; ``None``
        where nothing stands before.
    """
    stop = start
    while stop > floor and passage.is_mark(stop - 1):
        stop -= 1
    first = _first(passage, stop, floor)
    if first < stop and passage.low(first) in {"dass", "daß", "that"}:
        first += 1
    first, stop = passage.trimmed(first, stop)
    if first >= stop:
        return None
    speech = _speech(passage, first, stop)
    if speech:
        last = _resumed(passage, end)
        if last is None:
            return Group(_between(passage, speech[0], speech[-1]), _inners(passage, speech), True)
        return Group(_between(passage, speech[0], last), _inners(passage, [*speech, last]), True)
    goes_on = is_short and _goes_on(passage, start, end)
    if stop - first < 2 and not goes_on:
        return None
    if goes_on:
        _, last = passage.trimmed(first, len(passage.items))
        return Group(content_span(passage, first, last), quoted_spans(passage, first, last), False)
    return Group(content_span(passage, first, stop), quoted_spans(passage, first, stop), False)


def _first(passage: Passage, stop: int, floor: int) -> int:
    """Where the content begins: behind a semicolon, or at the head of the sentence."""
    at = stop - 1
    while at > floor:
        if passage.is_mark(at, ";") or _is_own_voice(passage, floor, at, stop):
            return at + 1
        at -= 1
    return floor


def _is_own_voice(passage: Passage, floor: int, mark: int, stop: int) -> bool:
    """Whether only what stands behind a German colon is in the mood of reported speech."""
    if passage.language != "de" or not passage.is_mark(mark, ":"):
        return False
    behind = any(passage.low(at) in _REPORTED for at in range(mark + 1, stop))
    return behind and all(passage.low(at) not in _REPORTED for at in range(floor, mark))


def _speech(passage: Passage, first: int, stop: int) -> list[int]:
    """The quotations that fill some items; none where anything else stands there."""
    quotes = [at for at in range(first, stop) if passage.is_quote(at)]
    others = [at for at in range(first, stop) if not passage.is_quote(at)]
    if all(passage.is_mark(at) for at in others) and quotes:
        is_spoken = any(passage.items[at].is_utterance for at in quotes)
        return quotes if is_spoken else []
    return []


def _resumed(passage: Passage, end: int) -> int | None:
    """The quotation with which speech goes on behind the clause."""
    at = end
    while at < len(passage.items) and passage.is_mark(at):
        at += 1
    if passage.is_quote(at) and passage.items[at].is_utterance:
        return at
    return None


def _goes_on(passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence goes on behind the clause with what it began before."""
    if not (passage.is_mark(start - 1, ",–") and passage.is_mark(end, ",–")):
        return False
    if start <= 0 or end + 2 >= len(passage.items):
        return False
    if passage.is_word(end + 1, "relative", "determiner", "coordinator", "opener"):
        return passage.is_word(end + 1, "determiner") and start <= 4
    name = passage.named[end + 1]
    low = passage.low(end + 1)
    if passage.language == "en" and low.endswith(("ing", "ed")):
        return False
    return name is None or start <= 6


def _between(passage: Passage, first: int, last: int) -> Span:
    return Span(inner(passage, first).start, inner(passage, last).end)


def _inners(passage: Passage, places: list[int]) -> tuple[Span, ...]:
    return tuple(inner(passage, at) for at in places)
