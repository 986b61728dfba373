"""How well methods find diversion that is known: figures of `entrepot bench`, as seen once."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

SEEN_ON = "22 November 2026"
SEEN_WITH = "0.1.0"
SEEDS = "100 to 102"
COMMAND = "entrepot bench --scenario all --seed 100 --seed 101 --seed 102 --methods all"
NOT_MEASURED = "–"


@dataclass(frozen=True, slots=True)
class Score:
    """What one method scored; every figure as it was seen, empty where it has none.

    Args:
        worlds: Simulated worlds it was scored on.
        method: The method.
        average_precision: Of the ranking of corridors; one is best.
        false_discovery_proportion: Share of the flagged in which nothing was planted; 0.10 asked.
        power: Share of the diverted that was flagged.
        wmape: Error of the value over the value planted.
        coverage_diverted: Share of diverted corridors whose 90 % interval holds the truth.
        coverage_flagged: The same, of flagged ones.
        coverage_totals: The same, of country totals.
        intermediated_error: Error of what arrived and went on, over what was planted.
        ghost_error: Error of what never arrived, over what was planted.
    """

    worlds: str
    method: str
    average_precision: str
    false_discovery_proportion: str
    power: str
    wmape: str
    coverage_diverted: str
    coverage_flagged: str
    coverage_totals: str
    intermediated_error: str
    ghost_error: str


@cache
def benchmark() -> tuple[Score, ...]:
    """The figures, in the order of the README.

    Returns:
        One row a method and kind of worlds.

    Raises:
        ValueError: If the file that was shipped has other columns.

    Example:
        >>> max(benchmark(), key=lambda row: row.average_precision).method
        'fusion of all three'
    """
    text = files("entrepot.dossier").joinpath("benchmark.csv").read_text("utf-8")
    names = [field.name for field in fields(Score)]
    header, *rows = csv.reader(io.StringIO(text))
    if header != names:
        raise ValueError(f"benchmark.csv: header is {header}, expected {names}.")
    return tuple(Score(*row) for row in rows)
