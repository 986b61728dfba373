"""Charts of the second legs: what arrived, what was sold on, and by which way goods went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from entrepot.dossier import wording
from entrepot.dossier.figure import DataTable, Figure, Whisker, WhiskerPanel
from entrepot.dossier.leg_sentences import READ, LegSum, leg_sum
from entrepot.dossier.month_figures import bracket_panels
from entrepot.dossier.month_panels import (
    BEHIND,
    month_table,
    path_panel,
    scale_of,
    subtitle,
    top_of,
)
from entrepot.dossier.ranges import up_to
from entrepot.dossier.records import Conclusion, Estimate, Total
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene

GOODS = "listed goods for which this leg tells something"
WAYS = ("Diverted", "Arrived, went on", "Never arrived")


def arrival_figure(rows: Sequence[Row], scene: Scene) -> Figure | None:
    """What the country recorded as arrived, against what it usually records of so much declared.

    Args:
        rows: Rows of ``series``, leg ``arrival``, all listed goods.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the country has no such leg.
    """
    found = _window_sum(rows, scene)
    if found is None:
        return None
    scale = scale_of(rows)
    fact = (
        f"{_months(rows, scene)}: {wording.amount(found.observed, found.unit)} recorded as "
        "arrived, "
        f"{wording.amount(found.expected, found.unit)} would be usual"
    )
    how = f"imports {READ[scene.arrival]}" if scene.arrival in READ else "imports"
    what = f"{scene.country}'s {how}, {GOODS}"
    return Figure(
        key="arrival",
        title=fact,
        subtitle=subtitle(scale, found.unit, scene, f"{what}; band: 90 % interval"),
        description=f"Line chart of {what} by month: recorded, against the usual share of what "
        f"{scene.coalition} declared. {fact}. A gap in the lines is a month that "
        f"{scene.country} did not publish. {BEHIND}",
        mark=scene.mark,
        panels=(path_panel(rows, f"Arrived in {scene.country}", scene, scale, top_of(rows)),),
        table=month_table(rows, f"{what}, by month", scale),
    )


def downstream_figure(rows: Sequence[Row], scene: Scene) -> Figure | None:
    """What was sold on to the destination, against what was expected: a panel for each bracket.

    Args:
        rows: Rows of ``series``, leg ``downstream``, all listed goods.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the country has no such leg.
    """
    by_bracket = {
        name: found
        for name in BRACKET_NAMES
        if (found := _window_sum([r for r in rows if r["bracket"] == name], scene))
    }
    if not by_bracket:
        return None
    first, scale = next(iter(by_bracket.values())), scale_of(rows)
    expected = wording.listing(
        (
            f"{wording.amount(found.expected, found.unit)} ({BRACKET_NAMES[name].lower()})"
            for name, found in by_bracket.items()
        ),
        "or",
    )
    fact = (
        f"{_months(rows, scene)}: {wording.amount(first.observed, first.unit)} sold on to "
        f"{scene.destination}, {expected} expected"
    )
    by_whom = scene.destination if scene.downstream == "importer" else scene.country
    what = f"{scene.country}'s sales to {scene.destination} as {by_whom} declared them, {GOODS}"
    return Figure(
        key="downstream",
        title=fact,
        subtitle=subtitle(scale, first.unit, scene, f"{what}; band: 90 % interval"),
        description=f"Line chart of {what} by month, declared against expected, one panel a "
        f"bracket. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=bracket_panels(rows, scene),
        table=month_table(rows, f"{what}, by month", scale),
    )


def split_figure(totals: Sequence[Total], scene: Scene) -> Figure | None:
    """What was diverted, and by which way: an interval for each bracket.

    Args:
        totals: The country's totals.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the legs cannot tell the ways apart.
    """
    told = [total.conclusion for total in totals if total.conclusion.ghost.low is not None]
    if not told:
        return None
    scale = wording.scale(part.high for row in told for _, part in _ways(row))
    fact = _fact(told[0], scene)
    unit = f"{scale.unit(scene.unit)}, {wording.valuation(scene.unit)}"
    parts = (scene.mark, unit, "whiskers: 90 % intervals, dots: medians", scene.source)
    return Figure(
        key="split",
        title=fact,
        subtitle=" · ".join(filter(None, parts)),
        description=f"Dot and whisker chart of what was diverted of {scene.trade}, of what arrived "
        f"and went on, and of what never arrived, one whisker a bracket. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=(
            WhiskerPanel(
                title="What went on, and by which way",
                unit=scale.unit(scene.unit),
                axis="",
                amount="Over the window",
                whiskers=tuple(
                    Whisker(way, row.name, *(value / scale.factor for value in _numbers(part)))
                    for row in told
                    for way, part in _ways(row)
                ),
            ),
        ),
        table=_split_table(told, scene),
    )


def _fact(found: Conclusion, scene: Scene) -> str:
    diverted, arrived, ghost = (up_to(part.low, part.high, scene.unit) for _, part in _ways(found))
    share = f", a ghost share of {found.ghost_share}" if found.ghost_share else ""
    return (
        f"Consistent with {diverted} diverted: {arrived} arrived and went on, {ghost} never "
        f"arrived{share} ({found.name.lower()})"
    )


def _ways(found: Conclusion) -> tuple[tuple[str, Estimate], ...]:
    return tuple(zip(WAYS, (found.diverted, found.intermediated, found.ghost), strict=True))


def _numbers(part: Estimate) -> tuple[float, float, float]:
    return part.point or 0.0, part.low or 0.0, part.high or 0.0


def _split_table(told: Sequence[Conclusion], scene: Scene) -> DataTable:
    return DataTable(
        caption=f"What was diverted in {scene.window}, {wording.valuation(scene.unit)}",
        header=("Way", "Bracket", "90 % interval", "Median"),
        rows=tuple(
            (way, row.name, part.text, part.point_text) for row in told for way, part in _ways(row)
        )
        + tuple(
            ("Ghost share", row.name, row.ghost_share or wording.NOT_ESTIMATED, "") for row in told
        ),
    )


def _window_sum(rows: Sequence[Row], scene: Scene) -> LegSum | None:
    """The leg's sums over the months the chart shows after the event."""
    return leg_sum(rows, {}, (scene.event, _last(rows, scene)))


def _months(rows: Sequence[Row], scene: Scene) -> str:
    """The months that are summed: all after the event, whenever a product was listed."""
    return wording.window(scene.event, _last(rows, scene))


def _last(rows: Sequence[Row], scene: Scene) -> date:
    return max((row["period"] for row in rows), default=scene.event)
