"""Charts of one lead: its four legs by month, and what went which way."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.dossier import wording
from entrepot.dossier.figure import DataTable, Figure, Whisker, WhiskerPanel
from entrepot.dossier.leg_sentences import READ
from entrepot.dossier.month_figures import bracket_panels
from entrepot.dossier.month_panels import (
    BEHIND,
    month_table,
    path_panel,
    scale_of,
    subtitle,
    top_of,
)
from entrepot.dossier.records import Conclusion, Estimate
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import Scene

LEGS = ("upstream", "arrival", "downstream", "direct")
_WAYS = ("Diverted", "Arrived, went on", "Never arrived")


def leg_figures(months: Sequence[Row], commodity: str, scene: Scene) -> tuple[Figure, ...]:
    """A chart for each leg that the run stored months of.

    Args:
        months: Rows of ``series`` of the lead; those of the leg ``direct`` beside them.
        commodity: Commodity code.
        scene: Whom, where and when.

    Returns:
        Charts in the order goods take, direct trade last; each with its gaps.
    """
    figures = []
    for leg in LEGS:
        rows = [row for row in months if row["leg"] == leg]
        if any(row["observed"] is not None for row in rows):
            figures.append(_leg_figure(leg, rows, commodity, scene))
    return tuple(figures)


def absent_legs(months: Sequence[Row], scene: Scene) -> tuple[str, ...]:
    """A sentence for each leg of which nothing is known, so that silence is not taken for nil.

    Args:
        months: Rows of ``series`` of the lead.
        scene: Whom, where and when.
    """
    names = {
        "upstream": f"what {scene.coalition} declared as exports to {scene.country}",
        "arrival": f"what {scene.country} recorded as arrived",
        "downstream": f"what {scene.country} sold on to {scene.destination}",
        "direct": f"{scene.coalition} exports straight to {scene.destination}",
    }
    held = {row["leg"] for row in months if row["observed"] is not None}
    return tuple(
        f"Not assessed: {names[leg]}. The run holds no month of it for this product."
        for leg in LEGS
        if leg not in held
    )


def lead_split_figure(found: Sequence[Conclusion], goods: str, scene: Scene) -> Figure | None:
    """What was diverted of one lead, and by which way: an interval for each bracket.

    Args:
        found: Its conclusions, one per bracket.
        goods: The goods in words.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the legs cannot tell the ways apart.
    """
    told = [row for row in found if row.ghost.low is not None]
    if not told:
        return None
    scale = wording.scale(part.high for row in told for _, part in _ways(row))
    fact = f"{goods}: what went on through {scene.country}, and by which way"
    unit = f"{scale.unit(scene.unit)}, {wording.valuation(scene.unit)}"
    parts = (scene.mark, unit, "whiskers: 90 % intervals, dots: medians", scene.source)
    panel = WhiskerPanel(
        title="Consistent with, by way",
        unit=scale.unit(scene.unit),
        axis="",
        amount="Over the window",
        whiskers=tuple(
            Whisker(way, row.name, *(value / scale.factor for value in _numbers(part)))
            for row in told
            for way, part in _ways(row)
        ),
    )
    return Figure(
        key="split",
        title=fact,
        subtitle=" · ".join(filter(None, parts)),
        description="Dot and whisker chart of what is consistent with having been diverted, of "
        f"what arrived and went on, and of what never arrived, one whisker a bracket. {BEHIND}",
        mark=scene.mark,
        panels=(panel,),
        table=DataTable(
            caption=f"{fact}, {scene.window}, {wording.valuation(scene.unit)}",
            header=("Way", "Bracket", "90 % interval", "Median"),
            rows=tuple(
                (way, row.name, part.text, part.point_text)
                for row in told
                for way, part in _ways(row)
            ),
        ),
    )


def _ways(found: Conclusion) -> tuple[tuple[str, Estimate], ...]:
    return tuple(zip(_WAYS, (found.diverted, found.intermediated, found.ghost), strict=True))


def _numbers(part: Estimate) -> tuple[float, float, float]:
    return part.point or 0.0, part.low or 0.0, part.high or 0.0


def _leg_figure(leg: str, rows: Sequence[Row], commodity: str, scene: Scene) -> Figure:
    what, panel = _words(leg, commodity, scene)
    scale, unit = scale_of(rows), rows[0]["unit"]
    is_one_line = leg in ("arrival", "direct")
    panels = (
        (path_panel(rows, panel, scene, scale, top_of(rows)),)
        if is_one_line
        else bracket_panels(rows, scene)
    )
    return Figure(
        key=leg,
        title=what,
        subtitle=subtitle(scale, unit, scene, "band: 90 % interval"),
        description=f"Line chart by month: {what}, against what was expected. A gap is a month "
        f"that nobody published. {BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=month_table(rows, what, scale),
    )


def _words(leg: str, commodity: str, scene: Scene) -> tuple[str, str]:
    how = f", {READ[scene.arrival]}" if scene.arrival in READ else ""
    by_whom = scene.destination if scene.downstream == "importer" else scene.country
    return {
        "upstream": (
            f"{scene.coalition} exports of {commodity} to {scene.country}, as declared",
            f"To {scene.country}",
        ),
        "arrival": (
            f"Imports of {commodity} that {scene.country} recorded{how}",
            f"Arrived in {scene.country}",
        ),
        "downstream": (
            f"Sales of {commodity} from {scene.country} to {scene.destination}, as {by_whom} "
            "declared them",
            f"On to {scene.destination}",
        ),
        "direct": (
            f"{scene.coalition} exports of {commodity} straight to {scene.destination}",
            f"To {scene.destination}",
        ),
    }[leg]
