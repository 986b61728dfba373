"""Whether the chances of diversion mean what they say: planted in controls, and read again.

Controls hold no diversion, so what is planted in some of them is known. The legs are fused as in
the run, and corridors said to divert with a chance of 0.9 should be the planted ones nine times in
ten. It tells of likelihoods and noise; growth of their own that candidates have and controls have
not, it cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from entrepot.diversion.cube import Bools, Floats
from entrepot.diversion.density import Tail
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.downstream import MARK_UPS
from entrepot.diversion.fusion import Mirror, legs_of
from entrepot.diversion.latent import BINS, MIXES, Posterior, fuse
from entrepot.diversion.predictive import Scales
from entrepot.diversion.window import Cells
from entrepot.finding import Outcome

EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
MOST_CONTROLS = 1_500
FEWEST_CONTROLS = 200
PLANTED_SHARE = (0.05, 0.5)  # share of controls planted: that of the run, kept within these
SLACK = 0.1  # a bin of chances may lie this far from what was planted


@dataclass(frozen=True)
class _Planted:
    """Controls with what was planted in them."""

    cells: Cells
    mirror: Mirror
    is_planted: Bools


def posterior_calibration(
    control: Cells,
    upstream: tuple[Scales, Tail],
    lost: Floats,
    mirror: Mirror,
    run: tuple[Posterior, int],
) -> Diagnostic:
    """Plant diversion in held-out controls of listed goods and read the chances again.

    Args:
        control: Held-out controls in the run's window, expectations after drift.
        upstream: Scales and wide part of the upstream leg.
        lost: Lost direct exports of each commodity, shape [K].
        mirror: The second legs.
        run: The run's posterior, whose weights and sizes are planted, and seed.

    Returns:
        Mean chance and share planted by bin of chances.
    """
    posterior, seed = run
    rng = np.random.default_rng(seed + 307)
    usable = np.flatnonzero((control.mean > 0) & (lost[control.row] > 0))
    if len(usable) < FEWEST_CONTROLS:
        return Diagnostic(
            "posterior_calibration",
            "unknown",
            f"The chances of diversion could not be checked: {len(usable)} controls of goods whose "
            f"direct trade fell, and {FEWEST_CONTROLS} are needed.",
            (),
        )
    chosen = rng.permutation(usable)[:MOST_CONTROLS]
    planted = _plant(control.take(np.sort(chosen)), lost, mirror, posterior, rng)
    cells = planted.cells
    legs, _, _ = legs_of(cells, upstream, lost[cells.row], planted.mirror)
    return _table(fuse(legs).probability, planted.is_planted)


def _plant(
    cells: Cells, lost: Floats, mirror: Mirror, posterior: Posterior, rng: np.random.Generator
) -> _Planted:
    count = len(cells)
    ways = posterior.weight[2:]
    is_planted = rng.random(count) < np.clip(ways.sum(), *PLANTED_SHARE)
    place = rng.choice(len(posterior.bins), count, p=posterior.bins)
    size = np.exp(BINS[place] + rng.random(count) * np.diff(BINS)[place]) * lost[cells.row]
    excess = np.where(is_planted, size, 0.0)
    way = rng.choice(3, count, p=ways / ways.sum())
    arrives = np.where(way == 0, 1.0, np.where(way == 1, 0.0, rng.choice(MIXES, count)))
    where = (cells.row, cells.column)
    changed = replace(mirror)
    if mirror.arrivals is not None:
        of = mirror.arrivals
        seen = np.divide(
            of.sent[where], cells.observed, out=np.ones(count), where=cells.observed > 0
        )
        sent, recorded = of.sent.copy(), of.recorded.copy()
        sent[where] += excess * np.minimum(seen, 1.0)
        recorded[where] += of.share[where] * excess * arrives * np.minimum(seen, 1.0)
        changed = replace(changed, arrivals=replace(of, sent=sent, recorded=recorded))
    if mirror.sales is not None:
        sold = np.zeros(mirror.sales_seen.shape)
        sold[where] = excess * arrives * rng.choice(MARK_UPS, count) * mirror.sales_seen[where]
        sales = mirror.sales.control
        more = replace(sales, observed=sales.observed + sold[sales.row, sales.column])
        changed = replace(changed, sales=replace(mirror.sales, tested=more))
    return _Planted(replace(cells, observed=cells.observed + excess), changed, is_planted)


def _table(probability: Floats, is_planted: Bools) -> Diagnostic:
    place = np.clip(np.digitize(probability, EDGES) - 1, 0, len(EDGES) - 2)
    measures, worst = [], 0.0
    for index in np.unique(place):
        mine = place == index
        said, true = float(probability[mine].mean()), float(is_planted[mine].mean())
        label = f"{EDGES[index]:.2f}-{EDGES[index + 1]:.2f}"
        measures.append(Measure("chance_said", label, said, "1"))
        measures.append(Measure("share_planted", label, true, "1"))
        measures.append(Measure("corridors", label, float(mine.sum()), "corridors"))
        # A bin of few corridors strays by itself: twice its standard error is granted.
        noise = 2 * np.sqrt(max(said * (1 - said), 0.01) / mine.sum())
        worst = max(worst, abs(said - true) - noise)
    outcome: Outcome = "clear" if worst <= SLACK else "flagged"
    high = probability >= EDGES[-2]
    sure = (
        f"of {int(high.sum()):,} said to divert with a chance of {EDGES[-2]:.0%} or more, "
        f"{float(is_planted[high].mean()):.0%} were"
        if high.any()
        else f"none was said to divert with a chance of {EDGES[-2]:.0%} or more"
    )
    detail = (
        f"With diversion planted in {int(is_planted.sum()):,} of {len(is_planted):,} control "
        f"corridors, {sure}; the farthest bin of chances lies {max(worst, 0.0):.2f} beyond its own "
        "noise from the share planted."
    )
    return Diagnostic(
        "posterior_calibration",
        outcome,
        detail,
        tuple(measures),
        observed=float(is_planted[high].mean()) if high.any() else None,
        expected=float(probability[high].mean()) if high.any() else None,
        unit="1",
    )
