"""Charts over months: declared trade against what each bracket expected."""

from __future__ import annotations

from collections.abc import Sequence

from entrepot.dossier import wording
from entrepot.dossier.conclusions import in_order
from entrepot.dossier.figure import Figure, PathPanel
from entrepot.dossier.month_panels import (
    BEHIND,
    month_table,
    path_panel,
    scale_of,
    subtitle,
    top_of,
)
from entrepot.dossier.records import Total
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene, description

MULTIPLES = 6  # panels a reader can take in at once, and that fill whole rows of two and three


def country_figure(rows: Sequence[Row], totals: Sequence[Total], scene: Scene) -> Figure | None:
    """All listed goods to the country: a panel for each bracket, on one scale.

    Args:
        rows: Rows of ``series``, leg ``upstream``, all listed goods.
        totals: The country's totals.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the run stored no months.
    """
    if not rows:
        return None
    scale = scale_of(rows)
    panels = bracket_panels(rows, scene)
    expected = wording.listing(
        (
            f"{total.conclusion.expected.text} ({BRACKET_NAMES[total.conclusion.bracket].lower()})"
            for total in totals
        ),
        "or",
    )
    declared = totals[0].conclusion.observed.point_text
    return Figure(
        key="country",
        title=f"{scene.window}: {declared} declared, {expected} expected",
        subtitle=subtitle(scale, scene.unit, scene, "band: 90 % interval"),
        description=f"Line chart of {scene.trade} by month, declared against expected, one panel "
        f"a bracket. In {scene.window} {declared} were declared; {expected} were expected. "
        f"{BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=month_table(rows, f"{scene.trade} by month", scale),
    )


def bracket_panels(rows: Sequence[Row], scene: Scene) -> tuple[PathPanel, ...]:
    """A panel for each bracket, on one scale.

    Args:
        rows: Rows of ``series`` of one leg.
        scene: Whom, where and when.

    Returns:
        The panels, in the order of the contract.
    """
    scale, top = scale_of(rows), top_of(rows)
    brackets = dict.fromkeys(row["bracket"] for row in in_order(rows))
    return tuple(
        path_panel(
            [row for row in rows if row["bracket"] == bracket],
            BRACKET_NAMES[bracket],
            scene,
            scale,
            top,
        )
        for bracket in brackets
    )


def direct_figure(rows: Sequence[Row], totals: Sequence[Total], scene: Scene) -> Figure | None:
    """Direct exports to the destination: what the window lost.

    Args:
        rows: Rows of ``series``, leg ``direct``, all listed goods.
        totals: The country's totals, which hold what was lost.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the run stored no months.
    """
    if not rows:
        return None
    scale = scale_of(rows)
    lost = [total.conclusion.lost_direct.point for total in totals]
    known = [value for value in lost if value is not None]
    words = wording.interval(min(known), max(known), scene.unit) if known else "an unknown amount"
    fact = f"{scene.window}: direct exports to {scene.destination} fell {words} short"
    return Figure(
        key="direct",
        title=fact,
        subtitle=subtitle(scale, scene.unit, scene, f"{scene.coalition} exports of listed goods"),
        description=f"Line chart of {scene.coalition} exports of listed goods straight to "
        f"{scene.destination} by month, declared against expected. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=(path_panel(rows, f"To {scene.destination}", scene, scale, top_of(rows)),),
        table=month_table(rows, f"Direct exports to {scene.destination} by month", scale),
    )


def lead_figure(rows: Sequence[Row], leads: Sequence[Sequence[Row]], scene: Scene) -> Figure | None:
    """The first leads of the country, a small chart each, each on its own scale.

    Args:
        rows: Rows of ``series``, leg ``upstream``, of the leads.
        leads: Rows of ``leads`` in the order of the table.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where no lead has months.
    """
    by_commodity: dict[str, list[Row]] = {found[0]["commodity"]: [] for found in leads[:MULTIPLES]}
    for row in rows:
        if row["commodity"] in by_commodity:
            by_commodity[row["commodity"]].append(row)
    held = {commodity: found for commodity, found in by_commodity.items() if found}
    if not held:
        return None
    panels = tuple(
        path_panel(found, _lead_title(code), scene, scale_of(found), top_of(found))
        for code, found in held.items()
    )
    scale = scale_of([row for found in held.values() for row in found])
    title = _lead_fact(next(found for found in leads if found[0]["commodity"] in held), scene)
    return Figure(
        key="leads",
        title=title,
        subtitle=subtitle(
            scale, scene.unit, scene, "each product on its own scale; bands: 90 % intervals"
        ),
        description=f"{len(panels)} small line charts of {scene.coalition} exports to "
        f"{scene.country} by month, declared against expected, one a product: "
        f"{', '.join(held)}. {title}. {BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=month_table(
            [row for found in held.values() for row in found],
            "Exports of the first leads by month",
            wording.table_scale(row["observed"] for found in held.values() for row in found),
        ),
    )


def _lead_title(commodity: str) -> str:
    words = description(commodity).split(" (")[0]
    return f"{commodity} {words}".strip()


def _lead_fact(rows: Sequence[Row], scene: Scene) -> str:
    parts = wording.listing(
        (
            f"{wording.interval(row['excess_low'], row['excess_high'], row['unit'])} "
            f"({BRACKET_NAMES[row['bracket']].lower()})"
            for row in rows
        ),
        "or",
    )
    return f"First lead, {rows[0]['commodity']}: excess of {parts} in {scene.window}"
