"""What an article says of itself: title, place, day, agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from entrepot.press.area_names import nominative
from entrepot.press.article import DateBasis, Entity, Language, Metadata, Page, Span
from entrepot.press.credits import agency_of, publisher_of
from entrepot.press.datelines import Dateline, area_of_place, dateline
from entrepot.press.dates import Day, days, weekdays, year_of, years_behind
from entrepot.press.people import is_listed, terms_of
from entrepot.press.phrases import chunks, words_of
from entrepot.press.tokens import Token, tokens

_TITLE_WORDS = 28
_LEAD_WORDS = 12  # a shorter paragraph is a heading or a byline
_HEADER_LINE = 70  # characters of a line that holds the day and little else
_HEADER_WORDS = 9
_SAME_NEWS = 3  # days by which a header may stand apart from its dateline
_TITLE_END = re.compile(r"[.,;:]\s*$")
_ENGLISH_IN_BRACKETS = re.compile(r"\[(?:and|the|of|that|to|is|are|in|was|were|a|we|it)\]")
_RUSSIAN_IN_BRACKETS = re.compile(r"\[(?:и|что|это|в|на|мы)\]")
_SINCE = re.compile(
    r"\b(?:since|from|until|till|by|before|after|seit|ab|bis|vor|nach|с|со|до|к|после|по)"
    r"(?:\s+(?:the|dem|den|zum))?\s*$",
    re.IGNORECASE,
)


def metadata(page: Page, entities: Iterable[Entity], on: date) -> Metadata:
    """Find what an article says of itself; what it does not say stays open.

    Args:
        page: The page.
        entities: Whom it names: terms of office help to find a year that is left open.
        on: Day by which it was written, e.g. today.

    Returns:
        Title, dateline, place, country, date with what it rests on, weekday, agency, publisher
        and the language it was translated from.

    Example:
        >>> from entrepot.press.page import read_page
        >>> words = "Astana, Jun 20 (EFE).- Trade grew last year, officials said on Tuesday there."
        >>> found = metadata(read_page(words)[0], [], date(2024, 1, 1))
        >>> found.place, found.country, found.date, found.weekday, found.agency
        ('Astana', 'KZ', 'XXXX-06-20', 1, 'org:efe')
    """
    head = dateline(page)
    lead = _lead(page, head)
    title = _title(page, head, lead)
    header = _header(page, lead)
    weekday = _weekday(page, lead)
    day, basis = _day(page, head, header, lead)
    if day is not None and day.year is None:
        near = _dated_weekday(page, head, lead)
        times = _terms(entities)
        year = _open_year(page, day, near, on, times)
        if year is not None:
            day = Day(day.span, day.day, day.month, year)
            basis = "dateline+weekday" if basis == "dateline" else basis
    place, area = (head.place, head.area) if head is not None else _place(page, lead)
    dated = [line for line in _head_lines(page, lead) if _is_dated(page, line)] if lead else []
    publisher = publisher_of(page, dated)
    return Metadata(
        title=title,
        dateline=None if head is None else head.span,
        place=place,
        country=area,
        date=None if day is None else day.edtf,
        date_basis=basis,
        weekday=weekday,
        agency=agency_of(page, head, title, lead) or publisher,
        publisher=publisher,
        origin_language=_origin(page),
    )


def written_day(page: Page) -> date | None:
    """The day an article says it was written, where the year stands there too.

    Args:
        page: The page.

    Returns:
        The day; ``None`` where the article leaves it or its year open.

    Example:
        >>> from entrepot.press.page import read_page
        >>> written_day(read_page("ASTANA, 20 June 2023 (EFE).- Trade grew.")[0])
        datetime.date(2023, 6, 20)
    """
    head = dateline(page)
    lead = _lead(page, head)
    day, _ = _day(page, head, _header(page, lead), lead)
    return None if day is None or day.year is None else day.of_year(day.year)


def _lead(page: Page, head: Dateline | None) -> Span | None:
    """The paragraph the report begins with."""
    for paragraph in page.paragraphs:
        if head is not None and paragraph.start == head.span.start:
            return paragraph
    if head is not None:
        return None
    for paragraph in page.paragraphs:
        words = paragraph.of(page.shadow)
        is_sentence = re.search(r"[.!?…][)»“”\"]*(?:\s|$)", words) is not None
        if len(words.split()) >= _LEAD_WORDS and is_sentence:
            return paragraph
    return None


def _title(page: Page, head: Dateline | None, lead: Span | None) -> Span | None:
    """The first short line without a full stop before the lead."""
    for paragraph in page.paragraphs:
        if lead is not None and paragraph.start >= lead.start:
            return None
        words = paragraph.of(page.shadow)
        is_short = 2 < len(words.split()) <= _TITLE_WORDS
        if is_short and not _TITLE_END.search(words) and not _is_about(page, paragraph):
            return paragraph
    return None


def _is_about(page: Page, line: Span) -> bool:
    """Whether a line tells the day or the author, and is no title."""
    words = line.of(page.shadow)
    if tokens(words) and tokens(words)[0].low in words_of("byline", page.language):
        return len(words.split()) <= _HEADER_WORDS
    return bool(_full_days(page, line)) and len(words) <= _HEADER_LINE


def _full_days(page: Page, line: Span) -> list[Day]:
    found = days(page.shadow, page.language, line.start, line.end)
    if page.language != "en":
        found += days(page.shadow, "en", line.start, line.end)
    return [day for day in found if day.year is not None]


def _head_lines(page: Page, lead: Span | None) -> Iterator[Span]:
    """Lines above the lead, dropped ones too, in order."""
    lines = sorted((*page.paragraphs, *(one.span for one in page.dropped)))
    yield from (line for line in lines if lead is None or line.start < lead.start)


def _is_dated(page: Page, line: Span) -> bool:
    return len(line.of(page.shadow)) <= _HEADER_LINE and bool(_full_days(page, line))


def _header(page: Page, lead: Span | None) -> Day | None:
    """A day with its year that a line above the lead holds and little else."""
    if lead is None:
        return None
    for line in _head_lines(page, lead):
        words = line.of(page.shadow)
        if len(words) <= _HEADER_LINE and len(words.split()) <= _HEADER_WORDS:
            found = _full_days(page, line)
            if found:
                return found[0]
    return None


def _day(
    page: Page, head: Dateline | None, header: Day | None, lead: Span | None
) -> tuple[Day | None, DateBasis]:
    written = head.day if head is not None else None
    if written is not None and written.year is not None:
        return written, "dateline"
    if header is not None:
        return _of_header(written, header), "header"
    if written is not None:
        return written, "dateline"
    told = _told(page, lead)
    return told, "none" if told is None else "body"


def _of_header(written: Day | None, header: Day) -> Day:
    """The dateline's day in the year of a header that is about as old."""
    if written is None or header.year is None:
        return header
    then, shown = written.of_year(header.year), header.of_year(header.year)
    if then is None or shown is None or abs((then - shown).days) > _SAME_NEWS:
        return header
    return Day(written.span, written.day, written.month, header.year)


def _told(page: Page, lead: Span | None) -> Day | None:
    """The day the first sentence tells; no day since, until or after which something is."""
    first = [one for one in page.sentences if lead is not None and lead.holds(one)][:1]
    for sentence in first:
        for day in days(page.shadow, page.language, sentence.start, sentence.end):
            if not _SINCE.search(page.shadow[sentence.start : day.span.start]):
                return day
    return None


def _weekday(page: Page, lead: Span | None, paragraphs: int | None = None) -> int | None:
    """The first weekday the report names."""
    if lead is None:
        return None
    body = [one for one in page.paragraphs if one.start >= lead.start][:paragraphs]
    for paragraph in body:
        for _, weekday in weekdays(page.shadow, page.language, paragraph.start, paragraph.end):
            return weekday
    return None


def _dated_weekday(page: Page, head: Dateline | None, lead: Span | None) -> int | None:
    """The weekday of the dateline's day: named soon, or later in one sentence with its place."""
    found = _weekday(page, lead, paragraphs=3)
    if found is not None or head is None or lead is None:
        return found
    for sentence in page.sentences:
        words = sentence.of(page.shadow)
        if sentence.start > lead.end and re.search(rf"\b{re.escape(head.place)}\b", words):
            for _, weekday in weekdays(page.shadow, page.language, sentence.start, sentence.end):
                return weekday
    return None


def _terms(entities: Iterable[Entity]) -> list[tuple[date, date | None]]:
    """Times in which those held office whom the text gives an office."""
    found: list[tuple[date, date | None]] = []
    for entity in entities:
        is_sure = entity.offices and any(is_listed(entity.id, name) for name in entity.names)
        terms = terms_of(entity.id) if is_sure else ()
        if len(terms) == 1 and not _is_past(entity.offices):
            found.append((terms[0].first, terms[0].last))
    return found


def _is_past(offices: Sequence[str]) -> bool:
    former = {word for lang in ("en", "de", "ru") for word in words_of("former", lang)}
    return any(word.lower() in former for office in offices for word in office.split())


def _open_year(
    page: Page,
    day: Day,
    weekday: int | None,
    on: date,
    times: list[tuple[date, date | None]],
) -> int | None:
    """The year of a day whose year the text leaves open."""
    behind = years_behind(page.shadow, page.paragraphs, on)
    if behind is not None:
        year = year_of(day, weekday, on, [*times, (date(behind, 1, 1), None)])
        if year is not None:
            return year
    return year_of(day, weekday, on, times)


def _place(page: Page, lead: Span | None) -> tuple[str | None, str | None]:
    """Where the lead says that its news happened: in Berlin on Wednesday."""
    if lead is None:
        return None, None
    found = tokens(page.shadow, lead.start, lead.end)
    places = {span.start for span, _ in weekdays(page.shadow, page.language, lead.start, lead.end)}
    dated = [at for at, word in enumerate(found) if word.span.start in places]
    for chunk in chunks(found, page.language):
        if chunk.entry.kind not in {"capital", "city"} or chunk.first == 0:
            continue
        if not _is_where(found, chunk.first):
            continue
        is_dated = any(0 <= at - chunk.last <= 1 or 0 < chunk.first - at <= 2 for at in dated)
        if is_dated:
            words = Span(found[chunk.first].span.start, found[chunk.last - 1].span.end)
            place = nominative(words.of(page.text), chunk.entry, page.language)
            return place, area_of_place(place, page.language)
    return None, None


def _is_where(found: Sequence[Token], place: int) -> bool:
    return found[place - 1].low in {"in", "at", "im", "в", "во"}


def _origin(page: Page) -> Language | None:
    """The language a text was translated from, where the translation shows.

    Words put in brackets by the first editor are left behind by machine translation; Russian
    marks and a word in English brackets together show a Russian text.
    """
    if page.language != "en" and _ENGLISH_IN_BRACKETS.search(page.shadow):
        return "en"
    if page.language == "ru" and _RUSSIAN_IN_BRACKETS.search(page.shadow):
        return "en"
    if page.language == "en" and "«" in page.shadow and _ENGLISH_IN_BRACKETS.search(page.shadow):
        return "ru"
    return None
