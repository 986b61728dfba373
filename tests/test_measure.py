"""Countermeasures: what changed after one, and what cannot be told from nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.codes.caveats import caveats
from entrepot.diversion.measure import estimate_measure, rivals
from entrepot.diversion.measure_inquiry import MeasureInquiry
from entrepot.diversion.measure_panel import MeasurePanel
from entrepot.diversion.measure_placebo import FEWEST_PLACEBOS, half_width, rank_p
from entrepot.diversion.measure_rows import MEASURES, measure_rows
from entrepot.diversion.measure_windows import Span, windows
from entrepot.errors import CodeError, EstimateError

SANCTIONS, MEASURE = date(2022, 3, 1), date(2023, 6, 1)
FIRST, MONTHS, EVENT, AT = np.datetime64("2019-01", "M"), 66, 38, 53
INTERMEDIARIES = ("AM", "GE", "KG", "KZ", "RS", "TR", "UZ")
CONTROLS = ("BR", "CL", "EG", "IL", "MA", "MX")
NAMES = np.array(sorted(INTERMEDIARIES + CONTROLS))
ASKED = MeasureInquiry("KZ", MEASURE, SANCTIONS)
SOURCES = "Eurostat (comext, vintage 2024-08-19)"
QUIET = 0.0  # relative noise of a month


def at(name):
    return int(np.flatnonzero(name == NAMES)[0])


def panel(noise=0.1, excess=2.0, change=None, seed=3, own_goods=False):
    """Exports of 10 a month to everyone; since the sanctions intermediaries receive more.

    ``change`` edits the values, shape [partner, month], before anything is made of them.
    """
    rng = np.random.default_rng(seed)
    size = (len(NAMES), MONTHS)
    draw = (lambda: rng.gamma(noise**-2, noise**2, size)) if noise else (lambda: np.ones(size))
    values = 10e6 * draw()
    diverts = np.isin(NAMES, INTERMEDIARIES)
    values[diverts, EVENT:] *= 1 + excess
    if change is not None:
        change(values)
    other = [20e6 * draw()] if own_goods else []
    return MeasurePanel(
        values=np.stack([values, *other]),
        is_asked=np.array([True, *[False for _ in other]]),
        names=np.array(["8703", "9401"][: 1 + len(other)]),
        partners=NAMES,
        periods=FIRST + np.arange(MONTHS),
        is_complete=np.ones(MONTHS, dtype=bool),
        asked=at("KZ"),
        is_intermediary=diverts,
        is_left_out=np.zeros(len(NAMES), dtype=bool),
        event=EVENT,
        goods_count=1,
        listed_by=None,
        unit="EUR FOB",
    )


def falls(name, left, first=AT):
    def change(values):
        values[at(name), first:] *= left

    return change


def answer(made, asked=ASKED):
    (found, *_) = estimate_measure(made, asked).found
    return found


def rows_of(made, asked=ASKED):
    return measure_rows(estimate_measure(made, asked), SOURCES).to_pylist()


def test_a_fall_by_half_is_found_and_lies_in_its_interval():
    (row,) = rows_of(panel(change=falls("KZ", 0.5)))
    assert row["outcome"] == "reduced"
    assert row["expected"] == pytest.approx(30e6, rel=0.1)
    assert row["effect_low"] < -15e6 < row["effect_high"] < 0  # of 30 m a month 15 m are gone
    assert row["p_value"] <= 0.1
    assert row["p_reduced"] <= row["p_value"]
    assert row["p_value"] >= row["p_least"] == pytest.approx(1 / (1 + row["placebo_count"]))


def test_effect_is_a_share_of_the_excess_since_the_sanctions():
    (row,) = rows_of(panel(noise=0.02, change=falls("KZ", 0.5)))
    assert row["excess_before"] == pytest.approx(20e6, rel=0.05)  # 30 less the 10 of before
    assert row["excess_before_low"] < 20e6 < row["excess_before_high"]
    assert row["share"] == pytest.approx(-0.75, abs=0.05)  # 15 of 20
    assert row["share_low"] < row["share"] < row["share_high"] < 0


def test_a_rise_is_called_one():
    assert answer(panel(change=falls("KZ", 2.0))).outcome == "increased"


def test_without_noise_a_forecast_is_exact():
    effect = answer(panel(noise=QUIET)).effect
    assert effect.expected == pytest.approx(6 * 30e6, rel=1e-4)
    assert effect.month_count == 6


def test_a_shock_that_all_partners_share_is_no_effect_of_a_measure():
    def everyone(values):
        values[:, AT:] *= 0.4

    found = answer(panel(change=everyone))
    assert found.outcome == "not shown"
    assert found.effect.expected == pytest.approx(found.effect.observed, rel=0.2)


def test_a_season_that_all_partners_share_is_no_effect_of_a_measure():
    def season(values):
        values *= 1 + 0.6 * np.sin(np.arange(MONTHS) * np.pi / 6)

    assert answer(panel(noise=0.02, change=season)).effect.p_value > 0.1


def test_a_season_of_its_own_widens_the_interval():
    def season(values):
        values[at("KZ")] *= 1 + 0.6 * np.sin(np.arange(MONTHS) * np.pi / 6)

    calm, wavy = answer(panel()).effect, answer(panel(change=season)).effect
    assert wavy.high / wavy.low > 1.5 * calm.high / calm.low
    assert wavy.p_value > 0.1


def test_own_goods_tell_a_slump_of_the_country_from_a_measure():
    made = panel(change=falls("KZ", 0.5), own_goods=True)
    made.values[1, at("KZ"), AT:] *= 0.5
    by_path = {found.bracket: found for found in estimate_measure(made, ASKED).found}
    assert by_path["common"].outcome == "reduced"
    assert by_path["partner"].outcome == "not shown"


def test_neighbours_that_took_measures_too_are_not_compared_with():
    def several(values):
        for name in ("AM", "GE", "KG", "RS", "TR", "UZ", "CL", "EG"):
            values[at(name), AT:] *= 0.5
        values[at("KZ"), AT:] *= 0.5

    made = panel(noise=0.02, change=several)
    left_out = np.isin(NAMES, ["AM", "GE", "KG", "RS", "TR", "UZ", "CL", "EG"])
    result = estimate_measure(replace(made, is_left_out=left_out), ASKED)
    assert set(result.compared) <= {"BR", "IL", "MA", "MX"}
    assert result.found[0].effect.effect / 6 == pytest.approx(-15e6, rel=0.1)


def test_the_month_a_measure_falls_into_is_left_out():
    asked = replace(ASKED, on=date(2023, 6, 15))
    (row,) = rows_of(panel(noise=QUIET, change=falls("KZ", 0.0, AT + 1)), asked)
    assert (row["before_end"], row["after_start"]) == (date(2023, 5, 1), date(2023, 7, 1))
    assert row["observed"] == 0.0


def test_months_in_which_trade_had_not_settled_are_not_learned_from():
    at_once = windows(FIRST + np.arange(MONTHS), replace(ASKED, on=date(2023, 1, 1)))
    assert at_once == (48, Span(before=7, gap=0, after=6))  # June 2022 to December


def test_a_month_that_nobody_published_is_no_zero():
    made = panel(noise=QUIET)
    made.values[:, :, AT + 1] = 0.0
    complete = made.is_complete.copy()
    complete[AT + 1] = False
    effect = answer(replace(made, is_complete=complete)).effect
    assert effect.month_count == 5
    assert effect.expected == pytest.approx(effect.observed, rel=1e-4)


def test_too_few_placebos_leave_the_answer_unknown_and_say_how_small_p_could_be():
    made = panel(change=falls("KZ", 0.01))
    two = np.isin(NAMES, ["KZ", "TR"])
    few = replace(
        made,
        values=made.values[:, two, 30:],
        partners=NAMES[two],
        periods=made.periods[30:],
        is_complete=made.is_complete[30:],
        asked=0,
        is_intermediary=made.is_intermediary[two],
        is_left_out=made.is_left_out[two],
        event=EVENT - 30,
    )
    (row,) = rows_of(few)
    assert row["outcome"] == "unknown"
    assert row["placebo_count"] < FEWEST_PLACEBOS
    assert row["p_least"] > 0.1
    assert (row["effect_low"], row["effect_high"]) == (None, None)
    assert f"no p-value below {row['p_least']:.2f} was possible" in row["detail"]
    assert row["compared_count"] == 0  # one partner alone is no common path
    assert "what their level before 2023-06-01 led to expect" in row["detail"]


def test_a_country_that_bought_nothing_before_has_an_unknown_answer():
    def nothing(values):
        values[at("KZ"), :AT] = 0.0

    (row,) = rows_of(panel(change=nothing))
    assert (row["outcome"], row["expected"], row["p_value"]) == ("unknown", None, None)
    assert "nothing was traded before" in row["detail"]


def test_trade_that_stops_altogether_is_the_strangest_window():
    found = answer(panel(change=falls("KZ", 0.0)))
    assert found.outcome == "reduced"
    assert found.effect.p_reduced == pytest.approx(found.effect.least_p)


def test_trade_that_comes_and_goes_has_no_interval_and_says_so():
    def bursts(values):
        month = np.arange(MONTHS) + 3 * np.arange(len(NAMES))[:, None]
        values[month // 8 % 2 == 0] = 0.0

    (row,) = rows_of(panel(change=bursts), replace(ASKED, on=date(2023, 8, 1)))
    assert row["outcome"] == "not shown"
    assert (row["effect_low"], row["effect_high"]) == (None, None)
    assert "no interval, since trade stops or strays too far in too many of them" in row["detail"]


def test_partners_that_trade_now_and_then_are_no_measure_of_one_that_always_trades():
    def now_and_then(values):
        values[[at(name) for name in INTERMEDIARIES if name != "KZ"], ::3] = 0.0

    alike, others = answer(panel()).effect, answer(panel(change=now_and_then)).effect
    assert (alike.pool, others.pool) == (0, 2)  # no other intermediary trades every month
    assert others.high / others.low < 1.5 * alike.high / alike.low


def test_data_that_begin_with_the_sanctions_leave_the_excess_unknown():
    made = panel()
    late = replace(
        made,
        values=made.values[:, :, EVENT:],
        periods=made.periods[EVENT:],
        is_complete=made.is_complete[EVENT:],
        event=0,
    )
    (row,) = rows_of(late)
    assert (row["excess_before"], row["share"]) == (None, None)
    assert "how large the excess was in 2022-06 to 2023-05 is unknown" in row["detail"]


def test_other_packages_within_the_windows_are_named_as_rivals():
    asked = replace(ASKED, on=date(2023, 4, 1))
    named = rivals(panel(), asked, (41, 56))  # June 2022 to September 2023
    assert [rival.package for rival in named] == [6, 7, 8, 9, 10, 11]
    assert named[-1].on == date(2023, 6, 23)
    assert rivals(panel(), replace(asked, destination="BY"), (41, 56)) == ()


def test_the_sentence_ascribes_and_accuses_nothing():
    (row,) = rows_of(panel(change=falls("KZ", 0.5)))
    assert "does not say that the measure is the reason: 6 other events lie" in row["detail"]
    assert row["rivals"].startswith("EU package 6 of 2022-06-03; ")
    words = r"\b(prove\w*|smuggl\w*|evad\w*|because|thanks to|worked|failed)\b"
    assert re.search(words, row["detail"]) is None
    assert {"upstream_only", "rival_events"} <= set(row["caveats"].split())


def test_every_caveat_has_a_sentence():
    told = rows_of(panel(), replace(ASKED, level="TOTAL"))[0]["caveats"].split()
    assert "all_goods" in told
    assert set(told) <= {caveat.code for caveat in caveats()}


def test_rows_hold_the_columns_of_their_table():
    asked = replace(ASKED, dataset="simulated")
    table = measure_rows(estimate_measure(panel(own_goods=True), asked), SOURCES)
    assert tuple(table.column_names) == MEASURES.column_names
    assert set(table["sources"].to_pylist()) == {SOURCES}
    assert table["bracket"].to_pylist() == ["common", "partner"]
    assert all(words.startswith("simulated ") for words in table["caveats"].to_pylist())


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"country": "XX"}, CodeError, "XX"),
        ({"country": "RU"}, EstimateError, "the destination itself"),
        ({"on": date(2022, 2, 1)}, EstimateError, "before --since 2022-03"),
        ({"flow": "RX"}, EstimateError, "--flow RX needs --leg downstream"),
        ({"before": 3}, EstimateError, "--before is 3, expected 6"),
        ({"after": 2}, EstimateError, "--after is 2, expected 3"),
        ({"on": date(2024, 5, 1)}, EstimateError, "data end in 2024-06: 2 months lie after"),
        ({"on": date(2022, 9, 1)}, EstimateError, "3 months lie between"),
    ],
)
def test_a_question_the_data_cannot_answer_says_why(changed, error, words):
    with pytest.raises(error, match=words):
        estimate_measure(panel(), replace(ASKED, **changed))


def test_windows_of_which_most_months_are_missing_are_an_error():
    made = panel()
    complete = made.is_complete.copy()
    complete[AT : AT + 4] = False
    with pytest.raises(EstimateError, match="less than half of the months"):
        estimate_measure(replace(made, is_complete=complete), ASKED)


scores = st.lists(st.floats(0, 10), min_size=1, max_size=60).map(np.array)


@given(scores, st.integers(FEWEST_PLACEBOS, 40), st.floats(0, 12))
def test_an_effect_lies_outside_its_interval_exactly_where_p_is_a_tenth_or_less(
    found, count, score
):
    p = rank_p(score, found, count)
    if abs(p - 0.1) > 1e-9:
        assert (score > half_width(found, count)) == (p < 0.1)


@given(scores, st.integers(0, 40), st.floats(0, 12))
def test_no_p_value_lies_below_what_the_placebos_can_give(found, count, score):
    assert 1 / (1 + count) - 1e-12 <= rank_p(score, found, count) <= 1


@settings(max_examples=5)
@given(st.floats(1e-3, 1e3), st.permutations(range(5)))
def test_units_and_the_order_of_partners_change_no_conclusion(factor, order):
    made = panel(change=falls("KZ", 0.6))
    five = [at(name) for name in ("AM", "GE", "KG", "KZ", "UZ")]
    few = replace(
        made,
        values=made.values[:, five],
        partners=NAMES[five],
        asked=3,
        is_intermediary=np.ones(5, dtype=bool),
        is_left_out=np.zeros(5, dtype=bool),
    )
    moved = replace(
        few,
        values=factor * few.values[:, order],
        partners=few.partners[order],
        asked=order.index(3),
    )
    plain, other = answer(few).effect, answer(moved).effect
    assert other.expected == pytest.approx(factor * plain.expected, rel=1e-3)
    assert other.count == plain.count
    assert other.p_value == pytest.approx(plain.p_value, abs=0.05)
