"""Rows of ``series``: observed and expected trade, month by month, with bands in the window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import pyarrow as pa

from entrepot.diversion.conclude import Conclusion
from entrepot.diversion.cube import Bools
from entrepot.diversion.estimate import Estimate
from entrepot.diversion.evidence import Bracket
from entrepot.diversion.leg_series import Leg, second_leg_lines
from entrepot.diversion.result_rows import corridor
from entrepot.diversion.series_lines import (
    Lines,
    expected_by_month,
    in_window,
    line_rows,
    observed_by_month,
    spread_by_month,
)

LINES = 4_000  # corridors whose rows are laid out at once


def series_rows(estimate: Estimate, run_id: str) -> Iterator[pa.Table]:
    """Monthly series of every tested corridor on every leg it has, of countries, of direct trade.

    Args:
        estimate: The estimate.
        run_id: The run.

    Yields:
        Rows of ``series``, some thousand corridors at a time. Bands stand in the window only;
        those of single months are read off a gamma distribution with the predictive mean and
        variance. A month that the partner did not publish is open. The country's sum of a second
        leg adds up the corridors that have it.
    """
    for leg in chain(_upstream_legs(estimate), second_leg_lines(estimate)):
        yield from _cell_rows(estimate, run_id, leg)
        yield _country_rows(estimate, run_id, leg)
    yield _direct_rows(estimate, run_id)


def _upstream_legs(estimate: Estimate) -> Iterator[Leg]:
    for name, found in estimate.conclusions.items():
        yield "upstream", name, found.cells, _upstream(estimate, name, found), _shock(found)


def _upstream(estimate: Estimate, bracket: Bracket, found: Conclusion) -> Lines:
    cube, cells = estimate.panel.cube, found.cells
    where = (cells.row, cells.column)
    expected = expected_by_month(cube, estimate.evidence[bracket].factors, where)
    # Growth of the controls is carried into the window, and into nothing else.
    window = in_window(cube, estimate.panel.design.start)[cells.row]
    expected = np.where(window, expected * found.growth, expected)
    variance = spread_by_month(cells, found.scales, expected)
    return Lines(observed_by_month(cube, where), expected, variance)


def _shock(found: Conclusion) -> float:
    return float(np.hypot(found.shock.spread, found.shock.drift_error))


def _cell_rows(estimate: Estimate, run_id: str, leg: Leg) -> Iterator[pa.Table]:
    _, _, cells, lines, _ = leg
    cube, base = estimate.panel.cube, _base(estimate, run_id, leg)
    is_open = in_window(cube, estimate.panel.design.start)
    for first in range(0, len(cells), LINES):
        some = slice(first, first + LINES)
        part = cells.take(some)
        names = (cube.partners[part.column], cube.commodities[part.row])
        yield line_rows(base, cube, names, lines.take(some), is_open[part.row])


def _country_rows(estimate: Estimate, run_id: str, leg: Leg) -> pa.Table:
    """All listed goods of each country that have the leg, with the shock its goods share."""
    _, _, cells, lines, shock = leg
    cube = estimate.panel.cube
    columns, at = np.unique(cells.column, return_inverse=True)
    total = lines.summed(at, len(columns))
    variance = total.variance + (shock * total.expected) ** 2
    names = (cube.partners[columns], np.full(len(columns), "_T"))
    whole = Lines(total.observed, total.expected, variance)
    window = _after(estimate, len(columns))
    return line_rows(_base(estimate, run_id, leg), cube, names, whole, window)


def _base(estimate: Estimate, run_id: str, leg: Leg) -> dict[str, object]:
    """Columns of a leg; importers' records name no valuation that would hold for all of them."""
    name, bracket, *_ = leg
    base = corridor(estimate, run_id, bracket) | {"leg": name}
    by_importer = name == "arrival" or (
        name == "downstream" and estimate.legs.downstream_basis == "importer"
    )
    return base | {"unit": estimate.panel.currency.split()[0]} if by_importer else base


def _after(estimate: Estimate, count: int) -> Bools:
    window = np.zeros((count, estimate.panel.cube.shape[2]), dtype=bool)
    window[:, estimate.panel.first :] = True
    return window


def _direct_rows(estimate: Estimate, run_id: str) -> pa.Table:
    panel = estimate.panel
    listed = np.flatnonzero(panel.design.is_listed & (panel.direct.sum(axis=1) > 0))
    seen = panel.cube.is_reported.all(axis=0)
    observed = np.where(seen, panel.direct[listed], np.nan)
    expected = estimate.direct.expected[listed]
    goods = np.append(panel.cube.commodities[listed], "_T")
    lines = Lines(
        np.vstack((observed, observed.sum(axis=0))),
        np.vstack((expected, expected.sum(axis=0))),
        np.zeros((len(goods), observed.shape[1])),
    )
    names = np.full(len(goods), estimate.inquiry.destination)
    window = np.zeros(lines.observed.shape, dtype=bool)
    base = corridor(estimate, run_id, "common") | {"leg": "direct"}
    return line_rows(base, panel.cube, (names, goods), lines, window)
