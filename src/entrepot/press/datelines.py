"""The head of an agency's report: place, day and agency before the first sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from entrepot.press.article import Language, Page, Span
from entrepot.press.dates import Day, days
from entrepot.press.naming import slug
from entrepot.press.phrases import Entry, chunks
from entrepot.press.tokens import tokens

_REACH = 160  # code points a dateline may take
_PARAGRAPHS = 8  # in which it may stand
_WORD = r"[A-ZÄÖÜÀ-ÞŁŚŠŽČА-ЯЁ][^\W\d_]*(?:['’][^\W\d_]+)?\.?"
_PLACE = re.compile(
    rf"(?P<place>{_WORD}(?:[ -](?:{_WORD}|am|an der|de|el|le|на|upon|on))*?)"
    rf"(?P<more>(?:/{_WORD}(?: {_WORD})?)*)(?=\s*(?:[,.:(/]|[–-]{{1,2}}\s))"
)
_BRACKETS = re.compile(r"\s*\((?P<inside>[^()\n]{2,80})\)")
_SLASHES = re.compile(r"\s*[.,–-]?\s*/(?P<inside>[^/\n]{2,40})/")
_GAP = re.compile(r"\s*[,.]?\s*(?:[–-]{1,2}\s*)?")
_ENDS = re.compile(r"\s?\.?\s?[–:-]{1,2}(?=\s|[A-ZА-ЯЁÄÖÜ«„“\"])|\.(?=\s)|(?<=\))(?=\s)")
_DASH_OR_COLON = re.compile(r"\s?[–-]{1,2}(?=\s)|:(?=\s)")
_SPLIT = re.compile(r"\s*/\s*|\s+[–-]\s+|,\s+")
_AGENCY_WORDS = 4


@dataclass(frozen=True, slots=True)
class Dateline:
    """What stands before the first sentence.

    Args:
        span: All of it.
        place: Place as written, in usual capitals.
        area: Country of the place, ISO 3166-1 alpha-2, where it is listed or written beside.
        day: Its day.
        agency: Entity id of the agency.
    """

    span: Span
    place: str
    area: str | None
    day: Day | None = None
    agency: str | None = None


def dateline(page: Page) -> Dateline | None:
    """Find the dateline of an article.

    Args:
        page: The page.

    Returns:
        The first that one of its first paragraphs begins with, or ``None``.

    Example:
        >>> from entrepot.press.page import read_page
        >>> page, _ = read_page("Astana, Jun 20 (EFE).- Trade with Germany grew last year.")
        >>> found = dateline(page)
        >>> found.span.of(page.text), found.area, found.day.edtf, found.agency
        ('Astana, Jun 20 (EFE).-', 'KZ', 'XXXX-06-20', 'org:efe')
    """
    for paragraph in page.paragraphs[:_PARAGRAPHS]:
        found = _read(page, paragraph)
        if found is not None:
            return found
    return None


def _read(page: Page, paragraph: Span) -> Dateline | None:
    text, end = page.shadow, min(paragraph.end, paragraph.start + _REACH)
    head = _PLACE.match(text, paragraph.start, end)
    if head is None:
        return None
    place = _in_usual_capitals(head["place"])
    line = Dateline(
        Span(paragraph.start, head.end()), place, area_of_place(head["place"], page.language)
    )
    if _is_country(head["place"], page.language):
        return None
    line = _with_parts(page, line, end)
    if line.day is None and line.agency is None:
        return _bare(text, line, end)
    closing = _ENDS.match(text, line.span.end, end)
    if closing is None:
        return line if text[line.span.end - 1] == "." else None
    return replace(line, span=Span(line.span.start, closing.end()))


def _bare(text: str, line: Dateline, end: int) -> Dateline | None:
    """A place alone counts where it is listed and a dash or colon follows."""
    closing = _DASH_OR_COLON.match(text, line.span.end, end)
    if line.area is None or closing is None or closing.end() >= end:
        return None
    return replace(line, span=Span(line.span.start, closing.end()))


def _with_parts(page: Page, line: Dateline, end: int) -> Dateline:
    """Take in days, brackets and agencies as long as they follow one another."""
    while True:
        longer = _with_part(page, line, end)
        if longer is None:
            return line
        line = longer


def _with_part(page: Page, line: Dateline, end: int) -> Dateline | None:
    text, at = page.shadow, line.span.end
    for shape in (_BRACKETS, _SLASHES):
        inside = shape.match(text, at, end)
        if inside is not None:
            kept = _inside(page, line, Span(*inside.span("inside")), shape is _BRACKETS)
            return None if kept is None else replace(kept, span=Span(line.span.start, inside.end()))
    gap = _GAP.match(text, at, end)
    start = at if gap is None else gap.end()
    if line.day is None:
        first = next(iter(days(text, page.language, start, end)), None)
        if first is not None and first.span.start == start:
            return replace(line, day=first, span=Span(line.span.start, first.span.end))
    if line.agency is None:
        return _plain_agency(page, line, start, end)
    return None


def _plain_agency(page: Page, line: Dateline, start: int, end: int) -> Dateline | None:
    """An agency without brackets: 15 авг — РИА Новости."""
    words = tokens(page.shadow, start, end)[:4]
    if not words or words[0].span.start != start or line.day is None:
        return None
    for chunk in chunks(words, page.language):
        if chunk.first == 0 and chunk.entry.kind == "body" and _is_press(chunk.entry):
            last = words[chunk.last - 1].span.end
            if _ENDS.match(page.shadow, last, end):
                return replace(line, agency=chunk.entry.key, span=Span(line.span.start, last))
    return None


def _inside(page: Page, line: Dateline, span: Span, is_bracket: bool) -> Dateline | None:
    """Read what stands in brackets or between slashes: agencies, a day, the country."""
    found = next(iter(days(page.shadow, page.language, span.start, span.end)), None)
    if found is not None and line.day is None:
        line = replace(line, day=found)
    pieces = [piece for piece in _SPLIT.split(span.of(page.shadow)) if piece]
    for piece in pieces:
        entry = _entry(piece, page.language)
        if entry is not None and entry.kind == "country" and is_bracket:
            line = replace(line, area=entry.area)
            continue
        if line.agency is None and not any(letter.isdigit() for letter in piece):
            if len(piece.split()) > _AGENCY_WORDS or not _is_name(piece, entry):
                return None
            known = entry is not None and entry.kind == "body"
            line = replace(line, agency=entry.key if known and entry else f"org:{slug(piece)}")
    return line


def _is_name(piece: str, entry: Entry | None) -> bool:
    return (entry is not None and entry.kind == "body") or piece[0].isupper()


def _is_press(entry: Entry) -> bool:
    return entry.detail in {"agency", "media", "press"}


def press_named(words: str, language: Language) -> str | None:
    """Entity id of an agency or a paper that some words name and nothing else.

    Args:
        words: The words.
        language: Their language.

    Example:
        >>> press_named("Der Spiegel", "de"), press_named("Berlin", "de")
        ('org:spiegel', None)
    """
    entry = _entry(words, language)
    return entry.key if entry is not None and _is_press(entry) else None


def _entry(words: str, language: Language) -> Entry | None:
    """What words stand for that are one listed phrase as a whole."""
    found = tokens(words)
    whole = [one for one in chunks(found, language) if one.last - one.first == len(found)]
    return whole[0].entry if whole else None


def _is_country(place: str, language: Language) -> bool:
    entry = _entry(_in_usual_capitals(place), language)
    if entry is None or entry.kind in {"capital", "city"}:
        return False
    return area_of_place(place, language) is None


def area_of_place(place: str, language: Language) -> str | None:
    """Country of a place that is listed as a capital or a city.

    Args:
        place: The place.
        language: Language it is written in.

    Returns:
        ISO 3166-1 alpha-2.

    Example:
        >>> area_of_place("BRÜSSEL", "de"), area_of_place("Актау", "ru")
        ('BE', 'KZ')
    """
    found = tokens(_in_usual_capitals(place))
    for chunk in chunks(found, language):
        if (
            chunk.first == 0
            and chunk.last == len(found)
            and chunk.entry.kind in {"capital", "city"}
        ):
            return "BE" if chunk.entry.area == "EU" else chunk.entry.area
    return None


def _in_usual_capitals(place: str) -> str:
    if not place.isupper():
        return place
    small = {"am", "an", "der", "de", "el", "le", "на", "on", "upon"}
    parts = re.split("([ -])", place.lower())
    return "".join(part if part in small else part.capitalize() for part in parts)
