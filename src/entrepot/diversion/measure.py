"""Whether a measure of an intermediary changed the flow to it: the effect, and what it lies in.

A measure is an event like the sanctions, and its error is learned like theirs, where nothing
happened: at other dates and in other partners.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

import numpy as np

from entrepot.codes.packages import packages
from entrepot.diversion.calendar import month_of
from entrepot.diversion.cube import Bools, Ints
from entrepot.diversion.evidence import Bracket, Progress
from entrepot.diversion.measure_inquiry import SHORTEST_BEFORE, MeasureInquiry
from entrepot.diversion.measure_panel import MeasurePanel
from entrepot.diversion.measure_placebo import ALPHA, FEWEST_PLACEBOS, Verdict, judge
from entrepot.diversion.measure_windows import (
    FEWEST_COMPARED,
    Forecaster,
    Span,
    all_forecasts,
    windows,
)
from entrepot.diversion.paths import YEAR
from entrepot.errors import EstimateError

SIMULATED = "simulated"  # the dataset of invented worlds, in which no real event lies
POOLS = ("intermediaries since the sanctions", "intermediaries at any date", "all partners")


@dataclass(frozen=True)
class Rival:
    """Another event that may have moved the flow.

    Args:
        package: Number of the EU's package.
        on: Day its first act was adopted.
    """

    package: int
    on: date


@dataclass(frozen=True)
class Measured:
    """What one bracket says of a measure.

    Args:
        bracket: The path the country is taken to follow.
        effect: Trade after the measure beside what was to be expected.
        excess: Trade in the months before it beside what was to be expected without the
            sanctions; ``None`` where the data begin too late for that.
        outcome: ``reduced``, ``increased``, ``not shown`` or ``unknown``.
    """

    bracket: Bracket
    effect: Verdict
    excess: Verdict | None
    outcome: str

    @property
    def has_expectation(self) -> bool:
        """Whether anything was to be expected after the measure."""
        return bool(np.isfinite(self.effect.expected))

    @property
    def has_excess(self) -> bool:
        """Whether anything was to be expected in the months before it."""
        return self.excess is not None and bool(np.isfinite(self.excess.expected))

    @property
    def share(self) -> float | None:
        """Effect over the excess before, month by month; open where no excess is shown.

        The excess is shown where its interval lies above zero.
        """
        if self.excess is None or not self.excess.ends[0] > 0 or not self.has_expectation:
            return None
        return self._of_excess(self.effect.effect, self.excess)

    @property
    def share_ends(self) -> tuple[float, float] | None:
        """The interval of the effect over the point of the excess: its own error is not in it."""
        if self.excess is None or self.share is None or not np.isfinite(self.effect.low):
            return None
        low, high = (self._of_excess(end, self.excess) for end in self.effect.ends)
        return low, high

    def _of_excess(self, amount: float, excess: Verdict) -> float:
        return (amount / self.effect.month_count) / (excess.effect / excess.month_count)


@dataclass(frozen=True)
class Measurement:
    """The answer to a question about a measure.

    Args:
        panel: The flow.
        inquiry: The question.
        at: Index of the month of the measure.
        span: Months before and after it.
        found: What each bracket says.
        compared: Partners whose common path the country is taken to follow.
        is_carried: Whether the excess lies above the country's own level before the sanctions,
            since no partner without possible diversion shows how trade moved since.
        rivals: Other events inside the windows.
    """

    panel: MeasurePanel
    inquiry: MeasureInquiry
    at: int
    span: Span
    found: tuple[Measured, ...]
    compared: tuple[str, ...]
    is_carried: bool
    rivals: tuple[Rival, ...]


def estimate_measure(
    panel: MeasurePanel, inquiry: MeasureInquiry, on_progress: Progress | None = None
) -> Measurement:
    """Estimate whether a measure changed a flow.

    Args:
        panel: The flow.
        inquiry: The question.
        on_progress: Told how many dates are done.

    Returns:
        The effect, its p-value and interval, by bracket, beside the excess before the measure.

    Raises:
        EstimateError: If too few complete months lie before or after the measure.
    """
    at, span = windows(panel.periods, inquiry)
    mine = np.arange(len(panel.partners)) == panel.asked
    effect = Forecaster(panel, span, panel.is_left_out | mine, inquiry.seed)
    if not effect.is_usable(at):
        raise EstimateError(
            f"less than half of the months before or after {inquiry.on} are complete in "
            f"{panel.periods[0]} to {panel.periods[-1]}. Ingest the missing reporters, or accept "
            f"less than {inquiry.complete:.0%} of trade with --complete."
        )
    earlier = _before(panel, at, span)
    diverting = panel.is_left_out | panel.is_intermediary | mine
    excess = None if earlier is None else Forecaster(panel, earlier, diverting, inquiry.seed)
    step = _counting(len(panel.periods) * (1 if excess is None else 2), on_progress)
    verdicts = _effects(effect, at, inquiry.settled, step)
    sizes = {} if excess is None else _excesses(excess, step)
    group = next(group for group in effect.groups if panel.asked in group)
    donors = effect.donors(group)
    return Measurement(
        panel=panel,
        inquiry=inquiry,
        at=at,
        span=span,
        found=tuple(
            Measured(name, found, sizes.get(name), outcome_of(found))
            for name, found in verdicts.items()
        ),
        compared=tuple(panel.partners[donors & (donors.sum() >= FEWEST_COMPARED)].tolist()),
        is_carried=excess is not None and bool((~diverting).sum() < FEWEST_COMPARED),
        rivals=rivals(panel, inquiry, (at - span.before, at + span.reach - 1)),
    )


def outcome_of(found: Verdict) -> str:
    """Name what a verdict says: a p-value of 0.1 or less shows a change.

    Args:
        found: The verdict on the months after the measure.

    Returns:
        ``unknown`` where nothing was to be expected or so few placebos can never reach 0.1.
    """
    if not np.isfinite(found.expected) or found.count < FEWEST_PLACEBOS:
        return "unknown"
    if found.p_value > ALPHA:
        return "not shown"
    return "reduced" if found.effect < 0 else "increased"


def rivals(
    panel: MeasurePanel, inquiry: MeasureInquiry, ends: tuple[int, int]
) -> tuple[Rival, ...]:
    """Packages of the EU against Russia that were adopted inside the windows.

    Args:
        panel: The flow.
        inquiry: The question; of other destinations and invented worlds no events are known.
        ends: Index of the first and the last month of the windows.

    Returns:
        The packages, each with the day of its first act.
    """
    if inquiry.destination != "RU" or inquiry.dataset == SIMULATED:
        return ()
    days: dict[int, date] = {}
    for act in packages():
        days[act.package] = min(act.adopted, days.get(act.package, act.adopted))
    first, last = (month_of(panel.periods, index) for index in ends)
    inside = {
        package: day
        for package, day in days.items()
        if (first.year, first.month) <= (day.year, day.month) <= (last.year, last.month)
    }
    return tuple(Rival(package, day) for package, day in sorted(inside.items()))


def _before(panel: MeasurePanel, at: int, span: Span) -> Span | None:
    """The comparison that tells the excess in the months before the measure."""
    learned = min(YEAR, panel.event)
    if learned < SHORTEST_BEFORE:
        return None
    return Span(learned, at - span.before - panel.event, span.before)


def _counting(total: int, tell: Progress | None) -> Callable[[], None]:
    """Count dates for whoever looks on."""
    done = count(1)

    def step() -> None:
        if tell is not None:
            tell(next(done), total, "placebo dates")

    return step


def _effects(
    one: Forecaster, at: int, settled: int, step: Callable[[], None]
) -> dict[Bracket, Verdict]:
    """Judge the months after the measure by windows that the measure and the sanctions miss."""
    panel, span = one.panel, one.span
    every = np.arange(len(panel.periods))
    is_early = every + span.reach <= panel.event
    is_late = every - span.before >= panel.event + settled
    found = all_forecasts(one, every[is_early | is_late], step)
    is_missed = (found.dates - span.before >= at + span.gap) | (found.dates + span.reach <= at)
    usable = np.repeat(~panel.is_left_out[None, :], len(found.dates), axis=0)
    usable[:, panel.asked] &= is_missed
    alike = usable & panel.is_intermediary[None, :]
    pools = (alike & (found.dates >= panel.event)[:, None], alike, usable)
    where = (found.index[at], panel.asked)
    lengths = (span.before, span.after)
    return {name: judge(found, name, where, pools, lengths) for name in one.brackets}


def _excesses(one: Forecaster, step: Callable[[], None]) -> dict[Bracket, Verdict]:
    """Judge the months before the measure by windows of the same length that saw no sanctions."""
    panel, span = one.panel, one.span
    if not one.is_usable(panel.event):
        return {}
    every: Ints = np.arange(len(panel.periods))
    used = (every + span.reach <= panel.event) | (every == panel.event)
    found = all_forecasts(one, every[used], step)
    pool: Bools = np.repeat(~panel.is_left_out[None, :], len(found.dates), axis=0)
    pool[found.index[panel.event], one.never] = False
    where, lengths = (found.index[panel.event], panel.asked), (span.before, span.after)
    return {name: judge(found, name, where, (pool,), lengths) for name in one.brackets}
