"""What destinations declare: arrivals from the coalition, sales to the target, and silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.simulate.levels import Bools, Codes, Floats
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.streams import stream

CIF_FACTOR = 1.06
LATE_SHARE = 0.4  # share of goods that arrive in the month after they were declared
NOISE_SD = 0.25
MARK_UP_MAX = 0.5


@dataclass(frozen=True, slots=True)
class Published:
    """Which months each destination publishes.

    Args:
        arrival: Imports, shape [v, t].
        downstream: Exports to the target, shape [v, t].
    """

    arrival: Bools
    downstream: Bools


def delayed(trade: Floats, share: Floats | float) -> Floats:
    """Move a share of each month's trade into the next month.

    Args:
        trade: Trade by month, last axis; what leaves the last month is not seen.
        share: Share that comes a month late, broadcast against ``trade``.

    Returns:
        Trade by month of arrival, same shape.

    Example:
        >>> delayed(np.array([10.0, 0.0]), 0.4).tolist()
        [6.0, 4.0]
    """
    late = trade * share
    result = np.asarray(trade - late)
    result[..., 1:] += late[..., :-1]
    return result


def draw_arrival(scenario: Scenario, codes: Codes, arrived: Floats, seed: int) -> Floats:
    """Declare arrivals: late, recorded in part, with freight, noisy, partly under a sibling code.

    Args:
        scenario: The world's knobs.
        codes: Its products.
        arrived: Upstream trade that really arrives, thousand EUR FOB, shape [k, v, t].
        seed: Seed of the world.

    Returns:
        Imports from the coalition, thousand EUR CIF, same shape.
    """
    rng = stream(seed, "arrival")
    cells = arrived.shape[:2]
    recorded = CIF_FACTOR * np.exp(scenario.arrival_sd * rng.standard_normal(cells))
    noise = np.exp(NOISE_SD * rng.standard_normal(arrived.shape) - NOISE_SD**2 / 2)
    declared = delayed(arrived, LATE_SHARE) * recorded[:, :, None] * noise
    moved = declared * (scenario.misplaced_max * rng.random(cells))[:, :, None]
    result = declared - moved
    np.add.at(result, codes.sibling, moved)
    return result


def draw_onward(intermediated: Floats, seed: int) -> Floats:
    """Sell intermediated goods on to the target: 0 or 1 month later, marked up by 0-50 %.

    Args:
        intermediated: Diverted trade that arrives, thousand EUR, shape [k, v, t].
        seed: Seed of the world.

    Returns:
        What it adds to exports to the target, thousand EUR, same shape.
    """
    rng = stream(seed, "onward")
    cells = intermediated.shape[:2]
    late = rng.integers(0, 2, cells).astype(np.float64)
    mark_up = 1 + MARK_UP_MAX * rng.random(cells)
    return delayed(intermediated, late[:, :, None]) * mark_up[:, :, None]


def draw_published(scenario: Scenario, seed: int) -> Published:
    """Draw which destinations and months stay silent.

    Args:
        scenario: The world's knobs; ``silent_count`` candidates publish no imports, as many
            others no exports.
        seed: Seed of the world.

    Returns:
        Reporting flags of both mirrors.
    """
    rng = stream(seed, "silence")
    shape = (scenario.destination_count, scenario.month_count)
    arrival = rng.random(shape) >= scenario.gap_share
    downstream = rng.random(shape) >= scenario.gap_share
    order = rng.permutation(scenario.candidate_count)
    arrival[order[: scenario.silent_count]] = False
    downstream[order[::-1][: scenario.silent_count]] = False
    return Published(arrival, downstream)
