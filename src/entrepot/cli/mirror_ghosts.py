"""Ghost trade by year and importer as a table on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepot.cli.brackets import NOTHING
from entrepot.cli.output import Column, Grid
from entrepot.diversion.ghost_pairs import MirrorQuestion
from entrepot.dossier.wording import Scale

MILLION, SHARE = Scale(1e6, "m", 0), Scale(1.0, "", 2)


def grid(rows: Sequence[dict[str, Any]], question: MirrorQuestion) -> Grid:
    """Arrange ghost trade for the screen.

    Args:
        rows: Rows of :func:`entrepot.diversion.ghost_rows.ghost_rows`, with ``rates``.
        question: The question.

    Returns:
        The table and its notes.
    """
    unit = f"{rows[0]['currency']} m"
    part = question.part
    named = (f"{part}: part\nof exports", f"{part}: part\nof ghost", "90 %")
    parts = [Column(name, is_number=True) for name in named] if part else []
    columns = (
        Column("year", is_number=True),
        Column("importer", is_whole=True),
        Column("imports by", is_expendable=True),
        *(Column(f"{name}\n{unit}", is_number=True) for name in ("exports", "imports")),
        *(Column(name, is_number=True) for name in ("imports/\nexports", "rho")),
        *(Column(f"{name}\n{unit}", is_number=True) for name in ("expected", "ghost", "90 %")),
        Column("ghost share of\nadditional", is_number=True),
        Column("90 %", is_number=True),
        *parts,
        Column("open because"),
    )
    return Grid(columns, [_cells(row, bool(part)) for row in rows], _notes(rows[0], question))


def _cells(row: dict[str, Any], has_part: bool) -> tuple[str, ...]:
    def point(name: str, scale: Scale) -> str:
        return NOTHING if row[name] is None else scale.number(row[name])

    def ends(name: str, scale: Scale) -> str:
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return NOTHING if low is None else scale.range(low, high)

    return (
        str(row["year"]),
        row["importer"].replace("_T", "all"),
        row["recorded_by"].replace(" ", ", "),
        *(point(name, MILLION) for name in ("exports", "imports")),
        *(point(name, SHARE) for name in ("mirror_ratio", "rho")),
        *(point(name, MILLION) for name in ("expected", "ghost")),
        ends("ghost", MILLION),
        point("ghost_share", SHARE),
        ends("ghost_share", SHARE),
        *((point("exports_part", SHARE), point("ghost_part", SHARE)) if has_part else ()),
        *([ends("ghost_part", SHARE)] if has_part else []),
        row["reason"] or "",
    )


def _notes(row: dict[str, Any], question: MirrorQuestion) -> tuple[str, ...]:
    part = (
        f"{question.part}: what these exporters declared of all exports of {question.exporters}, "
        "and their part of its ghost trade, open where the latter may be nil."
    )
    return (
        f"{question.exporters} in {question.exports_from}, imports in {question.imports_from}. "
        "ghost = exports (FOB) − imports (CIF) / rho, exporter by exporter; rho: imports over "
        "exports before the event, weighed as the year's imports are. additional: exports − "
        "expected.",
        *([part] if question.part else []),
        *([row["rates"]] if row["rates"] else []),
        f"Source: {row['sources']}.",
        f"Intervals of 90 %, from how the same sums strayed "
        f"before the event: {row['log_error']:.1%} of a total in a year, measured on "
        f"{row['pooled'].replace(' ', ', ')}.",
    )
