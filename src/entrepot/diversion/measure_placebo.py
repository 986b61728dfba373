"""How far forecasts stray where no measure was taken: p-value and interval of an effect.

The same forecast at other dates and for other partners has errors too. An effect is ranked among
them, each divided by how much the partner's trade scattered before the date. Windows that overlap
repeat each other, so the number that counts is that of windows that do not.

Source: Chernozhukov, Wüthrich and Zhu (2021), An exact and robust conformal inference method for
counterfactual and synthetic controls; Abadie, Diamond and Hainmueller (2010) for placebos in space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.intervals import LEVEL
from entrepot.diversion.measure_windows import Forecasts

ALPHA = 1 - LEVEL
FEWEST_PLACEBOS = 9  # independent windows; with fewer no p-value reaches 0.1, no interval is 90 %
PRIOR_MONTHS = 6.0  # months of its own that the pool's scatter weighs as much as


@dataclass(frozen=True)
class Verdict:
    """One window's trade beside what was to be expected, judged by placebo windows.

    Args:
        observed: Declared trade in the window.
        expected: What was to be expected.
        low: Lower end of its 90 % interval; NaN where there are too few placebos.
        high: Upper end.
        p_value: Two-sided p-value.
        p_reduced: One-sided p-value against a fall.
        count: Placebo windows that do not overlap.
        window_count: All placebo windows.
        pool: Index of the pool they were taken from.
        month_count: Months in the window that count.
    """

    observed: float
    expected: float
    low: float
    high: float
    p_value: float
    p_reduced: float
    count: int
    window_count: int
    pool: int
    month_count: int

    @property
    def least_p(self) -> float:
        """Smallest p-value that so many placebos can give."""
        return 1 / (1 + self.count)

    @property
    def effect(self) -> float:
        """Observed minus expected."""
        return self.observed - self.expected

    @property
    def ends(self) -> tuple[float, float]:
        """The 90 % interval of the effect."""
        return self.observed - self.high, self.observed - self.low


def independent_count(is_used: Bools, dates: Ints, length: int) -> int:
    """Count windows that share no month, partner by partner, the earliest first.

    Args:
        is_used: Windows of the pool, shape [D, V].
        dates: Their dates, ascending, shape [D].
        length: Months in a window.

    Example:
        >>> independent_count(np.ones((7, 2), dtype=bool), np.arange(7), 3)
        6
    """
    free_from = np.full(is_used.shape[1], -np.inf)
    count = 0
    for row, date in zip(is_used, dates, strict=True):
        taken = row & (date >= free_from)
        free_from[taken] = date + length
        count += int(taken.sum())
    return count


def rank_p(score: float, placebos: Floats, count: int) -> float:
    """``p = (1 + n share) / (1 + n)``, with the share of placebos that reach the score.

    The mean, over all ways to lay windows that do not overlap, of their rank p-values.

    Args:
        score: Score of the window, larger is stranger.
        placebos: Scores of all placebo windows.
        count: How many of them do not overlap, ``n``.

    Example:
        >>> rank_p(3.0, np.array([1.0, 2.0, 3.0, 4.0]), 2)
        0.6666666666666666
    """
    share = float((placebos >= score).mean()) if len(placebos) else 0.0
    return (1 + count * share) / (1 + count)


def half_width(placebos: Floats, count: int) -> float:
    """The largest score whose :func:`rank_p` lies above 0.1: half of a 90 % interval.

    Args:
        placebos: Absolute scores of all placebo windows.
        count: How many of them do not overlap.

    Returns:
        The score; infinite where so few can never reach 0.1.

    Example:
        >>> half_width(np.arange(1.0, 20.0), 19), half_width(np.arange(1.0, 9.0), 8)
        (18.0, inf)
    """
    if count < FEWEST_PLACEBOS:
        return float("inf")
    rejected = (ALPHA * (count + 1) - 1) / count * len(placebos)
    # The share must lie above the one that makes p equal to 0.1; rounding must not.
    rank = int(np.floor(rejected + 1e-9))
    return float(np.sort(placebos)[::-1][rank])


def judge(
    found: Forecasts,
    bracket: Bracket,
    where: tuple[int, int],
    pools: Sequence[Bools],
    lengths: tuple[int, int],
) -> Verdict:
    """Judge one window by the first pool that can give a 90 % interval, else by the last.

    ``z = log(S / M) / s``; ``s^2`` is the scatter of single months before the date, leaning on the
    pool's with the weight of six months. The memory is the one under which the pool's errors are
    smallest in the median. The interval of what was to be expected is ``M exp(-+ h s)``: an effect
    lies outside of it exactly where its two-sided p-value is 0.1 or less.

    Args:
        found: Forecasts of all dates, the window's among them.
        bracket: The path followed.
        where: Place of its date, and its partner.
        pools: Placebo windows, the most alike first, shape [D, V] each.
        lengths: Months before the date, and months in a window.

    Returns:
        The verdict; all numbers are NaN where nothing could be expected.
    """
    expected, before = found.expected[bracket], lengths[0]
    # A partner that trades now and then has windows without trade, and no error to learn from.
    is_as_steady = found.traded >= found.traded[where]
    known = np.isfinite(expected).all(axis=2) & is_as_steady
    counts = [independent_count(pool & known, found.dates, lengths[1]) for pool in pools]
    enough = [place for place, count in enumerate(counts) if count >= FEWEST_PLACEBOS]
    chosen = enough[0] if enough else len(pools) - 1
    used, count = pools[chosen] & known, counts[chosen]
    with np.errstate(divide="ignore"):
        errors = np.log(found.observed[:, :, None] / expected)
    memory = int(np.median(np.abs(errors[used]), axis=0).argmin()) if used.any() else 0
    own = found.scatter[bracket][:, :, memory]
    shared = float(np.median(own[used])) if used.any() else 0.0
    scale = np.sqrt((PRIOR_MONTHS * shared + before * own) / (PRIOR_MONTHS + before))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = errors[:, :, memory] / scale
    mean, spread = float(expected[where][memory]), half_width(np.abs(z[used]), count)
    # An interval of a thousandfold either way says nothing.
    is_open = not spread * scale[where] <= np.log(1000.0)
    reach = np.nan if is_open else spread * float(scale[where])
    return Verdict(
        observed=float(found.observed[where]),
        expected=mean,
        low=mean * float(np.exp(-reach)),
        high=mean * float(np.exp(reach)),
        p_value=rank_p(float(np.abs(z[where])), np.abs(z[used]), count),
        p_reduced=rank_p(float(-z[where]), -z[used], count),
        count=count,
        window_count=int(used.sum()),
        pool=chosen,
        month_count=int(found.month_count[where[0]]),
    )
