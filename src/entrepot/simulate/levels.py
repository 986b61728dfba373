"""The map of a world: codes, places, and how much of what is usually traded with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepot.errors import EstimateError
from entrepot.simulate.scenarios import Scenario
from entrepot.simulate.streams import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TARGET = "RU"
CANDIDATES = ("AM", "KZ", "KG", "GE", "UZ", "TR", "AE", "RS")
CONTROLS = (
    *("BR", "MX", "ZA", "EG", "MA", "TN", "DZ", "IL", "SA", "JO", "LB", "ID", "PH", "PK", "BD"),
    *("LK", "NG", "KE", "GH", "CL", "PE", "CO", "AR", "EC", "UY", "PY", "BO", "CR", "GT", "DO"),
    "SN",
)
# Real headings of chapters under export bans, five a chapter. What trades under them is invented.
HEADINGS = (
    *("8408", "8411", "8413", "8471", "8482"),
    *("8504", "8517", "8526", "8541", "8542"),
    *("8703", "8704", "8708", "8709", "8716"),
    *("9013", "9014", "9027", "9030", "9031"),
    *("7304", "7306", "7307", "7318", "7326"),
    *("3903", "3907", "3917", "3920", "3926"),
    *("4009", "4010", "4011", "4012", "4016"),
    *("7604", "7606", "7608", "7610", "7616"),
)
_SUBHEADINGS = ("10", "20", "30", "40", "50", "60", "70", "80")

# How big destinations are beside the target, log points. Set so that raw year-on-year excess comes
# to about 2.5 times what was planted in `base`, and its average precision to about .62.
CANDIDATE_SIZE = -3.0
CONTROL_SIZE = -1.8
PARTNER_SD = 0.8
DOWNSTREAM_SIZE = -1.0  # a destination's own sales to the target beside its coalition purchases
DOWNSTREAM_SD = 1.4
ADVANTAGE_RANK = 3
ADVANTAGE_SD = 0.4
EMPTY_SLOPE = 0.8


@dataclass(frozen=True, slots=True)
class Codes:
    """Products of a world and their place in the nomenclature.

    Args:
        commodities: HS6 codes, text, ascending, shape [k].
        heading: Index of the HS4, shape [k].
        chapter: Index of the HS2, shape [k].
        sibling: Index of another product of the same heading, shape [k].
        parent: For a code born out of its sibling, the sibling; else itself, shape [k].
        split: Share of the parent's trade that goes to the born code, 0 elsewhere, shape [k].
        birth_month: First month of the code; 0 unless born out of a sibling, shape [k].
        is_sanctioned: Whether the code is listed, shape [k].
        listing_month: Month of listing; the war's month for codes not listed, shape [k].
    """

    commodities: NDArray[np.str_]
    heading: Ints
    chapter: Ints
    sibling: Ints
    parent: Ints
    split: Floats
    birth_month: Ints
    is_sanctioned: Bools
    listing_month: Ints


@dataclass(frozen=True, slots=True)
class Levels:
    """Usual monthly trade before any path over time, thousand EUR.

    Args:
        upstream: Coalition to destinations, shape [k, v].
        direct: Coalition to the target, shape [k].
        downstream: Destinations to the target, shape [k, v].
    """

    upstream: Floats
    direct: Floats
    downstream: Floats


def destinations(scenario: Scenario) -> NDArray[np.str_]:
    """Codes of the destinations of a world: candidates first, then controls, without the target.

    Args:
        scenario: The world's knobs.

    Returns:
        ISO alpha-2 codes, shape [v].
    """
    names = CANDIDATES[: scenario.candidate_count] + CONTROLS[: scenario.control_count]
    return np.array(names, dtype=np.str_)


def draw_codes(scenario: Scenario, seed: int) -> Codes:
    """Draw the products of a world: which are listed and when, which are born out of a sibling.

    Lists come 0, 4 and 7 months after the war's first month, for 50, 30 and 20 % of listed codes.
    A code born out of a sibling keeps the sibling's listing.

    Args:
        scenario: The world's knobs.
        seed: Seed of the world.

    Returns:
        The codes.
    """
    count = scenario.product_count
    heading = np.arange(count) * scenario.heading_count // count
    first = np.searchsorted(heading, heading)
    within = np.arange(count) - first
    rng = stream(seed, "codes")
    is_listed = rng.permutation(count) < round(scenario.sanctioned_share * count)
    offset = rng.choice([0, 4, 7], size=count, p=[0.5, 0.3, 0.2])
    # Second, fourth ... of a heading may be born out of the one before it, so no parent is born.
    order, may_split = rng.permutation(count), within % 2 == 1
    rank = np.argsort(np.argsort(np.where(may_split, order, order + count)))
    is_born = may_split & (rank < round(scenario.split_share * count))
    parent = np.where(is_born, np.arange(count) - 1, np.arange(count))
    return Codes(
        commodities=np.char.add(np.array(HEADINGS)[heading], np.array(_SUBHEADINGS)[within]),
        heading=heading,
        chapter=heading * scenario.chapter_count // scenario.heading_count,
        sibling=first + (within + 1) % np.bincount(heading)[heading],
        parent=parent,
        split=np.where(is_born, rng.uniform(0.2, 0.6, count), 0.0),
        birth_month=np.where(is_born, scenario.war_month - 2, 0),
        is_sanctioned=is_listed[parent],
        listing_month=scenario.war_month + np.where(is_listed, offset, 0)[parent],
    )


def check_scenario(scenario: Scenario) -> None:
    """Refuse a scenario that no world can be drawn from.

    Args:
        scenario: The knobs.

    Raises:
        EstimateError: If it has more places or products than there are names.
    """
    if scenario.candidate_count > len(CANDIDATES) or scenario.control_count > len(CONTROLS):
        raise EstimateError(
            f"scenario {scenario.name!r} asks for {scenario.candidate_count} candidates and "
            f"{scenario.control_count} controls, expected at most {len(CANDIDATES)} and "
            f"{len(CONTROLS)}. Ask for fewer."
        )
    count, headings = scenario.product_count, scenario.heading_count
    if not 2 * headings <= count <= len(_SUBHEADINGS) * headings or headings > len(HEADINGS):
        raise EstimateError(
            f"scenario {scenario.name!r} puts {count} products into {headings} headings, expected "
            f"2 to {len(_SUBHEADINGS)} each and at most {len(HEADINGS)} headings. Change either."
        )


def draw_levels(scenario: Scenario, seed: int) -> Levels:
    """Draw usual trade: ``exp(size_k + size_v + advantage_kv + N(0, 1))``, some cells empty.

    Advantage has rank 3. A cell is empty with a probability logistic in its log level; the target
    takes every product. Sizes of candidates, controls and target are this module's constants.

    Args:
        scenario: The world's knobs.
        seed: Seed of the world.

    Returns:
        Levels, thousand EUR a month.
    """
    rng = stream(seed, "levels")
    products, places = scenario.product_count, scenario.destination_count
    size = rng.normal(scenario.size_mean, scenario.size_sd, (products, 1))
    mean = np.where(np.arange(places) < scenario.candidate_count, CANDIDATE_SIZE, CONTROL_SIZE)
    partner = np.append(mean + rng.normal(0.0, PARTNER_SD, places), 0.0)
    affinity = rng.normal(size=(ADVANTAGE_RANK, places + 1))
    advantage = ADVANTAGE_SD * rng.normal(size=(products, ADVANTAGE_RANK)) @ affinity
    log_level = size + partner + advantage + rng.normal(size=(products, places + 1))
    own = stream(seed, "downstream_levels")
    own_size = size + partner[:-1] + DOWNSTREAM_SIZE
    return Levels(
        upstream=_thin(log_level[:, :-1], scenario, rng),
        direct=np.exp(log_level[:, -1]),
        downstream=_thin(own.normal(own_size, DOWNSTREAM_SD), scenario, own),
    )


def _thin(log_level: Floats, scenario: Scenario, rng: np.random.Generator) -> Floats:
    middle = np.median(log_level)
    odds = scenario.empty_share / (1 - scenario.empty_share)
    steep = odds * np.exp(-EMPTY_SLOPE * (log_level - middle))
    chance = steep / (1 + steep)
    return np.where(rng.random(log_level.shape) < chance, 0.0, np.exp(log_level))
