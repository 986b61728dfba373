"""Where a partner stands among all partners of a reporter."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from entrepot.api.checked_holdings import Holding
from entrepot.api.checked_side import UNNAMED, SideAsked
from entrepot.codes.areas import areas
from entrepot.press.check_numbers import Standing
from entrepot.trade.summary import Stretch


def standing_of(
    found: list[dict[str, Any]], asked: SideAsked, now: Stretch, holding: Holding
) -> Standing:
    """Add up trade by partner; a grouping that is asked for counts as one partner.

    Args:
        found: Sums by partner and period, all in one currency.
        asked: The side.
        now: The stretch of interest.
        holding: What the dataset holds.

    Returns:
        The partner among others; ``_X`` counts in the total and has no rank.
    """
    sums: dict[str, float] = defaultdict(float)
    members = asked.partners
    for row in found:
        if now.first <= row["period"] <= now.last:
            name = asked.partner if row["partner"] in members else row["partner"]
            sums[name] += row["value"]
    own = sums.pop(asked.partner, 0.0)
    unspecified = sum(value for name, value in sums.items() if name.endswith(UNNAMED))
    named = {name: value for name, value in sums.items() if not name.endswith(UNNAMED)}
    others = tuple(value for value in named.values() if value > 0)
    count = len(areas()) - len([name for name in members if not name.endswith(UNNAMED)]) + 1
    return Standing(own, others, unspecified, holding.is_whole, count)
