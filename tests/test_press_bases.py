"""Which time a number is of, and which one it is compared with."""

from datetime import date

import pytest

from entrepot.press.base_of import OPEN
from entrepot.press.check_stretch import base_of
from entrepot.press.reader import read_article
from entrepot.trade.summary import Stretch

ON = date(2024, 3, 4)


def times(text):
    return [(one.value, one.period, one.baseline) for one in read_article(text, ON).claims]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("German exports to Russia fell by 67 percent between 2021 and 2023.", -67),
        ("Die deutschen Exporte nach Russland sanken von 2021 bis 2023 um 67 Prozent.", -67),
        ("Die deutschen Exporte nach Russland sanken zwischen 2021 und 2023 um 67 Prozent.", -67),
        ("Экспорт Германии в Россию сократился с 2021 по 2023 год на 67%.", -67),
    ],
)
def test_a_change_between_two_years_compares_the_last_with_the_first(text, value):
    assert times(text) == [(value, "2023", "2021")]


def test_an_amount_of_two_years_stays_one_of_both():
    text = "German exports to Russia reached 35 billion euros between 2021 and 2023."
    assert times(text) == [(35e9, "2021/2023", None)]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        (
            "German exports to Armenia rose to 476.7 million euros in 2022 from 180.2 million "
            "euros a year earlier.",
            "2021",
        ),
        (
            "German exports to Armenia rose to 476.7 million euros in 2022 from 180.2 million "
            "euros in 2019.",
            "2019",
        ),
        (
            "Die deutschen Exporte nach Armenien stiegen 2022 von 180,2 Millionen Euro auf 476,7 "
            "Millionen Euro.",
            OPEN,
        ),
        ("Экспорт Германии в Армению вырос в 2022 году с 180,2 млн евро до 476,7 млн евро.", OPEN),
    ],
)
def test_the_amount_of_the_base_is_not_of_the_year_of_interest(text, base):
    found = {value: period for value, period, _ in times(text)}
    assert found == {476.7e6: "2022", 180.2e6: base}


def test_a_fall_told_behind_both_amounts_is_one_of_the_year_of_interest():
    text = (
        "German exports to Russia fell to 8.9 billion euros in 2023 from 14.5 billion euros in "
        "2022, a drop of 39 percent."
    )
    assert times(text) == [(8.9e9, "2023", None), (14.5e9, "2022", None), (-39, "2023", "2022")]


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Russia in 2023 were 67 percent lower than in 2021.",
        "Die deutschen Exporte nach Russland sanken 2023 gegenüber 2021 um 67 Prozent.",
        "Экспорт Германии в Россию в 2023 году сократился на 67% по сравнению с 2021 годом.",
    ],
)
def test_a_year_behind_than_is_the_base(text):
    assert times(text) == [(-67, "2023", "2021")]


@pytest.mark.parametrize(
    "text",
    [
        "German exports to Russia reached 8.9 billion euros in 2023.",
        "Die Exporte von Deutschland nach Russland lagen 2023 bei 8,9 Milliarden Euro.",
        "Экспорт из Германии в Россию составил в 2023 году 8,9 млрд евро.",
    ],
)
def test_an_amount_alone_has_no_base(text):
    assert times(text) == [(8.9e9, "2023", None)]


def test_two_years_of_different_countries_are_no_base_of_each_other():
    text = (
        "German exports to Russia grew by 20 percent in 2022, while German exports to Georgia grew "
        "by 30 percent in 2023."
    )
    assert times(text) == [(20, "2022", None), (30, "2023", None)]


def test_a_change_since_a_year_is_one_from_that_year():
    text = (
        "BERLIN, March 4, 2024 (dpa) - German exports to Russia have fallen by 67 percent since "
        "2021."
    )
    assert times(text) == [(-67, "2021/2024-03", "2021")]


def test_several_whole_years_are_given_no_base():
    assert base_of(Stretch(date(2021, 1, 1), date(2023, 12, 1)), None) == (None, "")
    one_year = Stretch(date(2022, 1, 1), date(2022, 12, 1))
    assert base_of(one_year, None)[0] == Stretch(date(2021, 1, 1), date(2021, 12, 1))
