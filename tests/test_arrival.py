"""The arrival leg: what a partner usually records of what was sent, and what is missing."""

from dataclasses import fields, replace

import numpy as np
import pytest

from entrepot.diversion.arrival import (
    FREIGHT,
    INFORMATIVE,
    Arrivals,
    ArrivalScales,
    arrivals,
    arrivals_of_all,
    at,
    density,
    is_whole,
    sums,
    tune_arrival,
)
from entrepot.diversion.cube import from_dense
from entrepot.diversion.density import Tail

SCALES = ArrivalScales(lump=1.0, noise=0.01, level=0.5, tail=Tail(0.03, 10.0))


def cube(values, codes=None):
    """A panel of invented codes, each of a heading of its own, and partners, [k][v][t]."""
    table = np.array(values, dtype=float)
    names = [f"85{index:02d}00" for index in range(table.shape[0])] if codes is None else codes
    partners = np.array(["AM", "GE", "KG", "KZ", "UZ"][: table.shape[1]])
    periods = np.arange(table.shape[2]).astype("datetime64[M]")
    return from_dense(table, np.array(names), partners, periods)


def laid_beside(sent, recorded, start, lay=arrivals, lump=1.0, silent=(), codes=None):
    """Hand-written panels side by side; ``silent`` are partner and month without a record."""
    mine, theirs = cube(sent, codes), cube(recorded, codes)
    for place in silent:
        theirs.is_reported[place] = False
    k = mine.shape[0]
    return lay(mine, theirs, np.full(k, start), np.full(k, lump))


def months(count, seed=0, level=100.0):
    """Exports that differ from month to month."""
    return level * np.random.default_rng(seed).lognormal(0, 0.4, count)


def test_ghost_trade_from_lithuania_to_kazakhstan_is_49_8():
    # Financial Times, 10 May 2023, USD m: 13 months before 28 sent, 9 received; after 84 and 11.
    before = 28 * months(13) / months(13).sum()
    sent, recorded = np.append(before, 84), np.append(before * 9 / 28, 11)
    of = laid_beside([[sent]], [[recorded]], start=13, lump=1e-3)
    assert of.share[0, 0] == pytest.approx(9 / 28)
    assert of.base[0, 0] == 0
    assert (of.sent - of.recorded / of.share)[0, 0] == pytest.approx(49.8, abs=0.05)


def test_a_corridor_without_a_past_has_the_share_of_its_country():
    of = laid_beside(
        [[[100, 5], [100, 5]], [[0, 5], [0, 5]]], [[[50, 1], [90, 1]], [[0, 1], [0, 1]]], start=1
    )
    assert of.share[1] == pytest.approx([0.5, 0.9])


def test_a_long_past_has_its_own_share_and_a_short_one_leans_on_its_country():
    large, long, short = months(24, 1, 1e6), months(24, 2), np.append(np.zeros(23), 100.0)
    of = laid_beside(
        [[np.append(sent, 100)] for sent in (large, long, short)],
        [
            [np.append(sent * share, 50)]
            for sent, share in ((large, 0.5), (long, 0.9), (short, 0.9))
        ],
        start=24,
    )
    assert of.share[0, 0] == pytest.approx(0.5, abs=0.01)
    assert of.share[1, 0] == pytest.approx(0.9, abs=0.03)
    assert 0.55 < of.share[2, 0] < of.share[1, 0]
    assert of.share_variance[0, 0] == pytest.approx(of.share_variance[1, 0], rel=0.3)
    assert of.share_variance[2, 0] > 5 * of.share_variance[1, 0]


def test_a_share_is_learned_before_the_window_whatever_is_sent_in_it():
    sent, other = months(25, 1), months(25, 3, 1e5)
    noisy = sent * np.exp(np.random.default_rng(0).normal(0, 0.5, 25))
    boom = np.append(sent[:24], 1_000 * sent[24])
    calm, booming = (
        laid_beside([[mine], [other]], [[noisy], [other]], start=24) for mine in (sent, boom)
    )
    assert booming.share[0, 0] == pytest.approx(calm.share[0, 0], rel=1e-6)


def test_what_is_booked_under_a_sibling_is_not_taken_for_arrivals():
    # A twentieth of the large code is booked under the small one; then the large one trebles.
    large, small = months(37, 3, 1_000.0), months(37, 4, 20.0)
    large[36] = 3_000.0
    record = small + 0.05 * large
    of = laid_beside(
        [[large], [small]], [[0.95 * large], [record]], start=36, codes=["850110", "850120"]
    )
    assert of.base[1, 0] == pytest.approx(150, rel=0.2)
    expected = of.base[1, 0] + of.share[1, 0] * of.sent[1, 0]
    assert expected == pytest.approx(record[36], rel=0.1)
    # A fixed share of what was sent under the small code would be off by half.
    fixed = of.recorded_before[1, 0] / of.sent_before[1, 0] * of.sent[1, 0]
    assert abs(fixed / record[36] - 1) > 0.3


def test_goods_on_the_way_when_the_data_end_are_not_missing():
    sent = months(24, 5)
    sent[23] = 5_000.0
    recorded = 0.6 * sent + 0.4 * np.append(sent[0], sent[:-1])
    of = laid_beside([[sent]], [[recorded]], start=20)
    assert of.share[0, 0] == pytest.approx(1.0, abs=0.02)
    assert of.sent[0, 0] == pytest.approx(recorded[20:].sum(), rel=0.01)
    assert of.sent[0, 0] < sent[20:].sum() - 1_500


def test_a_month_without_a_record_is_dropped_from_both_sides():
    silent = [(0, 1), (0, 4)]  # one month before the window, one in it
    sent, recorded = [[[10, 20, 30, 40, 50, 60]]], [[[1, 2, 3, 4, 5, 6]]]
    of = laid_beside(sent, recorded, start=3, silent=silent)
    assert (of.sent_before[0, 0], of.recorded_before[0, 0]) == (40, 4)
    assert (of.sent[0, 0], of.recorded[0, 0]) == (100, 10)
    other = laid_beside(
        [[[10, 999, 30, 40, 999, 60]]], [[[1, 0, 3, 4, 0, 6]]], start=3, silent=silent
    )
    for field in fields(Arrivals):
        if field.name != "share_variance":
            assert getattr(of, field.name) == pytest.approx(getattr(other, field.name)), field.name


def test_a_month_the_coalition_did_not_publish_is_dropped_as_well():
    mine, theirs = cube([[[10, 20, 30]]]), cube([[[1, 2, 3]]])
    mine.is_reported[0, 2] = False
    of = arrivals(mine, theirs, np.array([1]), np.ones(1))
    assert (of.sent[0, 0], of.recorded[0, 0]) == (20, 2)


def test_windows_begin_with_each_commodity_s_own_month():
    panel = cube([[[1, 2, 4]], [[1, 2, 4]]])
    before, since = sums(panel, panel.is_reported, np.array([1, 2]))
    assert before[:, 0].tolist() == [1, 3]
    assert since[:, 0].tolist() == [6, 4]


def test_a_record_of_less_than_a_fifth_before_the_event_tells_nothing():
    below, above = INFORMATIVE * 100 - 1, INFORMATIVE * 100 + 1
    of = laid_beside(
        [[[100, 9]], [[100, 9]], [[100, 9]]],
        [[[90, 1]], [[below, 1]], [[above, 1]]],
        start=1,
    )
    assert of.is_informative[:, 0].tolist() == [True, False, True]


def test_with_few_shipments_it_is_the_country_s_record_that_counts():
    sent = [[[100, 9], [100, 9]], [[2, 9], [2, 9]]]  # two shipments of the second commodity
    recorded = [[[90, 1], [15, 1]], [[0, 1], [2, 1]]]
    of = laid_beside(sent, recorded, start=1)
    assert of.is_informative[:, 1].tolist() == [False, False]
    assert of.is_informative[:, 0].tolist() == [True, True]


def test_nothing_sent_or_never_recorded_tells_nothing():
    of = laid_beside(
        [[[100, 0], [100, 9], [0, 9]]],
        [[[90, 0], [0, 0], [0, 0]]],
        start=1,
    )
    assert not of.is_informative.any()
    for field in fields(Arrivals):
        assert np.isfinite(getattr(of, field.name)).all(), field.name


def test_a_partner_silent_in_all_months_has_no_arrival_leg():
    of = laid_beside([[[100, 9], [100, 9]]], [[[90, 1], [90, 1]]], start=1, silent=[(1, 0), (1, 1)])
    assert of.is_informative.tolist() == [[True, False]]
    assert of.sent[0, 1] == 0


@pytest.mark.parametrize("lay", [arrivals, arrivals_of_all])
def test_a_commodity_that_is_listed_in_part_has_no_arrival_leg(lay):
    # The record does not tell the listed part from the other: neither has one, few as they send.
    codes = ["850100", "850100", "850200", "850300"]
    sent = [[[2, 50]], [[2, 50]], [[100, 50]], [[90, 50]]]
    recorded = [[[0, 0]], [[0, 0]], [[100, 50]], [[90, 50]]]
    of = laid_beside(sent, recorded, start=1, lay=lay, codes=codes)
    whole = [False, False, True, True]
    assert is_whole(cube(np.ones((4, 1, 2)), codes)).tolist() == whole
    assert of.is_informative[:, 0].tolist() == whole


def test_codes_listed_in_part_do_not_lower_the_share_of_their_country():
    of = laid_beside(
        [[[100, 9]], [[100, 9]], [[100, 9]], [[0, 9]]],
        [[[0, 0]], [[0, 0]], [[100, 9]], [[0, 9]]],
        start=1,
        codes=["850100", "850100", "850200", "850300"],
    )
    assert of.share[3, 0] == pytest.approx(1.0)


def test_where_all_origins_are_added_up_the_rest_of_the_record_is_the_base():
    # 30 a month sent, 100 a month recorded; four months before, two in the window.
    panels = ([[[30] * 6]], [[[100] * 6]])
    of = laid_beside(*panels, start=4, lay=arrivals_of_all)
    assert of.share[0, 0] == FREIGHT
    assert of.base[0, 0] == pytest.approx(2 * (100 - 1.06 * 30))
    assert (of.base + of.share * of.sent)[0, 0] == pytest.approx(of.recorded[0, 0])
    assert of.is_informative[0, 0]
    gap = laid_beside(*panels, start=4, lay=arrivals_of_all, silent=[(0, 5)])
    assert gap.base[0, 0] == pytest.approx(100 - 1.06 * 30)


def test_goods_that_are_a_tenth_of_all_imports_cannot_be_seen_among_them():
    of = laid_beside([[[30] * 6]], [[[300] * 6]], start=4, lay=arrivals_of_all)
    assert not of.is_informative[0, 0]


def test_a_partner_that_recorded_half_of_it_from_everywhere_has_no_gap_when_it_goes_on_so():
    of = laid_beside([[[100] * 6]], [[[50] * 6]], start=4, lay=arrivals_of_all)
    assert (of.base + of.share * of.sent)[0, 0] == pytest.approx(of.recorded[0, 0], rel=0.1)


def test_the_record_is_likeliest_where_what_arrived_times_the_share_equals_it():
    of = at(laid_beside([[[1_000, 2_000]]], [[[900, 900]]], start=1), *np.zeros((2, 1), int))
    of = replace(of, sent=np.array([2_000.0]))
    arrived = np.linspace(0, 2_000, 201)[None, :]
    logs = density(of, np.ones(1), SCALES, arrived)
    assert arrived[0, logs.argmax()] == pytest.approx(1_000, abs=20)
    assert np.isfinite(logs).all()


def test_the_less_is_known_of_a_share_the_less_a_gap_tells():
    well, badly = (of_shares(np.array([1_000.0]), np.array([400.0]), v) for v in (0.01, 0.5))
    gains = []
    for of in (well, badly):
        logs = density(of, np.ones(1), SCALES, np.array([[400.0, 1_000.0]]))
        gains.append(logs[0, 0] - logs[0, 1])
    assert gains[0] > 2 * gains[1] > 0


def of_shares(sent, recorded, variance):
    """Corridors all of whose goods used to be recorded."""
    ones = np.ones(len(sent))
    return Arrivals(
        sent_before=sent,
        recorded_before=sent,
        sent=sent,
        recorded=recorded,
        base=0 * ones,
        share=ones,
        share_variance=variance * ones,
        is_informative=ones > 0,
    )


def test_controls_whose_records_scatter_are_tuned_to_more_noise():
    rng, n = np.random.default_rng(0), 400
    sent = rng.lognormal(8, 1, n)
    close, wide = (
        tune_arrival(of_shares(sent, sent * np.exp(rng.normal(0, spread, n)), 1e-4), np.ones(n))
        for spread in (0.1, 0.6)
    )
    assert close.noise == pytest.approx(0.1**2, rel=0.7)
    assert wide.noise > 5 * close.noise


def test_controls_whose_lumpy_records_are_often_nothing_are_not_taken_for_noisy():
    rng, n = np.random.default_rng(0), 2_000
    lumps = rng.poisson(
        np.ones(n)
    )  # one shipment is expected, and none comes in a third of windows
    recorded = np.where(lumps > 0, rng.gamma(np.maximum(lumps, 1)), 0.0)
    assert tune_arrival(of_shares(np.ones(n), recorded, 1e-4), np.ones(n)).noise < 0.05


def test_a_picked_corridor_keeps_all_its_fields():
    of = laid_beside([[[100, 9], [80, 8]]], [[[90, 1], [70, 2]]], start=1)
    one = at(of, np.array([0]), np.array([1]))
    assert (one.sent_before.tolist(), one.recorded.tolist()) == ([80], [2])
    assert one.share.tolist() == of.share[0, 1:].tolist()
