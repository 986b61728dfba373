"""The cost curve as a page: the machine, a log-log chart, the table behind it, what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from entrepot.bench.chart_specs import COLOURS, DASHES
from entrepot.bench.scale import DONE, CostCurve, curve_rows, speedups
from entrepot.dossier.chart_file import Chart, chart_bytes
from entrepot.dossier.figure import DataTable, Figure
from entrepot.dossier.specs import CONFIG, Spec

Row = Mapping[str, Any]
WORDS = {
    "ingest": "files into the lake",
    "panel": "lake to arrays",
    "fit": "PPML, margins and 20 iterations",
    "folds": "six control folds",
    "fusion": "three legs read, fused and drawn",
    "world": "a world run, lake to rows",
    "sql": "20 iterations in SQL (DuckDB)",
    "pyfixest": "pyfixest.fepois to convergence",
}
WIDTH, HEIGHT = 640, 420


def write_page(curve: CostCurve, path: Path) -> tuple[Path, Path]:
    """Write the page, and its chart beside it.

    Args:
        curve: What was measured.
        path: The page, Markdown; the chart has the same name and ends in ``.svg``.

    Returns:
        Both files.
    """
    chart = path.with_suffix(".svg")
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = curve_rows(curve).to_pylist()
    chart.write_bytes(chart_bytes(Chart(_figure(rows), chart_spec(rows)), "svg"))
    path.write_text("\n".join(_lines(curve, rows, chart.name)) + "\n", "utf-8")
    return path, chart


def chart_spec(rows: list[dict[str, Any]]) -> Spec:
    """Seconds over live cells, both in powers of ten, one line a stage; Vega-Lite.

    Args:
        rows: Rows of :func:`entrepot.bench.scale.curve_rows`.

    Returns:
        The description; stages differ by colour, dash and a name at the end of their line.
    """
    done = [row for row in rows if row["outcome"] == DONE]
    names = [WORDS[name] for name in WORDS if any(row["stage"] == name for row in done)]
    points = [
        {"cells": row["cells"], "seconds": row["seconds"], "stage": WORDS[row["stage"]]}
        for row in done
    ]
    log = {"type": "quantitative", "scale": {"type": "log"}}
    key = {"field": "stage", "type": "nominal", "title": None}
    colours = {"domain": names, "range": [COLOURS[n % 8] for n in range(len(names))]}
    dashes = {"domain": names, "range": [DASHES[n % 8] for n in range(len(names))]}
    legend = {"symbolType": "stroke", "symbolStrokeWidth": 2, "symbolSize": 500, "labelLimit": 260}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "width": WIDTH,
        "height": HEIGHT,
        "background": "white",
        "data": {"values": points},
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 30}},
        "encoding": {
            "x": {"field": "cells", "title": "live cells", "axis": {"format": "~s"}, **log},
            "y": {"field": "seconds", "title": "seconds", "axis": {"format": "~g"}, **log},
            "color": {**key, "scale": colours, "legend": legend},
            "strokeDash": {**key, "scale": dashes, "legend": legend},
        },
    }


def _lines(curve: CostCurve, rows: list[dict[str, Any]], chart: str) -> Iterator[str]:
    where = curve.machine
    yield "# How it grows with the data"
    yield ""
    yield "<!-- Written by `make bench-scale`: measure again, do not edit. -->"
    yield ""
    yield (
        f"Measured on {where.cores} cores of {where.processor}, {where.memory_gb:g} GB, "
        f"{where.system}; {where.versions}. Copying a large array moves "
        f"{where.copy_gb_per_second:g} GB/s (read and written, one core): *times the limit* is a "
        "stage's time over that of copying the bytes it has to move at least. Times differ "
        "between machines and hours; ratios less so. Each stage ran in a process of its own, "
        f"{curve.limit:g} s at most."
    )
    yield ""
    yield f"![{_alternative(rows)}]({chart})"
    yield ""
    yield from _table(rows)
    yield ""
    yield from _said(curve, rows)


def _figure(rows: list[dict[str, Any]]) -> Figure:
    header = ("live cells", "stage", "seconds")
    done = [row for row in rows if row["outcome"] == DONE]
    numbers = tuple((f"{r['cells']:,}", WORDS[r["stage"]], f"{r['seconds']:.3g}") for r in done)
    title = "Seconds over live cells"
    table = DataTable(title, header, numbers)
    return Figure("scale", title, "both logarithmic", _alternative(rows), "", (), table)


def _alternative(rows: list[dict[str, Any]]) -> str:
    """What the chart shows, for those who do not see it."""
    largest = max((row["cells"] for row in rows if row["outcome"] == DONE), default=0)
    told = ", ".join(
        f"{WORDS[row['stage']]} {row['seconds']:,.3g} s"
        for row in rows
        if row["cells"] == largest and row["outcome"] == DONE
    )
    return f"Seconds over live cells, both logarithmic. At {largest:,} cells: {told}."


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| live cells | stage | seconds | peak, MB | times the limit | what |"
    yield "| ---: | --- | ---: | ---: | ---: | --- |"
    for row in rows:
        if row["outcome"] != DONE:
            outcome = f"{row['outcome']} ({row['note']})"
            yield f"| {row['cells']:,} | {WORDS[row['stage']]} | {outcome} | | | |"
            continue
        over = "" if row["over_limit"] is None else f"{row['over_limit']:,.1f}"
        memory = "" if row["peak_mb"] is None else f"{row['peak_mb']:,.0f}"
        yield (
            f"| {row['cells']:,} | {WORDS[row['stage']]} | {row['seconds']:,.3g} | {memory} | "
            f"{over} | {row['count']:,} {row['note']} |"
        )


def _said(curve: CostCurve, rows: list[dict[str, Any]]) -> Iterator[str]:
    ratios = speedups(curve)
    if ratios:
        told = ", ".join(f"{ratio:,.0f} times at {cells:,}" for cells, ratio in ratios.items())
        yield (
            f"`pyfixest.fepois` takes longer than our fit to convergence by {told} cells; the "
            "largest relative difference of fitted values stands in its row. It and the SQL see "
            "the same cells, those the mask lets through."
        )
        yield ""
    yield (
        "Panels are drawn from the model in whole shipments: 84 months, partners by the cube root "
        "of the cells up to 200, three tenths of the goods listed, eight candidates. *Ingest* "
        "reads them as Comext's monthly files of one reporter, every line checked; each of the 84 "
        "files costs about a fifth of a second before its first line. *Panel* is the whole way "
        "from the lake to arrays. *PPML* under a second is the quickest of three goes. *Folds* are "
        "the refits alone, shrinkage included, each started from the full fit. *Fusion* takes one "
        "corridor for "
        "every 252 cells, which is about what a world run asks, all partners as candidates; it "
        "holds about 3 kB for each. *A world run* is `detect` with every partner a candidate, "
        "from the lake to the rows of leads and series; with nobody left to learn from, each "
        "corridor's history has to do. Nothing is compiled: NumPy stays within the limits that "
        "were set, so numba was not added."
    )
