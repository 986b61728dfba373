"""Charts of declared trade as a file: partners, months, two declarations side by side.

Each function takes the rows that a command prints and draws nothing else: a chart shows no number
that is not in the rows. What was not declared is left open and never drawn as nil.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from entrepot.dossier import wording
from entrepot.dossier.chart_file import Chart, write_chart
from entrepot.dossier.chart_words import ChartWords, Row, every_month, figure_of, label
from entrepot.dossier.figure import DataTable
from entrepot.dossier.trade_specs import bars, months, pairs
from entrepot.errors import EstimateError

__all__ = [
    "ChartWords",
    "chart_of_flows",
    "chart_of_mirror",
    "write_chart",
]

BAR_LIMIT = 20  # rows of bars that a page shows at a readable size
LINE_LIMIT = 6  # lines a reader can tell apart
PAIR_LIMIT = 6


def chart_of_flows(rows: pa.Table, words: ChartWords) -> Chart:
    """Draw sums of declared trade: lines by month where rows have months, else bars.

    Args:
        rows: Columns to sum by (``reporter``, ``partner``, ``commodity``, ``period``),
            ``currency``, ``valuation``, ``value``, ``base_value``, ``month_count``; with ``period``
            also ``base_period`` and ``base_declaration_count``: a line shows both stretches.
        words: Title, period and source.

    Returns:
        The chart: of bars the largest 20, of lines the largest 6, and it says so.

    Raises:
        EstimateError: If there is no row, or amounts in several units.
    """
    unit = _only_unit(rows)
    if "period" in rows.column_names:
        return _lines(rows, unit, words)
    return _bars(rows, unit, words)


def _only_unit(rows: pa.Table) -> str:
    held = set(rows.column_names)
    names = [name for name in ("currency", "valuation") if name in held]
    units = {" ".join(row[name] for name in names) for row in rows.select(names).to_pylist()}
    if len(units) != 1:
        raise EstimateError(
            f"a chart was asked of amounts in {sorted(units)}, expected one currency and one "
            "valuation. Ask for one flow and one currency."
        )
    return units.pop()


def _bars(rows: pa.Table, unit: str, words: ChartWords) -> Chart:
    every = rows.to_pylist()
    shown = every[:BAR_LIMIT]
    scale = wording.scale(value for row in shown for value in _amounts(row, words))
    table = DataTable(
        caption=f"{words.title}, {scale.unit(unit)} {wording.valuation(unit)}".strip(),
        header=("", words.now, *([words.base] if words.base else [])),
        rows=tuple(
            (label(row), *(_number(value, scale) for value in _amounts(row, words)))
            for row in shown
        ),
    )
    names = (words.now, words.base) if words.base else (words.now,)
    values = [
        {
            "label": label(row),
            "line": name,
            "value": _scaled(value, scale),
            "end": (value or 0.0) / scale.factor,
            "text": _at_least(value, scale),
        }
        for row in shown
        for name, value in zip(names, _amounts(row, words), strict=True)
    ]
    partly = f" The largest {len(shown)} of {len(every)} rows." if len(every) > len(shown) else ""
    axis = f"{scale.unit(unit)} {wording.valuation(unit)}".strip()
    text = (
        f"Bar chart of {words.title}, in {axis}, one bar a row and period.{partly} "
        f"{_first_bar(table)}"
    )
    head = (words.title, f"{words.subtitle}.{partly}")
    return Chart(figure_of("bars", words, text, table), bars(values, names, axis, head))


def _at_least(value: float | None, scale: wording.Scale) -> str:
    """A number beside its bar: one too small for the scale is not nil."""
    if value is None:
        return "not declared"
    smallest = 10**-scale.decimals
    return f"<{smallest:g}" if 0 < value / scale.factor < smallest / 2 else scale.number(value)


def _first_bar(table: DataTable) -> str:
    largest = table.rows[0]
    amounts = ", ".join(f"{n}: {v}" for n, v in zip(table.header[1:], largest[1:], strict=True))
    return f"First row: {largest[0]}, {amounts}."


def _amounts(row: Row, words: ChartWords) -> tuple[float | None, ...]:
    # A row with months of the base only was not declared at all in the months of interest.
    now = row["value"] if row["month_count"] else None
    return (now, row["base_value"]) if words.base else (now,)


def _lines(rows: pa.Table, unit: str, words: ChartWords) -> Chart:
    by_line: dict[str, dict[date, float]] = {}
    for row in rows.to_pylist():
        line = by_line.setdefault(label(row), {})
        if row["base_declaration_count"]:
            line.setdefault(row["base_period"], row["base_value"])
        if row["month_count"]:
            line[row["period"]] = row["value"]
    order = sorted(by_line, key=lambda name: -sum(by_line[name].values()))
    names = order[:LINE_LIMIT]
    span = every_month(period for name in names for period in by_line[name])
    scale = wording.scale(value for name in names for value in by_line[name].values())
    values = [
        {
            "period": month.isoformat(),
            "line": name,
            "value": _scaled(by_line[name].get(month), scale),
        }
        for name in names
        for month in span
    ]
    partly = f" The largest {len(names)} of {len(order)} lines." if len(order) > len(names) else ""
    table = DataTable(
        caption=f"{words.title} by month, {scale.unit(unit)} {wording.valuation(unit)}".strip(),
        header=("Month", *names),
        rows=tuple(
            (f"{month:%Y-%m}", *(_number(by_line[name].get(month), scale) for name in names))
            for month in span
        ),
    )
    text = f"Line chart of {words.title} by month.{partly} Months without a row are gaps."
    axis = f"{scale.unit(unit)} {wording.valuation(unit)} a month".replace("  ", " ")
    head = (words.title, f"{words.subtitle}.{partly}")
    return Chart(figure_of("months", words, text, table), months(values, names, axis, head))


def chart_of_mirror(rows: pa.Table, words: ChartWords) -> Chart:
    """Draw what one side declared as sent beside what the other declared as received.

    Args:
        rows: ``period``, ``currency``, ``declared_export``, ``export_valuation``,
            ``declared_import``, ``import_valuation``, ``mirror_ratio``; any of ``exporter``,
            ``importer``, ``commodity`` names the pair.
        words: Title, period and source.

    Returns:
        The chart: for each pair, of the largest 6, both declarations and their ratio.

    Raises:
        EstimateError: If there is no row, or amounts in several currencies.
    """
    unit = _only_unit(rows)
    by_pair: dict[str, list[Row]] = {}
    for row in rows.sort_by("period").to_pylist():
        by_pair.setdefault(label(row), []).append(row)
    order = sorted(by_pair, key=lambda name: -sum(r["declared_export"] or 0 for r in by_pair[name]))
    names = order[:PAIR_LIMIT]
    shown = [row for name in names for row in by_pair[name]]
    sides = ("declared_export", "declared_import")
    valued = [
        f"Declared {side} ({' '.join(sorted({r[f'{side}_valuation'] or 'none' for r in shown}))})"
        for side in ("export", "import")
    ]
    scale = wording.scale(row[side] for row in shown for side in sides)
    panels = [(name, [_pair_values(row, scale) for row in by_pair[name]]) for name in names]
    partly = f" The largest {len(names)} of {len(order)} pairs." if len(order) > len(names) else ""
    table = DataTable(
        caption=f"{words.title}, {scale.unit(unit)}",
        header=("", "Period", *valued, "Import / export"),
        rows=tuple(
            (
                label(row),
                f"{row['period']:%Y-%m}",
                *(_number(row[side], scale) for side in sides),
                "open" if row["mirror_ratio"] is None else f"{row['mirror_ratio']:.2f}",
            )
            for row in shown
        ),
    )
    text = (
        f"Line charts of {words.title}: declared export, declared import, and import over export, "
        f"one row of charts a pair.{partly}"
    )
    head = (words.title, f"{words.subtitle}.{partly}")
    return Chart(
        figure_of("mirror", words, text, table), pairs(panels, valued, scale.unit(unit), head)
    )


def _pair_values(row: Row, scale: wording.Scale) -> Row:
    return {
        "period": row["period"].isoformat(),
        "export": _scaled(row["declared_export"], scale),
        "import": _scaled(row["declared_import"], scale),
        "ratio": row["mirror_ratio"],
    }


def _scaled(value: float | None, scale: wording.Scale) -> float | None:
    return None if value is None else value / scale.factor


def _number(value: float | None, scale: wording.Scale) -> str:
    return "open" if value is None else scale.number(value)
