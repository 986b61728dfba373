"""The table of leads: ranked in the engine, flagged first, then by excess; the rest is counted."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from entrepot.corridor import Corridor
from entrepot.dossier import sentences, wording
from entrepot.dossier.conclusions import in_order, onset, onset_words
from entrepot.dossier.page import Cell, LeadRow, LeadTable
from entrepot.dossier.ranges import chance
from entrepot.dossier.records import Total
from entrepot.dossier.runs import Row
from entrepot.dossier.scene import BRACKET_NAMES, Scene, description, notes
from entrepot.dossier.wording import Scale
from entrepot.lake import Lake
from entrepot.tables import LEADS

SHOWN = 50  # rows of the table: what a reader can still go through, and a page can still print


def ranked_leads(lake: Lake, run_id: str, intermediary: str) -> tuple[list[list[Row]], int]:
    """Rows of the first leads of a country, one list per commodity, one row per bracket.

    A commodity flagged in both brackets comes before one flagged in one, and that before the
    others; among equals the larger excess comes first, in whichever bracket it is larger.

    Args:
        lake: The lake.
        run_id: The run.
        intermediary: The country.

    Returns:
        At most :data:`SHOWN` commodities in their order, and how many there are in all.
    """
    if not lake.has(LEADS):
        return [], 0
    found = lake.table(LEADS).filter(
        nw.col("run_id") == run_id,
        nw.col("intermediary") == intermediary,
        nw.col("kind") == "tested",
    )
    ranked = (
        found.group_by("commodity")
        .agg(
            flags=nw.col("is_flagged").cast(nw.Int64).sum(),
            largest=nw.col("excess").max().fill_null(float("-inf")),
        )
        .sort("flags", "largest", "commodity", descending=[True, True, False])
        .collect()
    )
    order = ranked["commodity"].head(SHOWN).to_list()
    rows = found.filter(nw.col("commodity").is_in(order)).collect() if order else None
    by_commodity: dict[str, list[Row]] = {commodity: [] for commodity in order}
    for row in [] if rows is None else rows.iter_rows(named=True):
        by_commodity[row["commodity"]].append(row)
    return [in_order(by_commodity[commodity]) for commodity in order], len(ranked)


def lead_table(
    leads: Sequence[Sequence[Row]], count: int, scene: Scene, totals: Sequence[Total], fdr: float
) -> LeadTable:
    """The table of leads in words.

    Args:
        leads: Rows of the first leads, from :func:`ranked_leads`.
        count: How many products were tested in all.
        scene: Whom, where and when.
        totals: The country's totals, one per bracket.
        fdr: False discovery rate of the run.

    Returns:
        The table; without rows where nothing was tested.
    """
    scale = wording.table_scale(_amounts(leads))
    unit = f"{scale.unit(scene.unit)} {wording.valuation(scene.unit)}".strip()
    brackets = [total.conclusion.bracket for total in totals]
    above = {code for total in totals for code in total.conclusion.caveats}
    codes = [_codes(rows) for rows in leads]
    shared = set.intersection(*map(set, codes)) if len(codes) > 1 else set()
    rows = tuple(_lead_row(rows, brackets, scale, (scene, above | shared)) for rows in leads)
    left = count - len(rows)
    return LeadTable(
        caption=f"Products of which {scene.coalition} exports to {scene.country} were tested, "
        f"{scene.window}: flagged first, then by excess. Amounts in {unit}, ranges are 90 % "
        "intervals.",
        unit=unit,
        is_split=any(cell.diverted for row in rows for cell in row.cells),
        rows=rows,
        rest=f"{wording.counted(left, 'more product', 'more products')} of "
        f"{count:,} tested are not shown." * bool(left),
        verdict=sentences.flagged(scene, totals, fdr),
        shared=notes(sorted(shared - above)),
        legend=notes([code for row in rows for code in row.caveats]),
    )


def group_cell(row: Row | None, bracket: str, scale: Scale, flag: str) -> Cell:
    """One bracket's expected and excess in the scale of a table.

    Args:
        row: A row of ``totals`` or ``leads``; ``None`` where the bracket has none.
        bracket: The bracket.
        scale: Scale of the table.
        flag: Words of the flag.

    Returns:
        The cell.
    """
    if row is None:
        return Cell(bracket, "not computed", "not computed", "", "")
    is_split = row["legs"] != "U"
    return Cell(
        bracket=bracket,
        expected=_range(row, "expected", scale),
        excess=_range(row, "excess", scale),
        flag=flag,
        detail=_test(row, is_split),
        diverted=_range(row, "diverted", scale) if is_split else "",
        ways=_ways(row, scale) if is_split else (),
    )


def _test(row: Row, is_split: bool) -> str:
    """The probability where a second leg tells, else the q-value; totals have neither."""
    if "q_value" not in row:
        return ""
    return chance(row["probability"]) if is_split else wording.ratio(row["q_value"])


def _ways(row: Row, scale: Scale) -> tuple[str, ...]:
    if row["ghost_low"] is None:
        return ("by which way: unknown",)
    return (
        f"arrived first {_range(row, 'intermediated', scale)}",
        f"never arrived {_range(row, 'ghost', scale)}",
    )


def _lead_row(
    rows: Sequence[Row], brackets: Sequence[str], scale: Scale, around: tuple[Scene, set[str]]
) -> LeadRow:
    """One row; what the country or all rows have in common is said elsewhere, not in each."""
    scene, said = around
    by_bracket = {row["bracket"]: row for row in rows}
    first = rows[0]
    corridor = Corridor(
        first["coalition"], first["intermediary"], first["destination"], first["commodity"]
    )
    window = wording.window(first["window_start"], first["window_end"])
    return LeadRow(
        corridor=str(corridor),
        commodity=first["commodity"],
        description=description(first["commodity"]),
        observed=scale.number(first["observed"]),
        window="" if window == scene.window else window,
        cells=tuple(
            group_cell(by_bracket.get(bracket), bracket, scale, _flag(by_bracket.get(bracket)))
            for bracket in brackets
        ),
        onset=onset_words(
            {
                BRACKET_NAMES[row["bracket"]].lower(): onset(
                    row["onset"], row["onset_low"], row["onset_high"]
                )
                for row in rows
            }
        ),
        caveats=tuple(code for code in _codes(rows) if code not in said),
        is_flagged=any(row["is_flagged"] for row in rows),
    )


def _codes(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for row in rows for code in row["caveats"].split()))


def _flag(row: Row | None) -> str:
    return "flagged" if row is not None and row["is_flagged"] else ""


def _range(row: Row, name: str, scale: Scale) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is not None and high is not None:
        return scale.range(low, high)
    return wording.NOT_ESTIMATED if row[name] is None else scale.number(row[name])


def _amounts(leads: Sequence[Sequence[Row]]) -> list[float | None]:
    names = ("observed", "expected_high", "excess_high")
    return [row[name] for rows in leads for row in rows for name in names]
