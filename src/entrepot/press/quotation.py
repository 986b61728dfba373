"""Words between quote marks, paired by the document's own style and not by its language.

German pages use “…”, English pages «…», Russian ones "…": whether a mark opens is told by what
stands beside it, and where that leaves it open, by the other marks of the text. Straight marks pair
inside a paragraph, directional ones over paragraphs; a mark that is never closed holds until its
paragraph ends, or until the next quotation begins behind a full stop, and is flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from entrepot.press.article import Quotation, Span

_MARKS = re.compile("[“”„‟«»‹›\"‚]|‘(?!\\w*’\\w)|’(?![^\\W_])|(?<![^\\W\\d_])'|'(?![^\\W_])")
_CLOSERS = {
    "“": '”“‟"',
    "„": '“”‟"',
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹",
    '"': '"”“',
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
_BEFORE_OPENING = frozenset(" \n([{–-/—“„«»‹›\"‘‚'=:")
_AFTER_OPENING = frozenset("«„“»‹›\"‘‚'’[(…–—-$€£+#.")
_AFTER_CLOSING = frozenset(" \n)]}–-/—.,;:!?…”“»«›‹\"’‘'")
_SENTENCE_ENDS = frozenset(".!?…:")
_STOP = re.compile(r"[.!?…:](?=\s)")
_UTTERANCE_WORDS = 6
_UTTERANCE_LENGTH = 200  # characters that hold so many words in any language
_REACH = 3  # paragraphs a directional mark may stay open
_DEEPEST = 6  # quotations inside each other; what lies deeper is no text
_SHORT_LIVED = frozenset("\"'")  # marks that never pair over paragraphs

Role = Literal["open", "close", "either"]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark that waits for its end; ``hold`` is where its words end if it never comes."""

    sign: str
    at: int
    paragraph: int
    hold: int


@dataclass(slots=True)
class _Pairing:
    """What is found while the marks of a text are gone through."""

    text: str
    paragraphs: tuple[Span, ...]
    is_low: bool
    is_inward: bool
    waiting: list[_Mark] = field(default_factory=list)
    found: list[tuple[Span, bool]] = field(default_factory=list)
    fresh: list[Span] = field(default_factory=list)  # closed in the paragraph that is read


def quotations(text: str, paragraphs: tuple[Span, ...]) -> tuple[Quotation, ...]:
    """Pair the quote marks of a text.

    Args:
        text: The text, or its shadow.
        paragraphs: Paragraphs to look at, in order.

    Returns:
        Quotations in order of their first mark; one inside another follows it.

    Example:
        >>> words = 'He spoke of "close ties" with Berlin.'
        >>> [q.inner.of(words) for q in quotations(words, (Span(0, len(words)),))]
        ['close ties']
    """
    inward = 0 <= text.find("»") < text.find("«") if "«" in text else False
    pairing = _Pairing(text, paragraphs, "„" in text, inward)
    for number, paragraph in enumerate(paragraphs):
        _begin(pairing, number)
        for mark in _MARKS.finditer(text, paragraph.start, paragraph.end):
            _take(pairing, mark, number)
        _end(pairing, number)
    _leave(pairing, list(pairing.waiting))
    return tuple(_quotation(text, outer, is_open) for outer, is_open in sorted(set(pairing.found)))


def _begin(pairing: _Pairing, number: int) -> None:
    """Give up what is repeated at the head of a paragraph, or stays open for too long."""
    first = pairing.text[pairing.paragraphs[number].start]
    pairing.fresh.clear()
    _leave(
        pairing,
        [one for one in pairing.waiting if one.sign == first or number - one.paragraph > _REACH],
    )


def _end(pairing: _Pairing, number: int) -> None:
    """Close the marks that were opened in a paragraph and cannot go on behind it."""
    mine = [one for one in pairing.waiting if one.paragraph == number]
    pairing.waiting[:] = [one for one in pairing.waiting if one.paragraph != number]
    rest = [one for one in mine if not _shares_end(pairing, one)]
    if not rest:
        return
    # Only the outermost goes on, or is left open; one inside it is a slip.
    outermost = replace(rest[0], hold=_hold(pairing, rest[0]))
    pairing.waiting.append(outermost)
    if outermost.sign in _SHORT_LIVED:
        _leave(pairing, [outermost])


def _leave(pairing: _Pairing, gone: list[_Mark]) -> None:
    """Note marks as never closed."""
    pairing.waiting[:] = [one for one in pairing.waiting if one not in gone]
    for one in gone:
        if one.sign != "'":
            pairing.found.append((_stripped(pairing.text, Span(one.at, one.hold)), True))


def _shares_end(pairing: _Pairing, mark: _Mark) -> bool:
    """Let a mark share the end of one opened again behind it in the middle of its sentence.

    Translations open the same words twice, and Russian names in a quotation end together with it.
    """
    text = pairing.text
    inner = next((one for one in pairing.fresh if one.start > mark.at), None)
    if inner is None or text[inner.start] != mark.sign:
        return False
    between = text[mark.at + 1 : inner.start].rstrip()
    is_spoken = _is_utterance(inner.of(text)[1:-1])
    if between[-1:] in _SENTENCE_ENDS:
        return False
    if is_spoken and not between.endswith("]") and _STOP.search(between):
        return False
    if is_spoken:
        pairing.fresh.remove(inner)
        # Looked for from the end: it is of this paragraph.
        place = next(
            n for n in range(len(pairing.found) - 1, -1, -1) if pairing.found[n][0] == inner
        )
        del pairing.found[place]
    pairing.found.append((Span(mark.at, inner.end), False))
    return True


def _hold(pairing: _Pairing, mark: _Mark) -> int:
    """Where the words of a mark that is never closed end: before the next quotation, or later."""
    end = pairing.paragraphs[mark.paragraph].end
    for inner in pairing.fresh:
        if inner.start > mark.at and pairing.text[inner.start] == mark.sign:
            stops = [
                stop.start() + 1 for stop in _STOP.finditer(pairing.text, mark.at, inner.start)
            ]
            return stops[-1] if stops else end
    return end


def _take(pairing: _Pairing, mark: re.Match[str], number: int) -> None:
    sign, at = mark.group(), mark.start()
    role = _role(pairing, sign, at, pairing.paragraphs[number])
    if role != "open" and _is_closed(pairing, sign, at):
        return
    if role == "close" or sign == "’":
        return
    older = [one for one in pairing.waiting if one.sign == sign and one.paragraph != number]
    _leave(pairing, older)
    if len(pairing.waiting) < _DEEPEST:
        pairing.waiting.append(_Mark(sign, at, number, pairing.paragraphs[number].end))


def _is_closed(pairing: _Pairing, sign: str, at: int) -> bool:
    """Pair a mark with the nearest one that it closes."""
    for place in range(len(pairing.waiting) - 1, -1, -1):
        opened = pairing.waiting[place]
        if sign in _CLOSERS[opened.sign] and at > opened.at + 1:
            pairing.found.append((Span(opened.at, at + 1), False))
            pairing.fresh.append(Span(opened.at, at + 1))
            del pairing.waiting[place:]
            return True
    return False


def _role(pairing: _Pairing, sign: str, at: int, paragraph: Span) -> Role:
    """Whether a mark opens or closes, by its neighbours, else by the style of the text."""
    before = pairing.text[at - 1] if at > paragraph.start else " "
    after = pairing.text[at + 1] if at + 1 < paragraph.end else " "
    if sign in "„‚":
        return "open"
    opens = before in _BEFORE_OPENING and (after.isalnum() or after in _AFTER_OPENING)
    closes = after in _AFTER_CLOSING and not before.isspace()
    if opens != closes:
        return "open" if opens else "close"
    if sign in "«»‹›":
        return "open" if (sign in "»›") == pairing.is_inward else "close"
    if sign in "“‘":
        return "close" if pairing.is_low else "open"
    return "close" if sign in "”’" else "either"


def _stripped(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    return Span(span.start, span.start + max(1, len(words.rstrip())))


def _is_utterance(words: str) -> bool:
    if not words.strip():
        return False
    is_long = len(words[:_UTTERANCE_LENGTH].split()) >= _UTTERANCE_WORDS
    return is_long or words.rstrip()[-1:] in {*(",", ".", "!", "?", "…")}


def _quotation(text: str, outer: Span, is_open: bool) -> Quotation:
    end = outer.end if is_open else outer.end - 1
    inner = Span(outer.start + 1, max(outer.start + 1, end))
    return Quotation(outer, inner, is_open, _is_utterance(inner.of(text)))
