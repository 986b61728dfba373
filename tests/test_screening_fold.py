"""Letters of names: look-alikes, hidden signs, other alphabets, sounds."""

from __future__ import annotations

import pytest

from entrepot.screening.fold import (
    acronyms_of,
    is_mixed,
    latin,
    readable,
    skeletons,
    sound_of,
    words_of,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SВЕRВАNК", "SBERBANK"),  # Cyrillic В, Е, А, К
        ("Al\u200bpha\u00ad Trade", "Alpha Trade"),
        ("ООО Вектор", "ООО Вектор"),  # one script stays as it is
        ("Ｓｔａｒ", "Star"),
    ],
)
def test_look_alike_letters_are_read_as_the_letters_around_them(written: str, read: str) -> None:
    assert readable(written) == read


def test_a_name_in_two_scripts_is_mixed_only_where_one_word_is() -> None:
    assert is_mixed("Аlpha")  # Cyrillic А
    assert is_mixed("Al\u200bpha")
    assert not is_mixed("ООО Альфа (Alpha LLC)")


def test_a_word_has_one_spelling_in_latin_letters() -> None:
    assert latin("щит") == "shchit"
    assert latin("Ölçek".casefold()) == "olcek"
    assert words_of("ЗАО «Заря-2»") == ("зао", "заря", "2")


def test_transliterations_of_one_word_share_their_consonants() -> None:
    assert skeletons("кузнецов") == skeletons("kusnezow")
    assert skeletons("tulskiy") != skeletons("kurskiy")


def test_the_article_of_an_arabic_name_may_be_written_together_or_apart() -> None:
    assert sound_of(("abd", "al", "rahman")) == sound_of(("abdulrahman",)) == "bdrmn"
    assert sound_of(("al", "tikriti")) == sound_of(("tikriti",))


def test_words_put_together_from_initials_are_known() -> None:
    assert "vniirt" in acronyms_of("Институт VNIIRT")
    assert "alpha" not in acronyms_of("ALPHA TRADE")
