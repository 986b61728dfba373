"""Charts of results: excess by product group, and what the placebos found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from entrepot.dossier import wording
from entrepot.dossier.conclusions import in_order
from entrepot.dossier.figure import (
    Bin,
    DataTable,
    Figure,
    HistogramPanel,
    Whisker,
    WhiskerPanel,
)
from entrepot.dossier.leads import group_cell
from entrepot.dossier.month_panels import BEHIND
from entrepot.dossier.page import GroupRow
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene
from entrepot.errors import LakeError
from entrepot.tables import BRACKETS

GROUPS_SHOWN = 12  # chapters of the chart; all of them stand in the table
SURPRISE = 0.05  # share of p-values below this that chance alone would give
DIAGNOSTIC_NAMES = {
    "placebo_in_time": "Placebo in time",
    "placebo_in_space": "Placebo in space",
    "calibration": "Calibration",
}


def by_group(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of ``totals`` chapter by chapter, the largest excess first, without the total.

    Args:
        rows: Rows of one country.

    Returns:
        One list per chapter, its rows bracket by bracket.
    """
    groups: dict[str, list[Row]] = {}
    for row in in_order(rows):
        if row["group"] != "_T":
            groups.setdefault(row["group"], []).append(row)
    return sorted(groups.values(), key=lambda rows: (-_largest(rows), rows[0]["group"]))


def group_rows(groups: Sequence[Sequence[Row]], brackets: Sequence[str]) -> tuple[GroupRow, ...]:
    """The table of product groups.

    Args:
        groups: From :func:`by_group`.
        brackets: Brackets of the run.

    Returns:
        One row per chapter, in one scale.
    """
    scale = group_scale(groups)
    found = []
    for rows in groups:
        by_bracket = {row["bracket"]: row for row in rows}
        first = rows[0]
        flags = "/".join(f"{row['flagged_count']:,}" for row in rows)
        found.append(
            GroupRow(
                group=f"Chapter {first['group']}",
                observed=scale.number(first["observed"]),
                counts=f"{first['cell_count']:,}; flagged {flags}",
                cells=tuple(group_cell(by_bracket.get(b), b, scale, "") for b in brackets),
            )
        )
    return tuple(found)


def group_scale(groups: Sequence[Sequence[Row]]) -> wording.Scale:
    """The scale of the table of product groups.

    Args:
        groups: From :func:`by_group`.
    """
    return wording.table_scale(
        row[name]
        for rows in groups
        for row in rows
        for name in ("observed", "expected_high", "excess_high")
    )


def group_figure(groups: Sequence[Sequence[Row]], scene: Scene) -> Figure | None:
    """Excess by product group, a dot and a whisker for each bracket.

    Args:
        groups: From :func:`by_group`.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where no group has an interval.
    """
    ends = ("excess", "excess_low", "excess_high")
    held = [
        row
        for rows in groups[:GROUPS_SHOWN]
        for row in rows
        if all(row[end] is not None for end in ends)
    ]
    if not held:
        return None
    scale = wording.scale(row[end] for row in held for end in ends)
    first = held[0]
    fact = (
        f"Chapter {first['group']} has the largest excess: "
        f"{wording.interval(first['excess_low'], first['excess_high'], scene.unit)} "
        f"({BRACKET_NAMES[first['bracket']].lower()}) in {scene.window}"
    )
    shown = f"{min(len(groups), GROUPS_SHOWN)} of {len(groups)} HS chapters"
    unit = f"{scale.unit(scene.unit)}, {wording.valuation(scene.unit)}"
    parts = (scene.mark, unit, shown, "whiskers: 90 % intervals", scene.source)
    return Figure(
        key="groups",
        title=fact,
        subtitle=" · ".join(filter(None, parts)),
        description=f"Dot and whisker chart of the excess of {scene.trade} by HS chapter and "
        f"bracket. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=(_whiskers(held, scale, scene),),
        table=_group_table(groups, scene),
    )


def placebo_figure(rows: Iterable[Row], scene: Scene) -> Figure | None:
    """Histogram of p-values where nothing can have been diverted, beside the uniform.

    Args:
        rows: Rows of ``diagnostics`` of the run.
        scene: Whom, where and when.

    Returns:
        The chart; ``None`` where the run stored no histogram.

    Raises:
        LakeError: If the label of a bin is not a range.
    """
    ordered = in_order(rows)
    bins = [row for row in ordered if row["measure"] == "p_histogram"]
    if not bins:
        return None
    found = dict.fromkeys((row["diagnostic"], row["bracket"]) for row in bins)
    keys = sorted(found, key=lambda key: (key[0], BRACKETS.index(key[1])))
    panels = tuple(
        _histogram([row for row in bins if (row["diagnostic"], row["bracket"]) == key], key)
        for key in keys
    )
    fact = f"Where nothing can have been diverted, {_share_words(ordered)}"
    parts = (scene.mark, f"{bins[0]['unit']} by p-value", "line: uniform", scene.source)
    return Figure(
        key="placebo",
        title=fact,
        subtitle=" · ".join(filter(None, parts)),
        description="Histograms of p-values of the placebos of the run, each with a line where "
        f"all bars would end if p-values were uniform. {fact}. {BEHIND}",
        mark=scene.mark,
        panels=panels,
        table=DataTable(
            caption="Placebo p-values by bin",
            header=("Bin", "Check", "Bracket", "Value", "Unit"),
            rows=tuple(
                (
                    row["label"],
                    name_of(row),
                    BRACKET_NAMES[row["bracket"]],
                    number_of(row),
                    row["unit"],
                )
                for row in bins
            ),
        ),
    )


def name_of(row: Row) -> str:
    """The check a row of ``diagnostics`` belongs to, in words.

    Args:
        row: The row.
    """
    code = str(row["diagnostic"])
    return DIAGNOSTIC_NAMES.get(code, code.replace("_", " "))


def number_of(row: Row) -> str:
    """The number of a row of ``diagnostics``: whole where it is, else three digits.

    Args:
        row: The row.
    """
    value = float(row["value"])
    return f"{value:,.0f}" if value.is_integer() else wording.ratio(value)


def _largest(rows: Sequence[Row]) -> float:
    return max((row["excess"] for row in rows if row["excess"] is not None), default=float("-inf"))


def _whiskers(rows: Sequence[Row], scale: wording.Scale, scene: Scene) -> WhiskerPanel:
    return WhiskerPanel(
        title="Excess by HS chapter",
        unit=scale.unit(scene.unit),
        axis="HS chapter",
        amount="Excess",
        whiskers=tuple(
            Whisker(
                label=row["group"],
                line=BRACKET_NAMES[row["bracket"]],
                point=row["excess"] / scale.factor,
                low=row["excess_low"] / scale.factor,
                high=row["excess_high"] / scale.factor,
            )
            for row in rows
        ),
    )


def _group_table(groups: Sequence[Sequence[Row]], scene: Scene) -> DataTable:
    unit = scene.unit
    return DataTable(
        caption=f"Excess by HS chapter in {scene.window}, {wording.valuation(unit)}",
        header=("Chapter", "Bracket", "Excess, 90 % interval", "Point"),
        rows=tuple(
            (
                row["group"],
                BRACKET_NAMES[row["bracket"]],
                wording.interval(row["excess_low"], row["excess_high"], unit),
                wording.amount(row["excess"], unit),
            )
            for rows in groups
            for row in rows
        ),
    )


def _histogram(rows: Sequence[Row], key: tuple[str, str]) -> HistogramPanel:
    bins = sorted((_bin(row) for row in rows), key=lambda found: found.low)
    total, width = sum(found.value for found in bins), sum(b.high - b.low for b in bins)
    return HistogramPanel(
        title=f"{DIAGNOSTIC_NAMES.get(key[0], key[0])}, {BRACKET_NAMES[key[1]].lower()}",
        unit=rows[0]["unit"],
        bins=tuple(bins),
        uniform=total * (bins[0].high - bins[0].low) / width,
    )


def _bin(row: Row) -> Bin:
    found = re.fullmatch(r"(\d(?:\.\d+)?)-(\d(?:\.\d+)?)", row["label"])
    if found is None:
        raise LakeError(
            f"diagnostics, run {row['run_id']}: label of p_histogram is {row['label']!r}, expected "
            "a bin such as '0.00-0.05'. Run `entrepot detect` again."
        )
    return Bin(float(found.group(1)), float(found.group(2)), row["value"])


def _share_words(rows: Sequence[Row]) -> str:
    """How many p-values lie below 0.05 over the placebos and brackets, in words."""
    found = [
        row["value"] for row in rows if row["measure"] == "share_below_05" and row["label"] == "_T"
    ]
    if not found:
        return "p-values should be spread evenly"
    low, high = wording.ratio(min(found)), wording.ratio(max(found))
    share = low if low == high else f"{low}{wording.DASH}{high}"
    return f"{share} of p-values lie below {SURPRISE}; chance alone gives {SURPRISE}"
