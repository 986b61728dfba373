"""Totals of what was diverted, by way: draws added up, a shock that partners share, honest ends."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fusion import corridors

from entrepot.diversion.drawn import Drawn
from entrepot.diversion.fusion import Fusion
from entrepot.diversion.intervals import DRAWS
from entrepot.diversion.latent import Posterior
from entrepot.diversion.split import Split
from entrepot.diversion.split_totals import MOSTLY, SplitTally, split_tally

ALL = np.ix_([0, 1], [0, 1])


def most_of(at, each=150.0):
    """Upper ends of the excess of these partners."""
    return np.full(np.asarray(at[0]).size, each)


def tally(gone_on, ghost, observed=1_000.0, shock=0.0, exposed=None, told=1.0, legs="AD"):
    """Two partners and two chapters; amounts are draws of each, or one number for all."""
    size = (2, 2, DRAWS)
    draws = [
        np.broadcast_to(np.asarray(part, dtype=float), size).copy() for part in (gone_on, ghost)
    ]
    mean = (draws[0] + draws[1]).mean(axis=2)
    return SplitTally(
        intermediated=draws[0],
        ghost=draws[1],
        observed=np.full((2, 2), observed),
        exposed=np.full((2, 2), 0.3 * observed) if exposed is None else exposed,
        mean=mean,
        with_arrival=told * mean * ("A" in legs),
        with_sales=told * mean * ("D" in legs),
        with_both=told * mean * (legs == "AD"),
        shock=(shock, 0.0),
        seed=1,
    )


def test_totals_are_the_sums_of_the_draws():
    total = tally(gone_on=30.0, ghost=10.0).total(ALL, most_of(ALL))
    assert total.diverted == pytest.approx([160] * 3)
    assert total.intermediated == pytest.approx([120] * 3)
    assert total.ghost == pytest.approx([40] * 3)
    assert total.ghost_share == pytest.approx([0.25] * 3)
    assert total.legs == "UAD"


def test_a_partner_or_a_chapter_has_its_own_total():
    gone_on = np.arange(4.0).reshape(2, 2, 1)
    found = tally(gone_on=gone_on, ghost=1.0)
    one = found.total(np.ix_([1], [0, 1]), most_of(np.ix_([1], [0, 1])))
    assert one.diverted == pytest.approx([2 + 3 + 2] * 3)
    assert found.total(
        np.ix_([0, 1], [1]), most_of(np.ix_([0, 1], [1]))
    ).intermediated == pytest.approx([1 + 3] * 3)


def test_ends_are_quantiles_of_sums_and_not_sums_of_quantiles():
    rng = np.random.default_rng(0)
    gone_on = rng.exponential(50.0, (2, 2, DRAWS))
    total = tally(gone_on=gone_on, ghost=0.0, observed=1e6).total(ALL, most_of(ALL))
    whole = gone_on.sum(axis=(0, 1))
    assert total.diverted == pytest.approx(np.quantile(whole, [0.5, 0.05, 0.95]))


def test_a_shock_that_partners_share_widens_the_interval_and_keeps_the_middle():
    calm = tally(gone_on=200.0, ghost=200.0).total(ALL, most_of(ALL))
    shaken = tally(gone_on=200.0, ghost=200.0, shock=0.2).total(ALL, most_of(ALL))
    assert np.ptp(calm.diverted) == 0
    assert np.ptp(shaken.diverted) > 100
    assert shaken.diverted[0] == pytest.approx(calm.diverted[0], rel=0.05)
    assert shaken.ghost_share == pytest.approx([0.5] * 3)


def test_a_shock_is_one_for_all_chapters_of_a_partner_and_another_for_each_partner():
    found = tally(gone_on=200.0, ghost=200.0, shock=0.2)

    def width(at):
        return np.ptp(found.total(at, most_of(at)).diverted)

    chapters, partners = width(np.ix_([0], [0, 1])), width(np.ix_([0, 1], [0]))
    assert chapters == pytest.approx(2 * width(np.ix_([0], [0])))
    assert partners < 0.85 * chapters


@settings(max_examples=30)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(0, 3),
    st.floats(0, 5_000),
    st.sampled_from([0.0, 0.5, 1.0]),
)
def test_totals_are_never_negative_nor_more_than_was_declared(seed, shock, exposed, nothing):
    rng = np.random.default_rng(seed)
    diverted = rng.uniform(0, 1_000, (2, 2, DRAWS)) * (rng.random((2, 2, DRAWS)) >= nothing)
    ghost = diverted * rng.random((2, 2, DRAWS))
    found = tally(diverted - ghost, ghost, shock=shock, exposed=np.full((2, 2), exposed))
    total = found.total(ALL, most_of(ALL))
    told = (total.diverted, total.intermediated, total.ghost)
    for part in (one for one in told if one is not None):
        assert (part >= 0).all()
        assert (part <= 4_000 * (1 + 1e-9)).all()
        assert part[1] <= part[0] <= part[2]
    if total.ghost_share is not None:
        assert 0 <= total.ghost_share[1] <= total.ghost_share[0] <= total.ghost_share[2] <= 1


def test_the_split_is_open_where_most_of_it_has_no_second_leg():
    below = tally(gone_on=30.0, ghost=10.0, told=MOSTLY - 0.01).total(ALL, most_of(ALL))
    assert (below.intermediated, below.ghost, below.ghost_share) == (None, None, None)
    assert below.diverted == pytest.approx([160] * 3)
    assert below.legs == "U"
    assert (
        tally(gone_on=30.0, ghost=10.0, told=MOSTLY + 0.01).total(ALL, most_of(ALL)).ghost
        is not None
    )


def test_the_split_is_open_without_any_second_leg():
    total = tally(gone_on=30.0, ghost=10.0, legs="").total(ALL, most_of(ALL))
    assert total.legs == "U"
    assert total.ghost is None
    assert total.diverted[0] == pytest.approx(160)


@pytest.mark.parametrize(("legs", "letters"), [("A", "UA"), ("D", "UD"), ("AD", "UAD")])
def test_legs_are_those_that_most_of_what_was_diverted_has(legs, letters):
    assert tally(gone_on=30.0, ghost=10.0, legs=legs).total(ALL, most_of(ALL)).legs == letters


def test_of_two_partners_with_one_leg_each_only_what_each_leg_sees_is_told():
    found = tally(gone_on=30.0, ghost=10.0)
    half = np.array([[1.0, 1.0], [0.0, 0.0]]) * found.mean
    torn = replace(found, with_arrival=half, with_sales=found.mean - half, with_both=0 * half)
    total = torn.total(ALL, most_of(ALL))
    # The first tells 20 of ghost, the second 60 that went on; each has an excess of 150 at most.
    assert total.ghost[1:] == pytest.approx([20, 20 + 150 - 60])
    assert total.intermediated[1:] == pytest.approx([60, 60 + 150 - 20])
    assert total.diverted[1:] == pytest.approx([80, 80 + 130 + 90])
    assert np.isnan([total.ghost[0], total.intermediated[0], total.diverted[0]]).all()
    assert total.ghost_share is None


def test_what_one_second_leg_cannot_tell_is_open_up_to_the_excess():
    no_sales = tally(gone_on=30.0, ghost=10.0, legs="A").total(ALL, most_of(ALL))
    assert no_sales.ghost == pytest.approx([40] * 3)
    assert no_sales.intermediated[1:] == pytest.approx([0, 260])
    assert no_sales.diverted[1:] == pytest.approx([40, 300])
    assert np.isnan([no_sales.intermediated[0], no_sales.diverted[0]]).all()


def test_where_no_excess_is_left_the_points_of_one_leg_stay_open():
    no_sales = tally(gone_on=0.0, ghost=10.0, legs="A").total(ALL, most_of(ALL, each=5.0))
    assert np.isnan(no_sales.diverted[0])
    assert no_sales.diverted[1:] == pytest.approx([40, 40])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_a_total_is_never_below_the_lower_end_of_one_of_its_parts_nor_above_all_upper_ends(seed):
    rng = np.random.default_rng(seed)
    found = tally(rng.uniform(0, 50, (2, 2, 1)), rng.uniform(0, 50, (2, 2, 1)))
    legs = rng.integers(0, 2, (2, 2))[:, :, None] * np.ones((2, 2, 2))
    found = replace(
        found,
        with_arrival=found.mean * legs[0],
        with_sales=found.mean * legs[1],
        with_both=found.mean * legs[0] * legs[1],
    )
    ones = [found.total(at, most_of(at)) for at in (np.ix_([0], [0, 1]), np.ix_([1], [0, 1]))]
    whole = found.total(ALL, most_of(ALL))
    for name in ("diverted", "intermediated", "ghost"):
        parts = [getattr(one, name) for one in ones if one.ghost is not None]
        if whole.ghost is not None and parts:
            assert getattr(whole, name)[1] >= max(part[1] for part in parts) - 1e-9
            assert getattr(whole, name)[2] >= max(part[2] for part in parts) - 1e-9


def test_a_share_of_nothing_is_open():
    total = tally(gone_on=0.0, ghost=0.0).total(ALL, most_of(ALL))
    assert total.diverted.tolist() == [0, 0, 0]
    assert total.ghost_share is None
    some = np.where(np.arange(DRAWS) % 10 == 0, 0.0, 5.0)  # nothing in a tenth of draws
    assert tally(gone_on=some, ghost=some).total(ALL, most_of(ALL)).ghost_share is None


def test_a_shock_does_not_change_which_way_goods_went():
    # Where anything was diverted it vanished: nothing says that any of it went on.
    vanished = np.where(np.arange(DRAWS) % 2 == 0, 0.0, 50.0)
    found = tally(gone_on=0.0, ghost=vanished, shock=0.3).total(
        np.ix_([0], [0]), most_of(np.ix_([0], [0]))
    )
    assert found.intermediated == pytest.approx([0.0] * 3)


def test_corridors_are_added_up_by_partner_and_chapter():
    cells = replace(corridors([100.0, 200.0, 400.0], [10.0] * 3), column=np.array([0, 1, 1]))
    mean = np.array([11.0, 22.0, 44.0])
    split = Split(np.full((2, 2, DRAWS), 1.0), np.full((2, 2, DRAWS), 30.0))
    chance = np.array([[0.5, 0, 0.5, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]])
    unused = np.zeros((3, 3))
    fusion = Fusion(
        posterior=Posterior(np.zeros(5), np.zeros(8), chance),
        drawn=Drawn(np.zeros(3), mean, *[unused] * 3, split, np.zeros((3, DRAWS))),
        is_flagged=np.zeros(3, dtype=bool),
        legs=np.array(["U", "UA", "UAD"]),
    )
    found = split_tally(cells, fusion, np.array([0, 1, 1]), ((0.0, 0.0), 1))
    assert found.mean == pytest.approx(np.array([[11, 0], [0, 66]]), abs=0.01)
    assert found.observed.tolist() == [[100, 0], [0, 600]]
    assert found.exposed.tolist() == [[5, 0], [0, 20]]
    assert found.with_arrival[1] == pytest.approx([0, 66], abs=0.01)
    assert found.with_sales[1] == pytest.approx([0, 44], abs=0.01)
    assert found.with_both[1] == pytest.approx([0, 44], abs=0.01)
    assert found.total(np.ix_([0], [0, 1]), most_of(np.ix_([0], [0, 1]))).ghost is None
    assert found.total(np.ix_([1], [0, 1]), most_of(np.ix_([1], [0, 1]))).ghost == pytest.approx(
        [60] * 3
    )
