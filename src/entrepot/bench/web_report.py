"""All that was measured of the desk, beside its budgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from entrepot.bench.web import PageTrial, kind_of, kinds_of, pages_timed, serving
from entrepot.bench.web_browser import PaintTrial, is_installed, painted
from entrepot.bench.web_load import Crowd, LoadTrial, read_at_once

# What readers were promised: a page within the time in which an answer feels like one.
P95_MS, PAINT_MS, FIRST_PAGE_KB = 300.0, 1000.0, 500.0


@dataclass(frozen=True, slots=True)
class Painted:
    """One page in the browser, by its kind.

    Args:
        kind: Its kind.
        trial: What the browser measured.
    """

    kind: str
    trial: PaintTrial

    @property
    def paint_ms(self) -> float:
        """First contentful paint, milliseconds."""
        return self.trial.paint_ms

    @property
    def kilobytes(self) -> float:
        """All that travelled, kB."""
        return self.trial.kilobytes


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured.

    Args:
        pages: Every kind of page, one reader at a time.
        paints: The same in a browser; empty where none is installed.
        load: Many readers at once.
    """

    pages: tuple[PageTrial, ...]
    paints: tuple[Painted, ...]
    load: LoadTrial

    def over_budget(self, page: PageTrial) -> float:
        """The slower p95 of a page as a multiple of its budget.

        Args:
            page: The page.
        """
        return max(page.cold.p95, page.warm.p95) / P95_MS

    def notes(self) -> tuple[str, ...]:
        """What the table does not say: the readers at once, the budgets, what was not measured."""
        crowd, load = self.load.crowd, self.load
        failed = ", ".join(f"{count:,} {name}" for name, count in load.errors.items()) or "no error"
        peak = "not known" if load.peak_mb is None else f"{load.peak_mb:,.0f} MB"
        said = [
            f"{crowd.readers:,} readers for {crowd.seconds:g} s, {crowd.pause:g} s between pages: "
            f"{load.took.count:,} pages, {load.pages_per_second:,.1f} a second, "
            f"p50 {load.took.p50:,.0f} ms, p95 {load.took.p95:,.0f} ms; {failed}; peak memory of "
            f"the server {peak}.",
            f"p95 over budget: the slower p95 over {P95_MS:g} ms; above 1 it was missed.",
        ]
        if not self.paints:
            said.append("No browser: Chromium or Playwright is not installed.")
            return tuple(said)
        slowest = max(self.paints, key=lambda one: one.paint_ms)
        away = sum(one.trial.elsewhere_count for one in self.paints)
        first = next(one for one in self.paints if one.kind == "/")
        said.append(
            f"First contentful paint: at most {slowest.paint_ms:,.0f} ms ({slowest.kind}), "
            f"{slowest.paint_ms / PAINT_MS:.2f} of its budget. First page with all it loads: "
            f"{first.kilobytes:,.0f} kB, {first.kilobytes / FIRST_PAGE_KB:.2f} of its budget. "
            f"Requests to other hosts: {away}."
        )
        return tuple(said)


def measure(lake: Path, crowd: tuple[int, float, float, int]) -> Report:
    """Measure the desk over a lake.

    Args:
        lake: The lake; it is not written to.
        crowd: Readers at once, seconds they read, pause between two pages, seed.

    Returns:
        All that was measured.
    """
    with serving(lake) as served:
        kinds = kinds_of(served)
    pages = pages_timed(lake, kinds)
    every = [address for addresses in kinds.values() for address in addresses]
    with serving(lake) as served:
        load = read_at_once(served, every, Crowd(*crowd))
        firsts = [addresses[0] for addresses in kinds.values()]
        trials = painted(served.address, firsts) if is_installed() else []
    paints = tuple(Painted(kind_of(one.address), one) for one in trials)
    return Report(tuple(pages), paints, load)


def report_rows(report: Report) -> pa.Table:
    """The same as rows: one a page, and one for all readers at once.

    Args:
        report: What was measured.

    Returns:
        Times in milliseconds, sizes in kB of a thousand bytes, memory in MB.
    """
    paints = {one.kind: one for one in report.paints}
    rows: list[dict[str, object]] = []
    for page in report.pages:
        paint = paints.get(page.kind)
        rows.append(
            {
                "page": page.kind,
                "cold_count": page.cold.count,
                "cold_p50_ms": page.cold.p50,
                "cold_p95_ms": page.cold.p95,
                "warm_count": page.warm.count,
                "warm_p50_ms": page.warm.p50,
                "warm_p95_ms": page.warm.p95,
                "p95_over_budget": report.over_budget(page),
                "page_kb": page.kilobytes,
                "first_paint_ms": None if paint is None else paint.paint_ms,
                "loaded_kb": None if paint is None else paint.kilobytes,
                "error_count": page.error_count,
            }
        )
    load = report.load
    everybody = {
        "page": f"{load.crowd.readers} readers at once",
        "warm_count": load.took.count,
        "warm_p50_ms": load.took.p50,
        "warm_p95_ms": load.took.p95,
        "error_count": sum(load.errors.values()),
        "pages_per_second": load.pages_per_second,
        "peak_mb": load.peak_mb,
    }
    names = dict.fromkeys((*rows[0], *everybody))
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in names} for row in (*rows, everybody)]
    )
