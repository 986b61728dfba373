"""Rows of a run's checks: numbers, sentences, and control corridors that look diverted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from entrepot.diversion.checks import Checks
from entrepot.diversion.diagnostic import as_finding, measure_rows
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.result_rows import corridor
from entrepot.diversion.trimming import Trimming
from entrepot.rows import arrow_rows
from entrepot.schema import Table
from entrepot.tables import DIAGNOSTICS, FINDINGS, LEADS

HIDDEN = "control"  # kind of a lead in a country that was taken for a control


def rows_of_checks(
    checks: Checks, estimate: Estimate, name: str, caveats: str
) -> list[tuple[Table, pa.Table]]:
    """All rows the checks of a run leave in the lake.

    Args:
        checks: The checks.
        estimate: The estimate they were made of.
        name: The run id.
        caveats: Caveats of every lead of the run, separated by spaces.

    Returns:
        Rows of ``diagnostics``, ``findings`` and ``leads``.
    """
    numbers = [
        row
        for bracket, found in checks.found.items()
        for one in found
        for row in measure_rows(one, bracket)
    ]
    said = [
        as_finding(one, bracket, name).row()
        for bracket, found in checks.found.items()
        for one in found
    ]
    names = ("bracket", "diagnostic", "measure", "label", "value", "unit")
    columns = {part: [row[place] for row in numbers] for place, part in enumerate(names)}
    sentences = {part: [row[part] for row in said] for part in FINDINGS.column_names}
    found = [
        (DIAGNOSTICS, arrow_rows(DIAGNOSTICS, len(numbers), {"run_id": name, **columns})),
        (FINDINGS, arrow_rows(FINDINGS, len(said), sentences)),
    ]
    if checks.trimmed is not None:
        leads = _hidden(checks.trimmed, checks.trimmed_in, estimate, (name, caveats))
        found.append((LEADS, leads))
    return found


def _hidden(
    trimmed: Trimming, bracket: Bracket, estimate: Estimate, of_run: tuple[str, str]
) -> pa.Table:
    """Control corridors that look diverted, as leads of their own kind."""
    name, caveats = of_run
    cells, cube = trimmed.cells, estimate.panel.cube
    excess = cells.observed - cells.mean
    columns = corridor(estimate, name, bracket) | {
        "kind": HIDDEN,
        "intermediary": cube.partners[cells.column],
        "commodity": cube.commodities[cells.row],
        "window_start": cube.periods[estimate.panel.design.start[cells.row]],
        "window_end": cube.periods[np.full(len(cells), cube.shape[2] - 1)],
        "legs": "U",
        "observed": cells.observed,
        "expected": cells.mean,
        "excess": excess,
        "diverted_low": np.zeros(len(cells)),
        "diverted_high": np.maximum(excess, 0.0),
        "lost_direct": estimate.direct.lost[cells.row],
        "score": trimmed.z,
        "p_value": trimmed.p_value,
        "is_flagged": np.ones(len(cells), dtype=bool),
        "caveats": " ".join(["upstream_only", caveats]).strip(),
    }
    return arrow_rows(LEADS, len(cells), columns)
