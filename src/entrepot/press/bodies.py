"""Bodies, media and groups that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entrepot.press.article import EntityType
from entrepot.press.naming import Naming, body_id, country_id, slug
from entrepot.press.phrases import Chunk
from entrepot.press.reading import Reading

_EMBASSY = ("delegation", "EU")  # a delegation of the Union is its embassy
_PLACED = ("country", "adjective", "capital")
_INTO = {"en": {"of", "in"}, "de": {"in", "von", "der", "des"}, "ru": {"в"}}
_ARTICLES = {"en": {"the"}, "de": {"der", "des", "die", "das", "dem", "den"}, "ru": set[str]()}
_STATE = frozenset(
    {
        *("state", "national", "federal", "republican", "nationale"),
        *("staatliche", "staatlichen", "staatlicher", "государственная", "государственный"),
    }
)
# Kinds of a noun that is nobody in particular unless a name or a country stands beside it.
_NEEDS_NAME = frozenset(
    [
        "agency",
        "newspaper",
        "company",
        "institute",
        "association",
        "committee",
        "office",
        "commission",
    ]
)
_NEEDS_COUNTRY = frozenset(
    {"government", "ministry", "security_service", "chamber", "bloc", "delegation"}
)
_PART = 8  # words between a committee and its body
_OPENS_NAME = re.compile(r'^ ?[«»„“”"]?$')


def body_namings(reading: Reading, taken: frozenset[int]) -> Iterator[Naming]:
    """Find bodies by their own names and by what they are: the Kazakh Trade Ministry.

    Args:
        reading: The words of a page.
        taken: Words that are part of an office or a name.

    Yields:
        One naming for each; a government stands for its country.
    """
    behind = 0
    for chunk in reading.chunks:
        if chunk.first < behind or chunk.first in taken:
            continue
        found: Naming | None = None
        if chunk.entry.kind == "body":
            found = _listed(reading, chunk)
        elif chunk.entry.kind == "noun":
            found = _described(reading, chunk, behind)
        if found is not None:
            behind = found.last
            yield found


def _listed(reading: Reading, chunk: Chunk) -> Naming:
    kind: EntityType = "group" if chunk.entry.key.startswith("grp:") else "org"
    key = chunk.entry.key
    name = reading.span(chunk.first, chunk.last).of(reading.page.text)
    area, detail = chunk.entry.area or None, chunk.entry.detail
    return Naming(chunk.first, chunk.last, key, "name", name, kind, area, kind=detail)


def _described(reading: Reading, chunk: Chunk, behind: int) -> Naming | None:
    kind = chunk.entry.key
    if kind in _NEEDS_NAME and (named := _named_after(reading, chunk)) is not None:
        return named
    if kind == "press_service" and (service := _service_of(reading, chunk)) is not None:
        return service
    if kind in {"committee", "office"} and (part := _part_of_body(reading, chunk)) is not None:
        return part
    if kind in _NEEDS_NAME and _has_purpose(reading, chunk):
        return None
    first, area = _before(reading, chunk, behind)
    last, seat = _after(reading, chunk.last, area)
    if kind == "embassy" and reading.words[chunk.last : last] and _is_in(reading, chunk.last):
        last = chunk.last
    else:
        area = seat
    if area is None and kind in _NEEDS_COUNTRY | _NEEDS_NAME:
        return None
    if kind in _NEEDS_NAME and kind != "agency":
        return None
    name = reading.span(chunk.first, chunk.last).of(reading.page.text)
    if kind in {"government", "delegation"} and area is not None and (kind, area) != _EMBASSY:
        whole = reading.span(first, last).of(reading.page.text)
        is_union = area == "EU"
        kept: EntityType = "org" if is_union else "country"
        return Naming(first, last, country_id(area), "name", whole, kept, area)
    key = body_id(kind, area)
    whole = reading.span(first, last).of(reading.page.text)
    return Naming(first, last, key, "name", whole, "org", area, name, kind)


def _has_purpose(reading: Reading, chunk: Chunk) -> bool:
    """Whether a name goes on with what the body is for: National Agency on Tax Evasion."""
    if reading.language != "en" or chunk.last + 1 >= len(reading.words):
        return False
    is_name = reading.words[chunk.last - 1].is_capital and reading.words[chunk.last + 1].is_capital
    return is_name and reading.words[chunk.last].low in {"of", "for", "on", "against"}


def _is_in(reading: Reading, place: int) -> bool:
    """Whether a place follows that is no owner: the embassy in Washington."""
    return reading.words[place].low in {"in", "в"}


def _service_of(reading: Reading, chunk: Chunk) -> Naming | None:
    """A press service with the body or office it speaks for: пресс-служба главы государства."""
    place = chunk.last
    while reading.chunk(place) is None and place < min(chunk.last + 2, len(reading.words)):
        low = reading.words[place].low
        if low not in _INTO[reading.language] | _ARTICLES[reading.language]:
            return None
        place += 1
    served = reading.chunk(place, "body", "office", "noun")
    if served is None or not reading.is_together(chunk.last - 1, served.last):
        return None
    last, area = _after(reading, served.last, served.entry.area or None)
    whole = reading.span(chunk.first, last).of(reading.page.text)
    if served.entry.kind == "body":
        name = reading.span(served.first, served.last).of(reading.page.text)
        return Naming(chunk.first, last, served.entry.key, "name", whole, "org", area, name)
    origin = f"{area.lower()}_" if area else ""
    kind = "" if served.entry.kind == "office" else f"{served.entry.key}_"
    return Naming(chunk.first, last, f"org:{origin}{kind}press_service", "name", whole, "org", area)


def _part_of_body(reading: Reading, chunk: Chunk) -> Naming | None:
    """A committee that the text gives with its body: Ausschuss … des Europäischen Parlaments."""
    for place in range(chunk.last, min(chunk.last + _PART, len(reading.words))):
        if not reading.words[place].is_near or reading.is_one_of(place, "reporting"):
            return None
        body = reading.chunk(place, "body")
        if body is not None and body.entry.detail in {"body", "union"}:
            key = f"{body.entry.key}_{chunk.entry.key}"
            name = reading.span(chunk.first, body.last).of(reading.page.text)
            return Naming(chunk.first, body.last, key, "name", name, "org", body.entry.area)
    return None


def _before(reading: Reading, chunk: Chunk, behind: int) -> tuple[int, str | None]:
    """Take in a country before a body: Kazakhstan's, US-, российское."""
    place, area = chunk.first, None
    kept = place
    while place > behind and reading.words[place].gap in {" ", "-"}:
        before = reading.chunk(place - 1, *_PLACED)
        word = reading.words[place - 1]
        if before is not None and area is None and _may_own(reading, before):
            area, place = before.entry.area, before.first
            kept = place
        elif word.low in _STATE or reading.is_one_of(place - 1, "modifier"):
            place -= 1
            kept = place if word.is_capital or area else kept
        else:
            break
    return kept, area


def _may_own(reading: Reading, before: Chunk) -> bool:
    if before.entry.kind == "adjective" or reading.words[before.last - 1].is_possessive:
        return True
    if reading.language == "de":
        return reading.words[before.last].gap == "-" or reading.words[before.first].low[-1] == "s"
    return reading.language == "en" and reading.words[before.first].text.isupper()


def _after(reading: Reading, place: int, area: str | None) -> tuple[int, str | None]:
    """Take in a country behind a body: of Kazakhstan, in Ankara, der Türkei, Казахстана."""
    end, step = place, place
    links = _INTO[reading.language] | _ARTICLES[reading.language]
    while step < min(place + 2, len(reading.words)) and reading.words[step].low in links:
        if not reading.words[step].is_near:
            return end, area
        step += 1
    chunk = reading.chunk(step, *_PLACED, "city") or _union(reading, step)
    if chunk is None or chunk.first != step or not reading.words[step].is_near:
        return end, area
    is_linked = step > place
    is_genitive = not is_linked and (
        reading.language == "ru"
        or (reading.language == "de" and reading.words[step].low.endswith("s"))
    )
    if chunk.entry.kind == "adjective" or area is not None or not (is_linked or is_genitive):
        return end, area
    return chunk.last, chunk.entry.area


def _union(reading: Reading, place: int) -> Chunk | None:
    """A union of countries, which may own a body as a country does."""
    found = reading.chunk(place, "body")
    is_union = found is not None and found.entry.detail == "union" and found.entry.area
    return found if is_union else None


def _named_after(reading: Reading, chunk: Chunk) -> Naming | None:
    """A name that follows what it is: the portal Vazhniye Istorii, агентство «Ховар»."""
    place = chunk.last
    if place >= len(reading.words) or not _OPENS_NAME.match(reading.words[place].gap):
        return _named_before(reading, chunk)
    if reading.chunk(place, "body") is not None:
        return None  # it has a name of its own
    end = place
    while end < min(place + 4, len(reading.words)) and _is_name_word(reading, end, place):
        end += 1
    is_quoted = reading.words[place].gap != " "
    if end == place or (_is_plain(reading, chunk, end - place) and not is_quoted):
        return _named_before(reading, chunk)
    name = reading.span(place, end).of(reading.page.text)
    return Naming(place, end, f"org:{slug(name)}", "name", name)


def _is_plain(reading: Reading, chunk: Chunk, size: int) -> bool:
    """Whether one German word behind a firm may be any noun: lieferte die Firma Elektronik."""
    return reading.language == "de" and chunk.entry.key == "company" and size == 1


def _named_before(reading: Reading, chunk: Chunk) -> Naming | None:
    """A name that stands before what it is: the Danube Courier newspaper."""
    start = chunk.first
    while start > 0 and reading.words[start].gap == " " and reading.language == "en":
        if not _is_name_word(reading, start - 1, start - 1):
            break
        start -= 1
    if start == chunk.first or not reading.is_one_of(start - 1, "definite"):
        return None
    name = reading.span(start, chunk.first).of(reading.page.text)
    return Naming(start, chunk.first, f"org:{slug(name)}", "name", name)


def _is_name_word(reading: Reading, place: int, first: int) -> bool:
    word = reading.words[place]
    is_name = word.is_capital or any(letter.isupper() for letter in word.text)
    if not is_name or reading.chunk(place, "office", "anonymous", "noun") is not None:
        return False
    if place > first and not word.is_near:
        return False
    return reading.chunk(place) is None and not reading.is_one_of(place, "not_a_name", "reporting")
