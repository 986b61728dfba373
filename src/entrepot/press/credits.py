"""Which agency or paper an article is from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from entrepot.press.article import Page, Span
from entrepot.press.datelines import Dateline, press_named
from entrepot.press.naming import slug
from entrepot.press.phrases import chunks, words_of
from entrepot.press.tokens import tokens

_STAFF_WORDS = 6  # of a line that says so
_FOOT = 4  # paragraphs at the end that may be a credit
_TITLE_SOURCE = re.compile(r"\s[–|-]\s(?P<source>[^–|]{2,40})$")
_CREDIT = re.compile(r"(?:Source|Quelle|Источник)\s*:\s*(?P<source>.{2,60})", re.IGNORECASE)
_NOT_A_SOURCE = re.compile(r"https?:|www\.|/")


def agency_of(
    page: Page, head: Dateline | None, title: Span | None, lead: Span | None
) -> str | None:
    """Find the agency or paper a report is from.

    Args:
        page: The page.
        head: Its dateline.
        title: Its title.
        lead: The paragraph the report begins with.

    Returns:
        Entity id: of the dateline, of a credit or signature, of the title, or whom the lead cites.
    """
    if head is not None and head.agency is not None:
        return head.agency
    for find in (_credited, _signed):
        found = find(page)
        if found is not None:
            return found
    if title is not None:
        source = _TITLE_SOURCE.search(title.of(page.shadow))
        named = press_named(source["source"], page.language) if source else None
        if named is not None:
            return named
    found = None if lead is None or _is_by_staff(page, lead) else _reporting(page, lead)
    return found or _told_to(page)


def _is_by_staff(page: Page, lead: Span) -> bool:
    """Whether a line above the lead says that the paper's own people wrote it."""
    lines = (*page.paragraphs, *(one.span for one in page.dropped))
    above = (line.of(page.shadow) for line in lines if line.start < lead.start)
    own = words_of("staff", page.language)
    return any(
        len(line.split()) <= _STAFF_WORDS and own & set(line.lower().split()) for line in above
    )


def _credited(page: Page) -> str | None:
    """The source a line at the foot gives: Source: Euractiv."""
    lines = sorted((*page.paragraphs[-_FOOT:], *(one.span for one in page.dropped)))
    for line in reversed(lines):
        credit = _CREDIT.fullmatch(line.of(page.shadow))
        if credit is not None and not _NOT_A_SOURCE.search(credit["source"]):
            name = credit["source"].strip(" .")
            return press_named(name, page.language) or f"org:{slug(name)}"
    return None


def _signed(page: Page) -> str | None:
    """An agency that signs at the end, in a line of its own or behind the last sentence."""
    lines = sorted((*page.paragraphs, *(one.span for one in page.dropped)))
    ends = [*page.sentences[-2:], *lines[-5:]]
    for line in reversed(sorted(ends)):
        words = line.of(page.shadow).strip(" .()")
        named = press_named(words, page.language) if len(words.split()) <= 3 else None
        if named is not None:
            return named
    return None


def _reporting(page: Page, lead: Span) -> str | None:
    """An agency, paper or press service that the lead says reported it."""
    found = tokens(page.shadow, lead.start, lead.end)
    said = words_of("passes_on", page.language)
    for chunk in chunks(found, page.language):
        if chunk.entry.kind != "body" or chunk.entry.detail not in {"agency", "media", "press"}:
            continue
        near = found[max(0, chunk.first - 4) : chunk.first] + found[chunk.last : chunk.last + 4]
        if any(word.low in said for word in near):
            return chunk.entry.key
    return None


def _told_to(page: Page) -> str | None:
    """The only agency or paper a text names, where somebody tells it something: told DW."""
    keys = set()
    is_told = False
    for sentence in page.sentences:
        found = tokens(page.shadow, sentence.start, sentence.end)
        for chunk in chunks(found, page.language):
            if chunk.entry.kind == "body" and chunk.entry.detail in {"agency", "media"}:
                keys.add(chunk.entry.key)
                before = found[max(0, chunk.first - 5) : chunk.first]
                is_told = is_told or any(
                    word.low in words_of("reporting", page.language)
                    or word.low.startswith(("interview", "интервью", "бесед", "gegenüber"))
                    for word in before
                )
    return keys.pop() if is_told and len(keys) == 1 else None


def publisher_of(page: Page, dated: Iterable[Span]) -> str | None:
    """Find a paper that a line with the article's day names.

    Args:
        page: The page.
        dated: Lines above the lead that hold a day and little else.

    Returns:
        Entity id.
    """
    for line in dated:
        for chunk in chunks(tokens(page.shadow, line.start, line.end), page.language):
            if chunk.entry.kind == "body" and chunk.entry.detail in {"agency", "media"}:
                return chunk.entry.key
    return None
