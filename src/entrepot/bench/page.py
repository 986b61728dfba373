"""The benchmark as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from entrepot.bench.chart_specs import draw
from entrepot.bench.charts import Chart, charts
from entrepot.bench.metrics import METRICS, Average, Metric, average, by_method, by_world, told
from entrepot.bench.own import OWN_METHODS
from entrepot.bench.trial import Trial
from entrepot.dossier.figure import DataTable

BY_WORLD = ("average_precision", "false_discovery_proportion", "power", "wmape")
REAL = "real-"


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the table in words: the mean, and its spread over worlds."""

    mean: str
    sd: str


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method of the table."""

    name: str
    is_own: bool
    groups: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class BenchPage:
    """Everything the page shows.

    Args:
        title: Heading.
        worlds: On what the methods were let loose, one sentence.
        is_simulated: Whether any world is a simulated one.
        version: Version of the code.
        groups: Groups of metrics with the metrics in them.
        rows: One row a method.
        by_world: Tables of one metric each, methods by kinds of worlds.
        charts: Charts.
        legend: Metrics and what they mean.
    """

    title: str
    worlds: str
    is_simulated: bool
    version: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    rows: tuple[MethodRow, ...]
    by_world: tuple[DataTable, ...]
    charts: tuple[Chart, ...]
    legend: tuple[tuple[str, str], ...]


def gather_bench(trials: Sequence[Trial], version: str) -> BenchPage:
    """Gather what the page shows.

    Args:
        trials: Trials, at least one.
        version: Version of the code.

    Returns:
        The page's contents.
    """
    groups = told(trials)
    worlds = _worlds(trials)
    shown = {metric.name for _, metrics in groups for metric in metrics}
    return BenchPage(
        title="Who finds diverted trade where the truth is known",
        worlds=worlds,
        is_simulated=any(not trial.world.startswith(REAL) for trial in trials),
        version=version,
        groups=tuple((name, tuple(_plain(m.header) for m in metrics)) for name, metrics in groups),
        rows=tuple(
            MethodRow(
                name=name,
                is_own=name in OWN_METHODS,
                groups=tuple(tuple(_value(own, m) for m in metrics) for _, metrics in groups),
            )
            for name, own in by_method(trials).items()
        ),
        by_world=tuple(_by_world(trials, m) for m in METRICS if m.name in BY_WORLD),
        charts=charts(trials, worlds.rstrip(".")),
        legend=tuple((_plain(m.header), m.meaning) for m in METRICS if m.name in shown),
    )


def render_bench(page: BenchPage) -> str:
    """Arrange the page.

    Args:
        page: Its contents.

    Returns:
        HTML with its style and its charts inside; nothing is fetched to show it.
    """
    # Safe: the converter escapes what it draws, and so is what is added to it.
    drawn = {
        chart.figure.key: tuple(
            Markup(draw(panel, chart.figure, number)) for number, panel in enumerate(chart.panels)
        )
        for chart in page.charts
    }
    return _templates().get_template("bench/bench.html").render(p=page, drawn=drawn)


def _worlds(trials: Sequence[Trial]) -> str:
    kinds = by_world(trials)
    seeds = sorted({trial.seed for trial in trials})
    names = ", ".join(kinds)
    count = len({(trial.world, trial.seed) for trial in trials})
    return (
        f"{count} world{'s' if count > 1 else ''}: {names}; "
        f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}."
    )


def _plain(header: str) -> str:
    words = header.replace("\n", " ").strip()
    return words[:1].upper() + words[1:]


def _value(trials: Sequence[Trial], metric: Metric) -> Value:
    found = average(trials, metric.name)
    if found is None:
        return Value("–", "")
    sd = "" if found.sd is None else f"{found.sd:.{metric.digits}f}"
    return Value(f"{found.mean:.{metric.digits}f}", sd)


def _by_world(trials: Sequence[Trial], metric: Metric) -> DataTable:
    kinds = [by_method(own) for own in by_world(trials).values()]
    rows = tuple(
        (name, *(_short(average(kind.get(name, ()), metric.name)) for kind in kinds))
        for name in by_method(trials)
    )
    caption = f"{_plain(metric.header)}, mean over seeds. {metric.meaning}"
    return DataTable(caption, ("Method", *by_world(trials)), rows)


def _short(found: Average | None) -> str:
    return "–" if found is None else f"{found.mean:.2f}"


@cache
def _templates() -> Environment:
    # The style and the plain tables are the dossier's.
    rooms = {
        "bench": PackageLoader("entrepot.bench"),
        "dossier": PackageLoader("entrepot.dossier"),
    }
    return Environment(
        loader=PrefixLoader(rooms),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
