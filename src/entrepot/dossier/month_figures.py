"""Charts over months: declared trade against what each bracket expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepot.dossier import wording
from entrepot.dossier.conclusions import in_order
from entrepot.dossier.figure import DataTable, Figure, MonthPoint, PathPanel
from entrepot.dossier.records import Total
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene, description
from entrepot.dossier.wording import Scale

DECLARED = "Declared"
MULTIPLES = 6  # panels a reader can take in at once, and that fill whole rows of two and three
HEADROOM = 1.06  # so that the highest line is not cut in half
BEHIND = "The table below the chart holds every number."


def expected_line(bracket: str) -> str:
    """Name of the line of one bracket, e.g. ``Expected, common path``.

    Args:
        bracket: ``common`` or ``partner``.
    """
    return f"Expected, {BRACKET_NAMES[bracket].lower()}"


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
    scale, top = _scale(rows), _top(rows)
    brackets = list(dict.fromkeys(row["bracket"] for row in in_order(rows)))
    panels = tuple(
        _panel([row for row in rows if row["bracket"] == bracket], BRACKET_NAMES[bracket], scene)
        for bracket in brackets
    )
    panels = tuple(_rescaled(panel, scale, top) for panel in panels)
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
        subtitle=_subtitle(scale, scene, "band: 90 % interval"),
        description=f"Line chart of {scene.trade} by month, declared against expected, one panel "
        f"a bracket. In {scene.window} {declared} were declared; {expected} were expected. "
        f"{BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=_table(rows, f"{scene.trade} by month", scale, scene),
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
    scale = _scale(rows)
    lost = [total.conclusion.lost_direct.point for total in totals]
    known = [value for value in lost if value is not None]
    words = wording.interval(min(known), max(known), scene.unit) if known else "an unknown amount"
    fact = f"{scene.window}: direct exports to {scene.destination} fell {words} short"
    return Figure(
        key="direct",
        title=fact,
        subtitle=_subtitle(scale, scene, f"{scene.coalition} exports of listed goods"),
        description=f"Line chart of {scene.coalition} exports of listed goods straight to "
        f"{scene.destination} by month, declared against expected. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=(_rescaled(_panel(rows, f"To {scene.destination}", scene), scale, _top(rows)),),
        table=_table(rows, f"Direct exports to {scene.destination} by month", scale, scene),
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
    scales = {commodity: _scale(found) for commodity, found in held.items()}
    panels = tuple(
        _rescaled(_panel(found, _lead_title(code), scene), scales[code], _top(found))
        for code, found in held.items()
    )
    scale = _scale([row for found in held.values() for row in found])
    title = _lead_fact(next(found for found in leads if found[0]["commodity"] in held), scene)
    return Figure(
        key="leads",
        title=title,
        subtitle=_subtitle(scale, scene, "each product on its own scale; bands: 90 % intervals"),
        description=f"{len(panels)} small line charts of {scene.coalition} exports to "
        f"{scene.country} by month, declared against expected, one a product: "
        f"{', '.join(held)}. {title}. {BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=_table(
            [row for found in held.values() for row in found],
            "Exports of the first leads by month",
            wording.table_scale(row["observed"] for found in held.values() for row in found),
            scene,
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


def _subtitle(scale: Scale, scene: Scene, what: str) -> str:
    unit = f"{scale.unit(scene.unit)} a month, {wording.valuation(scene.unit)}"
    return " · ".join(filter(None, (scene.mark, unit, what, scene.source)))


def _panel(rows: Sequence[Row], title: str, scene: Scene) -> PathPanel:
    """One panel in the unit of the rows; the declared line is drawn once."""
    ordered = in_order(rows)
    first = ordered[0]["bracket"]
    points = [
        MonthPoint(row["period"], DECLARED, row["observed"], None, None)
        for row in ordered
        if row["bracket"] == first
    ]
    points += [
        MonthPoint(
            period=row["period"],
            line=expected_line(row["bracket"]),
            value=row["expected"],
            low=row["expected_low"],
            high=row["expected_high"],
        )
        for row in ordered
    ]
    return PathPanel(title, scene.unit, tuple(points), scene.event, _top(rows))


def _rescaled(panel: PathPanel, scale: Scale, top: float) -> PathPanel:
    def scaled(value: float | None) -> float | None:
        return None if value is None else value / scale.factor

    return PathPanel(
        title=panel.title,
        unit=scale.unit(panel.unit),
        points=tuple(
            MonthPoint(p.period, p.line, scaled(p.value), scaled(p.low), scaled(p.high))
            for p in panel.points
        ),
        event=panel.event,
        top=top / scale.factor,
    )


def _values(rows: Iterable[Row]) -> list[float]:
    names = ("observed", "expected", "expected_high")
    return [row[name] for row in rows for name in names if row[name] is not None]


def _scale(rows: Iterable[Row]) -> Scale:
    return wording.scale(_values(rows))


def _top(rows: Iterable[Row]) -> float:
    return HEADROOM * max(_values(rows), default=0.0) or 1.0


def _table(rows: Sequence[Row], what: str, scale: Scale, scene: Scene) -> DataTable:
    """Months down; one row a product, bracket and month."""

    def number(value: float | None) -> str:
        return "open" if value is None else scale.number(value)

    unit = f"{scale.unit(scene.unit)} {wording.valuation(scene.unit)}".strip()
    return DataTable(
        caption=f"{what}, {unit}; the band is the 90 % interval, open before the window.",
        header=("Month", "Product", "Bracket", "Declared", "Expected", "Low", "High"),
        rows=tuple(
            (
                row["period"].strftime("%Y-%m"),
                "all listed" if row["commodity"] == "_T" else row["commodity"],
                BRACKET_NAMES[row["bracket"]],
                number(row["observed"]),
                number(row["expected"]),
                number(row["expected_low"]),
                number(row["expected_high"]),
            )
            for row in rows
        ),
    )
