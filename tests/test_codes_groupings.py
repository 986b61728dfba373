"""Groupings: who belonged to what, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes.areas import area, areas
from entrepot.codes.groupings import grouping_names, members, memberships, resolve
from entrepot.errors import CodeError

WAR = date(2022, 2, 24)
SPRING = date(2022, 3, 1)
names = st.sampled_from(grouping_names())
days = st.dates(date(1957, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("grouping", "on", "count"),
    [
        ("EU", date(1957, 12, 31), 0),
        ("EU", date(1958, 1, 1), 6),
        ("EU", date(1973, 1, 1), 9),
        ("EU", date(1986, 1, 1), 12),
        ("EU", date(1995, 1, 1), 15),
        ("EU", date(2004, 4, 30), 15),
        ("EU", date(2004, 5, 1), 25),
        ("EU", date(2007, 1, 1), 27),
        ("EU", date(2013, 7, 1), 28),
        ("EU", date(2019, 12, 31), 28),
        ("EU", date(2020, 1, 31), 28),
        ("EU", date(2020, 2, 1), 27),
        ("EU", SPRING, 27),
        ("EAEU", date(2014, 12, 31), 0),
        ("EAEU", date(2015, 1, 1), 3),
        ("EAEU", SPRING, 5),
        ("CSTO", date(1998, 1, 1), 9),
        ("CSTO", date(2000, 1, 1), 6),
        ("CSTO", date(2010, 1, 1), 7),
        ("CSTO", SPRING, 6),
        ("COALITION", WAR - timedelta(days=1), 0),
        ("COALITION", WAR, 33),
        ("COALITION", date(2022, 7, 1), 38),
        ("COALITION", date(2023, 3, 1), 39),
        ("NEIGHBOURS", WAR, 6),
    ],
)
def test_a_grouping_had_so_many_members_on_that_day(grouping, on, count):
    assert len(members(grouping, on)) == count


@given(names, days)
def test_every_member_is_an_area_of_iso(grouping, on):
    assert all(area(code).status == "iso" for code in members(grouping, on))


@given(st.sampled_from(memberships()))
def test_a_stay_begins_and_ends_on_its_days(stay):
    day = timedelta(days=1)
    assert stay.area not in members(stay.grouping, stay.member_from - day)
    assert stay.area in members(stay.grouping, stay.member_from)
    if stay.member_to is not None:
        assert stay.area in members(stay.grouping, stay.member_to)
        assert stay.area not in members(stay.grouping, stay.member_to + day)


def test_stays_are_in_order_and_do_not_overlap():
    ends: dict[tuple[str, str], date] = {}
    for stay in sorted(memberships(), key=lambda m: (m.grouping, m.area, m.member_from)):
        key = (stay.grouping, stay.area)
        assert date(1958, 1, 1) <= stay.member_from <= (stay.member_to or date.max)
        assert stay.member_from > ends.get(key, date.min), key
        ends[key] = stay.member_to or date.max


def test_no_grouping_is_called_like_an_area():
    assert set(grouping_names()).isdisjoint(a.alpha2 for a in areas())


def test_every_stay_says_where_it_can_be_checked():
    assert [m for m in memberships() if not (m.source and m.locator)] == []


def test_the_coalition_holds_the_eu_and_nobody_who_may_be_an_intermediary():
    coalition = members("COALITION", date(2023, 3, 1))
    assert members("EU", date(2023, 3, 1)) < coalition
    assert coalition & members("INTERMEDIARY", date(2023, 3, 1)) == frozenset()
    assert members("NEIGHBOURS", WAR) < members("INTERMEDIARY", WAR)


def test_the_wto_holds_neither_belarus_nor_uzbekistan():
    wto = members("WTO", SPRING)
    assert wto & {"BY", "UZ", "AZ", "TM", "RS"} == set()
    assert members("COALITION", date(2023, 3, 1)) <= wto
    assert "RU" not in members("WTO", date(2012, 8, 21))
    assert "RU" in members("WTO", date(2012, 8, 22))


def test_uzbekistan_left_the_csto_twice():
    stays = [m for m in memberships() if m.grouping == "CSTO" and m.area == "UZ"]
    assert [m.member_to and m.member_to.year for m in stays] == [1999, 2012]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("AM,KZ", {"AM", "KZ"}),
        (" AM , AM ", {"AM"}),
        ("NEIGHBOURS", {"AM", "BY", "GE", "KG", "KZ", "UZ"}),
        ("EAEU,GE", {"AM", "BY", "GE", "KG", "KZ", "RU"}),
    ],
)
def test_groupings_and_areas_may_be_mixed(typed, expected):
    assert resolve(typed, SPRING) == expected


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "neither a grouping nor an area"),
        ("AM,", "neither a grouping nor an area"),
        ("eu", "area is 'eu'|Did you mean 'EU'"),
        ("NEIGHBORS", "Did you mean 'NEIGHBOURS'"),
        ("Armenia", "neither a grouping nor an area"),
        ("ZZ", "area is 'ZZ'"),
    ],
)
def test_an_unknown_name_is_an_error(typed, message):
    with pytest.raises(CodeError, match=message):
        resolve(typed, SPRING)


def test_a_grouping_before_its_time_is_an_error_and_no_empty_answer():
    with pytest.raises(CodeError, match="no member on 2021-01-01, expected 2022-02-24 or later"):
        resolve("COALITION", date(2021, 1, 1))


def test_an_unknown_grouping_is_an_error():
    with pytest.raises(CodeError, match="grouping is 'NATO', expected one of"):
        members("NATO", SPRING)


def test_every_area_can_be_named_though_it_looks_like_a_grouping():
    for known in areas():
        assert resolve(known.alpha2, SPRING) == {known.alpha2}
