"""Months of one leg as panels and tables of a chart: one scale, gaps where nobody reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepot.dossier import wording
from entrepot.dossier.conclusions import in_order
from entrepot.dossier.figure import DataTable, MonthPoint, PathPanel
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene
from entrepot.dossier.wording import Scale

DECLARED = "Declared"
RECORDED = "Recorded as arrived"
USUAL = "Usual for what was declared"
SOLD = "Sold on"
HEADROOM = 1.06  # so that the highest line is not cut in half
BEHIND = "The table below the chart holds every number."


def expected_line(bracket: str) -> str:
    """Name of the line of one bracket, e.g. ``Expected, common path``.

    Args:
        bracket: ``common`` or ``partner``.
    """
    return f"Expected, {BRACKET_NAMES[bracket].lower()}"


def names_of(row: Row) -> tuple[str, str]:
    """What the two lines of a leg are called.

    Args:
        row: A row of ``series``.

    Returns:
        Name of what was observed, and of what was expected.
    """
    observed = {"arrival": RECORDED, "downstream": SOLD}.get(row["leg"], DECLARED)
    return observed, USUAL if row["leg"] == "arrival" else expected_line(row["bracket"])


def subtitle(scale: Scale, unit: str, scene: Scene, what: str) -> str:
    """The line under the title of a chart of months.

    Args:
        scale: Scale of the chart.
        unit: Unit of its amounts.
        scene: Whom, where and when.
        what: What else must be said.

    Returns:
        Unit, the words, source and vintage, the mark of a simulated world before them.
    """
    amounts = ", ".join(filter(None, (f"{scale.unit(unit)} a month", wording.valuation(unit))))
    return " · ".join(filter(None, (scene.mark, amounts, what, scene.source)))


def path_panel(
    rows: Sequence[Row], title: str, scene: Scene, scale: Scale, top: float
) -> PathPanel:
    """One panel in a scale; what was observed is drawn once.

    Args:
        rows: Rows of ``series`` of one leg.
        title: Title of the panel.
        scene: Whom, where and when.
        scale: Scale of the chart.
        top: End of the axis, in the unit of the rows.

    Returns:
        The panel.
    """

    def scaled(value: float | None) -> float | None:
        return None if value is None else value / scale.factor

    ordered = in_order(rows)
    first = ordered[0]["bracket"]
    points = [
        MonthPoint(row["period"], names_of(row)[0], scaled(row["observed"]), None, None)
        for row in ordered
        if row["bracket"] == first
    ]
    points += [
        MonthPoint(
            period=row["period"],
            line=names_of(row)[1],
            value=scaled(row["expected"]),
            low=scaled(row["expected_low"]),
            high=scaled(row["expected_high"]),
        )
        for row in ordered
    ]
    unit = scale.unit(ordered[0]["unit"])
    return PathPanel(title, unit, tuple(points), scene.event, top / scale.factor)


def _values(rows: Iterable[Row]) -> list[float]:
    names = ("observed", "expected", "expected_high")
    return [row[name] for row in rows for name in names if row[name] is not None]


def scale_of(rows: Iterable[Row]) -> Scale:
    """The scale in which the months of a chart read well.

    Args:
        rows: Rows of ``series``.
    """
    return wording.scale(_values(rows))


def top_of(rows: Iterable[Row]) -> float:
    """End of the axis, a little above the highest line.

    Args:
        rows: Rows of ``series``.
    """
    return HEADROOM * max(_values(rows), default=0.0) or 1.0


def month_table(rows: Sequence[Row], what: str, scale: Scale) -> DataTable:
    """The numbers behind a chart: months down, one row a product, bracket and month.

    Args:
        rows: Rows of ``series`` of one leg.
        what: What the amounts are.
        scale: Scale of the table.

    Returns:
        The table.
    """

    def number(value: float | None) -> str:
        return "open" if value is None else scale.number(value)

    unit = rows[0]["unit"]
    words = f"{scale.unit(unit)} {wording.valuation(unit)}".strip()
    return DataTable(
        caption=f"{what}, {words}; the band is the 90 % interval, open before the window.",
        header=("Month", "Product", "Bracket", names_of(rows[0])[0], "Expected", "Low", "High"),
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
