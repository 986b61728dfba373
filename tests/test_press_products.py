"""Goods that sentences in three languages name, and the codes behind them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press_facts import facts, one_sentence

from entrepot.codes.high_priority import high_priority
from entrepot.codes.rows import read_rows
from entrepot.errors import CodeError
from entrepot.press.products import goods, prefixes, products

FACTS = facts("press_products.csv")
ROWS = read_rows(
    "products.csv", ("key", "prefixes", "code_list", "note", "source"), "press/lexicon"
)
WORDS = read_rows("product_words.csv", ("key", "language", "pattern", "source"), "press/lexicon")
# Words whose codes hang on something else than the word.
WITHOUT_CODES = {"total", "sanctioned", "unread_goods"}


@pytest.mark.parametrize(("language", "sentence", "expected"), FACTS)
def test_a_sentence_names_these_goods(language, sentence, expected):
    found = products(one_sentence(sentence, language))
    wanted = set(filter(None, expected.split(";")))
    assert {f"{product.span.of(sentence)}={product.key}" for product in found} == wanted


def test_the_table_of_goods_is_large():
    assert len(FACTS) >= 150


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_a_key_has_a_source_and_codes_of_the_harmonized_system(row):
    assert row["source"]
    codes = prefixes(row["key"])
    assert bool(codes) != (row["key"] in WITHOUT_CODES)
    assert all(re.fullmatch(r"\d\d|\d{4}|\d{6}", code) for code in codes)
    assert all(1 <= int(code[:2]) <= 97 and code[:2] != "77" for code in codes)


def test_every_key_has_words_in_every_language_and_every_word_a_key():
    said = {(row["key"], row["language"]) for row in WORDS}
    named = [row["key"] for row in ROWS if row["key"] != "unread_goods"]  # words of no list
    assert said == {(key, lang) for key in named for lang in ("en", "de", "ru")}


def test_dual_use_stands_for_the_list_of_fifty_codes_and_says_that_it_is_narrower():
    assert goods("dual_use").code_list == goods("high_priority").code_list == "chpl"
    assert goods("dual_use").note.startswith("narrower")
    assert goods("high_priority").note == ""
    assert set(prefixes("dual_use")) == {code.commodity for code in high_priority()}


def test_a_chip_is_narrower_than_electronics_and_oil_is_not_its_products():
    assert prefixes("microelectronics") == ("8541", "8542")
    assert all(code.startswith(prefixes("electronics")) for code in prefixes("microelectronics"))
    assert not set(prefixes("crude_oil")) & set(prefixes("oil_products"))


def test_a_key_that_is_not_in_the_lexicon_is_refused():
    with pytest.raises(CodeError, match="no product 'unicorns'"):
        prefixes("unicorns")


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru"]))
def test_any_text_is_read_and_no_two_goods_overlap(text, language):
    found = products(one_sentence(text, language))
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start
