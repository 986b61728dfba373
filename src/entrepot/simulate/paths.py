"""How trade moves over time without any diversion: seasons, prices, booms, drift, lost trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.simulate.levels import Codes, Floats
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.streams import stream

HEADING_SEASON_SD = 0.15
PRODUCT_SEASON_SD = 0.08
# Spread and memory of the AR(1) paths; the source of the figures names none, so these were set
# with the baselines of the prototype.
PATH_MEMORY = 0.8
HEADING_PATH_SD = 0.13
PRODUCT_PATH_SD = 0.13
PARTNER_PATH_SD = 0.05
TREND_SD = 0.002
COVID_DEPTH = 0.25
BOOM_SHARE_CANDIDATES = 0.7
BOOM_SHARE_CONTROLS = 0.4
UNLISTED_LEFT = 0.6
LISTED_LEFT = (0.02, 0.40)


@dataclass(frozen=True, slots=True)
class Paths:
    """Factors over time, around one.

    Args:
        product: Of each product everywhere, shape [k, t].
        partner: Of each destination for all goods, shape [v, t].
        target: Of the target for all goods, absent sanctions, shape [t].
        cell: Drift of each cell and boom of its chapter there, shape [k, v, t].
        direct_left: What is left of direct trade after listing, shape [k, t].
    """

    product: Floats
    partner: Floats
    target: Floats
    cell: Floats
    direct_left: Floats


def logistic(months: Floats) -> Floats:
    """A smooth step from 0 to 1, half-way at 0.

    Args:
        months: Months since half-way, in units of the step's width.

    Returns:
        The step, same shape.

    Example:
        >>> float(logistic(np.array([0.0]))[0])
        0.5
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(months, -60, 60))))


def autoregressive(rng: np.random.Generator, count: int, months: int, spread: float) -> Floats:
    """Draw stationary AR(1) paths ``x_t = 0.8 x_(t-1) + e_t``.

    Args:
        rng: Random stream.
        count: Paths.
        months: Months.
        spread: Standard deviation of ``x``, log points.

    Returns:
        Paths, shape [count, months].
    """
    lag = np.arange(months)[None, :] - np.arange(months)[:, None]
    weight = np.where(lag >= 0, PATH_MEMORY ** np.maximum(lag, 0), 0.0)
    steps = rng.normal(0.0, spread * np.sqrt(1 - PATH_MEMORY**2), (count, months))
    steps[:, 0] /= np.sqrt(1 - PATH_MEMORY**2)
    return np.asarray(steps @ weight)


def draw_paths(scenario: Scenario, codes: Codes, seed: int) -> Paths:
    """Draw all movement over time that is not diversion.

    Args:
        scenario: The world's knobs.
        codes: Its products.
        seed: Seed of the world.

    Returns:
        The factors.
    """
    rng = stream(seed, "paths")
    log_product = _seasons(scenario, codes, rng) + _cycles(scenario, codes, rng)
    log_partner = _partners(scenario, rng)
    left_share = rng.uniform(*LISTED_LEFT, scenario.product_count)
    left_share = np.where(codes.is_sanctioned, left_share, UNLISTED_LEFT)
    # Trade breaks off in the month of listing, and three quarters of the fall are done within it.
    since = np.arange(float(scenario.month_count)) - codes.listing_month[:, None]
    broken = np.where(since >= 0, logistic((since + 0.5) / 0.5), 0.0)
    return Paths(
        product=np.exp(log_product),
        partner=np.exp(log_partner[:-1] + _booms(scenario, seed)),
        target=np.exp(log_partner[-1]),
        cell=_drift(scenario, codes, seed),
        direct_left=1 - (1 - left_share[:, None]) * broken,
    )


def _seasons(scenario: Scenario, codes: Codes, rng: np.random.Generator) -> Floats:
    heading = rng.normal(0.0, HEADING_SEASON_SD, (scenario.heading_count, 12))
    product = rng.normal(0.0, PRODUCT_SEASON_SD, (scenario.product_count, 12))
    month = (scenario.first_period.month - 1 + np.arange(scenario.month_count)) % 12
    return np.asarray((heading[codes.heading] + product)[:, month])


def _cycles(scenario: Scenario, codes: Codes, rng: np.random.Generator) -> Floats:
    months = scenario.month_count
    heading = autoregressive(rng, scenario.heading_count, months, HEADING_PATH_SD)
    product = autoregressive(rng, scenario.product_count, months, PRODUCT_PATH_SD)
    rise = np.log1p(scenario.inflation_max * rng.random(scenario.chapter_count))
    since = np.arange(float(months)) - scenario.war_month
    prices = rise[:, None] * logistic(since / 4.0)
    dip = np.log1p(-COVID_DEPTH) * np.exp(-0.5 * ((since + 22.5) / 1.5) ** 2)
    return np.asarray(heading[codes.heading] + product + prices[codes.chapter] + dip)


def _partners(scenario: Scenario, rng: np.random.Generator) -> Floats:
    places, months = scenario.destination_count + 1, scenario.month_count
    path = autoregressive(rng, places, months, PARTNER_PATH_SD)
    trend = rng.normal(0.0, TREND_SD, (places, 1))
    return np.asarray(path + trend * (np.arange(months) - scenario.war_month))


def _booms(scenario: Scenario, seed: int) -> Floats:
    rng = stream(seed, "booms")
    places = scenario.destination_count
    is_candidate = np.arange(places) < scenario.candidate_count
    share = np.where(is_candidate, BOOM_SHARE_CANDIDATES, BOOM_SHARE_CONTROLS)
    booms = rng.random(places) < share
    rise = np.log1p(scenario.boom_max * rng.random(places)) * booms
    start = scenario.war_month + rng.uniform(0.0, 8.0, places)
    since = np.arange(scenario.month_count) - start[:, None]
    return np.asarray(rise[:, None] * logistic(since / 1.5))


def _drift(scenario: Scenario, codes: Codes, seed: int) -> Floats:
    rng = stream(seed, "drift")
    shape = (scenario.product_count, scenario.destination_count, scenario.month_count)
    walk = scenario.drift_sd * np.cumsum(rng.standard_normal(shape), axis=2)
    places = (scenario.chapter_count, scenario.destination_count)
    booms = rng.random(places) < BOOM_SHARE_CONTROLS
    rise = np.log1p(scenario.segment_boom_max * rng.random(places)) * booms
    since = np.arange(scenario.month_count) - scenario.war_month - rng.uniform(0, 8, (*places, 1))
    segment = rise[:, :, None] * logistic(since / 1.5)
    return np.asarray(np.exp(walk + segment[codes.chapter]))
