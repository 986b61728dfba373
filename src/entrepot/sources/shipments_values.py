"""Values of shipment files: numbers, countries, codes; what may mean two things is unread."""

from __future__ import annotations

import math
import re
from decimal import Decimal as Exact
from functools import lru_cache

from entrepot.codes.areas import area_from_label, areas
from entrepot.codes.goods_words import headings
from entrepot.errors import CodeError
from entrepot.sources.shipments_habits import Decimal, Habits, Unreadable

_NUMBER = re.compile(r"[-+−]?[\d.,'’\s]*\d")
_BETWEEN = r"[.,'’\s]"  # marks between thousands, narrow and hard blanks among them
_WHOLE = re.compile(rf"\d+|\d{{1,3}}(?:({_BETWEEN})\d{{3}})(?:\1\d{{3}})*")
_TOO_LARGE = 1e18  # above any amount, mass or count of trade
_MONEY = re.compile(r"^([A-Z]{3}|[€£₽])?\s*([-+−]?[\d.,'’\s]*\d)\s*([A-Z]{3}|[€£₽])?$")
_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB"}
# Headings of the Combined Nomenclature that the HS has not: industrial plant, special procedures.
_CN_ALONE = frozenset({"9880", "9905", "9919", "9930", "9931", "9950", "9990"})
_CODE_LENGTHS = (4, 6, 8, 10, 11)  # 11: the German code number, with a digit of its own


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
    if isinstance(value, int | float | Exact) and not isinstance(value, bool):
        number = float(value) if -_TOO_LARGE < value < _TOO_LARGE else math.inf
    else:
        text = str(value).strip().replace("−", "-")
        number = _parsed(text, habits.decimal)
    if not abs(number) < _TOO_LARGE:
        raise Unreadable("not a number, or too large to be one")
    if number < 0:
        raise Unreadable("negative, expected a number from 0")
    return number


def _parsed(text: str, decimal: Decimal) -> float:
    if re.fullmatch(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+", text):
        return float(text)
    if not _NUMBER.fullmatch(text):
        raise Unreadable("no number, expected such as 1234.56 or 1.234,56")
    mark = decimal_mark(text) or decimal
    if any(letter in ".," for letter in text) and not mark:
        raise Unreadable(f"{text} may be a thousand or a fraction; set decimal in the columns file")
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("+- ").partition(mark) if mark else (text.lstrip("+- "), "", "")
    if not _WHOLE.fullmatch(whole or "0") or not re.fullmatch(r"\d*", rest):
        raise Unreadable("marks between digits stand where none can, expected such as 1,234.56")
    return sign * float(f"{re.sub(_BETWEEN, '', whole) or 0}.{rest or 0}")


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
    if digits[:4] not in headings() and digits[:4] not in _CN_ALONE:
        raise Unreadable(f"there is no heading {digits[:4]} in HS 2022, whose codes lists are in")
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
