"""Out-flows of one reporter: which partners receive more than all partners' common path allows.

With one leg only, the out-flows, an excess bounds from above what may have been passed on; where
the goods came from is not known. The model is ``a[k,v] g[k,t]``, each control is predicted without
its own window, and p-values and intervals are read among these controls. With n control partners
no p-value lies below ``1 / (n + 1)``, however many cells they have: a partner's cells share shocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from entrepot.diversion.calendar import month_of
from entrepot.diversion.conformal import benjamini_hochberg
from entrepot.diversion.counterfactual import Factors, mask
from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.dispersion import Dispersion, dispersion
from entrepot.diversion.evidence import DONOR_SHARE, FEWEST_DONORS
from entrepot.diversion.intervals import TAIL, places, untreated
from entrepot.diversion.onset import onset
from entrepot.diversion.outflow_panel import OutflowInquiry, OutflowPanel
from entrepot.diversion.outflow_rows import OUTFLOWS, caveats_of, prices_of
from entrepot.diversion.predictive import tune
from entrepot.diversion.score import score
from entrepot.diversion.shrinkage import Shrunk, shrink
from entrepot.diversion.unit_values import two_way
from entrepot.diversion.window import Cells, cells, join, window_mask
from entrepot.rows import arrow_rows

FEWEST_FOR_INTERVAL = 19  # controls: fewer cannot hold both ends of a 90 % interval
TOLD_AT = 0.05  # an onset is told where p is at most this, or the least the controls can give


@dataclass(frozen=True)
class Predictor:
    """What predicts the window of some partners from all the others, or from before it.

    Args:
        panel: The panel.
        start: Index of the first month of the window, for every commodity, shape [K].
        from_donors: Whether the window is learned from other partners.
        fitted: The model without the windows of the partners asked about.
        scatter: Lumps and variances of the months before the event.
    """

    panel: OutflowPanel
    start: Ints
    from_donors: bool
    fitted: Factors
    scatter: Dispersion

    def shrunk(self, held: Bools) -> Shrunk:
        """The model without the windows of some partners.

        Args:
            held: Partners whose windows are not looked at, shape [V].

        Returns:
            Shrunk factors.
        """
        cube = self.panel.cube
        seen = mask(cube, np.tile(held, (cube.shape[0], 1)), self.start)
        fitted = two_way(self.panel.values, seen.dense(slice(0, cube.shape[0])), self.fitted)
        return shrink(cube, seen, fitted, self.scatter, self.start)

    def predicted(self, wanted: Bools) -> Cells:
        """Windows of some partners, predicted without them and without those asked about.

        Args:
            wanted: The partners, shape [V].

        Returns:
            Their cells, of commodities in force in the window.
        """
        cube = self.panel.cube
        held = wanted | self.panel.is_tested if self.from_donors else np.ones_like(wanted)
        alive = window_mask(cube, self.start).sum(axis=1) > 0
        which = alive[:, None] & wanted[None, :]
        return cells(cube, self.shrunk(held), self.scatter, self.start, which)


def predictor(panel: OutflowPanel) -> Predictor:
    """Choose the design and fit what does not depend on the partner that is left out.

    The window is learned from other partners where at least half of the commodities have three of
    them in it, else the months before are carried on flat.

    Args:
        panel: The panel.

    Returns:
        The predictor.
    """
    cube = panel.cube
    start = np.full(cube.shape[0], panel.first)
    in_window = (panel.values[:, ~panel.is_tested, panel.first :] > 0).any(axis=2).sum(axis=1)
    has_donors = bool((in_window >= FEWEST_DONORS).mean() >= DONOR_SHARE)
    held = panel.is_tested if has_donors else np.ones_like(panel.is_tested)
    seen = mask(cube, np.tile(held, (cube.shape[0], 1)), start)
    fitted = two_way(panel.values, seen.dense(slice(0, cube.shape[0])))
    return Predictor(panel, start, has_donors, fitted, dispersion(cube, seen, fitted, start))


def estimate_outflows(panel: OutflowPanel, inquiry: OutflowInquiry) -> pa.Table:
    """Test the partners asked about against all the others.

    Args:
        panel: The panel.
        inquiry: The question.

    Returns:
        Rows of :data:`entrepot.diversion.outflow_rows.OUTFLOWS`, the largest excess first. An
        interval is open where fewer than 19 controls could make it, a p-value where there is none.
    """
    model = predictor(panel)
    columns = np.arange(panel.cube.shape[1])
    tested = model.predicted(panel.is_tested)
    nobody = tested.take(np.zeros(len(tested), dtype=bool))
    alone = [model.predicted(columns == column) for column in columns[~panel.is_tested]]
    table = _rows(model, inquiry, _concluded(tested, join([nobody, *alone]), inquiry.seed))
    return table.sort_by([("excess", "descending"), ("partner", "ascending")])


@dataclass(frozen=True)
class _Concluded:
    """Tested cells with p-values, ends of the excess, and how many controls stand behind them."""

    cells: Cells
    p_value: Floats
    low: Floats
    high: Floats
    control_count: int
    partner_count: int


def _concluded(tested: Cells, control: Cells, seed: int) -> _Concluded:
    """Rank what can be ranked; goods nobody received before the event have nothing to rank on."""
    control = control.take(control.mean > 0)
    can_rank = tested.mean > 0
    count, partners = len(control), len(np.unique(control.column))
    p_value, low, high = (np.full(len(tested), np.nan) for _ in range(3))
    if can_rank.any() and count:
        mine, scales = tested.take(can_rank), tune(control)
        least = 1 / (partners + 1)
        p_value[can_rank] = np.maximum(score(mine, control, scales).p_value, least)
        if count >= FEWEST_FOR_INTERVAL:
            drawn = untreated(mine, scales, places(control, scales, seed), seed + 11)
            ends = np.quantile(mine.observed[:, None] - drawn, [TAIL, 1 - TAIL], axis=1)
            point = mine.observed - mine.mean
            low[can_rank] = np.minimum(ends[0], point)
            high[can_rank] = np.maximum(ends[1], point)
    return _Concluded(tested, p_value, low, high, count, partners)


def _rows(model: Predictor, inquiry: OutflowInquiry, part: _Concluded) -> pa.Table:
    panel, found, low, high = model.panel, part.cells, part.low, part.high
    columns: dict[str, object] = {
        "reporter": inquiry.reporter,
        "partner": panel.cube.partners[found.column],
        "flow": inquiry.flow,
        "classification": panel.classification,
        "commodity": panel.cube.commodities[found.row],
        "window_start": month_of(panel.cube.periods, panel.first),
        "window_end": month_of(panel.cube.periods, -1),
        "design": "donors" if model.from_donors else "history",
        "observed": found.observed,
        "expected": found.mean,
        "expected_low": found.observed - high,
        "expected_high": found.observed - low,
        "excess": found.observed - found.mean,
        "excess_low": low,
        "excess_high": high,
        # One leg, and the last: anything from nothing to the whole excess came from elsewhere.
        "intermediated_low": 0.0,
        "intermediated_high": np.maximum(high, 0.0),
        "p_value": part.p_value,
        "q_value": _adjusted(part.p_value),
        "control_count": part.control_count,
        "control_partner_count": part.partner_count,
        "unit": panel.unit,
        "caveats": caveats_of(panel, found, part.partner_count, model.from_donors),
    }
    when = _onsets(model, part)
    return arrow_rows(OUTFLOWS, len(found), columns | when | prices_of(panel, found))


def _adjusted(p_value: Floats) -> Floats:
    q_value = np.full(len(p_value), np.nan)
    known = np.isfinite(p_value)
    q_value[known] = benjamini_hochberg(p_value[known])
    return q_value


def _onsets(model: Predictor, part: _Concluded) -> dict[str, object]:
    """Onsets of the cells whose p-value is small; a step needs something expected to step from."""
    cube, found = model.panel.cube, part.cells
    held = model.panel.is_tested if model.from_donors else np.ones_like(model.panel.is_tested)
    factors = model.shrunk(held).factors
    told = part.p_value <= max(TOLD_AT, 1 / (part.partner_count + 1))
    where = (found.row[told], found.column[told])
    when = onset(cube, factors, where, model.scatter.lump, model.panel.first)

    def day(index: Ints) -> NDArray[np.datetime64]:
        days = np.full(len(found), np.datetime64("NaT", "D"))
        steps = cube.periods.astype("datetime64[D]")[np.maximum(index, 0)]
        days[told] = np.where(index >= 0, steps, np.datetime64("NaT"))
        return days

    return {
        "onset": day(when.month),
        "onset_low": day(when.earliest),
        "onset_high": day(when.latest),
    }
