"""The downstream leg: what an intermediary sold on to the destination beyond what it usually does.

The same estimator as upstream gives the expectation. Of the goods that went on, the sale shows
``kappa`` times their value: a mark-up nobody knows, taken as one of four. A sale may rise for
reasons of its own (goods from elsewhere), so a share of windows is expected a half to three times
larger.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import logsumexp

from entrepot.diversion.cube import Bools, Floats, Ints
from entrepot.diversion.density import Tail, log_binomial, log_density
from entrepot.diversion.predictive import Scales, shape
from entrepot.diversion.window import Cells

MARK_UPS = (1.0, 1.15, 1.3, 1.5)
LATE = 0.15  # share of the sale that may come after the window
OWN_RISES = (1.3, 1.7, 2.2, 3.0)
OWN_RISE_SHARE = 0.05
# Share of sales within a customs union that is recorded, and its chance.
RECORDED = {0.0: 0.5, 0.25: 0.125, 0.5: 0.125, 0.75: 0.125, 1.0: 0.125}
IMPOSSIBLE = -60.0  # log density of a sale smaller than what would have to be in it


@dataclass(frozen=True)
class Onward:
    """Sales to the destination of some corridors, shape [n] each.

    Args:
        observed: Declared sales in the window, currency.
        mean: Expected sales, currency; 1 where there is no record.
        unit: Currency per effective shipment.
        count: One over the relative variance of the rate.
        seen_share: Share of what was sent in months whose sales were published.
        is_known: Whether sales were published and an expectation exists.
        is_lower_bound: Whether sales are recorded in part only, as within a customs union.
    """

    observed: Floats
    mean: Floats
    unit: Floats
    count: Floats
    seen_share: Floats
    is_known: Bools
    is_lower_bound: Bools


def onward(
    sales: Cells,
    scales: Scales,
    where: tuple[Ints, Ints],
    size: tuple[int, int],
    seen_share: Floats,
    is_lower_bound: Bools,
) -> Onward:
    """Find the sales of some corridors.

    Args:
        sales: Sales and their expectations, in any order.
        scales: Scales tuned on control sales.
        where: Commodity and partner of the corridors wanted, shape [n].
        size: Number of commodities and partners.
        seen_share: Share of what was sent in months whose sales were published, shape [n].
        is_lower_bound: Partners whose sales are recorded in part only, shape [V].

    Returns:
        Their sales; not known where there is no expectation, or nothing sent in published months.
    """
    place = np.full(size, -1)
    usable = np.flatnonzero(sales.mean > 0)
    place[sales.row[usable], sales.column[usable]] = usable
    at = place[where]
    known = (at >= 0) & (seen_share > 0)
    found = sales.take(np.maximum(at, 0)) if len(sales) else sales
    if not len(sales):
        nothing, one = np.zeros(len(at)), np.ones(len(at))
        return Onward(nothing, one, one, one, nothing, known, is_lower_bound[where[1]])
    form = shape(found, scales)
    return Onward(
        observed=np.where(known, found.observed, 0.0),
        mean=np.where(known, found.mean, 1.0),
        unit=np.where(known, form.unit, 1.0),
        count=np.where(known, form.count, 1.0),
        seen_share=np.where(known, seen_share, 0.0),
        is_known=known,
        is_lower_bound=is_lower_bound[where[1]],
    )


def density(of: Onward, tail: Tail, intermediated: Floats) -> Floats:
    """Log density of the sales if so much had arrived and gone on, in effective shipments.

    ``D = D0 + kappa I``. Where sales are a lower bound, a share of ``kappa I`` is recorded that
    nobody knows, nothing as likely as all else together: a sale below its expectation then speaks
    against goods having gone on by a factor of two at most, and a high one for them. Simply not to
    look at low sales would count every chance rise for diversion and none against it: on worlds
    where all sales were recorded it flagged a quarter in error.

    Args:
        of: Corridors.
        tail: The wide part, tuned on control sales.
        intermediated: Goods that went on, currency, shape [n, x].

    Returns:
        Log densities, shape [n, x]; 0 where sales are not known.
    """
    total = _sold(of, tail, intermediated)
    bound = np.flatnonzero(of.is_lower_bound)
    if len(bound):
        some = _at(of, bound)
        parts = [
            _sold(some, tail, share * intermediated[bound]) + np.log(weight)
            for share, weight in RECORDED.items()
        ]
        total[bound] = logsumexp(parts, axis=0)
    out: Floats = np.where(of.is_known[:, None], total, 0.0)
    return out


def _at(of: Onward, which: Ints) -> Onward:
    return Onward(*(getattr(of, part.name)[which] for part in fields(of)))


def _sold(of: Onward, tail: Tail, intermediated: Floats) -> Floats:
    """Log density where all sales are recorded, over the unknown mark-up."""
    seen = intermediated * of.seen_share[:, None]
    mean, count = (of.mean / of.unit)[:, None], of.count[:, None]
    logs = []
    for mark_up in MARK_UPS:
        own = of.observed[:, None] - mark_up * seen
        shipments = np.maximum(own, 0.0) / of.unit[:, None]
        is_possible = own >= -LATE * mark_up * seen
        logs.append(np.where(is_possible, _own(shipments, mean, count, tail), IMPOSSIBLE))
    out: Floats = logsumexp(logs, axis=0) - np.log(len(MARK_UPS))
    return out


def _own(shipments: Floats, mean: Floats, count: Floats, tail: Tail) -> Floats:
    usual = log_density(shipments, mean, count, tail)
    # The rises stand on an axis of their own: what does not rest on the mean is worked out once.
    risen = log_binomial(shipments, mean * np.array(OWN_RISES)[:, None, None], count)
    own_rise = logsumexp(risen, axis=0) - np.log(len(OWN_RISES))
    out: Floats = np.logaddexp(np.log1p(-OWN_RISE_SHARE) + usual, np.log(OWN_RISE_SHARE) + own_rise)
    return out
