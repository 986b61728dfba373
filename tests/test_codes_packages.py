"""The EU's packages: acts, days, and the goods they reach."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes.packages import measures_reaching, packages
from entrepot.errors import CodeError

LENGTHS = {"chapter": 2, "heading": 4}


def test_nineteen_packages_follow_each_other():
    assert {m.package for m in packages()} == set(range(1, 20))
    first = {n: min(m.adopted for m in packages() if m.package == n) for n in range(1, 20)}
    assert list(first.values()) == sorted(set(first.values()))
    assert min(first.values()) == date(2022, 2, 23)
    assert max(first.values()) == date(2025, 10, 23)


def test_days_of_an_act_are_in_order():
    for m in packages():
        assert m.adopted <= m.in_force <= m.adopted + timedelta(days=2)
        assert m.in_force <= m.applies_from


def test_the_celex_number_is_made_of_the_number_of_the_act():
    for m in packages():
        year, number = re.fullmatch(r"Regulation \(EU\) (\d{4})/(\d+)", m.act).groups()
        assert m.celex == f"3{year}R{int(number):04d}"
        assert m.adopted.year == int(year)


def test_one_act_has_one_package_and_one_day():
    facts = {(m.act, m.package, m.celex, m.adopted, m.in_force, m.locator) for m in packages()}
    assert len(facts) == len({m.act for m in packages()})


def test_every_measure_says_what_it_reaches_and_where_it_stands():
    assert [m for m in packages() if not (m.goods and m.locator)] == []
    assert {m.direction for m in packages()} == {"export", "import", "none"}
    assert {m.coverage for m in packages()} == {"whole", "part", "none"}
    assert {m.coverage for m in packages() if m.direction == "none"} == {"none"}


def test_prefixes_are_as_fine_as_their_level_says():
    for m in packages():
        assert (m.prefixes == ()) == (m.level == "annex")
        for prefix in m.prefixes:
            assert prefix.isdigit()
            finest = LENGTHS.get(m.level, 6)
            assert len(prefix) <= finest
        if m.prefixes and m.level in LENGTHS:
            assert max(map(len, m.prefixes)) == LENGTHS[m.level]


def test_a_row_is_checked_only_if_its_act_is():
    assert [m for m in packages() if m.is_checked and not m.is_act_checked] == []


@pytest.mark.parametrize(
    ("commodity", "on", "acts"),
    [
        ("880240", date(2022, 2, 25), []),
        ("880240", date(2022, 2, 26), ["2022/328"]),
        ("87032319", date(2022, 3, 16), ["2022/428"]),
        ("870323", date(2023, 6, 24), ["2022/428", "2023/1214"]),
        ("270900", date(2022, 12, 4), []),
        ("270900", date(2022, 12, 5), ["2022/879"]),
        ("711319", date(2022, 8, 1), ["2022/1269", "2022/428"]),
        ("010121", date(2022, 3, 16), ["2022/428"]),
        ("27111100", date(2026, 4, 24), []),
        ("27111100", date(2026, 4, 25), ["2025/2033"]),
        ("271112", date(2026, 4, 25), ["2023/2878"]),
        ("090111", date(2025, 12, 1), []),
    ],
)
def test_a_code_is_reached_from_its_day_on(commodity, on, acts):
    found = [m.act.removeprefix("Regulation (EU) ") for m in measures_reaching(commodity, on)]
    assert found == acts


@given(
    st.sampled_from([p for m in packages() for p in m.prefixes]),
    st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    st.integers(0, 1000),
)
def test_once_reached_stays_reached(prefix, on, later):
    before = measures_reaching(prefix, on)
    assert set(before) <= set(measures_reaching(prefix, on + timedelta(days=later)))


@pytest.mark.parametrize("commodity", ["1012100", "", "8703 23", "TOTAL", "८७०३", "870323190"])
def test_a_code_that_lost_its_zero_is_an_error(commodity):
    with pytest.raises(CodeError, match="leading zero may have been lost"):
        measures_reaching(commodity, date(2022, 3, 1))


def test_export_prefixes_of_2022_hold_codes_under_an_export_ban(shared):
    path = shared / "data" / "control-lists" / "eu_export_sanction_cn8_2022-12.csv"
    with path.open(encoding="utf-8", newline="") as file:
        banned = [row["code"] for row in csv.DictReader(file)]
    empty = [
        prefix
        for m in packages()
        if m.direction == "export" and m.applies_from < date(2023, 1, 1)
        for prefix in m.prefixes
        if not any(code.startswith(prefix) for code in banned)
    ]
    assert empty == []
