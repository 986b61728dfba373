"""The clause of an event: where it begins and ends, and whether it unsays or only plans it."""

from __future__ import annotations

import re

from entrepot.press.article import Language, Page, Span
from entrepot.press.event_words import Context, Trigger, context
from entrepot.press.told import Status

_BREAK = re.compile(r"[;:](?=\s)|,(?=\s)|(?<=\s)–(?=\s)|[“”„«»\"()]")
# A comma in front of a small letter ends the clause; before a capital stands an apposition.
_HARD = re.compile(r"[;:](?=\s)|,[”\"“»«]?(?=\s[a-zäöüßа-яё])|(?<=\s)–(?=\s)|[“”„«»]")
_PARTICIPLE = re.compile(r"\w+t(?:e|en|er|es|em) \w+")
_BEFORE: dict[Language, int] = {"en": 45, "de": 200, "ru": 28}  # how far a "not" reaches
_BEHIND: dict[Language, int] = {"en": 8, "de": 60, "ru": 8}


def clause(text: str, sentence: Span, at: Span) -> Span:
    """The clause around some words, from comma to comma.

    Args:
        text: The text, or its shadow.
        sentence: The sentence of the words.
        at: The words.

    Example:
        >>> words = "If it comes, he said, Berlin will meet Astana, as planned."
        >>> clause(words, Span(0, len(words)), Span(34, 38)).of(words)
        ' Berlin will meet Astana'
    """
    return _between(_BREAK, text, sentence, at)


def wide_clause(text: str, sentence: Span, at: Span) -> Span:
    """The clause around some words with its appositions.

    Args:
        text: The text, or its shadow.
        sentence: The sentence of the words.
        at: The words.

    Example:
        >>> words = "Mr Li, Premier, met Mr Xi, President, as he said."
        >>> wide_clause(words, Span(0, len(words)), Span(16, 19)).of(words)
        'Mr Li, Premier, met Mr Xi, President'
    """
    return _between(_HARD, text, sentence, at)


def _between(pattern: re.Pattern[str], text: str, sentence: Span, at: Span) -> Span:
    start = sentence.start
    for match in pattern.finditer(text, sentence.start, at.start):
        start = match.end()
    after = pattern.search(text, at.end, sentence.end)
    return Span(start, sentence.end if after is None else after.start())


def is_unsaid(page: Page, sentence: Span, trigger: Trigger) -> bool:
    """Whether the clause denies an event or only imagines it.

    Args:
        page: The text.
        sentence: Its sentence.
        trigger: Its words.
    """
    text, language, at = page.shadow, page.language, trigger.span
    own = clause(text, sentence, at)
    left = Span(max(own.start, at.start - _BEFORE[language]), at.start)
    right = Span(at.end, min(own.end, at.end + _BEHIND[language]))
    not_said = context(language, "negation")
    if _found(not_said, text, left) or _found(not_said, text, right):
        return True
    # Where the words themselves hold a "no" ("lässt keine Waren durch") they are about it.
    if not_said.search(trigger.words.pattern.pattern) is None and _found(not_said, text, at):
        return True
    if _found(context(language, "cancelled"), text, own):
        return True
    ahead = Span(own.start, at.start)
    if _found(context(language, "hypothesis"), text, ahead):
        return True
    if trigger.words.plover == "ASSAULT" and _found(context(language, "background"), text, ahead):
        return True
    if language != "de":
        return False
    return _found(context(language, "hypothesis"), text, right) or _is_attribute(text, at, ahead)


def _is_attribute(text: str, at: Span, ahead: Span) -> bool:
    """Whether a participle only describes its noun: wegen der vom Westen verhängten Sanktionen."""
    if _PARTICIPLE.fullmatch(text, at.start, at.end) is None:
        return False
    return _found(context("de", "attribute"), text, ahead)


def status(page: Page, sentence: Span, trigger: Trigger) -> Status:
    """Whether an event is over, goes on or is to come.

    Args:
        page: The text.
        sentence: Its sentence.
        trigger: Its words.
    """
    own = clause(page.shadow, sentence, trigger.span)
    given = trigger.words.status
    if given is not None:
        # "besucht" is a present tense but with "hat" before it.
        is_over = given == "ongoing" and page.language == "de" and stands_near(page, "perfect", own)
        return "past" if is_over else given
    near = Span(max(own.start, trigger.span.start - 80), own.end)
    if page.language == "en" and trigger.words.role == "verb":
        near = Span(near.start, min(own.end, trigger.span.end + 60))
    if _found(context(page.language, "planned"), page.shadow, near):
        return "planned"
    if _found(context(page.language, "ongoing"), page.shadow, near):
        return "ongoing"
    return "past"


def stands_near(page: Page, role: Context, within: Span) -> bool:
    """Whether a word of some role stands in a stretch of text.

    Args:
        page: The text.
        role: What the word does.
        within: Where to look.
    """
    return _found(context(page.language, role), page.shadow, within)


def _found(pattern: re.Pattern[str], text: str, within: Span) -> bool:
    return pattern.search(text, within.start, within.end) is not None
