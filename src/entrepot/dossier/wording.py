"""Numbers, ranges and months in words: ranges before points, always with their unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MINUS, DASH = "−", "–"
NOT_ESTIMATED = "not estimated"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SCALES = ((1e9, "bn"), (1e6, "m"), (1e3, "thousand"))
# A value that rounds to 1,000 of one scale is written as 1 of the next.
_ROUNDS_UP = 0.9995
_TEN_MILLION = 1e7


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts of one sentence, table or chart are written.

    Args:
        factor: What one stands for, in the unit of the amounts.
        word: ``bn``, ``m``, ``thousand`` or nothing.
        decimals: Digits after the point.
    """

    factor: float
    word: str
    decimals: int

    def number(self, value: float) -> str:
        """An amount in this scale, without unit.

        Args:
            value: The amount.
        """
        if value == 0:
            return "0"
        text = f"{abs(value) / self.factor:,.{self.decimals}f}"
        is_zero = not text.strip("0.,")
        return MINUS + text if value < 0 and not is_zero else text

    def range(self, low: float, high: float) -> str:
        """A range in this scale, without unit.

        Args:
            low: Lower end.
            high: Upper end.
        """
        joint = " to " if low < 0 or high < 0 else DASH
        first, last = self.number(low), self.number(high)
        return first if first == last else f"{first}{joint}{last}"

    def unit(self, unit: str) -> str:
        """Currency and scale, e.g. ``EUR m``.

        Args:
            unit: Unit of the amounts, e.g. ``EUR FOB``.
        """
        return f"{currency(unit)} {self.word}".strip()


def scale(values: Iterable[float | None]) -> Scale:
    """Choose the scale in which the largest of some amounts reads well.

    Args:
        values: Amounts in one unit; open ones are passed over.

    Returns:
        The scale, with two or three significant digits for the largest.

    Example:
        >>> scale([57e6, None, 71e6]).word, scale([999_960]).word, scale([]).word
        ('m', 'm', '')
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    factor, word = next(
        ((factor, word) for factor, word in _SCALES if largest >= factor * _ROUNDS_UP), (1.0, "")
    )
    scaled = largest / factor
    digits = 0 if scaled >= 100 or factor == 1 else 1 if scaled >= 10 else 2
    return Scale(factor, word, digits)


def table_scale(values: Iterable[float | None]) -> Scale:
    """Choose one scale for a column of amounts, so that they can be compared down the column.

    Args:
        values: Amounts in one unit; open ones are passed over.

    Returns:
        Millions with two decimals from ten millions on, else thousands.
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return Scale(1e6, "m", 2) if largest >= _TEN_MILLION else Scale(1e3, "thousand", 0)


def currency(unit: str) -> str:
    """The currency of a unit such as ``EUR FOB``.

    Args:
        unit: The unit.
    """
    return unit.split()[0]


def valuation(unit: str) -> str:
    """The valuation of a unit such as ``EUR FOB``; empty where it names none.

    Args:
        unit: The unit.
    """
    return " ".join(unit.split()[1:])


def amount(value: float | None, unit: str) -> str:
    """One amount with its unit.

    Args:
        value: The amount; may be open.
        unit: Its unit, e.g. ``EUR FOB``.

    Returns:
        Words such as ``EUR 480 m``.

    Example:
        >>> amount(480.2e6, "EUR FOB"), amount(-12_000, "EUR FOB"), amount(None, "EUR")
        ('EUR 480 m', 'EUR −12.0 thousand', 'not estimated')
    """
    if value is None:
        return NOT_ESTIMATED
    chosen = scale([value])
    return f"{currency(unit)} {chosen.number(value)} {chosen.word}".strip()


def interval(low: float | None, high: float | None, unit: str) -> str:
    """A range with its unit.

    Args:
        low: Lower end; may be open.
        high: Upper end; may be open.
        unit: Their unit.

    Returns:
        Words such as ``EUR 57.0–71.0 m``.

    Example:
        >>> interval(300e6, 420e6, "EUR FOB"), interval(-12e6, 34e6, "EUR FOB")
        ('EUR 300–420 m', 'EUR −12.0 to 34.0 m')
    """
    if low is None or high is None:
        return NOT_ESTIMATED
    chosen = scale([low, high])
    return f"{currency(unit)} {chosen.range(low, high)} {chosen.word}".strip()


def month(day: date) -> str:
    """A month in words.

    Args:
        day: Its first day.

    Example:
        >>> month(date(2022, 3, 1))
        'March 2022'
    """
    return f"{MONTHS[day.month - 1]} {day.year}"


def window(start: date, end: date) -> str:
    """Months from the first to the last, both included, in words.

    Args:
        start: First month.
        end: Last month.

    Returns:
        Words such as ``March–November 2022``.

    Example:
        >>> window(date(2022, 3, 1), date(2022, 11, 1)), window(date(2022, 3, 1), date(2023, 2, 1))
        ('March–November 2022', 'March 2022–February 2023')
    """
    if start == end:
        return month(start)
    first = MONTHS[start.month - 1] if start.year == end.year else month(start)
    return f"{first}{DASH}{month(end)}"


def ratio(value: float | None) -> str:
    """A share, p-value or ratio: a fraction with three digits.

    Args:
        value: The number; may be open.

    Example:
        >>> ratio(0.0012), ratio(0.00003), ratio(None)
        ('0.001', '<0.001', 'not estimated')
    """
    if value is None:
        return NOT_ESTIMATED
    return "<0.001" if 0 < value < 0.0005 else f"{value:.3f}".replace("-", MINUS)


def listing(words: Iterable[str], last: str = "and") -> str:
    """Words joined as in a sentence.

    Args:
        words: The words.
        last: What stands before the last one.

    Example:
        >>> listing(["a", "b", "c"]), listing(["a"])
        ('a, b and c', 'a')
    """
    *front, end = list(words) or [""]
    return f"{', '.join(front)} {last} {end}" if front else end


def counted(count: int, singular: str, plural: str) -> str:
    """A count with its noun.

    Args:
        count: How many.
        singular: The noun of one.
        plural: The noun of none and of several.

    Example:
        >>> counted(1, "product", "products"), counted(1200, "product", "products")
        ('1 product', '1,200 products')
    """
    return f"{count:,} {singular if count == 1 else plural}"


def substitution(low: float | None, high: float | None, point: float | None, unit: str) -> str:
    """Excess over lost direct exports, in words.

    Args:
        low: Lower end.
        high: Upper end.
        point: Point estimate.
        unit: Unit of both amounts.

    Example:
        >>> substitution(0.05, 0.1, 0.07, "EUR FOB")
        'EUR 0.05–0.10 per EUR 1 of direct exports lost'
    """
    name = unit.split()[0]
    if low is not None and high is not None:
        joint = " to " if low < 0 else DASH
        text = f"{low:.2f}{joint}{high:.2f}".replace("-", "−")
        return f"{name} {text} per {name} 1 of direct exports lost"
    if point is None:
        return "not estimated"
    text = f"{point:.2f}".replace("-", "−")
    return f"{name} {text} per {name} 1 of direct exports lost"


def formula(observed: float, expected: float | None, excess: float | None, unit: str) -> str:
    """Observed minus expected equals excess, with the numbers in full.

    Args:
        observed: Declared exports.
        expected: Point estimate of what was expected.
        excess: Point estimate of the excess.
        unit: Their unit.

    Returns:
        The formula; ``≈`` where the stored excess is not the plain difference.

    Example:
        >>> formula(480.0, 64.0, 416.0, "EUR FOB")
        'observed 480 − expected 64 = excess 416 (EUR FOB)'
    """
    if expected is None or excess is None:
        return f"observed {amount(observed, unit)}; no expected value could be formed"
    left, right, gap = round(observed), round(expected), round(excess)
    sign = "=" if abs(left - right - gap) <= 1 else "≈"
    words = f"observed {left:,} − expected {right:,} {sign} excess {gap:,}".replace(" -", " −")
    return f"{words} ({unit})"
