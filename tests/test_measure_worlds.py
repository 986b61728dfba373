"""What a measurement promises, in worlds in which it is known what a measure did."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from entrepot.bench.arena import panel_of_world
from entrepot.diversion.measure import estimate_measure
from entrepot.diversion.measure_inquiry import MeasureInquiry
from entrepot.diversion.measure_panel import from_listed
from entrepot.diversion.measure_windows import windows
from entrepot.errors import EstimateError
from entrepot.simulate.cut import Cut
from entrepot.simulate.rows import recipe, truth
from entrepot.simulate.scenarios import SCENARIOS, small
from entrepot.simulate.world import simulate

SANCTIONS, MEASURE = date(2022, 3, 1), date(2023, 6, 1)
# Long enough for windows since the sanctions that the measure does not touch.
LONG = replace(small(SCENARIOS["base"]), month_count=60)
STRONG = replace(small(SCENARIOS["strong"]), month_count=60)


def measured(world, country, on=MEASURE):
    """The measurement, and which goods and months of the world it is about."""
    panel, asked = panel_of_world(world), MeasureInquiry(country, on, SANCTIONS)
    at, span = windows(panel.cube.periods, asked)
    result = estimate_measure(from_listed(panel, asked, at - span.before), asked)
    goods = world.is_sanctioned & (world.listing_month <= at - span.before)
    return result, goods, slice(at + span.gap, at + span.reach)


def in_window(world, trade, country, goods, months):
    place = world.destinations.tolist().index(country)
    return float(trade[goods, place, months].sum())


def test_a_cut_takes_its_share_off_what_was_planted_and_nothing_else():
    plain, cut = simulate(LONG, 4), simulate(LONG, 4, Cut("KG", MEASURE, 0.75))
    place = plain.destinations.tolist().index("KG")
    first = int(np.flatnonzero(plain.periods == np.datetime64("2023-06"))[0])
    gone = plain.upstream - cut.upstream
    assert gone[:, place, first:] == pytest.approx(0.75 * plain.diverted[:, place, first:])
    gone[:, place, first:] = 0.0
    assert not gone.any()
    assert (cut.direct == plain.direct).all()
    sold = plain.downstream - cut.downstream
    assert sold[:, place, first:].sum() > 0
    assert truth(cut)["ghost"].to_numpy().sum() == pytest.approx(cut.ghost.sum())


def test_a_world_without_a_cut_has_the_recipe_it_always_had():
    world = simulate(small(SCENARIOS["base"]), 1)
    digest = hashlib.sha256(recipe(world)).hexdigest()[:16]
    assert b'"cut"' not in recipe(world)
    assert digest == "25308d0b16b7fdc9"
    cut = simulate(small(SCENARIOS["base"]), 1, Cut("KG", date(2022, 12, 1), 0.5))
    assert b'"cut":{"country":"KG","month":"2022-12-01","share":0.5}' in recipe(cut)


@pytest.mark.parametrize(
    "cut",
    [
        Cut("XX", MEASURE, 0.5),
        Cut("KG", date(2031, 1, 1), 0.5),
        Cut("KG", date(2023, 6, 2), 0.5),
        Cut("KG", MEASURE, 1.5),
    ],
)
def test_a_cut_the_world_cannot_make_is_an_error(cut):
    with pytest.raises(EstimateError, match="the cut is"):
        simulate(LONG, 1, cut)


def test_goods_listed_after_the_first_month_learned_from_do_not_count():
    result, goods, _ = measured(simulate(LONG, 2), "KG")
    world = simulate(LONG, 2)
    assert result.panel.listed_by == date(2022, 6, 1)
    assert result.panel.goods_count == goods.sum() < world.is_sanctioned.sum()
    place, months = world.destinations.tolist().index("KG"), slice(result.at, result.at + 6)
    assert result.found[0].effect.observed == pytest.approx(
        world.upstream[goods, place, months].sum()
    )
    # Neither are they witnesses of the country's own path.
    late = world.is_sanctioned & ~goods
    whole = result.panel.values.sum()
    assert whole == pytest.approx(world.upstream.sum() - world.upstream[late].sum())


def test_a_cut_by_nine_tenths_is_found_where_half_of_trade_is_diverted():
    plain, cut = simulate(STRONG, 1), simulate(STRONG, 1, Cut("KG", MEASURE, 0.9))
    result, goods, months = measured(cut, "KG")
    gone = in_window(cut, cut.upstream - plain.upstream, "KG", goods, months)
    for found in result.found:
        low, high = found.effect.ends
        assert found.outcome == "reduced"
        assert low <= gone <= high < 0
        assert found.excess.effect > 0
    nothing, *_ = measured(plain, "KG")
    assert {found.outcome for found in nothing.found} == {"not shown"}


def draws(seeds, share_range):
    """Outcomes over seeds, countries and days; each seed cuts one country at a time."""
    out = []
    for seed in seeds:
        plain, rng = simulate(LONG, seed), np.random.default_rng(seed)
        for country in plain.destinations[plain.is_candidate].tolist():
            on, share = date(2023, int(rng.integers(4, 8)), 1), float(rng.uniform(*share_range))
            world = simulate(LONG, seed, Cut(country, on, share)) if share else plain
            result, goods, months = measured(world, country, on)
            gone = in_window(world, world.upstream - plain.upstream, country, goods, months)
            held = in_window(plain, plain.diverted, country, goods, months)
            held /= in_window(plain, plain.upstream, country, goods, months)
            out += [(found, gone, held) for found in result.found]
    return out


@pytest.mark.slow
def test_without_a_measure_p_values_are_no_smaller_than_they_should_be():
    found = draws(range(100, 122), (0.0, 0.0))
    for bracket in ("common", "partner"):
        mine = [part.effect for part, _, _ in found if part.bracket == bracket]
        assert len(mine) >= 100
        p_value = np.array([effect.p_value for effect in mine])
        for level in (0.1, 0.2, 0.5):
            # Three binomial standard errors; draws of one world are alike, hence not fewer.
            slack = 3 * np.sqrt(level * (1 - level) / len(mine))
            assert (p_value <= level).mean() <= level + slack
        assert np.mean([low <= 0 <= high for low, high in (e.ends for e in mine)]) >= 0.88


@pytest.mark.slow
def test_a_cut_of_sixty_to_all_percent_is_found_where_diversion_is_a_third_of_trade():
    found = draws(range(100, 112), (0.6, 1.0))
    for bracket in ("common", "partner"):
        mine = [part for part in found if part[0].bracket == bracket]
        covered = [part.effect.ends[0] <= gone <= part.effect.ends[1] for part, gone, _ in mine]
        assert np.mean(covered) >= 0.88
        large = [part.outcome == "reduced" for part, _, held in mine if held >= 1 / 3]
        assert len(large) >= 10
        assert np.mean(large) >= 0.8
