"""Mirrored trade as a table on the screen, with what a reader must know beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from entrepot.api import Mirrored, PairQuestion
from entrepot.api.silence import Gap, Span
from entrepot.cli.brackets import NOTHING
from entrepot.cli.output import Column, Grid
from entrepot.codes.caveats import sentences
from entrepot.dossier.trade_charts import ChartWords, chart_of_mirror, write_chart
from entrepot.dossier.wording import Scale, amount, listing, table_scale

SHARE = Scale(1.0, "", 2)
SHOWN, IN_CELL = 12, 3  # reporters that a note, or a cell, names before it counts the rest
ORDER = ("period", "importer", "exporter", "commodity")


def grid(found: Mirrored, question: PairQuestion) -> Grid:
    """Arrange pairs for the screen.

    Args:
        found: What was found.
        question: The question.

    Returns:
        The table and its notes.
    """
    rows = found.rows.to_pylist()
    scale = Scale(1e6, "m", 0) if _largest(rows) >= 1e9 else table_scale([_largest(rows)])
    unit = scale.unit(rows[0]["currency"])
    sides = (
        f"exports\n{unit} {rows[0]['export_valuation'] or ''}",
        f"imports\n{unit} {rows[0]['import_valuation'] or ''}",
    )
    per = [name for name in ORDER if name in question.per]
    columns = (
        *(Column(name, is_whole=True) for name in per),
        Column("imports by", is_whole=True),
        *(Column(name.strip(), is_number=True) for name in sides),
        Column("imports/\nexports", is_number=True),
        Column(f"exports\nonly, {unit}", is_number=True, is_expendable=True),
        Column(f"imports\nonly, {unit}", is_number=True, is_expendable=True),
        Column("silent"),
    )
    cells = [
        (*(_name(row, name, question.span) for name in per), *_cells(row, scale)) for row in rows
    ]
    return Grid(columns, cells, tuple(_notes(found, question, rows)))


def draw(found: Mirrored, question: PairQuestion, path: Path) -> None:
    """Draw pairs into a file.

    Args:
        found: What was found.
        question: The question.
        path: The file.
    """
    span = question.span
    goods = f", {', '.join(question.goods)}" if question.goods else ""
    what = "all goods" if question.level == "TOTAL" else f"{question.level}{goods}"
    ends = dict.fromkeys(span.typed(day) for day in (span.first, span.last))
    words = ChartWords(
        title=f"{question.exporters} to {question.importers}, {what}",
        now="–".join(ends),
        base="",
        source=found.rows["sources"][0].as_py(),
    )
    write_chart(chart_of_mirror(found.rows, words), path)


def _largest(rows: Sequence[dict[str, Any]]) -> float:
    return max(row[name] or 0.0 for row in rows for name in ("declared_export", "declared_import"))


def _name(row: dict[str, Any], column: str, span: Span) -> str:
    return span.typed(row[column]) if column == "period" else str(row[column])


def _cells(row: dict[str, Any], scale: Scale) -> tuple[str, ...]:
    def money(name: str) -> str:
        return NOTHING if row[name] is None else scale.number(row[name])

    has_ratio = row["mirror_ratio"] is not None
    silent = [row[name] for name in ("silent_exporters", "silent_importers")]
    return (
        row["recorded_by"] or NOTHING,
        *(money(name) for name in ("declared_export", "declared_import")),
        SHARE.number(row["mirror_ratio"]) if has_ratio else NOTHING,
        *(money(name) if has_ratio else NOTHING for name in ("export_only", "import_only")),
        ", ".join(_shortened(text.split(), IN_CELL) for text in silent if text),
    )


def _shortened(names: Sequence[str], count: int) -> str:
    rest = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + rest


def _notes(
    found: Mirrored, question: PairQuestion, rows: Sequence[dict[str, Any]]
) -> Iterator[str]:
    of = f" of {', '.join(question.goods)}" if question.goods else ""
    yield (
        f"{question.exporters} in {question.exports_from}, imports in {question.imports_from}, "
        f"level {question.level}{of}. imports/exports: over what both sides published in full. "
        "exports only, imports only: the part of that which the other side did not declare. "
        "silent: who did not publish the period in full."
    )
    for flow, level in found.added:
        side = "Exports" if flow == "X" else "Imports"
        yield (
            f"{side} of codes that are held only as {level} were added up to {question.level}: "
            "sums of the codes held."
        )
    if found.unheld_count:
        yield (
            f"Left out: {found.unheld_count:,} codes with "
            f"{amount(found.unheld_value, rows[0]['currency'])} of exports of which "
            f"{question.imports_from} holds no import of that importer from anybody. Not held is "
            "not nil."
        )
    if found.unsent:
        yield (
            f"{question.exports_from} holds no exports of {question.exporters} to "
            f"{', '.join(found.unsent)}: not held is not nil."
        )
    yield _terms(rows[0])
    if rows[0]["rates"]:
        yield rows[0]["rates"]
    yield f"Source: {rows[0]['sources']}."
    if found.silences:
        yield f"Not in full: {'; '.join(_silences(found.silences, question.span))}."
    yield from _open_imports(found, rows[0]["currency"])
    codes = " ".join(row["caveats"] for row in rows)
    yield from sentences(codes)
    yield "A gap is consistent with goods that never arrived; it is no proof."


def _terms(row: dict[str, Any]) -> str:
    if row["margin"] is None:
        return (
            "Values as declared: where exports are FOB and imports CIF, freight and insurance are "
            "in the imports only. Take them out with --valuation FOB --margin FRACTION."
        )
    side = "imports divided" if row["import_valuation"] == "FOB" else "exports multiplied"
    return (
        f"Both sides {row['import_valuation']}: {side} by 1 + {row['margin']:g}, the margin asked "
        "for, where declared otherwise."
    )


def _silences(found: Sequence[Gap], span: Span) -> Iterator[str]:
    """Gaps in words, those of the same periods together: ``imports of AM in 2023``."""
    of_reporter: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in found:
        of_reporter[gap.flow, gap.reporter].append(gap)
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (flow, reporter), open_ in of_reporter.items():
        alike[flow, ", ".join(_stretches(open_, span))].append(reporter)
    for (flow, when), reporters in alike.items():
        side = "exports" if flow == "X" else "imports"
        yield f"{side} of {_shortened(reporters, SHOWN)} in {when}"


def _stretches(found: Sequence[Gap], span: Span) -> Iterator[str]:
    """Runs of periods of which the same number of months is there."""
    place = {day: at for at, day in enumerate(span.periods())}

    def run(pair: tuple[int, Gap]) -> tuple[int, int]:
        return place[pair[1].period] - pair[0], pair[1].month_count

    for (_, count), pairs in groupby(enumerate(found), key=run):
        days: list[date] = [gap.period for _, gap in pairs]
        ends = dict.fromkeys(span.typed(day) for day in (days[0], days[-1]))
        held = f" ({count} of {span.month_count} months)" if count else ""
        yield "–".join(ends) + held


def _open_imports(found: Mirrored, currency: str) -> Iterator[str]:
    """What imports do not say of their partner, in words."""
    names = [name for name in ("importer", "recorded_by") if name in found.rows.column_names]
    sums = ("grouping_import", "unspecified_import")
    total = found.rows.group_by(names).aggregate([(name, "sum") for name in sums])
    for row in total.filter(pc.is_valid(total["recorded_by"])).sort_by(names[0]).to_pylist():
        of = f" of {row['importer']}" if "importer" in row else ""
        named, unnamed = row["grouping_import_sum"], row["unspecified_import_sum"]
        parts = [
            *([f"hold {amount(named, currency)} of exporters named as a group only"] * (named > 0)),
            *([f"leave out {amount(unnamed, currency)} of no named partner (_X)"] * (unnamed > 0)),
        ]
        if parts:
            yield f"Imports by {row['recorded_by']}{of} {listing(parts)}, in all periods."
