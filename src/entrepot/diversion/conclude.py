"""From evidence to conclusions: p-values, intervals and totals of one bracket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.diversion.conformal import NEAREST, benjamini_hochberg, fcr_level, local_fdr
from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.evidence import Evidence
from entrepot.diversion.intervals import LEVEL, TAIL, Places, places, untreated
from entrepot.diversion.predictive import Scales, shape, tune
from entrepot.diversion.score import Scored, score
from entrepot.diversion.totals import Tally
from entrepot.diversion.window import Cells
from entrepot.errors import EstimateError

NORMAL_90 = 1.645
CHUNK = 4_000
FEWEST_CONTROLS = 100  # fewer give no p-value below 0.01
FLAGGED_REPEATS = 10  # blocks of draws for flagged corridors, whose levels lie far out


@dataclass(frozen=True)
class Shock:
    """How far whole partners strayed from their expectation where nothing was diverted.

    Args:
        drift: Median over control partners of ``log(S / M)``.
        drift_error: Standard error of that median, shared by all partners where growth is carried.
        spread: Standard deviation of the shock common to a partner, as a share.
        partner_count: Control partners behind the two.
    """

    drift: float
    drift_error: float
    spread: float
    partner_count: int


@dataclass(frozen=True)
class Conclusion:
    """What one bracket concludes, one entry per tested corridor.

    Args:
        cells: The corridors, with expectations after drift.
        scored: Scores and p-values.
        q_value: Adjusted p-values, shape [n].
        local_fdr: Local false discovery rates, shape [n].
        is_flagged: ``q_value <= fdr``, shape [n].
        excess: Ends of the 90 % interval of the excess, shape [n, 2].
        discounted: Excess discounted by the local FDR: median and ends, shape [n, 3].
        selected: Ends of the interval corrected for selection, NaN where not flagged and where so
            few are flagged that the level lies beyond what the controls can tell, [n, 2].
        tally: Draws of totals.
        shock: The partner shock.
        growth: Factor by which expectations were carried on with the controls' growth.
        scales: Scales of the predictive distribution.
    """

    cells: Cells
    scored: Scored
    q_value: Floats
    local_fdr: Floats
    is_flagged: Bools
    excess: Floats
    discounted: Floats
    selected: Floats
    tally: Tally
    shock: Shock
    growth: float
    scales: Scales


def partner_growth(stand_in: Cells) -> tuple[float, float]:
    """How much control partners' listed trade grew beyond its expectation, in the median.

    Args:
        stand_in: Control partners' corridors.

    Returns:
        Median of ``log(S / M)`` over partners, and its standard error
        ``1.2533 * 1.4826 MAD / sqrt(n)``; zeros where there is no partner.
    """
    observed, mean = _by_partner(stand_in, stand_in.observed), _by_partner(stand_in, stand_in.mean)
    known = (observed > 0) & (mean > 0)
    if not known.any():
        return 0.0, 0.0
    logs = np.log(observed[known] / mean[known])
    middle = float(np.median(logs))
    sd = 1.4826 * float(np.median(np.abs(logs - middle)))
    return middle, 1.2533 * sd / float(np.sqrt(len(logs)))


def partner_spread(stand_in: Cells, scales: Scales) -> float:
    """The smallest common shock under which 90 % intervals cover 90 % of control partners.

    A partner with sums S and M and corridors of variance v needs
    ``s^2 M^2 = ((S - M) / 1.645)^2 - v``; the answer is the ``ceil(0.9 (n + 1))``-th smallest s,
    or the largest where there are fewer than nine partners, which then covers n / (n + 1).

    Args:
        stand_in: Control partners' corridors, expectations after drift.
        scales: Tuned scales.

    Returns:
        Standard deviation of the shock, as a share of a partner's expected trade.
    """
    observed, mean = _by_partner(stand_in, stand_in.observed), _by_partner(stand_in, stand_in.mean)
    known = mean > 0
    form = shape(stand_in, scales)
    variance = _by_partner(stand_in, form.unit**2 * (2 * form.mean + form.mean**2 / form.count))
    missing = (((observed - mean) / NORMAL_90) ** 2 - variance)[known]
    need = np.sort(np.sqrt(np.maximum(missing, 0.0)) / mean[known])
    if len(need) == 0:
        return 0.0
    rank = min(int(np.ceil(LEVEL * (len(need) + 1))), len(need))
    return float(need[rank - 1])


def _by_partner(cells: Cells, value: Floats) -> Floats:
    sums: Floats = np.bincount(cells.column, weights=value).astype(np.float64)
    return sums


def conclude(
    evidence: Evidence, tally: Tally, *, carries_drift: bool, fdr: float, seed: int
) -> Conclusion:
    """Test every corridor, draw its untreated trade, and add up the totals.

    Args:
        evidence: Corridors and controls of one bracket.
        tally: Empty totals to draw into.
        carries_drift: Whether the expectation takes the controls' median growth with it, as it
            must where no donor shows the window's own growth.
        fdr: False discovery rate.
        seed: Seed of the draws.

    Returns:
        The conclusion.

    Raises:
        EstimateError: If nothing is left to test, or too few controls to calibrate on.
    """
    drift, drift_error = partner_growth(evidence.stand_in)
    growth = float(np.exp(drift)) if carries_drift else 1.0
    tested = evidence.tested.take(evidence.tested.mean > 0).scaled(growth)
    control = evidence.control.take(evidence.control.mean > 0).scaled(growth)
    if len(tested) == 0 or len(control) < FEWEST_CONTROLS:
        raise EstimateError(
            f"{len(tested):,} corridors are left to test and {len(control):,} controls to "
            f"calibrate on, expected at least 1 and {FEWEST_CONTROLS}. Ingest more commodities, "
            "partners or months."
        )
    scales = tune(control)
    spread = partner_spread(evidence.stand_in.scaled(growth), scales)
    count = len(np.unique(evidence.stand_in.column))
    shock = Shock(drift, drift_error if carries_drift else 0.0, spread, count)
    scored = score(tested, control, scales)
    q_value = benjamini_hochberg(scored.p_value)
    is_flagged = q_value <= fdr
    chance = local_fdr(scored.p_value)
    where = places(control, scales, seed)
    excess, discounted = _intervals(tested, (scales, where), chance, tally, seed)
    tally.add_shock(shock.spread, shock.drift_error, seed)
    return Conclusion(
        cells=tested,
        scored=scored,
        q_value=q_value,
        local_fdr=chance,
        is_flagged=is_flagged,
        excess=excess,
        discounted=discounted,
        selected=_selected(tested, is_flagged, excess, (scales, where), (fdr, seed)),
        tally=tally,
        shock=shock,
        growth=growth,
        scales=scales,
    )


def _intervals(
    tested: Cells, predictive: tuple[Scales, Places], chance: Floats, tally: Tally, seed: int
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed + 7)
    excess, discounted = np.empty((len(tested), 2)), np.empty((len(tested), 3))
    for lo in range(0, len(tested), CHUNK):
        index = np.arange(lo, min(lo + CHUNK, len(tested)))
        part = tested.take(index)
        drawn = part.observed[:, None] - untreated(part, *predictive, seed + 11 + lo)
        tally.add(part, drawn)
        ends = np.quantile(drawn, [TAIL, 1 - TAIL], axis=1)
        point = part.observed - part.mean
        excess[index] = np.column_stack((np.minimum(ends[0], point), np.maximum(ends[1], point)))
        is_noise = rng.random(drawn.shape) < chance[index, None]
        mixed = np.where(is_noise, 0.0, np.maximum(drawn, 0.0))
        discounted[index] = np.quantile(mixed, [0.5, TAIL, 1 - TAIL], axis=1).T
    return excess, discounted


def _selected(
    tested: Cells,
    is_flagged: Bools,
    excess: Floats,
    predictive: tuple[Scales, Places],
    error_rate: tuple[float, int],
) -> Floats:
    """Ends at the level that corrects for selection, from more draws: the level lies far out."""
    fdr, seed = error_rate
    ends = np.full((len(tested), 2), np.nan)
    tail = (1 - fcr_level(is_flagged, fdr)) / 2
    # The places of n controls say nothing of a tail thinner than 1 / n.
    if not is_flagged.any() or tail * min(NEAREST, len(predictive[1].place)) < 1:
        return ends
    flagged = tested.take(is_flagged)
    blocks = [
        untreated(flagged, *predictive, seed + 1_000_003 * (turn + 1))
        for turn in range(FLAGGED_REPEATS)
    ]
    drawn = flagged.observed[:, None] - np.concatenate(blocks, axis=1)
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1)
    ends[is_flagged, 0] = np.minimum(low, excess[is_flagged, 0])
    ends[is_flagged, 1] = np.maximum(high, excess[is_flagged, 1])
    return ends
