"""Which members declared the exports that went missing, or that rose beyond their usual share.

A country's ghost trade is shared out among the coalition's members in proportion to each member's
own positive gap excess with it. Without a mirror, upstream excess is shared out in proportion to
what each member exported beyond its share of before. Both say whose declarations hold the excess;
neither says that its firms meant to divert.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.diversion.counterfactual import ratio
from entrepot.diversion.cube import Floats
from entrepot.diversion.diagnostic import Diagnostic, Measure
from entrepot.diversion.intervals import TAIL
from entrepot.diversion.member_sums import MemberTrade
from entrepot.errors import EstimateError

ARRIVAL_PRIOR = 3.0  # shipments the country's own ratio is worth in a pair's (n0)
BALTIC = ("EE", "LT", "LV")  # where journalists found the paper trade: a check of plausibility
FEW_SHIPMENTS = 5.0  # a pair with fewer on either side tells nothing of how ratios move


@dataclass(frozen=True)
class Uncertainty:
    """How uncertain a pair's usual trade is.

    Args:
        lump: Currency per effective shipment of the goods summed.
        spread: Standard deviation of the log of a pair's ratio between the two stretches, beyond
            what shipments explain; see :func:`usual_spread`.
        seed: Seed of the draws.
    """

    lump: float
    spread: float
    seed: int


@dataclass(frozen=True)
class Allocation:
    """Ghost trade or excess by member, in the unit of the panel.

    Args:
        members: Members, shape [M].
        amount: Mean of the draws, shape [M].
        interval: Ends of the 90 % interval, shape [M, 2].
        share: Mean share of the allocated total, shape [M].
        share_of_exports: Share of the exports to the same countries before the event, shape [M].
        baltic: Ends and middle of the three Baltic members' share: low, mean, high.
        baltic_of_exports: Their share of exports before the event.
        unallocated: Mean amount in draws where no member had an excess of its own.
    """

    members: NDArray[np.str_]
    amount: Floats
    interval: Floats
    share: Floats
    share_of_exports: Floats
    baltic: tuple[float, float, float]
    baltic_of_exports: float
    unallocated: float


def arrival_ratio(trade: MemberTrade, lump: float) -> Floats:
    """Arrivals per declared export before the event, leaning on the country's own.

    ``rho[m,v] = (n0 rho_v + A_pre / phi) / (n0 + U_pre / phi)``,
    ``rho_v = sum_m A_pre / sum_m U_pre``: 0.9 says that 90 cents arrived of each euro declared.

    Args:
        trade: Both declarations.
        lump: ``phi``, currency per effective shipment.

    Returns:
        The ratio, freight and usual mismatches included, shape [M, V].
    """
    usual = ratio(trade.arrivals_before.sum(axis=0), trade.exports_before.sum(axis=0))
    rho: Floats = (ARRIVAL_PRIOR * usual + trade.arrivals_before / lump) / (
        ARRIVAL_PRIOR + trade.exports_before / lump
    )
    return rho


def gap_excess(trade: MemberTrade, lump: float) -> Floats:
    """Exports in the window that never arrived, beyond the usual mismatch.

    ``U - A / rho``: positive where more left than the arrivals can hold; zero where nothing ever
    arrived, since nothing can be said there.

    Args:
        trade: Both declarations.
        lump: Currency per effective shipment.

    Returns:
        Signed excess of the gap, in the currency of the rows, shape [M, V].
    """
    rho = arrival_ratio(trade, lump)
    out: Floats = np.where(rho > 0, trade.exports - ratio(trade.arrivals, rho), 0.0)
    return out


def usual_spread(trade: MemberTrade, lump: float) -> float:
    """How far pairs' arrival ratios stray between the stretches where nothing is diverted.

    ``1.4826 MAD`` of ``log((A / U) / rho)`` over pairs with five shipments on either side.

    Args:
        trade: Both declarations of control countries.
        lump: Currency per effective shipment.

    Returns:
        Standard deviation in logs.

    Raises:
        EstimateError: If fewer than three pairs have that many shipments.
    """
    least = FEW_SHIPMENTS * lump
    sides = (trade.exports_before, trade.exports, trade.arrivals_before, trade.arrivals)
    known = np.all([side >= least for side in sides], axis=0)
    if known.sum() < 3:
        raise EstimateError(
            f"{int(known.sum())} pairs of member and control country declared {FEW_SHIPMENTS:.0f} "
            "shipments on both sides, expected at least 3. Give more control countries or months."
        )
    rho = arrival_ratio(trade, lump)[known]
    logs = np.log(trade.arrivals[known] / trade.exports[known] / rho)
    return 1.4826 * float(np.median(np.abs(logs - np.median(logs))))


def ghost_shares(trade: MemberTrade, about: Uncertainty, count: int) -> Floats:
    """Draw members' shares of each country's ghost trade.

    ``share = (U - A / rho)+ / sum over members``, with ``log rho`` drawn with the variance of the
    shipments behind it and of the usual spread.

    Args:
        trade: Both declarations.
        about: How uncertain the ratios are.
        count: Number of draws, B.

    Returns:
        Shares that add up to one over members, or are all zero where no member has a gap of its
        own, shape [M, V, B].
    """
    rho = arrival_ratio(trade, about.lump)
    behind = (trade.arrivals_before, trade.exports_before, trade.arrivals)
    arrived = ratio(trade.arrivals, rho)[:, :, None] * _noise(behind, about, count)
    gap = np.where((rho > 0)[:, :, None], trade.exports[:, :, None] - arrived, 0.0)
    return _shares(gap)


def increase_shares(trade: MemberTrade, excess: Floats, about: Uncertainty) -> Floats:
    """Draw members' shares of each country's upstream excess, where there is no mirror.

    ``share = (U - s M)+ / sum over members`` with ``s`` the member's share of the exports before
    the event and ``M`` the exports expected of all members, ``sum U - excess``.

    Args:
        trade: Declared exports; arrivals are not looked at.
        excess: Draws of each country's upstream excess of the same goods, shape [V, B].
        about: How uncertain the shares are.

    Returns:
        Shares that add up to one over members, or are all zero, shape [M, V, B].
    """
    before = trade.exports_before
    share = ratio(before, np.broadcast_to(before.sum(axis=0), before.shape))
    expected = np.maximum(trade.exports.sum(axis=0)[:, None] - excess, 0.0)
    usual = share[:, :, None] * expected[None] * _noise((before,), about, excess.shape[1])
    return _shares(trade.exports[:, :, None] - usual)


def _noise(behind: tuple[Floats, ...], about: Uncertainty, count: int) -> Floats:
    """Log-normal factors of median one, shape [M, V, count]."""
    rng = np.random.default_rng(about.seed + 211)
    variance = about.spread**2 + sum(1 / (ARRIVAL_PRIOR + side / about.lump) for side in behind)
    size = (*behind[0].shape, count)
    out: Floats = np.exp(rng.normal(size=size) * np.sqrt(variance)[:, :, None])
    return out


def _shares(excess: Floats) -> Floats:
    positive = np.maximum(excess, 0.0)
    return ratio(positive, np.broadcast_to(positive.sum(axis=0), positive.shape))


def allocate(trade: MemberTrade, amount: Floats, shares: Floats) -> Allocation:
    """Share out draws of each country's ghost trade or excess among members.

    ``amount[m] = sum_v share[m,v] amount[v]`` draw by draw, so that members add up to the total.

    Args:
        trade: Declared trade, for the names and the shares of exports.
        amount: Draws by country, not negative, shape [V, B].
        shares: Draws of shares, shape [M, V, B].

    Returns:
        Amounts and shares by member, with 90 % intervals.

    Raises:
        EstimateError: If the draws do not fit each other, or an amount is negative.
    """
    if shares.shape[1:] != amount.shape or len(shares) != len(trade.members):
        raise EstimateError(
            f"allocation: shares have shape {shares.shape}, expected "
            f"{(len(trade.members), *amount.shape)}. Draw them as often as the amounts."
        )
    if (amount < 0).any():
        raise EstimateError(
            f"allocation: the least amount is {amount.min():,.0f}, expected none below 0. Share "
            "out the positive part of an excess."
        )
    given = np.einsum("mvb,vb->mb", shares, amount)
    total = given.sum(axis=0)
    part = ratio(given, np.broadcast_to(total, given.shape))
    baltic = np.isin(trade.members, BALTIC)
    theirs = part[baltic].sum(axis=0)
    before = trade.exports_before.sum(axis=1)
    share_before = before / max(float(before.sum()), 1e-300)
    low, high = (float(end) for end in np.quantile(theirs, [TAIL, 1 - TAIL]))
    return Allocation(
        members=trade.members,
        amount=given.mean(axis=1),
        interval=np.quantile(given, [TAIL, 1 - TAIL], axis=1).T,
        share=part.mean(axis=1),
        share_of_exports=share_before,
        baltic=(low, float(theirs.mean()), high),
        baltic_of_exports=float(share_before[baltic].sum()),
        unallocated=float((amount.sum(axis=0) - total).mean()),
    )


def allocation_diagnostic(found: Allocation, what: str, unit: str) -> Diagnostic:
    """Say which members' declarations hold the ghost trade or the excess.

    Args:
        found: Amounts and shares by member.
        what: What was shared out: ``ghost trade`` or ``upstream excess``.
        unit: Unit of the amounts.

    Returns:
        The check; it describes, so that it flags nothing.
    """
    name = "allocation_" + what.replace(" ", "_")
    if found.amount.sum() <= 0:
        detail = f"No member's declarations hold {what} of its own: nothing was shared out."
        return Diagnostic(name, "unknown", detail, ())
    columns = (
        ("amount", found.amount, unit),
        ("amount_low", found.interval[:, 0], unit),
        ("amount_high", found.interval[:, 1], unit),
        ("share", found.share, "1"),
        ("share_of_exports", found.share_of_exports, "1"),
    )
    measures = [
        Measure(measure, str(member), float(value), of)
        for measure, values, of in columns
        for member, value in zip(found.members, values, strict=True)
    ]
    low, mean, high = found.baltic
    for measure, value in (
        ("baltic_share", mean),
        ("baltic_share_low", low),
        ("baltic_share_high", high),
        ("baltic_share_of_exports", found.baltic_of_exports),
    ):
        measures.append(Measure(measure, "_T", value, "1"))
    measures.append(Measure("unallocated", "_T", found.unallocated, unit))
    first = np.argsort(-found.amount, kind="stable")[:3]
    top = ", ".join(f"{found.members[m]} {found.share[m]:.0%}" for m in first)
    detail = (
        f"Of {found.amount.sum():,.0f} {unit} of {what}, the declarations of {top} hold the most; "
        f"the Baltic members hold {low:.0%} to {high:.0%}, against {found.baltic_of_exports:.0%} "
        "of the exports of the same goods to the same countries before the event."
    )
    return Diagnostic(name, "clear", detail, tuple(measures), mean, found.baltic_of_exports, "1")
