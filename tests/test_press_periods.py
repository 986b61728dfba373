"""Periods of sentences in three languages, put on the calendar by hand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press_facts import facts, one_sentence

from entrepot.press.article import Metadata
from entrepot.press.page import read_page
from entrepot.press.periods import baselines, periods

FACTS = facts("press_periods.csv")
EDTF = r"(?:\.\.|[\dX]{4}(?:-[\dX]{2}){0,2})(?:/(?:\.\.|[\dX]{4}(?:-[\dX]{2}){0,2}))?"


def read(text: str, date: str | None, language: str = "en") -> list[tuple[str, str]]:
    found = periods(one_sentence(text, language), Metadata(date=date))
    return [(period.span.of(text), period.interval) for period in found]


@pytest.mark.parametrize(("language", "date", "sentence", "expected"), FACTS)
def test_a_sentence_names_these_periods(language, date, sentence, expected):
    found = [f"{words}={interval}" for words, interval in read(sentence, date or None, language)]
    assert ";".join(found) == expected


def test_the_table_of_periods_is_large():
    assert len(FACTS) >= 150


def test_every_interval_is_edtf():
    for language, date, sentence, _ in FACTS:
        for _, interval in read(sentence, date or None, language):
            assert re.fullmatch(EDTF, interval), interval


def test_without_the_day_of_the_article_no_year_is_guessed():
    assert read("Imports rose last year, in May and in the first half.", None) == [
        ("last year", "XXXX"),
        ("in May", "XXXX-05"),
        ("in the first half", "XXXX-01/XXXX-06"),
    ]


def test_a_month_just_ahead_is_as_well_the_one_to_come():
    assert read("He spoke in November.", "2023-10-23") == [("in November", "XXXX-11")]
    assert read("He spoke in November.", "2023-03-23") == [("in November", "2022-11")]
    assert read("He spoke in October.", "2023-10-23") == [("in October", "2023-10")]


def test_a_comparison_is_the_period_before_it_one_year_earlier():
    text = "In January-August 2023 imports rose; a year earlier they fell."
    page = one_sentence(text, "en")
    assert [b.interval for b in baselines(page, Metadata())] == ["2022-01/2022-08"]
    assert set(baselines(page, Metadata())) < set(periods(page, Metadata()))


def test_a_comparison_reaches_back_over_the_end_of_a_sentence():
    text = "Imports rose in the first half of 2023. They had been small a year earlier."
    page, _ = read_page(text)
    assert [b.interval for b in baselines(page, Metadata())] == ["2022-01/2022-06"]


def test_what_still_goes_on_ends_with_the_month_of_the_article():
    text = "It has grown since the start of the invasion."
    assert read(text, "2023-06-20")[0][1] == "2022-02-24/2023-06"
    assert read(text, "XXXX-06-20")[0][1] == "2022-02-24/.."


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru"]))
def test_any_text_is_read(text, language):
    for words, _ in read(text, "2023-06-20", language):
        assert words


@given(st.lists(st.sampled_from([f[2] for f in FACTS]), min_size=1, max_size=6))
def test_line_ends_of_either_kind_give_the_same_periods(sentences):
    unix, dos = read_page("\n".join(sentences))[0], read_page("\r\n".join(sentences))[0]
    assert periods(unix, Metadata()) == periods(dos, Metadata())
