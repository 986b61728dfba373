"""Values of shipment files: days, numbers, countries, codes; what may mean two things is unread."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from entrepot.codes.areas import area_from_label, areas
from entrepot.codes.shipment_words import folded, shipment_words
from entrepot.errors import CodeError

Order = Literal["", "day_first", "month_first"]
Decimal = Literal["", ",", "."]

_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, counting their 29 February 1900
_SERIALS = (20_000, 80_000)  # 1954 to 2119
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:\s*г\.?)?(?:\s+\d{1,2}:\d{2}.*)?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\s+\d{1,2}:\d{2}.*)?")
_WORDY = re.compile(r"(\d{1,2})\.?\s+([^\W\d]+)\.?,?\s+(\d{4})(?:\s*(?:г|года)\.?)?")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_NUMBER = re.compile(r"[-+−]?[\d.,'’\s]*\d")
_MONEY = re.compile(r"^([A-Z]{3}|[€£₽])?\s*([-+−]?[\d.,'’\s]*\d)\s*([A-Z]{3}|[€£₽])?$")
_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB"}
_CODE_LENGTHS = (4, 6, 8, 10, 11)  # 11: the German code number, with a digit of its own


class Unreadable(ValueError):
    """A value that cannot be read; its words say why and what was expected."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes what could be read in two ways.

    Args:
        dates: Which comes first in ``03/04/2024``; open where the user does not say.
        decimal: Its decimal mark; open where neither the user nor the file tells.
    """

    dates: Order = ""
    decimal: Decimal = ""


def read_day(value: object, habits: Habits) -> date:
    """Read a day in one of the ways in which files write it.

    Args:
        value: ISO, German, Russian, with the month in words, or a spreadsheet's number of days.
        habits: How the file writes days.

    Returns:
        The day.

    Raises:
        Unreadable: If it is no day, or may be two.

    Example:
        >>> read_day("3.5.2024", Habits()), read_day("45415", Habits())
        (datetime.date(2024, 5, 3), datetime.date(2024, 5, 3))
        >>> read_day("3 мая 2024 г.", Habits()), read_day("05/13/2024", Habits())
        (datetime.date(2024, 5, 3), datetime.date(2024, 5, 13))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(text):
        return _slashed(int(found[1]), int(found[2]), int(found[3]), habits.dates)
    if found := _WORDY.fullmatch(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    return _serial(text)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"{year}-{month:02d}-{day:02d} is no day of the calendar") from None


def _slashed(first: int, second: int, year: int, order: Order) -> date:
    if first == second or second > 12 or order == "month_first":
        return _day(year, first, second)
    if first > 12 or order == "day_first":
        return _day(year, second, first)
    raise Unreadable(
        f"may be {year}-{second:02d}-{first:02d} or {year}-{first:02d}-{second:02d}; set dates in "
        "the file of columns"
    )


def _month(word: str) -> int:
    months = shipment_words("month")
    if folded(word) not in months:
        raise Unreadable(f"{word!r} is no month we know, expected a day such as 2024-05-03")
    return int(months[folded(word)])


def _serial(text: str) -> date:
    if _SHORT_YEAR.fullmatch(text):
        raise Unreadable("the year has two digits, expected four")
    try:
        days = float(text)
    except ValueError:
        raise Unreadable("no day, expected such as 2024-05-03 or 03.05.2024") from None
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise Unreadable("a number that is no day of a spreadsheet, expected such as 2024-05-03")
    return _EPOCH + timedelta(days=int(days))


def read_number(value: object, habits: Habits) -> float:
    """Read a number with decimal point or comma and marks between thousands.

    Args:
        value: The number.
        habits: The file's decimal mark, which settles ``1,234``.

    Returns:
        The number.

    Raises:
        Unreadable: If it is none, is negative, or may be two.

    Example:
        >>> read_number("1.234,56", Habits()), read_number("1 234,5", Habits())
        (1234.56, 1234.5)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    else:
        text = str(value).strip().replace("−", "-")
        number = _parsed(text, habits.decimal)
    if not math.isfinite(number) or number < 0:
        raise Unreadable("expected a number that is not negative")
    return number


def _parsed(text: str, decimal: Decimal) -> float:
    if re.fullmatch(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+", text):
        return float(text)
    if not _NUMBER.fullmatch(text):
        raise Unreadable("no number, expected such as 1234.56 or 1.234,56")
    mark = decimal_mark(text) or decimal
    bare = re.sub(r"['’\s]", "", text)
    marks = [letter for letter in bare if letter in ".,"]
    if marks and not mark:
        raise Unreadable(f"{text} may be a thousand or a fraction; set decimal in the columns file")
    thousands = "." if mark == "," else ","
    whole, _, rest = bare.partition(mark) if mark else (bare, "", "")
    groups = whole.lstrip("+-").split(thousands)
    is_grouped = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3
    if thousands in rest or (mark and mark in rest) or (len(groups) > 1 and not is_grouped):
        raise Unreadable("marks between digits stand where none can, expected such as 1,234.56")
    return float(f"{whole.replace(thousands, '')}.{rest or 0}")


def decimal_mark(text: str) -> Decimal:
    """The decimal mark a number shows beyond doubt; open where it shows none or may be two.

    Args:
        text: The number.

    Example:
        >>> decimal_mark("1.234,56"), decimal_mark("1,234"), decimal_mark("12,5")
        (',', '', ',')
    """
    marks = [letter for letter in text if letter in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    other = "," if last == "." else "."
    if other in marks:
        return "," if last == "," else "."
    if len(marks) > 1:  # 1.234.567: the mark is that of thousands
        return "." if last == "," else ","
    before, _, after = text.partition(last)
    digits = re.sub(r"\D", "", before)
    is_group = len(after) == 3 and 0 < len(digits) <= 3 and digits != "0"
    if is_group:
        return ""
    return "," if last == "," else "."


def read_amount(value: object, habits: Habits) -> tuple[float, str | None]:
    """Read an amount, perhaps with its currency.

    Args:
        value: The amount.
        habits: The file's decimal mark.

    Returns:
        The amount, and the currency where the value names one.

    Raises:
        Unreadable: If it is no amount.

    Example:
        >>> read_amount("1.234,50 €", Habits())
        (1234.5, 'EUR')
    """
    found = _MONEY.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if found is None:
        return read_number(value, habits), None
    sign = found[1] or found[3]
    return read_number(found[2], habits), _SIGNS.get(sign, sign) if sign else None


@lru_cache(maxsize=4096)
def read_country(text: str) -> str:
    """Read a country: a code of two or three letters, or its name in one of three languages.

    Args:
        text: The country.

    Returns:
        ISO 3166-1 alpha-2.

    Raises:
        Unreadable: If no area is called so.

    Example:
        >>> read_country("kg"), read_country("Германия"), read_country("KAZ")
        ('KG', 'DE', 'KZ')
    """
    code = text.strip().upper()
    for area in areas():
        if code in (area.alpha2, area.alpha3) and code:
            return area.alpha2
    try:
        return area_from_label(text.strip()).alpha2
    except CodeError:
        raise Unreadable("no country we know, expected a code such as KZ or its name") from None


def read_commodity(value: object) -> str:
    """Read an HS or CN code.

    Args:
        value: The code, perhaps with dots and blanks.

    Returns:
        Its digits.

    Raises:
        Unreadable: If it is no code; a lost zero is told of and never added.

    Example:
        >>> read_commodity("8542.31.90")
        '85423190'
    """
    text = str(value).strip()
    if re.fullmatch(r"\d{5,}\.0", text):
        text = text[:-2]
    digits = re.sub(r"[\s.\-]", "", text)
    if not (digits.isascii() and digits.isdigit()):
        raise Unreadable("no code, expected 4 to 11 digits as text")
    if len(digits) in (5, 7, 9):
        raise Unreadable(
            f"{len(digits)} digits: a leading zero may be lost, expected 4, 6, 8, 10 or 11 digits "
            "as text"
        )
    if len(digits) not in _CODE_LENGTHS:
        raise Unreadable(f"{len(digits)} digits, expected 4, 6, 8, 10 or 11")
    return digits


def read_share(percent: str) -> float:
    """Read a share in percent.

    Args:
        percent: Digits, perhaps with a decimal mark.

    Returns:
        The fraction.

    Raises:
        Unreadable: If it is more than all.

    Example:
        >>> read_share("60,5")
        0.605
    """
    share = float(percent.replace(",", ".")) / 100
    if share > 1:
        raise Unreadable(f"{percent} % is more than all")
    return share
