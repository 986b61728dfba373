"""Whose words they are where a country, a body, a colon or a question stands in between."""

from __future__ import annotations

import pytest

from entrepot.press.mentions import mentions
from entrepot.press.page import read_page
from entrepot.press.statements import statements
from entrepot.press.told import Metadata


def said(text: str) -> list[tuple[str, str]]:
    """Speaker and content of every statement of a text."""
    page, quoted = read_page(text)
    entities, named = mentions(page)
    found, _ = statements(page, quoted, entities, named, Metadata())
    return [("+".join(one.speaker), one.span.of(page.text)) for one in found]


def test_what_a_country_opposes_is_told_by_the_person_who_says_so():
    text = "Foreign Minister Carl Andersen spoke. Norway opposes the measures, he said last week."
    assert said(text) == [("per:andersen", "Norway opposes the measures")]


def test_a_reply_to_a_question_does_not_hold_the_question():
    text = "Asked about it, Minister Carl Andersen replied that trade was continuing."
    assert said(text) == [("per:andersen", "trade was continuing")]


def test_a_report_by_an_institute_is_the_word_of_the_institute_and_not_of_its_seat():
    text = "A report by the Kiev-based Institute for Trade Studies, seen by Reuters, showed that "
    assert said(text + "exports tripled in 2022.") == [
        ("org:institute_for_trade_studies", "exports tripled in 2022")
    ]


def test_reported_speech_begins_behind_the_colon_of_the_writer():
    text = "Das Statistische Bundesamt gab Zahlen heraus. Besonders Autos legten zu: Deren Wert "
    (found,) = said(text + "habe sich verdoppelt, teilte die Behörde mit.")
    assert found == ("org:destatis", "Deren Wert habe sich verdoppelt")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Die FDP lehnt die Sanktionen ab.", "org:fdp"),
        ("В Минэнерго, в свою очередь, предупреждают, что импорт растет.", "org:energy_ministry"),
        ("Рост составил 5%, сообщили в аналитическом агентстве «Ромашка».", "org:romashka"),
        ("По данным «Ромашки», в республику ввезено 38 тыс. машин.", "np:romashki"),
        ("Die Exporte seien gefallen, berichtet die Zeitung »Danas«.", "org:danas"),
    ],
)
def test_a_body_speaks_by_whatever_name_it_has(text: str, speaker: str):
    assert [who for who, _ in said(text)] == [speaker]
