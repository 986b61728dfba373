"""A claimed number beside a declared one: bounds, tolerance, verdict and sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.press.article import Span
from entrepot.press.check import check, missing_of, not_checked
from entrepot.press.check_numbers import INFINITY, Bounds, Declared, Standing, ratio_of, share_of
from entrepot.press.check_outcome import Tolerance, rounding_of, tolerance_of, verdict_of
from entrepot.press.check_records import CheckOptions, ClaimOfArticle
from entrepot.press.check_stretch import base_of, month_number, months_of, stretch_between
from entrepot.press.told import Claim
from entrepot.trade.summary import Stretch

YEAR = Stretch(date(2022, 1, 1), date(2022, 12, 1))
BEFORE = Stretch(date(2021, 1, 1), date(2021, 12, 1))
ACCUSING = re.compile(r"\b(lie[sd]?|lying|false|untrue|prove[sn]?|smuggl\w*|evad\w*|guilt\w*)\b")


def claim(**changed):
    """Germany exported more than EUR 10 m to Kazakhstan in 2022, with some of it changed."""
    one = Claim(
        span=Span(0, 10),
        exporter="DE",
        importer="KZ",
        via=None,
        reporter=None,
        partner=None,
        flow="export",
        product="total",
        product_text="",
        period="2022",
        baseline=None,
        relation="level",
        comparison=">",
        value=10e6,
        unit="EUR",
        claimant=("per:minister",),
        polarity="asserted",
        is_checkable=True,
    )
    return replace(one, **changed)


def asked(text="", **changed):
    return ClaimOfArticle(claim(**changed), "a1-c1", "a1", "2023-06-20", date(2023, 7, 1), text)


def months(stretch, value):
    first, last = month_number(stretch.first), month_number(stretch.last)
    return {("X", date(n // 12, n % 12 + 1, 1)): value for n in range(first, last + 1)}


def declared(now=1e6, base=None, *, without=(), **changed):
    """What Germany declared, the same amount in each month of 2022 and of 2021."""
    amounts = months(YEAR, now) | ({} if base is None else months(BEFORE, base))
    held = frozenset(day for _, day in amounts if day not in without)
    one = Declared(
        reporter="DE",
        partner="KZ",
        flow="X",
        valuation="FOB",
        unit="EUR",
        freq="M",
        now=YEAR,
        base=None if base is None else BEFORE,
        amounts={key: value for key, value in amounts.items() if key[1] in held},
        held=held,
        short=(),
        reach="named",
        goods="all goods",
        source="Eurostat (comext, vintage 2023-01)",
        evidence=("flows dataset=comext reporter=DE",),
    )
    return replace(one, **changed)


DECEMBER = (date(2022, 12, 1),)


@pytest.mark.parametrize(
    ("comparison", "value", "outcome"),
    [
        (">", 11e6, "supported"),
        (">", 12e6, "unknown"),  # within the slack of a bound, 1 %
        (">", 13e6, "contradicted"),
        (">=", 12e6, "supported"),
        ("<", 13e6, "supported"),
        ("<", 11e6, "contradicted"),
        ("<=", 12e6, "supported"),
        ("=", 12e6, "supported"),
        ("=", 12.4e6, "unknown"),  # written to a tenth of a million, and 3 % off: revisions
        ("=", 11.5e6, "unknown"),
        ("=", 10e6, "contradicted"),
        ("~", 11e6, "supported"),
        ("~", 15e6, "contradicted"),
        ("~<", 13e6, "supported"),
        ("~<", 9e6, "contradicted"),
        ("~<", 20e6, "contradicted"),
    ],
)
def test_twelve_million_beside_a_claimed_level(comparison, value, outcome):
    found = check(asked(comparison=comparison, value=value), [declared()], [])
    assert (found.outcome, found.observed, found.expected) == (outcome, 12e6, value)


def test_eleven_months_above_a_bound_are_enough():
    found = check(asked(), [declared(without=DECEMBER)], [])
    assert (found.outcome, found.observed) == ("supported", 11e6)
    assert "11 of 12 months held, missing 2022-12" in found.detail


def test_eleven_months_below_a_bound_say_what_the_last_would_have_to_bring():
    found = check(asked(value=12e6), [declared(without=DECEMBER)], [])
    assert found.outcome == "unknown"
    # 12 − 11 = 1 million, and each month held brought one.
    needed = "the missing month would have to bring EUR 1 m or more to reach it, against EUR 1 m"
    assert needed in found.detail


def test_an_upper_bound_needs_every_month():
    assert check(asked(comparison="<", value=99e6), [declared()], []).outcome == "supported"
    cut = declared(without=DECEMBER)
    assert check(asked(comparison="<", value=99e6), [cut], []).outcome == "unknown"
    assert check(asked(comparison="<", value=9e6), [cut], []).outcome == "contradicted"


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"relation": "increase"}, "supported"),
        ({"relation": "decrease"}, "contradicted"),
        ({"relation": "pct_change", "comparison": "=", "value": 50.0}, "supported"),
        ({"relation": "pct_change", "comparison": ">", "value": 40.0}, "supported"),
        ({"relation": "pct_change", "comparison": "=", "value": -50.0}, "contradicted"),
        ({"relation": "ratio", "comparison": "=", "value": 1.5}, "supported"),
        ({"relation": "ratio", "comparison": ">", "value": 2.0}, "contradicted"),
    ],
)
def test_three_after_two_is_a_rise_by_half(changed, outcome):
    words = {"value": None, "unit": None, **changed}
    found = check(asked(**words), [declared(3e6, 2e6)], [])
    assert found.outcome == outcome
    assert "+50.0 %" in found.detail


def test_a_fall_by_more_than_is_meant_of_its_size():
    fell = {"relation": "pct_change", "comparison": ">", "unit": "%"}
    sides = [declared(2e6, 4e6)]
    assert check(asked(value=-40.0, **fell), sides, []).outcome == "supported"
    assert check(asked(value=-60.0, **fell), sides, []).outcome == "contradicted"
    assert check(asked(value=-40.0, **fell), sides, []).observed == pytest.approx(-50.0)


def test_a_rise_stands_though_a_month_is_missing_where_the_others_exceed_the_base():
    rise = {"relation": "increase", "value": None, "unit": None}
    assert check(asked(**rise), [declared(3e6, 2e6, without=DECEMBER)], []).outcome == "supported"
    # 11 million of eleven months beside 12: the missing month decides.
    found = check(asked(**rise), [declared(1e6, 1e6, without=DECEMBER)], [])
    assert found.outcome == "unknown"
    assert "in the 11 months that both hold" in found.detail


def test_nothing_before_gives_no_percentage_and_is_a_rise():
    rise = {"relation": "increase", "value": None, "unit": None}
    assert check(asked(**rise), [declared(1e6, 0.0)], []).outcome == "supported"
    percent = {"relation": "pct_change", "comparison": "=", "value": 50.0, "unit": "%"}
    found = check(asked(**percent), [declared(1e6, 0.0)], [])
    assert found.outcome == "unknown"
    assert "no change can be given" in found.detail


STANDING = Standing(12e6, (20e6, 5e6), 0.0, is_whole=False, area_count=200)


def test_a_rank_among_partners_held_can_only_be_worse_among_all():
    rank = {"relation": "rank", "unit": "rank"}
    side = declared(standing=STANDING)
    found = check(asked(comparison="<=", value=4.0, **rank), [side], [])
    assert found.outcome == "unknown"
    assert "rank 2 of the 3 partners held, 2 or worse among all" in found.detail
    first = check(asked(comparison="=", value=1.0, **rank), [side], [])
    assert first.outcome == "unknown"
    assert "the text may mean fewer than all" in first.detail
    whole = declared(standing=replace(STANDING, is_whole=True))
    assert check(asked(comparison="<=", value=4.0, **rank), [whole], []).outcome == "supported"


def test_a_share_of_partners_held_is_the_most_it_can_be():
    share = {"relation": "share", "unit": "%"}
    assert share_of(STANDING) == Bounds(0.0, pytest.approx(100 * 12 / 37))
    side = declared(standing=STANDING)
    found = check(asked(comparison=">", value=50.0, **share), [side], [])
    assert found.outcome == "unknown"
    assert "among all partners it is not so" in found.detail
    assert check(asked(comparison=">", value=20.0, **share), [side], []).outcome == "unknown"
    whole = declared(standing=replace(STANDING, is_whole=True))
    assert check(asked(comparison="~", value=32.0, **share), [whole], []).outcome == "supported"


EXISTS = {"relation": "exists", "comparison": "=", "value": None, "unit": None}


def test_a_denial_is_the_claim_turned_round():
    denied = asked(polarity="denied", **EXISTS)
    there, none = declared(), declared(0.0)
    assert check(asked(**EXISTS), [there], []).outcome == "supported"
    assert check(denied, [there], []).outcome == "contradicted"
    assert check(denied, [none], []).outcome == "supported"
    assert check(denied, [declared(0.0, without=DECEMBER)], []).outcome == "unknown"


def test_a_denial_of_goods_that_codes_define_is_not_consistent_with_declared_trade():
    denied = asked(polarity="denied", product="high_priority", **EXISTS)
    found = check(denied, [declared(reach="narrower")], [])
    assert found.outcome == "contradicted"
    assert "the declared statistics are not consistent with the denial" in found.detail
    assert "never what goods were used for" in found.detail
    assert not ACCUSING.search(found.detail)


def test_a_denial_of_goods_told_by_their_use_stays_open():
    denied = asked(polarity="denied", product="dual_use", **EXISTS)
    found = check(denied, [declared(reach="narrower")], [])
    assert found.outcome == "unknown"
    assert "codes do not tell whether the goods were those denied" in found.detail
    assert found.observed == 12e6


def test_codes_that_reach_further_than_the_goods_show_neither_presence_nor_amount():
    wide = declared(reach="wider")
    assert check(asked(**EXISTS), [wide], []).outcome == "unknown"
    assert check(asked(**EXISTS), [declared(0.0, reach="wider")], []).outcome == "contradicted"
    assert check(asked(value=11e6), [wide], []).outcome == "unknown"
    assert check(asked(value=13e6), [wide], []).outcome == "contradicted"


def test_some_of_the_codes_show_presence_and_bound_the_amount_from_below():
    some = declared(reach="narrower")
    assert check(asked(**EXISTS), [some], []).outcome == "supported"
    assert check(asked(**EXISTS), [declared(0.0, reach="narrower")], []).outcome == "unknown"
    assert check(asked(value=11e6), [some], []).outcome == "supported"
    assert check(asked(value=13e6), [some], []).outcome == "unknown"


@pytest.mark.parametrize("reach", ["narrower", "wider", "other"])
def test_codes_that_are_not_those_meant_hint_at_a_direction_and_contradict_none(reach):
    rise = {"relation": "increase", "value": None, "unit": None}
    found = check(asked(**rise), [declared(3e6, 2e6, reach=reach)], [])
    assert found.outcome == "supported"
    assert "in these codes only" in found.detail
    assert check(asked(**rise), [declared(2e6, 3e6, reach=reach)], []).outcome == "unknown"
    number = {"relation": "pct_change", "comparison": "=", "value": 50.0, "unit": "%"}
    assert check(asked(**number), [declared(3e6, 2e6, reach=reach)], []).outcome == "unknown"


def mirror(value):
    side = declared(value, reporter="KZ", partner="DE", flow="M", valuation="CIF")
    return replace(side, amounts={("M", day): v for (_, day), v in side.amounts.items()})


def test_two_sides_that_disagree_leave_it_open_and_both_are_shown():
    found = check(asked(), [declared(1e6), mirror(0.5e6)], [])
    assert found.outcome == "unknown"
    assert "the two sides' declarations answer it differently" in found.detail
    assert "EUR 12 m FOB" in found.detail
    assert "EUR 6 m CIF" in found.detail
    assert check(asked(), [declared(1e6), mirror(1.1e6)], []).outcome == "supported"


def test_the_mirror_does_not_decide_where_the_first_side_is_open():
    for value in (1.1e6, 0.5e6):
        found = check(asked(value=11.5e6), [declared(without=DECEMBER), mirror(value)], [])
        assert (found.outcome, found.observed) == ("unknown", pytest.approx(11e6))
        assert "the claim goes by what Germany declared" in found.detail


def test_no_rate_leaves_a_level_open_and_says_which_rate_would_do():
    found = check(asked(unit="USD", value=15e6), [declared()], [])
    assert found.outcome == "unknown"
    assert "at 1.25 USD per EUR" in found.detail  # 15 / 12


def test_tonnes_are_compared_with_kilograms():
    side = declared(1_000.0, unit="kg", valuation="")  # 12 tonnes
    found = check(asked(unit="t", value=10.0), [side], [])
    assert (found.outcome, found.unit) == ("supported", "kg")
    assert (found.observed, found.expected) == (12_000.0, 10_000.0)
    assert "12 t" in found.detail


@pytest.mark.parametrize(
    ("changed", "outcome", "observed", "expected"),
    [
        ({"value": 12e6, "unit": "EUR"}, "supported", 12e6, 12e6),
        ({"value": 20e6, "unit": "EUR"}, "contradicted", 12e6, 20e6),
        ({"value": 50.0, "unit": "%"}, "supported", 50.0, 50.0),
        ({"value": 2.0, "unit": "ratio", "comparison": ">"}, "contradicted", 1.5, 2.0),
        ({"value": 12e6, "unit": "USD"}, "unknown", None, None),
    ],
)
def test_a_rise_by_an_amount_is_more_than_a_rise(changed, outcome, observed, expected):
    words = {"relation": "increase", "comparison": "=", **changed}
    found = check(asked(**words), [declared(3e6, 2e6)], [])  # 36 after 24 million
    assert (found.outcome, found.expected) == (outcome, expected)
    assert found.observed == (None if observed is None else pytest.approx(observed))


def test_a_fall_to_half_is_a_ratio_below_one():
    fell = {"relation": "decrease", "comparison": "=", "value": 2.0, "unit": "ratio"}
    found = check(asked(**fell), [declared(1e6, 2e6)], [])
    assert (found.outcome, found.expected) == ("supported", 0.5)


def test_a_unit_that_statistics_do_not_count_in_is_named():
    found = check(asked(unit="barrel"), [declared()], [])
    assert found.outcome == "unknown"
    assert "declarations are not in the unit claimed, barrel" in found.detail
    assert missing_of(claim(unit=None)) == ("the text gives no unit",)


def test_what_a_claim_lacks_is_named():
    lacking = asked(exporter=None, is_checkable=False, value=None)
    assert len(missing_of(lacking.claim)) == 3
    found = not_checked(lacking, missing_of(lacking.claim))
    assert found.outcome == "unknown"
    assert "the text does not say who exports" in found.detail
    assert found.evidence == ("claims claim_id=a1-c1",)


def test_trade_via_a_third_country_shows_as_two_legs_and_no_more():
    legs = [declared(), mirror(1e6)]
    found = check(asked(via="KG", **EXISTS), legs, [])
    assert found.outcome == "unknown"
    assert "not whether the same goods took both" in found.detail
    # One leg that its exporter declared nothing of, though its importer did, is open.
    both = check(asked(via="KG", **EXISTS), [declared(0.0), mirror(1e6)], [])
    assert both.outcome == "unknown"
    first, second = declared(0.0, partner="KG"), declared(reporter="KG")
    assert check(asked(via="KG", **EXISTS), [first, second], []).outcome == "contradicted"


def test_a_finding_names_claim_article_rows_and_both_numbers():
    found = check(asked(), [declared()], [])
    assert (found.run_id, found.subject, found.subject_id) == ("a1", "claim", "a1-c1")
    assert found.evidence == ("claims claim_id=a1-c1", "flows dataset=comext reporter=DE")
    for words in ("more than EUR 10 m", "EUR 12 m FOB", "January–December 2022", "Eurostat"):
        assert words in found.detail
    assert found.detail.endswith(".")


@pytest.mark.parametrize(
    ("value", "text", "off"),
    [
        (2.8e9, "2.8 bn", 0.05e9),
        (10e9, "topped $10 billion", 0.5e9),
        (10e9, "10.0 billion", 0.05e9),
        (323e6, "auf 323 Millionen Euro", 0.5e6),
        (1.5e9, "1,5 Milliarden", 0.05e9),
        (1500.0, "1,500", 50.0),
        (2.0, "doubled", 0.5),
        (32.0, "", 0.5),
        (500e6, "", 25e6),
    ],
)
def test_a_number_is_as_exact_as_it_was_written(value, text, off):
    assert rounding_of(value, text) == pytest.approx(off)
    assert rounding_of(-value, text) == pytest.approx(off)


def test_nearly_is_below_and_not_far_below():
    nearly = {"relation": "ratio", "comparison": "~<", "value": 2.0, "unit": "ratio"}
    assert check(asked(**nearly), [declared(1.9e6, 1e6)], []).outcome == "supported"
    assert check(asked(**nearly), [declared(1.5e6, 1e6)], []).outcome == "contradicted"


def test_a_revision_moves_a_change_by_its_part_of_the_whole():
    rose = {"relation": "pct_change", "comparison": "=", "unit": "%"}
    # 66 beside 62: 5 % of 162 are 8 points.
    found = check(asked(value=62.0, **rose), [declared(1.66e6, 1e6)], [])
    assert found.outcome == "unknown"
    assert "declarations are revised" in found.detail
    assert check(asked(value=50.0, **rose), [declared(1.66e6, 1e6)], []).outcome == "contradicted"


def test_a_text_without_a_period_is_not_contradicted_by_months_it_did_not_name():
    fell = {"relation": "decrease", "value": None, "unit": None, "period": None}
    found = check(asked(**fell), [declared(3e6, 2e6)], [])
    assert found.outcome == "unknown"
    assert "the months looked at may not be those meant" in found.detail
    denied = asked(polarity="denied", period=None, **EXISTS)
    assert check(denied, [declared()], []).outcome == "contradicted"
    assert check(replace(denied, said_on="XXXX-06-20"), [declared()], []).outcome == "unknown"


def test_tolerance_may_be_given():
    one = claim(comparison="=", value=100.0)
    assert tolerance_of(one, "", CheckOptions(tolerance=0.2)).off == pytest.approx(20.0)
    assert tolerance_of(replace(one, relation="rank"), "", CheckOptions()) == Tolerance(0, 0)


@given(
    low=st.floats(0, 1e9),
    more=st.floats(0, 1e9),
    value=st.floats(1, 1e9),
    off=st.floats(0, 1e6),
    comparison=st.sampled_from(("=", "~", ">", ">=", "<", "<=", "~<")),
)
def test_knowing_less_never_turns_a_verdict(low, more, value, off, comparison):
    tolerance = Tolerance(off, off)
    exact = verdict_of(Bounds(low, low), comparison, value, tolerance)
    loose = verdict_of(Bounds(low, low + more), comparison, value, tolerance)
    open_ended = verdict_of(Bounds(low, INFINITY), comparison, value, tolerance)
    assert loose in {exact, "unknown"}
    assert open_ended in {loose, "unknown"}


@pytest.mark.parametrize(
    ("interval", "first", "last"),
    [
        ("2022", (2022, 1), (2022, 12)),
        ("2022-03", (2022, 3), (2022, 3)),
        ("2022-01/2022-11", (2022, 1), (2022, 11)),
        ("2021/2022", (2021, 1), (2022, 12)),
        ("2022-02-24/2023-05", (2022, 3), (2023, 5)),
        ("2022-01-01/2022-06-30", (2022, 1), (2022, 6)),
        ("2022-01/2022-06-15", (2022, 1), (2022, 5)),
    ],
)
def test_only_whole_months_of_a_period_count(interval, first, last):
    found = months_of(interval)
    assert [divmod(month, 12) for month in found] == [(y, m - 1) for y, m in (first, last)]


@pytest.mark.parametrize(
    "interval", ["XXXX-06", "2022-06-20", "soon", "", None, "2022-13", "../.."]
)
def test_words_that_name_no_month_are_left_open(interval):
    assert months_of(interval) is None


def test_an_open_baseline_is_the_same_months_a_year_before():
    found, words = base_of(YEAR, None)
    assert found == BEFORE
    assert "same months earlier" in words
    two_years = Stretch(date(2021, 1, 1), date(2022, 12, 1))
    assert base_of(two_years, None) == (None, "")  # "2021 to 2022" may be base and year of interest


def test_before_the_war_is_as_many_months_before_it():
    now = stretch_between(month_number(date(2022, 3, 1)), month_number(date(2022, 5, 1)))
    found, _ = base_of(now, months_of("../2022-02-23"))
    assert found == Stretch(date(2021, 11, 1), date(2022, 1, 1))


def test_stretches_of_different_length_are_not_compared():
    now = Stretch(date(2022, 3, 1), date(2023, 5, 1))
    assert base_of(now, months_of("2021"))[0] is None
    found = check(asked(relation="ratio", comparison=">", value=2.0), [declared(base=None)], [])
    assert found.outcome == "unknown"
    assert ratio_of(declared(base=None)) is None
