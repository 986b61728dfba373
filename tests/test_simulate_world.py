"""Laws every simulated world obeys."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from entrepot.errors import EstimateError
from entrepot.simulate.levels import draw_codes
from entrepot.simulate.mirrors import delayed
from entrepot.simulate.planting import ramp
from entrepot.simulate.scenarios import SCENARIOS, Scenario, small
from entrepot.simulate.shipments import shipments
from entrepot.simulate.world import World, simulate

SMALL = small(SCENARIOS["base"])


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(SMALL, seed=1)


def arrays_differ(one: World, other: World) -> set[str]:
    names = [field.name for field in fields(World) if field.name not in ("scenario", "seed")]
    return {n for n in names if not np.array_equal(getattr(one, n), getattr(other, n))}


def test_same_seed_gives_the_same_world_and_another_seed_another(world: World) -> None:
    assert arrays_differ(world, simulate(SMALL, seed=1)) == set()
    assert "upstream" in arrays_differ(world, simulate(SMALL, seed=2))


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_obeys_the_identities_of_truth(name: str) -> None:
    world = simulate(small(SCENARIOS[name]), seed=3)
    assert (world.intermediated >= 0).all()
    assert (world.ghost >= 0).all()
    legitimate = world.upstream - world.diverted
    assert (legitimate >= -1e-6).all()
    month = np.arange(world.upstream.shape[2])
    before = month < world.listing_month[:, None]
    assert world.diverted[np.broadcast_to(before[:, None], world.diverted.shape)].sum() == 0
    assert world.diverted[~world.is_sanctioned].sum() == 0
    dead = np.broadcast_to(~world.is_alive[:, None], world.upstream.shape)
    assert world.upstream[dead].sum() == 0


def test_what_was_planted_is_inside_the_declared_exports() -> None:
    none = simulate(small(SCENARIOS["null"]), seed=1)
    planted = simulate(small(SCENARIOS["base"]), seed=1)
    np.testing.assert_allclose(planted.upstream - planted.diverted, none.upstream, atol=1e-3)
    assert none.diverted.sum() == 0
    assert planted.intermediated.sum() > 0
    assert planted.ghost.sum() > 0


def test_only_candidates_divert_and_the_last_one_never(world: World) -> None:
    by_place = world.diverted.sum(axis=(0, 2))
    assert (by_place[:4] > 0).all()
    assert by_place[4] == 0  # UZ, the null country
    assert by_place[~world.is_candidate].sum() == 0
    assert world.destinations[4] == "UZ"


def test_hidden_intermediaries_divert_behind_the_back_of_the_list() -> None:
    hidden = simulate(small(SCENARIOS["hidden"]), seed=1)
    strong = simulate(small(SCENARIOS["strong"]), seed=1)
    among_controls = hidden.diverted[:, ~hidden.is_candidate].sum(axis=(0, 2))
    assert (among_controls > 0).sum() == 2
    np.testing.assert_array_equal(among_controls > 0, np.arange(10) < 2)
    # The small candidates see the same plan; their draws differ, as lumps come from one stream.
    plans = [world.diverted[:, world.is_candidate].sum() for world in (hidden, strong)]
    assert plans[0] == pytest.approx(plans[1], rel=0.2)


def test_gaps_change_what_is_published_and_nothing_upstream() -> None:
    base, gaps = simulate(SMALL, 1), simulate(small(SCENARIOS["gaps"]), 1)
    mirrors = {"arrival", "downstream", "is_arrival_published", "is_downstream_published"}
    assert arrays_differ(base, gaps) == mirrors
    assert (~base.is_arrival_published).all(axis=1).sum() == 1
    assert base.arrival[:, ~base.is_arrival_published].sum() == 0


def test_ghosts_never_arrive() -> None:
    loud = replace(small(SCENARIOS["strong"]), silent_count=0, gap_share=0.0, planted_scale=20.0)
    world = simulate(loud, seed=1)
    ghost, arrived = world.ghost.sum(axis=2), (world.upstream - world.ghost).sum(axis=2)
    pure = ghost > 20 * arrived
    assert pure.sum() > 5
    recorded = world.arrival.sum(axis=2)[pure] / (ghost + arrived)[pure]
    assert np.median(recorded) < 0.2


def test_war_begins_in_march_2022_whatever_the_length() -> None:
    for scenario in (SCENARIOS["base"], SMALL):
        world = simulate(scenario, seed=0)
        assert str(world.periods[scenario.war_month]) == "2022-03"
        assert set(world.listing_month[world.is_sanctioned] - scenario.war_month) == {0, 4, 7}


def test_margins_look_like_trade() -> None:
    world = simulate(SCENARIOS["base"], seed=100)
    assert world.upstream.shape == (300, 39, 60)
    assert (world.is_sanctioned[:, None] & world.is_candidate).sum() == pytest.approx(960, abs=40)
    assert 0.2 < (world.upstream == 0).mean() < 0.4
    sparse = simulate(SCENARIOS["sparse"], seed=100)
    assert 0.5 < (sparse.upstream == 0).mean() < 0.75
    listed, month = world.is_sanctioned, np.arange(60)
    fall = world.direct[listed][:, month >= 46].mean() / world.direct[listed][:, month < 36].mean()
    assert 0.05 < fall < 0.5


def test_codes_are_six_digits_and_unique(world: World) -> None:
    assert len(set(world.commodities.tolist())) == 120
    assert all(len(code) == 6 and code.isdigit() for code in world.commodities.tolist())


def test_a_born_code_takes_its_share_from_its_sibling_and_keeps_its_listing() -> None:
    scenario = replace(SMALL, split_share=0.15)
    world, codes = simulate(scenario, seed=1), draw_codes(scenario, seed=1)
    born = np.flatnonzero(codes.parent != np.arange(120))
    assert len(born) == 18
    np.testing.assert_array_equal(world.is_sanctioned[born], world.is_sanctioned[born - 1])
    np.testing.assert_array_equal(world.listing_month[born], world.listing_month[born - 1])
    assert world.expected_upstream[born, :, :24].sum() == 0
    child, rest = world.expected_upstream[born, :, 30], world.expected_upstream[born - 1, :, 30]
    share = child.sum(axis=1) / (child + rest).sum(axis=1)
    np.testing.assert_allclose(share, codes.split[born])


def test_the_ramp_begins_with_the_listing_and_rises() -> None:
    steps = ramp(6, np.array([2]), np.array([3]))[0]
    assert (steps[:2] == 0).all()
    assert (np.diff(steps[2:]) > 0).all()


def test_shipments_have_the_mean_and_variance_they_promise() -> None:
    drawn = shipments(np.full(200_000, 30.0), 15.0, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(30.0, rel=0.02)
    assert drawn.var() == pytest.approx(2 * 15.0 * 30.0, rel=0.03)
    assert (drawn == 0).mean() == pytest.approx(np.exp(-2), rel=0.03)


def test_goods_that_come_late_come_the_next_month() -> None:
    assert delayed(np.array([[10.0, 20.0, 0.0]]), 0.5).tolist() == [[5.0, 15.0, 10.0]]


@pytest.mark.parametrize(
    "scenario", [Scenario("x", product_count=10), Scenario("x", control_count=99)]
)
def test_a_world_that_cannot_be_drawn_says_why(scenario: Scenario) -> None:
    with pytest.raises(EstimateError, match="scenario 'x'"):
        simulate(scenario, seed=0)
