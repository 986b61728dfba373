"""The benchmark's charts: precision along recall, calibration, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from entrepot.bench.metrics import average, by_method
from entrepot.bench.own import OWN_METHODS
from entrepot.bench.trial import Trial
from entrepot.dossier.figure import DataTable, Figure
from entrepot.simulate.curves import EDGES, RECALLS

LINES = 5  # lines in one panel beside the best of ours; more cannot be told apart
COVERAGES = {
    "coverage_diverted": "diverted cells",
    "coverage_null": "cells with nothing",
    "coverage_flagged": "flagged cells",
    "coverage_countries": "country totals",
}
NOMINAL = 0.9


@dataclass(frozen=True, slots=True)
class Point:
    """One point of one method."""

    method: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CurvePanel:
    """Lines of several methods over the unit square; the first one leads.

    ``is_calibration`` draws the diagonal on which predicted and actual agree.
    """

    title: str
    x_title: str
    y_title: str
    points: tuple[Point, ...]
    is_calibration: bool


@dataclass(frozen=True, slots=True)
class CoveragePanel:
    """Coverage of each method's intervals, one row a method; ``kind`` in words."""

    title: str
    rows: tuple[tuple[str, str, float], ...]


BenchPanel = CurvePanel | CoveragePanel


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart's words and table, and its panels."""

    figure: Figure
    panels: tuple[BenchPanel, ...]


def charts(trials: Sequence[Trial], source: str) -> tuple[Chart, ...]:
    """Draw up the charts that the trials can fill.

    Args:
        trials: Trials of the benchmark.
        source: What the worlds are, for the subtitle.

    Returns:
        Charts with their panels.
    """
    methods = by_method(trials)
    made = (_precision(methods, source), _calibration(methods, source), _coverage(methods, source))
    return tuple(chart for chart in made if chart is not None)


def _precision(methods: Mapping[str, Sequence[Trial]], source: str) -> Chart | None:
    lines = {name: line for name, own in methods.items() if (line := _mean_precision(own))}
    if not lines:
        return None
    order = [name for name in _best_first(methods) if name in lines]
    ours = [name for name in order if name in OWN_METHODS]
    others = [name for name in order if name not in OWN_METHODS]
    lead = ours[:1]
    groups = [ours] if len(ours) > 1 else []
    groups += [lead + others[at : at + LINES] for at in range(0, len(others), LINES)]
    panels = [
        CurvePanel(
            title=_title(group, ours),
            x_title="Recall: share of diverted cells found",
            y_title="Precision",
            points=tuple(
                Point(name, x, y)
                for name in group
                for x, y in zip(RECALLS.tolist(), lines[name], strict=True)
            ),
            is_calibration=False,
        )
        for group in groups or [ours]
    ]
    rows = tuple((name, *(f"{y:.2f}" for y in lines[name][1::2])) for name in order)
    header = ("Method", *(f"{x:.1f}" for x in RECALLS[1::2]))
    figure = Figure(
        key="precision",
        title="How many of the first cells are right",
        subtitle=f"Precision where recall first reaches each level. {source}.",
        description=f"Best by average precision: {order[0]}. Further to the upper right is better.",
        mark="",
        panels=(),
        table=DataTable("Mean precision at each recall.", header, rows),
    )
    return Chart(figure, tuple(panels))


def _title(group: Sequence[str], ours: Sequence[str]) -> str:
    if len(ours) > 1 and list(group) == list(ours):
        return "Entrepôt's methods"
    return f"Others beside {group[0]}" if ours else "Methods"


def _best_first(methods: Mapping[str, Sequence[Trial]]) -> list[str]:
    def height(name: str) -> float:
        found = average(methods[name], "average_precision")
        return -np.inf if found is None else found.mean

    return sorted(methods, key=height, reverse=True)


def _mean_precision(trials: Sequence[Trial]) -> list[float]:
    drawn = [t.curves.precision for t in trials if t.curves is not None]
    known = [line for line in drawn if line is not None]
    return np.mean(known, axis=0).tolist() if known else []


def _calibration(methods: Mapping[str, Sequence[Trial]], source: str) -> Chart | None:
    bins = {name: found for name, own in methods.items() if (found := _pooled(own))}
    if not bins:
        return None
    names = [name for name in _best_first(methods) if name in bins]
    points = tuple(Point(name, x, y) for name in names for _, _, x, y in bins[name])
    rows = tuple(
        (f"{name}, {low}", count, f"{x:.3f}", f"{y:.3f}")
        for name in names
        for low, count, x, y in bins[name]
    )
    figure = Figure(
        key="calibration",
        title="Whether probabilities can be believed",
        subtitle=f"All cells by predicted probability that something was planted. {source}.",
        description="On the diagonal, as many cells hold diversion as was predicted.",
        mark="",
        panels=(),
        table=DataTable(
            "Bins of probability.", ("Method, bin", "Cells", "Mean predicted", "Actual"), rows
        ),
    )
    panel = CurvePanel(
        "Predicted and actual", "Mean predicted probability", "Actual share", points, True
    )
    return Chart(figure, (panel,))


def _pooled(trials: Sequence[Trial]) -> list[tuple[str, str, float, float]]:
    """Edges, count, mean predicted and actual share of each bin that holds cells."""
    found = [t.curves.calibration for t in trials if t.curves is not None]
    known = [one for one in found if one is not None]
    if not known:
        return []
    count, predicted, actual = (
        np.sum([getattr(one, part) for one in known], axis=0)
        for part in ("count", "predicted", "actual")
    )
    labels = [f"{a:g} to {b:g}" for a, b in pairwise(EDGES.tolist())]
    return [
        (labels[i], f"{count[i]:,.0f}", float(predicted[i] / count[i]), float(actual[i] / count[i]))
        for i in np.flatnonzero(count)
    ]


def _coverage(methods: Mapping[str, Sequence[Trial]], source: str) -> Chart | None:
    rows = [
        (name, words, found.mean)
        for name in _best_first(methods)
        for metric, words in COVERAGES.items()
        if (found := average(methods[name], metric)) is not None
    ]
    if not rows:
        return None
    names = list(dict.fromkeys(name for name, _, _ in rows))
    told = {(name, words): f"{value:.2f}" for name, words, value in rows}
    table = tuple((n, *(told.get((n, w), "–") for w in COVERAGES.values())) for n in names)
    figure = Figure(
        key="coverage",
        title="Whether intervals hold what they promise",
        subtitle=f"Share of 90 % intervals that hold the truth. {source}.",
        description="At the line, intervals cover as often as they say; left of it, less often.",
        mark="",
        panels=(),
        table=DataTable("Mean coverage.", ("Method", *COVERAGES.values()), table),
    )
    return Chart(figure, (CoveragePanel("Nominal 0.90 and actual coverage", tuple(rows)),))
