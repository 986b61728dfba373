"""A chart of what the lake holds: who declared what, in which month, in how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from entrepot.dossier.chart_file import Chart
from entrepot.dossier.chart_words import ChartWords, Row, every_month, figure_of
from entrepot.dossier.figure import DataTable
from entrepot.dossier.trade_specs import heat_map
from entrepot.errors import EstimateError


def chart_of_coverage(rows: pa.Table, words: ChartWords) -> Chart:
    """Draw who declared what in which month, shaded by rows against the series' usual count.

    Args:
        rows: ``dataset``, ``reporter``, ``flow``, ``freq``, ``period``, ``row_count`` and
            ``usual_count``, one row a period held; ``level`` where series have levels.
        words: Title, period and source.

    Returns:
        The chart; months of the span that hold nothing are crossed. A yearly declaration covers
        its twelve months where there are monthly ones beside it.

    Raises:
        EstimateError: If there is no row.
    """
    every = rows.to_pylist()
    if not every:
        raise EstimateError("a chart was asked of no rows, expected some. Run `entrepot coverage`.")
    held = _by_series(every)
    names = list(held)
    span = every_month(period for periods in held.values() for period in periods)
    cells = [(name, month, held[name].get(month)) for name in names for month in span]
    values = [
        {
            "line": name,
            "period": month.isoformat(),
            "share": None if row is None else row["row_count"] / row["usual_count"],
        }
        for name, month, row in cells
    ]
    table = DataTable(
        caption=f"{words.title}: rows held, and the usual number of rows of a period",
        header=("Series", "Month", "Rows", "Usual"),
        rows=tuple(
            (name, f"{month:%Y-%m}", "none", "")
            if row is None
            else (name, f"{month:%Y-%m}", f"{row['row_count']:,}", f"{row['usual_count']:,.0f}")
            for name, month, row in cells
        ),
    )
    empty = sum(row is None for *_, row in cells)
    text = (
        f"Heat map of {words.title}: a row for each series, a column a period, shaded by rows "
        f"held over the usual count of that series. {empty} of {len(cells)} cells are empty."
    )
    spec = heat_map(values, names, (words.title, f"{words.subtitle}. ×: no row is held."))
    return Chart(figure_of("coverage", words, text, table), spec)


def _by_series(rows: Sequence[Row]) -> dict[str, dict[date, Row]]:
    has_datasets = len({row["dataset"] for row in rows}) > 1
    is_mixed = len({row["freq"] for row in rows}) > 1
    held: dict[str, dict[date, Row]] = {}
    for row in rows:
        words = (
            row["dataset"] if has_datasets else "",
            row["reporter"],
            row["flow"],
            row.get("level", ""),
            "yearly" if is_mixed and row["freq"] == "A" else "",
        )
        covers = range(1, 13) if is_mixed and row["freq"] == "A" else (row["period"].month,)
        days = {row["period"].replace(month=month): row for month in covers}
        held.setdefault(" ".join(filter(None, words)), {}).update(days)
    return held
