"""What was diverted by either way: draws, intervals, error rates, and the simple reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_latent import X, legs, random_legs

from entrepot.diversion import latent
from entrepot.diversion.intervals import DRAWS, TAIL
from entrepot.diversion.latent import EDGES, MIXES, fuse
from entrepot.diversion.split import bayesian_fdr, draw, interval, least

NOTHING = 0
rng = np.random.default_rng
ROUNDING = 1e-9


def certain(way, share, n=1):
    """All corridors divert this share (its place on the grid) in this way: 0 intermediated."""
    joint = np.zeros((n, 1 + 5 * X))
    joint[:, 1 + way * X + share] = 1.0
    return joint


@settings(max_examples=40)
@given(random_legs(), st.integers(0, 9))
def test_no_draw_is_negative_or_holds_more_than_was_declared(of, seed):
    split = draw(latent.joint(of, fuse(of)), of.observed, rng(seed))
    assert split.intermediated.shape == (len(of.observed), DRAWS)
    assert (split.intermediated >= 0).all()
    assert (split.ghost >= 0).all()
    assert (split.diverted <= of.observed[:, None] * (1 + ROUNDING)).all()


def test_ways_and_shares_are_drawn_as_often_as_they_are_likely():
    joint = np.zeros(1 + 5 * X)
    joint[[NOTHING, 1 + 10, 1 + X + 20, 1 + 3 * X + 30]] = [0.4, 0.3, 0.2, 0.1]
    n = 200
    split = draw(np.tile(joint, (n, 1)), np.ones(n), rng(1))
    gone_on, ghost = split.intermediated > 0, split.ghost > 0
    found = [~gone_on & ~ghost, gone_on & ~ghost, ~gone_on & ghost, gone_on & ghost]
    # 80,000 draws: three standard errors are half a percentage point at most.
    assert [float(part.mean()) for part in found] == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=0.005)


def test_every_row_of_a_large_panel_draws_from_its_own_chances():
    n = 2_500
    place = np.arange(n) % X
    joint = np.zeros((n, 1 + 5 * X))
    joint[np.arange(n), 1 + X + place] = 1.0
    split = draw(joint, np.ones(n), rng(2))
    assert (split.intermediated == 0).all()
    assert (split.ghost >= EDGES[place][:, None] * (1 - ROUNDING)).all()
    assert (split.ghost <= EDGES[place + 1][:, None] * (1 + ROUNDING)).all()


def test_a_share_is_even_in_the_log_over_its_cell():
    ghost = draw(certain(1, 5, n=50), np.ones(50), rng(3)).ghost
    place = np.log(ghost / EDGES[5]) / np.log(EDGES[6] / EDGES[5])
    assert np.quantile(place, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.02)


def test_exports_diverted_to_the_last_cent_are_all_of_what_was_declared():
    split = draw(certain(0, X - 1), np.array([123.45]), rng(4))
    assert split.intermediated == pytest.approx(np.full((1, DRAWS), 123.45))
    assert (split.ghost == 0).all()


@pytest.mark.parametrize(("way", "gone_on"), [(0, 1.0), (1, 0.0), *enumerate(MIXES, start=2)])
def test_a_way_divides_its_excess(way, gone_on):
    split = draw(certain(way, 40), np.array([1e6]), rng(5))
    assert split.intermediated / split.diverted == pytest.approx(np.full((1, DRAWS), gone_on))


def test_the_same_seed_gives_the_same_draws():
    of = legs(3, excess=0.6, ghost=0.6)
    found = latent.joint(of, fuse(of))
    one, two, other = (draw(found, of.observed, rng(seed)).ghost for seed in (1, 1, 2))
    assert (one == two).all()
    assert (one != other).any()


def ends(*values):
    return interval(np.array([values], dtype=float))[0]


def test_interval_of_what_is_certain_is_the_usual_one():
    assert ends(*range(1, 102)) == pytest.approx([51, 6, 96])


def test_interval_ends_are_those_of_draws_in_which_something_is_diverted():
    values = [0.0] * 4 + list(range(1, 97))  # nothing in 4 of 100: excluded
    assert ends(*values) == pytest.approx([46.5, 1 + 0.05 * 95, 1 + 0.95 * 95])


def test_lower_end_is_nothing_where_nothing_is_not_excluded():
    values = [0.0] * 6 + list(range(1, 95))
    assert ends(*values) == pytest.approx([44.5, 0, 1 + 0.95 * 93])


def test_a_corridor_that_rather_diverted_nothing_may_still_hold_much():
    values = [0.0] * 80 + [7.0] * 20
    assert ends(*values).tolist() == [0, 0, 7]


def test_interval_of_nothing_is_nothing():
    assert interval(np.zeros((2, DRAWS))).tolist() == [[0, 0, 0]] * 2
    assert interval(np.zeros((0, DRAWS))).shape == (0, 3)


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 50.0]), min_size=2, max_size=60))
def test_ends_enclose_the_median_and_stay_among_the_draws(values):
    middle, low, high = ends(*values)
    assert 0 <= low <= middle <= high + ROUNDING <= max(values) + 2 * ROUNDING
    assert low == 0 or np.mean(np.array(values) == 0) <= TAIL


CHANCES = np.array([0.6, 0.99, 0.1, 0.95, 0.8])  # of nothing: .4, .01, .9, .05, .2


@pytest.mark.parametrize(
    ("fdr", "flagged"),
    [
        (0.005, []),
        (0.02, [1]),
        (0.05, [1, 3]),
        (0.1, [1, 3, 4]),  # (.01 + .05 + .2) / 3 = .087
        (0.17, [0, 1, 3, 4]),  # (.01 + .05 + .2 + .4) / 4 = .165
        (0.4, [0, 1, 2, 3, 4]),
    ],
)
def test_the_largest_set_whose_mean_chance_of_nothing_is_at_most_the_rate(fdr, flagged):
    assert np.flatnonzero(bayesian_fdr(CHANCES, fdr)).tolist() == flagged


def test_no_corridor_no_flag():
    assert bayesian_fdr(np.zeros(0), 0.1).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.floats(0.01, 0.5))
def test_flags_hold_the_rate_and_leave_no_likelier_corridor_out(values, fdr):
    chance = np.array(values)
    flags = bayesian_fdr(chance, fdr)
    if flags.any():
        assert (1 - chance[flags]).mean() <= fdr + 1e-12
        assert chance[flags].min() >= chance[~flags].max(initial=0.0)


def smaller(observed, untreated, arrived, sold_on, mark_up=1.2):
    split = least(
        np.array([observed]),
        np.full((1, 2), float(untreated)),
        np.array([arrived], dtype=float),
        np.array([sold_on], dtype=float),
        mark_up,
    )
    return split.intermediated[0, 0], split.ghost[0, 0]


def test_the_smaller_of_what_two_legs_say_by_hand():
    # 100 sent where 20 are usual; 60 arrived; 24 more sold on at a mark-up of a fifth.
    assert smaller(100.0, 20, 60, 24) == pytest.approx((20, 40))
    assert smaller(100.0, 20, 60, 240) == pytest.approx((40, 40))  # no more than arrived
    assert smaller(100.0, 20, 60, -5) == pytest.approx((0, 40))  # sales fell
    assert smaller(100.0, 20, 5, 240) == pytest.approx((0, 80))  # no more than the excess


def test_a_leg_without_record_does_not_bound():
    assert smaller(100.0, 20, np.nan, 24) == pytest.approx((20, 0))
    assert smaller(100.0, 20, 60, np.nan) == pytest.approx((40, 40))


def test_no_excess_no_diversion():
    assert smaller(100.0, 130, 60, 24) == (0, 0)


@given(*(st.floats(0, 1e6) for _ in range(3)), st.floats(-1e6, 1e6))
def test_the_smaller_never_exceeds_the_excess(observed, untreated, arrived, sold_on):
    gone_on, ghost = smaller(observed, untreated, arrived, sold_on)
    assert gone_on >= 0
    assert ghost >= 0
    assert gone_on + ghost <= max(observed - untreated, 0.0) * (1 + ROUNDING)
