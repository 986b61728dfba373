"""How alike two names are: each part of the score by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.screening.name_form import name_form
from entrepot.screening.name_within import WITHIN
from entrepot.screening.score import Weights, name_score, sound_score, weights

EVEN = Weights({}, 1.0)  # every word weighs one
OTHERS = [f"Firma {number} Orel" for number in range(40)]


def score(one: str, other: str, *, is_person: bool = False) -> float:
    return name_score(name_form(one, is_person), name_form(other, is_person), EVEN).score


def test_the_share_of_words_that_agree_is_the_score() -> None:
    # Two of three words here and two of two there: 2 * 2 / 5.
    found = name_score(name_form("Tulamash Vektor Zenit"), name_form("Tulamash Vektor"), EVEN)
    assert found.parts is not None
    assert found.parts["words"] == pytest.approx(4 / 5)
    assert found.share == pytest.approx(2 / 3)


def test_rare_words_count_for_more_than_common_ones() -> None:
    names = [name_form(f"Vektor Sample{letter}") for letter in "bcdfghk"]
    known = weights(names)
    assert known.of("vektor") < known.of("samplec") < known.of("neverseen") + 1e-9


def test_names_with_different_numbers_are_held_down_and_say_so() -> None:
    found = name_score(
        name_form("61st Armored Repair Plant"), name_form("560 Armored Repair Plant"), EVEN
    )
    assert found.score <= 0.6
    same = name_score(name_form("61st Repair Plant"), name_form("Repair Plant 61"), EVEN)
    assert same.capped == ""


def test_one_slip_in_a_name_of_twelve_letters_costs_a_twelfth() -> None:
    found = name_score(name_form("Tulamashzovd"), name_form("Tulamashzavd"), EVEN)
    assert found.parts is not None
    assert found.parts["letters"] == pytest.approx(11 / 12)


def test_a_name_cut_at_35_letters_is_known_by_its_beginning() -> None:
    whole = "OBYEDINENNAYA SUDOSTROITELNAYA ZVEZDOCHKA KORPORATSIYA VOSTOK"
    cut = whole[:35]
    found = name_score(name_form(cut), name_form(whole), EVEN)
    assert found.parts is not None
    assert found.parts["beginning"] == 0.9
    shorter = name_score(name_form(whole[:20]), name_form(whole), EVEN)
    assert shorter.parts is not None
    assert "beginning" not in shorter.parts


def test_a_name_without_vowels_is_compared_by_its_consonants() -> None:
    found = name_score(
        name_form("عبد الرحمن التكريتي", True), name_form("Abdulrahman al-Tikriti", True), EVEN
    )
    assert found.is_across
    assert found.parts is not None
    assert found.parts["sound"] == 0.95
    assert sound_score("bdrmn", "bdrmn") == 0.0  # too few to say anything


def test_an_abbreviation_alone_is_no_match_of_a_longer_name() -> None:
    assert score("NPO Vektor", "NPO Zenit") < 0.7


def test_different_legal_forms_are_said() -> None:
    found = name_score(name_form("Azimut LLC"), name_form("Azimut JSC"), EVEN)
    assert found.capped == "legal forms differ"
    assert found.score == pytest.approx(0.97)


def test_a_patronymic_is_no_given_name() -> None:
    assert score("Aleksey Sorokin", "Vladimir Alekseevich Sorokin", is_person=True) < 0.7


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_score_is_between_nothing_and_one(one: str, other: str) -> None:
    assert 0.0 <= score(one, other) <= 1.0


@given(st.text(alphabet="abcdefghij ", min_size=4, max_size=40))
def test_a_name_is_itself(name: str) -> None:
    if name_form(name).letters:
        assert score(name, name) == 1.0


@pytest.mark.parametrize("name", ["Ostneft Oil Company", "АО «НК «Остнефть»", "Ostneft Kasachstan"])
def test_a_listed_name_beside_words_that_say_little_is_a_question(name):
    asked, listed = name_form(name), name_form("Ostneft")
    found = name_score(asked, listed, weights([listed, *map(name_form, OTHERS)]))
    assert 0.7 <= found.score < 0.85
    assert found.parts["within"] == WITHIN


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Ostneft Weberei Kolibri", "Ostneft"),  # words of another name
        ("Kazakhstan Trading", "Kazakhstan"),  # a country is no name of one body
        ("Bank Trading Company", "Trading Company"),  # nor are words of many names
        ("Orel Trading", "Orel"),  # nor a word of four letters
    ],
)
def test_a_name_of_its_own_beside_a_listed_one_is_no_question(name, listed):
    asked, other = name_form(name), name_form(listed)
    found = name_score(asked, other, weights([other, *map(name_form, OTHERS)]))
    assert "within" not in found.parts


def test_one_word_with_a_legal_form_of_another_law_is_no_match():
    asked, listed = name_form("Mikron GmbH"), name_form("Mikron JSC")
    found = name_score(asked, listed, weights([listed]))
    assert found.score == 0.84
    assert found.capped == "one word, and legal forms differ"
