"""Names of persons: spellings and scripts of one name, cases, genders, the list of persons."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from entrepot.codes.areas import areas
from entrepot.press.article import LANGUAGES, Language
from entrepot.press.language import LEXICON
from entrepot.press.names import (
    gender_of_first_name,
    gender_of_surname,
    latin,
    looks_like_surname,
    may_be_one_name,
    skeleton,
)
from entrepot.press.people import in_office, known_people, person_named, terms_of

NAMES = st.text(
    alphabet="abcdefghijklmnopqrstuvwxyzäöüßčšžабвгдежзиклмнопрстуфхцчшщюя'-", max_size=14
)
SPELLINGS = [
    (("Tokayev", "en"), ("Tokajew", "de"), ("Токаев", "ru")),
    (("Mirziyoyev", "en"), ("Mirsijojew", "de"), ("Мирзиёев", "ru")),
    (("Japarov", "en"), ("Schaparow", "de"), ("Жапаров", "ru")),
    (("Lukashenko", "en"), ("Lukaschenko", "de"), ("Лукашенко", "ru")),
    (("Mishustin", "en"), ("Mischustin", "de"), ("Мишустин", "ru")),
    (("Zakharova", "en"), ("Sacharowa", "de"), ("Захарова", "ru")),
    (("Scholz", "en"), ("Scholz", "de"), ("Шольц", "ru")),
    (("Vučić", "en"), ("Vucic", "de"), ("Вучич", "ru")),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0][0])
def test_one_name_has_one_skeleton_in_three_languages(spellings):
    assert len({skeleton(name, language) for name, language in spellings}) == 1


@pytest.mark.parametrize("name", ["Токаев", "Шольц", "Пашинян", "Рахмон", "Боррель", "Песков"])
@pytest.mark.parametrize("ending", ["", "а", "у", "ом", "е"])
def test_a_russian_case_ending_does_not_make_another_name(name, ending):
    stem = name.removesuffix("ь")
    assert may_be_one_name(name, stem + ending, "ru")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Japarov", "Kulubaev", "en"),
        ("Li", "Lao", "en"),
        ("Lawrow", "Litwinow", "de"),
        ("Путин", "Песков", "ru"),
    ],
)
def test_different_surnames_are_never_one_name(one, other, language):
    assert not may_be_one_name(one, other, language)


@given(NAMES, NAMES, st.sampled_from(LANGUAGES))
@example("щ", "čж", "en")
def test_being_one_name_is_mutual(one, other, language):
    assert may_be_one_name(one, other, language) == may_be_one_name(other, one, language)


@given(NAMES, st.sampled_from(LANGUAGES))
def test_capitals_do_not_change_a_skeleton(name, language):
    assert skeleton(name.capitalize(), language) == skeleton(name, language)


@given(NAMES)
def test_latin_letters_have_no_accents_and_stay_as_they_are(name):
    assert latin(latin(name)) == latin(name)


@pytest.mark.parametrize(
    ("name", "language", "gender"),
    [
        ("Annalena", "de", "f"),
        ("Ursula", "en", "f"),
        ("Урсулой", "ru", "f"),
        ("Бахтиёром", "ru", "m"),
        ("Сергея", "ru", "m"),
        ("Frank-Walter", "de", "m"),
        ("Handel", "de", ""),
    ],
)
def test_a_listed_first_name_tells_the_gender(name, language, gender):
    assert gender_of_first_name(name, language) == gender


def test_a_surname_tells_a_woman_and_never_a_man():
    assert [gender_of_surname(one) for one in ("Zakharova", "Сандовская", "Peskov")] == [
        "f",
        "f",
        "",
    ]


def test_german_nouns_do_not_look_like_surnames():
    words = ("Handel", "Wirtschaft", "Sanktionen", "Minister", "Zoll", "Ausfuhr")
    assert [word for word in words if looks_like_surname(word, "de")] == []


def test_a_first_name_that_differs_names_nobody_listed():
    assert person_named(("Ivan", "Putin"), "en", offices=["president"], areas=["RU"]) is None
    assert person_named(("Akylbek", "Japarov"), "en", offices=(), areas=()).id == "per:japarov_a"
    assert person_named(("Sadyr", "Japarov"), "en", offices=(), areas=()).id == "per:japarov"


def test_a_surname_alone_needs_an_office_and_a_country_that_agree():
    assert person_named(("Saidov",), "en", offices=["foreign_minister"], areas=["UZ"]) is not None
    assert person_named(("Saidov",), "en", offices=["foreign_minister"], areas=["TJ"]) is None
    assert person_named(("Saidov",), "en", offices=(), areas=()) is None


def test_a_chinese_surname_stands_first():
    assert person_named(("Wang", "Wenbin"), "en", offices=(), areas=()).id == "per:wang_wenbin"


@pytest.mark.parametrize(
    ("office", "area", "day", "who"),
    [
        ("chancellor", "DE", date(2021, 12, 7), "per:merkel"),
        ("chancellor", "DE", date(2021, 12, 9), "per:scholz"),
        ("prime_minister", "GB", date(2022, 10, 1), "per:truss"),
        ("prime_minister", "GB", date(2023, 10, 1), "per:sunak"),
        ("prime_minister", "KZ", date(2024, 3, 1), "per:bektenov"),
        ("foreign_minister", "UZ", date(2022, 6, 1), "per:norov"),
        ("president", "FI", date(2024, 6, 1), "per:stubb"),
    ],
)
def test_the_list_says_who_held_an_office_on_a_day(office, area, day, who):
    assert in_office([office], area, day, "en").id == who


def test_an_office_that_changed_hands_has_no_holder_without_a_day():
    assert in_office(["prime_minister"], "GB", None, "en") is None


def test_no_office_of_state_has_two_holders_on_a_day():
    held = [
        (term.office, term.area, term.first, term.last or date.max, person.id)
        for person in known_people("en")
        for term in person.terms
        if term.office in {"president", "prime_minister", "chancellor", "foreign_minister"}
    ]
    meet = [
        (one, other)
        for one in held
        for other in held
        if one[:2] == other[:2]
        and one[4] < other[4]
        and max(one[2], other[2]) < min(one[3], other[3])
    ]
    assert meet == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_listed_has_a_name_in_each_language(language: Language):
    assert {one.id for one in known_people(language)} == {one.id for one in known_people("en")}
    assert [one.id for one in known_people(language) if not all(one.names)] == []


def test_every_term_is_of_a_known_country_and_ends_after_it_begins():
    known = {area.alpha2 for area in areas()} | {"EU", "XK", ""}
    terms = [term for person in known_people("en") for term in terms_of(person.id)]
    assert [term for term in terms if term.area not in known] == []
    assert [term for term in terms if term.last is not None and term.last < term.first] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_listed_name_finds_its_own_person_or_nobody(language: Language):
    wrong = [
        (" ".join(name), found.id)
        for person in known_people(language)
        for name in person.names
        if (found := person_named(name, language, offices=(), areas=())) is not None
        and found.id != person.id
    ]
    assert wrong == []


def test_lexicons_stand_in_the_room_of_the_press():
    assert LEXICON == "press/lexicon"
