"""Values of lists of parties: countries by name or code, days that may be a year, identifiers."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from entrepot.codes.areas import area, area_from_label
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError, SourceError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")
_WORDED = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?\s+(\d{4})")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ABOUT = re.compile(r"^(?:circa|approximately|approx\.?|about|c\.)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:between|from)\s+", re.IGNORECASE)
_PAIR = re.compile(r"\s+(?:to|and|or)\s+|\s+-\s+|(?<=\d{4})-(?=\d{4})")


@cache
def _labels() -> dict[str, str]:
    rows = read_rows("party_areas.csv", ("label", "alpha2", "source"))
    return {row["label"].casefold(): row["alpha2"] for row in rows}


@cache
def country_code(words: str) -> str | None:
    """Look a country of a list of parties up by its name or code.

    Args:
        words: Name in English, or alpha-2.

    Returns:
        Alpha-2 in small letters; ``None`` where the words are no country we know.

    Example:
        >>> country_code("Korea, North"), country_code("RU"), country_code("Atlantis")
        ('kp', 'ru', None)
    """
    known = _labels().get(words.casefold())
    if known is not None:
        return known.lower()
    try:
        found = area(words.upper()) if len(words) == len("RU") else area_from_label(words)
    except CodeError:
        return None
    return found.alpha2.lower()


def partial_dates(words: str) -> tuple[str, ...]:
    """Read a day, a month, a year or the two ends of a stretch of them.

    Args:
        words: As the list has it.

    Returns:
        ISO 8601, as exact as the words are; nothing where they are no date.

    Example:
        >>> partial_dates("15 Jan 1955"), partial_dates("circa 1951")
        (('1955-01-15',), ('1951',))
        >>> partial_dates("1951 to 1953"), partial_dates("00/00/1975"), partial_dates("May")
        (('1951', '1953'), ('1975',), ())
    """
    bare = _BETWEEN.sub("", _ABOUT.sub("", words.replace("(or", "or").strip().rstrip(".)")))
    one = _partial(bare)
    if one is not None:
        return (one,)
    parts = [_partial(_ABOUT.sub("", part)) for part in _PAIR.split(bare)]
    found = [part for part in parts if part is not None]
    return tuple(dict.fromkeys(found)) if len(found) == len(parts) else ()


def _partial(words: str) -> str | None:
    if match := _ISO.fullmatch(words):
        return _joined(match.group(1), match.group(2), match.group(3))
    if match := _DOTTED.fullmatch(words):
        return _joined(match.group(3), match.group(2), match.group(1))
    if match := _WORDED.fullmatch(words):
        month = match.group(2)[:3].lower()
        if month in _MONTHS:
            return _joined(match.group(3), str(_MONTHS.index(month) + 1), match.group(1))
    return None


def _joined(year: str, month: str | None, day: str | None) -> str | None:
    """Put a date together; zeros stand for what is not known, an impossible day is no date."""
    if not month or int(month) == 0:
        return year
    if not day or int(day) == 0:
        return f"{year}-{int(month):02}" if int(month) <= len(_MONTHS) else None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def listing_day(place: str, name: str, words: str | None) -> date | None:
    """Read the day of a listing, which decides whether a party stood there on some other day.

    Args:
        place: File and line, for the message.
        name: Field it stands in.
        words: As the list has it; of a month or year the first day is meant.

    Returns:
        The day; ``None`` where the list says none.

    Raises:
        SourceError: If the words are no date.
    """
    if not (words or "").strip():
        return None
    found = _partial((words or "").strip())
    if found is None:
        raise SourceError(
            f"{place}: {name} is {words!r}, expected a date like 2022-02-24, 24 Feb 2022, "
            "24.2.2022 or 24/02/2022. Compare the file with docs/how-to/party-lists.md."
        )
    return date.fromisoformat(f"{found}-01-01"[:10] if len(found) == 4 else f"{found}-01"[:10])


def russian_number(number: str) -> str | None:
    """Name the Russian register a bare number is of, by its length and check digits.

    Args:
        number: Digits.

    Returns:
        ``innCode`` or ``ogrnCode``; ``None`` where its check digit fits neither.

    Example:
        >>> russian_number("7704730655"), russian_number("1027800000084"), russian_number("123")
        ('innCode', 'ogrnCode', None)
    """
    if not number.isascii() or not number.isdigit():
        return None
    if len(number) in {10, 12}:
        return "innCode" if _is_inn(number) else None
    if len(number) in {13, 15}:
        remainder = int(number[:-1]) % (len(number) - 2) % 10
        return "ogrnCode" if remainder == int(number[-1]) else None
    return None


def _is_inn(number: str) -> bool:
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    checks = (9,) if len(number) == 10 else (10, 11)
    for at in checks:
        total = sum(w * int(d) for w, d in zip(weights[-at:], number, strict=False))
        if total % 11 % 10 != int(number[at]):
            return False
    return True
