"""What one side declared about a claimed trade, and what its sums can be when all is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from entrepot.press.check_stretch import month_number
from entrepot.trade.partners import rank_bounds
from entrepot.trade.summary import Stretch

Reach = Literal["named", "narrower", "wider", "other"]
INFINITY = float("inf")
PERCENT = 100.0


class Bounds(NamedTuple):
    """Between what a number lies; one number where both are equal.

    Args:
        low: It is no less.
        high: It is no more; infinite where nothing bounds it.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner among the partners of a reporter.

    Args:
        value: Trade with the partner.
        others: Trade with each other partner held.
        unspecified: Trade declared without a partner.
        is_whole: Whether all partners are held.
        area_count: How many partners there can be at most.
    """

    value: float
    others: tuple[float, ...]
    unspecified: float
    is_whole: bool
    area_count: int

    @property
    def rank(self) -> int:
        """Rank among the partners held."""
        return 1 + sum(other > self.value for other in self.others)

    @property
    def partner_count(self) -> int:
        """Partners held, this one among them."""
        return len(self.others) + 1


@dataclass(frozen=True, slots=True)
class Declared:
    """What one side declared.

    Args:
        reporter: Who declares: an area or a grouping.
        partner: About whom; ``W0`` for all.
        flow: ``X``, ``M``, ``RX``, or ``both`` for exports and imports added up.
        valuation: ``FOB``, ``CIF`` or ``FOB + CIF``.
        unit: Currency, or ``kg``.
        freq: ``M`` or ``A``.
        now: The stretch of interest.
        base: The stretch it is compared with; nothing where nothing is.
        amounts: Amount of each period and flow, in the unit; nil where none was declared.
        held: Periods of which the reporter published every flow asked for.
        short: Why sums are too low apart from missing periods, in words; empty where they are not.
        reach: Whether the codes held are those named, only some of them, a wider heading, or
            some and a wider heading.
        goods: The codes in words: ``all goods``, ``HS 2709``.
        standing: The partner among others, where rank or share is asked for.
        notes: How stretches were chosen, in words.
        source: Publishers, datasets and vintages.
        rates: Which rates were used, in a sentence; may be empty.
        converted: What a third party did to the amounts before they were published; empty where
            they are the office's own.
        evidence: Rows relied on.
        caveats: Caveat codes.
    """

    reporter: str
    partner: str
    flow: str
    valuation: str
    unit: str
    freq: str
    now: Stretch
    base: Stretch | None
    amounts: Mapping[tuple[str, date], float]
    held: frozenset[date]
    short: tuple[str, ...]
    reach: Reach
    goods: str
    standing: Standing | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    rates: str = ""
    converted: str = ""
    evidence: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    def asked(self, stretch: Stretch) -> tuple[date, ...]:
        """First days of the periods of a stretch.

        Args:
            stretch: The stretch.
        """
        first, last = month_number(stretch.first), month_number(stretch.last)
        months = (date(m // 12, m % 12 + 1, 1) for m in range(first, last + 1))
        return tuple(day for day in months if self.freq == "M" or day.month == 1)

    def missing(self, stretch: Stretch) -> tuple[date, ...]:
        """Periods of a stretch that are not held.

        Args:
            stretch: The stretch.
        """
        return tuple(day for day in self.asked(stretch) if day not in self.held)

    def sum_of(self, stretch: Stretch, flow: str | None = None) -> float:
        """What is held of a stretch, in the unit.

        Args:
            stretch: The stretch.
            flow: One flow; all where it is not given.
        """
        asked = set(self.asked(stretch))
        return sum(
            value
            for (of, day), value in self.amounts.items()
            if day in asked and flow in (None, of)
        )

    def level(self, stretch: Stretch) -> Bounds:
        """Between what the sum of a stretch lies, in the unit.

        Args:
            stretch: The stretch.
        """
        low, high = self.in_codes(stretch)
        has_others = self.reach in {"wider", "other"}
        lacks_some = self.reach in {"narrower", "other"}
        return Bounds(0.0 if has_others else low, INFINITY if lacks_some else high)

    def in_codes(self, stretch: Stretch) -> Bounds:
        """The same of the codes held, whether or not they are those named.

        Args:
            stretch: The stretch.
        """
        low = self.sum_of(stretch)
        is_open = self.missing(stretch) or self.short
        return Bounds(low, INFINITY if is_open else low)

    def alike(self) -> tuple[float, float, int] | None:
        """Sums over the periods that both stretches hold, counted from their first.

        Returns:
            The sum of interest, that of the base and how many periods both hold; nothing where
            none are.
        """
        if self.base is None:
            return None
        pairs = [
            pair
            for pair in zip(self.asked(self.now), self.asked(self.base), strict=False)
            if all(day in self.held for day in pair)
        ]
        if not pairs:
            return None
        now, base = (
            sum(value for (_, day), value in self.amounts.items() if day in days)
            for days in map(set, zip(*pairs, strict=True))
        )
        return now, base, len(pairs)


def ratio_of(declared: Declared) -> Bounds | None:
    """Between what the ratio of the two stretches lies.

    ``ratio = sum of interest / sum of the base``, in the codes held: above 1 where trade grew. A
    sum of which periods are missing can only be higher than what is held.

    Args:
        declared: What one side declared.

    Returns:
        The bounds; nothing where nothing was declared in a base that is held in full.
    """
    if declared.base is None:
        return None
    now, base = declared.in_codes(declared.now), declared.in_codes(declared.base)
    if base.high == 0:
        return None
    low = 0.0 if base.high == INFINITY else now.low / base.high
    return Bounds(low, INFINITY if base.low == 0 else now.high / base.low)


def share_of(standing: Standing) -> Bounds:
    """Between what the share of a partner in all trade of the reporter lies, in percent.

    Args:
        standing: The partner among others.

    Returns:
        One number where all partners are held; else the share of those held is the most it can be.
    """
    total = standing.value + sum(standing.others) + standing.unspecified
    high = PERCENT * standing.value / total if total else 0.0
    return Bounds(high if standing.is_whole else 0.0, high)


def rank_of(standing: Standing) -> Bounds:
    """Between what the rank of a partner among all partners lies.

    Args:
        standing: The partner among others.

    Example:
        >>> rank_of(Standing(5.0, (9.0, 2.0), 0.0, is_whole=False, area_count=200))
        Bounds(low=2, high=inf)
    """
    if standing.value <= 0:
        return Bounds(standing.rank, INFINITY)
    unseen = standing.area_count - standing.partner_count
    missing = 0.0 if standing.is_whole else None
    found = rank_bounds(standing.value, standing.others, standing.unspecified, missing, unseen)
    return Bounds(found.best, INFINITY if found.worst is None else found.worst)
