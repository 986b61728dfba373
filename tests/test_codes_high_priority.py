"""The Common High Priority List."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from entrepot.codes.high_priority import high_priority, predecessor
from entrepot.errors import CodeError

NEW_IN_2022 = {
    "854800": "854890",
    "852589": "852580",
    "854149": "854140",
    "854151": "854150",
    "854159": "854150",
    "880730": "880330",
}


def test_the_list_has_fifty_codes_in_six_tiers():
    codes = [row.commodity for row in high_priority()]
    assert len(codes) == len(set(codes)) == 50
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert Counter(row.tier for row in high_priority()) == {
        **{"1": 4, "2": 5, "3A": 16},
        **{"3B": 9, "4A": 11, "4B": 5},
    }


def test_six_codes_did_not_exist_before_hs_2022():
    new = {row.commodity: row.hs2017_predecessor for row in high_priority() if row.is_new}
    assert new == NEW_IN_2022
    assert all(row.note for row in high_priority() if row.is_new)


def test_every_row_says_what_it_is_and_where_it_stands():
    assert [r for r in high_priority() if not (r.description and r.locator and r.version)] == []
    assert len({row.description for row in high_priority()}) == 50


@pytest.mark.parametrize("code", ["870324", "85423100", "8542", ""])
def test_a_code_that_is_not_listed_has_no_predecessor(code):
    with pytest.raises(CodeError, match="expected one of the 50 six-digit codes"):
        predecessor(code)


def test_codes_and_tiers_agree_with_the_public_list(shared):
    path = shared / "data" / "control-lists" / "chpl_50_hs6.csv"
    with path.open(encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    assert {row["hs6_2022"]: row["tier"] for row in theirs} == {
        row.commodity: row.tier for row in high_priority()
    }
    differ = {
        row["hs6_2022"]
        for row in theirs
        if row["hs6_2017_conversion"] != predecessor(row["hs6_2022"])
    }
    # The UN table sends these two to telephones.
    assert differ == {"854151", "854159"}
    words = {row["description_hs2022"].casefold() for row in theirs}
    assert words.isdisjoint(row.description.casefold() for row in high_priority())
