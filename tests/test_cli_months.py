"""Months are typed as YYYY-MM and are never anything else."""

from __future__ import annotations

from datetime import date

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.cli.months import MONTH, last_of_equal_length, typed, year_before

months = st.dates(date(1988, 1, 1), date(2099, 12, 1)).map(lambda day: day.replace(day=1))


@given(months)
def test_a_month_reads_as_it_is_typed(month):
    assert MONTH.convert(typed(month), None, None) == month


@pytest.mark.parametrize(
    "text", ["2022", "2022-13", "2022-00", "2022-3", "2022-03-01", "0000-01", "March 2022", ""]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(click.BadParameter, match="expected YYYY-MM"):
        MONTH.convert(text, None, None)


def test_november_a_year_before():
    assert year_before(date(2022, 11, 1)) == date(2021, 11, 1)


def test_nine_months_from_november_end_in_july():
    stretch = (date(2022, 3, 1), date(2022, 11, 1))
    assert last_of_equal_length(date(2020, 11, 1), stretch) == date(2021, 7, 1)


@given(months)
def test_a_stretch_is_as_long_as_itself(month):
    stretch = (month, last_of_equal_length(month, (date(2022, 3, 1), date(2022, 11, 1))))
    assert last_of_equal_length(month, stretch) == stretch[1]
