"""Which months of a question a reporter published, and whether two stretches are alike in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from entrepot.codes.groupings import resolve
from entrepot.trade.summary import Stretch

if TYPE_CHECKING:
    from entrepot.api.partner_records import PartnerQuestion

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthsHeld:
    """What is held of one flow in one stretch.

    Args:
        flow: Flow letter.
        stretch: The stretch.
        asked: First days of its periods.
        missing: Those of which no reporter declared anything.
        silent: Reporters and periods without a row, where another reporter has one.
        absent: Reporters asked for of whom nothing is held in either stretch.
    """

    flow: str
    stretch: Stretch
    asked: tuple[date, ...]
    missing: tuple[date, ...]
    silent: tuple[tuple[str, date], ...]
    absent: tuple[str, ...] = ()

    @property
    def held_count(self) -> int:
        """Periods that hold any row."""
        return len(self.asked) - len(self.missing)


def months_held(declared: nw.LazyFrame[Any], question: PartnerQuestion) -> tuple[MonthsHeld, ...]:
    """Say which periods were declared, at the level asked for, whatever the partners.

    Where goods are asked for, a period counts only in sources that can say something of them
    (:func:`entrepot.api.goods_held.can_tell`): one in which a reporter published other goods is
    not held.

    Args:
        declared: Rows of ``flows`` of the reporters, level and frequency asked for, of the sources
            that can say something of the goods.
        question: The question.

    Returns:
        One record for each flow and stretch, the stretch of interest first.
    """
    found = (
        declared.filter(question.now.inside() | question.base.inside())
        .group_by("reporter", "flow", "period")
        .agg(nw.len())
        .collect("pyarrow")
        .to_native()
        .to_pylist()
    )
    held = {(row["flow"], row["reporter"], row["period"]) for row in found}
    reporters = set(resolve(question.reporters, question.now.last))
    absent = tuple(sorted(reporters - {row["reporter"] for row in found}))
    return tuple(
        _held(held, reporters - set(absent), (flow, stretch, question.freq), absent)
        for stretch in (question.now, question.base)
        for flow in question.flow_codes
    )


def _held(
    held: set[tuple[str, str, date]],
    reporters: set[str],
    asked_for: tuple[str, Stretch, str],
    absent: tuple[str, ...],
) -> MonthsHeld:
    flow, stretch, freq = asked_for
    asked = periods(stretch, freq)
    counts = {day: sum((flow, name, day) in held for name in reporters) for day in asked}
    return MonthsHeld(
        flow=flow,
        stretch=stretch,
        asked=asked,
        missing=tuple(day for day, count in counts.items() if count == 0),
        silent=tuple(
            (name, day)
            for day, count in counts.items()
            for name in sorted(reporters)
            if count and (flow, name, day) not in held
        ),
        absent=absent,
    )


def periods(stretch: Stretch, freq: str) -> tuple[date, ...]:
    """First days of the months, or years, of a stretch.

    Args:
        stretch: Months from first to last.
        freq: ``M`` or ``A``.

    Example:
        >>> [day.month for day in periods(Stretch(date(2021, 12, 1), date(2022, 2, 1)), "M")]
        [12, 1, 2]
    """
    first, last = (day.year * MONTHS + day.month - 1 for day in (stretch.first, stretch.last))
    months = tuple(date(m // MONTHS, m % MONTHS + 1, 1) for m in range(first, last + 1))
    return months if freq == "M" else tuple(day for day in months if day.month == 1)


def is_like_with_like(months: tuple[MonthsHeld, ...]) -> bool:
    """Whether both stretches hold the same months, counted from their first: else no change is.

    Args:
        months: What is held of each flow and stretch.
    """
    gaps: dict[str, set[tuple[int, ...]]] = {}
    for held in months:
        places = tuple(place for place, day in enumerate(held.asked) if day in held.missing)
        gaps.setdefault(held.flow, set()).add(places)
    return all(len(found) == 1 for found in gaps.values())
