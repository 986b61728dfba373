"""Names as they are compared: meanings, legal forms, numbers, parts."""

from __future__ import annotations

from entrepot.codes.rows import read_rows
from entrepot.screening.name_form import WORDS, name_form, variants


def test_words_of_one_meaning_are_one_in_any_language() -> None:
    russian, english = name_form("Ремонтный завод «Вектор»"), name_form("Vektor Repair Plant")
    assert set(russian.tokens) == set(english.tokens) == {"=repair", "=plant", "vektor"}


def test_a_legal_form_is_set_apart_even_with_a_slip_of_the_pen() -> None:
    assert name_form("Alpha Limited Liability Company").legal == {"llc"}
    slipped = name_form("Alpha Limited Liabillity Company")
    assert (slipped.legal, slipped.tokens) == ({"llc"}, ("alpha",))


def test_numbers_are_kept_with_ordinals_read() -> None:
    assert name_form("61st Repair Plant").numbers == {"61"}
    assert name_form("Завод № 061").numbers == {"61"}


def test_the_family_name_of_a_person_may_stand_first() -> None:
    assert name_form("SAMPLE, Ivan", is_person=True).letters == "ivansample"


def test_words_of_a_person_mean_nothing_but_the_person() -> None:
    assert name_form("Peter Bank", is_person=True).tokens == ("peter", "bank")
    assert name_form("Peter Bank").tokens == ("peter", "=bank")


def test_an_entry_holds_the_names_in_brackets_and_those_with_a_legal_form_of_their_own() -> None:
    assert variants("Завод «Заря» (АО «Заря»)") == ("Завод «Заря»", "АО «Заря»")
    assert variants("Sample Co., Ltd.") == ("Sample Co., Ltd.",)


def test_no_form_stands_for_two_concepts() -> None:
    seen: dict[str, str] = {}
    for row in read_rows("concepts.csv", ("concept", "forms", "source"), WORDS):
        for form in row["forms"].split():
            assert seen.setdefault(form, row["concept"]) == row["concept"], form
