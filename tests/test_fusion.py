"""From three legs to one conclusion, by hand and on small simulated worlds with known truth."""

from dataclasses import replace

import numpy as np
import pytest

from entrepot.bench.arena import arena_of_world
from entrepot.bench.methods import trials
from entrepot.diversion.arrival import Arrivals, ArrivalScales
from entrepot.diversion.counterfactual import Factors
from entrepot.diversion.density import Tail
from entrepot.diversion.evidence import Evidence
from entrepot.diversion.fusion import Mirror, conclude_legs, legs_of, sales_of, upstream_tail
from entrepot.diversion.latent import SHARES, fuse, joint
from entrepot.diversion.predictive import Scales, draws
from entrepot.diversion.window import Cells
from entrepot.simulate.scenarios import SCENARIOS
from entrepot.simulate.world import simulate

LUMP = 1_000.0
SCALES = (Scales(1.0, 1.0), Tail(0.01, 10.0))
ARRIVAL = ArrivalScales(lump=0.5, noise=0.01, level=0.5, tail=Tail(0.03, 10.0))
NONE, GROWTH, INTERMEDIATED, GHOST, MIXED = range(5)


def corridors(observed, mean):
    """One commodity per corridor, one partner. Amounts in EUR."""
    n = len(observed)
    return Cells(
        row=np.arange(n),
        column=np.zeros(n, dtype=np.int64),
        observed=np.array(observed, dtype=float),
        mean=np.array(mean, dtype=float),
        lump=np.full(n, LUMP),
        level_variance=np.full(n, 0.01),
        drift=np.full(n, 0.01),
    )


def recorded(cells, record, is_informative=True):
    """All goods used to be recorded to the last cent; ``record`` is what was in the window."""
    size = (len(cells), 1)
    told = np.ones(size, dtype=bool) & np.reshape(is_informative, (-1, 1))
    return Arrivals(
        sent_before=np.full(size, 1e6),
        recorded_before=np.full(size, 1e6),
        sent=cells.observed[:, None],
        recorded=np.array(record, dtype=float)[:, None],
        base=np.zeros(size),
        share=np.ones(size),
        share_variance=np.full(size, 0.001),
        is_informative=told,
    )


def sold(cells, observed, mean):
    """Sales to the destination, with controls that sold what was expected."""
    rng = np.random.default_rng(0)
    usual = corridors(np.zeros(300), rng.lognormal(11, 1, 300))
    control = replace(usual, observed=draws(usual, Scales(1.0, 1.0), 1, 1)[:, 0])
    tested = corridors(observed, np.broadcast_to(mean, len(cells)))
    nobody = Factors(*np.zeros((3, 1, 1)))
    return Evidence(tested, control, control, nobody, np.full(len(cells), LUMP))


def mirror(cells, arrivals=None, sales=None, sales_seen=1.0, is_lower_bound=False):
    return Mirror(
        arrivals=arrivals,
        arrival_scales=None if arrivals is None else ARRIVAL,
        sales=sales,
        sales_seen=np.ones((len(cells), 1)) * np.reshape(sales_seen, (-1, 1)),
        is_lower_bound=np.array([is_lower_bound]),
        lump=np.full(len(cells), LUMP),
    )


def chances(cells, second, lost=5e6):
    """Chances of nothing and of each way and share."""
    legs, _, _ = legs_of(cells, SCALES, np.full(len(cells), lost), second)
    return joint(legs, fuse(legs))


def concluded(cells, second=None, lost=5e6):
    lost_of = np.full(len(cells), lost)
    how = (np.arange(len(cells)), 0.1, 1)  # each of a chapter of its own
    return conclude_legs(cells, SCALES, lost_of, mirror(cells) if second is None else second, how)


# Twenty corridors as usual, and some that sent EUR 900,000 where 300,000 are usual.
CALM = 20
USUAL, SENT, RESOLD = 3e5, 9e5, 5e4


def suspects(n):
    return corridors([USUAL] * CALM + [SENT] * n, [USUAL] * (CALM + n))


def among_calm(usual, *values):
    return [usual] * CALM + list(values)


@pytest.fixture(scope="module")
def suspect():
    return suspects(1)


def test_a_mirror_flagged_missing_gives_the_posterior_of_the_leg_left_out(suspect):
    sales = sold(suspect, among_calm(RESOLD, 6e5), RESOLD)
    silent = recorded(suspect, among_calm(USUAL, 1e5), is_informative=False)
    without = concluded(suspect, mirror(suspect, sales=sales))
    flagged = concluded(suspect, mirror(suspect, silent, sales))
    left_out = chances(suspect, mirror(suspect, sales=sales))
    assert (chances(suspect, mirror(suspect, silent, sales)) == left_out).all()
    assert (flagged.drawn.ghost == without.drawn.ghost).all()
    assert flagged.legs.tolist() == without.legs.tolist() == ["UD"] * (CALM + 1)
    heard = recorded(suspect, among_calm(USUAL, 1e5))
    told = chances(suspect, mirror(suspect, heard, sales))
    assert np.abs(told - left_out).max() > 0.01


def test_sales_flagged_missing_give_the_posterior_of_the_leg_left_out(suspect):
    record = recorded(suspect, among_calm(USUAL, 9e5))
    sales = sold(suspect, among_calm(RESOLD, 6e5), RESOLD)
    without = concluded(suspect, mirror(suspect, record))
    left_out = chances(suspect, mirror(suspect, record))
    for flagged in (
        mirror(suspect, record, sales, sales_seen=0.0),  # no month of theirs was published
        mirror(suspect, record, sold(suspect, among_calm(RESOLD, 6e5), 0.0)),  # no expectation
    ):
        found = concluded(suspect, flagged)
        assert (chances(suspect, flagged) == left_out).all()
        assert found.legs.tolist() == without.legs.tolist() == ["UA"] * (CALM + 1)
    told = chances(suspect, mirror(suspect, record, sales))
    assert np.abs(told - left_out).max() > 0.01


def test_one_partner_s_silence_takes_nothing_from_another_s_record():
    cells = suspects(2)
    told = np.array([True] * (CALM + 1) + [False])
    found = concluded(
        cells, mirror(cells, recorded(cells, among_calm(USUAL, 3e5, 3e5), is_informative=told))
    )
    assert found.legs.tolist() == ["UA"] * (CALM + 1) + ["U"]
    assert np.isfinite(found.ghost[:-1]).all()
    assert np.isnan(found.ghost[-1]).all()
    assert found.posterior.chance[-2, GHOST] > 0.9
    assert found.posterior.chance[-1, GHOST] < 0.5


def test_the_more_is_sold_on_the_likelier_goods_arrived_and_went_on():
    sales = np.linspace(RESOLD, 6e5, 6)
    cells = suspects(len(sales))
    second = mirror(
        cells,
        recorded(cells, among_calm(USUAL, *[SENT] * len(sales))),
        sold(cells, among_calm(RESOLD, *sales), RESOLD),
    )
    found = concluded(cells, second)
    chance = found.posterior.chance[CALM:]
    went_on = chance[:, INTERMEDIATED] + chance[:, MIXED]
    assert (np.diff(went_on) >= -1e-9).all()
    assert went_on[0] < 0.01
    assert went_on[-1] > 0.99
    assert chance[0, GROWTH] > 0.9
    assert chance[-1, INTERMEDIATED] > 0.5
    gone_on = found.drawn.split.intermediated[0, CALM:].mean(axis=1)
    assert (np.diff(gone_on) > 0).all()
    assert gone_on[-1] == pytest.approx(6e5 / 1.2, rel=0.2)


def test_the_less_is_recorded_the_more_has_vanished():
    record = np.linspace(SENT, USUAL, 7)
    cells = suspects(len(record))
    found = concluded(cells, mirror(cells, recorded(cells, among_calm(USUAL, *record))))
    ghost = found.drawn.split.ghost[0, CALM:].mean(axis=1)
    assert (np.diff(ghost) > 0).all()
    assert ghost[0] < 0.15 * SENT
    assert ghost[-1] == pytest.approx(SENT - USUAL, rel=0.15)
    assert (np.diff(found.posterior.chance[CALM:, GHOST]) >= -1e-9).all()


def test_a_customs_union_s_low_sales_weigh_little():
    cells = suspects(2)
    record = recorded(cells, among_calm(USUAL, SENT, 4e5))
    low = sold(cells, among_calm(RESOLD, 0.0, RESOLD), RESOLD)
    one_sided = concluded(cells, mirror(cells, record, low, is_lower_bound=True))
    two_sided = concluded(cells, mirror(cells, record, low))
    without = concluded(cells, mirror(cells, record))
    moved, forced = (
        np.abs(
            each.posterior.chance[-2, INTERMEDIATED] - without.posterior.chance[-2, INTERMEDIATED]
        )
        for each in (one_sided, two_sided)
    )
    assert moved < 0.7 * forced


def test_a_customs_union_s_high_sales_speak_for_goods_that_went_on():
    cells = suspects(1)
    record = recorded(cells, among_calm(USUAL, SENT))
    without = concluded(cells, mirror(cells, record))
    high = sold(cells, among_calm(RESOLD, 6e5), RESOLD)
    found = concluded(cells, mirror(cells, record, high, is_lower_bound=True))
    before, now = (each.posterior.chance[-1, INTERMEDIATED] for each in (without, found))
    assert now > before + 0.2
    assert now > 0.9


def test_on_the_upstream_leg_alone_only_the_split_is_open(suspect):
    found = concluded(suspect)
    assert set(found.legs) == {"U"}
    assert np.isnan(found.intermediated).all()
    assert np.isnan(found.ghost).all()
    assert np.isfinite(found.drawn.diverted).all()
    assert np.isfinite(found.posterior.probability).all()


def test_either_second_leg_gives_a_split(suspect):
    record = recorded(suspect, among_calm(USUAL, 3e5))
    sales = sold(suspect, among_calm(RESOLD, RESOLD), RESOLD)
    for second, letters in (
        (mirror(suspect, record), "UA"),
        (mirror(suspect, sales=sales), "UD"),
        (mirror(suspect, record, sales), "UAD"),
    ):
        found = concluded(suspect, second)
        assert set(found.legs) == {letters}
        assert np.isfinite(found.intermediated).all()
        assert np.isfinite(found.ghost).all()


def test_no_interval_holds_more_than_was_declared(suspect):
    second = mirror(suspect, recorded(suspect, among_calm(USUAL, 1e5)))
    found = concluded(suspect, second)
    for ends in (found.drawn.diverted, found.intermediated, found.ghost):
        assert (ends >= 0).all()
        assert (ends <= suspect.observed[:, None] * (1 + 1e-9)).all()


@pytest.mark.parametrize("observed", [0.0, 1.0, 1e12])
def test_a_corridor_of_any_size_has_numbers(observed):
    cells = corridors([USUAL, observed], [USUAL, 0.01])
    second = mirror(cells, recorded(cells, [USUAL, 0.0]), sold(cells, [RESOLD, 1e9], RESOLD))
    for lost in (0.0, 1e9):
        found = concluded(cells, second, lost)
        assert np.isfinite(chances(cells, second, lost)).all()
        assert np.isfinite(found.drawn.diverted).all()
        assert (found.drawn.diverted[:, 2] <= cells.observed * (1 + 1e-9)).all()


def test_one_corridor_alone_has_a_conclusion():
    cells = corridors([SENT], [USUAL])
    found = concluded(cells, mirror(cells, recorded(cells, [USUAL])))
    assert found.ghost[0, 0] == pytest.approx(SENT - USUAL, rel=0.15)


def test_all_that_is_usual_being_gone_is_a_mass_and_not_a_density():
    # The unit of shipments must not decide whether all of a corridor's exports were diverted.
    cells = corridors([SENT], [100.0])
    one, other = (
        legs_of(cells, (Scales(scale, 1.0), Tail(1e-9, 3.0)), np.ones(1), mirror(cells))[0]
        for scale in (1.0, 2.0)
    )
    per_euro = [
        legs.upstream[0, -1] - np.log(scale * LUMP) for legs, scale in ((one, 1.0), (other, 2.0))
    ]
    # Nothing was expected: the chance of no legitimate shipment is almost one in either unit.
    assert per_euro == pytest.approx([-np.log(SENT)] * 2, abs=0.15)
    assert one.upstream.shape == (1, len(SHARES))


def test_controls_that_stray_widen_the_upstream_leg():
    rng = np.random.default_rng(3)
    usual = corridors(np.zeros(2_000), rng.lognormal(12, 1, 2_000))
    calm = replace(usual, observed=draws(usual, SCALES[0], 1, 4)[:, 0])
    stray = np.where(rng.random(2_000) < 0.1, 4.0, 1.0)
    usual_tail = upstream_tail(calm, SCALES[0])
    wide_tail = upstream_tail(replace(calm, observed=calm.observed * stray), SCALES[0])
    assert wide_tail.width > usual_tail.width
    assert wide_tail.share >= 0.06


def test_sales_are_those_of_the_corridor_and_not_of_its_place_in_the_list():
    cells = corridors([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    sales = corridors([10.0, 20.0, 30.0], [5.0, 5.0, 5.0]).take(np.array([2, 0, 1]))
    of = sales_of(cells, mirror(cells), sales, SCALES[0])
    assert of.observed.tolist() == [10, 20, 30]


@pytest.fixture(scope="module")
def scores():
    """Two worlds of the size of the benchmark's, of seeds that are used for tuning."""
    found = {}
    for seed in (0, 1):
        arena = arena_of_world(simulate(SCENARIOS["base"], seed))
        for trial in trials("base", seed, arena, ("year on year", "LFM UAD")):
            found[trial.method, seed] = trial.score
    return found


@pytest.mark.parametrize("seed", [0, 1])
def test_three_legs_rank_far_better_than_a_year_on_year_comparison(scores, seed):
    ours, simple = scores["LFM UAD", seed], scores["year on year", seed]
    assert ours.average_precision - simple.average_precision > 0.1


@pytest.mark.parametrize("seed", [0, 1])
def test_flags_in_a_simulated_world_hold_nothing_in_one_of_five_at_most(scores, seed):
    assert scores["LFM UAD", seed].flagged_count > 30
    assert scores["LFM UAD", seed].false_discovery_proportion <= 0.20


@pytest.mark.parametrize("seed", [0, 1])
def test_intervals_hold_what_was_diverted(scores, seed):
    assert scores["LFM UAD", seed].coverage_diverted >= 0.85
    assert scores["LFM UAD", seed].coverage_flagged >= 0.8


@pytest.mark.parametrize("seed", [0, 1])
def test_with_three_legs_the_two_ways_are_told_apart(scores, seed):
    assert scores["LFM UAD", seed].intermediated_error < 0.4
    assert scores["LFM UAD", seed].ghost_error < 0.5


def test_a_world_without_diversion_has_two_flags_at_most():
    arena = arena_of_world(simulate(SCENARIOS["null"], 0))
    (trial,) = trials("null", 0, arena, ("LFM UAD",))
    assert trial.score.cell_count > 500
    assert trial.score.flagged_count <= 2
