"""One side of a claimed trade: who would have declared it, about whom, and in which months."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from entrepot.api.checked_goods import Meant
from entrepot.codes.groupings import resolve
from entrepot.errors import EstimateError
from entrepot.press.check_stretch import YEAR, Months, month_number, stretch_between
from entrepot.press.claim_sentences import WORLD, area_name
from entrepot.press.told import Claim
from entrepot.trade.summary import Stretch

UNNAMED = "_X"  # ends the code of a partner that is not named
_WORDS: dict[tuple[str, ...], str] = {
    ("X",): "exports",
    ("M",): "imports",
    ("RX",): "re-exports",
}


@dataclass(frozen=True, slots=True)
class SideAsked:
    """One side of a claimed trade, and what is asked of it.

    Args:
        claim: The claim.
        reporter: Who declares: an area or a grouping.
        partner: About whom; ``W0`` for all.
        flows: Flow letters, added up.
        meant: The goods.
        until: Last month that may count, from the year 0: nothing later was known.
        oldest: Where the claim names no period, the month before which data are too old for it.
        is_dated: Whether the text says when it was written; else it is the day it was read.
        now: Months the claim is about; open where it names none.
        baseline: Months it compares them with; open where it names none.
        is_compared: Whether it compares at all.
    """

    claim: Claim
    reporter: str
    partner: str
    flows: tuple[str, ...]
    meant: Meant
    until: int
    oldest: int
    is_dated: bool
    now: Months | None
    baseline: Months | None
    is_compared: bool

    @property
    def day(self) -> date:
        """Day on which groupings are read."""
        last = self.until if self.now is None or self.now.last is None else self.now.last
        return stretch_between(last, last).first

    @property
    def reporters(self) -> frozenset[str]:
        """Areas that declare."""
        return resolve(self.reporter, self.day)

    @property
    def partners(self) -> frozenset[str]:
        """Areas declared about, a grouping with its members not named; empty for the world."""
        if self.partner == WORLD:
            return frozenset()
        return resolve(self.partner, self.day) | {f"{self.partner}{UNNAMED}"}

    @property
    def words(self) -> str:
        """What is declared and by whom, for a message."""
        what = _WORDS.get(self.flows, "exports and imports")
        return f"{what} declared by {area_name(self.reporter)}"


def days_of(stretch: Stretch, freq: str) -> frozenset[date]:
    """First days of the periods of a stretch.

    Args:
        stretch: The stretch.
        freq: ``M`` or ``A``.
    """
    first, last = month_number(stretch.first), month_number(stretch.last)
    return frozenset(
        date(m // YEAR, m % YEAR + 1, 1)
        for m in range(first, last + 1)
        if freq == "M" or m % YEAR == 0
    )


def stretch_of(asked: SideAsked, held: Collection[date], freq: str) -> tuple[Stretch, str]:
    """Choose months to look at: those the claim names, else the last twelve held before the text.

    Args:
        asked: The side.
        held: Periods that are held.
        freq: ``M`` or ``A``.

    Returns:
        The stretch, and how it was chosen, in words that may be empty.

    Raises:
        EstimateError: If there is none; the message is part of a sentence.
    """
    if asked.now is None:
        return _latest(asked, held, freq)
    first, last = asked.now.first, asked.now.last
    if first is None:
        raise EstimateError("the text leaves open when the period begins.")
    last = asked.until if last is None else last
    if first > last:
        raise EstimateError("the period had not begun when the text was written.")
    is_years = first % YEAR == 0 and last % YEAR == YEAR - 1
    if freq == "A" and not is_years:
        raise EstimateError(f"of {asked.words} only whole years are held.")
    return stretch_between(first, last), ""


def _latest(asked: SideAsked, held: Collection[date], freq: str) -> tuple[Stretch, str]:
    more = YEAR - 1 if freq == "A" else 0
    months = [n for n in (month_number(day) + more for day in held) if n <= asked.until]
    if not months:
        raise EstimateError(f"no {asked.words} are held of the time before the text.")
    last = max(months)
    taken, gap = stretch_between(last - YEAR + 1, last), asked.until - last
    if last < asked.oldest:
        before = "it" if asked.is_dated else "it was read (its day is open)"
        raise EstimateError(
            f"the text names no period, and {asked.words} are held to {taken.last:%Y-%m} only, "
            f"{gap} months before {before}."
        )
    whose = "before the text" if asked.is_dated else "before it was read (its day is open)"
    ends = f", which end {gap} months earlier" if gap > 0 else ""
    return taken, (
        f"the text names no period, so the latest twelve months held {whose} are used{ends}"
    )
