"""What each partner's trade after a date was to be, judged by the months before it and by others.

The counterfactual is that of a run, ``E[U] = a[h,v] g[h,t] d[v,t]`` by heading, fitted to all
partners whose window may be looked at. On top of it comes a level that remembers late months better
than early ones, since trade in goods that are passed on rises and falls by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.counterfactual import Factors, fit, margins, mask, ratio
from entrepot.diversion.cube import Bools, Cube, Floats, Ints, from_dense
from entrepot.diversion.evidence import PARTNER_GROUPS, Bracket
from entrepot.diversion.measure_inquiry import SHORTEST_AFTER, SHORTEST_BEFORE, MeasureInquiry
from entrepot.diversion.measure_panel import MeasurePanel, month_index
from entrepot.diversion.memory import DECAYS
from entrepot.errors import EstimateError

FEWEST_COMPARED = 2  # partners whose median path is followed; with fewer the level is carried on
TOLERANCE = 1e-4  # of the fit; a tenth of a thousandth is nothing beside a forecast error


@dataclass(frozen=True, slots=True)
class Span:
    """Lengths of a comparison, in months.

    Args:
        before: Months learned from.
        gap: Months left out.
        after: Months foretold.
    """

    before: int
    gap: int
    after: int

    @property
    def reach(self) -> int:
        """Months from the date to the end of the window."""
        return self.gap + self.after


def windows(periods: NDArray[np.datetime64], inquiry: MeasureInquiry) -> tuple[int, Span]:
    """Lay the months before and after a measure.

    Args:
        periods: Months of the data, consecutive.
        inquiry: The question.

    Returns:
        Index of the month of the measure, and the lengths: shorter than asked for where the
        sanctions had settled later or the data end sooner.

    Raises:
        EstimateError: If too few months lie before or after the measure.
    """
    at = month_index(periods, inquiry.on)
    settled = max(month_index(periods, inquiry.since) + inquiry.settled, 0)
    span = Span(
        before=min(inquiry.before, at - settled),
        gap=inquiry.gap,
        after=min(inquiry.after, len(periods) - at - inquiry.gap),
    )
    if span.after < SHORTEST_AFTER:
        raise EstimateError(
            f"the data end in {periods[-1]}: {max(span.after, 0)} months lie after the measure of "
            f"{inquiry.on}, expected at least {SHORTEST_AFTER}. Ingest later months, or ask about "
            "all goods with --level TOTAL where the lake holds totals that reach further."
        )
    if span.before < SHORTEST_BEFORE:
        raise EstimateError(
            f"{max(span.before, 0)} months lie between the measure of {inquiry.on} and the time "
            f"trade had settled after the sanctions ({inquiry.settled} months from "
            f"{inquiry.since:%Y-%m}) or the data began ({periods[0]}), expected at least "
            f"{SHORTEST_BEFORE}. Ingest earlier months, or choose a smaller --settled."
        )
    return at, span


@dataclass(frozen=True)
class Forecasts:
    """What every partner traded after some dates, and what was to be expected.

    Args:
        dates: Index of the month of each date, ascending, shape [D].
        observed: Declared trade in the months after, shape [D, V].
        expected: What was to be expected by bracket and memory, shape [D, V, J]; NaN where a
            partner had no trade to learn from.
        scatter: Mean squared relative error of single months before the date, shape [D, V, J].
        traded: Share of the months before the date that hold any trade, shape [D, V].
        month_count: Complete months in each window, shape [D].
    """

    dates: Ints
    observed: Floats
    expected: dict[Bracket, Floats]
    scatter: dict[Bracket, Floats]
    traded: Floats
    month_count: Ints

    @cached_property
    def index(self) -> dict[int, int]:
        """Place of each date."""
        return {int(date): place for place, date in enumerate(self.dates)}


@dataclass(frozen=True)
class Forecaster:
    """How windows of one panel and one length are foretold.

    Args:
        panel: The flow.
        span: Lengths of the comparison.
        never: Partners whose window tells nothing of the others', shape [V].
        seed: Seed of the groups in which partners are left out.
    """

    panel: MeasurePanel
    span: Span
    never: Bools
    seed: int

    @cached_property
    def groups(self) -> list[Ints]:
        """Partners that are left out together, each alone where they are few."""
        count = len(self.panel.partners)
        order = np.random.default_rng(self.seed).permutation(count)
        return np.array_split(order, min(PARTNER_GROUPS, count))

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """The paths that a partner may be taken to follow."""
        return ("common", "partner") if self.panel.has_own_path else ("common",)

    def donors(self, group: Ints) -> Bools:
        """Partners whose window tells what that of a group was to be, shape [V].

        Args:
            group: Partners left out.
        """
        out = ~self.never
        out[group] = False
        return out

    def months(self, at: int) -> tuple[Ints, int]:
        """Complete months of the comparison at a date.

        Args:
            at: Index of the month of the date.

        Returns:
            Their indices, and how many of them lie before the date.
        """
        lasting = np.arange(at - self.span.before, at + self.span.reach)
        used = (lasting < at) | (lasting >= at + self.span.gap)
        kept = lasting[used & self.panel.is_complete[lasting]]
        return kept, int((kept < at).sum())

    def is_usable(self, at: int) -> bool:
        """Whether the windows at a date lie in the data and at least half of them is complete.

        Args:
            at: Index of the month of the date.
        """
        if at < self.span.before or at + self.span.reach > len(self.panel.periods):
            return False
        kept, before = self.months(at)
        after = len(kept) - before
        return 2 * before >= self.span.before and 2 * after >= self.span.after

    def at(self, at: int) -> Forecasts:
        """Foretell every partner's window at one date.

        ``expected = level sum_after path``, ``level = sum decay U / sum decay path`` over the
        months before. Stops being true where a partner is on its way to another level: the errors
        of the same forecast at other dates tell how far that leads astray.

        Args:
            at: Index of the month of the date; it must be usable.

        Returns:
            Forecasts of one date.
        """
        kept, before = self.months(at)
        panel = self.panel
        cube = from_dense(
            panel.values[:, :, kept], panel.names, panel.partners, panel.periods[kept]
        )
        flow = panel.values[panel.is_asked][:, :, kept].sum(axis=0)
        weight = np.array(DECAYS)[:, None] ** (at - 1.0 - kept[:before])
        shape = (len(flow), len(DECAYS))
        expected, scatter = ({b: np.full(shape, np.nan) for b in self.brackets} for _ in range(2))
        first = self._fitted(cube, before, self.never, None)
        for group in self.groups:
            for bracket, path in self._paths(cube, before, group, first).items():
                told = _carried(flow[group, :before], path, weight)
                expected[bracket][group], scatter[bracket][group] = told
        return Forecasts(
            dates=np.array([at]),
            observed=flow[None, :, before:].sum(axis=2),
            expected={bracket: told[None] for bracket, told in expected.items()},
            scatter={bracket: told[None] for bracket, told in scatter.items()},
            traded=(flow[None, :, :before] > 0).mean(axis=2),
            month_count=np.array([len(kept) - before]),
        )

    def _fitted(self, cube: Cube, before: int, unseen: Bools, first: Factors | None) -> Factors:
        """The model without the windows of some partners."""
        held = self.panel.is_asked[:, None] & unseen[None, :]
        seen = mask(cube, held, np.full(len(held), before))
        return fit(margins(cube, seen), seen, first, tolerance=TOLERANCE)[0]

    def _paths(self, cube: Cube, before: int, group: Ints, first: Factors) -> dict[Bracket, Floats]:
        """Paths of a group's flow by bracket, up to its level, shape [group, months]."""
        panel, donors = self.panel, self.donors(group)
        told = donors & (first.d[:, :before] > 0).any(axis=1)
        if told.sum() < FEWEST_COMPARED:
            return {"common": np.ones((len(group), cube.shape[2]))}
        fitted = self._fitted(cube, before, ~donors, first)
        goods = fitted.a[panel.is_asked].T @ fitted.g[panel.is_asked]
        usual = fitted.d[told, :before].mean(axis=1, keepdims=True)
        moves = np.median(fitted.d[told] / usual, axis=0)
        paths: dict[Bracket, Floats] = {"common": goods[group] * moves}
        if panel.has_own_path:
            paths["partner"] = (goods * fitted.d)[group]
        return paths


def _carried(flow: Floats, path: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Expected sums of the window, and the scatter before it, for every memory."""
    before = flow.shape[1]
    seen = flow @ weight.T
    level = ratio(seen, path[:, :before] @ weight.T)
    expected = level * path[:, before:].sum(axis=1, keepdims=True)
    usual = level[:, None, :] * path[:, :before, None]
    error = ratio(flow[:, :, None] - usual, usual) ** 2
    scatter = error.mean(axis=1)
    is_known = expected > 0
    return np.where(is_known, expected, np.nan), np.where(is_known, scatter, np.nan)


def all_forecasts(one: Forecaster, dates: Ints, on_step: Callable[[], None]) -> Forecasts:
    """Foretell every partner's window at many dates.

    Args:
        one: How windows are foretold.
        dates: Index of the month of each date, ascending; unusable ones are passed over.
        on_step: Told after each date.

    Returns:
        Forecasts of all usable dates.
    """
    parts = []
    for date in dates:
        if one.is_usable(int(date)):
            parts.append(one.at(int(date)))
        on_step()
    return Forecasts(
        dates=np.concatenate([part.dates for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
        expected={b: np.concatenate([part.expected[b] for part in parts]) for b in one.brackets},
        scatter={b: np.concatenate([part.scatter[b] for part in parts]) for b in one.brackets},
        traded=np.concatenate([part.traded for part in parts]),
        month_count=np.concatenate([part.month_count for part in parts]),
    )
