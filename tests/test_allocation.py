"""Ghost trade is shared out among the members whose declarations hold the gap."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.diversion.allocation import (
    Uncertainty,
    allocate,
    allocation_diagnostic,
    arrival_ratio,
    gap_excess,
    ghost_shares,
    increase_shares,
    usual_spread,
)
from entrepot.diversion.diagnostic import measure_rows
from entrepot.diversion.member_sums import (
    MemberTrade,
    declared_arrivals,
    declared_exports,
    member_sums,
    member_trade,
    published_months,
)
from entrepot.errors import EstimateError
from entrepot.lake import Lake
from entrepot.rows import arrow_rows
from entrepot.tables import FLOWS
from entrepot.trade.summary import Stretch

MEMBERS = np.array(["DE", "LT"])
SURE = Uncertainty(lump=1.0, spread=0.0, seed=1)


def trade(before, now, arrived_before, arrived):
    """One intermediary, Kazakhstan; a number for each of Germany and Lithuania."""
    columns = (np.array(side, dtype=float)[:, None] for side in (before, now))
    mirror = (np.array(side, dtype=float)[:, None] for side in (arrived_before, arrived))
    return MemberTrade(MEMBERS, np.array(["KZ"]), *columns, *mirror)


# Nine tenths arrived of all before; of Lithuania's 8,000 in the window only 900.
PAPER = trade((9_000, 1_000), (18_000, 8_000), (8_100, 900), (16_200, 900))


def test_gap_is_what_the_arrivals_cannot_hold():
    assert arrival_ratio(PAPER, 1.0).ravel().tolist() == pytest.approx([0.9, 0.9])
    # Germany 18,000 - 16,200 / 0.9 = 0; Lithuania 8,000 - 900 / 0.9 = 7,000.
    assert gap_excess(PAPER, 1.0).ravel().tolist() == pytest.approx([0.0, 7_000.0])


def test_a_thin_pair_leans_on_its_country_s_ratio():
    # 30 euros before are three shipments of ten: half its own ratio of 0, half the country's.
    thin = trade((9_970, 30), (100, 100), (9_000, 0), (90, 45))
    usual = 9_000 / 10_000
    assert arrival_ratio(thin, 10.0)[1, 0] == pytest.approx(usual * 3 / (3 + 3))


def test_where_nothing_ever_arrived_nothing_is_said_of_gaps():
    silent = trade((100, 100), (500, 900), (0, 0), (0, 0))
    assert gap_excess(silent, 1.0).tolist() == [[0.0], [0.0]]
    assert ghost_shares(silent, SURE, 5).sum() == 0.0


def test_ghost_trade_goes_to_the_member_with_the_gap():
    shares = ghost_shares(PAPER, Uncertainty(lump=0.01, spread=0.0, seed=1), 400)
    found = allocate(PAPER, np.full((1, 400), 6_000.0), shares)
    assert found.members[found.amount.argmax()] == "LT"
    assert found.share[1] > 0.95
    assert found.amount.sum() == pytest.approx(6_000.0)
    assert found.baltic[1] == pytest.approx(found.share[1])
    assert found.baltic_of_exports == pytest.approx(0.1)


def test_an_uncertain_ratio_widens_the_shares():
    sure = ghost_shares(PAPER, Uncertainty(lump=0.01, spread=0.0, seed=1), 400)
    vague = ghost_shares(PAPER, Uncertainty(lump=0.01, spread=0.3, seed=1), 400)
    assert vague[1].std() > 5 * sure[1].std()


def test_without_a_mirror_excess_goes_to_who_grew_beyond_the_usual_share():
    # Of 26,000 exports 16,000 are excess: 10,000 were expected, 9,000 German and 1,000 Lithuanian.
    excess = np.full((1, 400), 16_000.0)
    shares = increase_shares(PAPER, excess, Uncertainty(lump=0.001, spread=0.0, seed=1))
    found = allocate(PAPER, excess, shares)
    assert found.amount == pytest.approx([9_000.0, 7_000.0], rel=0.01)


@given(st.lists(st.integers(0, 10**6), min_size=8, max_size=8), st.integers(0, 10**6))
def test_members_add_up_to_the_total_and_none_is_negative(sides, amount):
    some = trade(*np.array(sides).reshape(4, 2).tolist())
    shares = ghost_shares(some, Uncertainty(lump=1_000.0, spread=0.2, seed=3), 20)
    found = allocate(some, np.full((1, 20), float(amount)), shares)
    assert (found.amount >= 0).all()
    assert found.amount.sum() + found.unallocated == pytest.approx(amount, abs=1e-6)
    assert ((found.share >= 0) & (found.share <= 1 + 1e-12)).all()


def test_usual_spread_is_the_scatter_of_ratios_among_calm_pairs():
    rng = np.random.default_rng(0)
    before = np.full((10, 30), 1e6)
    now = 0.9 * before * np.exp(rng.normal(0, 0.2, before.shape))
    places = np.array([f"P{n}" for n in range(30)])
    members = np.array([f"M{n}" for n in range(10)])
    calm = MemberTrade(members, places, before, before, 0.9 * before, now)
    assert usual_spread(calm, 1_000.0) == pytest.approx(0.2, abs=0.03)
    with pytest.raises(EstimateError, match="0 pairs"):
        usual_spread(calm, 1e6)


def test_draws_that_do_not_fit_are_refused():
    shares = ghost_shares(PAPER, SURE, 10)
    with pytest.raises(EstimateError, match=r"shares have shape \(2, 1, 10\)"):
        allocate(PAPER, np.zeros((1, 11)), shares)
    with pytest.raises(EstimateError, match="the least amount is -1"):
        allocate(PAPER, np.full((1, 10), -1.0), shares)


def test_the_sentence_sets_the_baltic_share_beside_its_share_of_exports():
    shares = ghost_shares(PAPER, Uncertainty(lump=0.01, spread=0.0, seed=1), 50)
    found = allocate(PAPER, np.full((1, 50), 6_000.0), shares)
    shown = allocation_diagnostic(found, "ghost trade", "EUR FOB")
    assert "of ghost trade, the declarations of LT" in shown.detail
    assert "against 10% of the exports" in shown.detail
    rows = measure_rows(shown, "common")
    assert ("common", "allocation_ghost_trade", "share_of_exports", "LT", 0.1, "1") in rows
    nothing = allocate(PAPER, np.zeros((1, 50)), shares)
    assert allocation_diagnostic(nothing, "ghost trade", "EUR FOB").outcome == "unknown"


BASE = {
    "source_id": "a" * 16,
    "dataset": "test",
    "freq": "M",
    "partner2": "_T",
    "customs_procedure": "_T",
    "currency": "EUR",
    "obs_status": "A",
}


def export(month, member, code, value):
    more = {"reporter": member, "partner": "KZ", "flow": "X", "classification": "CN"}
    return BASE | more | {"period": month, "commodity": code, "value": value, "valuation": "FOB"}


def arrival(month, member, code, value):
    more = {"reporter": "KZ", "partner": member, "flow": "M", "classification": "HS"}
    return BASE | more | {"period": month, "commodity": code, "value": value, "valuation": "CIF"}


def test_sums_hold_listed_goods_in_months_both_sides_published(tmp_path):
    january, february, march = (date(2022, month, 1) for month in (1, 2, 3))
    rows = [
        *(export(january, "DE", code, 100.0) for code in ("85423111", "85423190", "10019900")),
        export(february, "DE", "85423111", 999.0),  # Kazakhstan published nothing in February
        export(march, "LT", "85423111", 70.0),
        arrival(january, "DE", "854231", 180.0),
        arrival(january, "DE", "8542", 5_000.0),  # a heading holds the code above once more
        arrival(march, "DE", "100199", 40.0),
    ]
    table = arrow_rows(
        FLOWS, len(rows), {name: [row[name] for row in rows] for name in BASE | rows[0]}
    )
    before, window = Stretch(january, february), Stretch(march, march)
    codes = {"854231"}
    with Lake(tmp_path / "lake") as lake:
        flows = lake.frame(table)
        months = published_months(flows)
        sums = [
            member_sums(side(flows, MEMBERS.tolist(), codes), months, before, window)
            .collect("pyarrow")
            .to_native()
            for side in (declared_exports, declared_arrivals)
        ]
    found = member_trade(*sums, MEMBERS, np.array(["KZ"]))
    assert found.exports_before.ravel().tolist() == [200.0, 0.0]
    assert found.exports.ravel().tolist() == [0.0, 70.0]
    assert found.arrivals_before.ravel().tolist() == [180.0, 0.0]
    assert found.arrivals.ravel().tolist() == [0.0, 0.0]
