"""The latent flows of a corridor: five hypotheses, weighed over all corridors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.diversion.latent import (
    BINS,
    EDGES,
    GROWTH_FLOOR,
    OWN_GROWTH,
    SHARES,
    WIDTHS,
    Legs,
    _growth_prior,
    first_bins,
    fuse,
    joint,
)

X = len(SHARES)
NONE, GROWTH, INTERMEDIATED, GHOST, MIXED = range(5)
WHOLE = np.append(0.0, SHARES)


def peak(at, width=0.05):
    """Log density that is highest at a share of what was sent."""
    return -0.5 * ((WHOLE - at) / width) ** 2


def legs(n=1, excess=0.0, ghost=None, onward=None, lost=1e6):
    """Corridors whose upstream leg says that a share is excess, and what the others say of it."""
    up = np.tile(peak(excess), (n, 1))
    flat = np.zeros((n, 1 + X))
    return Legs(
        observed=np.full(n, 1e5),
        expected=np.full(n, 1e5 * max(1 - excess, 0.05)),
        lost=np.full(n, lost),
        nothing=up[:, 0],
        upstream=up[:, 1:],
        arrival=flat if ghost is None else np.tile(peak(ghost), (n, 1)),
        downstream=flat if onward is None else np.tile(peak(onward), (n, 1)),
    )


def joined(*parts):
    return Legs(*(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])))


@st.composite
def random_legs(draw):
    """Legs that say anything at all, of up to six corridors, some without trade or lost trade."""
    n = draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strength = draw(st.sampled_from([0.0, 1.0, 30.0, 1e4]))

    def logs(width):
        return strength * rng.normal(size=(n, width))

    return Legs(
        observed=rng.lognormal(10, 3, n) * (rng.random(n) < 0.8),
        expected=rng.lognormal(9, 3, n),
        lost=rng.lognormal(12, 3, n) * (rng.random(n) < 0.7),
        nothing=logs(1)[:, 0],
        upstream=logs(X),
        arrival=logs(1 + X) * (rng.random((n, 1)) < 0.6),
        downstream=logs(1 + X) * (rng.random((n, 1)) < 0.6),
    )


def test_shares_rise_to_exports_that_are_diverted_to_the_last_cent():
    assert (np.diff(SHARES) > 0).all()
    assert SHARES[-1] == 1
    assert (EDGES[:-2] < SHARES[:-1]).all()
    assert (SHARES[:-1] < EDGES[1:-1]).all()
    assert WIDTHS[:-1].sum() == pytest.approx(np.log(1 / EDGES[0]))


def test_shares_of_the_first_bins_add_up_to_one():
    assert first_bins().sum() == pytest.approx(1.0)
    assert (first_bins() > 0).all()


def test_excess_is_at_first_flat_between_a_thousandth_and_a_half_of_what_was_lost():
    per_nat = first_bins() / np.diff(BINS)
    inside = (np.exp(BINS[:-1]) > 0.9e-3) & (np.exp(BINS[1:]) < 0.5)
    assert np.ptp(per_nat[inside]) < 0.01 * per_nat[inside].mean()
    assert per_nat[-1] < 0.1 * per_nat[inside].mean()


def test_the_prior_of_growth_adds_up_to_one_over_all_sizes():
    # Expected trade such that a tenth and twice of it lie well inside the grid of shares.
    one = replace(legs(), expected=np.array([1e5 * 0.1]))
    assert 0.1 * OWN_GROWTH[0] > SHARES[0]
    assert np.exp(_growth_prior(one)).sum() == pytest.approx(1.0, abs=0.05)


@settings(max_examples=40)
@given(random_legs())
def test_chances_add_up_to_one_whatever_the_legs_say(of):
    found = fuse(of)
    assert found.weight.sum() == pytest.approx(1.0)
    assert found.bins.sum() == pytest.approx(1.0)
    assert (joint(of, found) >= 0).all()
    assert joint(of, found).sum(axis=1) == pytest.approx(np.ones(len(of.observed)))
    assert found.chance.sum(axis=1) == pytest.approx(np.ones(len(of.observed)))
    diverted = found.chance[:, INTERMEDIATED:].sum(axis=1)
    assert found.probability == pytest.approx(diverted, abs=1e-9)


@settings(max_examples=20)
@given(random_legs())
def test_growth_keeps_its_floor_whatever_the_legs_say(of):
    assert fuse(of).weight[GROWTH] >= GROWTH_FLOOR - 1e-12


def test_growth_that_nothing_speaks_for_sits_at_its_floor():
    diverting = legs(40, excess=0.9, ghost=0.9, onward=0.0)
    found = fuse(joined(legs(160, ghost=0.0, onward=0.0), diverting))
    assert found.weight[GROWTH] == pytest.approx(GROWTH_FLOOR)
    assert found.weight[GHOST] == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    ("says", "hypothesis"),
    [
        ({"excess": 0.0, "ghost": 0.0, "onward": 0.0}, NONE),
        ({"excess": 0.6, "ghost": 0.0, "onward": 0.0}, GROWTH),
        ({"excess": 0.6, "ghost": 0.0, "onward": 0.6}, INTERMEDIATED),
        ({"excess": 0.6, "ghost": 0.6, "onward": 0.0}, GHOST),
        ({"excess": 0.6, "ghost": 0.3, "onward": 0.3}, MIXED),
    ],
)
def test_each_pattern_of_legs_has_its_hypothesis(says, hypothesis):
    found = fuse(joined(legs(20, ghost=0.0, onward=0.0), legs(1, **says)))
    assert found.chance[-1].argmax() == hypothesis
    assert found.chance[-1, hypothesis] > 0.8


@pytest.mark.parametrize(("vanished", "gone_on", "way"), [(0.45, 0.15, 2), (0.15, 0.45, 4)])
def test_a_mixed_excess_is_divided_as_its_two_legs_say(vanished, gone_on, way):
    of = joined(legs(20, ghost=0, onward=0), legs(1, 0.6, ghost=vanished, onward=gone_on))
    found = fuse(of)
    ways = (
        joint(of, found)[-1, 1:].reshape(5, X).sum(axis=1)
    )  # after the two pure ways a quarter goes on
    assert ways.argmax() == way
    assert ways[way] > 0.9


def test_a_leg_that_is_missing_is_a_factor_of_one():
    of = joined(legs(8, excess=0.5, ghost=0.5), legs(8))
    moved = replace(of, downstream=of.downstream + np.arange(16.0)[:, None])
    assert joint(moved, fuse(moved)) == pytest.approx(joint(of, fuse(of)), abs=1e-12)


def test_upstream_alone_gives_the_two_ways_the_odds_of_their_weights():
    found = fuse(joined(legs(3, excess=0.2), legs(2, excess=0.6), legs(1, excess=0.9)))
    # Whatever the excess: which way it went is what was believed before.
    odds = found.chance[:, INTERMEDIATED] / found.chance[:, GHOST]
    believed = found.weight[INTERMEDIATED] / found.weight[GHOST]
    assert odds == pytest.approx(np.full(6, believed), rel=1e-3)
    assert found.chance[0, GROWTH] > 0.1


def test_a_corridor_without_declared_exports_diverted_nothing():
    of = joined(legs(3, excess=0.6, ghost=0.6), legs(1, excess=0.6, ghost=0.6))
    found = fuse(replace(of, observed=np.array([1e5, 1e5, 1e5, 0.0])))
    assert found.chance[3].tolist() == [1, 0, 0, 0, 0]
    assert found.probability[3] == 0
    assert found.probability[0] > 0.5


def test_no_exports_at_all_leave_all_corridors_at_nothing():
    found = fuse(replace(legs(4, excess=0.6), observed=np.zeros(4)))
    assert (found.probability == 0).all()
    assert np.isfinite(found.weight).all()


def test_one_corridor_is_enough():
    found = fuse(legs(1, excess=0.8, ghost=0.8, onward=0.0))
    assert found.chance[0, GHOST] == found.chance[0].max()


def test_where_nothing_was_lost_the_same_excess_is_less_likely_diverted():
    calm = legs(60, ghost=0.0, onward=0.0)
    doubtful = {"excess": 0.3, "ghost": 0.15, "onward": 0.0}
    some = fuse(joined(calm, legs(1, **doubtful))).probability[-1]
    none = fuse(joined(calm, legs(1, lost=0.0, **doubtful))).probability[-1]
    assert 0 < none < some


def test_order_of_corridors_and_unit_of_money_change_nothing():
    of = joined(legs(5, excess=0.5, ghost=0.5), legs(9, ghost=0.0), legs(3, excess=0.4, onward=0.4))
    found = fuse(of)
    turned = Legs(*(value[::-1] for value in vars(of).values()))
    back = fuse(turned)
    assert joint(turned, back)[::-1] == pytest.approx(joint(of, found), abs=1e-9)
    money = {name: 1_000 * vars(of)[name] for name in ("observed", "expected", "lost")}
    dearer = replace(of, **money)
    assert joint(dearer, fuse(dearer)) == pytest.approx(joint(of, found), abs=1e-9)


def test_no_corridor_has_an_empty_posterior():
    nobody = legs(0)
    assert joint(nobody, fuse(nobody)).shape == (0, 1 + 5 * X)
