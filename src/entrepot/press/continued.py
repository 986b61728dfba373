"""Statements that go on from sentence to sentence: speech, Konjunktiv, and this is what he said."""

from __future__ import annotations

from dataclasses import replace

from entrepot.press.article import Span
from entrepot.press.cue_places import hits
from entrepot.press.cues import clause_words
from entrepot.press.drafts import Draft, content_span, inner, quoted_spans
from entrepot.press.noun_phrases import Subject, head_of
from entrepot.press.passages import Passage
from entrepot.press.subjects import subject
from entrepot.press.told_by import heard_from

_INDICATIVE = frozenset(
    {
        *("ist", "sind", "war", "waren", "hat", "haben", "hatte", "hatten", "wird", "wurde"),
        *("wurden", "kann", "können", "muss", "müssen", "will", "soll"),
    }
)
_BACK = {
    "en": (("this",), ("that",), ("it",)),
    "de": (("das",), ("dies",)),
    "ru": (("об", "этом"), ("это",), ("такие", "данные"), ("о", "том")),
}


def is_speech(passage: Passage) -> bool:
    """Whether a sentence holds nothing but what stands between quote marks.

    Args:
        passage: The sentence.
    """
    spoken = [at for at in range(len(passage.items)) if passage.is_quote(at)]
    others = [at for at in range(len(passage.items)) if not passage.is_quote(at)]
    return all(passage.is_mark(at) for at in others) and any(
        passage.items[at].is_utterance for at in spoken
    )


def speech(passage: Passage) -> tuple[Span, tuple[Span, ...]]:
    """What is said in a sentence that holds nothing else.

    Args:
        passage: The sentence.

    Returns:
        All of it, and each quotation.
    """
    quotes = tuple(inner(passage, at) for at in range(len(passage.items)) if passage.is_quote(at))
    return Span(quotes[0].start, quotes[-1].end), quotes


def longer(draft: Draft, passage: Passage) -> Draft:
    """Add speech that goes on in a later sentence.

    Args:
        draft: What was said before.
        passage: The sentence.
    """
    span, quotes = speech(passage)
    whole = Span(draft.span.start, span.end)
    return replace(draft, span=whole, quotes=(*draft.quotes, *quotes))


def earlier(draft: Draft, passage: Passage) -> Draft:
    """Add speech that began in an earlier sentence.

    Args:
        draft: What is said.
        passage: The earlier sentence.
    """
    span, quotes = speech(passage)
    whole = Span(span.start, draft.span.end)
    return replace(draft, span=whole, quotes=(*quotes, *draft.quotes))


def spoken_on(passage: Passage, before: Passage, *, is_told: bool) -> Draft:
    """Read speech alone behind a sentence that tells whose it is.

    Args:
        passage: The speech.
        before: The sentence before it.
        is_told: Whether that sentence attributes something itself.

    Returns:
        What is said: by the last speaker, or by the first one whom the sentence before names.
    """
    span, quotes = speech(passage)
    whose = None
    if not is_told:
        first, last = before.segments[0]
        whose = head_of(before, first, last, "inherited")
        whose = whose if whose is not None and whose.entities else None
    return Draft(before, span, "say", whose, None, quotes, True)


def reported_on(passage: Passage) -> Draft | None:
    """Read a German sentence in the Konjunktiv as the next one of a report.

    Args:
        passage: The sentence, behind one that attributes something.

    Returns:
        What it reports, without a speaker of its own.
    """
    if passage.language != "de":
        return None
    known = clause_words("konjunktiv", "de")
    words = [item.low for item in passage.items if item.kind == "word"]
    if not any(word in known for word in words) or any(word in _INDICATIVE for word in words):
        return None
    first, last = passage.trimmed(0, len(passage.items))
    span = content_span(passage, first, last)
    return Draft(passage, span, "say", None, None, quoted_spans(passage, first, last))


def is_back(passage: Passage) -> bool:
    """Whether a sentence begins with a word for the one before, and its verb.

    Args:
        passage: The sentence.
    """
    low = tuple(item.low for item in passage.items[:3])
    for words in _BACK[passage.language]:
        count = len(words)
        if low[:count] == words and passage.language != "en":
            near = hits(passage)[:1]
            reach = count if passage.language == "de" else count + 4
            return bool(near) and near[0].verb <= reach
    return False


def _tells_this(passage: Passage) -> bool:
    """Whether an English sentence says that this was said."""
    if not any(item.low in {"this", "so"} for item in passage.items):
        return False
    ends = {"to", "on", "in", "at", "during", ""}
    return any(
        passage.low(hit.last) in {"this", "so"} and passage.low(hit.last + 1) in ends
        for hit in hits(passage)
    )


def pointed_back(passage: Passage, before: Passage) -> Draft | None:
    """Read a sentence that attributes the one before it: Das teilte X mit, Об этом сообщил X.

    Args:
        passage: The sentence.
        before: The sentence before.

    Returns:
        What is attributed, or ``None``.
    """
    is_english = passage.language == "en"
    if not (_tells_this(passage) if is_english else is_back(passage)):
        return None
    for hit in hits(passage):
        cue = hit.options[0]
        is_heard = "h" in cue.frames
        said_by = heard_from(passage, hit) if is_heard else subject(passage, hit)
        if said_by is None or not set(cue.frames) & set("cnh"):
            return None
        first, last = before.trimmed(0, len(before.items))
        if first >= last:
            return None
        return Draft(
            passage,
            content_span(before, first, last),
            cue.act,
            said_by,
            passage.span(hit.first, hit.last),
            quoted_spans(before, first, last),
            is_speech(before),
        )
    return None


def named_before_colon(passage: Passage) -> Draft | None:
    """Read a name, a colon and speech, as in Meyer: „Das ist so“.

    Args:
        passage: The sentence.

    Returns:
        What is said, or ``None``.
    """
    name = passage.named[0]
    if name is None or name.form == "demonym" or not passage.is_mark(name.last, ":"):
        return None
    at = name.last + 1
    whose = Subject(0, name.last, name.entities, "before")
    if passage.is_quote(at) and passage.items[at].is_utterance:
        span = inner(passage, at)
        return Draft(passage, span, "say", whose, None, (span,), True)
    if not passage.is_title or at + 2 >= len(passage.items):
        return None
    last = len(passage.items)
    span, quotes = content_span(passage, at, last), quoted_spans(passage, at, last)
    return Draft(passage, span, "say", whose, None, quotes)
