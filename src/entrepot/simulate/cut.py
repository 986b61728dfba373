"""A countermeasure in a world: from a month on, one country passes on less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from entrepot.errors import EstimateError
from entrepot.simulate.levels import Floats, destinations
from entrepot.simulate.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Cut:
    """How much less of what was planted goes through one country, and since when.

    Args:
        country: Destination of the world.
        month: First day of the first month of the cut.
        share: Share of its diverted trade that is gone, between 0 and 1.
    """

    country: str
    month: date
    share: float


def left(scenario: Scenario, cut: Cut) -> Floats:
    """Give the share of planted trade that a cut leaves.

    Args:
        scenario: The world's knobs.
        cut: The cut.

    Returns:
        Factors, 1 everywhere but in the country from the month on, shape [v, t].

    Raises:
        EstimateError: If the world has no such country or month, or the share is none.

    Example:
        >>> from entrepot.simulate.scenarios import SCENARIOS, small
        >>> float(left(small(SCENARIOS["base"]), Cut("KZ", date(2023, 1, 1), 0.8)).min().round(3))
        0.2
    """
    places = destinations(scenario).tolist()
    first = scenario.first_period
    index = (cut.month.year - first.year) * 12 + cut.month.month - first.month
    is_inside = 0 <= index < scenario.month_count and cut.month.day == 1
    if cut.country not in places or not is_inside or not 0 <= cut.share <= 1:
        raise EstimateError(
            f"the cut is {cut.share!r} of {cut.country!r} from {cut.month} on, expected a share "
            f"between 0 and 1, one of {places} and the first day of one of "
            f"{scenario.month_count} months from {first}. Name others."
        )
    out = np.ones((scenario.destination_count, scenario.month_count))
    out[places.index(cut.country), index:] = 1 - cut.share
    return out
