"""What each metric is called, which belong together, and what they average to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from entrepot.bench.trial import Trial


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Args:
        name: Its name in results.
        header: Its name in tables, two short lines.
        meaning: What it is, one sentence.
        digits: Digits after the point.
    """

    name: str
    header: str
    meaning: str
    digits: int = 2


# In the order people ask: is it found, are flags true, are amounts and intervals right, what cost.
GROUPS: tuple[tuple[str, tuple[Metric, ...]], ...] = (
    (
        "Ranking",
        (
            Metric(
                "average_precision",
                "average\nprecision",
                "Area under the precision-recall curve: cells with EUR 25,000 or more against "
                "cells with nothing.",
            ),
            Metric(
                "value_captured",
                "value\ncaptured",
                "Share of planted value in as many first cells as are diverted.",
            ),
        ),
    ),
    (
        "Flags at a nominal 10 %",
        (
            Metric(
                "false_discovery_proportion",
                "false\ndiscoveries",
                "Share of flagged cells in which nothing was planted: 0.10 at most is promised.",
            ),
            Metric("power", "\npower", "Share of diverted cells that are flagged."),
            Metric("power_by_value", "power\nby value", "Share of planted value in flagged cells."),
            Metric(
                "null_share_below",
                "null\np < .05",
                "Share of cells with nothing planted whose p-value is below .05: 0.05 is right.",
            ),
        ),
    ),
    (
        "Amounts",
        (
            Metric(
                "wmape", "error over\nplanted", "Sum of absolute errors over all planted value."
            ),
            Metric("total_ratio", "found over\nplanted", "Sum of estimates over planted value."),
            Metric(
                "country_error",
                "countries'\nerror",
                "Sum of absolute errors of country totals over planted value.",
            ),
            Metric(
                "intermediated_error",
                "went on,\nerror",
                "Error over planted, of what arrived and went on.",
            ),
            Metric("ghost_error", "ghost,\nerror", "Error over planted, of what never arrived."),
        ),
    ),
    (
        "90 % intervals",
        (
            Metric(
                "coverage_diverted",
                "coverage\ndiverted",
                "Share of diverted cells whose interval holds the truth: 0.90 is right.",
            ),
            Metric("coverage_null", "coverage\nnull", "The same of cells with nothing planted."),
            Metric("coverage_flagged", "coverage\nflagged", "The same of flagged cells."),
            Metric("coverage_countries", "coverage\ncountries", "The same of country totals."),
            Metric(
                "interval_score",
                "interval\nscore",
                "Width and misses over mean planted value (Gneiting and Raftery 2007): less is "
                "better.",
                1,
            ),
        ),
    ),
    (
        "Cost",
        (
            Metric("seconds", "\nseconds", "Seconds a world.", 1),
            Metric("memory_mb", "\nMB", "Peak memory beyond what was held before.", 0),
        ),
    ),
)
METRICS = tuple(metric for _, metrics in GROUPS for metric in metrics)


@dataclass(frozen=True, slots=True)
class Average:
    """A metric over several worlds.

    Args:
        mean: Mean over the worlds in which it applies.
        sd: Standard deviation over them; ``None`` for one world.
        count: How many they are.
    """

    mean: float
    sd: float | None
    count: int


def average(trials: Iterable[Trial], metric: str) -> Average | None:
    """Average a metric over worlds.

    Args:
        trials: Trials of one method.
        metric: Name of the metric.

    Returns:
        Mean and spread; ``None`` where it applies to no world.
    """
    told = [value for trial in trials if (value := trial.metrics()[metric]) is not None]
    if not told:
        return None
    spread = float(np.std(told, ddof=1)) if len(told) > 1 else None
    return Average(float(np.mean(told)), spread, len(told))


def by_method(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    """Sort trials by method.

    Args:
        trials: Trials.

    Returns:
        Trials of each method, in the order methods first come.
    """
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        found.setdefault(trial.method, []).append(trial)
    return found


def by_world(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    """Sort trials by kind of world.

    Args:
        trials: Trials.

    Returns:
        Trials of each kind, in the order kinds first come.
    """
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        found.setdefault(trial.world, []).append(trial)
    return found


def told(trials: Sequence[Trial]) -> tuple[tuple[str, tuple[Metric, ...]], ...]:
    """The groups of metrics that apply to at least one trial.

    Args:
        trials: Trials.

    Returns:
        Groups with at least one such metric, only those metrics in them.
    """
    rows = [trial.metrics() for trial in trials]
    kept = (
        (group, tuple(m for m in metrics if any(row[m.name] is not None for row in rows)))
        for group, metrics in GROUPS
    )
    return tuple((group, metrics) for group, metrics in kept if metrics)
