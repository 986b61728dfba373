"""A question to an interface of trade statistics, and how it is divided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from entrepot.errors import SourceError

Axis = Literal["periods", "reporters", "flows", "goods", "partners"]

# Where to divide first: what is asked for together least often.
ORDER: tuple[Axis, ...] = ("periods", "reporters", "flows", "goods", "partners")
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What some reporters declared about some partners.

    Args:
        freq: ``M`` for months, ``A`` for years.
        periods: Months ``2022-03`` or years ``2022``, ascending.
        reporters: Codes of areas.
        partners: Codes of areas; empty for all.
        flows: Comtrade's letters.
        goods: Codes of commodities.
    """

    freq: Literal["A", "M"]
    periods: tuple[str, ...]
    reporters: tuple[str, ...]
    partners: tuple[str, ...]
    flows: tuple[str, ...]
    goods: tuple[str, ...]


def halves(question: Question) -> tuple[Question, ...]:
    """Divide a question in two, by the first of its axes that has more than one value.

    Args:
        question: The question.

    Returns:
        Two questions that ask for the same together; none where it cannot be divided.

    Example:
        >>> asked = Question("M", ("2022-01", "2022-02", "2022-03"), ("AM",), (), ("X",), ("87",))
        >>> [half.periods for half in halves(asked)]
        [('2022-01',), ('2022-02', '2022-03')]
    """
    for axis in ORDER:
        values: tuple[str, ...] = getattr(question, axis)
        middle = len(values) // 2
        if middle:
            return _with(question, axis, values[:middle]), _with(question, axis, values[middle:])
    return ()


def each(question: Question, axis: Axis, size: int = 1) -> Iterator[Question]:
    """Divide a question into parts of some values each.

    Args:
        question: The question.
        axis: The axis to divide.
        size: Values a part has at most.

    Returns:
        The parts, in order.
    """
    values: tuple[str, ...] = getattr(question, axis)
    for start in range(0, len(values), size):
        yield _with(question, axis, values[start : start + size])


def by_year(question: Question) -> Iterator[Question]:
    """Divide a question by calendar year.

    Args:
        question: The question.

    Returns:
        One part a year, in order.
    """
    for year in sorted({period[:4] for period in question.periods}):
        own = tuple(period for period in question.periods if period.startswith(year))
        yield replace(question, periods=own)


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """All periods of a stretch.

    Args:
        first: Its first month ``2022-03`` or year ``2022``.
        last: Its last, included, of the same kind.

    Returns:
        The periods, ascending.

    Raises:
        SourceError: If one is a year and the other a month, or the last is before the first.

    Example:
        >>> periods_between("2021-11", "2022-02")
        ('2021-11', '2021-12', '2022-01', '2022-02')
    """
    if len(first) != len(last) or last < first:
        raise SourceError(
            f"stretch is {first!r} to {last!r}, expected two months or two years, the first one "
            "first. Correct --from or --to."
        )
    if "-" not in first:
        return tuple(str(year) for year in range(int(first), int(last) + 1))
    places = range(_place(first), _place(last) + 1)
    return tuple(f"{place // _YEAR}-{place % _YEAR + 1:02d}" for place in places)


def _with(question: Question, axis: Axis, values: tuple[str, ...]) -> Question:
    changed: dict[str, Any] = {axis: values}
    return replace(question, **changed)


def _place(month: str) -> int:
    year, number = month.split("-")
    return int(year) * _YEAR + int(number) - 1
